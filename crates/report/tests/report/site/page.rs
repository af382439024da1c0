//! The page: whole in itself, escaped, in both languages, and never kinder than what is known.

use super::builder::{check, hostile_check, nothing, picture_of};
use base::Language;
use report::site::check_page;
use site::check::Check;
use site::rules::Catalogue;

fn page(check: &Check, language: Language) -> String {
    check_page(check, &picture_of("small-hospital", check), &Catalogue::builtin().unwrap(), language)
}

/// The page without what HTML leaves open: so a reader of XML can see whether everything that is opened is closed.
pub(crate) fn well_formed(page: &str) {
    let mut text = page.replacen("<!doctype html>", "", 1);
    for open in [
        "<meta charset=\"utf-8\">",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    ] {
        text = text.replace(open, "");
    }
    let text = text.lines().filter(|line| !line.starts_with("<meta ")).collect::<Vec<_>>().join("\n");
    let text = text.replace("\" open>", "\" open=\"\">");
    if let Err(error) = roxmltree::Document::parse(&text) {
        let line = usize::try_from(error.pos().row).unwrap().saturating_sub(1);
        panic!(
            "{error}: {}",
            text.lines().nth(line).unwrap_or_default().chars().take(300).collect::<String>()
        );
    }
}

#[test]
fn a_page_needs_nothing_beside_itself_and_is_well_formed() {
    for language in [Language::Japanese, Language::English] {
        for check in [check(), nothing(), hostile_check()] {
            let page = page(&check, language);
            for outside in [
                "<script", "src=", "url(", "@import", "<link", "<iframe", "<form", "onload=", "http://",
                "href=",
            ] {
                let found = page.replace("http://www.w3.org/2000/svg", "").contains(outside);
                assert!(!found, "{outside}");
            }
            assert!(page.contains("default-src 'none'"));
            well_formed(&page);
        }
    }
}

#[test]
fn the_page_says_first_what_weighs_and_what_to_do() {
    let page = page(&check(), Language::Japanese);
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}"));
    let order = [
        "<span class=\"count\">4</span> <span class=\"verdict\"><span aria-hidden=\"true\">✕</span> 攻撃経路</span>",
        "<h2 id=\"first\">まず行うこと</h2>",
        "<h2 id=\"picture\">",
        "<h2 id=\"paths\">",
        "<h2 id=\"findings\">",
        "<h3 class=\"topic\">通信の許可制御</h3>",
        "<h2 id=\"connections\">",
        "<h2 id=\"threats\">",
        "<h2 id=\"facts\">",
        "<h2 id=\"coverage\">",
    ];
    let places: Vec<usize> = order.iter().map(|text| place(text)).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn paths_carry_the_letters_of_the_picture() {
    let page = page(&check(), Language::English);
    for (letter, line) in [
        ('A', "a vendor&#39;s network that was broken into: 給食受託会社（架空）"),
        ('B', "somebody on the internet: PACS 保守用 VPN 装置（所有者不明）"),
        ('D', "a place within reach of the wireless network: 患者用 Wi-Fi"),
    ] {
        let head = format!("<span class=\"letter\">{letter}</span> {line}");
        assert!(page.contains(&head), "{head}");
    }
}

#[test]
fn nothing_unknown_is_shown_as_good() {
    for check in [check(), nothing()] {
        let page = page(&check, Language::English);
        assert!(!page.contains("class=\"badge met\"") && !page.contains("<li class=\"met\""));
    }
    let page = page(&check(), Language::English);
    assert!(page.contains("nobody said so, and it is not ruled out"));
    assert!(page.contains("<td class=\"unknown\" data-name=\"Value\">not known</td>"));
}

#[test]
fn each_page_speaks_one_language() {
    let english = page(&check(), Language::English);
    assert!(
        english.contains("<html lang=\"en\">")
            && page(&check(), Language::Japanese).contains("<html lang=\"ja\">")
    );
    let empty = check_page(
        &nothing(),
        &site::picture::Picture::default(),
        &Catalogue::builtin().unwrap(),
        Language::English,
    );
    for line in empty.lines().filter(|line| !line.contains("lang=\"ja\"")) {
        assert!(!line.chars().any(|one| matches!(one, 'ぁ'..='ヿ' | '一'..='龠')), "{line}");
    }
}

#[test]
fn names_of_others_stay_names_and_stay_short() {
    let page = page(&hostile_check(), Language::English);
    assert!(page.contains("&#60;script&#62;"));
    assert!(!page.contains(['\u{1b}', '\u{202e}', '\u{9b}']));
    let longest = |text: &str| text.matches('長').count();
    // Names are cut; texts of rules are our own, and are not.
    let names = page.lines().filter(|line| line.contains("<strong>"));
    assert!(names.map(longest).max().unwrap_or_default() <= 200);
}
