//! What the law decides: by the default set, by what a facility adds, and how fast it remembers.

use super::*;
use crate::question::{Facts, WhoKind};

fn person(occupation: &'static str) -> Who {
    let kind = WhoKind::Person;
    Who { kind, account: "dr-a".to_owned(), occupation: Some(occupation), ..Who::unknown("demo") }
}

fn decide(law: &Law, who: &Who, action: Action, kind: &str) -> Result<Policies, Refusal> {
    law.decide(who, action, &Resource::of_kind(kind), &Context::default())
}

#[test]
fn a_doctor_prescribes_and_a_nurse_does_not() {
    let law = Law::builtin();
    let policies = decide(&law, &person("doctor"), Action::CREATE, "MedicationRequest").unwrap();
    assert_eq!(policies.to_vec(), ["physicians-write"]);
    let refusal = decide(&law, &person("nurse"), Action::CREATE, "MedicationRequest").unwrap_err();
    assert_eq!(refusal, Refusal::not_permitted());
}

#[test]
fn a_restricted_patient_is_for_those_who_treat_and_those_who_broke_the_glass() {
    let law = Law::builtin();
    let facts = Facts { patients: vec!["1".to_owned()], ..Facts::default() };
    let labels = ["R".to_owned()];
    let on = Resource { facts: Some(&facts), patient_labels: &labels, ..Resource::of_kind("Observation") };
    let read = |on: &Resource<'_>| law.decide(&person("doctor"), Action::READ, on, &Context::default());
    let refusal = read(&on).unwrap_err();
    assert_eq!(refusal.policies.to_vec(), ["restricted"]);
    assert!(refusal.english.contains("restricted") && refusal.japanese.contains("ブレイクグラス"));
    read(&Resource { treating: true, ..on }).unwrap();
    read(&Resource { broken: true, ..on }).unwrap();
    read(&Resource { patient_labels: &[], ..on }).unwrap();
}

#[test]
fn the_default_set_is_without_fault() {
    let base = read::base().unwrap();
    assert_eq!(base.faults(read::DEFAULT, &base.policies), Ok(Vec::new()));
}
