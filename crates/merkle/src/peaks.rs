//! Where hashes come from ([`Subtrees`]), and the row of full subtrees ("peaks") that makes up any range of leaves.
//!
//! A range of `n` leaves whose start is a multiple of a power of two not below `n` is one full subtree per set bit of
//! `n`, the largest first. Its RFC 6962 root is those peaks hashed together from the right:
//!
//! ```text
//!   n = 7 = 4 + 2 + 1            root = node(a, node(b, c))
//!      a       b    c
//!    /   \    / \   |
//!   0 1 2 3  4   5  6
//! ```

use crate::hash::{Hash, empty_root, node_hash};

/// Hashes in a full tile, and leaves below a hash of level 1 (C2SP `tlog-tiles`).
pub const TILE_WIDTH: u64 = 256;

/// Where proofs and tiles get their hashes from.
///
/// The hash of level `l` and index `i` is the root of the full subtree over the `256^l` leaves that begin at leaf
/// `i * 256^l`; level 0 holds the leaf hashes themselves.
pub trait Subtrees {
    /// What can go wrong while reading.
    type Error;

    /// The `count` hashes of `level` that begin at index `first`: exactly that many, in order, or an error. They are
    /// only ever asked for within one tile (`count` is 1 to 256 and no multiple of 256 lies inside the range) and
    /// only for subtrees that the size given by the caller completes. A shorter answer makes a wrong root or proof,
    /// never a panic.
    fn hashes(&self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Self::Error>;
}

/// Root of the tree over the first `size` leaves (RFC 6962, section 2.1); for size 0 the root of the empty tree.
pub fn root_at<S: Subtrees>(size: u64, source: &S) -> Result<Hash, S::Error> {
    Ok(Peaks::load(0, size, source)?.root())
}

/// The peaks of a range: one hash for each set bit of `size`, the largest subtree first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Peaks {
    size: u64,
    hashes: Vec<Hash>,
}

impl Peaks {
    pub(crate) const fn empty() -> Self {
        Self { size: 0, hashes: Vec::new() }
    }

    /// Reads the peaks of the `size` leaves from `start` on; `start` must be a multiple of a power of two not below
    /// `size`. The digits of `size` to the base of 256 say how many hashes of each level to read.
    pub(crate) fn load<S: Subtrees>(start: u64, size: u64, source: &S) -> Result<Self, S::Error> {
        let mut peaks = Self::empty();
        for (level, digit) in (0..8_u8).rev().zip(size.to_be_bytes()) {
            let height = u32::from(level) * 8;
            if digit > 0 {
                let first = (start + peaks.size) >> height;
                for hash in source.hashes(level, first, usize::from(digit))? {
                    peaks.push(height, hash, |_, _| ());
                }
            }
        }
        Ok(peaks)
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Adds the root of the next `2^height` leaves. `completed` hears of every larger subtree this fills, by height.
    pub(crate) fn push(&mut self, height: u32, hash: Hash, mut completed: impl FnMut(u32, Hash)) {
        let (mut top, mut merged) = (height, hash);
        while self.size >> top & 1 == 1 {
            let Some(left) = self.hashes.pop() else { break };
            merged = node_hash(&left, &merged);
            top += 1;
            completed(top, merged);
        }
        self.hashes.push(merged);
        self.size += 1 << height;
    }

    /// The root over all peaks.
    pub(crate) fn root(&self) -> Hash {
        let mut from_the_right = self.hashes.iter().rev();
        let Some(last) = from_the_right.next() else { return empty_root() };
        from_the_right.fold(*last, |right, left| node_hash(left, &right))
    }
}
