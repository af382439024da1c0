//! The corpora of the fuzz targets `checkpoint` and `proof`, run through without a fuzzer.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use std::path::PathBuf;

/// Calls `target` with every input of a corpus: how many there were, and the names of those that broke a rule.
fn replay(corpus: &str, target: fn(&[u8])) -> (usize, Vec<String>) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(corpus);
    let paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    let breaks = |path: &&PathBuf| {
        let input = std::fs::read(path).unwrap();
        std::panic::catch_unwind(|| target(&input)).is_err()
    };
    (paths.len(), paths.iter().filter(breaks).map(|path| path.display().to_string()).collect())
}

#[test]
fn every_checkpoint_of_the_corpus_is_refused_or_printed_back() {
    let (inputs, broken) = replay("checkpoint", merkle::fuzz_checkpoint);
    assert_eq!(broken, [""; 0]);
    assert!(inputs >= 25);
}

#[test]
fn every_proof_of_the_corpus_is_refused_or_printed_back() {
    let (inputs, broken) = replay("proof", merkle::fuzz_proof);
    assert_eq!(broken, [""; 0]);
    assert!(inputs >= 15);
}
