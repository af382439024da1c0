//! Direct Connect: gateways, what they are joined with, and the virtual interfaces over which the lines come.

use super::field::Field;
use super::{Owned, hand_over, owners, part, stands_for, title, unknown};
use crate::model::aws::addresses::{any_v4, net};
use crate::model::aws::cloud::Cloud;
use crate::model::aws::name_of;
use crate::network::{Carrier, Edge, Match, NodeId, Protection, ReasonId, Route, Rule};
use crate::resource::Resource;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// What is a gateway of lines.
pub(super) const GATEWAYS: &[&str] = &["aws_dx_gateway", "data.aws_dx_gateway"];
/// Private and transit virtual interfaces, which end at a gateway.
const INTERFACES: &[&str] = &[
    "aws_dx_private_virtual_interface",
    "aws_dx_transit_virtual_interface",
    "aws_dx_hosted_private_virtual_interface_accepter",
    "aws_dx_hosted_transit_virtual_interface_accepter",
];
/// Public virtual interfaces.
const PUBLIC: &[&str] = &[
    "aws_dx_public_virtual_interface",
    "aws_dx_hosted_public_virtual_interface",
    "aws_dx_hosted_public_virtual_interface_accepter",
];

/// A line that ends at a gateway: what goes over it, and what comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) out: NodeId,
    /// The router of what comes in; it has a route for all that is announced over the line.
    pub(super) into: NodeId,
}

/// Draws the gateways of lines; by their names.
pub(super) fn gateways(cloud: &mut Cloud<'_, '_>) -> BTreeMap<String, Line> {
    let mut lines = BTreeMap::new();
    let book = cloud.book;
    let mut interfaces = owners(cloud, INTERFACES, "dx_gateway_id", GATEWAYS);
    for gateway in book.kinds(GATEWAYS) {
        let out = cloud.sketch.draft.router(part(gateway, "out"));
        let into = cloud.sketch.draft.router(title(gateway));
        stands_for(cloud, into, gateway);
        hand_over(cloud, gateway, Some(out), into, false);
        let interfaces: Vec<&Resource> = interfaces
            .remove(&name_of(gateway))
            .unwrap_or_default()
            .into_iter()
            .map(|(one, _)| one)
            .collect();
        let (carrier, protection) = protection(cloud, &interfaces);
        cloud.sketch.line(gateway.plan, &gateway.address, carrier, protection);
        for interface in interfaces {
            cloud.sketch.call(name_of(interface), into);
        }
        lines.insert(name_of(gateway), Line { out, into });
    }
    lines
}

/// How lines are protected, by the connections of their interfaces: MACsec only where all demand it. A hosted interface runs
/// over another's port, which cannot be asked.
fn protection(cloud: &Cloud<'_, '_>, interfaces: &[&Resource]) -> (Carrier, Protection) {
    let kinds = &["aws_dx_connection", "aws_dx_lag", "data.aws_dx_connection"];
    let demands = |interface: &&Resource| {
        let resource = cloud.book.at(interface.plan, &interface.address)?;
        let connection = cloud.book.named(resource, "connection_id", kinds).one()?;
        let mode = Field::of(connection, "encryption_mode");
        if mode.is_unknown() { None } else { Some(mode.text() == Some("must_encrypt")) }
    };
    let known: Option<Vec<bool>> = interfaces.iter().map(demands).collect();
    let protection = match known.as_deref() {
        None | Some([]) => Protection::Unknown,
        Some(all) if all.iter().all(|demands| *demands) => Protection::Link,
        Some(_) => Protection::Clear,
    };
    (Carrier::LeasedLine, protection)
}

/// The interfaces that end at virtual private gateways without a gateway of lines between, by the names of these.
pub(super) fn direct<'a>(cloud: &mut Cloud<'a, '_>) -> Owned<'a> {
    owners(cloud, INTERFACES, "vpn_gateway_id", &["aws_vpn_gateway", "data.aws_vpn_gateway"])
}

/// Draws an interface that ends at a virtual private gateway: what comes over it goes into `into`.
pub(super) fn direct_line(cloud: &mut Cloud<'_, '_>, interface: &Resource, into: NodeId) -> NodeId {
    if let Some(known) = cloud.sketch.draft.find(&name_of(interface)) {
        return known;
    }
    let out = cloud.sketch.draft.router(title(interface));
    stands_for(cloud, out, interface);
    hand_over(cloud, interface, Some(out), into, false);
    let (carrier, protection) = protection(cloud, &[interface]);
    cloud.sketch.line(interface.plan, &interface.address, carrier, protection);
    out
}

/// An association of a gateway of lines with a gateway of networks.
#[derive(Clone, Debug)]
pub(super) struct Association {
    pub(super) line: Line,
    pub(super) name: String,
    pub(super) plan: usize,
    pub(super) address: String,
    /// The gateway of lines.
    pub(super) gateway: String,
    pub(super) allowed: Allowed,
    /// Why nobody knows whether it is there.
    pub(super) doubt: Option<ReasonId>,
}

/// Which prefixes an association announces.
#[derive(Clone, Debug)]
pub(super) enum Allowed {
    /// It does not say.
    Unset,
    These(Vec<IpNet>),
    Unknown(ReasonId),
}

/// The associations of gateways of networks with gateways of lines, by the names of the first.
pub(super) fn associations(
    cloud: &mut Cloud<'_, '_>,
    kinds: &[&str],
    lines: &BTreeMap<String, Line>,
) -> BTreeMap<String, Vec<Association>> {
    let mut all: BTreeMap<String, Vec<Association>> = BTreeMap::new();
    for path in ["associated_gateway_id", "vpn_gateway_id"] {
        for (name, found) in owners(cloud, &["aws_dx_gateway_association"], path, kinds) {
            for (one, doubt) in found {
                let more = association(cloud, one, doubt, lines);
                let own = all.entry(name.clone()).or_default();
                let is_new = |more: &Association| !own.iter().any(|known| known.is_same(more));
                let more: Vec<Association> = more.into_iter().filter(is_new).collect();
                own.extend(more);
            }
        }
    }
    all
}

/// An association, once for each gateway of lines that it may name.
fn association<'a>(
    cloud: &mut Cloud<'a, '_>,
    one: &'a Resource,
    doubt: Option<ReasonId>,
    lines: &BTreeMap<String, Line>,
) -> Vec<Association> {
    let to = cloud.book.named(one, "dx_gateway_id", GATEWAYS);
    let doubt = doubt.or_else(|| to.open.clone().map(|reason| cloud.reason(reason)));
    let allowed = allowed(cloud, one);
    let made = |to: &&Resource| {
        Some(Association {
            line: *lines.get(&name_of(to))?,
            name: name_of(one),
            plan: one.plan,
            address: one.address.clone(),
            gateway: name_of(to),
            allowed: allowed.clone(),
            doubt,
        })
    };
    to.these.iter().filter_map(made).collect()
}

fn allowed(cloud: &mut Cloud<'_, '_>, association: &Resource) -> Allowed {
    let field = Field::of(association, "allowed_prefixes");
    let texts = field.texts();
    let nets: Option<Vec<IpNet>> = texts.iter().map(|text| net((*text)?)).collect();
    match nets {
        Some(nets) if !field.has_unknown() => {
            if nets.is_empty() {
                Allowed::Unset
            } else {
                Allowed::These(nets)
            }
        }
        Some(_) | None => Allowed::Unknown(unknown(cloud, association, "allowed_prefixes")),
    }
}

impl Association {
    fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.gateway == other.gateway
    }

    /// The routes by which the line reaches a network behind a virtual private gateway: the prefixes let through are a
    /// filter, of the network's own ranges those pass that lie in one of them (*Allowed prefixes interactions*).
    pub(super) fn to_network(&self, ranges: &[(IpNet, Option<ReasonId>)], into: NodeId) -> Vec<Route> {
        let mut routes = Vec::new();
        for (range, vague) in ranges {
            let (passes, unsure) = match &self.allowed {
                Allowed::Unset => (true, None),
                Allowed::Unknown(reason) => (true, Some(*reason)),
                Allowed::These(nets) if vague.is_some() => {
                    (nets.iter().any(|net| net.contains(range) || range.contains(net)), None)
                }
                Allowed::These(nets) => (nets.iter().any(|net| net.contains(range)), None),
            };
            if passes {
                let route = Route::to(*range, into).named(format!("{} {range}", self.name));
                routes.push(Route { maybe: self.doubt.or(*vague).or(unsure), ..route });
            }
        }
        routes
    }

    /// The routes by which the line reaches a transit gateway: the prefixes as they stand are announced.
    pub(super) fn to_hub(&self, into: NodeId) -> Vec<Route> {
        match &self.allowed {
            Allowed::Unset => Vec::new(),
            Allowed::Unknown(reason) => {
                super::everywhere().map(|net| Route::to(net, into).named(&self.name).maybe(*reason)).to_vec()
            }
            Allowed::These(nets) => {
                let route = |net: &IpNet| Route::to(*net, into).named(format!("{} {net}", self.name));
                nets.iter().map(|net| Route { maybe: self.doubt, ..route(net) }).collect()
            }
        }
    }
}

/// Draws the public virtual interfaces: lines to the public addresses of AWS, not to the internet. Which addresses these are
/// changes by the day, so what comes over such a line may reach whatever is public.
pub(super) fn public_lines(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    for interface in book.kinds(PUBLIC) {
        let internet = cloud.sketch.internet();
        let reason = super::feature(cloud, interface, "a public virtual interface");
        let filter = cloud.sketch.draft.filter(title(interface));
        stands_for(cloud, filter, interface);
        cloud.sketch.draft.rule(filter, Rule::allow(name_of(interface), Match::all()).maybe(reason));
        cloud.sketch.draft.edge(filter, Edge::to(internet));
        let out = cloud.sketch.draft.router(part(interface, "out"));
        let prefixes = Field::of(interface, "route_filter_prefixes");
        let known: Vec<IpNet> = prefixes.texts().into_iter().flatten().filter_map(net).collect();
        for prefix in &known {
            cloud
                .sketch
                .draft
                .route(internet, Route::to(*prefix, out).named(name_of(interface)).maybe(reason));
        }
        if prefixes.has_unknown() {
            cloud
                .sketch
                .draft
                .route(internet, Route::to(any_v4(), out).named(name_of(interface)).maybe(reason));
        }
        hand_over(cloud, interface, Some(out), filter, false);
        let (carrier, protection) = protection(cloud, &[interface]);
        cloud.sketch.line(interface.plan, &interface.address, carrier, protection);
    }
}
