//! What leads out of a network: internet gateways with the public addresses that they translate, NAT gateways, egress-only
//! gateways, peerings, and instances that send on what is not for them.
//!
//! No plan of a new stack knows its public addresses. What the internet addresses is then any public address of which one
//! belongs to each host that has one; what a host sends to the internet carries one of them.

use super::acl;
use super::addresses::{any_v4, any_v6};
use super::cloud::{Cloud, Front, SubnetId, VpcId};
use super::hosts::address_of;
use super::lay::{VPCS, flag, tag_name};
use super::name_of;
use super::routes::To;
use super::standing::{Set, Standing};
use crate::model::sketch::Handoff;
use crate::model::thing::Thing;
use crate::network::{
    Edge, Group, Known, Match, NewSource, NodeId, Reason, ReasonId, Rewrite, Route, Target, Title,
};
use crate::packet::{Addresses, Family};
use crate::resource::Resource;
use ipnet::IpNet;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What is a peering.
pub(super) const PEERINGS: &[&str] =
    &["aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter", "data.aws_vpc_peering_connection"];

/// Resources by what they name.
type Naming<'a> = BTreeMap<String, Vec<&'a Resource>>;

/// Draws gateways, peerings and NAT gateways.
pub(super) fn draw(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    let attached =
        book.naming("aws_internet_gateway_attachment", "internet_gateway_id", &["aws_internet_gateway"]);
    for resource in book.kind("aws_internet_gateway") {
        internet_gateway(cloud, resource, &attached);
    }
    for resource in book.kind("aws_egress_only_internet_gateway") {
        let name = name_of(resource);
        let title = Title::new(name.clone()).named(tag_name(resource));
        let node = cloud.sketch.draft.router(title);
        let internet = cloud.sketch.internet();
        cloud.sketch.draft.route(node, Route::to(any_v6(), internet).named(name.clone()));
        cloud.sketch.stands_for(node, Thing::resource(resource.plan, &resource.address));
        cloud.leads_to(&name, None, Edge::to(node));
    }
    for resource in book.kind("aws_nat_gateway") {
        nat_gateway(cloud, resource);
    }
    let accepters = book.naming(
        "aws_vpc_peering_connection_accepter",
        "vpc_peering_connection_id",
        &["aws_vpc_peering_connection"],
    );
    for resource in book.kind("aws_vpc_peering_connection") {
        let accepters: Vec<String> =
            accepters.get(&name_of(resource)).into_iter().flatten().map(|one| name_of(one)).collect();
        peering(cloud, resource, &accepters);
    }
    for resource in book.kind("aws_vpc_peering_connection_accepter") {
        accepter(cloud, resource);
    }
}

fn internet_gateway<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, attached: &Naming<'a>) {
    let name = name_of(resource);
    let mut found = cloud.book.named(resource, "vpc_id", VPCS);
    for attachment in attached.get(&name).into_iter().flatten() {
        found = found.with(cloud.book.named(attachment, "vpc_id", VPCS));
    }
    if found.is_unset() {
        // It is attached to nothing that the plans tell of: a route to it tells its network.
        return;
    }
    let (vpc, _) = cloud.vpc_found(resource, "vpc_id", &found);
    let node = draw_internet_gateway(cloud, vpc, &name, tag_name(resource));
    cloud.sketch.stands_for(node, Thing::resource(resource.plan, &resource.address));
}

/// The name of the internet gateway of a network that a route leads to without the plans having it.
pub(super) fn internet_gateway_of(cloud: &mut Cloud<'_, '_>, vpc: VpcId, called: &str) -> String {
    let of = cloud.vpc(vpc).clone();
    let name = format!("{} (internet gateway)", of.name);
    if !of.internet_gateways.contains(&name) {
        draw_internet_gateway(cloud, vpc, &name, called.to_owned());
    }
    name
}

/// Its node takes what leaves the network; what comes in is drawn when it is known what has public addresses.
fn draw_internet_gateway(cloud: &mut Cloud<'_, '_>, vpc: VpcId, name: &str, called: String) -> NodeId {
    let zone = cloud.vpc(vpc).name.clone();
    let node = cloud.sketch.draft.router(Title::new(name).named(called).zone(zone));
    let internet = cloud.sketch.internet();
    cloud.sketch.draft.route(node, Route::to(any_v6(), internet).named(name));
    cloud.leads_to(name, None, Edge::to(node));
    if let Some(vpc) = cloud.vpcs.get_mut(vpc.0) {
        vpc.internet_gateways.push(name.to_owned());
    }
    node
}

/// Draws what internet gateways translate. It is called when everything that has a public address is drawn.
pub(super) fn publish(cloud: &mut Cloud<'_, '_>) {
    let mut fronts: BTreeMap<VpcId, Vec<Front>> = BTreeMap::new();
    for front in std::mem::take(&mut cloud.fronts) {
        let mut vpcs: Vec<VpcId> = front.subnets.iter().map(|subnet| cloud.subnet(*subnet).vpc).collect();
        vpcs.dedup();
        for vpc in vpcs {
            fronts.entry(vpc).or_default().push(front.clone());
        }
    }
    for id in cloud.vpcs() {
        let foreign = cloud.vpc(id).foreign.is_some();
        let fronts = fronts.remove(&id).unwrap_or_default();
        if foreign && cloud.vpc(id).internet_gateways.is_empty() && !fronts.is_empty() {
            internet_gateway_of(cloud, id, "internet gateway");
        }
        for gateway in cloud.vpc(id).internet_gateways.clone() {
            let Some(node) = cloud.gateway(&gateway, id).map(|edge| edge.to) else { continue };
            outward(cloud, &gateway, node, &fronts);
            inward(cloud, id, &gateway, &fronts);
        }
    }
}

/// IPv4 that hosts of the internet have.
fn public_v4() -> Addresses {
    Addresses::public().intersect(&any_v4().into())
}

/// What leaves by the gateway carries the public address of its sender; what has none does not leave.
fn outward(cloud: &mut Cloud<'_, '_>, gateway: &str, node: NodeId, fronts: &[Front]) {
    let internet = cloud.sketch.internet();
    let title = Title::new(format!("{gateway} (to public addresses)")).named(gateway).at(gateway);
    let translator = cloud.sketch.draft.translator(title);
    cloud.sketch.draft.route(node, Route::to(any_v4(), translator).named(gateway));
    let mut classes: BTreeMap<(Option<IpAddr>, Option<ReasonId>), Group> = BTreeMap::new();
    for front in fronts {
        classes.entry((front.address, front.maybe)).or_default().nodes.insert(front.node);
    }
    let unsure = cloud.reason(Reason::address(gateway));
    for ((address, maybe), group) in classes {
        let group = cloud.sketch.draft.group(group);
        let source = match address {
            Some(address) => NewSource::any_of(address),
            None => NewSource::one_of(public_v4(), unsure),
        };
        let rewrite = Rewrite::source(gateway, Match::all().from(group), source, Edge::to(internet));
        let rewrite = maybe.map_or(rewrite.clone(), |reason| rewrite.maybe(reason));
        cloud.sketch.draft.rewrite(translator, rewrite);
    }
}

/// What comes in for a public address goes to the private address of what has it; IPv6 comes in as it is.
fn inward(cloud: &mut Cloud<'_, '_>, vpc: VpcId, gateway: &str, fronts: &[Front]) {
    let internet = cloud.sketch.internet();
    if !cloud.vpc(vpc).range.of(false).is_empty() {
        let into = cloud.enter(vpc, gateway, false);
        cloud.sketch.draft.route(internet, Route::to(any_v6(), into).named(gateway));
    }
    let takes: Vec<&Front> = fronts.iter().filter(|front| front.takes).collect();
    let (known, unknown): (Vec<&Front>, Vec<&Front>) =
        takes.into_iter().partition(|front| front.address.is_some());
    if !known.is_empty() {
        let node = front_node(cloud, gateway, "from known public addresses");
        for front in known {
            let Some(address) = front.address else { continue };
            let to = private_of(cloud, front);
            let into = cloud.enter(vpc, gateway, true);
            let matching = Match::all().to(Addresses::from(address));
            let rewrite = Rewrite::destination(gateway, matching, [Target::to(to, Edge::to(into))]);
            cloud.sketch.draft.rewrite(node, rewrite);
        }
    }
    if !unknown.is_empty() {
        let node = front_node(cloud, gateway, "from public addresses");
        let to = unknown.iter().map(|front| private_of(cloud, front));
        let to = Addresses::from_spans(to.flat_map(|one| one.spans().to_vec()).collect::<Vec<_>>());
        let into = cloud.enter(vpc, gateway, true);
        let reason = cloud.reason(Reason::address(gateway));
        let targets = [Target::to(to, Edge::to(into))];
        let rewrite = Rewrite::destination(gateway, Match::all().to(public_v4()), targets).somewhere(reason);
        cloud.sketch.draft.rewrite(node, rewrite);
    }
}

/// The routes stand at the shortest prefix beside each other: none takes away from another, since any of them may have any
/// address.
fn front_node(cloud: &mut Cloud<'_, '_>, gateway: &str, way: &str) -> NodeId {
    let internet = cloud.sketch.internet();
    let title = Title::new(format!("{gateway} ({way})")).named(gateway).at(gateway);
    let node = cloud.sketch.draft.translator(title);
    cloud.sketch.draft.route(internet, Route::to(any_v4(), node).named(gateway));
    node
}

fn private_of(cloud: &Cloud<'_, '_>, front: &Front) -> Addresses {
    let known: Vec<IpAddr> = front.private.iter().copied().filter(IpAddr::is_ipv4).collect();
    if !known.is_empty() {
        return Addresses::from_hosts(known);
    }
    let nets = front
        .subnets
        .iter()
        .flat_map(|subnet| cloud.subnet(*subnet).range.of(true).all().collect::<Vec<_>>());
    Addresses::from_nets(nets.collect::<Vec<IpNet>>())
}

/// It translates the sources of what leaves through it, and stands in a subnet itself.
fn nat_gateway<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
    let name = name_of(resource);
    let (subnets, doubt) = cloud.subnets_named(resource, &["subnet_id"]);
    let zone =
        subnets.first().map(|subnet| cloud.vpc(cloud.subnet(*subnet).vpc).name.clone()).unwrap_or_default();
    let node = cloud.sketch.draft.translator(Title::new(name.clone()).named(tag_name(resource)).zone(zone));
    cloud.sketch.stands_for(node, Thing::resource(resource.plan, &resource.address));
    let unsure = cloud.reason(Reason::address(name.clone()));
    let private = address_of(resource, &["private_ip"]);
    for &subnet in &subnets {
        let of = cloud.subnet(subnet).clone();
        let source = match private {
            Some(address) => NewSource::any_of(address),
            None => NewSource::one_of(of.range.of(true).addresses(), unsure),
        };
        let matching = Match::all().from(any_v4_party());
        let rewrite = Rewrite::source(name.clone(), matching, source, Edge::to(of.router));
        let maybe = doubt.or((subnets.len() > 1).then_some(unsure));
        let rewrite = maybe.map_or(rewrite.clone(), |reason| rewrite.maybe(reason));
        cloud.sketch.draft.rewrite(node, rewrite);
    }
    let is_private = resource.values.get("connectivity_type").and_then(Value::as_str) == Some("private");
    if !is_private {
        let mut standing = Standing::new(subnets.clone(), Set::free());
        standing.public_address =
            address_of(resource, &["public_ip"]).or_else(|| elastic(cloud, resource, "allocation_id"));
        standing.addresses = private.into_iter().collect();
        cloud.front(node, &standing, doubt, false);
    }
    // Whoever sends by it comes into its subnet from another one.
    let first: Option<SubnetId> = subnets.first().copied();
    let edge =
        first.map_or(Edge::to(node), |subnet| acl::before(cloud, subnet, node, &format!("to {name} in")));
    cloud.leads_to(&name, None, Edge { maybe: edge.maybe.or(doubt), ..edge });
}

fn any_v4_party() -> Addresses {
    Addresses::from_spans([(Family::V4, Family::V4.addresses())])
}

/// The address of an elastic IP that an attribute names, where it is known.
fn elastic(cloud: &Cloud<'_, '_>, resource: &Resource, attribute: &str) -> Option<IpAddr> {
    let resource = cloud.book.at(resource.plan, &resource.address)?;
    let found = cloud.book.named(resource, attribute, &["aws_eip", "data.aws_eip"]);
    address_of(found.one()?, &["public_ip"])
}

/// Both networks where the plans have them; otherwise what lies beyond is left to whoever describes it.
fn peering<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, accepters: &[String]) {
    let name = name_of(resource);
    let (near, near_doubt) = cloud.vpc_named(resource, "vpc_id");
    let accepted = is_accepted(cloud, resource, accepters);
    let maybe = near_doubt.or(match accepted {
        Known::Yes => None,
        Known::No | Known::Undecided(_) => {
            Some(cloud.reason(Reason::attribute(name.clone(), "accept_status")))
        }
    });
    // Routes may name the peering by who accepted it.
    for accepter in accepters {
        cloud.aliases.insert(accepter.clone(), name.clone());
    }
    let other = cloud.book.named(resource, "peer_vpc_id", VPCS);
    let far = other.one().and_then(|one| cloud.vpc_names.get(&name_of(one)).copied());
    match far {
        Some(far) => {
            for (from, to) in [(near, far), (far, near)] {
                let into = cloud.enter(to, &name, false);
                cloud.leads_to(&name, Some(from), Edge { to: into, maybe });
            }
        }
        None => handoff(cloud, resource, near, maybe),
    }
}

/// A peering that was asked for elsewhere: only its own network is known.
fn accepter<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
    let found = cloud.book.named(resource, "vpc_peering_connection_id", &["aws_vpc_peering_connection"]);
    if !found.these.is_empty() {
        return;
    }
    let (near, doubt) = cloud.vpc_named(resource, "vpc_id");
    handoff(cloud, resource, near, doubt);
}

fn handoff(cloud: &mut Cloud<'_, '_>, resource: &Resource, near: VpcId, maybe: Option<ReasonId>) {
    let name = name_of(resource);
    let zone = cloud.vpc(near).name.clone();
    let out = cloud.sketch.draft.router(Title::new(name.clone()).named(tag_name(resource)).zone(zone));
    cloud.sketch.stands_for(out, Thing::resource(resource.plan, &resource.address));
    let into = cloud.enter(near, &name, false);
    cloud.leads_to(&name, Some(near), Edge { to: out, maybe });
    let (plan, address) = (resource.plan, resource.address.clone());
    cloud.sketch.handoffs.push(Handoff { plan, address, out: Some(out), into, joined: false });
}

fn is_accepted(cloud: &mut Cloud<'_, '_>, resource: &Resource, accepters: &[String]) -> Known {
    let status = resource.values.get("accept_status").and_then(Value::as_str);
    if status == Some("active") || !accepters.is_empty() {
        return Known::Yes;
    }
    flag(cloud, resource, "auto_accept", false)
}

/// An instance or interface as the target of a route: it sends on what is not for it, as its own system decides, unless AWS
/// checks that what it sends is its own.
pub(super) fn forwarder(cloud: &mut Cloud<'_, '_>, resource: &Resource, vpc: VpcId) -> Option<To> {
    let name = name_of(resource);
    if flag(cloud, resource, "source_dest_check", true) == Known::Yes {
        return Some(To::Blackhole);
    }
    let reason = cloud.reason(Reason::feature(name.clone(), "forwarding by an instance"));
    let (_, standing) = cloud.hosts.get(&name)?.clone();
    let forwards = format!("{name} (sends on)");
    if let Some(edge) = cloud.gateway(&forwards, vpc) {
        return Some(To::perhaps(reason, edge.to));
    }
    let zone = cloud.vpc(vpc).name.clone();
    let node = cloud
        .sketch
        .draft
        .translator(Title::new(forwards.clone()).named(tag_name(resource)).at(&name).zone(zone));
    for &subnet in &standing.subnets {
        let of = cloud.subnet(subnet).clone();
        let source = NewSource::one_of(of.range.of(true).addresses(), reason);
        let matching = Match::all().from(any_v4_party());
        let rewrite = Rewrite::source(name.clone(), matching, source, Edge::to(of.router)).maybe(reason);
        cloud.sketch.draft.rewrite(node, rewrite);
        cloud.sketch.draft.edge(node, Edge::maybe(of.router, reason));
    }
    if standing.public != Known::No {
        cloud.front(node, &standing, Some(reason), false);
    }
    cloud.leads_to(&forwards, None, Edge::maybe(node, reason));
    Some(To::perhaps(reason, node))
}
