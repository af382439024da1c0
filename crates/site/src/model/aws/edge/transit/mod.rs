//! Transit gateways: attachments, the route tables that they are associated with, and what is propagated into these.
//!
//! What comes in by an attachment is looked up in the one table that it is associated with; without one it is dropped. A
//! table holds its static routes and what attachments propagate into it: a network its ranges, a VPN connection or a line
//! what is announced over it. A static route is preferred. Of a gateway that the plans do not manage neither tables nor other
//! attachments are known: all that is joined to it may reach each other.

mod attach;
mod back;
mod routes;

use super::dx::Line;
use super::field::Field;
use super::{fan, hand_over, part, send_all, stands_for, title, unknown};
use crate::model::aws::book::Found;
use crate::model::aws::cloud::{Cloud, VpcId};
use crate::model::aws::name_of;
use crate::model::sketch::Learner;
use crate::network::{Edge, Next, NodeId, Reason, ReasonId};
use crate::resource::Resource;
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};

const GATEWAYS: &[&str] = &["aws_ec2_transit_gateway", "data.aws_ec2_transit_gateway"];
const TABLES: &[&str] = &[
    "aws_ec2_transit_gateway_route_table",
    "data.aws_ec2_transit_gateway_route_table",
    "aws_ec2_transit_gateway",
    "data.aws_ec2_transit_gateway",
];
const NETWORKS: &[&str] =
    &["aws_ec2_transit_gateway_vpc_attachment", "data.aws_ec2_transit_gateway_vpc_attachment"];
const ACCEPTERS: &[&str] = &["aws_ec2_transit_gateway_vpc_attachment_accepter"];
const PEERINGS: &[&str] = &["aws_ec2_transit_gateway_peering_attachment"];
const PEER_ACCEPTERS: &[&str] = &["aws_ec2_transit_gateway_peering_attachment_accepter"];
/// All that can be named as an attachment.
const ATTACHMENTS: &[&str] = &[
    "aws_ec2_transit_gateway_vpc_attachment",
    "data.aws_ec2_transit_gateway_vpc_attachment",
    "aws_ec2_transit_gateway_vpc_attachment_accepter",
    "aws_ec2_transit_gateway_peering_attachment",
    "aws_ec2_transit_gateway_peering_attachment_accepter",
    "data.aws_ec2_transit_gateway_peering_attachment",
    "aws_ec2_transit_gateway_connect",
    "aws_vpn_connection",
    "data.aws_ec2_transit_gateway_vpn_attachment",
    "data.aws_ec2_transit_gateway_dx_gateway_attachment",
    "aws_dx_gateway_association",
];

/// A transit gateway.
struct Hub {
    name: String,
    /// The table of attachments that name none, and the table that they propagate into.
    default: [Option<NodeId>; 2],
    /// Why nothing is known of its tables.
    foreign: Option<ReasonId>,
}

/// An attachment at one gateway.
struct Attachment<'a> {
    resource: &'a Resource,
    /// By which other names it is meant.
    names: Vec<String>,
    hub: usize,
    /// Takes what comes in by it.
    entry: NodeId,
    /// Takes what goes out by it.
    out: NodeId,
    announces: Announces,
    /// Whether it uses the default tables.
    defaults: [Option<bool>; 2],
    /// Why nobody knows whether it is there.
    doubt: Option<ReasonId>,
}

/// What an attachment propagates.
enum Announces {
    Network(VpcId),
    Learned,
    Nothing,
}

/// All gateways with what is attached.
#[derive(Default)]
struct Transit<'a> {
    hubs: Vec<Hub>,
    by_name: BTreeMap<String, usize>,
    tables: BTreeMap<String, (usize, NodeId)>,
    attachments: Vec<Attachment<'a>>,
    /// Static routes: these are preferred to what is propagated.
    fixed: BTreeSet<(NodeId, IpNet)>,
    /// Tables into which lines and tunnels propagate what is announced over them.
    learning: BTreeSet<NodeId>,
}

/// Draws the transit gateways.
pub(super) fn draw(cloud: &mut Cloud<'_, '_>, lines: &BTreeMap<String, Line>) {
    let mut transit = Transit::default();
    let book = cloud.book;
    for resource in book.kinds(GATEWAYS) {
        transit.hub(cloud, resource);
    }
    for resource in book.kinds(TABLES).filter(|one| one.kind.ends_with("route_table")) {
        transit.table(cloud, resource);
    }
    transit.set_defaults(cloud);
    transit.attach(cloud, lines);
    let associated = transit.associate(cloud);
    transit.routes(cloud);
    transit.propagate(cloud);
    transit.use_defaults(cloud, &associated);
    transit.refuse_unanswered(cloud);
    transit.join_gateways(cloud);
}

impl<'a> Transit<'a> {
    fn hub(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
        let name = name_of(resource);
        let foreign = resource.is_data().then(|| unknown(cloud, resource, "route tables"));
        let mut default = [None, None];
        let flags = ["default_route_table_association", "default_route_table_propagation"];
        let on = flags.map(|flag| {
            let field = Field::of(resource, flag);
            field.is_unknown() || field.flag() != Some(false)
        });
        if foreign.is_some() || on.contains(&true) {
            let table = cloud.sketch.draft.router(part(resource, "default route table"));
            self.tables.insert(name.clone(), (self.hubs.len(), table));
            default = on.map(|on| (on || foreign.is_some()).then_some(table));
        }
        self.by_name.insert(name.clone(), self.hubs.len());
        self.hubs.push(Hub { name, default, foreign });
    }

    /// The gateway that an attribute names; one of which nothing is known where the plans do not have it.
    fn hub_named(
        &mut self,
        cloud: &mut Cloud<'a, '_>,
        resource: &'a Resource,
        path: &str,
    ) -> (usize, Option<ReasonId>) {
        let found = cloud.book.named(resource, path, GATEWAYS);
        let doubt = found.open.clone().map(|reason| cloud.reason(reason));
        if let Some(hub) = found.these.first().and_then(|one| self.by_name.get(&name_of(one))) {
            return (*hub, doubt);
        }
        let id = found.elsewhere.first().cloned();
        let name = id.unwrap_or_else(|| format!("{} {path}", name_of(resource)));
        if let Some(hub) = self.by_name.get(&name) {
            return (*hub, doubt);
        }
        let reason = cloud.reason(Reason::attribute(name.clone(), "route tables"));
        let title = crate::network::Title::new(format!("{name} (default route table)")).at(name_of(resource));
        let table = cloud.sketch.draft.router(title);
        let at = self.hubs.len();
        self.by_name.insert(name.clone(), at);
        self.hubs.push(Hub { name, default: [Some(table); 2], foreign: Some(reason) });
        (at, doubt)
    }

    fn table(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
        let (hub, _) = self.hub_named(cloud, resource, "transit_gateway_id");
        let router = cloud.sketch.draft.router(title(resource));
        stands_for(cloud, router, resource);
        if resource.is_data() {
            let reason = unknown(cloud, resource, "routes");
            send_all(cloud, router, &Next::Undecided(reason, Vec::new()), Some(reason));
        }
        self.tables.insert(name_of(resource), (hub, router));
    }

    /// Tables that are made the default ones by resources of their own.
    fn set_defaults(&mut self, cloud: &mut Cloud<'a, '_>) {
        let kinds = [
            "aws_ec2_transit_gateway_default_route_table_association",
            "aws_ec2_transit_gateway_default_route_table_propagation",
        ];
        for (at, kind) in kinds.into_iter().enumerate() {
            let book = cloud.book;
            for resource in book.kind(kind) {
                let (hub, _) = self.hub_named(cloud, resource, "transit_gateway_id");
                let (tables, _) = self.tables_named(cloud, resource);
                let Some(hub) = self.hubs.get_mut(hub) else { continue };
                if let (Some(slot), [table]) = (hub.default.get_mut(at), tables.as_slice()) {
                    *slot = Some(*table);
                }
            }
        }
    }

    /// The tables that a resource names, and why it may be others.
    fn tables_named(
        &self,
        cloud: &mut Cloud<'a, '_>,
        resource: &'a Resource,
    ) -> (Vec<NodeId>, Option<ReasonId>) {
        let path = "transit_gateway_route_table_id";
        let found = cloud.book.named(resource, path, TABLES);
        let tables: Vec<NodeId> =
            found.these.iter().filter_map(|one| Some(self.tables.get(&name_of(one))?.1)).collect();
        let doubt = open(cloud, resource, path, &found);
        (tables, doubt)
    }

    /// Attachments that name no table use the default ones, where gateway and attachment let them.
    fn use_defaults(&mut self, cloud: &mut Cloud<'a, '_>, associated: &[usize]) {
        for at in 0..self.attachments.len() {
            let Some(attachment) = self.attachments.get(at) else { continue };
            let Some(hub) = self.hubs.get(attachment.hub) else { continue };
            let (entry, defaults, [association, propagation]) =
                (attachment.entry, attachment.defaults, hub.default);
            let (foreign, resource) = (hub.foreign, attachment.resource);
            let doubts = ["association", "propagation"].map(|what| {
                let name = format!("transit_gateway_default_route_table_{what}");
                unknown(cloud, resource, &name)
            });
            let is_off = |at: usize| defaults.get(at) == Some(&Some(false));
            let maybe = |at: usize| match defaults.get(at) {
                Some(None) => doubts.get(at).copied(),
                _ => foreign,
            };
            if let (Some(table), false) = (association, associated.contains(&at) || is_off(0)) {
                send_all(cloud, entry, &Next::Node(table), maybe(0));
            }
            if let (Some(table), false) = (propagation, is_off(1)) {
                self.announce(cloud, at, table, maybe(1));
            }
        }
    }

    /// Somebody may name a gateway itself as the end of a line; of a gateway that the plans do not manage nobody knows what
    /// else is attached.
    fn join_gateways(&mut self, cloud: &mut Cloud<'a, '_>) {
        let book = cloud.book;
        for resource in book.kinds(GATEWAYS) {
            let Some(at) = self.by_name.get(&name_of(resource)).copied() else { continue };
            let foreign = self.hubs.get(at).and_then(|hub| hub.foreign);
            let tables: Vec<NodeId> =
                self.tables.values().filter(|(hub, _)| *hub == at).map(|(_, table)| *table).collect();
            let default = self.hubs.get(at).and_then(|hub| hub.default[0]);
            let out = cloud.sketch.draft.router(part(resource, "out"));
            let edges = if let Some(table) = default {
                vec![Edge { to: table, maybe: foreign }]
            } else {
                let reason = unknown(cloud, resource, "transit_gateway_route_table_id");
                tables.iter().map(|table| Edge::maybe(*table, reason)).collect()
            };
            let into = fan(cloud, title(resource), &edges);
            stands_for(cloud, into, resource);
            hand_over(cloud, resource, Some(out), into, foreign.is_none());
            let name = name_of(resource);
            for table in tables {
                let learner = Learner {
                    from: out,
                    table,
                    next: out,
                    name: name.clone(),
                    maybe: if default == Some(table) {
                        foreign
                    } else {
                        edges.first().and_then(|edge| edge.maybe)
                    },
                    answers: Vec::new(),
                };
                cloud.sketch.learn(learner);
            }
        }
    }
}

/// Why an attribute may mean others than those found.
fn open(cloud: &mut Cloud<'_, '_>, resource: &Resource, path: &str, found: &Found<'_>) -> Option<ReasonId> {
    let elsewhere = || Reason::attribute(name_of(resource), path);
    let lost = (!found.elsewhere.is_empty()).then(elsewhere);
    found.open.clone().or(lost).map(|reason| cloud.reason(reason))
}
