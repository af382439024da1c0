//! The corpus of the fuzz target `passkey`, run through without a fuzzer.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong"
)]

#[path = "../../../fuzz/logic/passkey.rs"]
mod passkey;

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
fn no_answer_of_the_corpus_is_accepted_that_should_not_be() {
    let (inputs, broken) = replay("passkey", passkey::passkey);
    assert_eq!(broken, [""; 0]);
    assert!(inputs >= 20);
}
