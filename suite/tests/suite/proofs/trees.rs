//! Proofs made by the product for trees of 1 to 300 entries, checked by the independent verifier.

use super::forge::{Claims, Forge, content, entry};
use super::{Candidate, LogCase, judge, judge_logs};
use merkle::proof::ConsistencyProof;
use std::fs;
use testkit::python;

const SIZE_MAX: usize = 300;

fn forge(size: usize) -> Forge {
    let mut forge = Forge::new();
    for number in 1..size {
        let id = format!("r{number}");
        forge.entries.push(entry("create", &id, 1, Some(&content(&id, 1))).into_bytes());
    }
    forge
}

#[test]
fn inclusion_proofs_of_all_small_trees_are_good_for_both_verifiers() {
    let forge = forge(SIZE_MAX);
    let mut candidates: Vec<Candidate> = Vec::new();
    for size in 2..=SIZE_MAX {
        // The first record, the last one, one in between, and one beside a boundary of tiles.
        let mut indices = vec![1, size - 1, size / 2, size * 5 / 7];
        indices.retain(|index| *index > 0);
        indices.dedup();
        for index in indices {
            let id = format!("r{index}");
            let claims =
                Claims { record: format!("Patient/{id}"), version: 1, content: Some(content(&id, 1)) };
            let proof = serde_json::to_vec(&forge.proof(index, size, &claims)).unwrap();
            candidates.push((format!("{index} of {size}"), proof));
        }
    }
    let found = judge(&candidates, Some(&forge.verifier.to_string()));
    let refused: Vec<_> =
        candidates.iter().zip(found).filter(|(_, good)| !good).map(|((name, _), _)| name).collect();
    assert!(candidates.len() > 1_000 && refused.is_empty(), "{refused:?}");
}

/// Sizes of an older and a newer tree.
const PAIRS: &[(usize, usize)] = &[
    (1, 1),
    (1, 2),
    (1, 300),
    (2, 3),
    (3, 7),
    (4, 7),
    (6, 8),
    (128, 300),
    (255, 256),
    (256, 257),
    (256, 300),
    (257, 299),
    (299, 300),
    (300, 300),
];

#[test]
fn consistency_proofs_of_small_trees_are_good_for_both_verifiers() {
    let forge = forge(SIZE_MAX);
    let folder = tempfile::tempdir().unwrap();
    let source = forge.subtrees();
    let mut command_lines = Vec::new();
    let mut ours = Vec::new();
    for (old, new) in PAIRS {
        let old_size = u64::try_from(*old).unwrap();
        let hashes = merkle::consistency_proof(old_size, u64::try_from(*new).unwrap(), &source).unwrap();
        let proof =
            ConsistencyProof { old: old_size, hashes, checkpoint: forge.checkpoint(*new) }.to_string();
        let damaged = proof.replacen(&forge.subtree_hash(0), &forge.subtree_hash(1), 1);
        let cut: String = proof
            .split_inclusive('\n')
            .enumerate()
            .filter(|(line, _)| *line != 1)
            .map(|(_, line)| line)
            .collect();
        for (name, text) in [("good", &proof), ("damaged", &damaged), ("cut", &cut)] {
            let path =
                |what: &str| folder.path().join(format!("{old}-{new}-{name}-{what}")).display().to_string();
            fs::write(path("proof"), text).unwrap();
            fs::write(path("old"), forge.checkpoint(*old)).unwrap();
            let words =
                ["consistency", &path("proof"), "--old", &path("old"), "--key", &forge.verifier.to_string()];
            command_lines.push(words.map(str::to_owned).to_vec());
            let ours_says =
                store::verify_consistency(text.as_bytes(), &forge.checkpoint(*old), &forge.verifier);
            let told = format!("{old} to {new}, {name}");
            assert!(name != "good" || ours_says.is_ok(), "{told}: {ours_says:?}");
            assert!(name != "cut" || ours_says.is_err(), "{told}");
            ours.push((told, ours_says.is_ok()));
        }
    }
    let theirs = python::verify_all(&command_lines);
    for ((told, good), theirs) in ours.iter().zip(theirs) {
        assert_eq!(theirs[0].good, Some(*good), "{told}: {theirs:?}");
    }
}

#[test]
fn whole_logs_of_many_sizes_are_good_for_both_verifiers() {
    let folder = tempfile::tempdir().unwrap();
    let mut cases = Vec::new();
    for size in [1, 2, 3, 255, 256, 257, 300] {
        let forge = forge(size);
        let log = folder.path().join(size.to_string());
        forge.save(&log);
        cases.push(LogCase { key: Some(forge.verifier.to_string()), ..LogCase::new(size.to_string(), log) });
    }
    assert!(judge_logs(&cases).iter().all(Result::is_ok));
}
