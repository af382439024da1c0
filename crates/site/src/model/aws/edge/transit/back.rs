//! Answers that find no way back through a transit gateway.
//!
//! What one network sends to another is looked up in the table of the first, the answer in that of the second. Where that
//! one has no route back, or a blackhole, a connection of TCP does not come about. Only what goes from one network to the
//! other at once is looked at: what stands on the way, as a firewall or a NAT gateway, may answer for others.

use super::{Announces, Transit};
use crate::model::aws::cloud::{Cloud, VpcId};
use crate::model::aws::edge::part;
use crate::network::{Edge, Match, Next, NodeId, Route, Rule};
use crate::packet::Addresses;

impl<'a> Transit<'a> {
    /// Has the way into the gateway refuse what would not be answered.
    pub(super) fn refuse_unanswered(&self, cloud: &mut Cloud<'a, '_>) {
        for at in 0..self.attachments.len() {
            let Some((vpc, table)) = self.known(cloud, at) else { continue };
            let refused: Vec<(Addresses, Addresses)> = (0..self.attachments.len())
                .filter_map(|other| self.unanswered(cloud, (at, vpc, table), other))
                .collect();
            if refused.is_empty() {
                continue;
            }
            let Some(attachment) = self.attachments.get(at) else { continue };
            let Some(hub) = self.hubs.get(attachment.hub) else { continue };
            let Some(edge) = cloud.gateway(&hub.name, vpc).filter(|edge| edge.to == attachment.entry) else {
                continue;
            };
            let draft = &mut cloud.sketch.draft;
            let gate = draft.stateless_filter(part(attachment.resource, "what is answered"));
            draft.rule(gate, Rule::allow(hub.name.clone(), Match::all()));
            for (from, to) in refused {
                let name = format!("{} (no route back)", hub.name);
                draft.answer_rule(gate, Rule::deny(name, Match::all().from(from).to(to)));
            }
            draft.answer_rule(gate, Rule::allow(hub.name.clone(), Match::all()));
            draft.connect(gate, attachment.entry);
            cloud.leads_to(&hub.name, Some(vpc), Edge { to: gate, ..edge });
        }
    }

    /// The network of an attachment and the table that it is looked up in, where both are certain and the table holds no
    /// more than what is drawn. An attachment without a table has none.
    fn known(&self, cloud: &Cloud<'a, '_>, at: usize) -> Option<(VpcId, Option<NodeId>)> {
        let attachment = self.attachments.get(at)?;
        let foreign = self.hubs.get(attachment.hub)?.foreign;
        let Announces::Network(vpc) = attachment.announces else { return None };
        if attachment.doubt.or(foreign).is_some() || !cloud.vpc(vpc).range.vague.is_empty() {
            return None;
        }
        let mut tables = Vec::new();
        for route in cloud.sketch.draft.routes(attachment.entry) {
            match route.next {
                Next::Node(table) if route.maybe.is_none() => tables.push(table),
                _ => return None,
            }
        }
        tables.sort_unstable();
        tables.dedup();
        match tables.as_slice() {
            [] => Some((vpc, None)),
            [table] if !self.learning.contains(table) => Some((vpc, Some(*table))),
            _ => None,
        }
    }

    /// The addresses of the other network that are reached at once, and those of the own one to which they cannot answer.
    fn unanswered(
        &self,
        cloud: &Cloud<'a, '_>,
        (at, vpc, table): (usize, VpcId, Option<NodeId>),
        other: usize,
    ) -> Option<(Addresses, Addresses)> {
        let is_beside = self.attachments.get(at)?.hub == self.attachments.get(other)?.hub;
        let (far, back) = self.known(cloud, other).filter(|_| at != other && is_beside)?;
        let out = self.attachments.get(other)?.out;
        let draft = &cloud.sketch.draft;
        let there = taken(draft.routes(table?), Addresses::none(), |next| *next == Next::Node(out));
        let back = back.map_or(&[][..], |table| draft.routes(table));
        let lost = taken(back, Addresses::all(), |next| *next == Next::Blackhole);
        let from = there.intersect(&cloud.vpc(far).range.addresses());
        let to = lost.intersect(&cloud.vpc(vpc).range.addresses());
        (!from.is_empty() && !to.is_empty()).then_some((from, to))
    }
}

/// The addresses of which the longest prefix certainly leads so; `rest` are those that no route takes.
fn taken(routes: &[Route], rest: Addresses, leads: impl Fn(&Next) -> bool) -> Addresses {
    let is_so = |route: &Route| route.maybe.is_none() && leads(&route.next);
    let mut sorted: Vec<&Route> = routes.iter().collect();
    sorted.sort_by_key(|route| (route.prefix.prefix_len(), !is_so(route)));
    sorted.into_iter().fold(rest, |all, route| {
        let own = Addresses::from(route.prefix);
        if is_so(route) { all.with(&own) } else { all.without(&own) }
    })
}
