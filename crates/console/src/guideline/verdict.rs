//! Verdicts as pages show them: a word, and a colour that says nothing the word does not.

use super::list;
use crate::words::Words;
use serde_json::Value;

/// The verdicts in the order of the columns, with how their tags look.
pub(super) const ALL: [(&str, &str); 6] = [
    ("met", "good"),
    ("partly", "wait"),
    ("not-met", "bad"),
    ("needs-a-person", "wait"),
    ("unknown", "none"),
    ("not-applicable", "none"),
];

/// A verdict.
pub(crate) struct Verdict {
    /// What it is called.
    pub(crate) name: String,
    /// How its tag looks.
    pub(crate) tone: &'static str,
}

impl Verdict {
    /// The verdict at a name; none of the words means that nothing was assessed.
    pub(super) fn of(value: &Value, words: Words) -> Self {
        let word = value.get("verdict").and_then(Value::as_str).unwrap_or_default();
        let known = ALL.iter().find(|(known, _)| *known == word);
        match known {
            Some((word, tone)) => Self { name: name(word, words), tone },
            None => Self { name: words.say("verdict-none"), tone: "none" },
        }
    }
}

/// What a verdict is called.
pub(super) fn name(word: &str, words: Words) -> String {
    words.or(&format!("verdict-{word}"), word)
}

/// How many requirements have which verdict.
pub(crate) struct Count {
    pub(crate) word: &'static str,
    pub(crate) name: String,
    pub(crate) tone: &'static str,
    pub(crate) number: usize,
}

/// The counts of an assessment in the order of the columns.
pub(super) fn counts(assessed: &Value, words: Words) -> Vec<Count> {
    let of = |wanted: &str| {
        let found = list(assessed, "counts")
            .iter()
            .find(|one| one.get("verdict").and_then(Value::as_str) == Some(wanted));
        found.map_or(0, |one| super::number(one, "count"))
    };
    ALL.iter().map(|(word, tone)| Count { word, name: name(word, words), tone, number: of(word) }).collect()
}
