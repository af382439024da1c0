//! The table of what can go wrong: template × small change × finding.
//!
//! This test says that the table holds: each change applies, changes the template, and leaves a description that can be
//! read. That the findings come is tested where they are judged.

use base::Language;
use serde::Deserialize;
use site::description::{read, templates};
use site::findings::{Change, changed};
use std::collections::BTreeSet;
use std::path::Path;

/// A file of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) template: String,
    /// Findings that the template brings as it is.
    #[serde(default)]
    pub(crate) found: Vec<String>,
    /// Findings of which it does not say enough to decide.
    #[serde(default)]
    pub(crate) undecided: Vec<String>,
    #[serde(default)]
    pub(crate) faults: Vec<Fault>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) finding: String,
    /// What the finding must say; where something was only left out, it cannot say more.
    #[serde(default)]
    pub(crate) verdict: Verdict,
    /// The section of the reference architectures that names it.
    section: u8,
    ja: String,
    pub(crate) en: String,
    pub(crate) change: Vec<Change>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    #[default]
    Violated,
    Undecided,
}

pub(crate) fn tables() -> Vec<Table> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the table").map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let text = std::fs::read_to_string(file).expect("a file of the table");
            let table: Table =
                serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert_eq!(file.file_stem().and_then(|stem| stem.to_str()), Some(table.template.as_str()));
            table
        })
        .collect()
}

#[test]
fn each_change_applies_and_leaves_a_description_that_can_be_read() {
    let mut faults = Vec::new();
    for table in tables() {
        for fault in &table.faults {
            let said = format!("{} × {}", table.template, fault.en);
            let before = changed(&table.template, &[]).expect("there is such a template");
            match changed(&table.template, &fault.change) {
                Err(what) => faults.push(format!("{said}: {what}")),
                Ok(site) if site == before => faults.push(format!("{said}: nothing changed")),
                Ok(site) => {
                    // JSON is YAML.
                    for problem in read(&said, &site.to_string()).err().into_iter().flatten() {
                        faults.push(problem.text(Language::English));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_template_has_its_faults() {
    let of_tables: BTreeSet<String> = tables().into_iter().map(|table| table.template).collect();
    assert_eq!(of_tables, templates().iter().map(|template| template.name.to_owned()).collect());
    let sections: BTreeSet<u8> =
        tables().iter().flat_map(|table| &table.faults).map(|fault| fault.section).collect();
    assert_eq!(sections, (1..=13).collect(), "each section that says what can go wrong has faults");
    for table in tables() {
        assert!(
            table.found.is_empty() != table.faults.is_empty(),
            "{}: either found as it is, or faults",
            table.template
        );
    }
}

#[test]
fn findings_are_named_alike_and_said_in_both_languages() {
    for table in tables() {
        let of_faults = table.faults.iter().map(|fault| &fault.finding);
        for finding in of_faults.chain(&table.found).chain(&table.undecided) {
            let fits = |part: &str| {
                !part.is_empty()
                    && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            };
            assert_eq!(finding.split('.').filter(|part| fits(part)).count(), 2, "{finding}");
        }
        for fault in &table.faults {
            let leaves_out = fault.change.iter().all(|change| change.remove.is_some());
            assert!(fault.verdict == Verdict::Violated || leaves_out || fault.en.starts_with("Nobody knows"));
            assert!(fault.en.is_ascii() && !fault.ja.is_ascii(), "{}", fault.en);
        }
        let said: BTreeSet<&str> = table.faults.iter().map(|fault| fault.en.as_str()).collect();
        assert_eq!(said.len(), table.faults.len(), "{}: one sentence for each fault", table.template);
    }
}
