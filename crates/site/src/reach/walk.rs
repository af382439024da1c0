//! Runs from many origins, one after the other: those from origins that are alike are one run.

use super::Question;
use super::alike::Alike;
use super::answer::Reach;
use crate::network::NodeId;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many boxes of packets are kept for origins to come. With more, runs are made again.
const PIECES_KEPT_MAX: usize = 500_000;

/// Runs that are asked for by their origins.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    question: Question<'a>,
    alike: Alike,
    kept: RefCell<Kept<'a>>,
}

#[derive(Debug, Default)]
struct Kept<'a> {
    runs: BTreeMap<NodeId, Rc<Reach<'a>>>,
    pieces: usize,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(question: Question<'a>) -> Self {
        Self { question, alike: Alike::of(question.network), kept: RefCell::default() }
    }

    /// All that somebody at a node can reach, by packets from the node's own addresses.
    pub(crate) fn from(&self, origin: NodeId) -> Rc<Reach<'a>> {
        let first = self.alike.first(origin);
        let run = self.run(first);
        if first == origin {
            return run;
        }
        Rc::new(run.seen_from(origin).unwrap_or_else(|| self.question.from(origin)))
    }

    fn run(&self, origin: NodeId) -> Rc<Reach<'a>> {
        let mut kept = self.kept.borrow_mut();
        if let Some(known) = kept.runs.get(&origin) {
            return Rc::clone(known);
        }
        let run = Rc::new(self.question.from(origin));
        if kept.pieces.saturating_add(run.len()) > PIECES_KEPT_MAX {
            *kept = Kept::default();
        }
        kept.pieces = kept.pieces.saturating_add(run.len());
        kept.runs.insert(origin, Rc::clone(&run));
        run
    }
}
