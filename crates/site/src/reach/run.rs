//! One run: packets followed from where they begin until nothing new comes anywhere.

use super::Question;
use super::answer::{Found, Gap, Gaps, Reach};
use super::step::{Move, Onward, Step, Traveller, Via};
use crate::network::{Doubt, Host, Labels, NodeId, NodeSet, Reason, ReasonId};
use crate::packet::{Axis, Cube, PacketSet, Region};
use std::collections::{BTreeMap, VecDeque};

/// Packets at a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) node: NodeId,
    pub(crate) traveller: Traveller,
    /// Whether they passed something undecided.
    pub(crate) unsure: bool,
    /// The piece they were at the node before; nothing where they began.
    pub(crate) parent: Option<u32>,
    /// By what they left the node before.
    pub(crate) via: Via,
    /// What was undecided in the last step.
    pub(crate) reason: Option<ReasonId>,
}

/// What was seen at a node, apart for each kind of links and each sender, for certain and in doubt.
#[derive(Default)]
struct Seen {
    pieces: usize,
    by: BTreeMap<(Labels, NodeId), [Region<()>; 2]>,
}

/// Follows packets that begin at a node.
pub(super) fn run<'a>(
    question: Question<'a>,
    origin: NodeId,
    packets: &PacketSet,
    among: Option<&NodeSet>,
) -> Reach<'a> {
    let mut run = Run {
        question,
        among,
        seen: BTreeMap::new(),
        sure: VecDeque::new(),
        unsure: VecDeque::new(),
        found: Found::default(),
    };
    run.start(origin, packets);
    // What is certain comes first: it is never hidden by what is not.
    while let Some(piece) = run.sure.pop_front().or_else(|| run.unsure.pop_front()) {
        run.follow(piece);
    }
    Reach::new(question.network, origin, run.found)
}

struct Run<'a, 'b> {
    question: Question<'a>,
    /// The nodes of interest, or all.
    among: Option<&'b NodeSet>,
    seen: BTreeMap<NodeId, Seen>,
    sure: VecDeque<u32>,
    unsure: VecDeque<u32>,
    found: Found,
}

impl Run<'_, '_> {
    fn start(&mut self, origin: NodeId, packets: &PacketSet) {
        for cube in packets.cubes() {
            let traveller = Traveller { cube: *cube, labels: Labels::none(), sender: origin };
            let piece =
                Piece { node: origin, traveller, unsure: false, parent: None, via: Via::Start, reason: None };
            self.come(piece);
        }
    }

    fn follow(&mut self, at: u32) {
        let Some(piece) = self.found.piece(at).copied() else { return };
        let Question { network, limits, .. } = self.question;
        let step = Step {
            network,
            node: piece.node,
            traveller: piece.traveller,
            pieces_max: limits.pieces_per_node_max,
            among: self.among,
        };
        match step.moves() {
            Ok(moves) => moves.into_iter().for_each(|step| self.go(at, piece, step)),
            Err(_) => self.too_many(piece.node, piece.traveller.cube),
        }
    }

    fn go(&mut self, at: u32, from: Piece, step: Move) {
        let Move { onward, mut traveller, via, reason } = step;
        if !self.question.labels {
            traveller.labels = Labels::none();
        }
        let unsure = from.unsure || reason.is_some();
        let piece = |node| Piece { node, traveller, unsure, parent: Some(at), via, reason };
        match onward {
            Onward::Node(node) => match self.question.network.host(node) {
                Some(host) => self.arrive(host, piece(node)),
                None => self.come(piece(node)),
            },
            Onward::Here => self.keep_arrival(piece(from.node)),
            Onward::Anywhere(reason) => {
                let Some(reason) = self.question.network.reason(reason) else { return };
                let (node, packets, reason) = (from.node, traveller.cube, reason.clone());
                self.found.gaps.add(Gap { node, packets, reason, anywhere: true });
            }
        }
    }

    /// Packets come to a node that sends them on: of these only what is new goes on.
    fn come(&mut self, piece: Piece) {
        let Traveller { cube, labels, sender } = piece.traveller;
        let (limits, len) = (self.question.limits, self.found.len());
        let seen = self.seen.entry(piece.node).or_default();
        let [sure, doubtful] = seen
            .by
            .entry((labels, sender))
            .or_insert_with(|| [(); 2].map(|()| Region::new(Axis::Destination)));
        // What came for certain is not new when it comes once more in doubt.
        let mut new = sure.rest_of(&cube);
        if piece.unsure {
            new = new.iter().flat_map(|part| doubtful.rest_of(part)).collect();
        }
        seen.pieces += new.len();
        if seen.pieces > limits.pieces_per_node_max || len + new.len() > limits.pieces_max {
            self.too_many(piece.node, cube);
            return;
        }
        let region = if piece.unsure { doubtful } else { sure };
        for part in &new {
            region.insert(*part, ());
        }
        for cube in new {
            let at = self.found.keep(Piece { traveller: Traveller { cube, ..piece.traveller }, ..piece });
            if piece.unsure { self.unsure.push_back(at) } else { self.sure.push_back(at) }
        }
    }

    /// Packets come to a host: those that are for it have arrived. They are kept as they come, without a look at what came
    /// before, as nothing follows from them; what comes twice here came by two ways that were both new.
    fn arrive(&mut self, host: &Host, piece: Piece) {
        let cube = piece.traveller.cube;
        for span in host.placement.addresses().of(cube.family) {
            let Some(destination) = cube.destination.intersect(span) else { continue };
            let traveller = Traveller { cube: Cube { destination, ..cube }, ..piece.traveller };
            self.keep_arrival(Piece { traveller, ..piece });
        }
    }

    fn keep_arrival(&mut self, piece: Piece) {
        let limits = self.question.limits;
        let arrived = self.found.arrived.get(&piece.node).map_or(0, Vec::len);
        if arrived >= limits.pieces_per_node_max || self.found.len() >= limits.pieces_max {
            self.too_many(piece.node, piece.traveller.cube);
            return;
        }
        let at = self.found.keep(piece);
        self.found.arrived.entry(piece.node).or_default().push(at);
    }

    fn too_many(&mut self, node: NodeId, packets: Cube) {
        let place =
            self.question.network.node(node).map_or_else(String::new, |node| node.title.place.clone());
        let reason = Reason { doubt: Doubt::TooMany, place, attribute: String::new() };
        self.found.gaps.add(Gap { node, packets, reason, anywhere: false });
    }
}

impl Gaps {
    /// Gaps kept of a run; of more it is only known that there are more.
    pub(super) const KEPT_MAX: usize = 64;
}
