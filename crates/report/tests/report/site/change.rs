//! What differs between two checks, on a terminal, as JSON and as a page.

use super::builder::{check, finding, hostile_check, nothing};
use super::page::well_formed;
use base::Language;
use report::site::{Detail, change_json, change_page, change_table};
use serde_json::Value;
use site::check::Check;
use site::compare::{Change, compare};
use site::rules::Verdict;
use site::rules::rule::Severity;

/// Most is mended; one path became certain, one rule came to be undecided, one is newly violated.
fn after() -> Check {
    let mut after = nothing();
    after.attacks.chains = vec![check().attacks.chains.remove(3)];
    after.attacks.chains[0].decided = true;
    after.findings = check().findings.drain(6..8).collect();
    after.findings[0].verdict = Verdict::Undecided;
    let words = ("新しい規則です。", "A new rule.");
    after.findings.push(finding("net.new", "ward-pc", Severity::Required, Verdict::Violated, words));
    after
}

fn change() -> Change {
    compare(&check(), &after()).touching(|key| vec![format!("mhlw-6.0/{key}")])
}

#[test]
fn what_came_is_told_before_what_is_gone() {
    let told = change_table(&change(), Language::English, Detail::Screen);
    let place = |text: &str| told.find(text).unwrap_or_else(|| panic!("{text} in\n{told}"));
    assert!(told.starts_with("                      before                    after\n"));
    assert!(told.contains("required violated     6                         1\n"), "{told}");
    assert!(place("+ now certain: 1") < place("− gone: 3"));
    assert!(place("+ new violations: 1\n    [required] ward-pc: A new rule.") < place("~ now undecided: 1"));
    assert!(place("~ now undecided: 1") < place("− violations gone: 6"));
    assert!(told.contains("and 1 more"));
}

#[test]
fn what_came_to_be_undecided_is_not_among_what_is_gone() {
    let told = change_table(&change(), Language::English, Detail::Full);
    let gone = told.split("− violations gone").nth(1).unwrap();
    assert!(!gone.contains("device.usb-storage@ward-pc"), "{gone}");
    assert!(told.contains("violated → undecided"));
}

#[test]
fn paths_that_may_only_not_have_been_looked_for_are_not_called_gone_for_good() {
    let mut after = after();
    after.attacks.more = true;
    let told = change_table(&compare(&check(), &after), Language::English, Detail::Full);
    assert!(told.contains("~ gone: 3"), "{told}");
    assert!(told.contains("attack paths          4                         1+\n"));
}

#[test]
fn facts_are_told_with_the_requirements_that_they_touch() {
    let told = change_table(&change(), Language::Japanese, Detail::Full);
    assert!(told.contains(
        "site.network.zones_separated: いいえ → 不明\n      mhlw-6.0/site.network.zones_separated\n"
    ));
}

#[test]
fn no_difference_is_said() {
    let told = change_table(&compare(&check(), &check()), Language::English, Detail::Screen);
    assert!(told.ends_with("\nNothing differs.\n"), "{told}");
    assert!(compare(&check(), &check()).is_empty());
    assert!(change_page(&compare(&check(), &check()), Language::Japanese).contains("違いはありません。"));
}

#[test]
fn the_document_has_its_format_and_both_sides() {
    let text = change_json(&change());
    assert!(text.starts_with("{\n  \"format\": \"akashi-check-compare/1\",\n"), "{text}");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["before"]["required"], 6);
    assert_eq!(document["after"]["phase"], "target");
    assert_eq!(document["chains"]["gone"].as_array().unwrap().len(), 3);
    assert_eq!(document["findings"]["changed"][0]["after"]["verdict"], "undecided");
    assert_eq!(document["facts"][0]["requirements"][0], "mhlw-6.0/site.network.links_count");
}

#[test]
fn the_page_is_whole_and_well_formed_and_green_only_where_something_bad_is_gone() {
    for language in [Language::Japanese, Language::English] {
        for (before, after) in
            [(check(), after()), (nothing(), hostile_check()), (hostile_check(), nothing())]
        {
            let page = change_page(&compare(&before, &after), language);
            well_formed(&page);
            assert!(!page.contains("<script") && !page.contains(['\u{1b}', '\u{202e}']));
        }
    }
    let page = change_page(&compare(&nothing(), &check()), Language::English);
    assert!(!page.contains("class=\"badge met\"") && page.contains("class=\"badge not-met\""));
}
