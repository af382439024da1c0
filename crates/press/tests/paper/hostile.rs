//! Texts that look like markup, cannot be seen, turn the text around or have no end.

use crate::poppler::Pdf;
use crate::{assert_in_place, sample};
use base::Language::{self, English, Japanese};
use report::paper::{Block, Cell, Column, Field, Paper, Row, Section, Table, Tone};

/// What the template or a reader of markup could take for an order.
const MARKUP: [&str; 14] = [
    "#panic(\"x\")",
    "#import\"@preview/a:1.0.0\"",
    "#read(\"/etc/passwd\")",
    "$x^2$",
    "*太字*",
    "_斜体_",
    "=見出し",
    "-項目",
    "+番号",
    "@参照<名札>",
    "\\u{41}\\n",
    "`raw`[a](b)",
    "//注釈/*注釈*/",
    "<script>alert(1)</script>&amp;",
];

/// A paper in which everything is such a text.
pub(crate) fn paper(language: Language) -> Paper {
    let all = MARKUP.join("　");
    let long = "0123456789abcdef".repeat(40);
    let url = format!("https://example.jp/{}?q={}", "path/".repeat(40), "a".repeat(80));
    let column = |title: &str, width| Column::new(title, width);
    let row = |tone, text: &str| {
        let cells = vec![
            Cell::of(tone, text),
            Cell::of(tone, &long),
            Cell::plain(&url),
            Cell::of(tone, &all),
            Cell::plain("2026-11-23"),
        ];
        Row::Cells { key: None, cells }
    };
    let table = Table {
        name: all.clone(),
        columns: vec![
            column("#a", 2),
            column("値", 3),
            column("https://example.jp", 10),
            column(&all, 20),
            column("Organisationsverantwortung", 2),
        ],
        rows: vec![
            Row::Heading(all.clone()),
            row(Tone::Bad, "a"),
            row(Tone::Plain, "長い文を書きます。"),
            Row::Heading("表の見出し".repeat(400)),
            row(Tone::Good, "b"),
        ],
    };
    let mut paper = sample::paper(
        language,
        vec![
            Section::new(
                all.clone(),
                vec![
                    Block::Text(all.clone()),
                    Block::Note(all.clone()),
                    Block::Points(vec![all.clone(), long.clone()]),
                    Block::Fields(vec![Field { label: all.clone(), value: long.clone() }]),
                    Block::Table(table),
                ],
            ),
            Section::new(
                "見えない文字",
                vec![Block::Text("甲\u{202e}乙\u{0}丙\u{7}丁\u{200b}戊\u{2066}己\u{1b}[31m".to_owned())],
            ),
            Section::new(
                "ない文字",
                vec![Block::Text("絵文字😀と א と👍と😀、名前の葛\u{e0100}城".to_owned())],
            ),
        ],
    );
    paper.title.clone_from(&all);
    paper.subtitle.clone_from(&all);
    paper.facility = format!("{all}{long}");
    paper.edition = Some(all);
    paper
}

#[test]
fn texts_that_look_like_markup_are_shown_as_they_are() {
    for language in [Japanese, English] {
        let pdf = Pdf::of(&paper(language));
        let dense = pdf.dense();
        for text in MARKUP {
            // The title, the section, text, note, point, field, name, column, heading, three cells …
            assert!(dense.matches(text).count() >= 10, "{text}: {}", dense.matches(text).count());
        }
        assert_in_place(&pdf);
    }
}

#[test]
fn what_cannot_be_seen_is_shown_and_what_the_font_lacks_is_listed() {
    let dense = Pdf::of(&paper(Japanese)).dense();
    assert!(
        dense.contains("甲〔U+202E〕乙〔U+0000〕丙〔U+0007〕丁〔U+200B〕戊〔U+2066〕己〔U+001B〕[31m"),
        "{dense}"
    );
    assert!(dense.contains("絵文字〓と〓と〓と〓、名前の葛城"), "{dense}");
    assert!(
        dense.contains("〓は埋め込みフォントにない文字です（本文に出た順）：U+1F600U+05D0U+1F44D"),
        "{dense}"
    );
    assert!(dense.contains("標準の字形で示しています：U+E0100"), "{dense}");
}

#[test]
fn an_answer_of_ten_thousand_letters_goes_on_over_pages_and_loses_none() {
    let answer = (0..2_500).map(|number| format!("答{:03}", number % 1000)).collect::<Vec<_>>().concat();
    let word = (0..2_000).map(|number| format!("z{number:04}")).collect::<Vec<_>>().concat();
    let cells = vec![Cell::plain("一"), Cell::of(Tone::Asked, &answer), Cell::plain(&word)];
    let table = Table {
        name: String::new(),
        columns: vec![Column::new("番号", 3), Column::new("回答", 20), Column::new("値", 12)],
        rows: vec![Row::Cells { key: None, cells }],
    };
    let pdf = Pdf::of(&sample::paper(Japanese, vec![Section::new("長い回答", vec![Block::Table(table)])]));
    assert!(pdf.sizes().len() >= 3);
    assert_in_place(&pdf);
    let dense = pdf.dense();
    assert_eq!(dense.matches('答').count(), 2_500 + dense.matches("回答").count());
    assert_eq!(dense.matches('z').count(), 2_000);
}

#[test]
fn forty_columns_still_show_every_letter() {
    let columns = (0..40).map(|number| Column::new(format!("列{number}"), 6)).collect();
    let cells = (0..40).map(|number| Cell::plain(format!("値{number}です"))).collect();
    let table = Table { name: String::new(), columns, rows: vec![Row::Cells { key: None, cells }] };
    let pdf = Pdf::of(&sample::paper(Japanese, vec![Section::new("表", vec![Block::Table(table)])]));
    assert_in_place(&pdf);
    let dense = pdf.dense();
    assert_eq!(dense.matches('列').count(), 40);
    assert_eq!(dense.matches('値').count(), 40);
}
