//! Making proofs: the hashes beside the path from a leaf or from an older tree up to the root.

use crate::hash::Hash;
use crate::peaks::{Peaks, Subtrees};
use std::fmt;

/// Why no proof could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError<E> {
    /// The leaf is not below the size, or the older tree is larger than the newer.
    Range,
    /// The source of hashes failed.
    Source(E),
}

impl<E: fmt::Display> fmt::Display for ProofError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range => f.write_str("no such leaf or no such older tree"),
            Self::Source(error) => error.fmt(f),
        }
    }
}

impl<E: std::error::Error> std::error::Error for ProofError<E> {}

/// The inclusion proof of leaf `index` in the tree of `size` leaves, from the leaf's sibling up to the root's child
/// (RFC 6962, section 2.1.1). Empty for the only leaf of a tree of size 1.
///
/// # Errors
/// [`ProofError::Range`] when `index` is not below `size` (so always for the empty tree).
pub fn inclusion_proof<S: Subtrees>(
    index: u64,
    size: u64,
    source: &S,
) -> Result<Vec<Hash>, ProofError<S::Error>> {
    if index >= size {
        return Err(ProofError::Range);
    }
    let (mut start, mut count) = (0, size);
    let mut down = Vec::new();
    while count > 1 {
        let left = left_leaves(count);
        if index - start < left {
            down.push(range_root(start + left, count - left, source)?);
            count = left;
        } else {
            down.push(range_root(start, left, source)?);
            start += left;
            count -= left;
        }
    }
    down.reverse();
    Ok(down)
}

/// The consistency proof from the tree of `old` leaves to that of `new` leaves (RFC 6962, section 2.1.2).
///
/// The RFC leaves `old` = 0 open. Here it is as in C2SP `tlog-witness`: every tree continues the empty one, and the
/// proof is empty. It is empty for `old` = `new` as well.
///
/// # Errors
/// [`ProofError::Range`] when `old` is larger than `new`.
pub fn consistency_proof<S: Subtrees>(
    old: u64,
    new: u64,
    source: &S,
) -> Result<Vec<Hash>, ProofError<S::Error>> {
    if old > new {
        return Err(ProofError::Range);
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    let (mut start, mut count) = (0, new);
    let mut down = Vec::new();
    while old - start < count {
        let left = left_leaves(count);
        if old - start <= left {
            down.push(range_root(start + left, count - left, source)?);
            count = left;
        } else {
            down.push(range_root(start, left, source)?);
            start += left;
            count -= left;
        }
    }
    // What remains is the last full part of the old tree. When it begins at leaf 0 it is the old tree itself, whose
    // root the verifier already has.
    if start > 0 {
        down.push(range_root(start, count, source)?);
    }
    down.reverse();
    Ok(down)
}

/// Leaves of the left half of a tree of `count` (2 or more) leaves: the largest power of two below `count`.
fn left_leaves(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

fn range_root<S: Subtrees>(start: u64, count: u64, source: &S) -> Result<Hash, ProofError<S::Error>> {
    Peaks::load(start, count, source).map(|peaks| peaks.root()).map_err(ProofError::Source)
}
