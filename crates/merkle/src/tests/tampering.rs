//! A proof in which anything was changed is refused.
//!
//! One exception is no fault: a proof does not bind the size itself, only the shape of the path. Size and root are
//! bound together by the checkpoint's signature. The tests expect exactly that.

use super::naive::{Levels, Naive, leaves, path_turns, subproof_turns};
use crate::{Hash, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion};

const SIZES: [usize; 9] = [1, 2, 3, 5, 7, 8, 13, 33, 64];

fn wide(number: usize) -> u64 {
    number.try_into().unwrap()
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = hash.0;
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash(bytes)
}

/// The proof with one bit changed, each bit in turn; with a hash too few at either end; with one too many.
fn changed(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = Vec::new();
    for place in 0..proof.len() {
        for bit in 0..256 {
            let mut one = proof.to_vec();
            one[place] = flipped(&one[place], bit);
            all.push(one);
        }
    }
    for extra in [Hash([0; 32]), proof.first().copied().unwrap_or(Hash([1; 32]))] {
        all.push([proof, &[extra]].concat());
        all.push([&[extra], proof].concat());
    }
    if let ([_, tail @ ..], [head @ .., _]) = (proof, proof) {
        all.extend([tail.to_vec(), head.to_vec()]);
    }
    all
}

#[test]
fn an_inclusion_proof_with_any_change_is_refused() {
    let naive = Naive::new(leaves(64));
    let source = Levels::grow(&leaves(64));
    for (size, index) in SIZES.iter().flat_map(|size| (0..*size).map(move |index| (*size, index))) {
        let (leaf, root) = (naive.leaf(index), naive.root(0, size));
        let (size, index) = (wide(size), wide(index));
        let proof = inclusion_proof(index, size, &source).unwrap();
        for bit in 0..256 {
            assert!(
                verify_inclusion(&flipped(&leaf, bit), index, size, &proof, &root).is_err(),
                "leaf, {bit}"
            );
            assert!(
                verify_inclusion(&leaf, index, size, &proof, &flipped(&root, bit)).is_err(),
                "root, {bit}"
            );
        }
        for changed in changed(&proof) {
            assert!(verify_inclusion(&leaf, index, size, &changed, &root).is_err(), "{index} of {size}");
        }
        for bit in 0..64 {
            let other = index ^ 1 << bit;
            assert!(
                verify_inclusion(&leaf, other, size, &proof, &root).is_err(),
                "{other} for {index} of {size}"
            );
            let other = size ^ 1 << bit;
            let same_shape = index < other && path_turns(index, other) == path_turns(index, size);
            let checked = verify_inclusion(&leaf, index, other, &proof, &root);
            assert_eq!(checked.is_ok(), same_shape, "{index} of {other} for {size}");
        }
    }
}

#[test]
fn a_consistency_proof_with_any_change_is_refused() {
    let naive = Naive::new(leaves(64));
    let source = Levels::grow(&leaves(64));
    for (new, old) in SIZES.iter().flat_map(|new| (1..*new).map(move |old| (*new, old))) {
        let (old_root, new_root) = (naive.root(0, old), naive.root(0, new));
        let (old, new) = (wide(old), wide(new));
        let proof = consistency_proof(old, new, &source).unwrap();
        for bit in 0..256 {
            let wrong = flipped(&old_root, bit);
            assert!(verify_consistency(old, &wrong, new, &new_root, &proof).is_err(), "old root, {bit}");
            let wrong = flipped(&new_root, bit);
            assert!(verify_consistency(old, &old_root, new, &wrong, &proof).is_err(), "new root, {bit}");
        }
        for changed in changed(&proof) {
            let checked = verify_consistency(old, &old_root, new, &new_root, &changed);
            assert!(checked.is_err(), "{old} to {new}");
        }
        for bit in 0..64 {
            let other = old ^ 1 << bit;
            let checked = verify_consistency(other, &old_root, new, &new_root, &proof);
            assert!(checked.is_err(), "{other} for {old} to {new}");
            let other = new ^ 1 << bit;
            let same_shape = old <= other && subproof_turns(old, other) == subproof_turns(old, new);
            let checked = verify_consistency(old, &old_root, other, &new_root, &proof);
            assert_eq!(checked.is_ok(), same_shape, "{old} to {other} for {new}");
        }
    }
}
