//! Spreadsheets as openpyxl reads them, which we did not write: real cells, nothing lost, no formula.
//!
//! It comes with compliance-trestle, which `cargo xtask test` installs under `target/`.

use super::{known, paper};
use crate::material::{now, the_engine};
use crate::trestle::PYTHON;
use base::Language;
use guideline::{Facts, Moment, Side};
use proptest::prelude::*;
use report::form::Form;
use report::paper::{
    Bars, Block, Cell, Column, FORMAT, Field, Paper, Picture, Row, Section, Table, Tone, Trend,
};
use report::sheet::write;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/form/read_sheet.py");

/// What openpyxl says of a spreadsheet.
pub(crate) fn read(bytes: &[u8]) -> Value {
    assert!(
        Path::new(PYTHON).is_file(),
        "openpyxl is not installed: run `cargo xtask trestle`, or `cargo xtask test`, which installs it"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.xlsx");
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new(PYTHON)
        .arg(PROGRAM)
        .arg(&file)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn sheet<'a>(book: &'a Value, name: &str) -> &'a Value {
    book["sheets"].as_array().unwrap().iter().find(|sheet| sheet["name"] == name).unwrap()
}

/// The cells of a worksheet, row by row; what is blank is empty.
pub(crate) fn cells(sheet: &Value) -> Vec<Vec<String>> {
    let text = |cell: &Value| match &cell[0] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let rows = sheet["rows"].as_array().unwrap().iter();
    rows.map(|row| row.as_array().unwrap().iter().map(text).collect()).collect()
}

pub(crate) fn no_formula(book: &Value) {
    for sheet in book["sheets"].as_array().unwrap() {
        for cell in sheet["rows"].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap()) {
            assert!(["text", "number", "blank"].contains(&cell[1].as_str().unwrap()), "{cell}");
        }
    }
}

fn checklist(language: Language) -> Paper {
    let engine = the_engine();
    let of = ("mhlw-checklist-2025", Some(Side::Facility));
    paper(&engine, Form::Checklist, of, &known(&engine, now()), language)
}

/// A paper of one section.
fn made(title: &str, blocks: Vec<Block>) -> Paper {
    Paper {
        format: FORMAT,
        kind: "gaps".to_owned(),
        edition: None,
        language: Language::Japanese,
        title: title.to_owned(),
        subtitle: "副題".to_owned(),
        facility: "あかし内科クリニック".to_owned(),
        version: 3,
        as_of: Moment(now()),
        program: "0.1.0".to_owned(),
        positions: vec![7, 42],
        sections: vec![Section::new("節", blocks)],
    }
}

fn one_table(name: &str, cells: Vec<Cell>) -> Paper {
    let columns = (0..cells.len()).map(|place| Column::new(format!("列{place}"), 10)).collect();
    let rows = vec![Row::Cells { key: Some("1".to_owned()), cells }];
    made("試験", vec![Block::Table(Table { name: name.to_owned(), columns, rows })])
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    for language in [Language::Japanese, Language::English] {
        assert_eq!(write(&checklist(language)).unwrap(), write(&checklist(language)).unwrap());
    }
}

#[test]
fn a_checklist_has_real_cells_that_can_be_filled_in_and_printed() {
    let paper = checklist(Language::Japanese);
    let book = read(&write(&paper).unwrap());
    no_formula(&book);
    assert_eq!(book["title"], paper.title.as_str());
    assert_eq!(book["created"], "2026-11-22T09:30:00");
    let sheet = sheet(&book, "確認項目（医療機関・薬局確認用）");
    let (name, table) = paper.tables().find(|(name, _)| name.starts_with("確認項目")).unwrap();
    assert_eq!(sheet["name"], name);
    let found = cells(sheet);
    let titles: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
    assert_eq!(found[0], titles);
    let mut expected: Vec<Vec<String>> = Vec::new();
    for row in &table.rows {
        expected.push(match row {
            Row::Heading(text) => {
                let mut row = vec![String::new(); titles.len()];
                row[0].clone_from(text);
                row
            }
            Row::Cells { cells, .. } => cells.iter().map(|cell| cell.text.clone()).collect(),
        });
    }
    // No text of this one is so long that it goes on in a second row.
    assert_eq!(found[1..], expected);
    let last = expected.len() + 1;
    assert_eq!(sheet["print_titles"], "$1:$1");
    assert!(
        sheet["print_area"].as_str().unwrap().ends_with(&format!("$A$1:$G${last}")),
        "{}",
        sheet["print_area"]
    );
    assert_eq!(sheet["freeze"], "B2");
    assert_eq!(sheet["filter"], format!("A1:G{last}"));
    assert_eq!(sheet["paper"], 9);
    assert_eq!(sheet["orientation"], "landscape");
    assert_eq!((&sheet["fit"][0], &sheet["fit"][2]), (&Value::from(true), &Value::from(0)));
    assert_eq!(sheet["foot"], "&P / &N");
    assert_eq!(
        sheet["validations"],
        serde_json::json!([[format!("D2:D{last}"), "list", "\"はい,いいえ,対象外,未確認\""]])
    );
    for (column, letter) in table.columns.iter().zip(["A", "B", "C", "D", "E", "F", "G"]) {
        let width = sheet["widths"][letter].as_f64().unwrap();
        let wanted = f64::from(column.width) * 2.0 + 2.0;
        assert!((width - wanted).abs() < 1.0, "{letter}: {width}, not {wanted}");
    }
}

#[test]
fn the_cover_says_everything_that_is_no_table() {
    let mut paper = checklist(Language::Japanese);
    paper.version = 5;
    let points = vec!["点その一".to_owned(), "点その二".to_owned()];
    let picture = Picture { caption: "網の図".to_owned(), svg: "<svg/>".to_owned() };
    paper.sections[0].blocks.extend([Block::Points(points), Block::Picture(picture)]);
    let book = read(&write(&paper).unwrap());
    let cover = cells(sheet(&book, "表紙"));
    let says = |wanted: &str| cover.iter().flatten().any(|cell| cell.contains(wanted));
    let field = |label: &str, value: &str| cover.iter().any(|row| row[0] == label && row[1] == value);
    assert!(field("表題", &paper.title) && field("版", "5") && field("ジャーナル位置", "42"));
    assert!(field("作成時点", "2026年11月22日（令和8年）18時30分") && field("プログラム", "Akashi 0.1.0"));
    for section in &paper.sections {
        assert!(says(&section.heading));
        for block in &section.blocks {
            match block {
                Block::Text(text) | Block::Note(text) => assert!(says(text), "{text}"),
                Block::Points(points) => assert!(points.iter().all(|point| says(point))),
                Block::Fields(fields) => assert!(fields.iter().all(|one| field(&one.label, &one.value))),
                Block::Table(table) => assert!(says(&format!("シート「{}」", table.name))),
                Block::Bars(bars) => assert!(says(&bars.caption)),
                Block::Trend(_) => {}
                Block::Picture(picture) => assert!(says(&picture.caption) && says("PDF 版と HTML 版")),
            }
        }
    }
}

#[test]
fn numbers_are_numbers_and_show_as_the_paper_writes_them() {
    let number = |text: &str, number| Cell { text: text.to_owned(), tone: Tone::Good, number: Some(number) };
    let book = read(
        &write(&one_table(
            "数",
            vec![
                Cell::count(12),
                number("98.5 %", 0.985),
                number("1,234件", 1234.0),
                number("無限", f64::INFINITY),
                number("二行\nの数", 2.0),
                Cell::plain("007"),
            ],
        ))
        .unwrap(),
    );
    let row = &sheet(&book, "数")["rows"][1];
    let found = |place: usize| (row[place][0].clone(), row[place][1].as_str().unwrap());
    assert_eq!(found(0), (Value::from(12), "number"));
    assert_eq!(found(1), (Value::from(0.985), "number"));
    assert_eq!(row[1][2], "\"98.5 %\"");
    assert_eq!((found(2), &row[2][2]), ((Value::from(1234), "number"), &Value::from("\"1,234件\"")));
    assert_eq!(found(3), (Value::from("無限"), "text"));
    assert_eq!(found(4), (Value::from("二行\nの数"), "text"));
    assert_eq!(found(5), (Value::from("007"), "text"));
    assert!(row[0][3].is_null() && row[1][3] == "FFD9EEDB");
}

const HOSTILE: [&str; 12] = [
    "=HYPERLINK(\"http://x.example/\",\"押す\")",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "＝1＋1",
    "</t></si><!DOCTYPE x [<!ENTITY a \"b\">]>&amp;&a;]]>",
    "_x0041_ _x000D_",
    "#REF! #N/A TRUE 1e9",
    "'quoted' \"double\"",
    "   空白   ",
    "葛󠄀城 𠮷野 ｶﾅ",
];

#[test]
fn hostile_texts_stay_texts_wherever_they_stand() {
    for text in HOSTILE {
        let mut paper = one_table(text, vec![Cell::plain(text), Cell::of(Tone::Bad, text)]);
        text.clone_into(&mut paper.title);
        text.clone_into(&mut paper.facility);
        text.clone_into(&mut paper.program);
        text.clone_into(&mut paper.sections[0].heading);
        let Some(Block::Table(table)) = paper.sections[0].blocks.first_mut() else { panic!("a table") };
        text.clone_into(&mut table.columns[0].title);
        table.columns[1].choices = vec![text.to_owned(), "別".to_owned()];
        table.rows.insert(0, Row::Heading(text.to_owned()));
        paper.sections[0].blocks.extend([
            Block::Text(text.to_owned()),
            Block::Fields(vec![Field { label: text.to_owned(), value: text.to_owned() }]),
            Block::Bars(Bars {
                caption: text.to_owned(),
                legend: vec![(Tone::Good, text.to_owned())],
                rows: vec![(text.to_owned(), vec![1])],
            }),
        ]);
        let book = read(&write(&paper).unwrap());
        no_formula(&book);
        let sheets = book["sheets"].as_array().unwrap();
        assert_eq!(sheets.len(), 3);
        let rows = cells(&sheets[1]);
        assert_eq!(rows[0][0], text);
        assert!(rows[1].concat().is_empty() || text.starts_with(&rows[1][0]), "{rows:?}");
        assert_eq!(rows.last().unwrap().as_slice(), [text, text]);
        assert!(cells(&sheets[0]).iter().any(|row| row[0] == text && row[1] == text));
    }
}

#[test]
fn what_nobody_sees_is_shown() {
    let text = "表\u{202e}裏\u{0}\u{7}\u{1b}[2J\u{200b}\u{feff}\u{ffff}終";
    let mut paper = one_table("隠", vec![Cell::plain(text)]);
    text.clone_into(&mut paper.title);
    text.clone_into(&mut paper.facility);
    let book = read(&write(&paper).unwrap());
    let shown = "表⟨U+202E⟩裏⟨U+0000⟩⟨U+0007⟩⟨U+001B⟩[2J⟨U+200B⟩⟨U+FEFF⟩⟨U+FFFF⟩終";
    assert_eq!(cells(sheet(&book, "隠"))[1], [shown]);
    assert_eq!(book["title"], shown);
}

#[test]
fn a_text_that_no_cell_can_hold_goes_on_in_the_next_rows() {
    let long = (0..20_000).map(|place| format!("{place}番目の回答。")).collect::<Vec<_>>().concat();
    assert!(long.encode_utf16().count() > 32_767 * 3);
    let mut paper = one_table("長", vec![Cell::plain("1"), Cell::plain(&long)]);
    paper.sections[0].blocks.push(Block::Text(long.clone()));
    let book = read(&write(&paper).unwrap());
    for name in ["長", "表紙"] {
        let rows = cells(sheet(&book, name));
        let begins = rows.iter().position(|row| row[1].starts_with("0番目")).unwrap();
        let pieces: Vec<&str> =
            rows[begins..].iter().map(|row| row[1].trim_end_matches("（次の行に続く）").trim_end()).collect();
        assert_eq!(pieces.concat(), long);
        assert!(rows.iter().flatten().all(|cell| cell.encode_utf16().count() <= 32_767));
    }
    let rows = cells(sheet(&book, "長"));
    assert!(rows[1][1].ends_with("\n（次の行に続く）"));
    assert_eq!(rows[2][0], "〃（上の行と同じ）");
    assert!(rows.iter().flatten().all(|cell| !cell.is_empty()));
}

#[test]
fn bars_and_trends_are_tables_with_a_chart() {
    let legend = vec![(Tone::Good, "はい".to_owned()), (Tone::Bad, "いいえ".to_owned())];
    let rows = vec![("1章".to_owned(), vec![3, 1]), ("2章".to_owned(), vec![0, 5])];
    let points = vec![(Moment(now()), vec![3, 6]), (Moment(now().plus_seconds(86_400)), vec![4, 5])];
    let paper = made(
        "図",
        vec![
            Block::Bars(Bars { caption: "章ごと".to_owned(), legend: legend.clone(), rows }),
            Block::Trend(Trend { caption: "推移".to_owned(), legend, points }),
        ],
    );
    let book = read(&write(&paper).unwrap());
    let bars = sheet(&book, "章ごと");
    assert_eq!(cells(bars), [["区分", "はい", "いいえ"], ["1章", "3", "1"], ["2章", "0", "5"]]);
    assert_eq!(bars["rows"][1][1][1], "number");
    assert_eq!((&bars["charts"], &sheet(&book, "推移")["charts"]), (&Value::from(1), &Value::from(1)));
    assert_eq!(cells(sheet(&book, "推移"))[2][0], "2026年11月23日（令和8年）18時30分");
}

#[test]
fn choices_that_a_worksheet_cannot_offer_stand_on_the_cover() {
    let mut paper = one_table("選", vec![Cell::plain("a")]);
    let Some(Block::Table(table)) = paper.sections[0].blocks.first_mut() else { panic!("a table") };
    table.columns[0].choices = vec!["一,二".to_owned(), "三".to_owned()];
    let book = read(&write(&paper).unwrap());
    assert_eq!(sheet(&book, "選")["validations"], serde_json::json!([]));
    assert!(cells(sheet(&book, "表紙")).iter().any(|row| row[1].contains("列0の選択肢：一,二、三")));
}

#[test]
fn an_empty_table_and_a_paper_without_sections_are_written() {
    let mut paper = one_table("空", Vec::new());
    let book = read(&write(&paper).unwrap());
    assert_eq!(cells(sheet(&book, "空")).concat(), ["", "", "（行はありません）"]);
    paper.sections.clear();
    assert_eq!(read(&write(&paper).unwrap())["sheets"].as_array().unwrap().len(), 1);
}

#[test]
fn the_disclosure_of_a_facility_without_any_fact_is_written_in_both_languages() {
    let engine = the_engine();
    for language in [Language::Japanese, Language::English] {
        let of = ("jahis-sds-5.0", Some(Side::Provider));
        let paper = paper(&engine, Form::Sds, of, &Facts::default(), language);
        let book = read(&write(&paper).unwrap());
        no_formula(&book);
        let tables = paper.tables().count();
        assert_eq!(book["sheets"].as_array().unwrap().len(), tables + 2);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn whatever_a_paper_says_is_written(texts in proptest::collection::vec(any::<String>(), 6), numbers in any::<(f64, f64)>()) {
        let mut cells: Vec<Cell> = texts.iter().take(4).map(Cell::plain).collect();
        cells.push(Cell { text: texts[5].clone(), tone: Tone::Partly, number: Some(numbers.0) });
        cells.push(Cell { text: numbers.1.to_string(), tone: Tone::Asked, number: Some(numbers.1) });
        let mut paper = one_table(&texts[4], cells);
        paper.sections[0].heading.clone_from(&texts[5]);
        paper.title.clone_from(&texts[5]);
        prop_assert!(write(&paper).is_ok());
    }
}
