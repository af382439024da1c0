//! Zones with equal addresses that something joins.

use crate::description::{Node, Site, ZoneKind};
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// The zones of which nobody knows whether they are meant by a packet from elsewhere, as something joins them with another
/// that has equal addresses.
pub(super) fn ambiguous(site: &Site) -> BTreeSet<&str> {
    if site.zones.iter().all(|zone| zone.space.is_none()) {
        return BTreeSet::new();
    }
    let joined = Joined::new(site);
    overlapping(site, |zone| joined.of(zone))
}

/// The zones that have addresses in common with one of another space.
pub(super) fn shared(site: &Site) -> BTreeSet<&str> {
    if site.zones.iter().all(|zone| zone.space.is_none()) {
        return BTreeSet::new();
    }
    overlapping(site, |_| Some(0))
}

/// Zones with the same range, in a part of the network.
struct Equal<'a> {
    range: IpNet,
    zones: Vec<&'a str>,
    spaces: BTreeSet<Option<&'a str>>,
    is_found: bool,
}

/// The same, among those that are of the same part of the network.
fn overlapping<'a>(site: &'a Site, part: impl Fn(&str) -> Option<usize>) -> BTreeSet<&'a str> {
    let mut all: BTreeMap<(usize, IpAddr, u8), Equal<'a>> = BTreeMap::new();
    for zone in site.zones.iter().filter(|zone| zone.kind != ZoneKind::Internet) {
        for range in zone.ranges.iter().flatten().map(|range| range.value.0) {
            let Some(part) = part(zone.id.as_str()) else { continue };
            let key = (part, range.network(), range.prefix_len());
            let new = || Equal { range, zones: Vec::new(), spaces: BTreeSet::new(), is_found: false };
            let equal = all.entry(key).or_insert_with(new);
            equal.zones.push(zone.id.as_str());
            equal.spaces.insert(zone.space.as_deref());
        }
    }
    let mut found = BTreeSet::new();
    // The ranges that hold the one that is looked at, the widest first.
    let mut open: Vec<(usize, Equal<'a>)> = Vec::new();
    for ((part, ..), mut equal) in all {
        while open.last().is_some_and(|(known, wide)| *known != part || !wide.range.contains(&equal.range)) {
            found.extend(open.pop().into_iter().flat_map(|(_, wide)| wide.found()));
        }
        equal.is_found = equal.spaces.len() > 1;
        for (_, wide) in &mut open {
            let is_other = wide.spaces.len() > 1 || equal.spaces.len() > 1 || wide.spaces != equal.spaces;
            wide.is_found |= is_other;
            equal.is_found |= is_other;
        }
        open.push((part, equal));
    }
    found.extend(open.into_iter().flat_map(|(_, wide)| wide.found()));
    found
}

impl<'a> Equal<'a> {
    fn found(self) -> Vec<&'a str> {
        if self.is_found { self.zones } else { Vec::new() }
    }
}

/// What is joined with what, whatever filters say; not by the internet.
struct Joined<'a> {
    numbers: BTreeMap<&'a str, usize>,
    above: Vec<usize>,
}

impl<'a> Joined<'a> {
    fn new(site: &'a Site) -> Self {
        let mut joined = Self { numbers: BTreeMap::new(), above: Vec::new() };
        let outside: BTreeSet<&str> = site
            .zones
            .iter()
            .filter(|zone| zone.kind == ZoneKind::Internet)
            .map(|zone| zone.id.as_str())
            .collect();
        // A device that passes nothing on is another one at each of its places.
        let ends: BTreeSet<&str> = site
            .nodes
            .iter()
            .filter(|node| node.forwards == Some(false))
            .map(|node| node.id.as_str())
            .chain(outside)
            .collect();
        let pairs = site.links.iter().map(|link| (link.from.as_str(), link.to.as_str()));
        let parts =
            site.zones.iter().filter_map(|zone| Some((zone.id.as_str(), zone.within.as_ref()?.as_str())));
        let feet = site.nodes.iter().flat_map(of_node);
        let clouds = site
            .cloud
            .iter()
            .filter_map(|cloud| Some((cloud.id.as_str(), cloud.stands_for.as_ref()?.as_str())));
        for (one, other) in pairs.chain(parts).chain(feet).chain(clouds) {
            if !ends.contains(one) && !ends.contains(other) {
                joined.join(one, other);
            }
        }
        joined
    }

    /// The number of the part of the network that something is in; none where nothing joins it with anything.
    fn of(&self, id: &str) -> Option<usize> {
        let mut at = *self.numbers.get(id)?;
        while let Some(above) = self.above.get(at).copied().filter(|above| *above != at) {
            at = above;
        }
        Some(at)
    }

    fn join(&mut self, one: &'a str, other: &'a str) {
        for id in [one, other] {
            let next = self.above.len();
            if *self.numbers.entry(id).or_insert(next) == next {
                self.above.push(next);
            }
        }
        let (Some(one), Some(other)) = (self.of(one), self.of(other)) else { return };
        if let Some(above) = self.above.get_mut(one.max(other)) {
            *above = one.min(other);
        }
    }
}

fn of_node(node: &Node) -> impl Iterator<Item = (&str, &str)> {
    node.zones.iter().map(|zone| (node.id.as_str(), zone.as_str()))
}
