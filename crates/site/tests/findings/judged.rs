//! What the rules say of templates: as they are, with the faults of the table, and with the changes of their own fixtures.

use super::faults::{self, tables};
use jiff::civil::{Date, date};
use serde_json::Value;
use site::description::{read, templates};
use site::findings::{Change, Judgement, Scene, changed, judge, rules};
use site::model::Model;
use site::rules::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// A month after the templates were described.
const TODAY: Date = date(2026, 11, 15);

/// What the rules say of a description, in each of its phases.
pub(crate) fn judgements(site: &Value) -> Vec<Judgement> {
    let site = read("site.yaml", &site.to_string()).expect("a description that can be read");
    let of_phase = |phase| {
        let site = site.at(phase);
        let model = Model::draw(Some(&site), &[]).expect("a model");
        judge(&Scene { site: &site, model: &model, today: TODAY })
    };
    site.phases().into_iter().flat_map(of_phase).collect()
}

/// By rule, the worst that it says of a description.
pub(crate) fn verdicts(template: &str, change: &[Change]) -> BTreeMap<&'static str, Verdict> {
    let site = changed(template, change).unwrap_or_else(|what| panic!("{template}: {what}"));
    let mut worst = BTreeMap::new();
    for Judgement { rule, verdict, .. } in judgements(&site) {
        let so_far = worst.entry(rule).or_insert(verdict);
        *so_far = verdict.min(*so_far);
    }
    worst
}

#[test]
fn every_fault_of_the_table_is_found() {
    let known: BTreeSet<&str> = rules().collect();
    let mut missed = Vec::new();
    for table in tables() {
        for fault in table.faults.iter().filter(|fault| known.contains(fault.finding.as_str())) {
            let asked = match fault.verdict {
                faults::Verdict::Violated => Verdict::Violated,
                faults::Verdict::Undecided => Verdict::Undecided,
            };
            let found = verdicts(&table.template, &fault.change).get(fault.finding.as_str()).copied();
            if found != Some(asked) {
                missed.push(format!("{} × {}: {} is {found:?}", table.template, fault.en, fault.finding));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn templates_that_conform_violate_nothing() {
    let mut found = Vec::new();
    for table in tables().iter().filter(|table| table.found.is_empty()) {
        let site = changed(&table.template, &[]).expect("a template");
        for Judgement { rule, element, seen, .. } in violated(&site) {
            found.push(format!("{}: {rule}@{element}: {}", table.template, seen.en));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn violated(site: &Value) -> impl Iterator<Item = Judgement> {
    judgements(site).into_iter().filter(|one| one.verdict == Verdict::Violated)
}

#[test]
fn the_template_with_faults_brings_the_findings_of_the_table_and_no_others() {
    let known: BTreeSet<&str> = rules().collect();
    for table in tables().iter().filter(|table| !table.found.is_empty()) {
        let verdicts = verdicts(&table.template, &[]);
        let with = |asked: Verdict| -> BTreeSet<&str> {
            verdicts.iter().filter(|(_, verdict)| **verdict == asked).map(|(rule, _)| *rule).collect()
        };
        let of_table = |ids: &'_ [String]| -> BTreeSet<String> {
            ids.iter().filter(|id| known.contains(id.as_str())).cloned().collect()
        };
        let difference = |found: BTreeSet<&str>, asked: BTreeSet<String>| {
            let more: Vec<_> = found.iter().filter(|id| !asked.contains(**id)).copied().collect();
            let less: Vec<_> = asked.iter().filter(|id| !found.contains(id.as_str())).cloned().collect();
            (more.join(" "), less.join(" "))
        };
        let none = (String::new(), String::new());
        assert_eq!(difference(with(Verdict::Violated), of_table(&table.found)), none, "violated: more, less");
        assert_eq!(difference(with(Verdict::Undecided), of_table(&table.undecided)), none, "undecided");
    }
}

#[test]
fn a_rule_says_one_thing_of_an_element_and_stands_in_the_list() {
    let known: BTreeSet<&str> = rules().collect();
    for template in templates() {
        let site = read(template.name, template.text).expect("a template");
        for phase in site.phases() {
            let site = site.at(phase);
            let model = Model::draw(Some(&site), &[]).expect("a model");
            let mut seen = BTreeSet::new();
            for one in judge(&Scene { site: &site, model: &model, today: TODAY }) {
                assert!(known.contains(one.rule), "{} stands in no list", one.rule);
                let said = (one.rule, one.element);
                assert!(!seen.contains(&said), "{}: twice: {said:?}", template.name);
                seen.insert(said);
            }
        }
    }
}

#[test]
fn what_was_seen_is_said_in_both_languages() {
    for template in templates() {
        let site = changed(template.name, &[]).expect("a template");
        for one in judgements(&site) {
            assert!(!one.seen.ja.is_empty() && !one.seen.en.is_empty(), "{}", one.rule);
            assert!(one.verdict != Verdict::Undecided || !one.seen.en.is_empty(), "{}", one.rule);
        }
    }
}
