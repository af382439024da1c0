//! A growing tree has the root that the definition gives, and can be put down and taken up at any size.

use super::naive::{Levels, Naive, leaves};
use crate::{Completed, Edge, Hash, Subtrees, empty_root, root_at};
use std::convert::Infallible;

const LARGEST: usize = 70_000;

/// Every small size, every size around the edges of tiles of level 0 and 1, and a sample of the rest.
fn sampled(size: usize) -> bool {
    size <= 600
        || size.abs_diff(65_536) <= 3
        || size.abs_diff(65_536 + 256) <= 2
        || size.is_multiple_of(997)
        || size == LARGEST
}

#[test]
fn the_edge_has_the_root_of_the_definition_at_every_size() {
    let naive = Naive::new(leaves(LARGEST));
    let mut edge = Edge::empty();
    assert_eq!((edge.size(), edge.root()), (0, empty_root()));
    for size in 1..=LARGEST {
        edge.push(naive.leaf(size - 1));
        if sampled(size) {
            assert_eq!(edge.root(), naive.root(0, size), "size {size}");
        }
    }
    assert_eq!(edge.size(), 70_000);
}

#[test]
fn completed_subtrees_have_the_roots_of_the_definition() {
    let naive = Naive::new(leaves(LARGEST));
    let mut edge = Edge::empty();
    let mut seen = Vec::new();
    for size in 1..=LARGEST {
        edge.push(naive.leaf(size - 1));
        // Taken now and then only: what was completed in between must be kept.
        if size % 1000 == 0 {
            seen.extend(edge.take_completed());
        }
    }
    assert!(edge.take_completed().is_empty());
    let full = |level: u8, index: usize| {
        let leaves = 256_usize.pow(level.into());
        let hash = naive.root(index * leaves, (index + 1) * leaves);
        Completed { level, index: index.try_into().unwrap(), hash }
    };
    let mut expected: Vec<_> = (0..273).map(|index| full(1, index)).collect();
    expected.insert(256, full(2, 0));
    assert_eq!(seen, expected);
}

#[test]
fn a_loaded_edge_goes_on_like_one_that_never_stopped() {
    let leaves = leaves(LARGEST);
    let source = Levels::grow(&leaves);
    let mut edge = Edge::empty();
    for (size, leaf) in leaves.iter().enumerate() {
        if sampled(size) || size % 256 == 255 {
            let mut loaded = Edge::load(size.try_into().unwrap(), &source).unwrap();
            assert_eq!((loaded.size(), loaded.root()), (edge.size(), edge.root()), "size {size}");
            assert_eq!(root_at(edge.size(), &source), Ok(edge.root()), "size {size}");
            edge.push(*leaf);
            loaded.push(*leaf);
            assert_eq!(loaded.root(), edge.root(), "size {size}");
            assert_eq!(loaded.take_completed(), edge.take_completed(), "size {size}");
        } else {
            edge.push(*leaf);
            edge.take_completed();
        }
    }
}

/// A tree too large to hold, in which every hash says where it stands.
struct Endless;

impl Subtrees for Endless {
    type Error = Infallible;

    fn hashes(&self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Infallible> {
        assert_eq!(first / 256, (first + u64::try_from(count).unwrap() - 1) / 256, "asked across a tile");
        let hash = |index: u64| {
            let mut bytes = [level; 32];
            bytes[..8].copy_from_slice(&index.to_be_bytes());
            Hash(bytes)
        };
        Ok((first..).take(count).map(hash).collect())
    }
}

#[test]
fn the_largest_trees_can_be_proved_too() {
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1, (1 << 62) + 12_345] {
        let root = root_at(size, &Endless).unwrap();
        for index in [0, 1, 255, 256, size / 2, size - 1] {
            let proof = crate::inclusion_proof(index, size, &Endless).unwrap();
            let [leaf] = Endless.hashes(0, index, 1).unwrap()[..] else { panic!("one hash") };
            assert!(proof.len() <= 64);
            // The levels of `Endless` do not hash into each other, so only the walk itself is checked: no overflow,
            // and the length that the size asks for.
            assert_ne!(crate::verify_inclusion(&leaf, index, size, &proof, &root), Err(crate::Wrong::Length));
        }
        for old in [1, 2, 255, 256, size / 2, size - 1] {
            let proof = crate::consistency_proof(old, size, &Endless).unwrap();
            let old_root = root_at(old, &Endless).unwrap();
            let checked = crate::verify_consistency(old, &old_root, size, &root, &proof);
            assert_ne!(checked, Err(crate::Wrong::Length), "{old} {size}");
        }
    }
}
