//! Roads through a model: one run for each origin, kept, since many questions begin at the same places.

use super::Model;
use crate::network::{NodeId, Reason};
use crate::packet::Cube;
use crate::reach::{Answer, Arrival, Hop, Question, Reach};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many arrivals the kept runs have together at most. Beyond it they are forgotten, and worked out again where they are
/// asked for: so that a site with thousands of machines in one network does not fill the memory.
const KEPT_MAX: usize = 2_000_000;

/// How many ways between two places are told apart at most.
pub const WAYS_MAX: usize = 64;

/// Runs through a model that are worked out once.
#[derive(Debug)]
pub struct Roads<'a> {
    model: &'a Model,
    question: Question<'a>,
    runs: RefCell<BTreeMap<NodeId, Rc<Road<'a>>>>,
    kept: Cell<usize>,
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
        Self { model, question: Question::of(&model.network), runs: RefCell::default(), kept: Cell::new(0) }
    }

    /// The model.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// All that somebody at a node reaches, by packets from the node's own addresses.
    pub fn from(&self, origin: NodeId) -> Rc<Road<'a>> {
        if let Some(known) = self.runs.borrow().get(&origin) {
            return Rc::clone(known);
        }
        let reach = self.question.from(origin);
        let mut came: BTreeMap<NodeId, Vec<u32>> = BTreeMap::new();
        let mut count: usize = 0;
        for ((node, _), at) in reach.came().zip(0..) {
            came.entry(node).or_default().push(at);
            count = count.saturating_add(1);
        }
        let road = Rc::new(Road { reach, came });
        let kept = self.kept.get().saturating_add(count);
        let mut runs = self.runs.borrow_mut();
        if kept > KEPT_MAX {
            runs.clear();
        }
        self.kept.set(if runs.is_empty() { count } else { kept });
        runs.insert(origin, Rc::clone(&road));
        drop(runs);
        road
    }
}

/// What begins at one place.
#[derive(Debug)]
pub struct Road<'a> {
    /// The run.
    pub reach: Reach<'a>,
    came: BTreeMap<NodeId, Vec<u32>>,
}

impl Road<'_> {
    /// What came to a node that sends packets on: a network, a filter, a link.
    pub fn came(&self, node: NodeId) -> impl Iterator<Item = Arrival<'_>> {
        self.reach.came_as(self.came.get(&node).map_or(&[][..], Vec::as_slice))
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
        let lost = match found.is_empty() && !self.reach.gaps().is_empty() {
            true => match self.reach.to(network) {
                Answer::Undecided(gaps) => gaps.into_iter().map(|gap| gap.reason).collect(),
                Answer::Reached(_) | Answer::NoPath => Vec::new(),
            },
            false => Vec::new(),
        };
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
