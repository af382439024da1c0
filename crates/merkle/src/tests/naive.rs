//! The tree by the letter of RFC 6962, slow and plain: what the tests compare with, and sources of hashes for them.

use crate::{Edge, Hash, Subtrees, leaf_hash, node_hash};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Hashes of `count` different leaves.
pub(super) fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(format!("entry {number}").as_bytes())).collect()
}

/// The recursive definitions of RFC 6962, section 2.1, over stored leaf hashes; subtrees are remembered.
pub(super) struct Naive {
    leaves: Vec<Hash>,
    known: RefCell<BTreeMap<(usize, usize), Hash>>,
}

/// On which side the path goes on, from the root down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Left,
    Right,
    Stop { whole: bool },
}

/// The largest power of two below `count`.
fn split(count: usize) -> usize {
    (0..usize::BITS).map(|power| 1 << power).take_while(|power| *power < count).last().unwrap()
}

impl Naive {
    pub(super) fn new(leaves: Vec<Hash>) -> Self {
        Self { leaves, known: RefCell::default() }
    }

    pub(super) fn leaf(&self, index: usize) -> Hash {
        self.leaves[index]
    }

    /// MTH(D[start:end]) for a range that is not empty.
    pub(super) fn root(&self, start: usize, end: usize) -> Hash {
        if end - start == 1 {
            return self.leaves[start];
        }
        if let Some(hash) = self.known.borrow().get(&(start, end)) {
            return *hash;
        }
        let middle = start + split(end - start);
        let hash = node_hash(&self.root(start, middle), &self.root(middle, end));
        self.known.borrow_mut().insert((start, end), hash);
        hash
    }

    /// PATH(m, D[start:end]).
    pub(super) fn path(&self, m: usize, start: usize, end: usize) -> Vec<Hash> {
        if end - start == 1 {
            return Vec::new();
        }
        let k = split(end - start);
        let (mut path, sibling) = if m < k {
            (self.path(m, start, start + k), self.root(start + k, end))
        } else {
            (self.path(m - k, start + k, end), self.root(start, start + k))
        };
        path.push(sibling);
        path
    }

    /// SUBPROOF(m, D[start:end], whole).
    pub(super) fn subproof(&self, m: usize, start: usize, end: usize, whole: bool) -> Vec<Hash> {
        if m == end - start {
            return if whole { Vec::new() } else { vec![self.root(start, end)] };
        }
        let k = split(end - start);
        let (mut proof, sibling) = if m <= k {
            (self.subproof(m, start, start + k, whole), self.root(start + k, end))
        } else {
            (self.subproof(m - k, start + k, end, false), self.root(start, start + k))
        };
        proof.push(sibling);
        proof
    }
}

/// The turns of the path to leaf `m` of `count`: sizes in which they are equal ask for the same computation.
pub(super) fn path_turns(m: u64, count: u64) -> Vec<Turn> {
    let (mut m, mut count, mut turns) = (m, count, Vec::new());
    while count > 1 {
        let k = 1 << (count - 1).ilog2();
        if m < k {
            count = k;
            turns.push(Turn::Left);
        } else {
            (m, count) = (m - k, count - k);
            turns.push(Turn::Right);
        }
    }
    turns
}

/// The same for the proof that `count` leaves continue `m`.
pub(super) fn subproof_turns(m: u64, count: u64) -> Vec<Turn> {
    let (mut m, mut count, mut whole, mut turns) = (m, count, true, Vec::new());
    while m < count {
        let k = 1 << (count - 1).ilog2();
        if m <= k {
            count = k;
            turns.push(Turn::Left);
        } else {
            (m, count, whole) = (m - k, count - k, false);
            turns.push(Turn::Right);
        }
    }
    turns.push(Turn::Stop { whole });
    turns
}

/// What a store keeps: the leaf hashes, and per higher level what [`Edge::take_completed`] gave. It refuses to be
/// asked anything that the contract of [`Subtrees`] rules out.
pub(super) struct Levels(pub(super) Vec<Vec<Hash>>);

impl Levels {
    pub(super) fn grow(leaves: &[Hash]) -> Self {
        let mut levels = vec![Vec::new(); 8];
        let mut edge = Edge::empty();
        for leaf in leaves {
            levels[0].push(*leaf);
            edge.push(*leaf);
            for completed in edge.take_completed() {
                let level: &mut Vec<Hash> = &mut levels[usize::from(completed.level)];
                assert_eq!(level.len(), usize::try_from(completed.index).unwrap(), "completed out of order");
                level.push(completed.hash);
            }
        }
        Self(levels)
    }
}

impl Subtrees for Levels {
    type Error = Infallible;

    fn hashes(&self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Infallible> {
        let first = usize::try_from(first).unwrap();
        assert!((1..=256).contains(&count), "asked for {count} hashes");
        assert_eq!(first / 256, (first + count - 1) / 256, "asked across a tile");
        Ok(self.0[usize::from(level)][first..first + count].to_vec())
    }
}
