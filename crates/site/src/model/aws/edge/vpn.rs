//! Virtual private gateways and site-to-site VPN connections.
//!
//! A gateway sends what leaves its network to the connections that announce it: by static routes of the connection, or by
//! what the other side announces over BGP, which whoever describes that side tells ([`Sketch::learn`]). What comes in goes to
//! the network, or by another connection of the same gateway out again (*VPN CloudHub*).
//!
//! [`Sketch::learn`]: crate::model::Sketch::learn

use super::dx::{self, Line};
use super::field::Field;
use super::{Owned, hand_over, owners, part, stands_for, title, unknown};
use crate::model::aws::addresses::{Range, net};
use crate::model::aws::cloud::{Cloud, VpcId};
use crate::model::aws::lay::{TABLES, VPCS};
use crate::model::aws::name_of;
use crate::model::sketch::Learner;
use crate::network::{Carrier, Edge, Match, NodeId, Party, Protection, ReasonId, Route, Rule};
use crate::packet::Addresses;
use crate::resource::Resource;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// What is a virtual private gateway.
pub(super) const GATEWAYS: &[&str] = &["aws_vpn_gateway", "data.aws_vpn_gateway"];

/// How a connection learns what lies behind it.
#[derive(Clone, Debug)]
pub(super) enum Routing {
    /// By routes that stand in the plan.
    Fixed(Vec<Route>),
    /// From the other side.
    Learned,
}

/// A way out of a gateway: a connection or a line.
struct Exit {
    name: String,
    out: NodeId,
    /// The router of what comes in by it.
    into: Option<NodeId>,
    routing: Routing,
}

/// Draws the virtual private gateways with their connections.
pub(super) fn gateways(cloud: &mut Cloud<'_, '_>, lines: &BTreeMap<String, Line>) {
    let book = cloud.book;
    let mut own = Own {
        attachments: owners(cloud, &["aws_vpn_gateway_attachment"], "vpn_gateway_id", GATEWAYS),
        connections: owners(cloud, &["aws_vpn_connection"], "vpn_gateway_id", GATEWAYS),
        interfaces: dx::direct(cloud),
        associations: dx::associations(cloud, GATEWAYS, lines),
        routes: owners(cloud, &["aws_vpn_connection_route"], "vpn_connection_id", &["aws_vpn_connection"]),
    };
    for resource in book.kinds(GATEWAYS) {
        gateway(cloud, resource, &mut own);
    }
}

/// What belongs to gateways and to connections, by their names.
struct Own<'a> {
    attachments: Owned<'a>,
    connections: Owned<'a>,
    interfaces: Owned<'a>,
    associations: BTreeMap<String, Vec<dx::Association>>,
    routes: Owned<'a>,
}

fn gateway<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, own: &mut Own<'a>) {
    let name = name_of(resource);
    let router = cloud.sketch.draft.router(title(resource));
    stands_for(cloud, router, resource);
    let networks = networks(cloud, resource, &own.attachments.remove(&name).unwrap_or_default());
    let mut exits = Vec::new();
    for (connection, _) in own.connections.remove(&name).unwrap_or_default() {
        let into = inward(cloud, connection);
        let out = connect(cloud, connection, into);
        exits.push(Exit {
            name: name_of(connection),
            out,
            into: Some(into),
            routing: routing(cloud, connection, out, &own.routes),
        });
    }
    for (interface, _) in own.interfaces.remove(&name).unwrap_or_default() {
        let into = inward(cloud, interface);
        let out = dx::direct_line(cloud, interface, into);
        exits.push(Exit { name: name_of(interface), out, into: Some(into), routing: Routing::Learned });
    }
    for association in own.associations.remove(&name).unwrap_or_default() {
        for &(vpc, doubt) in &networks {
            let into = cloud.enter(vpc, &name, false);
            let ranges = ranges(cloud, vpc, doubt);
            for route in association.to_network(&ranges, into) {
                cloud.sketch.draft.route(association.line.into, route);
            }
        }
        let (name, out) = (association.gateway, association.line.out);
        exits.push(Exit { name, out, into: None, routing: Routing::Learned });
    }
    // Somebody may name the gateway itself as the end of a line, above all where the plan has no line of it.
    let (into, out) =
        (cloud.sketch.draft.router(part(resource, "in")), cloud.sketch.draft.router(part(resource, "out")));
    hand_over(cloud, resource, Some(out), into, !exits.is_empty());
    exits.push(Exit { name: name.clone(), out, into: Some(into), routing: Routing::Learned });
    join(cloud, &name, router, &networks, &exits);
}

/// The router of what comes in by a connection or a line; one of which it is not known at which gateway it ends has one.
pub(super) fn inward(cloud: &mut Cloud<'_, '_>, resource: &Resource) -> NodeId {
    let title = part(resource, "in");
    let known = cloud.sketch.draft.find(&title.id);
    known.unwrap_or_else(|| cloud.sketch.draft.router(title))
}

/// Sends what leaves the networks to the exits, and what comes in by them to the networks and to the other exits.
fn join(
    cloud: &mut Cloud<'_, '_>,
    name: &str,
    router: NodeId,
    networks: &[(VpcId, Option<ReasonId>)],
    exits: &[Exit],
) {
    for &(vpc, _) in networks {
        cloud.leads_to(name, Some(vpc), Edge::to(router));
    }
    cloud.leads_to(name, None, Edge::to(router));
    // What is written of connections is known to the tables now; what the other sides announce is learned in the end.
    let fixed = exits.iter().flat_map(|exit| match &exit.routing {
        Routing::Fixed(routes) => routes.clone(),
        Routing::Learned => Vec::new(),
    });
    let mut known = Range::default();
    for route in fixed {
        match route.maybe {
            None => known.nets.push(route.prefix),
            Some(reason) => known.vague.push((route.prefix, reason)),
        }
    }
    cloud.announces(name, known);
    for exit in exits {
        announce(cloud, exit, router);
        let Some(into) = exit.into else { continue };
        for &(vpc, doubt) in networks {
            let entrance = cloud.enter(vpc, name, false);
            for (range, maybe) in ranges(cloud, vpc, doubt) {
                let route = Route { maybe, ..Route::to(range, entrance).named(format!("{name} {range}")) };
                cloud.sketch.draft.route(into, route);
            }
        }
        for other in exits.iter().filter(|other| other.out != exit.out) {
            announce(cloud, other, into);
        }
    }
}

/// Gives a router the routes that lead to an exit.
fn announce(cloud: &mut Cloud<'_, '_>, exit: &Exit, router: NodeId) {
    match &exit.routing {
        Routing::Fixed(routes) => {
            for route in routes {
                cloud.sketch.draft.route(router, route.clone());
            }
        }
        Routing::Learned => {
            let (name, answers) = (exit.name.clone(), Vec::new());
            cloud.sketch.learn(Learner {
                from: exit.out,
                table: router,
                next: exit.out,
                name,
                maybe: None,
                answers,
            });
        }
    }
}

/// The networks that a gateway is attached to. An attachment of its own may stand beside `vpc_id`.
fn networks<'a>(
    cloud: &mut Cloud<'a, '_>,
    resource: &'a Resource,
    attachments: &[(&'a Resource, Option<ReasonId>)],
) -> Vec<(VpcId, Option<ReasonId>)> {
    let book = cloud.book;
    let mut found = Vec::new();
    let mut ends = vec![(resource, book.named(resource, "vpc_id", VPCS), None)];
    for (attachment, doubt) in attachments {
        ends.push((*attachment, book.named(attachment, "vpc_id", VPCS), *doubt));
    }
    for (at, vpcs, doubt) in ends.into_iter().filter(|(_, vpcs, _)| !vpcs.is_unset()) {
        let several = vpcs.these.len() > 1;
        if !several {
            let (vpc, open) = cloud.vpc_found(at, "vpc_id", &vpcs);
            found.push((vpc, doubt.or(open)));
            continue;
        }
        let reason = doubt.unwrap_or_else(|| unknown(cloud, at, "vpc_id"));
        let these = vpcs.these.iter().filter_map(|one| cloud.vpc_names.get(&name_of(one)));
        found.extend(these.map(|vpc| (*vpc, Some(reason))));
    }
    found
}

/// The ranges of a network, each with what is not known of it.
pub(super) fn ranges(
    cloud: &Cloud<'_, '_>,
    vpc: VpcId,
    doubt: Option<ReasonId>,
) -> Vec<(IpNet, Option<ReasonId>)> {
    let range = &cloud.vpc(vpc).range;
    let known = range.nets.iter().map(|net| (*net, doubt));
    known.chain(range.vague.iter().map(|(net, reason)| (*net, doubt.or(Some(*reason))))).collect()
}

/// Draws a connection: what comes through its tunnels goes into `into`; what is to go out by it is given to the node that
/// comes back. The tunnels take only what their selectors name.
pub(super) fn connect(cloud: &mut Cloud<'_, '_>, resource: &Resource, into: NodeId) -> NodeId {
    if let Some(known) = cloud.sketch.draft.find(&part(resource, "out").id) {
        return known;
    }
    let out = cloud.sketch.draft.router(part(resource, "out"));
    let takes = cloud.sketch.draft.filter(title(resource));
    stands_for(cloud, takes, resource);
    cloud.sketch.draft.connect(takes, into);
    let (theirs, unknown_theirs) =
        selector(cloud, resource, "local_ipv4_network_cidr", "local_ipv6_network_cidr");
    let (ours, unknown_ours) =
        selector(cloud, resource, "remote_ipv4_network_cidr", "remote_ipv6_network_cidr");
    let matching = Match::all().from(theirs).to(ours);
    let rule = Rule::allow(format!("{} selectors", name_of(resource)), matching);
    let rule = Rule { maybe: unknown_theirs.or(unknown_ours), ..rule };
    cloud.sketch.draft.rule(takes, rule);
    hand_over(cloud, resource, Some(out), takes, false);
    let private = Field::of(resource, "outside_ip_address_type");
    let carrier = match private.text() {
        Some("PrivateIpv4") => Carrier::LeasedLine,
        _ if private.is_unknown() => Carrier::Unknown,
        _ => Carrier::Internet,
    };
    cloud.sketch.line(resource.plan, &resource.address, carrier, Protection::Ipsec);
    out
}

/// The addresses of one end of the tunnels: all where nothing is said. (AWS calls the customer's side local.)
fn selector(cloud: &mut Cloud<'_, '_>, resource: &Resource, v4: &str, v6: &str) -> (Party, Option<ReasonId>) {
    let fields = [Field::of(resource, v4), Field::of(resource, v6)];
    if let Some(field) = fields.iter().find(|field| field.is_unknown()) {
        return (Party::Any, Some(unknown(cloud, resource, field.path())));
    }
    let known: Vec<IpNet> = fields.iter().filter_map(|field| net(field.text()?)).collect();
    if known.is_empty() { (Party::Any, None) } else { (Addresses::from_nets(known).into(), None) }
}

/// How a connection of a virtual private gateway learns what lies behind it.
fn routing(cloud: &mut Cloud<'_, '_>, resource: &Resource, out: NodeId, routes_of: &Owned<'_>) -> Routing {
    if Field::of(resource, "static_routes_only").flag() != Some(true) {
        return Routing::Learned;
    }
    let mut routes = Vec::new();
    for &(route, open) in routes_of.get(&name_of(resource)).map_or(&[][..], Vec::as_slice) {
        let name = name_of(route);
        if let Some(prefix) = Field::of(route, "destination_cidr_block").text().and_then(net) {
            routes.push(Route { maybe: open, ..Route::to(prefix, out).named(name) });
            continue;
        }
        let reason = unknown(cloud, route, "destination_cidr_block");
        routes.extend(super::everywhere().map(|net| Route::to(net, out).named(&name).maybe(reason)));
    }
    Routing::Fixed(routes)
}

/// Has the route tables learn what the gateways know that are named for propagation.
pub(super) fn propagate(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    let tables = book.kinds(TABLES).filter(|table| !table.is_data());
    let pairs = tables.map(|table| (table, book.named(table, "propagating_vgws", GATEWAYS), None));
    let more = book.kind("aws_vpn_gateway_route_propagation").flat_map(|one| {
        let found = book.named(one, "route_table_id", TABLES);
        let gateways = book.named(one, "vpn_gateway_id", GATEWAYS);
        found
            .these
            .into_iter()
            .map(move |table| (table, gateways.clone(), found.open.clone()))
            .collect::<Vec<_>>()
    });
    for (table, gateways, open) in pairs.chain(more).collect::<Vec<_>>() {
        let open = open.or_else(|| gateways.open.clone());
        let maybe = open.map(|reason| cloud.reason(reason));
        for gateway in gateways.these {
            learn(cloud, table, gateway, maybe);
        }
    }
}

fn learn(cloud: &mut Cloud<'_, '_>, table: &Resource, gateway: &Resource, maybe: Option<ReasonId>) {
    let name = name_of(gateway);
    let Some(id) = cloud.table_names.get(&name_of(table)).copied() else { return };
    let Some(found) = cloud.tables.get(id.0).cloned() else { return };
    let Some(edge) = cloud.gateway(&name, found.vpc) else { return };
    let (next, maybe) = (edge.to, maybe.or(edge.maybe));
    let entrance = cloud.enter(found.vpc, &name, false);
    let mut own = Addresses::none();
    for (_, subnet) in cloud.subnets_of(found.vpc).filter(|(_, subnet)| subnet.tables.contains(&id)) {
        own = own.with(&subnet.range.addresses());
    }
    let answers = vec![(entrance, own)];
    cloud.sketch.learn(Learner { from: next, table: found.router, next, name, maybe, answers });
}
