//! A paper goes through JSON unchanged; what is none is refused with what to do.

use super::{known, paper};
use crate::material::{now, the_engine};
use base::Language;
use guideline::{Engine, Side};
use report::form::Form;
use report::paper::{Cell, Paper, Row, from_json, to_json};

fn checklist(engine: &Engine) -> Paper {
    let of = ("mhlw-checklist-2025", Some(Side::Facility));
    paper(engine, Form::Checklist, of, &known(engine, now()), Language::Japanese)
}

#[test]
fn a_paper_goes_through_json_unchanged() {
    let engine = the_engine();
    let mut paper = checklist(&engine);
    paper.facility = "=1+1\u{202e}\u{1b}[2J\u{0}</script>\"".to_owned();
    let text = to_json(&paper);
    assert!(text.ends_with("}\n") && text == to_json(&paper));
    assert!(!text.contains(['\u{202e}', '\u{1b}', '\u{0}']));
    assert_eq!(from_json(&text).unwrap(), paper);
}

#[test]
fn another_format_is_refused_with_what_to_do() {
    let engine = the_engine();
    let text = to_json(&checklist(&engine));
    let problem = from_json(&text.replacen("\"format\": 1", "\"format\": 2", 1)).unwrap_err();
    assert_eq!(problem.code().id, "GL-0041");
    assert!(
        problem.text(Language::English).contains("format 2")
            && problem.text(Language::Japanese).contains('2')
    );
    // A later format can have other members: its number is what is told.
    assert_eq!(from_json("{\"format\": 7, \"sheets\": []}").unwrap_err().code().id, "GL-0041");
}

#[test]
fn what_is_no_paper_is_refused() {
    let engine = the_engine();
    let paper = checklist(&engine);
    let text = to_json(&paper);
    let short: String = text.chars().take(text.len() / 4).collect();
    let more = text.replacen("\"kind\"", "\"extra\": 1, \"kind\"", 1);
    let mut lacking = paper.clone();
    for section in &mut lacking.sections {
        for block in &mut section.blocks {
            if let report::paper::Block::Table(table) = block {
                table.rows.push(Row::Cells { key: None, cells: vec![Cell::plain("alone")] });
            }
        }
    }
    for wrong in [String::new(), "[]".to_owned(), "{}".to_owned(), short, more, to_json(&lacking)] {
        assert_eq!(from_json(&wrong).unwrap_err().code().id, "GL-0040");
    }
}
