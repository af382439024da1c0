//! Transit gateways: attachments, the route tables that they are associated with, and what is propagated into these.
//!
//! What comes in by an attachment is looked up in the one table that it is associated with; without one it is dropped. A
//! table holds its static routes and what attachments propagate into it: a network its ranges, a VPN connection or a line
//! what is announced over it. A static route is preferred. Of a gateway that the plans do not manage neither tables nor other
//! attachments are known: all that is joined to it may reach each other.

use super::dx::{self, Line};
use super::field::Field;
use super::{everywhere, fan, hand_over, part, send_all, stands_for, title, unknown, vpn};
use crate::model::aws::addresses::net;
use crate::model::aws::book::Found;
use crate::model::aws::cloud::{Cloud, VpcId};
use crate::model::aws::{name_of, prefixes};
use crate::model::sketch::Learner;
use crate::network::{Edge, Next, NodeId, Reason, ReasonId, Route};
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
const NETWORKS: &[&str] = &["aws_ec2_transit_gateway_vpc_attachment", "data.aws_ec2_transit_gateway_vpc_attachment"];
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
    fn hub_named(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource, path: &str) -> (usize, Option<ReasonId>) {
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
    fn tables_named(&self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) -> (Vec<NodeId>, Option<ReasonId>) {
        let path = "transit_gateway_route_table_id";
        let found = cloud.book.named(resource, path, TABLES);
        let tables: Vec<NodeId> =
            found.these.iter().filter_map(|one| Some(self.tables.get(&name_of(one))?.1)).collect();
        let doubt = open(cloud, resource, path, &found);
        (tables, doubt)
    }

    fn attach(&mut self, cloud: &mut Cloud<'a, '_>, lines: &BTreeMap<String, Line>) {
        let book = cloud.book;
        for resource in book.kinds(NETWORKS) {
            self.network(cloud, resource, resource);
        }
        for resource in book.kinds(ACCEPTERS) {
            self.accepter(cloud, resource);
        }
        for resource in book.kind("aws_vpn_connection") {
            if !book.named(resource, "transit_gateway_id", GATEWAYS).is_unset() {
                self.tunnel(cloud, resource);
            }
        }
        let mut associations = dx::associations(cloud, GATEWAYS, lines);
        for resource in book.kinds(GATEWAYS) {
            let own = associations.remove(&name_of(resource)).unwrap_or_default();
            self.lines(cloud, resource, own);
        }
        for resource in book.kinds(PEERINGS) {
            self.peering(cloud, resource);
        }
        for resource in book.kinds(PEER_ACCEPTERS) {
            if book.named(resource, "transit_gateway_attachment_id", PEERINGS).these.is_empty() {
                self.beyond(cloud, resource, Announces::Nothing);
            }
        }
        for resource in book.kind("aws_ec2_transit_gateway_connect") {
            self.beyond(cloud, resource, Announces::Learned);
        }
    }

    fn add(&mut self, resource: &'a Resource, hub: usize, ends: [NodeId; 2], announces: Announces, doubt: Option<ReasonId>) {
        let [entry, out] = ends;
        let flag = |name: &str| {
            let field = Field::of(resource, name);
            if field.is_unknown() { None } else { Some(field.flag().unwrap_or(true)) }
        };
        let defaults = [
            flag("transit_gateway_default_route_table_association"),
            flag("transit_gateway_default_route_table_propagation"),
        ];
        let names = vec![name_of(resource)];
        self.attachments.push(Attachment { resource, names, hub, entry, out, announces, defaults, doubt });
    }

    /// A network: what goes out by the attachment comes into the network through the subnets of the attachment.
    fn network(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource, named: &'a Resource) {
        let (hub, doubt) = self.hub_named(cloud, resource, "transit_gateway_id");
        let (vpc, unsure) = cloud.vpc_named(resource, "vpc_id");
        let Some(name) = self.hubs.get(hub).map(|hub| hub.name.clone()) else { return };
        let zone = cloud.vpc(vpc).name.clone();
        let entry = cloud.sketch.draft.router(title(named).zone(zone.clone()));
        stands_for(cloud, entry, named);
        let out = cloud.sketch.draft.router(part(named, "out").zone(zone));
        let (subnets, lost) = cloud.subnets_named(resource, &["subnet_ids"]);
        let maybe = doubt.or(unsure).or(lost);
        let entrance = cloud.enter(vpc, &name, false);
        for (range, vague) in vpn::ranges(cloud, vpc, maybe) {
            let route = Route { maybe: vague, ..Route::to(range, entrance).named(format!("{name} {range}")) };
            cloud.sketch.draft.route(out, route);
        }
        // What is not for the network itself goes where the tables of these subnets lead: to a firewall, to the internet.
        for subnet in subnets {
            let router = cloud.subnet(subnet).router;
            send_all(cloud, out, &Next::Node(router), maybe);
        }
        cloud.leads_to(&name, Some(vpc), Edge { to: entry, maybe: doubt.or(unsure) });
        self.add(resource, hub, [entry, out], Announces::Network(vpc), doubt.or(unsure));
    }

    /// The other account's side of an attachment: the same attachment where the plans have it, otherwise one to a network
    /// that nobody described.
    fn accepter(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
        let found = cloud.book.named(resource, "transit_gateway_attachment_id", NETWORKS);
        if found.these.is_empty() {
            self.beyond(cloud, resource, Announces::Nothing);
            return;
        }
        for one in found.these {
            let known = self.attachments.iter_mut().find(|known| std::ptr::eq(known.resource, one));
            if let Some(known) = known {
                known.names.push(name_of(resource));
                for (slot, name) in known.defaults.iter_mut().zip([
                    "transit_gateway_default_route_table_association",
                    "transit_gateway_default_route_table_propagation",
                ]) {
                    let field = Field::of(resource, name);
                    *slot = if field.is_unknown() { None } else { Some(field.flag().unwrap_or(true)) };
                }
            }
        }
    }

    fn tunnel(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
        let (hub, doubt) = self.hub_named(cloud, resource, "transit_gateway_id");
        let entry = cloud.sketch.draft.router(part(resource, "in"));
        let out = vpn::connect(cloud, resource, entry);
        let is_static = Field::of(resource, "static_routes_only").flag() == Some(true);
        let announces = if is_static { Announces::Nothing } else { Announces::Learned };
        self.add(resource, hub, [entry, out], announces, doubt);
    }

    fn lines(&mut self, cloud: &mut Cloud<'a, '_>, gateway: &'a Resource, own: Vec<dx::Association>) {
        let Some(hub) = self.by_name.get(&name_of(gateway)).copied() else { return };
        for association in own {
            let Some(resource) = cloud.book.at(association.plan, &association.address) else { continue };
            let entry = cloud.sketch.draft.router(title(resource));
            stands_for(cloud, entry, resource);
            for route in association.to_hub(entry) {
                cloud.sketch.draft.route(association.line.into, route);
            }
            self.add(resource, hub, [entry, association.line.out], Announces::Learned, association.doubt);
            let known = self.attachments.last_mut();
            known.into_iter().for_each(|known| known.names.push(association.gateway.clone()));
        }
    }

    /// Two gateways joined. Each side is an attachment of its own gateway.
    fn peering(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
        let (hub, doubt) = self.hub_named(cloud, resource, "transit_gateway_id");
        let peer = cloud.book.named(resource, "peer_transit_gateway_id", GATEWAYS);
        let peer = peer.these.first().and_then(|one| self.by_name.get(&name_of(one)).copied());
        let Some(peer) = peer else {
            self.beyond(cloud, resource, Announces::Nothing);
            return;
        };
        let near = cloud.sketch.draft.router(title(resource));
        stands_for(cloud, near, resource);
        let far = cloud.sketch.draft.router(part(resource, "peer"));
        self.add(resource, hub, [near, far], Announces::Nothing, doubt);
        let book = cloud.book;
        let accepts = |one: &&'a Resource| {
            let found = book.named(one, "transit_gateway_attachment_id", PEERINGS);
            found.these.iter().any(|found| std::ptr::eq(*found, resource))
        };
        let accepter = book.kinds(PEER_ACCEPTERS).find(accepts);
        self.add(accepter.unwrap_or(resource), peer, [far, near], Announces::Nothing, doubt);
    }

    /// An attachment to what the plans do not have.
    fn beyond(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource, announces: Announces) {
        let (hub, doubt) = self.hub_named(cloud, resource, "transit_gateway_id");
        let entry = cloud.sketch.draft.router(title(resource));
        stands_for(cloud, entry, resource);
        let out = cloud.sketch.draft.router(part(resource, "out"));
        hand_over(cloud, resource, Some(out), entry, false);
        self.add(resource, hub, [entry, out], announces, doubt);
    }

    /// The attachments that a resource names, by their places in the list.
    fn attachments_named(&self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) -> (Vec<usize>, Option<ReasonId>) {
        let path = "transit_gateway_attachment_id";
        let found = cloud.book.named(resource, path, ATTACHMENTS);
        let doubt = open(cloud, resource, path, &found);
        let mut these = Vec::new();
        for one in &found.these {
            let mut names = vec![name_of(one)];
            for (attribute, kinds) in [
                ("vpn_connection_id", &["aws_vpn_connection"][..]),
                ("dx_gateway_id", dx::GATEWAYS),
            ] {
                if one.is_data() {
                    names.extend(cloud.book.named(one, attribute, kinds).these.iter().map(|one| name_of(one)));
                }
            }
            let meant = |known: &Attachment<'_>| known.names.iter().any(|name| names.contains(name));
            these.extend(self.attachments.iter().enumerate().filter(|(_, known)| meant(known)).map(|(at, _)| at));
        }
        (these, doubt)
    }

    /// Associations that stand in the plans; the attachments that have one.
    fn associate(&mut self, cloud: &mut Cloud<'a, '_>) -> Vec<usize> {
        let mut associated = Vec::new();
        let book = cloud.book;
        for resource in book.kind("aws_ec2_transit_gateway_route_table_association") {
            let (attachments, unsure) = self.attachments_named(cloud, resource);
            let (tables, doubt) = self.tables_named(cloud, resource);
            for at in self.at_hub_of(&attachments, &tables) {
                let Some(entry) = self.attachments.get(at).map(|attachment| attachment.entry) else { continue };
                let next = match (tables.as_slice(), unsure.or(doubt)) {
                    ([table], None) => Next::Node(*table),
                    ([], None) => continue,
                    (tables, reason) => {
                        let reason = reason.unwrap_or_else(|| unknown(cloud, resource, "transit_gateway_route_table_id"));
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
            hubs.is_empty() || self.attachments.get(*at).is_some_and(|attachment| hubs.contains(&attachment.hub))
        };
        attachments.iter().copied().filter(fits).collect()
    }

    fn propagate(&mut self, cloud: &mut Cloud<'a, '_>) {
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
    fn announce(&self, cloud: &mut Cloud<'a, '_>, at: usize, table: NodeId, maybe: Option<ReasonId>) {
        let Some(attachment) = self.attachments.get(at) else { return };
        let (name, out) = (name_of(attachment.resource), attachment.out);
        let maybe = maybe.or(attachment.doubt);
        match attachment.announces {
            Announces::Nothing => {}
            Announces::Network(vpc) => {
                let ranges = vpn::ranges(cloud, vpc, maybe);
                for (range, vague) in ranges.into_iter().filter(|(range, _)| !self.fixed.contains(&(table, *range))) {
                    let route = Route { maybe: vague, ..Route::to(range, out).named(format!("{name} {range}")) };
                    if !cloud.sketch.draft.routes(table).contains(&route) {
                        cloud.sketch.draft.route(table, route);
                    }
                }
            }
            Announces::Learned => {
                let answers = Vec::new();
                cloud.sketch.learn(Learner { from: out, table, next: out, name, maybe, answers });
            }
        }
    }

    /// Static routes, and routes to what prefix lists hold.
    fn routes(&mut self, cloud: &mut Cloud<'a, '_>) {
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

    fn fix(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource, prefixes: &[IpNet], vague: Option<ReasonId>) {
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
                let reason = unsure.unwrap_or_else(|| unknown(cloud, resource, "transit_gateway_attachment_id"));
                Next::Undecided(reason, outs.to_vec())
            }
        };
        for table in tables {
            for prefix in prefixes {
                if vague.or(doubt).is_none() {
                    self.fixed.insert((table, *prefix));
                }
                let route = Route::new(*prefix, next.clone()).named(format!("{} {prefix}", name_of(resource)));
                cloud.sketch.draft.route(table, Route { maybe: vague.or(doubt), ..route });
            }
        }
    }

    /// Attachments that name no table use the default ones, where gateway and attachment let them.
    fn use_defaults(&mut self, cloud: &mut Cloud<'a, '_>, associated: &[usize]) {
        for at in 0..self.attachments.len() {
            let Some(attachment) = self.attachments.get(at) else { continue };
            let Some(hub) = self.hubs.get(attachment.hub) else { continue };
            let (entry, defaults, [association, propagation]) = (attachment.entry, attachment.defaults, hub.default);
            let (foreign, resource) = (hub.foreign, attachment.resource);
            if let (Some(table), false) = (association, associated.contains(&at))
                && let Some(maybe) = self.by_default(cloud, resource, defaults[0], foreign, "association")
            {
                send_all(cloud, entry, &Next::Node(table), maybe);
            }
            if let Some(table) = propagation
                && let Some(maybe) = self.by_default(cloud, resource, defaults[1], foreign, "propagation")
            {
                self.announce(cloud, at, table, maybe);
            }
        }
    }

    /// Whether a default holds: not at all, for certain, or with a doubt.
    fn by_default(
        &self,
        cloud: &mut Cloud<'a, '_>,
        resource: &Resource,
        flag: Option<bool>,
        foreign: Option<ReasonId>,
        what: &str,
    ) -> Option<Option<ReasonId>> {
        match flag {
            Some(false) => None,
            Some(true) => Some(foreign),
            None => Some(Some(unknown(cloud, resource, &format!("transit_gateway_default_route_table_{what}")))),
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
            let edges = match default {
                Some(table) => vec![Edge { to: table, maybe: foreign }],
                None => {
                    let reason = unknown(cloud, resource, "transit_gateway_route_table_id");
                    tables.iter().map(|table| Edge::maybe(*table, reason)).collect()
                }
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
                    maybe: if default == Some(table) { foreign } else { edges.first().and_then(|edge| edge.maybe) },
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
