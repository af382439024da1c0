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
    let height = |pdf: &Pdf| {
        let words = pdf.words();
        let word = words.iter().find(|word| word.text.contains("追加の説明")).unwrap();
        word.bottom - word.top
    };
    let (short, long) = (Pdf::of(&with(1)), Pdf::of(&with(150)));
    assert_eq!(short.sizes().len(), 1);
    assert_eq!(long.sizes().len(), 2);
    assert!(height(&long) < height(&short), "letters do not give way");
    assert!(height(&long) >= 8.9, "letters become too small");
    assert_eq!(long.dense().matches('追').count(), 150);
}
