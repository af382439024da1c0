//! The picture of a site, which is made for browsers, on paper.

use crate::poppler::Pdf;
use crate::{assert_in_place, sample};
use base::Language::Japanese;
use report::paper::{Block, Paper, Picture, Section};
use report::site::picture_svg;
use site::check::Given;
use site::description::{Day, Phase, read, template};

/// A paper with the picture of the template of a small hospital.
pub(crate) fn paper() -> Paper {
    let site = read("site.yaml", template("small-hospital").unwrap().text).unwrap();
    let today = Day::parse("2026-11-23").unwrap();
    let given = Given { site: Some(&site), phase: Phase::Now, plans: &[], sources: &[], today };
    let (check, model) = given.check().unwrap();
    let picture = site::picture::Picture::draw(Some(&site.at(Phase::Now)), &[], &model, &check);
    let svg = picture_svg(&picture, Japanese);
    let picture = Picture { caption: "図：ネットワークの構成と攻撃の経路".to_owned(), svg };
    sample::paper(Japanese, vec![Section::new("構成図", vec![Block::Picture(picture)]).wide()])
}

#[test]
fn the_picture_of_a_site_stands_on_one_page_with_its_words() {
    let pdf = Pdf::of(&paper());
    assert_in_place(&pdf);
    let pages = pdf.pages();
    let page = pages.iter().find(|page| page.contains("図：ネットワーク")).unwrap();
    for words in ["電子カルテ", "インターネット"] {
        assert!(page.contains(words), "{words} is missing in {page}");
    }
}
