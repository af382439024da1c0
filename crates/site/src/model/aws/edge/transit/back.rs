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
use std::collections::{BTreeMap, BTreeSet};

/// The network of an attachment and the table that it is looked up in.
type Ends = (VpcId, Option<NodeId>);

impl<'a> Transit<'a> {
    /// Has the way into the gateway refuse what would not be answered.
    pub(super) fn refuse_unanswered(&self, cloud: &mut Cloud<'a, '_>) {
        let known: Vec<Option<Ends>> = (0..self.attachments.len()).map(|at| self.known(cloud, at)).collect();
        let known = |at: usize| known.get(at).copied().flatten();
        let mut by_out: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
        for (at, attachment) in self.attachments.iter().enumerate() {
            by_out.entry(attachment.out).or_default().push(at);
        }
        for (at, attachment) in self.attachments.iter().enumerate() {
            let Some(near @ (vpc, table)) = known(at) else { continue };
            let others = Self::led_to(cloud, table, &by_out);
            let refused = others.into_iter().filter_map(|other| {
                let far = known(other).filter(|_| at != other)?;
                self.unanswered(cloud, (at, near), (other, far))
            });
            let refused: Vec<(Addresses, Addresses)> = refused.collect();
            if refused.is_empty() {
                continue;
            }
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

    /// The attachments to which a table leads: to others nothing is sent at all.
    fn led_to(
        cloud: &Cloud<'a, '_>,
        table: Option<NodeId>,
        by_out: &BTreeMap<NodeId, Vec<usize>>,
    ) -> BTreeSet<usize> {
        let routes = table.map_or(&[][..], |table| cloud.sketch.draft.routes(table));
        let next = routes.iter().filter_map(|route| match route.next {
            Next::Node(next) => by_out.get(&next),
            _ => None,
        });
        next.flatten().copied().collect()
    }

    /// The network of an attachment and the table that it is looked up in, where both are certain and the table holds no
    /// more than what is drawn. An attachment without a table has none.
    fn known(&self, cloud: &Cloud<'a, '_>, at: usize) -> Option<Ends> {
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
        (at, (vpc, table)): (usize, Ends),
        (other, (far, back)): (usize, Ends),
    ) -> Option<(Addresses, Addresses)> {
        if self.attachments.get(at)?.hub != self.attachments.get(other)?.hub {
            return None;
        }
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
