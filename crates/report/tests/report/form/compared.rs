//! What changed between two versions: rows and cells, and nothing that only looks new.

use super::{judged, known, paper, prose, seen};
use crate::material::{now, the_engine};
use base::Language;
use guideline::{Engine, Facts, Side, Value};
use report::form::Form;
use report::paper::{Block, Cell, Paper, Row, Section, compare};

const OF: (&str, Option<Side>) = ("mhlw-checklist-2025", Some(Side::Facility));

fn checklist(engine: &Engine, facts: &Facts) -> Paper {
    paper(engine, Form::Checklist, OF, facts, Language::Japanese)
}

fn texts(section: &Section, name: &str) -> Vec<Vec<String>> {
    let rows = section.tables().filter(|(own, _)| *own == name).flat_map(|(_, table)| &table.rows);
    let text = |row: &Row| match row {
        Row::Heading(text) => vec![text.clone()],
        Row::Cells { cells, .. } => cells.iter().map(|cell| cell.text.clone()).collect(),
    };
    rows.map(text).collect()
}

fn says(section: &Section, wanted: &str) -> bool {
    section.blocks.iter().any(|block| matches!(block, Block::Text(text) if text.contains(wanted)))
}

#[test]
fn where_nothing_changed_that_is_said() {
    let engine = the_engine();
    let old = checklist(&engine, &known(&engine, now()));
    let section = compare(&old, &old).unwrap();
    assert!(says(&section, "前の版から変わったことはありません"));
    assert_eq!(section.tables().count(), 0);
}

#[test]
fn a_later_look_at_the_same_is_no_change_of_content() {
    let engine = the_engine();
    let old = checklist(&engine, &known(&engine, now()));
    let later = now().plus_seconds(86_400 * 3);
    let mut judged = judged(&engine, OF.0, OF.1, &known(&engine, later));
    judged.at = guideline::Moment(later);
    judged.position = Some(99);
    let judged = [judged];
    let given = report::form::Given { as_of: later, ..super::given(&engine, &judged, Language::Japanese) };
    let new = Form::Checklist.paper(&given).unwrap();
    let section = compare(&old, &new).unwrap();
    assert!(texts(&section, "変わった内容").is_empty());
    assert!(says(&section, "日付とジャーナル位置だけが新しく"));
    assert!(texts(&section, "日付・位置だけの変更").len() > 5);
}

#[test]
fn a_new_fact_changes_its_answer_and_renumbers_nothing_else() {
    let engine = the_engine();
    let old = checklist(&engine, &known(&engine, now()));
    let mut facts = known(&engine, now());
    // It stands before others in the list of evidence, so that their numbers change.
    let fact = seen("document.backup_rules", Value::YesNo(true), now());
    facts.learn(&engine.registry, fact, now()).unwrap();
    let fact = seen("person.external_media_restricted", Value::YesNo(true), now());
    facts.learn(&engine.registry, fact, now()).unwrap();
    let section = compare(&old, &checklist(&engine, &facts)).unwrap();
    let changed = texts(&section, "変わった内容");
    let rows: std::collections::BTreeSet<&str> = changed.iter().map(|row| row[1].as_str()).collect();
    assert!(rows.iter().any(|row| row.ends_with("facility/2-9")), "{rows:?}");
    assert!(rows.iter().all(|row| !row.ends_with("facility/1-1")), "{rows:?}");
    let answer = changed.iter().find(|row| row[1].ends_with("facility/2-9") && row[2] == "確認結果").unwrap();
    assert_eq!(answer[3..], ["いいえ", "はい"]);
    assert!(texts(&section, "日付・位置だけの変更").is_empty());
}

#[test]
fn rows_that_came_and_went_are_told_with_what_they_said() {
    let engine = the_engine();
    let old = checklist(&engine, &known(&engine, now()));
    let mut new = old.clone();
    new.version = 2;
    let Some(Block::Table(table)) = new.sections[2].blocks.first_mut() else { panic!("the items") };
    let gone = table.rows.remove(1);
    let cells = (0..table.columns.len()).map(|place| Cell::plain(format!("新 {place}"))).collect();
    table.rows.push(Row::Cells { key: Some("new/1".to_owned()), cells });
    let section = compare(&old, &new).unwrap();
    let moved = texts(&section, "追加・削除された行");
    assert_eq!(moved.len(), 2);
    assert_eq!((moved[0][0].as_str(), moved[0][2].as_str()), ("追加", "新 0 新 1\nnew/1"));
    assert_eq!(moved[1][0], "削除");
    let Row::Cells { cells, .. } = gone else { panic!("a row of cells") };
    assert!(cells.iter().all(|cell| moved[1][3].contains(&cell.text)));
    let Block::Fields(heads) = &section.blocks[0] else { panic!("its head") };
    assert!(heads[0].value.starts_with("未発行の版（2026年11月22日（令和8年）"));
    assert!(heads[1].value.starts_with("第2版（2026年11月22日"));
}

#[test]
fn a_change_in_a_text_or_a_field_is_not_passed_over() {
    let engine = the_engine();
    let old = checklist(&engine, &known(&engine, now()));
    let mut new = old.clone();
    new.facility = "べつの診療所".to_owned();
    new.sections[0].blocks.push(Block::Text("加えた文".to_owned()));
    if let Block::Fields(fields) = &mut new.sections[0].blocks[0] {
        fields[1].value = "医事課 試験花子".to_owned();
        fields.pop();
    }
    let section = compare(&old, &new).unwrap();
    let Block::Fields(heads) = &section.blocks[0] else { panic!("its head") };
    assert!(heads.iter().any(|one| one.value == "あかし内科クリニック → べつの診療所"));
    let changed = texts(&section, "変わった内容");
    assert!(changed.iter().any(|row| row[3] == "（記入）" && row[4] == "医事課 試験花子"));
    assert!(section.blocks.contains(&Block::Points(vec!["基本情報".to_owned()])));
    // What this section says is no part of the next comparison.
    let mut with = new.clone();
    with.sections.push(section);
    assert!(says(&compare(&new, &with).unwrap(), "変わったことはありません"));
}

#[test]
fn an_english_comparison_speaks_english() {
    let engine = the_engine();
    let old = paper(&engine, Form::Checklist, OF, &Facts::default(), Language::English);
    let new = paper(&engine, Form::Checklist, OF, &known(&engine, now()), Language::English);
    let section = compare(&old, &new).unwrap();
    let moved = texts(&section, "Rows added and dropped");
    assert!(moved.iter().any(|row| row[0] == "added" && row[1] == "Evidence"), "{moved:?}");
    let changed = texts(&section, "What changed");
    let answer = changed.iter().find(|row| row[1].ends_with("facility/1-1") && row[2] == "Answer").unwrap();
    assert_eq!(answer[3..], ["Not confirmed", "Yes"]);
    let Block::Fields(heads) = &section.blocks[0] else { panic!("its head") };
    assert_eq!(heads[0].value, "not handed out (22 November 2026, 18:30 JST, Akashi 0.1.0)");
}

#[test]
fn papers_of_other_kinds_or_languages_are_refused() {
    let engine = the_engine();
    let facts = known(&engine, now());
    let one = checklist(&engine, &facts);
    let english = paper(&engine, Form::Checklist, OF, &facts, Language::English);
    let sds = paper(&engine, Form::Sds, ("jahis-sds-5.0", None), &facts, Language::Japanese);
    for other in [english, sds] {
        assert_eq!(compare(&one, &other).unwrap_err().code().id, "GL-0042");
    }
    assert!(!prose(&one).is_empty());
}
