//! Which addresses zones and nodes have.
//!
//! A zone without ranges is given a block of its own of addresses that no network uses, so that packets can be followed and
//! zones are told apart. A node without addresses is given a stand-in from its zone: one address that nothing else has. As
//! long as no rule tells the free addresses of the zone apart, one of them is as good as another, and what is found for the
//! stand-in holds for whichever address the node really has. Where a rule does tell them apart, or a cloud is joined whose
//! rules are not seen here, only the range is known.

use super::free::Free;
use super::reserve::Reserve;
use crate::description::{Id, Node, Peer, Site, Zone, ZoneKind};
use crate::packet::{Addresses, Family, Span};
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// How deep zones lie in each other where it is looked at, as where the description is checked.
const NESTING_MAX: usize = 32;

/// Where a node stands in a zone.
#[derive(Clone, Debug)]
pub(super) struct Foot<'a> {
    /// The zone; empty where the node stands in none.
    pub(super) zone: &'a str,
    /// Its addresses there, or the range in which its one address lies.
    pub(super) addresses: Addresses,
    /// Whether they are its addresses, or stand for them.
    pub(super) sure: bool,
    /// Whether somebody wrote them.
    pub(super) written: bool,
}

/// The addresses of a site.
#[derive(Debug, Default)]
pub(super) struct Layout<'a> {
    zones: BTreeMap<&'a str, Vec<IpNet>>,
    within: BTreeMap<&'a str, Vec<&'a str>>,
    feet: BTreeMap<&'a str, Vec<Foot<'a>>>,
    members: BTreeMap<&'a str, Vec<(Family, Span<u128>)>>,
    whole: BTreeMap<&'a str, Addresses>,
    undescribed: BTreeMap<&'a str, Addresses>,
    told_apart: ToldApart,
}

impl<'a> Layout<'a> {
    /// The addresses of a site; `joined` where clouds are joined to it.
    pub(super) fn new(site: &'a Site, joined: bool) -> Self {
        let mut layout = Self { told_apart: ToldApart::new(site), ..Self::default() };
        let mut reserve = Reserve::new(has_six(site));
        layout.take_zones(site, &mut reserve);
        let loose = layout.take_known(site);
        let elsewhere = reserve.block(loose.len());
        layout.zones.insert(NOWHERE, elsewhere);
        layout.take_loose(&loose, joined);
        layout.undescribed =
            layout.zones.keys().map(|zone| (*zone, layout.of_nobody(zone, joined))).collect();
        layout.whole = layout.zones.keys().map(|zone| (*zone, layout.all_of(zone))).collect();
        layout
    }

    /// The prefixes of a zone; of one of the kind `internet`, none.
    pub(super) fn prefixes(&self, zone: &str) -> &[IpNet] {
        self.zones.get(zone).map(Vec::as_slice).unwrap_or_default()
    }

    /// The prefixes of all zones, and of what stands in none.
    pub(super) fn all_prefixes(&self) -> BTreeSet<IpNet> {
        self.zones.values().flatten().copied().collect()
    }

    /// The zones that lie within a zone directly.
    pub(super) fn parts(&self, zone: &str) -> &[&'a str] {
        self.within.get(zone).map(Vec::as_slice).unwrap_or_default()
    }

    /// All addresses of a zone, its parts and its members.
    pub(super) fn addresses(&self, zone: &str) -> Addresses {
        self.whole.get(zone).cloned().unwrap_or_default()
    }

    fn all_of(&self, zone: &str) -> Addresses {
        let mut spans = Vec::new();
        let mut open = vec![(zone, 0_usize)];
        while let Some((zone, depth)) = open.pop() {
            spans.extend(Addresses::from_nets(self.prefixes(zone).iter().copied()).spans());
            spans.extend(self.members.get(zone).into_iter().flatten());
            if depth < NESTING_MAX {
                open.extend(self.parts(zone).iter().map(|part| (*part, depth.saturating_add(1))));
            }
        }
        Addresses::from_spans(spans)
    }

    /// Where a node stands.
    pub(super) fn feet(&self, node: &str) -> &[Foot<'a>] {
        self.feet.get(node).map(Vec::as_slice).unwrap_or_default()
    }

    /// Addresses of a zone that nobody has who is described: all of them where rules tell them apart, otherwise a span that
    /// stands for all.
    pub(super) fn undescribed(&self, zone: &str) -> Addresses {
        self.undescribed.get(zone).cloned().unwrap_or_default()
    }

    fn of_nobody(&self, zone: &str, joined: bool) -> Addresses {
        let free = self.free(zone);
        if joined || self.told_apart.cuts(&free) {
            return free;
        }
        let longest = |family| {
            let span = free.of(family).max_by_key(|span| span.last() - span.first());
            span.map(|span| (family, span))
        };
        Addresses::from_spans([Family::V4, Family::V6].into_iter().filter_map(longest))
    }

    /// Where a public address of the site lies that nobody wrote. Where no rule tells public addresses apart, a part of them
    /// stands for all.
    pub(super) fn public(&self, has_clouds: bool) -> Addresses {
        let public = Addresses::public();
        if has_clouds || self.told_apart.cuts(&public) {
            return public;
        }
        let first = |family| public.of(family).next().map(|span| (family, span));
        Addresses::from_spans([Family::V4, Family::V6].into_iter().filter_map(first))
    }

    fn take_zones(&mut self, site: &'a Site, reserve: &mut Reserve) {
        let mut members: BTreeMap<&str, usize> = BTreeMap::new();
        for zone in site.nodes.iter().flat_map(|node| &node.zones) {
            let count = members.entry(zone.as_str()).or_default();
            *count = count.saturating_add(1);
        }
        for zone in &site.zones {
            let id = zone.id.as_str();
            let given: Vec<IpNet> = zone.ranges.iter().flatten().map(|range| range.value.0).collect();
            let prefixes = match zone.kind {
                ZoneKind::Internet => Vec::new(),
                _ if given.is_empty() => reserve.block(members.get(id).copied().unwrap_or_default()),
                _ => given,
            };
            self.zones.insert(id, prefixes);
            if let Some(whole) = &zone.within {
                self.within.entry(whole.as_str()).or_default().push(id);
            }
        }
    }

    /// The feet of which the addresses are written. What comes back are those of which they are not.
    fn take_known(&mut self, site: &'a Site) -> Vec<(&'a Node, &'a str)> {
        let zones: BTreeMap<&str, &Zone> = site.zones.iter().map(|zone| (zone.id.as_str(), zone)).collect();
        let mut loose = Vec::new();
        for node in &site.nodes {
            let written: Vec<IpAddr> = node.addresses.iter().flatten().map(|one| one.value.0).collect();
            let lies_in = |zone: &str, address: &IpAddr| {
                let zone = zones.get(zone).filter(|zone| zone.kind != ZoneKind::Internet);
                zone.is_some_and(|zone| {
                    zone.ranges.iter().flatten().any(|range| range.value.0.contains(address))
                })
            };
            let in_none = |address: &IpAddr| !node.zones.iter().any(|zone| lies_in(zone.as_str(), address));
            let rest: Vec<IpAddr> = written.iter().filter(|address| in_none(address)).copied().collect();
            let names = node.zones.iter().map(Id::as_str).chain(node.zones.is_empty().then_some(NOWHERE));
            for zone in names {
                let has_ranges = zones.get(zone).is_some_and(|zone| {
                    zone.kind != ZoneKind::Internet && zone.ranges.as_ref().is_some_and(|all| !all.is_empty())
                });
                let here: Vec<IpAddr> = if has_ranges {
                    written.iter().filter(|address| lies_in(zone, address)).copied().collect()
                } else {
                    rest.clone()
                };
                if here.is_empty() {
                    loose.push((node, zone));
                } else {
                    self.stand(
                        node,
                        Foot { zone, addresses: Addresses::from_hosts(here), sure: true, written: true },
                    );
                }
            }
        }
        loose
    }

    fn take_loose(&mut self, loose: &[(&'a Node, &'a str)], joined: bool) {
        let mut free: BTreeMap<&str, Free> = BTreeMap::new();
        for &(node, zone) in loose {
            // The internet has no range of its own: who stands in it is somewhere.
            let place = if self.prefixes(zone).is_empty() { NOWHERE } else { zone };
            let left = free.entry(place).or_insert_with(|| {
                let free = self.free(place);
                let sure = !joined && !self.told_apart.cuts(&free);
                Free::new(free, sure)
            });
            let foot = match left.stand_in() {
                Some(addresses) => Foot { zone, addresses, sure: true, written: false },
                None => Foot { zone, addresses: left.range().clone(), sure: false, written: false },
            };
            self.stand(node, foot);
        }
    }

    /// The addresses of a zone that neither its parts nor anybody who is known have; all of them where there are no others.
    fn free(&self, zone: &str) -> Addresses {
        let all = Addresses::from_nets(self.prefixes(zone).iter().copied());
        let parts = self.parts(zone).iter().flat_map(|part| self.prefixes(part)).copied();
        let members = self.members.get(zone).into_iter().flatten().copied();
        let taken = Addresses::from_nets(parts).with(&Addresses::from_spans(members));
        let free = all.without(&taken);
        if free.is_empty() { all } else { free }
    }

    fn stand(&mut self, node: &'a Node, foot: Foot<'a>) {
        if foot.sure {
            self.members.entry(foot.zone).or_default().extend(foot.addresses.spans());
        }
        self.feet.entry(node.id.as_str()).or_default().push(foot);
    }
}

/// What nodes that stand in no zone stand in. No zone has this id.
pub(super) const NOWHERE: &str = "";

fn has_six(site: &Site) -> bool {
    let ranges =
        site.zones.iter().flat_map(|zone| zone.ranges.iter().flatten()).map(|range| range.value.0.addr());
    let nodes = site.nodes.iter().flat_map(|node| node.addresses.iter().flatten()).map(|one| one.value.0);
    ranges.chain(nodes).any(|address| address.is_ipv6())
}

/// The sets of addresses that rules and links name as such.
#[derive(Debug, Default)]
struct ToldApart {
    sets: Vec<Addresses>,
    /// Numbers that one set or another begins with, and those after its end.
    edges: BTreeSet<(Family, u128)>,
}

impl ToldApart {
    fn new(site: &Site) -> Self {
        let of_rules = site.filters.iter().flatten().flat_map(|filter| filter.rules.iter().flatten());
        let sides = of_rules.flat_map(|rule| [&rule.value.from, &rule.value.to]);
        let named = sides.map(|side| {
            let ranges = side.iter().flatten().filter_map(|peer| match &peer.value {
                Peer::Range(range) => Some(range.0),
                Peer::Any | Peer::Named(_) => None,
            });
            Addresses::from_nets(ranges)
        });
        let prefixes = site
            .links
            .iter()
            .map(|link| Addresses::from_nets(link.prefixes.iter().flatten().map(|range| range.value.0)));
        let sets: Vec<Addresses> = named.chain(prefixes).filter(|set| !set.is_empty()).collect();
        let spans = sets.iter().flat_map(|set| set.spans().iter().copied());
        let edges = spans.flat_map(|(family, span)| {
            [Some((family, span.first())), span.last().checked_add(1).map(|after| (family, after))]
        });
        let edges = edges.flatten().collect();
        Self { sets, edges }
    }

    /// Whether a set has some of these addresses and not all of them.
    fn cuts(&self, addresses: &Addresses) -> bool {
        let inside = addresses.spans().iter().any(|(family, span)| {
            span.first() < span.last()
                && self.edges.range((*family, span.first() + 1)..=(*family, span.last())).next().is_some()
        });
        inside
            || (addresses.spans().len() > 1
                && self.sets.iter().any(|set| {
                    let both = addresses.intersect(set);
                    !both.is_empty() && both != *addresses
                }))
    }
}
