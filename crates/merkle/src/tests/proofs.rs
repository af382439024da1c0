//! Every proof of every small tree is the one of the definition, and verifies.

use super::naive::{Levels, Naive, leaves};
use crate::{
    Hash, ProofError, Subtrees, Wrong, consistency_proof, empty_root, inclusion_proof, verify_consistency,
    verify_inclusion,
};

const LARGEST: usize = 300;

fn wide(number: usize) -> u64 {
    number.try_into().unwrap()
}

#[test]
fn every_inclusion_proof_up_to_300_leaves_is_that_of_the_definition_and_verifies() {
    let naive = Naive::new(leaves(LARGEST));
    let source = Levels::grow(&leaves(LARGEST));
    for size in 1..=LARGEST {
        let root = naive.root(0, size);
        for index in 0..size {
            let proof = inclusion_proof(wide(index), wide(size), &source).unwrap();
            assert_eq!(proof, naive.path(index, 0, size), "{index} of {size}");
            let checked = verify_inclusion(&naive.leaf(index), wide(index), wide(size), &proof, &root);
            assert_eq!(checked, Ok(()), "{index} of {size}");
        }
    }
}

#[test]
fn every_consistency_proof_up_to_300_leaves_is_that_of_the_definition_and_verifies() {
    let naive = Naive::new(leaves(LARGEST));
    let source = Levels::grow(&leaves(LARGEST));
    for new in 1..=LARGEST {
        let new_root = naive.root(0, new);
        for old in 1..=new {
            let proof = consistency_proof(wide(old), wide(new), &source).unwrap();
            assert_eq!(proof, naive.subproof(old, 0, new, true), "{old} to {new}");
            let checked = verify_consistency(wide(old), &naive.root(0, old), wide(new), &new_root, &proof);
            assert_eq!(checked, Ok(()), "{old} to {new}");
        }
    }
}

#[test]
fn proofs_across_tiles_of_three_levels_verify() {
    let naive = Naive::new(leaves(66_000));
    let source = Levels::grow(&leaves(66_000));
    for size in [65_535, 65_536, 65_537, 65_792, 66_000] {
        let root = naive.root(0, size);
        for index in [0, 255, 256, 32_767, 32_768, 65_279, 65_280, 65_534, size - 1] {
            let proof = inclusion_proof(wide(index), wide(size), &source).unwrap();
            assert_eq!(proof, naive.path(index, 0, size), "{index} of {size}");
            let checked = verify_inclusion(&naive.leaf(index), wide(index), wide(size), &proof, &root);
            assert_eq!(checked, Ok(()), "{index} of {size}");
            let old = index + 1;
            let proof = consistency_proof(wide(old), wide(size), &source).unwrap();
            let checked = verify_consistency(wide(old), &naive.root(0, old), wide(size), &root, &proof);
            assert_eq!(checked, Ok(()), "{old} to {size}");
        }
    }
}

#[test]
fn every_tree_continues_the_empty_one_with_an_empty_proof() {
    let naive = Naive::new(leaves(3));
    let source = Levels::grow(&leaves(3));
    let (empty, three) = (empty_root(), naive.root(0, 3));
    assert_eq!(consistency_proof(0, 3, &source), Ok(Vec::new()));
    assert_eq!(consistency_proof(0, 0, &source), Ok(Vec::new()));
    assert_eq!(verify_consistency(0, &empty, 3, &three, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &empty, 0, &empty, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &empty, 3, &three, &[three]), Err(Wrong::Length));
    assert_eq!(verify_consistency(0, &three, 3, &three, &[]), Err(Wrong::Root), "not the empty root");
    assert_eq!(verify_consistency(0, &three, 0, &three, &[]), Err(Wrong::Root), "not the empty root");
}

#[test]
fn a_tree_continues_itself_with_an_empty_proof_and_the_same_root_only() {
    let naive = Naive::new(leaves(3));
    let (two, three) = (naive.root(0, 2), naive.root(0, 3));
    assert_eq!(consistency_proof(3, 3, &Levels::grow(&leaves(3))), Ok(Vec::new()));
    assert_eq!(verify_consistency(3, &three, 3, &three, &[]), Ok(()));
    assert_eq!(verify_consistency(3, &two, 3, &three, &[]), Err(Wrong::Root));
    assert_eq!(verify_consistency(3, &three, 3, &three, &[two]), Err(Wrong::Length));
}

#[test]
fn what_is_outside_the_tree_is_refused() {
    let naive = Naive::new(leaves(3));
    let source = Levels::grow(&leaves(3));
    let (leaf, root) = (naive.leaf(0), naive.root(0, 3));
    for (index, size) in [(0, 0), (3, 3), (4, 3), (u64::MAX, 3)] {
        assert_eq!(inclusion_proof(index, size, &source), Err(ProofError::Range));
        assert_eq!(verify_inclusion(&leaf, index, size, &[], &root), Err(Wrong::Range));
    }
    assert_eq!(consistency_proof(3, 2, &source), Err(ProofError::Range));
    assert_eq!(verify_consistency(3, &root, 2, &root, &[]), Err(Wrong::Range));
}

#[test]
fn the_only_leaf_is_the_root() {
    let only = leaves(1);
    assert_eq!(inclusion_proof(0, 1, &Levels::grow(&only)), Ok(Vec::new()));
    assert_eq!(verify_inclusion(&only[0], 0, 1, &[], &only[0]), Ok(()));
}

#[test]
fn a_failing_source_fails_the_proof() {
    struct Broken;
    impl Subtrees for Broken {
        type Error = &'static str;
        fn hashes(&self, _: u8, _: u64, _: usize) -> Result<Vec<Hash>, &'static str> {
            Err("disk")
        }
    }
    assert_eq!(inclusion_proof(1, 2, &Broken), Err(ProofError::Source("disk")));
    assert_eq!(consistency_proof(1, 2, &Broken), Err(ProofError::Source("disk")));
    assert_eq!(crate::root_at(2, &Broken), Err("disk"));
}
