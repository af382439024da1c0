//! What a run found: where packets arrived, by which hops, and where nobody knows.

use super::alike::Instead;
use super::run::Piece;
use super::step::Via;
use crate::network::{Kind, Labels, Network, NodeId, Reason, ReasonId};
use crate::packet::{Addresses, Cube, PacketSet, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// All that packets from one origin reach.
#[derive(Debug)]
pub struct Reach<'a> {
    network: &'a Network,
    origin: NodeId,
    found: Rc<Found>,
    /// Where another origin was run that is like this one.
    instead: Option<Instead>,
}

/// What a run comes to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pieces: Vec<Piece>,
    pub(super) arrived: BTreeMap<NodeId, Vec<u32>>,
    pub(super) gaps: Gaps,
}

/// Where packets were lost sight of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The node.
    pub node: NodeId,
    /// Some of the packets.
    pub packets: Cube,
    /// Why.
    pub reason: Reason,
    /// Whether they may have gone to any node; otherwise only to nodes that come after this one.
    pub anywhere: bool,
}

/// The gaps of a run, each place and reason once.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    kept: Vec<Gap>,
    more: bool,
}

/// The answer for one node.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Packets arrive, for certain or maybe.
    Reached(Box<Reached>),
    /// None was seen to arrive, but some were lost sight of that might.
    Undecided(Vec<Gap>),
    /// None arrives: there is no path in the model.
    NoPath,
}

/// Packets arrive.
#[derive(Clone, Debug)]
pub struct Reached {
    /// Where.
    pub to: NodeId,
    /// As what they arrive: those that arrive for certain if there are any, otherwise those that may. Where the run has gaps
    /// there may be more.
    pub packets: PacketSet,
    /// A shortest path by which some of these come.
    pub path: Vec<Hop>,
    /// Whether it is certain.
    pub decided: bool,
    /// Why it is not, first what comes first on the path; empty where it is.
    pub reasons: Vec<Reason>,
    /// The kinds of links on that path.
    pub labels: Labels,
}

/// One box of packets that arrived.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    reach: &'a Reach<'a>,
    at: u32,
    piece: Piece,
}

/// One node on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The node.
    pub node: NodeId,
    /// The rule, route or rewriting by which packets left it, as it is called.
    pub rule: Option<String>,
    /// What happened to them.
    pub why: Why,
    /// With what fields they came.
    pub packets: Cube,
}

/// What a node did with packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// They begin here.
    Sent,
    /// A route led on.
    Routed,
    /// A filter let them through.
    Allowed,
    /// They were rewritten.
    Translated,
    /// They were carried, or passed as they were.
    Carried,
    /// They are where they were to go.
    Arrived,
}

impl<'a> Reach<'a> {
    pub(super) fn new(network: &'a Network, origin: NodeId, found: Found) -> Self {
        Self { network, origin, found: Rc::new(found), instead: None }
    }

    /// The same as from another origin that is like this one ([`super::Alike`]); nothing where it is not.
    pub(crate) fn seen_from(&self, origin: NodeId) -> Option<Self> {
        let instead = Some(Instead::new(self.network, self.origin, origin)?);
        Some(Self { network: self.network, origin, found: Rc::clone(&self.found), instead })
    }

    /// Where the packets began.
    pub fn origin(&self) -> NodeId {
        self.origin
    }

    /// How many boxes of packets were followed.
    pub fn len(&self) -> usize {
        self.found.pieces.len()
    }

    /// Whether no packet began at all.
    pub fn is_empty(&self) -> bool {
        self.found.pieces.is_empty()
    }

    /// The nodes at which packets arrive, for certain or maybe.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.found.arrived.keys().copied()
    }

    /// What arrives at a node, box by box, what is certain first and then the nearer first. Boxes may overlap: the same
    /// packets may come over links of several kinds.
    pub fn arrivals(&'a self, node: NodeId) -> impl Iterator<Item = Arrival<'a>> {
        let found = self.found.arrived.get(&node).map_or(&[][..], Vec::as_slice);
        found.iter().filter_map(|&at| Some(Arrival { reach: self, at, piece: self.piece(at)? }))
    }

    /// Everything that came to any node, box by box as it came, with the node: to routers, filters and links as well, which
    /// send it on.
    pub fn came(&'a self) -> impl Iterator<Item = (NodeId, Arrival<'a>)> {
        let all = (0..u32::MAX).zip(&self.found.pieces);
        all.map(|(at, piece)| {
            let piece = self.own(*piece);
            (piece.node, Arrival { reach: self, at, piece })
        })
    }

    /// What came to one node, of which [`Reach::came`] told the places in its order.
    pub fn came_as(&'a self, places: &'a [u32]) -> impl Iterator<Item = Arrival<'a>> {
        places.iter().filter_map(|&at| Some(Arrival { reach: self, at, piece: self.piece(at)? }))
    }

    /// Where packets were lost sight of. If there are many, only the first are kept; then any answer that found nothing is
    /// undecided.
    pub fn gaps(&self) -> &[Gap] {
        &self.found.gaps.kept
    }

    /// The answer for one node: a host, or a router at which packets end ([`crate::network::Next::Here`]). At other nodes
    /// packets only pass, and nothing arrives.
    pub fn to(&'a self, node: NodeId) -> Answer {
        let arrivals: Vec<Arrival<'a>> = self.arrivals(node).collect();
        let Some(first) = arrivals.first() else {
            let gaps = self.found.gaps.before(self.network, node);
            return if gaps.is_empty() { Answer::NoPath } else { Answer::Undecided(gaps) };
        };
        let sure: Vec<Arrival<'a>> =
            arrivals.iter().filter(|arrival| !arrival.piece.unsure).copied().collect();
        let hidden = self.hidden(node, &sure);
        let counted = if sure.is_empty() { &arrivals } else { &sure };
        let mut reasons = first.reasons();
        reasons.extend(hidden.and_then(|reason| self.network.reason(reason)).cloned());
        let decided = !sure.is_empty() && hidden.is_none();
        Answer::Reached(Box::new(Reached {
            to: node,
            packets: PacketSet::from_cubes(counted.iter().map(Arrival::packets)),
            path: first.path(),
            decided,
            reasons: if decided { Vec::new() } else { reasons },
            labels: first.labels(),
        }))
    }

    /// Why it is not certain that anything arrives, although boxes did: the one address of an end lies in a range of which
    /// only a part gets through.
    fn hidden(&self, node: NodeId, sure: &[Arrival<'_>]) -> Option<ReasonId> {
        let mut hidden = None;
        for sender in sure.iter().map(|arrival| arrival.piece.traveller.sender).collect::<BTreeSet<_>>() {
            let of_sender = |arrival: &&Arrival<'_>| arrival.piece.traveller.sender == sender;
            let mut cubes: Vec<Cube> = sure.iter().filter(of_sender).map(Arrival::packets).collect();
            let ends =
                [(self.network.unsure(sender), End::Source), (self.network.unsure(node), End::Destination)];
            let mut missing = None;
            for (unsure, end) in ends {
                let Some((each, reason)) = unsure else { continue };
                cubes = each.iter().flat_map(|set| whole(&cubes, set, end)).collect();
                if cubes.is_empty() {
                    missing = missing.or(Some(reason));
                }
            }
            match missing {
                None => return None,
                Some(reason) => hidden = hidden.or(Some(reason)),
            }
        }
        hidden
    }

    /// The way of packets that come to one of these nodes, whether they go on from there or not; and whether they come for
    /// certain. A link is no place where anything arrives.
    pub(crate) fn way_to(&self, nodes: &BTreeSet<NodeId>) -> Option<(Vec<Hop>, bool)> {
        let came = self.came().filter(|(node, _)| nodes.contains(node));
        let (_, first) = came.min_by_key(|(_, arrival)| arrival.piece.unsure)?;
        Some((first.path(), first.is_decided()))
    }

    fn piece(&self, at: u32) -> Option<Piece> {
        self.found.piece(at).map(|piece| self.own(*piece))
    }

    fn own(&self, piece: Piece) -> Piece {
        self.instead.map_or(piece, |instead| instead.of(piece))
    }

    /// A piece and those it came from, the first one first.
    fn line(&self, at: u32) -> Vec<Piece> {
        let mut line: Vec<Piece> =
            std::iter::successors(self.piece(at), |piece| self.piece(piece.parent?)).collect();
        line.reverse();
        line
    }
}

impl Found {
    /// How many boxes of packets were followed.
    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    pub(super) fn keep(&mut self, piece: Piece) -> u32 {
        let at = u32::try_from(self.pieces.len()).unwrap_or(u32::MAX);
        self.pieces.push(piece);
        at
    }

    pub(super) fn piece(&self, at: u32) -> Option<&Piece> {
        self.pieces.get(at as usize)
    }
}

impl Arrival<'_> {
    /// The node that they came to.
    pub(crate) fn node(&self) -> NodeId {
        self.piece.node
    }

    /// The packets, as they arrive.
    pub fn packets(&self) -> Cube {
        self.piece.traveller.cube
    }

    /// Whether they arrive for certain. That the one address of an end lies in a range of which only a part arrives is not
    /// looked at here: see [`Reach::to`].
    pub fn is_decided(&self) -> bool {
        !self.piece.unsure
    }

    /// The kinds of links they came over.
    pub fn labels(&self) -> Labels {
        self.piece.traveller.labels
    }

    /// The node that sent them, or that last rewrote their source.
    pub fn sender(&self) -> NodeId {
        self.piece.traveller.sender
    }

    /// What was undecided on their way, in its order, each once.
    pub fn reasons(&self) -> Vec<Reason> {
        let mut seen = BTreeSet::new();
        let found = self.reach.line(self.at).into_iter().filter_map(|piece| piece.reason);
        let new: Vec<ReasonId> = found.filter(|reason| seen.insert(*reason)).collect();
        new.into_iter().filter_map(|reason| self.reach.network.reason(reason)).cloned().collect()
    }

    /// Their way, hop by hop.
    pub fn path(&self) -> Vec<Hop> {
        hops(self.reach.network, &self.reach.line(self.at))
    }
}

impl Gaps {
    pub(super) fn add(&mut self, gap: Gap) {
        if self.kept.iter().any(|known| known.node == gap.node && known.reason == gap.reason) {
            return;
        }
        if self.kept.len() < Self::KEPT_MAX {
            self.kept.push(gap);
        } else {
            self.more = true;
        }
    }

    /// The gaps after which packets may have come to a node.
    fn before(&self, network: &Network, node: NodeId) -> Vec<Gap> {
        if self.more {
            return self.kept.clone();
        }
        // Where one of them is in doubt, all that could come there are looked for.
        let is_sure = |gap: &Gap| gap.anywhere || network.lead_to_each_other(gap.node, node);
        let before = if self.kept.iter().all(is_sure) { BTreeSet::new() } else { network.before(node) };
        self.kept.iter().filter(|gap| is_sure(gap) || before.contains(&gap.node)).cloned().collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Source,
    Destination,
}

/// Of boxes, those that together hold all of the addresses at one end; they come back with that end whole.
fn whole(cubes: &[Cube], addresses: &Addresses, end: End) -> Vec<Cube> {
    let mut found: BTreeMap<Cube, Vec<Span<u128>>> = BTreeMap::new();
    for &cube in cubes {
        let all = cube.family.addresses();
        let (rest, span) = match end {
            End::Source => (Cube { source: all, ..cube }, cube.source),
            End::Destination => (Cube { destination: all, ..cube }, cube.destination),
        };
        found.entry(rest).or_default().push(span);
    }
    let is_whole = |(rest, spans): (Cube, Vec<Span<u128>>)| {
        let known = Addresses::from_spans(spans.into_iter().map(|span| (rest.family, span)));
        let asked = Addresses::from_spans(addresses.of(rest.family).map(|span| (rest.family, span)));
        asked.without(&known).is_empty().then_some(rest)
    };
    found.into_iter().filter_map(is_whole).collect()
}

/// The hops of pieces, each of which came from the one before.
pub(super) fn hops(network: &Network, line: &[Piece]) -> Vec<Hop> {
    let mut hops = Vec::with_capacity(line.len());
    for (at, piece) in line.iter().enumerate() {
        let Some(left) = line.get(at + 1) else {
            hops.push(Hop { node: piece.node, rule: None, why: Why::Arrived, packets: piece.traveller.cube });
            break;
        };
        if left.node == piece.node {
            // Packets that arrive at a router itself: the route that says so stands on the last hop.
            let rule = rule_name(network, piece.node, left.via);
            hops.push(Hop { node: piece.node, rule, why: Why::Arrived, packets: left.traveller.cube });
            break;
        }
        let why = match (left.via, at) {
            (Via::Start, _) | (Via::Edge, 0) => Why::Sent,
            (Via::Edge | Via::Link, _) => Why::Carried,
            (Via::Route(_), _) => Why::Routed,
            (Via::Rule(_) | Via::Unmatched, _) => Why::Allowed,
            (Via::Rewrite(_), _) => Why::Translated,
        };
        let rule = rule_name(network, piece.node, left.via);
        hops.push(Hop { node: piece.node, rule, why, packets: piece.traveller.cube });
    }
    hops
}

fn rule_name(network: &Network, node: NodeId, via: Via) -> Option<String> {
    let kind = &network.inside(node)?.kind;
    let name = match (kind, via) {
        (Kind::Router { table, .. }, Via::Route(at)) => &table.routes.get(at)?.name,
        (Kind::Filter { rules, .. }, Via::Rule(at)) => rules.name(at)?,
        (Kind::Translator { rewrites, .. }, Via::Rewrite(at)) => rewrites.name(at)?,
        _ => return None,
    };
    Some(name.to_owned())
}
