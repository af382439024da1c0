//! What statements rest on: each fact has a number, statements name the numbers, and an appendix shows the facts.

use super::{Block, Cell, Column, Row, Section, Table, moment, short_day};
use crate::html::{unit, value};
use base::Language;
use guideline::{Assessed, Engine, Fact, FactOrigin};
use std::collections::BTreeMap;

/// The facts of a report, each with its number, in the order of their keys.
#[derive(Clone, Debug, Default)]
pub struct References<'a> {
    by_key: BTreeMap<&'a str, (usize, &'a Fact)>,
}

impl<'a> References<'a> {
    /// Numbers facts from 1. Of several with one key the newest is kept.
    pub fn of(facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        let mut by_key: BTreeMap<&str, (usize, &Fact)> = BTreeMap::new();
        for fact in facts {
            let kept = by_key.entry(&fact.key).or_insert((0, fact));
            if kept.1.observed < fact.observed {
                kept.1 = fact;
            }
        }
        for (number, entry) in by_key.values_mut().enumerate() {
            entry.0 = number.saturating_add(1);
        }
        Self { by_key }
    }

    /// How a statement names the fact of a key: `E-12`. None where the fact is not among them.
    pub fn number(&self, key: &str) -> Option<String> {
        self.by_key.get(key).map(|(number, _)| format!("E-{number}"))
    }

    /// On what a verdict rests: the numbers, and the day of the oldest of them, since a statement is as old as its oldest
    /// ground. None where it rests on no fact.
    pub fn grounds(&self, one: &Assessed, language: Language) -> Option<String> {
        let grounds: Vec<&(usize, &Fact)> =
            one.decided_by.iter().filter_map(|key| self.by_key.get(key.as_str())).collect();
        let oldest = grounds.iter().map(|(_, fact)| fact.observed).min()?;
        let numbers: Vec<String> = grounds.iter().map(|(number, _)| format!("E-{number}")).collect();
        let day = short_day(oldest.0);
        Some(match language {
            Language::Japanese => format!("{}（{day}）", numbers.join("、")),
            Language::English => format!("{} ({day})", numbers.join(", ")),
        })
    }

    /// The day of the oldest fact that a verdict rests on. None where it rests on none.
    pub fn seen_on(&self, one: &Assessed) -> Option<String> {
        let seen = one.decided_by.iter().filter_map(|key| self.by_key.get(key.as_str()));
        seen.map(|(_, fact)| fact.observed).min().map(|oldest| short_day(oldest.0))
    }

    /// The facts with their numbers, in order.
    pub fn facts(&self) -> impl Iterator<Item = (usize, &'a Fact)> {
        self.by_key.values().copied()
    }
}

/// The appendix that shows what a report rests on: a section of its own, one row for each fact.
pub fn appendix(engine: &Engine, references: &References<'_>, language: Language) -> Section {
    let say = |ja: &'static str, en: &'static str| match language {
        Language::Japanese => ja,
        Language::English => en,
    };
    let columns = vec![
        Column::new(say("番号", "No."), 4),
        Column::new(say("内容", "What"), 18),
        Column::new(say("値", "Value"), 8),
        Column::new(say("出所", "Source"), 5),
        Column::new(say("確認日時", "Seen"), 9),
        Column::new(say("有効期限", "Counts until"), 6),
        Column::new(say("ジャーナル位置", "Journal position"), 5),
        Column::new(say("確認方法", "How"), 16),
    ];
    let row = |(number, fact): (usize, &Fact)| {
        let about = engine.registry.key(&fact.key).map_or(fact.key.as_str(), |key| key.text.of(language));
        let until =
            fact.valid_until.map_or_else(|| say("定めなし", "no end").to_owned(), |end| short_day(end.0));
        let position = fact.position.map_or_else(|| "―".to_owned(), |position| position.to_string());
        let cells = vec![
            Cell::plain(format!("E-{number}")),
            Cell::plain(format!("{about}\n{}", fact.key)),
            Cell::plain(value(language, &fact.value, fact.unit.as_deref().map(|one| unit(language, one)))),
            Cell::plain(source(fact.origin, language)),
            Cell::plain(moment(fact.observed.0, language)),
            Cell::plain(until),
            Cell::plain(position),
            Cell::plain(fact.how.of(language)),
        ];
        Row::Cells { key: Some(fact.key.clone()), cells }
    };
    let rows: Vec<Row> = references.facts().map(row).collect();
    let blocks = if rows.is_empty() {
        let none = say(
            "この報告書の根拠となる事実は、まだ一つもありません。",
            "There is no fact yet that this report could rest on.",
        );
        vec![Block::Text(none.to_owned())]
    } else {
        let note = say(
            "本文の E- で始まる番号は、この一覧の番号です。ジャーナル位置は、その事実を記録し、または示すエントリーの位置です。",
            "Numbers with E- in this report are those of this list. The journal position is that of the entry that holds or shows the fact.",
        );
        let name = say("根拠一覧", "Evidence").to_owned();
        vec![Block::Note(note.to_owned()), Block::Table(Table { name, columns, rows })]
    };
    Section::new(say("付録：根拠一覧", "Appendix: evidence"), blocks).on_new_page().wide()
}

fn source(origin: FactOrigin, language: Language) -> &'static str {
    let (ja, en) = match origin {
        FactOrigin::Runtime => ("稼働中のシステム", "running system"),
        FactOrigin::Site => ("構成の検査", "check of the site"),
        FactOrigin::Document => ("文書台帳", "documents"),
        FactOrigin::Person => ("担当者の回答", "answer of a person"),
    };
    match language {
        Language::Japanese => ja,
        Language::English => en,
    }
}
