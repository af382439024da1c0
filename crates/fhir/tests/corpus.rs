//! The corpora of the fuzz targets `resource`, `search` and `fhirpath`, run through without a fuzzer.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

#[path = "../../../fuzz/logic/search.rs"]
mod search;

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
fn every_resource_of_the_corpus_keeps_the_rules() {
    let (inputs, broken) = replay("resource", fhir::fuzz_logic);
    assert_eq!(broken, [""; 0]);
    assert!(inputs >= 30);
}

#[test]
fn every_search_of_the_corpus_says_what_is_looked_for_or_is_refused() {
    let (inputs, broken) = replay("search", search::search);
    assert_eq!(broken, [""; 0]);
    assert!(inputs >= 20);
}

#[test]
fn every_expression_of_the_corpus_is_evaluated_or_refused() {
    let (inputs, broken) = replay("fhirpath", fhir::fhirpath::fuzz_expression);
    assert_eq!(broken, [""; 0]);
    assert!(inputs >= 50);
}
