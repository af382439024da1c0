//! What facilities answer to commands, as people read it: lines and tables in the language of the terminal.

mod account;
mod app;
pub(crate) mod assess;
pub(crate) mod attest;
mod audit;
mod certificate;
pub(crate) mod disclosure;
pub(crate) mod document;
mod glass;
mod law;
pub(crate) mod papers;
mod policy;
pub(crate) mod risk;
mod words;

pub(crate) use account::{account, account_in_full, accounts, invitation, key, sessions_ended};
pub(crate) use app::{app, apps};
pub(crate) use audit::{accesses, lookers};
pub(crate) use certificate::{authority, certificate, certificates};
pub(crate) use glass::{glass, glasses};
pub(crate) use law::{law, law_texts, matrix, proposal};
pub(crate) use policy::{facts, policy};

use crate::table::Table;
use crate::terminal::Terminal;
use base::Time;
use serde_json::Value;

/// The answer as it is.
pub(crate) fn json(terminal: &Terminal, reply: &Value) {
    terminal.line(&format!("{reply:#}"));
}

/// The text of a member; empty when there is none.
pub(crate) fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The members of a list.
fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A whole number; 0 when there is none.
fn number(of: &Value, name: &str) -> u64 {
    of.get(name).and_then(Value::as_u64).unwrap_or(0)
}

/// A text that stands there in both languages.
fn two<'a>(terminal: &Terminal, of: &'a Value, name: &str) -> &'a str {
    of.get(name).map(|both| text(both, terminal.choose("en", "ja"))).unwrap_or_default()
}

/// A moment in Japan time, to the minute; empty when there is none.
fn time(of: &Value, name: &str) -> String {
    let Some(time) = Time::parse(text(of, name)) else { return String::new() };
    let there = time.plus_seconds(9 * 3_600).to_string();
    there
        .split_at_checked(16)
        .map_or(String::new(), |(minute, _)| format!("{}+09:00", minute.replace('T', " ")))
}

/// Names and values below one another; those without a value are left out.
struct Lines(Table);

impl Lines {
    fn new() -> Self {
        Self(Table::default())
    }

    fn add(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.0.row([format!("{name}:"), value]);
        }
    }

    fn show(&self, terminal: &Terminal) {
        terminal.table(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_moment_is_shown_in_japan_time() {
        let of = json!({ "ends": "2026-03-31T15:30:59.999999Z", "none": null });
        assert_eq!(time(&of, "ends"), "2026-04-01 00:30+09:00");
        assert_eq!(time(&of, "none"), "");
        assert_eq!(time(&of, "absent"), "");
    }
}
