//! A report for a director: one page, in letters that can be read.

use crate::poppler::Pdf;
use crate::{assert_in_place, sample};
use base::Language::{English, Japanese};
use report::paper::{Block, Section};

#[test]
fn a_report_for_a_director_stands_on_one_page() {
    for language in [Japanese, English] {
        let paper = sample::director(language);
        assert_eq!(press::pages(&paper).unwrap(), 1);
        assert_in_place(&Pdf::of(&paper));
    }
}

#[test]
fn it_takes_smaller_letters_before_a_second_page_and_a_second_page_before_it_loses_a_word() {
    let with = |more: usize| {
        let mut paper = sample::director(Japanese);
        let text = "追加の説明を一文で記します。".repeat(more);
        paper.sections.push(Section::new("補足", vec![Block::Text(format!("{text}終わり"))]));
        paper
    };
    let heights = |more: usize| {
        let words = Pdf::of(&with(more)).words();
        let word = words.iter().find(|word| word.text.contains("追加の説明")).unwrap();
        word.bottom - word.top
    };
    assert_eq!(press::pages(&with(8)).unwrap(), 1);
    assert!(press::pages(&with(300)).unwrap() > 1);
    assert!(heights(300) < heights(1), "letters do not give way");
    assert!(heights(300) >= 8.9, "letters become too small");
    let dense = Pdf::of(&with(300)).dense();
    assert_eq!(dense.matches("追加の説明を一文で記します。").count(), 300);
}
