//! The page for people: whole in itself, escaped, in both languages, and never kinder than what is known.

use crate::material::{now, some_facts, the_engine};
use base::Language;
use guideline::{Engine, Facts, Side, Verdict};
use report::html::assessment_page;

fn page(engine: &Engine, edition: &str, facts: &Facts, language: Language) -> String {
    let assessment = engine.assess(edition, Some(Side::Facility), facts).unwrap();
    assessment_page(engine, &assessment, facts, language, now()).unwrap()
}

#[test]
fn a_page_needs_nothing_beside_itself() {
    let engine = the_engine();
    for language in [Language::Japanese, Language::English] {
        let page = page(&engine, "mhlw-7.0", &some_facts(&engine), language);
        for outside in ["<script", "src=", "url(", "@import", "<link", "<iframe", "<form", "onload="] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("default-src 'none'"));
        let hrefs = page.matches("href=\"").count();
        let inside = page.matches("href=\"#").count();
        assert_eq!(hrefs - inside, 1, "only the place where the edition is found leads outside");
    }
}

#[test]
fn texts_of_facts_are_escaped() {
    let engine = the_engine();
    let page = page(&engine, "mhlw-6.0", &some_facts(&engine), Language::English);
    assert!(!page.contains("<b>"));
    assert!(page.contains("&#60;b&#62;"));
}

#[test]
fn each_page_speaks_one_language() {
    let engine = the_engine();
    let facts = some_facts(&engine);
    let japanese = page(&engine, "mhlw-6.0", &facts, Language::Japanese);
    let english = page(&engine, "mhlw-6.0", &facts, Language::English);
    assert!(japanese.contains("<html lang=\"ja\">") && english.contains("<html lang=\"en\">"));
    assert!(
        japanese.contains("2026-11-22\u{a0}18:30（日本時間）")
            && english.contains("2026-11-22\u{a0}18:30\u{a0}JST")
    );
    assert!(japanese.contains("1\u{a0}時間前") && english.contains("1\u{a0}hour ago"));
    // In an English page what is Japanese says so.
    for line in english.lines().filter(|line| {
        !line.contains("lang=\"ja\"")
            && !line.contains("class=\"seen\"")
            && !line.contains("class=\"history\"")
    }) {
        assert!(!line.chars().any(|one| matches!(one, 'ぁ'..='ヿ')), "{line}");
    }
}

#[test]
fn every_requirement_is_shown_with_its_verdict_and_nothing_unknown_is_green() {
    let engine = the_engine();
    for edition in engine.catalogue.editions() {
        for facts in [Facts::default(), some_facts(&engine)] {
            let assessment = engine.assess(&edition.id, None, &facts).unwrap();
            let page = assessment_page(&engine, &assessment, &facts, Language::English, now()).unwrap();
            let met = assessment.verdicts.iter().filter(|one| one.verdict == Verdict::Met).count();
            assert_eq!(page.matches("class=\"badge met\"").count(), met, "{}", edition.id);
            assert_eq!(page.matches("<article>").count(), assessment.verdicts.len(), "{}", edition.id);
            for one in &assessment.verdicts {
                assert!(page.contains(&format!("<code>{}</code>", one.requirement)), "{}", one.requirement);
            }
        }
    }
}

#[test]
fn what_nobody_has_read_says_so_beside_each_requirement() {
    let engine = the_engine();
    let assessment = engine.assess("mhlw-7.0", None, &Facts::default()).unwrap();
    let page = assessment_page(&engine, &assessment, &Facts::default(), Language::Japanese, now()).unwrap();
    let cautioned = assessment.verdicts.iter().filter(|one| {
        engine.catalogue.requirement(&one.requirement).unwrap().basis.caution(Language::Japanese).is_some()
    });
    assert_eq!(page.matches("class=\"caution\"").count(), cautioned.count());
    // Nobody has read edition 7.0: what is taken over from 6.0 has the place and the basis of 6.0, and says so.
    assert_eq!(page.matches("class=\"history\"").count(), assessment.verdicts.len());
}
