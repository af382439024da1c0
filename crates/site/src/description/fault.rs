//! What is wrong with a description, in both languages, before it becomes a problem with a code.

use super::place::Place;
use crate::codes;
use base::{Code, Problem};
use serde::de::{Expected, Unexpected};
use std::fmt;

/// Something wrong, at a place.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) code: &'static Code,
    /// Where; not yet known while it rises from within.
    pub(super) place: Option<Place>,
    pub(super) en: String,
    pub(super) ja: String,
}

impl Fault {
    pub(super) fn new(
        code: &'static Code,
        place: Place,
        en: impl Into<String>,
        ja: impl Into<String>,
    ) -> Self {
        Self { code, place: Some(place), en: en.into(), ja: ja.into() }
    }

    /// A fault of form whose place the tree will add.
    pub(super) fn of_form(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { code: &codes::FORM, place: None, en: en.into(), ja: ja.into() }
    }

    /// The innermost place stands: it is the most exact one.
    pub(super) fn or_at(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }

    /// As it is shown.
    pub(super) fn problem(&self, file: &str) -> Problem {
        let Place { line, column } = self.place.unwrap_or(Place { line: 1, column: 1 });
        Problem::new(self.code)
            .with("file", file)
            .with("line", line)
            .with("column", column)
            .with("what", &self.en)
            .with("what_ja", &self.ja)
            .at(format!("{line}:{column}"))
            .log(format!("{file}:{line}:{column}: {}", self.en))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    /// The types of a description say both languages at once, divided as [`both`] does; others say one.
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        let (en, ja) = message.split_once(DIVIDER).unwrap_or((&message, &message));
        Self::of_form(en, ja)
    }

    fn invalid_type(_found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let wanted = wanted.to_string();
        Self::of_form(
            format!(
                "what stands here is of another kind: {wanted} is wanted. Correct it, or leave the key out if it is not known"
            ),
            format!(
                "値の種類が違います（必要なもの：{wanted}）。直すか、分からなければキーごと省いてください"
            ),
        )
    }

    fn invalid_length(_length: usize, wanted: &dyn Expected) -> Self {
        Self::invalid_type(Unexpected::Seq, wanted)
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        let known = known.join(", ");
        Self::of_form(
            format!(
                "`{found}` is not one of the words that can stand here: {known}. Correct it; where the key may be left out, `unknown` can stand as well"
            ),
            format!(
                "`{found}` は使えません。使える語：{known}。直すか、分からなければ `unknown` と書いてください"
            ),
        )
    }

    fn unknown_field(found: &str, known: &'static [&'static str]) -> Self {
        let known = known.join(", ");
        Self::of_form(
            format!("there is no key `{found}` here. Known are: {known}. Correct it, or take it out"),
            format!("ここに `{found}` というキーはありません。使えるキー：{known}。直すか、消してください"),
        )
    }

    fn missing_field(field: &'static str) -> Self {
        Self::of_form(
            format!("the key `{field}` is missing. Add it"),
            format!("キー `{field}` がありません。書き加えてください"),
        )
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::of_form(
            format!("the key `{field}` stands twice. Keep one of them"),
            format!("キー `{field}` が重複しています。どちらか一つにしてください"),
        )
    }
}

/// Between the two languages of a message that passes through [`serde::de::Error::custom`]. It stands in no text.
const DIVIDER: char = '\u{1f}';

/// A message in both languages for [`serde::de::Error::custom`].
pub(super) fn both(en: impl fmt::Display, ja: impl fmt::Display) -> String {
    format!("{en}{DIVIDER}{ja}")
}
