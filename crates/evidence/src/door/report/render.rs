//! From a paper to the files that leave.

use crate::codes;
use crate::command::Output;
use crate::door::Press;
use base::Problem;
use report::paper::{Block, Paper, Section};
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
        Output::Json | Output::Bundle => json(paper).into_bytes(),
        Output::Html => report::html::paper_page(paper).into_bytes(),
        Output::Xlsx => report::sheet::write(paper)?,
        Output::Pdf => press(paper)?,
    };
    Ok(Rendered { name: format!("{name}.{}", output.ending()), media: output.media(), bytes })
}

/// A paper as JSON.
pub(super) fn json(paper: &Paper) -> String {
    report::paper::to_json(paper)
}

/// A paper that was kept.
pub(super) fn read(kept: &Value) -> Result<Paper, Problem> {
    report::paper::from_json(&kept.to_string())
}

/// What differs from an earlier paper, of which no pictures are kept.
pub(super) fn compare(old: &Paper, new: &Paper) -> Result<Section, Problem> {
    report::paper::compare(old, &without_pictures(new))
}

/// The same without its pictures.
pub(super) fn without_pictures(paper: &Paper) -> Paper {
    let mut paper = paper.clone();
    for block in paper.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        if let Block::Picture(picture) = block {
            picture.svg.clear();
        }
    }
    paper
}

pub(super) fn failed(error: &serde_json::Error) -> Problem {
    Problem::new(&codes::NOT_KEPT).log(format!("a paper: {error}"))
}
