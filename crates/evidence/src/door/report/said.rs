//! What a report answers, without what moves by itself: two papers with the same answers are one version.
//!
//! Answers are the cells of the rows that stand for something (a requirement, a risk, a document), the points and the bars. When
//! something was last looked at, and under which number the evidence is listed, is no answer.

use base::Time;
use data_encoding::HEXLOWER;
use guideline::{Day, Engine};
use report::paper::{Block, Paper, Row, day, moment, short_day};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What stands in the place of a moment.
const MOMENT: &str = "·";

/// The digest of what a paper answers. `moving` are the moments at which its facts were seen.
pub(super) fn answers(engine: &Engine, paper: &Paper, moving: impl Iterator<Item = Time>) -> String {
    let moving = words(paper, moving);
    let mut sum = Sha256::new();
    let mut add = |text: &str| {
        sum.update(settled(text, &moving));
        sum.update([0]);
    };
    for block in paper.sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Points(points) => {
                for point in points {
                    add(point);
                }
            }
            Block::Table(table) => {
                for text in table.rows.iter().flat_map(|row| said(engine, row)) {
                    add(text);
                }
            }
            Block::Bars(bars) => {
                for (label, parts) in &bars.rows {
                    add(&format!("{label} {parts:?}"));
                }
            }
            Block::Text(_) | Block::Note(_) | Block::Fields(_) | Block::Trend(_) | Block::Picture(_) => {}
        }
    }
    HEXLOWER.encode(&sum.finalize())
}

/// The key and the cells of a row that stands for something. One that stands for a fact shows on what others rest.
fn said<'a>(engine: &Engine, row: &'a Row) -> Vec<&'a str> {
    match row {
        Row::Cells { key: Some(key), cells } if engine.registry.key(key).is_err() => {
            std::iter::once(key.as_str()).chain(cells.iter().map(|cell| cell.text.as_str())).collect()
        }
        Row::Cells { .. } | Row::Heading(_) => Vec::new(),
    }
}

/// How the moments are written, the longest first: a moment holds its day.
fn words(paper: &Paper, moving: impl Iterator<Item = Time>) -> Vec<String> {
    let mut words = BTreeSet::new();
    for time in moving {
        words.insert(moment(time, paper.language));
        words.insert(day(Day::of(time), paper.language));
        words.insert(short_day(time));
    }
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

fn settled(text: &str, moving: &[String]) -> String {
    let mut text = text.to_owned();
    for word in moving {
        if text.contains(word.as_str()) {
            text = text.replace(word.as_str(), MOMENT);
        }
    }
    without_numbers(&text)
}

/// `E-12` without its number.
fn without_numbers(text: &str) -> String {
    let mut parts = text.split("E-");
    let mut settled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        settled.push_str("E-");
        settled.push_str(part.trim_start_matches(|sign: char| sign.is_ascii_digit()));
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Language;
    use guideline::Moment;
    use report::paper::{Cell, Column, FORMAT, Section, Table};

    fn paper(key: &str, cells: &[&str], points: &[&str]) -> Paper {
        let cells = cells.iter().map(|text| Cell::plain(*text)).collect();
        let table = Table {
            name: String::new(),
            columns: vec![Column::new("a", 4)],
            rows: vec![Row::Cells { key: Some(key.to_owned()), cells }],
        };
        let points = points.iter().map(|&point| point.to_owned()).collect();
        Paper {
            format: FORMAT,
            kind: "gaps".to_owned(),
            edition: None,
            language: Language::Japanese,
            title: String::new(),
            subtitle: String::new(),
            facility: String::new(),
            version: 0,
            as_of: Moment(Time::parse("2026-11-23T00:00:00Z").unwrap()),
            program: String::new(),
            positions: Vec::new(),
            sections: vec![Section::new("", vec![Block::Table(table), Block::Points(points)])],
        }
    }

    fn digest(paper: &Paper) -> String {
        let seen = ["2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"].map(|text| Time::parse(text).unwrap());
        answers(&guideline::engine().unwrap(), paper, seen.into_iter())
    }

    #[test]
    fn when_and_under_which_number_evidence_was_seen_is_no_answer() {
        let first = paper(
            "a",
            &["はい", "E-1、E-2（2026-11-22）", "2026-11-22"],
            &["2026年11月22日（令和8年）9時00分"],
        );
        let again = paper(
            "a",
            &["はい", "E-7、E-9（2026-11-23）", "2026-11-23"],
            &["2026年11月23日（令和8年）9時00分"],
        );
        assert_eq!(digest(&first), digest(&again));
        let fact = |value| paper("runtime.tls.versions", &[value], &[]);
        assert_eq!(digest(&fact("TLS 1.2")), digest(&fact("TLS 1.3")), "the appendix shows what it rests on");
    }

    #[test]
    fn every_other_difference_is_one() {
        let base = paper("a", &["はい", "2026-11-22", "E-1"], &["x"]);
        for other in [
            paper("b", &["はい", "2026-11-22", "E-1"], &["x"]),
            paper("a", &["いいえ", "2026-11-22", "E-1"], &["x"]),
            paper("a", &["はい", "2026-12-31", "E-1"], &["x"]),
            paper("a", &["はい", "2026-11-22", "E-1、E-2"], &["x"]),
            paper("a", &["はい", "2026-11-22", "E-1"], &["y"]),
        ] {
            assert_ne!(digest(&base), digest(&other), "{other:?}");
        }
    }
}
