//! A report for a director: one page, in letters that can be read.

use crate::poppler::Pdf;
use crate::scene::Scene;
use crate::{assert_in_place, hostile, sample};
use base::Language::{self, English, Japanese};
use report::form::Form;
use report::paper::{Block, Cell, Column, Paper, Row, Section, Table};

#[test]
fn a_report_for_a_director_stands_on_one_page() {
    for language in [Japanese, English] {
        let paper = sample::director(language);
        assert_eq!(press::pages(&paper).unwrap(), 1);
        assert_in_place(&Pdf::of(&paper));
    }
}

/// So many sentences and rows.
fn longer(language: Language, sentences: usize, rows: usize) -> Paper {
    let mut paper = sample::paper(language, vec![]);
    "director".clone_into(&mut paper.kind);
    let text = "追加の説明を一文で記します。".repeat(sentences);
    let cells = |number| vec![Cell::plain(format!("行{number}")), Cell::plain("変わった内容")];
    let table = Table {
        name: "変更".to_owned(),
        columns: vec![Column::new("行", 10), Column::new("内容", 30)],
        rows: (0..rows).map(|number| Row::Cells { key: None, cells: cells(number) }).collect(),
    };
    let blocks = vec![Block::Text(format!("{text}終わり")), Block::Table(table)];
    // As the comparison of two versions comes: on pages of its own, on their long side.
    paper.sections.push(Section::new("補足", blocks).on_new_page().wide());
    paper
}

#[test]
fn it_takes_smaller_letters_before_it_leaves_anything_out() {
    let height = |pdf: &Pdf| {
        let words = pdf.words();
        let word = words.iter().find(|word| word.text.contains("追加の説明")).unwrap();
        word.bottom - word.top
    };
    let (short, long) = (Pdf::of(&longer(Japanese, 1, 0)), Pdf::of(&longer(Japanese, 180, 0)));
    for pdf in [&short, &long] {
        assert_eq!(pdf.sizes().len(), 1);
        assert!(pdf.dense().contains("終わり") && !pdf.dense().contains("省略あり"), "{}", pdf.dense());
    }
    assert!(height(&long) < height(&short), "letters do not give way");
    assert!(height(&long) >= 8.9, "letters become too small");
}

#[test]
fn what_no_page_can_hold_is_left_out_from_the_end_with_a_remark() {
    let cut = Pdf::of(&longer(Japanese, 1_000, 0));
    let dense = cut.dense();
    assert_eq!(cut.sizes().len(), 1);
    assert!(dense.contains("【省略あり】1ページに収めるため、長い文は「…」で切りました。"), "{dense}");
    assert_eq!(dense.matches("追加の説明").count(), 300_usize.div_ceil(14), "{dense}");
    for (language, remark) in [
        (Japanese, "【省略あり】1ページに収めるため、末尾の"),
        (English, "[Shortened]Tofitononepage,itslast"),
    ] {
        let pdf = Pdf::of(&longer(language, 1, 500));
        let dense = pdf.dense();
        assert_eq!(pdf.sizes().len(), 1);
        assert_in_place(&pdf);
        let left_out = dense.split_once(remark).unwrap_or_else(|| panic!("{dense}")).1;
        let digits: String = left_out.chars().take_while(char::is_ascii_digit).collect();
        let left_out: usize = digits.parse().unwrap();
        // As many rows as fit stand there, and those that do not are counted.
        assert!(left_out > 400 && dense.contains(&format!("行{}", 499 - left_out)), "{dense}");
        assert!(!dense.contains(&format!("行{}変", 500 - left_out)), "{dense}");
    }
}

#[test]
fn a_directors_page_full_of_hostile_and_endless_texts_is_one_page_too() {
    for language in [Japanese, English] {
        let endless = "とても長い名前#panic(1)$x$".repeat(500);
        let mut paper = hostile::paper(language);
        "director".clone_into(&mut paper.kind);
        paper.title.push_str(&endless);
        paper.facility = endless.clone();
        paper.subtitle = "\n".repeat(5_000);
        paper.positions = (0..9_000).collect();
        paper.sections.insert(0, Section::new(endless.clone(), vec![Block::Text(endless)]));
        let pdf = Pdf::of(&paper);
        assert_eq!(pdf.sizes().len(), 1);
        assert_in_place(&pdf);
        assert!(pdf.dense().contains("省略あり") || pdf.dense().contains("[Shortened]"));
    }
}

#[test]
fn the_page_of_a_facility_of_which_something_nothing_or_something_hostile_is_known_is_one_page_and_whole() {
    for scene in [Scene::begun(), Scene::empty(), Scene::hostile()] {
        for language in [Japanese, English] {
            let mut paper = scene.paper(Form::Director, language);
            let pdf = Pdf::of(&paper);
            assert_eq!(pdf.sizes().len(), 1);
            assert_in_place(&pdf);
            let dense = pdf.dense();
            assert!(!dense.contains("省略あり") && !dense.contains("[Shortened]"), "{dense}");
            // The longest name that a facility can have.
            paper.facility = "あ".repeat(200);
            assert_eq!(press::pages(&paper).unwrap(), 1);
        }
    }
}
