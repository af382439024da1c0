//! Checking proofs without the tree. Every input may be hostile.

use crate::hash::{Hash, empty_root, node_hash};
use std::fmt;

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The leaf is not below the size, or the older tree is larger than the newer.
    Range,
    /// The proof has more or fewer hashes than these sizes ask for.
    Length,
    /// The hashes lead to another root.
    Root,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Range => "no such leaf or no such older tree",
            Self::Length => "the proof has too many or too few hashes",
            Self::Root => "the hashes lead to another root",
        })
    }
}

impl std::error::Error for Wrong {}

/// Checks that `proof` leads from leaf hash `leaf` at `index` to the `root` of the tree of `size` leaves
/// (RFC 6962, section 2.1.1).
///
/// The size itself is bound by the signed checkpoint, not by the proof: two sizes in which the path of a leaf has the
/// same shape ask for the same computation. Pass size and root of one checkpoint.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), Wrong> {
    if index >= size {
        return Err(Wrong::Range);
    }
    let reached = climb(Climb { index, last: size - 1 }, proof, *leaf, |hash, step| match step {
        Step::Left(sibling) => node_hash(sibling, &hash),
        Step::Right(sibling) => node_hash(&hash, sibling),
    })?;
    equal(&reached, root)
}

/// Checks that the tree of `new_size` leaves and root `new_root` continues that of `old_size` leaves and root
/// `old_root` (RFC 6962, section 2.1.2).
///
/// Decided where the RFC is silent: a tree of size 0 has the root of the empty tree and no other; from size 0, and
/// between equal sizes, the proof is empty; equal sizes have equal roots.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), Wrong> {
    if old_size > new_size {
        return Err(Wrong::Range);
    }
    if old_size == 0 {
        equal(old_root, &empty_root())?;
    }
    if old_size == new_size {
        equal(old_root, new_root)?;
    }
    if old_size == 0 || old_size == new_size {
        return if proof.is_empty() { Ok(()) } else { Err(Wrong::Length) };
    }
    // The path starts at the last full subtree of the old tree: as many levels up as the old size ends in zero bits.
    let up = old_size.trailing_zeros();
    let start = Climb { index: (old_size - 1) >> up, last: (new_size - 1) >> up };
    // An old tree of 2^n leaves is itself that subtree, and the proof leaves it out.
    let (first, rest) = if old_size.is_power_of_two() {
        (*old_root, proof)
    } else {
        proof.split_first().map(|(first, rest)| (*first, rest)).ok_or(Wrong::Length)?
    };
    let (old_reached, new_reached) = climb(start, rest, (first, first), |(old, new), step| match step {
        Step::Left(sibling) => (node_hash(sibling, &old), node_hash(sibling, &new)),
        Step::Right(sibling) => (old, node_hash(&new, sibling)),
    })?;
    equal(&old_reached, old_root)?;
    equal(&new_reached, new_root)
}

/// A place on one level of the tree, and the last place of that level.
#[derive(Clone, Copy)]
struct Climb {
    index: u64,
    last: u64,
}

/// On which side of the path the sibling stands.
enum Step<'a> {
    Left(&'a Hash),
    Right(&'a Hash),
}

/// Walks from a place up to the root, one hash of the proof for each level on which there is a sibling.
fn climb<T>(from: Climb, proof: &[Hash], start: T, join: impl Fn(T, Step<'_>) -> T) -> Result<T, Wrong> {
    let Climb { mut index, mut last } = from;
    let mut reached = start;
    for sibling in proof {
        // The last place of a level has no right sibling: it rises unchanged until it stands on the right.
        while index == last && index & 1 == 0 && last > 0 {
            index >>= 1;
            last >>= 1;
        }
        if last == 0 {
            return Err(Wrong::Length);
        }
        let step = if index & 1 == 1 { Step::Left(sibling) } else { Step::Right(sibling) };
        reached = join(reached, step);
        index >>= 1;
        last >>= 1;
    }
    if last == 0 { Ok(reached) } else { Err(Wrong::Length) }
}

fn equal(reached: &Hash, root: &Hash) -> Result<(), Wrong> {
    if reached == root { Ok(()) } else { Err(Wrong::Root) }
}
