//! What the rules say of templates: as they are, with the faults of the table, and with the changes of their own fixtures.

use super::faults::{self, tables};
use jiff::civil::{Date, date};
use serde_json::Value;
use site::description::{read, templates};
use site::findings::{Change, Judgement, Scene, changed, judge, judge_only, needs_paths, rules};
use site::model::Model;
use site::rules::Verdict;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// A month after the templates were described.
const TODAY: Date = date(2026, 11, 15);

/// What the rules say of a description, in each of its phases.
fn judgements(site: &Value) -> Vec<Judgement> {
    in_phases(site, judge)
}

fn in_phases(site: &Value, ask: impl Fn(&Scene<'_>) -> Vec<Judgement>) -> Vec<Judgement> {
    let site = read("site.yaml", &site.to_string()).expect("a description that can be read");
    let of_phase = |phase| {
        let site = site.at(phase);
        let model = Model::draw(Some(&site), &[]).expect("a model");
        ask(&Scene { site: &site, model: &model, today: TODAY })
    };
    site.phases().into_iter().flat_map(of_phase).collect()
}

/// The worst that a rule says of a template with changes; none where it says nothing.
pub(crate) fn verdict(template: &str, change: &[Change], rule: &str) -> Option<Verdict> {
    let site = with(template, change);
    in_phases(&site, |scene| judge_only(scene, |asked| asked == rule)).iter().map(|one| one.verdict).min()
}

/// A template with changes. Reading templates takes most of the time, so each is read once.
fn with(template: &str, change: &[Change]) -> Value {
    thread_local! {
        static READ: RefCell<BTreeMap<String, Value>> = const { RefCell::new(BTreeMap::new()) };
    }
    let as_it_is = || changed(template, &[]).unwrap_or_else(|what| panic!("{what}"));
    let mut site =
        READ.with_borrow_mut(|read| read.entry(template.to_owned()).or_insert_with(as_it_is).clone());
    let applied = change.iter().try_for_each(|change| change.apply(&mut site));
    applied.unwrap_or_else(|what| panic!("{template}: {what}"));
    site
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
            let found = verdict(&table.template, &fault.change, &fault.finding);
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
        let site = with(&table.template, &[]);
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
        let mut verdicts = BTreeMap::new();
        for one in judgements(&with(&table.template, &[])) {
            let worst = verdicts.entry(one.rule).or_insert(one.verdict);
            *worst = one.verdict.min(*worst);
        }
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
        let site = with(template.name, &[]);
        for one in judgements(&site) {
            assert!(!one.seen.ja.is_empty() && !one.seen.en.is_empty(), "{}", one.rule);
            assert!(one.verdict != Verdict::Undecided || !one.seen.en.is_empty(), "{}", one.rule);
        }
    }
}

/// What is left out is unknown: nothing unknown is good, and no rule falls silent about it. Only of the parameters of a
/// protection that nobody knows to be there, there is nothing to say. This is asked of the rules on what was said.
#[test]
fn leaving_something_out_makes_nothing_good() {
    let site = with("small-hospital", &[]);
    let verdicts = |site: &Value| -> BTreeMap<(&str, String), Verdict> {
        let judged = in_phases(site, |scene| judge_only(scene, |rule| !needs_paths(rule)));
        judged.into_iter().map(|one| ((one.rule, one.element), one.verdict)).collect()
    };
    let before = verdicts(&site);
    let (mut faults, mut removed) = (Vec::new(), 0);
    for path in optional(&site) {
        let mut less = site.clone();
        let change = Change { remove: Some(path.clone()), set: None, add: None, to: None };
        change.apply(&mut less).expect("the key is there");
        // Some keys hold others up, and a description without them is refused.
        if read("site.yaml", &less.to_string()).is_err() {
            continue;
        }
        removed += 1;
        let after = verdicts(&less);
        for (said, verdict) in before.iter().filter(|(_, verdict)| **verdict != Verdict::Holds) {
            let silent = *verdict == Verdict::Violated && !path.ends_with(".protection");
            match after.get(said) {
                Some(Verdict::Holds) => faults.push(format!("without {path}: {said:?} holds")),
                None if silent => faults.push(format!("without {path}: nothing is said of {said:?}")),
                _ => {}
            }
        }
    }
    assert!(removed > 150, "{removed}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The paths of all keys of all elements.
fn optional(site: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    for (list, elements) in site.as_object().expect("a map") {
        for element in elements.as_array().into_iter().flatten() {
            let (id, keys) = (&element["id"], element.as_object().expect("a map"));
            let id = id.as_str().expect("an id");
            paths.extend(keys.keys().map(|key| format!("{list}.{id}.{key}")));
            let inner = |key: &str| keys.get(key).and_then(Value::as_object).into_iter().flatten();
            paths.extend(inner("sign_in").map(|(part, _)| format!("{list}.{id}.sign_in.{part}")));
        }
    }
    paths
}

/// What a plan stands for is not drawn from the description: that nobody reaches it, is not known then.
#[test]
fn what_is_described_but_not_drawn_is_not_called_out_of_reach() {
    const RECORDS: &str = "net.open-path-to-records";
    let drawn = read("drawn", &with("direct-connect", &[]).to_string()).expect("a description");
    let mut less = drawn.clone();
    less.nodes.retain(|node| node.id.as_str() != "ehr-db");
    let model = Model::draw(Some(&less), &[]).expect("a model");
    let said = judge_only(&Scene { site: &drawn, model: &model, today: TODAY }, |id| id == RECORDS);
    let of_db = said.iter().find(|one| one.element == "ehr-db").expect("a judgement");
    assert_eq!(of_db.verdict, Verdict::Undecided, "{}", of_db.seen.en);
    let whole = Model::draw(Some(&drawn), &[]).expect("a model");
    let said = judge_only(&Scene { site: &drawn, model: &whole, today: TODAY }, |id| id == RECORDS);
    assert!(said.iter().all(|one| one.verdict == Verdict::Holds));
}

#[test]
fn a_description_that_is_too_large_for_all_paths_is_undecided_and_not_good() {
    let small = read("small", &with("direct-connect", &[]).to_string()).expect("a description");
    let mut large = small.clone();
    for number in 0..2_000 {
        let mut zone = small.zones.first().expect("a zone").clone();
        zone.id.value = format!("more-{number}");
        large.zones.push(zone);
    }
    let model = Model::draw(Some(&small), &[]).expect("a model");
    let said = judge_only(&Scene { site: &large, model: &model, today: TODAY }, needs_paths);
    assert!(!said.is_empty() && said.iter().all(|one| one.verdict == Verdict::Undecided));
    assert!(said.iter().all(|one| one.seen.en.contains("at most 2000 are looked at")), "the limit is named");
}
