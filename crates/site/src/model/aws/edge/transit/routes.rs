//! The tables of transit gateways: who is looked up in them, and what they hold.

use super::{Announces, Transit, open};
use crate::model::aws::addresses::net;
use crate::model::aws::cloud::Cloud;
use crate::model::aws::edge::field::Field;
use crate::model::aws::edge::{everywhere, send_all, unknown, vpn};
use crate::model::aws::{name_of, prefixes};
use crate::model::sketch::Learner;
use crate::network::{Next, NodeId, ReasonId, Route};
use crate::resource::Resource;
use ipnet::IpNet;

impl<'a> Transit<'a> {
    /// Associations that stand in the plans; the attachments that have one.
    pub(super) fn associate(&mut self, cloud: &mut Cloud<'a, '_>) -> Vec<usize> {
        let mut associated = Vec::new();
        let book = cloud.book;
        for resource in book.kind("aws_ec2_transit_gateway_route_table_association") {
            let (attachments, unsure) = self.attachments_named(cloud, resource);
            let (tables, doubt) = self.tables_named(cloud, resource);
            for at in self.at_hub_of(&attachments, &tables) {
                let Some(entry) = self.attachments.get(at).map(|attachment| attachment.entry) else {
                    continue;
                };
                let next = match (tables.as_slice(), unsure.or(doubt)) {
                    ([table], None) => Next::Node(*table),
                    ([], None) => continue,
                    (tables, reason) => {
                        let reason = reason
                            .unwrap_or_else(|| unknown(cloud, resource, "transit_gateway_route_table_id"));
                        Next::Undecided(reason, tables.to_vec())
                    }
                };
                send_all(cloud, entry, &next, None);
                associated.push(at);
            }
        }
        associated
    }

    /// Of attachments that are meant by the same name (both sides of a peering), those at the gateway of the tables.
    fn at_hub_of(&self, attachments: &[usize], tables: &[NodeId]) -> Vec<usize> {
        let hubs: Vec<usize> =
            self.tables.values().filter(|(_, table)| tables.contains(table)).map(|(hub, _)| *hub).collect();
        let fits = |at: &usize| {
            hubs.is_empty()
                || self.attachments.get(*at).is_some_and(|attachment| hubs.contains(&attachment.hub))
        };
        attachments.iter().copied().filter(fits).collect()
    }

    pub(super) fn propagate(&mut self, cloud: &mut Cloud<'a, '_>) {
        let book = cloud.book;
        for resource in book.kind("aws_ec2_transit_gateway_route_table_propagation") {
            let (attachments, unsure) = self.attachments_named(cloud, resource);
            let (tables, doubt) = self.tables_named(cloud, resource);
            for at in attachments {
                for table in &tables {
                    self.announce(cloud, at, *table, unsure.or(doubt));
                }
            }
        }
    }

    /// Gives a table what an attachment propagates.
    pub(super) fn announce(
        &mut self,
        cloud: &mut Cloud<'a, '_>,
        at: usize,
        table: NodeId,
        maybe: Option<ReasonId>,
    ) {
        let Some(attachment) = self.attachments.get(at) else { return };
        let (name, out) = (name_of(attachment.resource), attachment.out);
        let maybe = maybe.or(attachment.doubt);
        match attachment.announces {
            Announces::Nothing => {}
            Announces::Network(vpc) => {
                let ranges = vpn::ranges(cloud, vpc, maybe);
                for (range, vague) in
                    ranges.into_iter().filter(|(range, _)| !self.fixed.contains(&(table, *range)))
                {
                    let route =
                        Route { maybe: vague, ..Route::to(range, out).named(format!("{name} {range}")) };
                    if !cloud.sketch.draft.routes(table).contains(&route) {
                        cloud.sketch.draft.route(table, route);
                    }
                }
            }
            Announces::Learned => {
                let answers = Vec::new();
                self.learning.insert(table);
                cloud.sketch.learn(Learner { from: out, table, next: out, name, maybe, answers });
            }
        }
    }

    /// Static routes, and routes to what prefix lists hold.
    pub(super) fn routes(&mut self, cloud: &mut Cloud<'a, '_>) {
        let book = cloud.book;
        for resource in book.kind("aws_ec2_transit_gateway_route") {
            let field = Field::of(resource, "destination_cidr_block");
            let (prefixes, vague) = match field.text().and_then(net) {
                Some(prefix) => (vec![prefix], None),
                None => (everywhere().to_vec(), Some(unknown(cloud, resource, "destination_cidr_block"))),
            };
            self.fix(cloud, resource, &prefixes, vague);
        }
        for resource in book.kind("aws_ec2_transit_gateway_prefix_list_reference") {
            let (prefixes, vague) = prefix_list(cloud, resource);
            self.fix(cloud, resource, &prefixes, vague);
        }
    }

    fn fix(
        &mut self,
        cloud: &mut Cloud<'a, '_>,
        resource: &'a Resource,
        prefixes: &[IpNet],
        vague: Option<ReasonId>,
    ) {
        let (tables, doubt) = self.tables_named(cloud, resource);
        let blackhole = Field::of(resource, "blackhole");
        let (attachments, unsure) = self.attachments_named(cloud, resource);
        let unsure = unsure.or_else(|| blackhole.is_unknown().then(|| unknown(cloud, resource, "blackhole")));
        let outs: Vec<NodeId> = self
            .at_hub_of(&attachments, &tables)
            .iter()
            .filter_map(|at| Some(self.attachments.get(*at)?.out))
            .collect();
        let next = match (blackhole.flag(), outs.as_slice(), unsure) {
            (Some(true), ..) => Next::Blackhole,
            (_, [out], None) => Next::Node(*out),
            (_, outs, unsure) => {
                let reason =
                    unsure.unwrap_or_else(|| unknown(cloud, resource, "transit_gateway_attachment_id"));
                Next::Undecided(reason, outs.to_vec())
            }
        };
        for table in tables {
            for prefix in prefixes {
                if vague.or(doubt).is_none() {
                    self.fixed.insert((table, *prefix));
                }
                let route =
                    Route::new(*prefix, next.clone()).named(format!("{} {prefix}", name_of(resource)));
                cloud.sketch.draft.route(table, Route { maybe: vague.or(doubt), ..route });
            }
        }
    }
}

/// What the prefix list holds that a resource names; all addresses where that is not known.
fn prefix_list<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource) -> (Vec<IpNet>, Option<ReasonId>) {
    let found = cloud.book.named(resource, "prefix_list_id", prefixes::LISTS);
    let mut vague = open(cloud, resource, "prefix_list_id", &found);
    if found.these.is_empty() && vague.is_none() {
        vague = Some(unknown(cloud, resource, "prefix_list_id"));
    }
    let mut nets = Vec::new();
    for list in &found.these {
        let range = prefixes::of(cloud, list);
        vague = vague.or_else(|| range.vague.first().map(|(_, reason)| *reason));
        nets.extend(range.nets);
    }
    if vague.is_some() {
        nets = everywhere().to_vec();
    }
    (nets, vague)
}
