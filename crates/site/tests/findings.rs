//! The rules on a site as a whole: on the table of faults, on templates as they are, and on their own fixtures.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it should be"
)]

use site::findings::{Catalogue, rules};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_rule_has_its_file_and_every_file_its_rule() {
    let ids: Vec<&str> = rules().collect();
    let of_rules: BTreeSet<String> = ids.iter().map(|&id| id.to_owned()).collect();
    assert_eq!(of_rules.len(), ids.len(), "an id stands twice");
    let catalogue = Catalogue::builtin().unwrap_or_else(|problem| panic!("{problem:?}"));
    let of_catalogue: BTreeSet<String> = catalogue.rules().map(|rule| rule.id.clone()).collect();
    assert_eq!(of_rules, of_catalogue);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue/findings");
    let files = std::fs::read_dir(folder).expect("the files").map(|file| file.expect("a file").path());
    let stems = files.map(|file| file.file_stem().expect("a name").to_string_lossy().into_owned());
    assert_eq!(of_rules, stems.collect(), "see src/findings/files.rs");
}
