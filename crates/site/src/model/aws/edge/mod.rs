//! What stands at the edges of networks: transit gateways, tunnels, lines, endpoints, load balancers and what fronts them.

mod api;
mod balancer;
mod cdn;
mod client;
mod door;
mod dx;
mod endpoint;
mod field;
mod firewall;
pub(super) mod kinds;
mod policy;
mod resolver;
mod service;
mod store;
mod transit;
mod vpn;

use super::addresses::{any_v4, any_v6};
use super::cloud::Cloud;
use super::name_of;
use crate::model::sketch::Handoff;
use crate::model::thing::Thing;
use crate::network::{Edge, Next, NodeId, Reason, ReasonId, Route, Title};
use crate::resource::Resource;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// Gateways: where packets go that leave a network by them. Routes are drawn later and lead to what is named here
/// ([`Cloud::leads_to`]).
pub(super) fn gateways(cloud: &mut Cloud<'_, '_>) {
    let lines = dx::gateways(cloud);
    vpn::gateways(cloud, &lines);
    transit::draw(cloud, &lines);
    dx::public_lines(cloud);
    firewall::endpoints(cloud);
    endpoint::gateways(cloud);
}

/// Balancers, endpoints and other nodes that stand in subnets.
pub(super) fn hosts(cloud: &mut Cloud<'_, '_>) {
    client::draw(cloud);
    resolver::draw(cloud);
    let balancers = balancer::draw(cloud);
    let stores = store::draw(cloud);
    let apis = api::draw(cloud, &balancers);
    cdn::draw(cloud, &balancers, &stores, &apis);
    endpoint::draw(cloud, &balancers, &stores, &apis);
}

/// What can be drawn only when all routes of the networks are.
pub(super) fn finish(cloud: &mut Cloud<'_, '_>) {
    vpn::propagate(cloud);
    endpoint::routes(cloud);
}

/// The node that stands for a resource itself.
fn title(resource: &Resource) -> Title {
    let tag = super::lay::tag_name(resource);
    Title::new(name_of(resource)).named(tag)
}

/// A node that belongs to a resource.
fn part(resource: &Resource, what: &str) -> Title {
    let name = name_of(resource);
    Title::new(format!("{name} ({what})"))
        .named(format!("{} ({what})", super::lay::tag_name(resource)))
        .at(name)
}

/// An attribute of a resource is not known.
fn unknown(cloud: &mut Cloud<'_, '_>, resource: &Resource, attribute: &str) -> ReasonId {
    cloud.reason(Reason::attribute(name_of(resource), attribute))
}

/// A resource uses what is not modelled.
fn feature(cloud: &mut Cloud<'_, '_>, resource: &Resource, what: &str) -> ReasonId {
    cloud.reason(Reason::feature(name_of(resource), what))
}

fn stands_for(cloud: &mut Cloud<'_, '_>, node: NodeId, resource: &Resource) {
    cloud.sketch.stands_for(node, Thing::resource(resource.plan, &resource.address));
}

/// Every address of both families.
fn everywhere() -> [IpNet; 2] {
    [any_v4(), any_v6()]
}

/// Sends all that no longer prefix leads elsewhere.
fn send_all(cloud: &mut Cloud<'_, '_>, router: NodeId, next: &Next, maybe: Option<ReasonId>) {
    for prefix in everywhere() {
        let route = Route { maybe, ..Route::new(prefix, next.clone()) };
        cloud.sketch.draft.route(router, route);
    }
}

/// A router that sends all packets to each of these nodes.
fn fan(cloud: &mut Cloud<'_, '_>, title: Title, to: &[Edge]) -> NodeId {
    let router = cloud.sketch.draft.router(title);
    for edge in to {
        send_all(cloud, router, &Next::Node(edge.to), edge.maybe);
    }
    router
}

/// Where a resource hands packets over to what is not in the plans.
fn hand_over(
    cloud: &mut Cloud<'_, '_>,
    resource: &Resource,
    out: Option<NodeId>,
    into: NodeId,
    joined: bool,
) {
    let (plan, address) = (resource.plan, resource.address.clone());
    cloud.sketch.handoffs.push(Handoff { plan, address, out, into, joined });
}

/// Resources by the name of their owner, each with why nobody knows whether it belongs to it.
type Owned<'a> = BTreeMap<String, Vec<(&'a Resource, Option<ReasonId>)>>;

/// The resources whose attribute names an owner, by the owner's name, with why nobody knows whether it is meant.
fn owners<'a>(cloud: &mut Cloud<'a, '_>, kinds: &[&str], path: &str, owner_kinds: &[&str]) -> Owned<'a> {
    let mut owners: BTreeMap<String, Vec<_>> = BTreeMap::new();
    let book = cloud.book;
    for resource in kinds.iter().flat_map(|kind| book.kind(kind)) {
        let found = book.named(resource, path, owner_kinds);
        let doubt = found.open.map(|reason| cloud.reason(reason));
        for owner in found.these {
            owners.entry(name_of(owner)).or_default().push((resource, doubt));
        }
    }
    owners
}

/// A name that begins so and that no way has yet.
fn unused(cloud: &Cloud<'_, '_>, name: &str) -> String {
    let is_free = |name: &String| cloud.sketch.draft.find(&format!("{name} (out)")).is_none();
    let numbered = (2..).map(|number| format!("{name} [{number}]"));
    std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_else(|| name.to_owned())
}
