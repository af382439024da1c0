//! Roads through a model: one run for each origin, kept, since many questions begin at the same places. Origins that are
//! alike share one.

use super::Model;
use crate::network::{NodeId, Reason};
use crate::packet::Cube;
use crate::reach::{Alike, Answer, Arrival, Hop, Limits, Question, Reach};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many ways between two places are told apart at most.
pub const WAYS_MAX: usize = 64;

/// How many boxes of packets are followed together: they are all kept, and a description may name very many places.
const PIECES_MAX: usize = 2_000_000;

/// The limits of a run when there is nothing left.
const NOTHING: Limits = Limits { pieces_per_node_max: 0, pieces_max: 0 };

/// Runs through a model that are worked out once.
#[derive(Debug)]
pub struct Roads<'a> {
    model: &'a Model,
    question: Question<'a>,
    alike: Alike,
    runs: RefCell<BTreeMap<NodeId, Rc<Road<'a>>>>,
    /// How many boxes of packets may still be followed.
    left: Cell<usize>,
}

/// A way from one place to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Whether every hop is certain.
    pub decided: bool,
    /// Why not; empty where they are.
    pub reasons: Vec<Reason>,
    /// The hops; empty where packets were lost sight of.
    pub hops: Vec<Hop>,
    /// Some of the packets that come by it; none where they were lost sight of.
    pub packets: Option<Cube>,
}

impl<'a> Roads<'a> {
    /// Roads through this model.
    pub fn of(model: &'a Model) -> Self {
        Self::within(model, PIECES_MAX)
    }

    /// The same, where together no more boxes of packets are followed than these and one run: what would need more is
    /// undecided.
    pub fn within(model: &'a Model, pieces_max: usize) -> Self {
        let (question, runs) = (Question::of(&model.network), RefCell::default());
        Self { model, question, alike: Alike::of(&model.network), runs, left: Cell::new(pieces_max) }
    }

    /// The model.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// The first of the origins that are like this one: from all of them the same places are reached by the same ways, but for
    /// their own addresses.
    pub(crate) fn first_alike(&self, origin: NodeId) -> NodeId {
        self.alike.first(origin)
    }

    /// All that somebody at a node reaches, by packets from the node's own addresses.
    pub fn from(&self, origin: NodeId) -> Rc<Road<'a>> {
        if let Some(known) = self.runs.borrow().get(&origin) {
            return Rc::clone(known);
        }
        let road = Rc::new(self.shared(origin).unwrap_or_else(|| self.run(origin)));
        self.runs.borrow_mut().insert(origin, Rc::clone(&road));
        road
    }

    /// The run of an origin that is like this one.
    fn shared(&self, origin: NodeId) -> Option<Road<'a>> {
        let first = Some(self.alike.first(origin)).filter(|first| *first != origin)?;
        let road = self.from(first);
        Some(Road { reach: road.reach.seen_from(origin)?, came: Rc::clone(&road.came), ran: first })
    }

    fn run(&self, origin: NodeId) -> Road<'a> {
        let left = self.left.get();
        let question = if left == 0 { self.question.within(NOTHING) } else { self.question };
        let reach = question.from(origin);
        self.left.set(left.saturating_sub(reach.len()));
        let mut came: BTreeMap<NodeId, Vec<u32>> = BTreeMap::new();
        for ((node, _), at) in reach.came().zip(0..) {
            came.entry(node).or_default().push(at);
        }
        Road { reach, came: Rc::new(came), ran: origin }
    }
}

/// What begins at one place.
#[derive(Debug)]
pub struct Road<'a> {
    /// The run.
    pub reach: Reach<'a>,
    /// By node, the places of what came to it in the run.
    came: Rc<BTreeMap<NodeId, Vec<u32>>>,
    /// Where the run began: at the origin, or at one that is like it.
    ran: NodeId,
}

impl Road<'_> {
    /// What came to a node that sends packets on: a network, a filter, a link.
    pub fn came(&self, node: NodeId) -> impl Iterator<Item = Arrival<'_>> {
        let of = |node| self.came.get(&node).map_or(&[][..], Vec::as_slice);
        // Where packets begin is another node than in the run.
        let begun = if node == self.reach.origin() && node != self.ran { of(self.ran) } else { &[] };
        let all = self.reach.came_as(begun).chain(self.reach.came_as(of(node)));
        all.filter(move |arrival| arrival.node() == node)
    }

    /// The ways by which wanted packets arrive at a host or at a network of which the inside is not known, what is certain
    /// first, and no more than asked for; empty where none does.
    pub fn arriving(&self, to: NodeId, most: usize, wanted: impl Fn(&Cube) -> bool) -> Vec<Way> {
        if most == 0 || !self.came.contains_key(&to) && self.reach.gaps().is_empty() {
            return Vec::new();
        }
        let (sure, unsure, lost) = match self.reach.to(to) {
            Answer::Reached(reached) => (reached.decided, reached.reasons, Vec::new()),
            Answer::Undecided(gaps) => (false, Vec::new(), gaps.into_iter().map(|gap| gap.reason).collect()),
            Answer::NoPath => return Vec::new(),
        };
        let found: Vec<Arrival<'_>> = self.reach.arrivals(to).filter(|one| wanted(&one.packets())).collect();
        ways(&found, most, sure, &unsure, lost)
    }

    /// The ways by which wanted packets come into a network, whether or not one of its members takes them.
    pub fn entering(&self, network: NodeId, most: usize, wanted: impl Fn(&Cube) -> bool) -> Vec<Way> {
        let found: Vec<Arrival<'_>> = self.came(network).filter(|one| wanted(&one.packets())).collect();
        let mut lost = Vec::new();
        if found.is_empty()
            && !self.reach.gaps().is_empty()
            && let Answer::Undecided(gaps) = self.reach.to(network)
        {
            lost.extend(gaps.into_iter().map(|gap| gap.reason));
        }
        ways(&found, most, true, &[], lost)
    }
}

fn ways(found: &[Arrival<'_>], most: usize, sure: bool, unsure: &[Reason], lost: Vec<Reason>) -> Vec<Way> {
    if found.is_empty() && !lost.is_empty() {
        return vec![Way { decided: false, reasons: lost, hops: Vec::new(), packets: None }];
    }
    let certain = found.iter().filter(|one| one.is_decided());
    let others = found.iter().filter(|one| !one.is_decided());
    let way = |arrival: &Arrival<'_>| {
        let decided = sure && arrival.is_decided();
        let mut reasons = if decided { Vec::new() } else { arrival.reasons() };
        if !decided && reasons.is_empty() {
            reasons.extend_from_slice(unsure);
        }
        Way { decided, reasons, hops: arrival.path(), packets: Some(arrival.packets()) }
    };
    certain.chain(others).take(most).map(way).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::{Phase, read, template};

    #[test]
    fn what_would_need_more_than_is_followed_is_undecided() {
        let site = read("x", template("direct-connect").unwrap().text).unwrap().at(Phase::Now);
        let model = Model::draw(Some(&site), &[]).unwrap();
        let [from, to] = ["ward-pc", "ehr-app"].map(|id| model.find(id).unwrap());
        let ways = |roads: &Roads<'_>| roads.from(from).arriving(to, 1, |_| true);
        let [enough] = ways(&Roads::of(&model)).try_into().unwrap();
        assert!(enough.decided && !enough.hops.is_empty());
        let [none] = ways(&Roads::within(&model, 0)).try_into().unwrap();
        assert!(!none.decided && !none.reasons.is_empty());
    }

    #[test]
    fn a_run_is_worked_out_once() {
        let site = read("x", template("direct-connect").unwrap().text).unwrap().at(Phase::Now);
        let model = Model::draw(Some(&site), &[]).unwrap();
        let roads = Roads::of(&model);
        let from = model.find("ward-pc").unwrap();
        assert!(Rc::ptr_eq(&roads.from(from), &roads.from(from)));
    }
}
