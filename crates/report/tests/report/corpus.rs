//! The inputs of the fuzz target, without a fuzzer.

use crate::material::the_engine;
use std::path::PathBuf;

#[path = "../../../../fuzz/logic/oscal.rs"]
mod oscal;

#[test]
fn every_input_of_the_corpus_is_taken_or_refused_as_it_should() {
    let engine = the_engine();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/oscal");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let data = std::fs::read(entry.unwrap().path()).unwrap();
        oscal::oscal(&engine, &data);
        for end in (0..data.len()).step_by(7) {
            oscal::oscal(&engine, &data[..end]);
        }
        count += 1;
    }
    assert!(count >= 6, "{count}");
}
