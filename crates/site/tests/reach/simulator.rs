//! A second reading of networks: one packet at a time, hop by hop, in every world that the maybes of a node allow.
//!
//! It shares nothing with the product but the words that name the result. It is slow and plain on purpose.

use site::network::{Carrier, Labels, Protection};
use std::collections::BTreeSet;

/// Addresses are the numbers below this.
pub(crate) const ADDRESSES: u32 = 16;
/// Ports are the numbers below this.
pub(crate) const PORTS: u16 = 2;
/// TCP and UDP.
pub(crate) const PROTOCOLS: [u8; 2] = [6, 17];

/// A packet of the small world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Small {
    pub(crate) source: u32,
    pub(crate) destination: u32,
    pub(crate) protocol: u8,
    pub(crate) source_port: u16,
    pub(crate) port: u16,
}

/// A network of the small world.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) nodes: Vec<Thing>,
    pub(crate) groups: Vec<Members>,
    pub(crate) six: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Members {
    pub(crate) nodes: Vec<usize>,
    pub(crate) addresses: Vec<(u32, u32)>,
    pub(crate) others: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) to: usize,
    pub(crate) maybe: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Thing {
    Host { addresses: Vec<u32>, ways: Vec<Way> },
    Router { routes: Vec<Hop> },
    Filter { rules: Vec<Law>, allows: bool, answers: Option<Vec<Law>>, ways: Vec<Way> },
    Translator { rewrites: Vec<Change>, ways: Vec<Way> },
    Link { carrier: Carrier, protection: Protection, ways: Vec<Way> },
}

#[derive(Clone, Debug)]
pub(crate) struct Hop {
    pub(crate) first: u32,
    /// How many of the 4 bits of an address are fixed.
    pub(crate) bits: u8,
    pub(crate) next: To,
    pub(crate) maybe: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum To {
    Node(usize),
    Here,
    Nowhere,
    OneOf(Vec<usize>),
}

#[derive(Clone, Debug)]
pub(crate) enum Who {
    Anybody,
    From(u32, u32),
    Group(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) source: Who,
    pub(crate) destination: Who,
    pub(crate) protocol: Option<u8>,
    pub(crate) source_port: Option<u16>,
    pub(crate) port: Option<u16>,
}

#[derive(Clone, Debug)]
pub(crate) struct Law {
    pub(crate) about: About,
    pub(crate) allows: bool,
    pub(crate) maybe: bool,
}

pub(crate) type Aim = (Option<(u32, u32)>, Option<u16>, Way);

#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) about: About,
    pub(crate) maybe: bool,
    pub(crate) source: Option<(u32, u32)>,
    /// New addresses, new port, and by what way.
    pub(crate) targets: Vec<Aim>,
}

/// A packet somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) node: usize,
    pub(crate) packet: Small,
    pub(crate) labels: Labels,
    pub(crate) sender: usize,
}

/// Where packets arrive: for certain, and at all.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) sure: BTreeSet<Place>,
    pub(crate) all: BTreeSet<Place>,
}

impl World {
    /// Follows every packet with a source of the origin.
    pub(crate) fn simulate(&self, origin: usize) -> Found {
        let Thing::Host { addresses, ways } = &self.nodes[origin] else { return Found::default() };
        let mut found = Found::default();
        let (mut seen, mut open) = (BTreeSet::new(), Vec::new());
        for packet in packets(addresses) {
            let begin = Place { node: origin, packet, labels: Labels::none(), sender: origin };
            open.extend(ways.iter().map(|way| (Place { node: way.to, ..begin }, !way.maybe)));
        }
        while let Some((place, sure)) = open.pop() {
            if !seen.insert((place, sure)) {
                continue;
            }
            for (next, surely) in self.hop(place, &mut found, sure) {
                open.push((next, sure && surely));
            }
        }
        found
    }

    fn hop(&self, place: Place, found: &mut Found, sure: bool) -> Vec<(Place, bool)> {
        let mut arrive = |sure: bool| {
            found.all.insert(place);
            if sure {
                found.sure.insert(place);
            }
        };
        let onward = |ways: &[Way], place: Place| -> Vec<(Place, bool)> {
            ways.iter().map(|way| (Place { node: way.to, ..place }, !way.maybe)).collect()
        };
        match &self.nodes[place.node] {
            Thing::Host { addresses, .. } => {
                if addresses.contains(&place.packet.destination) {
                    arrive(sure);
                }
                Vec::new()
            }
            Thing::Router { routes } => {
                let mut next = Vec::new();
                for (route, surely) in routes_taken(routes, place.packet.destination) {
                    match &routes[route].next {
                        To::Node(node) => next.push((Place { node: *node, ..place }, surely)),
                        To::OneOf(nodes) => {
                            next.extend(nodes.iter().map(|node| (Place { node: *node, ..place }, false)));
                        }
                        To::Here => arrive(sure && surely),
                        To::Nowhere => {}
                    }
                }
                next
            }
            Thing::Filter { rules, allows, answers, ways } => {
                let mut worlds = self.verdicts(rules, *allows, place, false);
                if let (Some(answers), 6) = (answers, place.packet.protocol) {
                    let back = self.verdicts(
                        answers,
                        *allows,
                        Place { packet: turned(place.packet), ..place },
                        true,
                    );
                    worlds = (worlds.0 && back.0, worlds.1 && back.1);
                }
                let (in_all, in_some) = worlds;
                let next = if in_some { onward(ways, place) } else { Vec::new() };
                next.into_iter().map(|(next, surely)| (next, surely && in_all)).collect()
            }
            Thing::Translator { rewrites, ways } => self.translate(rewrites, ways, place),
            Thing::Link { carrier, protection, ways } => {
                onward(ways, Place { labels: place.labels.through(*carrier, *protection), ..place })
            }
        }
    }

    /// Whether a packet passes in all worlds, and whether in some.
    fn verdicts(&self, rules: &[Law], allows: bool, place: Place, answer: bool) -> (bool, bool) {
        let (mut in_all, mut in_some) = (true, false);
        for world in 0..1_u32 << rules.len() {
            let decides = rules.iter().enumerate().find(|(bit, rule)| {
                let (surely, maybe) = self.is_about(&rule.about, place, answer);
                surely && !rule.maybe || (surely || maybe) && world >> bit & 1 == 1
            });
            let passes = decides.map_or(allows, |(_, rule)| rule.allows);
            in_all &= passes;
            in_some |= passes;
        }
        (in_all, in_some)
    }

    fn translate(&self, rewrites: &[Change], ways: &[Way], place: Place) -> Vec<(Place, bool)> {
        let mut chosen = vec![0_u32; rewrites.len() + 1];
        for world in 0..1_u32 << rewrites.len() {
            let first = (0..rewrites.len()).find(|at| {
                let (surely, maybe) = self.is_about(&rewrites[*at].about, place, false);
                surely && !rewrites[*at].maybe || (surely || maybe) && world >> at & 1 == 1
            });
            chosen[first.unwrap_or(rewrites.len())] += 1;
        }
        let all = 1_u32 << rewrites.len();
        let mut next = Vec::new();
        for (at, worlds) in chosen.into_iter().enumerate().filter(|(_, worlds)| *worlds > 0) {
            match rewrites.get(at) {
                None => next.extend(
                    ways.iter().map(|way| (Place { node: way.to, ..place }, worlds == all && !way.maybe)),
                ),
                Some(change) => {
                    for (place, sure) in changed(change, place) {
                        next.push((place, sure && worlds == all));
                    }
                }
            }
        }
        next
    }

    /// Whether a rule is about a packet for certain, and whether it may be.
    fn is_about(&self, about: &About, place: Place, answer: bool) -> (bool, bool) {
        let packet = place.packet;
        let fits = about.protocol.is_none_or(|protocol| protocol == packet.protocol)
            && about.source_port.is_none_or(|port| port == packet.source_port)
            && about.port.is_none_or(|port| port == packet.port);
        let sender = (!answer).then_some(place.sender);
        let (source, maybe_source) = self.is_who(&about.source, packet.source, sender);
        let (destination, maybe_destination) = self.is_who(&about.destination, packet.destination, None);
        (
            fits && source && destination,
            fits && (source || maybe_source) && (destination || maybe_destination),
        )
    }

    fn is_who(&self, who: &Who, address: u32, sender: Option<usize>) -> (bool, bool) {
        match who {
            Who::Anybody => (true, true),
            Who::From(first, last) => ((*first..=*last).contains(&address), false),
            Who::Group(group) => {
                let group = &self.groups[*group];
                let named = group.addresses.iter().any(|(first, last)| (*first..=*last).contains(&address));
                let has = |node: &usize| match &self.nodes[*node] {
                    Thing::Host { addresses, .. } => addresses.contains(&address),
                    _ => false,
                };
                let is_member = sender
                    .map_or_else(|| group.nodes.iter().any(has), |sender| group.nodes.contains(&sender));
                (named || is_member, group.others)
            }
        }
    }
}

/// The routes that are taken in some world, and whether in all.
fn routes_taken(routes: &[Hop], destination: u32) -> Vec<(usize, bool)> {
    let maybes: Vec<usize> = (0..routes.len()).filter(|at| routes[*at].maybe).collect();
    let mut taken = vec![0; routes.len()];
    for world in 0..1 << maybes.len() {
        let is_there =
            |at: usize| maybes.iter().position(|maybe| *maybe == at).is_none_or(|bit| world >> bit & 1 == 1);
        let fits = |at: &usize| {
            let hop = &routes[*at];
            is_there(*at) && destination >> (4 - hop.bits) == hop.first >> (4 - hop.bits)
        };
        let fitting: Vec<usize> = (0..routes.len()).filter(fits).collect();
        let longest = fitting.iter().map(|at| routes[*at].bits).max();
        for at in fitting.into_iter().filter(|at| Some(routes[*at].bits) == longest) {
            taken[at] += 1;
        }
    }
    let all = 1 << maybes.len();
    taken
        .into_iter()
        .enumerate()
        .filter(|(_, worlds)| *worlds > 0)
        .map(|(at, worlds)| (at, worlds == all))
        .collect()
}

fn changed(change: &Change, place: Place) -> Vec<(Place, bool)> {
    let mut places = Vec::new();
    let sender = if change.source.is_some() { place.node } else { place.sender };
    for (addresses, port, way) in &change.targets {
        let kept = (place.packet.destination, place.packet.destination);
        let (first, last) = addresses.unwrap_or(kept);
        for destination in first..=last {
            let packet = Small { destination, port: port.unwrap_or(place.packet.port), ..place.packet };
            let mut add = |packet| places.push((Place { node: way.to, packet, sender, ..place }, !way.maybe));
            match change.source {
                None => add(packet),
                Some((first, last)) => {
                    for source in first..=last {
                        (0..PORTS).for_each(|source_port| add(Small { source, source_port, ..packet }));
                    }
                }
            }
        }
    }
    places
}

fn turned(packet: Small) -> Small {
    Small {
        source: packet.destination,
        destination: packet.source,
        source_port: packet.port,
        port: packet.source_port,
        ..packet
    }
}

fn packets(sources: &[u32]) -> Vec<Small> {
    let mut packets = Vec::new();
    for &source in sources {
        for destination in 0..ADDRESSES {
            for protocol in PROTOCOLS {
                for source_port in 0..PORTS {
                    let packet = |port| Small { source, destination, protocol, source_port, port };
                    packets.extend((0..PORTS).map(packet));
                }
            }
        }
    }
    packets
}
