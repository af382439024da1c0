//! Roads through a model: one run for each origin, kept, since many questions begin at the same places.

use super::Model;
use crate::network::{NodeId, Reason};
use crate::packet::{Addresses, Cube, PacketSet};
use crate::reach::{Answer, Arrival, Hop, Question, Reach};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Runs through a model that are worked out once.
#[derive(Debug)]
pub struct Roads<'a> {
    model: &'a Model,
    question: Question<'a>,
    runs: RefCell<BTreeMap<NodeId, Rc<Reach<'a>>>>,
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
        Self { model, question: Question::of(&model.network), runs: RefCell::default() }
    }

    /// The model.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// All that somebody at a node reaches, by packets from the node's own addresses.
    pub fn from(&self, origin: NodeId) -> Rc<Reach<'a>> {
        self.run(origin, || self.question.from(origin))
    }

    /// The same of somebody who stands in a network, with any of these addresses.
    pub fn from_within(&self, network: NodeId, addresses: &Addresses) -> Rc<Reach<'a>> {
        self.run(network, || self.question.sending(network, &PacketSet::from_sources(addresses)))
    }

    fn run(&self, origin: NodeId, work: impl FnOnce() -> Reach<'a>) -> Rc<Reach<'a>> {
        if let Some(known) = self.runs.borrow().get(&origin) {
            return Rc::clone(known);
        }
        let run = Rc::new(work());
        self.runs.borrow_mut().insert(origin, Rc::clone(&run));
        run
    }
}

/// The ways by which wanted packets arrive at a host or at a network of which the inside is not known, what is certain first;
/// empty where none does.
pub fn arriving(run: &Reach<'_>, to: NodeId, wanted: impl Fn(&Cube) -> bool) -> Vec<Way> {
    let (sure, unsure, lost) = match run.to(to) {
        Answer::Reached(reached) => (reached.decided, reached.reasons, Vec::new()),
        Answer::Undecided(gaps) => (false, Vec::new(), gaps.into_iter().map(|gap| gap.reason).collect()),
        Answer::NoPath => return Vec::new(),
    };
    ways(run.arrivals(to), wanted, sure, &unsure, lost)
}

/// The ways by which wanted packets come into a network, whether or not one of its members takes them.
pub fn entering(run: &Reach<'_>, network: NodeId, wanted: impl Fn(&Cube) -> bool) -> Vec<Way> {
    let lost = match run.to(network) {
        Answer::Undecided(gaps) => gaps.into_iter().map(|gap| gap.reason).collect(),
        Answer::Reached(_) | Answer::NoPath => Vec::new(),
    };
    ways(run.came(network), wanted, true, &[], lost)
}

fn ways<'r>(
    arrivals: impl Iterator<Item = Arrival<'r>>,
    wanted: impl Fn(&Cube) -> bool,
    sure: bool,
    unsure: &[Reason],
    lost: Vec<Reason>,
) -> Vec<Way> {
    let mut found: Vec<Way> = Vec::new();
    for arrival in arrivals.filter(|arrival| wanted(&arrival.packets())) {
        let decided = sure && arrival.is_decided();
        let mut reasons = if decided { Vec::new() } else { arrival.reasons() };
        if !decided && reasons.is_empty() {
            reasons.extend_from_slice(unsure);
        }
        let way = Way { decided, reasons, hops: arrival.path(), packets: Some(arrival.packets()) };
        if found.len() < WAYS_MAX {
            found.push(way);
        }
    }
    if found.is_empty() && !lost.is_empty() {
        found.push(Way { decided: false, reasons: lost, hops: Vec::new(), packets: None });
    }
    found.sort_by_key(|way| !way.decided);
    found
}

/// How many ways between two places are told apart.
const WAYS_MAX: usize = 64;
