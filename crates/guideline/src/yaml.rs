//! Reading YAML: what is wrong is said with file and line.

use crate::codes;
use base::Problem;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::Spanned;

/// A file by its name, with its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceFile<'a> {
    /// Its path within the catalogue, such as `mhlw-6.0/control.yaml`.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Reads a file into a shape. Unknown keys are refused by the shapes themselves.
pub(crate) fn read<T: DeserializeOwned>(file: SourceFile<'_>) -> Result<T, Problem> {
    serde_saphyr::from_str(file.text).map_err(|error| {
        let line = error.location().map_or(1, |place| place.line());
        wrong(file.name, line, &first_line(&error.without_snippet().to_string()))
    })
}

/// By what a file tells of which kind it is.
#[derive(Deserialize)]
pub(crate) struct Head {
    pub(crate) format: Option<String>,
    /// The edition, of a part of a guideline.
    pub(crate) guideline: Option<Spanned<String>>,
}

/// Of which kind a file is.
pub(crate) fn head(file: SourceFile<'_>) -> Result<Head, Problem> {
    read(file)
}

/// The first line on which a word stands, or the first of all.
pub(crate) fn line_with(text: &str, word: &str) -> u64 {
    let found = text.lines().position(|line| line.contains(word)).unwrap_or(0);
    u64::try_from(found).unwrap_or(0).saturating_add(1)
}

/// That something is wrong at a line of a file.
pub(crate) fn wrong(file: &str, line: u64, what: &str) -> Problem {
    Problem::new(&codes::FILE)
        .with("file", file)
        .with("line", line)
        .with("what", what)
        .log(format!("{file}, line {line}: {what}"))
}

/// Messages of the reader go on with an excerpt; its first line says what is wrong.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}
