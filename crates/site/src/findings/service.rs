//! What nodes offer to others: entrances, services for several facilities, resolvers.

use super::answer::{Answer, tell, unsaid, worst, yes};
use super::look::Look;
use super::{Judgement, Scene, Topic};
use crate::description::{Direction, Node, NodeKind, Service, ZoneKind};
use crate::rules::Verdict;

/// The rules on what nodes offer.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "dns.single",
        "entrance.unthrottled",
        "service.accepts-anybody",
        "service.tenant-unknown",
        "service.tenants-not-separated",
    ],
    judge,
};

/// At how many places names must be resolved.
const PLACES_LEAST: u32 = 2;

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let look = Look::at(scene.site);
    let tenants = look.has_tenants(scene.site);
    for node in &scene.site.nodes {
        if node.kind == NodeKind::Resolver {
            tell(out, "dns.single", &node.id, resolver(scene, node));
        }
        let limits = entrances(scene, &look, node).map(|one| yes("rate_limited", one.rate_limited));
        add(out, "entrance.unthrottled", node, worst(limits));
        of_tenants(node, tenants, out);
    }
}

fn add(out: &mut Vec<Judgement>, rule: &'static str, node: &Node, answer: Option<Answer>) {
    if let Some(answer) = answer {
        tell(out, rule, &node.id, answer);
    }
}

/// What a node offers to the Internet, or of which it says whether requests are bounded.
fn entrances<'a>(
    scene: &'a Scene<'_>,
    look: &'a Look<'_>,
    node: &'a Node,
) -> impl Iterator<Item = &'a Service> {
    let vpn = node.kind == NodeKind::VpnDevice;
    let offered = node.listens.iter().flatten();
    offered.filter(move |one| {
        let offers = !vpn && one.management != Some(true) && open(scene, look, node, one);
        offers || one.rate_limited.is_some()
    })
}

/// Whether a service takes connections from the Internet: it says so, or says nothing and hangs on it.
pub(super) fn open(scene: &Scene<'_>, look: &Look<'_>, node: &Node, service: &Service) -> bool {
    if let Some(from) = &service.accepts_from {
        return from.iter().any(|from| look.lies_in(from, ZoneKind::Internet));
    }
    let hangs = |this: &str, other| this == node.id.as_str() && look.lies_in(other, ZoneKind::Internet);
    look.lies_in(&node.id, ZoneKind::Internet)
        || scene.site.links.iter().any(|link| {
            let forth = link.direction != Some(Direction::Forward);
            hangs(link.to.as_str(), &link.from) || (forth && hangs(link.from.as_str(), &link.to))
        })
}

fn of_tenants(node: &Node, tenants: bool, out: &mut Vec<Judgement>) {
    let services = || node.listens.iter().flatten();
    let accepts = tenants && matches!(node.kind, NodeKind::Balancer | NodeKind::Api);
    let accepted = services().filter(|one| accepts || one.approval.is_some());
    let accepted = worst(accepted.map(|one| yes("approval", one.approval)));
    add(out, "service.accepts-anybody", node, accepted);
    let keeps = matches!(node.kind, NodeKind::Database | NodeKind::Store);
    let told = accepts || (tenants && matches!(node.kind, NodeKind::Server | NodeKind::Database));
    let apart = services().filter(|one| told || one.tenants_told_apart.is_some());
    let apart = worst(apart.map(|one| yes("tenants_told_apart", one.tenants_told_apart)));
    let rule = if keeps { "service.tenants-not-separated" } else { "service.tenant-unknown" };
    add(out, rule, node, apart);
}

/// Names are resolved at two places, by one resolver or by several of one network.
fn resolver(scene: &Scene<'_>, node: &Node) -> Answer {
    let beside = |other: &&Node| {
        other.kind == NodeKind::Resolver
            && other.id != node.id
            && other.zones.iter().any(|zone| node.zones.contains(zone))
    };
    if let Some(other) = scene.site.nodes.iter().find(beside) {
        let other = &other.id;
        return Answer::new(Verdict::Holds, format!("`{other}` もあります"), format!("beside it: {other}"));
    }
    let count = node.count.or_else(|| {
        let addresses = node.addresses.as_ref().map(Vec::len)?;
        u32::try_from(addresses).ok()
    });
    let enough = |key: &str, count: Option<u32>| {
        count.map_or_else(
            || unsaid(key),
            |count| Answer::seen(count >= PLACES_LEAST, format!("{key}: {count}")),
        )
    };
    let answers = [enough("count", count), enough("places", node.places)];
    worst(answers).unwrap_or_else(|| unsaid("count"))
}
