//! What changes with every look at a running system and says nothing new: numbers of evidence, dates, places in the journal.

use crate::paper::{Cell, Paper, Row};
use std::collections::BTreeMap;

/// The column of the list of evidence that tells what was seen (`super::super::evidence::appendix`).
pub(super) const VALUE: usize = 2;

/// Which fact each number of a paper's evidence means.
pub(super) struct Numbers<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Numbers<'a> {
    pub(super) fn of(paper: &'a Paper) -> Self {
        let mut numbers = BTreeMap::new();
        for row in paper.tables().flat_map(|(_, table)| &table.rows) {
            let Row::Cells { key: Some(key), cells } = row else { continue };
            if let Some(first) = cells.first().filter(|_| is_evidence(cells)) {
                numbers.insert(first.text.as_str(), key.as_str());
            }
        }
        Self(numbers)
    }

    /// A text with the facts in place of their numbers.
    pub(super) fn resolved(&self, text: &str) -> String {
        let mut said = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("E-") {
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            let number = format!("E-{digits}");
            said.push_str(before);
            said.push_str(&self.0.get(number.as_str()).map_or(number.clone(), |key| format!("[{key}]")));
            rest = after.trim_start_matches(|one: char| one.is_ascii_digit());
        }
        said.push_str(rest);
        said
    }
}

/// Whether a row is one of the list of evidence.
pub(super) fn is_evidence(cells: &[Cell]) -> bool {
    let number = cells.first().and_then(|cell| cell.text.strip_prefix("E-"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A text with a mark in place of each date, as `paper::date` writes them.
pub(super) fn without_dates(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // A date begins a run of digits: `12026-11-23` has none.
        let is_begun = said.chars().next_back().is_some_and(|one| one.is_ascii_digit());
        if let Some(after) = if is_begun { None } else { date(rest) } {
            said.push('\u{1}');
            rest = after;
        } else {
            said.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    said
}

/// What follows a date with which a text begins.
fn date(text: &str) -> Option<&str> {
    iso(text).or_else(|| japanese(text)).or_else(|| english(text))
}

fn iso(text: &str) -> Option<&str> {
    let rest = digits(text, 4, 4)?.strip_prefix('-')?;
    digits(digits(rest, 2, 2)?.strip_prefix('-')?, 2, 2)
}

fn japanese(text: &str) -> Option<&str> {
    let rest = digits(text, 4, 4)?.strip_prefix('年')?;
    let rest = digits(rest, 1, 2)?.strip_prefix('月')?;
    let rest = digits(rest, 1, 2)?.strip_prefix('日')?;
    let era = |rest: &'_ str| -> Option<usize> {
        let (era, _) = rest.strip_prefix("（令和")?.split_once("年）")?;
        let is_year = era == "元" || (!era.is_empty() && era.bytes().all(|byte| byte.is_ascii_digit()));
        is_year.then(|| "（令和".len().saturating_add(era.len()).saturating_add("年）".len()))
    };
    let rest = era(rest).and_then(|length| rest.get(length..)).unwrap_or(rest);
    let time = |rest| digits(digits(rest, 1, 2)?.strip_prefix('時')?, 2, 2)?.strip_prefix('分');
    Some(time(rest).unwrap_or(rest))
}

fn english(text: &str) -> Option<&str> {
    let rest = digits(text, 1, 2)?.strip_prefix(' ')?;
    let (month, rest) = rest.split_once(' ')?;
    let is_month =
        month.len() >= 3 && month.len() <= 9 && month.bytes().all(|byte| byte.is_ascii_alphabetic());
    let rest = digits(rest, 4, 4).filter(|_| is_month)?;
    let time = |rest: &'_ str| -> Option<usize> {
        let after = digits(digits(rest.strip_prefix(", ")?, 2, 2)?.strip_prefix(':')?, 2, 2)?;
        let after = after.strip_prefix(" JST")?;
        rest.len().checked_sub(after.len())
    };
    Some(time(rest).and_then(|length| rest.get(length..)).unwrap_or(rest))
}

/// What follows so many digits and no more.
fn digits(text: &str, least: usize, most: usize) -> Option<&str> {
    let rest = text.trim_start_matches(|one: char| one.is_ascii_digit());
    let count = text.len().checked_sub(rest.len())?;
    (least..=most).contains(&count).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_form_are_told_from_numbers() {
        for same in [
            ["E（2026-11-23）", "E（2027-01-02）"],
            ["2026年11月23日（令和8年）0時05分", "2019年5月1日（令和元年）23時59分"],
            ["23 November 2026, 00:05 JST.", "1 May 2027, 12:00 JST."],
            ["1 May 2027", "23 November 2026"],
        ] {
            assert_eq!(without_dates(same[0]), without_dates(same[1]));
            assert_ne!(without_dates(same[0]), same[0]);
        }
        for number in ["3件", "12 件", "192.0.2-11-23x", "12026-11-23", "2026-11-234", "9 of 10"] {
            assert_eq!(without_dates(number), number);
        }
    }
}
