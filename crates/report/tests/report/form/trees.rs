//! The checklist and the disclosure of a clinic as trees, line by line, in both languages.

use super::{known, paper};
use crate::material::{now, the_engine};
use base::Language;
use guideline::Side;
use report::form::Form;
use report::paper::{Block, Paper, Row, Table};
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn the_checklist_of_a_clinic_is_as_expected() {
    let sides = ("mhlw-checklist-2025", Some(Side::Facility));
    expect("checklist-2025-facility", Form::Checklist, sides);
}

#[test]
fn the_checklist_of_a_provider_is_as_expected() {
    expect("checklist-2025-provider", Form::Checklist, ("mhlw-checklist-2025", Some(Side::Provider)));
}

#[test]
fn the_checklist_of_this_year_is_as_expected() {
    expect("checklist-2026", Form::Checklist, ("mhlw-checklist-2026", None));
}

#[test]
fn the_disclosure_is_as_expected() {
    expect("sds", Form::Sds, ("jahis-sds-5.0", Some(Side::Provider)));
}

fn expect(name: &str, form: Form, edition: (&str, Option<Side>)) {
    let engine = the_engine();
    let facts = known(&engine, now());
    let mut others = Vec::new();
    for (language, ending) in [(Language::Japanese, "ja"), (Language::English, "en")] {
        let found = tree(&paper(&engine, form, edition, &facts, language));
        let file = format!("{name}.{ending}.txt");
        let expected = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/expected")).join(&file);
        if found != std::fs::read_to_string(expected).unwrap_or_default() {
            let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&file);
            std::fs::write(&made, found).unwrap();
            others.push(made);
        }
    }
    assert!(others.is_empty(), "compare these trees with those in crates/report/tests/expected: {others:?}");
}

/// A paper as lines of text.
fn tree(paper: &Paper) -> String {
    let mut all = String::new();
    writeln!(all, "{} {:?} | {} | {}", paper.kind, paper.edition, paper.title, paper.subtitle).unwrap();
    writeln!(all, "{} | {} | {} | {:?}", paper.facility, paper.as_of.0, paper.program, paper.positions)
        .unwrap();
    for section in &paper.sections {
        let page = [(section.on_new_page, " new page"), (section.is_wide, " wide")];
        let page: String = page.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
        writeln!(all, "\n# {} ({}{page})", section.heading, section.level).unwrap();
        for one in &section.blocks {
            block(&mut all, one);
        }
    }
    all
}

fn block(all: &mut String, block: &Block) {
    match block {
        Block::Text(text) => writeln!(all, "{text}").unwrap(),
        Block::Note(text) => writeln!(all, "note: {text}").unwrap(),
        Block::Points(points) => points.iter().for_each(|point| writeln!(all, "* {point}").unwrap()),
        Block::Fields(fields) => {
            for one in fields {
                writeln!(all, "{}: {}", one.label, one.value).unwrap();
            }
        }
        Block::Table(one) => table(all, one),
        Block::Bars(bars) => {
            writeln!(all, "bars {} {:?}", bars.caption, bars.legend).unwrap();
            bars.rows.iter().for_each(|(label, parts)| writeln!(all, "  {label} {parts:?}").unwrap());
        }
        Block::Trend(_) | Block::Picture(_) => panic!("no form of these tests has one"),
    }
}

fn table(all: &mut String, table: &Table) {
    writeln!(all, "table {}", table.name).unwrap();
    for column in &table.columns {
        let choices = column.choices.join("/");
        let choices = if choices.is_empty() { choices } else { format!(" {choices}") };
        writeln!(all, "  | {} ({}){choices}", column.title, column.width).unwrap();
    }
    for row in &table.rows {
        match row {
            Row::Heading(text) => writeln!(all, "  == {text}").unwrap(),
            Row::Cells { key, cells } => {
                let said = |cell: &report::paper::Cell| {
                    let number = cell.number.map_or_else(String::new, |number| format!("#{number}"));
                    format!(
                        "{}{number}{}",
                        cell.text.replace('\n', " ⏎ "),
                        format!(" [{:?}]", cell.tone).replace(" [Plain]", "")
                    )
                };
                let cells: Vec<String> = cells.iter().map(said).collect();
                writeln!(all, "  {}: {}", key.as_deref().unwrap_or("-"), cells.join(" | ")).unwrap();
            }
        }
    }
}
