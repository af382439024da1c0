//! Papers as PDF, read by poppler, which knows nothing of how they were made.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod hostile;
#[path = "../../../report/tests/report/material.rs"]
#[expect(dead_code, reason = "the tests of the reports use the rest")]
mod material;
mod one_page;
mod poppler;
mod sample;
#[path = "../../../report/tests/report/reports/scene.rs"]
#[expect(dead_code, reason = "the tests of the reports use the rest")]
mod scene;
mod site_picture;

use base::Language::{English, Japanese};
use poppler::Pdf;
use report::paper::{Block, Column, Picture, Row, Section, Table};

/// A page of A4 (pt), and what stays free on its left and right.
const A4: (f64, f64) = (595.28, 841.89);
const LEFT: f64 = 62.36;
const RIGHT: f64 = 51.02;

#[test]
fn every_kind_of_block_is_there_in_reading_order_in_both_languages() {
    let english: &[&str] = &[
        "Cybersecuritychecklist",
        "SampleCentralHospital",
        "Version3",
        "16:05JST",
        "1204,1377",
        "1Introduction",
        "Thisreportsays",
        "Theitemsareinourownwords",
        "Aninventoryofservers",
        "Institution",
        "Beds312",
        "2Stateoftheitems",
        "Stateoftheitemsbyfield",
        "Verdictsovertime",
        "2.1Howtoreadthefigure",
        "診療情報端末",
        "Fromtheterminals",
        "3Checklist",
        "1Operation",
        "2-0",
        "○Yes",
        "△Inpart",
        "×No",
        "□Tobeanswered",
        "？Unknown",
        "－Notapplicable",
        "4Appendix:evidence",
        "5Signature",
    ];
    let japanese: &[&str] = &[
        "医療機関におけるサイバーセキュリティ対策チェックリスト",
        "見本中央病院",
        "第3版",
        "2026年11月23日（令和8年）16時05分",
        "1204、1377",
        "1はじめに",
        "この報告書は",
        "項目の文は要約です",
        "・サーバー",
        "許可病床数312床",
        "2項目の状況",
        "分野ごとの項目の状況",
        "医療情報システムの管理・運用",
        "判定の推移",
        "2.1図の読み方",
        "診療情報端末",
        "電子カルテサーバー",
        "図：端末から",
        "3チェックリスト",
        "1医療情報システムの管理・運用",
        "2-0",
        "○はい",
        "△一部",
        "×いいえ",
        "□要確認",
        "？不明",
        "－対象外",
        "4付録：根拠一覧",
        "5署名",
    ];
    for (language, expected) in [(Japanese, japanese), (English, english)] {
        let text = Pdf::of(&sample::every_block(language, 9)).dense();
        let mut rest = text.as_str();
        for words in expected {
            let (_, after) = rest.split_once(words).unwrap_or_else(|| panic!("{words} is missing in {rest}"));
            rest = after;
        }
    }
}

#[test]
fn the_file_says_what_it_is_and_has_its_fonts_with_it() {
    let pdf = Pdf::of(&sample::every_block(Japanese, 9));
    let info = pdf.info();
    for line in [
        "医療機関におけるサイバーセキュリティ対策チェックリスト",
        "見本中央病院",
        "Akashi 0.1.0",
        "Tagged:          yes",
        "JavaScript:      no",
        "Encrypted:       no",
    ] {
        assert!(info.contains(line), "{line} is missing in {info}");
    }
    for claim in [
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A<",
        "<pdfuaid:part>1<",
        "2026-11-23T16:05:00+09:00",
    ] {
        assert!(pdf.holds(claim), "{claim}");
    }
    let fonts = pdf.fonts();
    let fonts: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(fonts.len() >= 2, "{fonts:?}");
    for font in fonts {
        assert!(font.contains("+BIZUDPGothic-") && font.contains(" yes yes yes "), "{font}");
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes_and_another_moment_others() {
    let paper = sample::every_block(Japanese, 9);
    let first = press::pdf(&paper).unwrap();
    assert_eq!(first, press::pdf(&paper).unwrap());
    let later = report::paper::Paper { as_of: sample::at("2026-11-24T07:05:00Z"), ..paper };
    assert_ne!(first, press::pdf(&later).unwrap());
}

#[test]
fn wide_sections_lie_on_their_long_side_and_no_word_leaves_its_page_or_covers_another() {
    for language in [Japanese, English] {
        let pdf = Pdf::of(&sample::every_block(language, 40));
        let sizes = pdf.sizes();
        let wide = sizes.iter().filter(|(width, height)| width > height).count();
        assert!(wide >= 2 && wide < sizes.len() - 2, "{sizes:?}");
        for (width, height) in &sizes {
            let (short, long) = (width.min(*height), width.max(*height));
            assert!((short - A4.0).abs() < 0.5 && (long - A4.1).abs() < 0.5, "{sizes:?}");
        }
        assert_in_place(&pdf);
    }
}

#[test]
fn the_head_of_a_table_stands_on_each_of_its_pages_and_no_row_is_torn() {
    let pages = Pdf::of(&sample::every_block(Japanese, 40)).pages();
    let tables: Vec<&String> = pages.iter().filter(|page| page.contains("セキュリティパッチ")).collect();
    assert!(tables.len() >= 4, "{} pages", tables.len());
    for page in tables {
        assert!(page.contains("確認結果") && page.contains("備考"), "{page}");
        let (begun, ended) =
            (page.matches("セキュリティパッチ").count(), page.matches("機器である。").count());
        assert_eq!(begun, ended, "a row is torn: {page}");
    }
    for (number, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("{number}/{}ページ", pages.len())), "{page}");
    }
}

#[test]
fn a_paper_of_many_sections_has_contents_with_the_pages_of_its_chapters() {
    let sections = |count: usize| {
        let section =
            |number| Section::new(format!("章の見出し{number}"), vec![Block::Text("文。".repeat(300))]);
        (1..=count).map(section).collect()
    };
    let with = Pdf::of(&sample::paper(Japanese, sections(12))).dense();
    let (before, list) = with.split_once("目次").unwrap();
    assert!(!before.contains("章の見出し1"));
    assert!(list.starts_with("1章の見出し1"), "{list}");
    assert!(!Pdf::of(&sample::paper(Japanese, sections(8))).dense().contains("目次"));
}

#[test]
fn a_picture_that_is_none_or_asks_for_others_is_a_problem_and_is_not_left_out() {
    for svg in [
        "no picture",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><image href=\"template.typ\" width=\"9\" height=\"9\"/></svg>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><image href=\"https://example.jp/a.png\" width=\"9\" height=\"9\"/></svg>",
    ] {
        let picture = Picture { caption: "図".to_owned(), svg: svg.to_owned() };
        let paper = sample::paper(Japanese, vec![Section::new("図", vec![Block::Picture(picture)])]);
        let problem = press::pdf(&paper).unwrap_err();
        assert_eq!(problem.code().id, "PR-0003", "{svg}");
    }
}

#[test]
fn a_paper_with_hardly_anything_in_it_is_set_too() {
    let table =
        |columns: Vec<Column>, rows: Vec<Row>| Block::Table(Table { name: String::new(), columns, rows });
    let odd = [
        vec![],
        vec![Section::new("", vec![])],
        vec![Section {
            level: 0,
            ..Section::new("零", vec![Block::Text(String::new()), Block::Points(vec![])])
        }],
        vec![Section { level: 9, ..Section::new("九", vec![Block::Fields(vec![]), table(vec![], vec![])]) }],
        vec![Section::new(
            "見出しだけの表",
            vec![table(
                vec![Column::new("列", 0)],
                vec![Row::Heading("一".to_owned()), Row::Heading("二".to_owned())],
            )],
        )],
        vec![Section::new("推移", vec![sample::trend(Japanese, 0), sample::trend(English, 400)])],
    ];
    for sections in odd {
        let paper = sample::paper(Japanese, sections);
        let pages = press::pages(&paper).unwrap_or_else(|problem| panic!("{problem} {:?}", paper.sections));
        assert!(pages >= 1);
        assert_in_place(&Pdf::of(&paper));
    }
}

/// No word leaves the part of the page that is for words, and none covers another: so none leaves its cell.
pub(crate) fn assert_in_place(pdf: &Pdf) {
    let (sizes, words) = (pdf.sizes(), pdf.words());
    assert!(!words.is_empty());
    for word in &words {
        let (width, height) = sizes[word.page - 1];
        let is_inside = word.left > LEFT - 1.0
            && word.right < width - RIGHT + 1.5
            && word.top > 0.0
            && word.bottom < height;
        assert!(is_inside, "{word:?} on {width} x {height}");
    }
    for (at, one) in words.iter().enumerate() {
        for other in words.iter().skip(at + 1).filter(|other| other.page == one.page) {
            let across = one.right.min(other.right) - one.left.max(other.left);
            let down = one.bottom.min(other.bottom) - one.top.max(other.top);
            let low = (one.bottom - one.top).min(other.bottom - other.top);
            assert!(across < 1.0 || down < low * 0.55, "{one:?} covers {other:?}");
        }
    }
}

/// Writes papers to look at into the folder that `PRESS_LOOK` names: `PRESS_LOOK=/tmp cargo test -p press look -- --ignored`.
#[test]
#[ignore = "for the eyes of people"]
#[expect(clippy::disallowed_methods, reason = "a test for people, told where to write")]
fn look() {
    let Ok(folder) = std::env::var("PRESS_LOOK") else { return };
    let write = |name: &str, paper: &report::paper::Paper| {
        std::fs::write(format!("{folder}/{name}.pdf"), press::pdf(paper).unwrap()).unwrap();
    };
    write("site", &site_picture::paper());
    for (name, language) in [("ja", Japanese), ("en", English)] {
        write(name, &sample::every_block(language, 40));
        write(&format!("director-{name}"), &sample::director(language));
        write(&format!("hostile-{name}"), &hostile::paper(language));
    }
}
