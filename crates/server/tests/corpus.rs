//! The corpus of the fuzz target `framing`, run through without a fuzzer.

use std::path::PathBuf;

#[test]
fn every_input_of_the_corpus_has_one_verdict_however_it_is_cut() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/framing");
    let paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    for path in &paths {
        let input = std::fs::read(path).unwrap();
        let verdict = std::panic::catch_unwind(|| server::fuzz_framing(&input));
        assert!(verdict.is_ok(), "{}", path.display());
    }
    assert!(paths.len() >= 16);
}
