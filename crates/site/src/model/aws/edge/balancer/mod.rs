//! Load balancers: what listens on them, and to whom they send.
//!
//! A balancer is a translator that stands in its subnets behind its groups. One for HTTP ends connections and sends as
//! itself; one for TCP and UDP keeps the client's address or not, as its target group says, and is then still a member of its
//! own groups to those who name these. Targets that nobody registered in the plans may be any host of the network.

mod listen;
mod targets;

pub(super) use listen::{by_endpoints, ports};

use super::field::Field;
use super::{fan, part, stands_for, title, unknown};
use crate::model::aws::cloud::Cloud;
use crate::model::aws::name_of;
use crate::model::aws::standing::{Set, Standing};
use crate::network::{Edge, Known, NewSource, NodeId, Placement, ReasonId};
use crate::packet::Addresses;
use crate::resource::Resource;
use std::collections::BTreeMap;

/// Balancers of the second generation.
pub(super) const BALANCERS: &[&str] = &["aws_lb", "aws_alb"];
/// What may be named as a balancer.
pub(super) const NAMED: &[&str] = &["aws_lb", "aws_alb", "aws_elb"];

/// What kind of balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// For HTTP, or a classic one: it ends connections.
    Proxy,
    /// For TCP and UDP.
    Network,
    /// For appliances: it takes packets from its endpoints only.
    Gateway,
}

/// A balancer.
#[derive(Clone, Debug)]
pub(super) struct Balancer<'a> {
    pub(super) resource: &'a Resource,
    pub(super) sort: Sort,
    pub(super) node: NodeId,
    pub(super) standing: Standing,
    /// Where its addresses lie, and why nobody knows which they are.
    pub(super) addresses: Addresses,
    pub(super) vague: Option<ReasonId>,
    /// The addresses of its network.
    network: Addresses,
}

/// The balancers by their names.
pub(super) type Balancers<'a> = BTreeMap<String, Balancer<'a>>;

/// Draws the balancers.
pub(super) fn draw<'a>(cloud: &mut Cloud<'a, '_>) -> Balancers<'a> {
    let mut balancers = Balancers::new();
    let book = cloud.book;
    for resource in book.kinds(BALANCERS) {
        let sort = match Field::of(resource, "load_balancer_type").text() {
            Some("network") => Sort::Network,
            Some("gateway") => Sort::Gateway,
            _ => Sort::Proxy,
        };
        let standing = standing(cloud, resource, sort);
        balancers.insert(name_of(resource), stand(cloud, resource, sort, standing));
    }
    for resource in book.kind("aws_elb") {
        let standing = classic_standing(cloud, resource);
        balancers.insert(name_of(resource), stand(cloud, resource, Sort::Proxy, standing));
    }
    let groups = targets::read(cloud);
    let mut listeners = listen::read(cloud);
    for balancer in balancers.values().cloned().collect::<Vec<_>>() {
        let exit = exit(cloud, &balancer);
        let own = listeners.remove(&name_of(balancer.resource)).unwrap_or_default();
        listen::draw(cloud, (&balancer, exit), own, (&groups, &balancers));
    }
    balancers
}

fn standing<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, sort: Sort) -> Standing {
    let (subnets, doubt) = cloud.subnets_named(resource, &["subnets", "subnet_mapping.subnet_id"]);
    let groups = Field::of(resource, "security_groups");
    let has_none = groups.texts().is_empty() && !groups.has_unknown();
    let set = match sort {
        Sort::Network | Sort::Gateway if has_none => Set::free(),
        Sort::Proxy | Sort::Network | Sort::Gateway => {
            cloud.set_named(resource, &["security_groups"], &subnets)
        }
    };
    let mapped = Field::of(resource, "subnet_mapping").each();
    let private = mapped.iter().map(|one| one.at("private_ipv4_address").text()?.parse().ok());
    let addresses: Option<Vec<std::net::IpAddr>> = private.collect();
    let v6 = Field::of(resource, "ip_address_type");
    let has_v6 = match v6.text() {
        Some(text) if text.starts_with("dualstack") => Known::Yes,
        _ if v6.is_unknown() => Known::Undecided(unknown(cloud, resource, "ip_address_type")),
        _ => Known::No,
    };
    let public = if sort == Sort::Gateway { Known::No } else { is_public(cloud, resource) };
    Standing {
        doubt,
        addresses: addresses.unwrap_or_default(),
        v6: has_v6,
        ..Standing::new(subnets, set).public(public)
    }
}

fn classic_standing<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource) -> Standing {
    let (subnets, doubt) = cloud.subnets_named(resource, &["subnets"]);
    let set = cloud.set_named(resource, &["security_groups"], &subnets);
    let public = is_public(cloud, resource);
    Standing { doubt, ..Standing::new(subnets, set).public(public) }
}

/// A balancer is for the internet unless it says that it is internal.
fn is_public(cloud: &mut Cloud<'_, '_>, resource: &Resource) -> Known {
    let internal = Field::of(resource, "internal");
    match internal.flag() {
        Some(true) => Known::No,
        None if internal.is_unknown() => Known::Undecided(unknown(cloud, resource, "internal")),
        Some(false) | None => Known::Yes,
    }
}

fn stand<'a>(
    cloud: &mut Cloud<'a, '_>,
    resource: &'a Resource,
    sort: Sort,
    standing: Standing,
) -> Balancer<'a> {
    let node = cloud.sketch.draft.translator(title(resource).zone(zone(cloud, &standing)));
    stands_for(cloud, node, resource);
    cloud.attach(node, &standing);
    let (addresses, vague) = match cloud.placement(&name_of(resource), &standing) {
        Placement::At(addresses) => (addresses, None),
        Placement::Within(addresses, reason) | Placement::InEach { all: addresses, reason, .. } => {
            (addresses, Some(reason))
        }
    };
    let vpc = standing.subnets.first().map(|subnet| cloud.subnet(*subnet).vpc);
    let network = vpc.map_or_else(Addresses::none, |vpc| cloud.vpc(vpc).range.addresses());
    Balancer { resource, sort, node, standing, addresses, vague, network }
}

/// The network that something stands in.
pub(super) fn zone(cloud: &Cloud<'_, '_>, standing: &Standing) -> String {
    let vpc = standing.subnets.first().map(|subnet| cloud.subnet(*subnet).vpc);
    vpc.map(|vpc| cloud.vpc(vpc).name.clone()).unwrap_or_default()
}

/// What a balancer sends to addresses leaves by its groups and subnets.
fn exit(cloud: &mut Cloud<'_, '_>, balancer: &Balancer<'_>) -> NodeId {
    let standing = balancer.standing.clone();
    leave(cloud, part(balancer.resource, "out"), &standing)
}

/// Sends packets out of all subnets in which something stands, through its groups.
pub(super) fn leave(cloud: &mut Cloud<'_, '_>, title: crate::network::Title, standing: &Standing) -> NodeId {
    let outs = standing.subnets.iter().map(|subnet| cloud.egress(*subnet, &standing.set)).collect::<Vec<_>>();
    let edges: Vec<Edge> = outs.into_iter().map(|to| Edge { to, maybe: standing.doubt }).collect();
    fan(cloud, title, &edges)
}

impl Balancer<'_> {
    /// The source that it sends with.
    pub(super) fn source(&self) -> NewSource {
        match self.vague {
            None => NewSource::any_of(self.addresses.clone()),
            Some(reason) => NewSource::one_of(self.addresses.clone(), reason),
        }
    }
}
