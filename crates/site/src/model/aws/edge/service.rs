//! Services that have no address of their own in any network: buckets, functions, interfaces of AWS.
//!
//! Each is a host at a dummy address, and before it stands what lets packets to it: over the internet, where any public address
//! may be its front, or from a private endpoint.

use super::policy::Verdict;
use super::{part, send_all, stands_for, title, unused};
use crate::model::aws::cloud::Cloud;
use crate::model::thing::Thing;
use crate::network::{
    Edge, Host, Match, Next, NodeId, Reason, ReasonId, Rewrite, Rule, Service, Target, Title,
};
use crate::packet::{Addresses, Span};
use crate::resource::Resource;
use ipnet::IpNet;

/// Addresses that no machine has: the dummy address of IPv4 (RFC 7600) and one of the discard prefix of IPv6 (RFC 6666).
const NOWHERE: [&str; 2] = ["192.0.0.8/32", "100::8/128"];

/// Where services are that have no address in a network.
pub(super) fn nowhere() -> Addresses {
    Addresses::from_nets(NOWHERE.iter().filter_map(|text| text.parse::<IpNet>().ok()))
}

/// TCP to these ports.
pub(super) fn tcp(ports: &[u16]) -> Vec<Service> {
    ports.iter().map(|port| Service::tcp(*port)).collect()
}

/// A service: its host, and the node to which packets are given that were let in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offered {
    pub(super) host: NodeId,
    pub(super) entry: NodeId,
    /// Takes the same packets as the host: connect it to what is called for them.
    pub(super) passed: NodeId,
}

/// Draws a service that listens on these ports.
pub(super) fn offer(
    cloud: &mut Cloud<'_, '_>,
    name: Title,
    ports: &[u16],
    host: impl FnOnce(Host) -> Host,
) -> Offered {
    let entry = Title::new(format!("{} (entry)", name.id)).named(&name.name).at(&name.place);
    let called = name.id.clone();
    let host = cloud.sketch.draft.host(name, host(Host::at(nowhere())));
    let entry = cloud.sketch.draft.translator(entry);
    let matching = Match::all().by(tcp(ports));
    let passed = cloud.sketch.draft.filter(Title::new(format!("{called} (request)")).at(&called));
    cloud.sketch.draft.rule(passed, Rule::allow(called.clone(), Match::all()));
    let targets = [host, passed].map(|node| Target::to(nowhere(), Edge::to(node)));
    cloud.sketch.draft.rewrite(entry, Rewrite::destination(called, matching, targets));
    Offered { host, entry, passed }
}

/// A resource as such a service.
pub(super) fn offer_resource(cloud: &mut Cloud<'_, '_>, resource: &Resource, ports: &[u16]) -> Offered {
    let offered = offer(cloud, title(resource), ports, |host| host);
    stands_for(cloud, offered.host, resource);
    offered
}

/// Lets packets from the internet come to a node, whatever public address they are for.
pub(super) fn from_internet(cloud: &mut Cloud<'_, '_>, node: NodeId, maybe: Option<ReasonId>) {
    let internet = cloud.sketch.internet();
    send_all(cloud, internet, &Next::Node(node), maybe);
}

/// A filter that does what a policy says: what it does not name is denied, or, where credentials already allow, let through.
pub(super) fn gate(
    cloud: &mut Cloud<'_, '_>,
    name: &str,
    place: &str,
    verdicts: &[Verdict],
    otherwise: bool,
) -> NodeId {
    let name = unused(cloud, name);
    let filter = cloud.sketch.draft.filter(Title::new(format!("{name} (out)")).named(&name).at(place));
    for verdict in verdicts {
        let mut matching = Match::all();
        if let Some(sources) = &verdict.sources {
            matching = matching.from(sources.clone());
        }
        if let Some(port) = verdict.port {
            matching = matching.by([Service { port: Span::one(port), ..Service::all() }]);
        }
        let name = format!("{place} {}", verdict.name);
        let rule = if verdict.allows { Rule::allow(name, matching) } else { Rule::deny(name, matching) };
        let attribute = verdict.maybe.clone().map(|what| Reason::attribute(place, what));
        let maybe = attribute.map(|reason| cloud.reason(reason));
        cloud.sketch.draft.rule(filter, Rule { maybe, ..rule });
    }
    if otherwise {
        cloud.sketch.draft.rule(filter, Rule::allow(format!("{place} credentials"), Match::all()));
    }
    filter
}

/// A filter that may let everything through, and nobody knows.
pub(super) fn doubtful(cloud: &mut Cloud<'_, '_>, name: &str, reason: ReasonId) -> NodeId {
    let name = unused(cloud, name);
    let filter = cloud.sketch.draft.filter(Title::new(format!("{name} (out)")).named(&name).at(&name));
    cloud.sketch.draft.rule(filter, Rule::allow(name, Match::all()).maybe(reason));
    filter
}

/// The function with this name, where it is one: in its network if it stands in one.
pub(super) fn function(cloud: &mut Cloud<'_, '_>, name: &str) -> Option<NodeId> {
    if let Some(known) = cloud.hosts.get(name) {
        return Some(known.0);
    }
    let book = cloud.book;
    let resource = book.kinds(FUNCTIONS).find(|one| super::name_of(one) == name)?;
    let through = book.named(resource, "function_name", FUNCTIONS);
    if let Some(one) = through.these.first().filter(|one| !std::ptr::eq(**one, resource)) {
        let name = super::name_of(one);
        return function(cloud, &name);
    }
    if let Some(known) = cloud.sketch.draft.find(name) {
        return Some(known);
    }
    let host = cloud.sketch.draft.host(title(resource), Host::at(nowhere()));
    stands_for(cloud, host, resource);
    let internet = cloud.sketch.internet();
    cloud.sketch.draft.connect(host, internet);
    Some(host)
}

/// What is a function.
pub(super) const FUNCTIONS: &[&str] = &["aws_lambda_function", "aws_lambda_alias"];

/// A service of AWS itself: one for each region.
pub(super) fn of_aws(cloud: &mut Cloud<'_, '_>, name: &str) -> Offered {
    let known = [name.to_owned(), format!("{name} (entry)"), format!("{name} (request)")];
    if let [Some(host), Some(entry), Some(passed)] = known.map(|name| cloud.sketch.draft.find(&name)) {
        return Offered { host, entry, passed };
    }
    let ports: &[u16] = if is_s3(name) { &[80, 443] } else { &[443] };
    offer(cloud, Title::new(name), ports, |host| host.relaying(crate::network::Known::No))
}

/// Whether a service of AWS is S3, by its name: `com.amazonaws.ap-northeast-1.s3`.
pub(super) fn is_s3(name: &str) -> bool {
    name.rsplit('.').next() == Some("s3")
}

/// What stands behind something that the plans do not have.
pub(super) fn beyond(cloud: &mut Cloud<'_, '_>, resource: &Resource, reason: ReasonId) -> NodeId {
    if let Some(known) = cloud.sketch.draft.find(&part(resource, "service elsewhere").id) {
        return known;
    }
    let host = Host::at(nowhere()).relaying(crate::network::Known::Undecided(reason));
    let host = cloud.sketch.draft.host(part(resource, "service elsewhere"), host);
    cloud
        .sketch
        .stands_for(host, Thing::Undescribed { plan: resource.plan, address: resource.address.clone() });
    host
}
