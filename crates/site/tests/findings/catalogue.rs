//! The files of the rules: one for each rule, and each rule answers its three fixtures as they ask.

use super::judged::verdict;
use base::Language;
use jiff::civil::date;
use site::description::{read, template};
use site::findings::{Catalogue, Fixture, Scene, rules};
use site::model::Model;
use site::rules::Verdict;
use std::collections::BTreeSet;
use std::path::Path;

fn catalogue() -> Catalogue {
    Catalogue::builtin().unwrap_or_else(|problem| panic!("{}", problem.text(Language::English)))
}

#[test]
fn every_rule_has_its_file_and_every_file_its_rule() {
    let ids: Vec<&str> = rules().collect();
    let mut of_rules: BTreeSet<String> = ids.iter().map(|&id| id.to_owned()).collect();
    assert_eq!(of_rules.len(), ids.len(), "an id stands twice");
    // Cross-checks of plans are told in the same way, and judged elsewhere.
    let cloud = site::rules::Catalogue::builtin().unwrap_or_else(|problem| panic!("{problem:?}"));
    of_rules.extend(cloud.cross_checks.iter().map(|check| check.id.clone()));
    let of_catalogue: BTreeSet<String> = catalogue().rules().map(|rule| rule.id.clone()).collect();
    assert_eq!(of_rules, of_catalogue, "see src/findings/files.rs");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue/findings");
    let files = std::fs::read_dir(folder).expect("the files").map(|file| file.expect("a file").path());
    let stems = files.map(|file| file.file_stem().expect("a name").to_string_lossy().into_owned());
    assert_eq!(of_rules, stems.collect());
}

#[test]
fn every_rule_answers_its_fixtures() {
    let known: BTreeSet<&str> = rules().collect();
    let mut wrong = Vec::new();
    for rule in catalogue().rules() {
        let mut ask = |fixture: &Fixture, asked| {
            let found = verdict(&fixture.template, &fixture.change, &rule.id);
            if found != Some(asked) {
                wrong.push(format!("{} on {}: {found:?}, not {asked:?}", rule.id, fixture.template));
            }
        };
        let Some(fixtures) = &rule.fixtures else {
            assert!(!known.contains(rule.id.as_str()), "{} has no fixtures", rule.id);
            continue;
        };
        ask(&fixtures.violates, Verdict::Violated);
        ask(&fixtures.conforms, Verdict::Holds);
        ask(&fixtures.undecided, Verdict::Undecided);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_report_says_what_weighs_most_first_with_the_line_where_it_stands() {
    let template = template("small-hospital").expect("there is such a template");
    let site = read(template.name, template.text).expect("a template");
    let model = Model::draw(Some(&site), &[]).expect("a model");
    let scene = Scene { site: &site, model: &model, today: date(2026, 11, 15) };
    let report = catalogue().report(&scene).unwrap_or_else(|problem| panic!("{problem:?}"));
    let weights: Vec<_> = report.findings.iter().map(|one| (one.severity, one.verdict)).collect();
    assert!(weights.is_sorted());
    let ids: BTreeSet<&str> = report.findings.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), report.findings.len(), "an id stands twice");

    let found = |id: &str| report.findings.iter().find(|one| one.id == id).expect("it is found");
    let password = found("device.default-password@nas");
    assert_eq!((password.verdict, password.topic.as_str()), (Verdict::Violated, "device"));
    let line = password.line.and_then(|line| usize::try_from(line).ok()).expect("a line");
    assert!(template.text.lines().nth(line - 1).expect("the line is there").ends_with("id: nas"));
    assert!(!password.advice.remedy.ja.is_empty() && !password.advice.requirements.is_empty());
    assert_eq!(password.why.as_ref().map(|why| why.en.as_str()), Some("default_password: yes"));
    assert_eq!(found("downtime.no-procedure@facility").line, None, "it is said of the whole");
    assert!(report.held.get("filter").is_some_and(|held| *held > 0));
}
