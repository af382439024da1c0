//! Everything in a description that names something else.

use super::place::Id;
use super::protection::Protection;
use super::scalar::Peer;
use super::words::Phase;
use super::{Backup, Cloud, Element, Filter, Flow, Link, Maintenance, Node, Placed, Site, Zone};

/// What may be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    Party,
    Zone,
    Node,
    Link,
    Cloud,
    /// What nothing names: filters, flows, maintenance, backups.
    Other,
}

const PARTY: &[Named] = &[Named::Party];
const ZONE: &[Named] = &[Named::Zone];
const NODE: &[Named] = &[Named::Node];
const LINK: &[Named] = &[Named::Link];
/// Where somebody stands.
const PLACE: &[Named] = &[Named::Zone, Named::Node];
/// What can be an end of a link.
const END: &[Named] = &[Named::Zone, Named::Node, Named::Cloud];
/// Where a key is kept: on a machine, or with somebody.
const KEEPER: &[Named] = &[Named::Node, Named::Party];

/// A reference: what it names, what it may name, and when it must be there.
#[derive(Debug)]
pub(super) struct Reference<'a> {
    pub(super) id: Id,
    pub(super) wanted: &'static [Named],
    pub(super) phases: &'a [Phase],
}

/// All of them.
pub(super) fn references(site: &Site) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    site.zones.iter().for_each(|zone| of_zone(zone, &mut found));
    site.nodes.iter().for_each(|node| of_node(node, &mut found));
    site.links.iter().for_each(|link| of_link(link, &mut found));
    site.cloud.iter().for_each(|cloud| of_cloud(cloud, &mut found));
    site.filters.iter().flatten().for_each(|filter| of_filter(filter, &mut found));
    site.maintenance.iter().flatten().for_each(|entry| of_maintenance(entry, &mut found));
    site.flows.iter().flatten().for_each(|flow| of_flow(flow, &mut found));
    site.backups.iter().flatten().for_each(|backup| of_backup(backup, &mut found));
    found
}

/// Takes references of one element.
struct Taker<'a, 'b> {
    phases: &'a [Phase],
    found: &'b mut Vec<Reference<'a>>,
}

impl Taker<'_, '_> {
    fn take<'i>(&mut self, ids: impl IntoIterator<Item = &'i Id>, wanted: &'static [Named]) {
        let phases = self.phases;
        self.found.extend(ids.into_iter().map(|id| Reference { id: id.clone(), wanted, phases }));
    }

    fn protections(&mut self, protections: Option<&[Protection]>) {
        for protection in protections.into_iter().flatten() {
            if let Protection::Tls(tls) = protection {
                self.take(&tls.verified_by, NODE);
            }
        }
    }

    fn peers(&mut self, peers: Option<&[Placed<Peer>]>) {
        let named = peers.into_iter().flatten().filter_map(|peer| match &peer.value {
            Peer::Named(id) => Some(Placed { value: id.clone(), place: peer.place }),
            Peer::Any | Peer::Range(_) => None,
        });
        self.take(named.collect::<Vec<_>>().iter(), END);
    }
}

fn of_zone<'a>(zone: &'a Zone, found: &mut Vec<Reference<'a>>) {
    let mut taker = Taker { phases: zone.phases(), found };
    taker.take(&zone.within, ZONE);
    taker.take(&zone.owner, PARTY);
    taker.take(&zone.run_by, PARTY);
    taker.take(&zone.default_route, NODE);
}

fn of_node<'a>(node: &'a Node, found: &mut Vec<Reference<'a>>) {
    let mut taker = Taker { phases: node.phases(), found };
    taker.take(&node.zones, ZONE);
    taker.take(&node.owner, PARTY);
    taker.take(node.administered_by.iter().flatten(), PARTY);
    for service in node.listens.iter().flatten() {
        taker.take(service.accepts_from.iter().flatten(), END);
        taker.protections(service.protection.as_deref());
    }
}

fn of_link<'a>(link: &'a Link, found: &mut Vec<Reference<'a>>) {
    let mut taker = Taker { phases: link.phases(), found };
    taker.take([&link.from, &link.to], END);
    taker.take(&link.carried_by, PARTY);
    taker.take(link.answered_for_by.iter().flatten(), PARTY);
    taker.take(&link.redundant_to, LINK);
    taker.protections(link.protection.as_deref());
}

fn of_cloud<'a>(cloud: &'a Cloud, found: &mut Vec<Reference<'a>>) {
    Taker { phases: cloud.phases(), found }.take(&cloud.stands_for, ZONE);
}

fn of_filter<'a>(filter: &'a Filter, found: &mut Vec<Reference<'a>>) {
    let mut taker = Taker { phases: filter.phases(), found };
    taker.take([&filter.at], NODE);
    for rule in filter.rules.iter().flatten() {
        taker.peers(rule.value.from.as_deref());
        taker.peers(rule.value.to.as_deref());
    }
}

fn of_maintenance<'a>(entry: &'a Maintenance, found: &mut Vec<Reference<'a>>) {
    let mut taker = Taker { phases: entry.phases(), found };
    taker.take(&entry.vendor, PARTY);
    taker.take(&entry.from, PLACE);
    taker.take(entry.into.iter().flatten(), NODE);
    taker.take(entry.by.iter().flatten(), LINK);
}

fn of_flow<'a>(flow: &'a Flow, found: &mut Vec<Reference<'a>>) {
    let mut taker = Taker { phases: flow.phases(), found };
    taker.take([&flow.from, &flow.to], END);
    taker.take(flow.via.iter().flatten(), LINK);
    taker.take(&flow.key_kept_at, KEEPER);
    taker.protections(flow.protection.as_deref());
}

fn of_backup<'a>(backup: &'a Backup, found: &mut Vec<Reference<'a>>) {
    let mut taker = Taker { phases: backup.phases(), found };
    taker.take(&backup.of, NODE);
    taker.take(&backup.at, NODE);
    taker.take(backup.administered_by.iter().flatten(), PARTY);
}
