//! From a paper to the files that leave.

use crate::codes;
use crate::command::Output;
use crate::door::Press;
use base::Problem;
use report::paper::{Paper, Section};
use serde_json::Value;

/// A file with its content.
#[derive(Clone, Debug)]
pub(super) struct Rendered {
    pub(super) name: String,
    pub(super) media: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// A paper as a file of this name.
pub(super) fn file(
    paper: &Paper,
    press: &Press,
    (name, output): (&str, Output),
) -> Result<Rendered, Problem> {
    let bytes = match output {
        Output::Json | Output::Bundle => json(paper)?.into_bytes(),
        Output::Html => report::html::paper_page(paper).into_bytes(),
        Output::Xlsx => json(paper)?.into_bytes(),
        Output::Pdf => press(paper)?,
    };
    Ok(Rendered { name: format!("{name}.{}", output.ending()), media: output.media(), bytes })
}

/// A paper as JSON.
pub(super) fn json(paper: &Paper) -> Result<String, Problem> {
    serde_json::to_string_pretty(paper).map(|text| text + "\n").map_err(|error| failed(&error))
}

/// A paper that was kept.
pub(super) fn read(kept: Value) -> Result<Paper, Problem> {
    serde_json::from_value(kept).map_err(|error| failed(&error))
}

/// What differs from an earlier paper.
pub(super) fn compare(old: &Paper, new: &Paper) -> Section {
    Section::new(format!("{} → {}", old.version, new.version), Vec::new())
}

pub(super) fn failed(error: &serde_json::Error) -> Problem {
    Problem::new(&codes::NOT_KEPT).log(format!("a paper: {error}"))
}
