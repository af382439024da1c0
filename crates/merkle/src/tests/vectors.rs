//! The reference tree of eight leaves that Certificate Transparency implementations share.

use super::naive::Levels;
use crate::{
    Edge, Hash, consistency_proof, empty_root, inclusion_proof, leaf_hash, node_hash, verify_consistency,
    verify_inclusion,
};

const ENTRIES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// Roots of the trees of 0 to 8 of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Hash of the second leaf.
const LEAF_1: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
/// Hash of the fifth leaf.
const LEAF_4: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
/// Node over the third and fourth leaf.
const NODE_2_3: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
/// Node over the fifth and sixth leaf.
const NODE_4_5: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
/// Node over the last two leaves.
const NODE_6_7: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
/// Node over the last four leaves.
const NODE_4_7: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";

/// Leaf, size, proof.
const INCLUSION: &[(u64, u64, &[&str])] = &[
    (0, 1, &[]),
    (0, 8, &[LEAF_1, NODE_2_3, NODE_4_7]),
    (5, 8, &[LEAF_4, NODE_6_7, ROOTS[4]]),
    (2, 3, &[ROOTS[2]]),
    (1, 5, &[ROOTS[1], NODE_2_3, LEAF_4]),
];

/// Older size, newer size, proof.
const CONSISTENCY: &[(u64, u64, &[&str])] = &[
    (1, 1, &[]),
    (1, 8, &[LEAF_1, NODE_2_3, NODE_4_7]),
    (6, 8, &[NODE_4_5, NODE_6_7, ROOTS[4]]),
    (2, 5, &[NODE_2_3, LEAF_4]),
];

fn hash(hex: &str) -> Hash {
    Hash::from_hex(hex).unwrap()
}

fn root(size: u64) -> Hash {
    hash(ROOTS[usize::try_from(size).unwrap()])
}

fn source() -> Levels {
    Levels::grow(&ENTRIES.map(leaf_hash))
}

#[test]
fn the_reference_tree_has_its_published_roots() {
    let mut edge = Edge::empty();
    assert_eq!(empty_root(), root(0));
    for (entry, size) in ENTRIES.iter().zip(1..) {
        edge.push(leaf_hash(entry));
        assert_eq!(edge.root(), root(size), "size {size}");
    }
}

#[test]
fn the_reference_tree_has_its_published_nodes() {
    assert_eq!(leaf_hash(ENTRIES[1]), hash(LEAF_1));
    assert_eq!(node_hash(&leaf_hash(ENTRIES[2]), &leaf_hash(ENTRIES[3])), hash(NODE_2_3));
    assert_eq!(node_hash(&hash(NODE_4_5), &hash(NODE_6_7)), hash(NODE_4_7));
}

#[test]
fn the_reference_tree_has_its_published_inclusion_proofs() {
    for (index, size, proof) in INCLUSION {
        let proof: Vec<_> = proof.iter().map(|hex| hash(hex)).collect();
        assert_eq!(inclusion_proof(*index, *size, &source()).unwrap(), proof, "{index} of {size}");
        let leaf = leaf_hash(ENTRIES[usize::try_from(*index).unwrap()]);
        assert_eq!(verify_inclusion(&leaf, *index, *size, &proof, &root(*size)), Ok(()), "{index} of {size}");
    }
}

#[test]
fn the_reference_tree_has_its_published_consistency_proofs() {
    for (old, new, proof) in CONSISTENCY {
        let proof: Vec<_> = proof.iter().map(|hex| hash(hex)).collect();
        assert_eq!(consistency_proof(*old, *new, &source()).unwrap(), proof, "{old} to {new}");
        assert_eq!(
            verify_consistency(*old, &root(*old), *new, &root(*new), &proof),
            Ok(()),
            "{old} to {new}"
        );
    }
}
