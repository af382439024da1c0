//! The right edge of a growing tree: all that is needed to append leaves and to know the root.

use crate::hash::Hash;
use crate::peaks::{Peaks, Subtrees};

/// The right edge of a growing tree. It holds one hash for each set bit of the size, at most 64.
///
/// The tree ends at 2^64 - 1 leaves; the journal's positions end far below.
#[derive(Clone, Debug)]
pub struct Edge {
    peaks: Peaks,
    completed: Vec<Completed>,
}

/// A subtree of 256^level leaves that became full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completed {
    /// 1 or more: the subtree spans `256^level` leaves.
    pub level: u8,
    /// Its place among the subtrees of its level, from 0.
    pub index: u64,
    /// Its root.
    pub hash: Hash,
}

impl Edge {
    /// The edge of the tree without leaves.
    pub fn empty() -> Self {
        Self { peaks: Peaks::empty(), completed: Vec::new() }
    }

    /// The edge of the tree of `size` leaves, read from `source`. Nothing counts as completed yet.
    pub fn load<S: Subtrees>(size: u64, source: &S) -> Result<Self, S::Error> {
        Ok(Self { peaks: Peaks::load(0, size, source)?, completed: Vec::new() })
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.peaks.size()
    }

    /// Appends a leaf (its hash, as [`crate::leaf_hash`] gives it).
    pub fn push(&mut self, leaf: Hash) {
        let size = self.peaks.size() + 1;
        let completed = &mut self.completed;
        self.peaks.push(0, leaf, |height, hash| {
            if let (0, Ok(level)) = (height % 8, u8::try_from(height / 8)) {
                completed.push(Completed { level, index: (size >> height) - 1, hash });
            }
        });
    }

    /// The subtrees of level 1 and up that were completed since the last call, in the order of their completion.
    pub fn take_completed(&mut self) -> Vec<Completed> {
        std::mem::take(&mut self.completed)
    }

    /// The root over all leaves so far (RFC 6962, section 2.1); without leaves the root of the empty tree.
    pub fn root(&self) -> Hash {
        self.peaks.root()
    }
}
