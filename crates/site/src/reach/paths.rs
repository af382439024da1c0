//! All minimal paths from one node to another, the shortest first.
//!
//! A run keeps one way by which packets came to a node; to cut all ways one must know all. Here packets are followed along
//! every way that passes no node twice. There may be exponentially many of those, so the search is bounded and says whether
//! it saw all.

use super::Question;
use super::answer::{Hop, hops};
use super::run::Piece;
use super::step::{Move, Onward, Step, Traveller, Via};
use crate::network::{Labels, NodeId, Reason};
use crate::packet::{Cube, PacketSet};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Steps after which the search ends.
const STEPS_MAX: usize = 200_000;

/// Paths between two nodes.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The shortest first; none passes all nodes of another one and more.
    pub paths: Vec<Path>,
    /// Whether these are all; otherwise there may be more, also where there is none.
    pub complete: bool,
}

/// A path on which something gets through.
#[derive(Clone, Debug)]
pub struct Path {
    /// Its hops.
    pub hops: Vec<Hop>,
    /// What arrives by it.
    pub packets: PacketSet,
    /// Whether it is certain that something does.
    pub decided: bool,
    /// Why it is not.
    pub reasons: Vec<Reason>,
    /// The kinds of links on it.
    pub labels: Labels,
}

pub(super) fn paths(question: Question<'_>, from: NodeId, to: NodeId, paths_max: usize) -> Paths {
    let among = question.network.before(to);
    let mut search =
        Search { question, to, among, pieces: Vec::new(), open: VecDeque::new(), complete: true };
    for cube in PacketSet::from_sources(&question.network.sources(from)).cubes() {
        let traveller = Traveller { cube: *cube, labels: Labels::none(), sender: from };
        search.keep(Piece {
            node: from,
            traveller,
            unsure: false,
            parent: None,
            via: Via::Start,
            reason: None,
        });
    }
    let mut found: BTreeMap<(usize, Vec<NodeId>), Vec<Vec<Piece>>> = BTreeMap::new();
    let mut sets: Vec<BTreeSet<NodeId>> = Vec::new();
    for _ in 0..STEPS_MAX {
        let Some(at) = search.open.pop_front() else { break };
        let line = search.line(at);
        let nodes: Vec<NodeId> = line.iter().map(|piece| piece.node).collect();
        if line.len() > 1 && nodes.last() == Some(&to) {
            let set: BTreeSet<NodeId> = nodes.iter().copied().collect();
            let is_more = sets.iter().any(|known| known.len() < set.len() && known.is_subset(&set));
            let key = (nodes.len(), nodes);
            if is_more || (found.len() >= paths_max && !found.contains_key(&key)) {
                search.complete &= is_more;
                continue;
            }
            sets.push(set);
            found.entry(key).or_default().push(line);
            continue;
        }
        search.follow(at, &line);
    }
    let complete = search.complete && search.open.is_empty();
    Paths { paths: found.into_values().filter_map(|lines| path(question, &lines)).collect(), complete }
}

struct Search<'a> {
    question: Question<'a>,
    to: NodeId,
    among: BTreeSet<NodeId>,
    pieces: Vec<Piece>,
    /// Pieces yet to be followed, those with fewer hops first.
    open: VecDeque<u32>,
    complete: bool,
}

impl Search<'_> {
    fn follow(&mut self, at: u32, line: &[Piece]) {
        let Some(piece) = line.last().copied() else { return };
        let Question { network, limits, .. } = self.question;
        let (node, traveller) = (piece.node, piece.traveller);
        let Ok(moves) =
            (Step { network, node, traveller, pieces_max: limits.pieces_per_node_max, among: None }).moves()
        else {
            self.complete = false;
            return;
        };
        for Move { onward, traveller, via, reason } in moves {
            let node = match onward {
                Onward::Node(node) => node,
                Onward::Here => continue,
                Onward::Anywhere(_) => {
                    self.complete = false;
                    continue;
                }
            };
            if !self.among.contains(&node) || line.iter().any(|before| before.node == node) {
                continue;
            }
            let unsure = piece.unsure || reason.is_some();
            for cube in self.received(node, traveller.cube) {
                let traveller = Traveller { cube, ..traveller };
                self.keep(Piece { node, traveller, unsure, parent: Some(at), via, reason });
            }
        }
    }

    /// What of a box a node takes: a host what is for it, and nothing that is only to pass.
    fn received(&self, node: NodeId, cube: Cube) -> Vec<Cube> {
        let Some(host) = self.question.network.host(node) else { return vec![cube] };
        let own = host.placement.addresses().of(cube.family).filter(|_| node == self.to);
        own.filter_map(|span| Some(Cube { destination: cube.destination.intersect(span)?, ..cube })).collect()
    }

    fn keep(&mut self, piece: Piece) {
        let at = u32::try_from(self.pieces.len()).unwrap_or(u32::MAX);
        self.pieces.push(piece);
        self.open.push_back(at);
    }

    fn line(&self, at: u32) -> Vec<Piece> {
        let piece = |at: u32| self.pieces.get(at as usize);
        let mut line: Vec<Piece> =
            std::iter::successors(piece(at), |found| piece(found.parent?)).copied().collect();
        line.reverse();
        line
    }
}

fn path(question: Question<'_>, lines: &[Vec<Piece>]) -> Option<Path> {
    let is_sure = |line: &&Vec<Piece>| line.last().is_some_and(|piece| !piece.unsure);
    let best = lines.iter().find(is_sure).or(lines.first())?;
    let (last, decided) = (best.last()?, is_sure(&best));
    let arrived = lines.iter().filter(|line| is_sure(line) == decided).filter_map(|line| line.last());
    let reasons = best.iter().filter_map(|piece| question.network.reason(piece.reason?)).cloned();
    Some(Path {
        hops: hops(question.network, best),
        packets: PacketSet::from_cubes(arrived.map(|piece| piece.traveller.cube)),
        decided,
        reasons: reasons.collect(),
        labels: last.traveller.labels,
    })
}
