//! The corpus of the fuzz target `certificate`, run through without a fuzzer.

#![expect(clippy::expect_used, reason = "a test stops where something is wrong")]

#[path = "../../../fuzz/logic/certificate.rs"]
mod certificate;

use std::path::PathBuf;

#[test]
fn every_certificate_of_the_corpus_is_refused_or_was_signed() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/certificate");
    let paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    let breaks = |path: &&PathBuf| {
        let input = std::fs::read(path).unwrap();
        std::panic::catch_unwind(|| certificate::certificate(&input)).is_err()
    };
    let broken: Vec<String> = paths.iter().filter(breaks).map(|path| path.display().to_string()).collect();
    assert_eq!(broken, [""; 0]);
    assert!(paths.len() >= 19);
}

#[test]
fn a_change_of_any_byte_of_a_good_client_keeps_the_rules() {
    let good = include_bytes!("../../../fuzz/corpus/certificate/a_good_client");
    for at in 0..good.len() {
        let mut changed = good.to_vec();
        changed[at] ^= 1 << (at % 8);
        certificate::certificate(&changed);
    }
}
