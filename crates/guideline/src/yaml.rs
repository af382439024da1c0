//! Reading YAML: what is wrong is said with file and line.

use crate::catalogue::Text;
use crate::codes;
use base::Problem;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Spanned};

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
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        wrong_in_both(file.name, line, &said(error.without_snippet(), column))
    })
}

/// What the reader found at a column, in both languages. It speaks English only: where what it found is not one of the faults
/// that people make, its own words stand beside, marked as such.
fn said(error: &Error, column: u64) -> Text {
    let original = first_line(&error.to_string());
    let ja = match fault(error) {
        (ja, Whole::Yes) => ja,
        (ja, Whole::No) => original_beside(&ja, &original),
    };
    Text::new(format!("{column} 文字目、{ja}"), format!("column {column}: {original}"))
}

/// Whether a text says all that is known.
#[derive(Clone, Copy)]
enum Whole {
    Yes,
    No,
}

/// A fault in Japanese.
fn fault(error: &Error) -> (String, Whole) {
    let whole = |text: String| (text, Whole::Yes);
    let part = |text: &str| (text.to_owned(), Whole::No);
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            whole(format!("キー `{field}` はここでは使えません（使えるキー：{}）", expected.join("、")))
        }
        Error::SerdeMissingField { field, .. } => whole(format!("必要なキー `{field}` がありません")),
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            whole(format!("値 `{variant}` は使えません（使える値：{}）", expected.join("、")))
        }
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            whole(format!("キー `{key}` が 2 回書かれています"))
        }
        Error::DuplicateMappingKey { key: None, .. } => whole("同じキーが 2 回書かれています".to_owned()),
        Error::Eof { .. } => whole("内容がないか、途中で終わっています".to_owned()),
        Error::MultipleDocuments { .. } => {
            whole("1 つのファイルに複数の YAML 文書（`---` による区切り）は置けません".to_owned())
        }
        Error::UnknownAnchor { .. } => whole("参照先のアンカーがありません".to_owned()),
        Error::SerdeInvalidType { .. }
        | Error::SerdeInvalidValue { .. }
        | Error::SerdeInvalidLength { .. }
        | Error::InvalidScalar { .. }
        | Error::NullIntoString { .. }
        | Error::Unexpected { .. } => part("値の種類が違います"),
        Error::Budget { .. } => part("大きすぎるか、入れ子が深すぎます"),
        Error::ExternalMessage { .. } => part("YAML の構文の誤りです"),
        _ => part("YAML として読めません"),
    }
}

/// A Japanese sentence with what was said in English beside it.
pub(crate) fn original_beside(ja: &str, original: &str) -> String {
    format!("{ja}（原文：{original}）")
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

/// That something is wrong at a line of a file, said in English only.
pub(crate) fn wrong(file: &str, line: u64, what: &str) -> Problem {
    wrong_in_both(file, line, &Text::new(original_beside("内容が正しくありません", what), what))
}

fn wrong_in_both(file: &str, line: u64, what: &Text) -> Problem {
    Problem::new(&codes::FILE)
        .with("file", file)
        .with("line", line)
        .with("what", &what.en)
        .with("what_ja", &what.ja)
        .log(format!("{file}, line {line}: {}", what.en))
}

/// Messages of the reader go on with an excerpt; its first line says what is wrong.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Language;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "it is read and never looked at")]
    struct Form {
        name: String,
        count: u8,
    }

    fn refused(text: &str) -> (String, String) {
        let problem = read::<Form>(SourceFile { name: "a.yaml", text }).unwrap_err();
        (problem.text(Language::Japanese), problem.text(Language::English))
    }

    #[test]
    fn a_fault_is_said_in_japanese_with_its_place() {
        for (text, ja) in [
            (
                "name: x\nplace: 1\n",
                "a.yaml の 2 行目：1 文字目、キー `place` はここでは使えません（使えるキー：name、count）。",
            ),
            ("name: x\n", "必要なキー `count` がありません。"),
            ("name: x\nname: y\n", "キー `name` が 2 回書かれています。"),
            ("name: x\ncount: many\n", "a.yaml の 2 行目：8 文字目、値の種類が違います（原文："),
            ("name: [x\n", "値の種類が違います（原文："),
            ("name: \"x\n", "YAML の構文の誤りです（原文："),
            ("", "内容がないか、途中で終わっています。"),
            ("name: x\ncount: 1\n---\nname: y\ncount: 2\n", "複数の YAML 文書"),
        ] {
            let (said, english) = refused(text);
            assert!(said.contains(ja), "{text:?}: {said}");
            assert!(english.contains("a.yaml, line ") && english.contains("column "), "{english}");
        }
    }

    #[test]
    fn what_is_said_in_english_only_stands_apart() {
        let said = wrong("a.yaml", 3, "x is named twice").text(Language::Japanese);
        assert!(said.contains("内容が正しくありません（原文：x is named twice）。"), "{said}");
    }
}
