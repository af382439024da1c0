//! What can go wrong, said twice: to the client what to do (in English and Japanese), to the log what happened.
//!
//! Each room keeps a table of [`Code`]s; a page per code stands under `docs/errors/`. A [`Problem`] carries the code,
//! the values that fill its text, the place in the client's input, and a line for the log. The log line must hold no
//! patient data: `Display` and `Debug` print the code and the log line, never the filled-in text.

use std::borrow::Cow;
use std::fmt;

/// The kind of a problem; the HTTP status follows from it in one place (`server::answer`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The input is not what it should be: the client must change it.
    Invalid,
    /// The content is well-formed but breaks a rule of the records.
    Unprocessable,
    /// Who calls is not known: a valid token is needed.
    Unauthenticated,
    /// Not allowed.
    Refused,
    /// There is no such thing.
    Absent,
    /// It existed and was deleted.
    Gone,
    /// The method is not served at this address.
    Method,
    /// The state has changed since the client looked at it (a condition such as `If-Match` failed).
    Stale,
    /// Two wishes contradict each other.
    Conflict,
    /// The representation asked for or sent is not supported.
    Unsupported,
    /// A size limit was passed.
    TooLarge,
    /// The request took too long.
    Slow,
    /// Not possible at the moment: come back later, nothing was stored.
    Busy,
    /// The disk is full: nothing was stored.
    Full,
    /// A fault of ours.
    Fault,
}

/// One kind of problem: a stable id, its class and its text in both languages with `{name}` places to fill.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable id such as `FH-0003`; its page is `docs/errors/FH-0003.md`.
    pub id: &'static str,
    /// What kind of problem it is.
    pub class: Class,
    /// Text in English: what is wrong and what to do.
    pub en: &'static str,
    /// The same in Japanese.
    pub ja: &'static str,
}

/// A language in which texts are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    Japanese,
    /// English
    English,
}

/// Something that went wrong, once.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    code: &'static Code,
    values: Vec<(&'static str, String)>,
    place: Option<String>,
    log: Cow<'static, str>,
}

impl Problem {
    /// A problem of this kind, with nothing filled in yet.
    pub fn new(code: &'static Code) -> Self {
        Self(Box::new(Inner { code, values: Vec::new(), place: None, log: Cow::Borrowed("") }))
    }

    /// Fills the place `{name}` of the text. The value is shown to the client only.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.0.values.push((name, value.to_string()));
        self
    }

    /// Says where in the input the problem is: a FHIRPath such as `Patient.name[0].given`, or a line and column.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.0.place = Some(place.into());
        self
    }

    /// Adds what the log should know. No patient data, no secrets.
    #[must_use]
    pub fn log(mut self, line: impl Into<Cow<'static, str>>) -> Self {
        self.0.log = line.into();
        self
    }

    /// Which kind of problem it is.
    pub fn code(&self) -> &'static Code {
        self.0.code
    }

    /// The class of its code.
    pub fn class(&self) -> Class {
        self.0.code.class
    }

    /// What the log should know; empty when there is nothing beyond the code.
    pub fn log_line(&self) -> &str {
        &self.0.log
    }

    /// Where in the input, if it is known.
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// One of the values that fill its text.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.values.iter().find(|(found, _)| *found == name).map(|(_, value)| value.as_str())
    }

    /// The text for the client.
    pub fn text(&self, language: Language) -> String {
        let template = match language {
            Language::Japanese => self.0.code.ja,
            Language::English => self.0.code.en,
        };
        self.0
            .values
            .iter()
            .fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0.log {
            "" => f.write_str(self.0.code.id),
            line => write!(f, "{}: {line}", self.0.code.id),
        }
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    static UNKNOWN: Code = Code {
        id: "XX-0001",
        class: Class::Invalid,
        en: "`{name}` is not an element of {kind}; remove it",
        ja: "`{name}` は {kind} の要素ではありません。取り除いてください",
    };

    #[test]
    fn the_client_reads_the_values_in_either_language() {
        let problem =
            Problem::new(&UNKNOWN).with("name", "colour").with("kind", "Patient").at("Patient.colour");
        assert_eq!(problem.text(Language::English), "`colour` is not an element of Patient; remove it");
        assert_eq!(
            problem.text(Language::Japanese),
            "`colour` は Patient の要素ではありません。取り除いてください"
        );
        assert_eq!(problem.place(), Some("Patient.colour"));
    }

    #[test]
    fn the_log_never_reads_the_values() {
        let problem = Problem::new(&UNKNOWN).with("name", "山田太郎").log("element refused");
        assert_eq!(format!("{problem} {problem:?}"), "XX-0001: element refused XX-0001: element refused");
    }
}
