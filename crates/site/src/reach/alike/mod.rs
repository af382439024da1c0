//! Origins that are alike: packets from one take the ways of packets from the other, and differ in their source only.
//!
//! Hosts are alike when they send by the same edges, count as members of the same groups, and have one known address of each
//! family of which no rule tells it from that of the other. Nothing else looks at who sends: routes go by destinations, and a
//! rule cuts boxes at the ends of its own boxes only. So the run from one is the run from the other, box by box and in the
//! same order, with the other's address where packets still have their first source. Unlike the classes of attack paths,
//! which are split where a run for all shows a difference, this is known before the first run, and gives the same hops.

use super::run::Piece;
use crate::network::{Edge, Kind, Memory, Network, NodeId, Placement};
use crate::packet::{Addresses, Family, Span};
use std::collections::BTreeMap;

/// Which origins are alike.
#[derive(Debug)]
pub(crate) struct Alike(BTreeMap<NodeId, NodeId>);

/// The addresses of an origin in each family; there is at most one.
type Sources = [Option<Span<u128>>; 2];

/// What origins have in common that are alike: the ways by which they send, their groups, and between which ends of rules
/// their addresses lie.
type Likeness<'a> = (&'a [Edge], &'a [usize], [Option<usize>; 2]);

const FAMILIES: [Family; 2] = [Family::V4, Family::V6];

impl Alike {
    /// The origins of a network that are alike.
    pub(crate) fn of(network: &Network) -> Self {
        let ends = FAMILIES.map(|family| ends(network, family));
        let groups = groups(network);
        let mut first: BTreeMap<Likeness<'_>, NodeId> = BTreeMap::new();
        let mut alike = BTreeMap::new();
        for (node, host) in network.hosts() {
            let Placement::At(addresses) = &host.placement else { continue };
            let (Some(sources), Some(inside)) = (sources(addresses), network.inside(node)) else { continue };
            let between = |at: usize| {
                let (span, ends) = (sources.get(at).copied().flatten()?, ends.get(at)?);
                Some(ends.partition_point(|end| *end <= span.first()))
            };
            let member = groups.get(&node).map_or(&[][..], Vec::as_slice);
            let key = (inside.edges.as_slice(), member, [between(0), between(1)]);
            alike.insert(node, *first.entry(key).or_insert(node));
        }
        Self(alike)
    }

    /// The first of the origins that are like this one: itself where there is none before it.
    pub(crate) fn first(&self, origin: NodeId) -> NodeId {
        self.0.get(&origin).copied().unwrap_or(origin)
    }
}

/// Where sources begin or end that rules tell apart, in order.
fn ends(network: &Network, family: Family) -> Vec<u128> {
    let mut ends = Vec::new();
    let mut add = |found: Family, span: Span<u128>| {
        if found == family && span != family.addresses() {
            ends.push(span.first());
            ends.extend(span.last().checked_add(1));
        }
    };
    for inside in &network.inside {
        match &inside.kind {
            Kind::Filter { rules, memory, .. } => {
                rules.boxes.boxes().for_each(|(cube, _)| add(cube.family, cube.source));
                if let Memory::Stateless { answers, .. } = memory {
                    // Who sends is where the answers go.
                    answers.boxes.boxes().for_each(|(cube, _)| add(cube.family, cube.destination));
                }
            }
            Kind::Translator { rewrites, .. } => {
                rewrites.boxes.boxes().for_each(|(cube, _)| add(cube.family, cube.source));
            }
            Kind::Host(_) | Kind::Router { .. } | Kind::Link { .. } => {}
        }
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

fn groups(network: &Network) -> BTreeMap<NodeId, Vec<usize>> {
    let mut groups: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
    for (at, group) in network.groups.iter().enumerate() {
        for node in &group.nodes {
            groups.entry(*node).or_default().push(at);
        }
    }
    groups
}

/// The one address of each family; nothing where there are several of one, or none at all.
fn sources(addresses: &Addresses) -> Option<Sources> {
    let of = |family| {
        let mut spans = addresses.of(family);
        match (spans.next(), spans.next()) {
            (None, _) => Some(None),
            (Some(span), None) if span.first() == span.last() => Some(Some(span)),
            _ => None,
        }
    };
    let [four, six] = FAMILIES.map(of);
    let sources = [four?, six?];
    sources.iter().any(Option::is_some).then_some(sources)
}

/// An origin in whose place another one like it is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instead {
    ran: NodeId,
    origin: NodeId,
    sources: Sources,
}

impl Instead {
    /// This origin instead of the one that was run; nothing where their packets are of different families.
    pub(super) fn new(network: &Network, ran: NodeId, origin: NodeId) -> Option<Self> {
        let [own, other] = [origin, ran].map(|node| sources(&network.sources(node)));
        let (own, other) = (own?, other?);
        let are_same = own.iter().zip(&other).all(|(own, other)| own.is_some() == other.is_some());
        are_same.then_some(Self { ran, origin, sources: own })
    }

    /// A box of packets of the run, as it would be from this origin.
    pub(super) fn of(self, mut piece: Piece) -> Piece {
        // Packets that the origin sends to itself come back to the host that was run.
        if piece.node == self.ran && piece.parent.is_none() {
            piece.node = self.origin;
        }
        let traveller = &mut piece.traveller;
        if traveller.sender == self.ran {
            let [four, six] = self.sources;
            let own = match traveller.cube.family {
                Family::V4 => four,
                Family::V6 => six,
            };
            traveller.sender = self.origin;
            traveller.cube.source = own.unwrap_or(traveller.cube.source);
        }
        piece
    }
}

#[cfg(test)]
mod tests;
