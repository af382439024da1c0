//! What the law decides: by the default set, and by what a facility adds. `tests/matrix.rs` of the crate has the whole
//! default set.

mod extension;
mod model;

use super::*;
use crate::action::ActionGroup;
use crate::question::{Facts, WhoKind};

fn who(kind: WhoKind) -> Who {
    Who { kind, account: "me".to_owned(), ..Who::unknown("demo") }
}

fn person(occupation: &'static str) -> Who {
    Who { occupation: Some(occupation), ..who(WhoKind::Person) }
}

fn decide(law: &Law, who: &Who, action: Action, kind: &str) -> Result<Policies, Refusal> {
    law.decide(who, action, &Resource::of_kind(kind), &Context::default())
}

#[test]
fn the_default_set_is_without_fault() {
    let base = read::base().unwrap();
    assert_eq!(base.faults(read::DEFAULT, &base.policies), Ok(Vec::new()));
}

#[test]
fn every_action_is_known_in_its_group() {
    let law = Law::builtin();
    let base = read::base().unwrap();
    for action in Action::ALL.iter().copied().chain([Action::command("facts")]) {
        let group = match action.group() {
            ActionGroup::Look => "look",
            ActionGroup::Write => "write",
            ActionGroup::Oversee => "oversee",
            ActionGroup::Administer => "administer",
            ActionGroup::ComeIn => "come-in",
        };
        assert!(law.knows(action), "{}", action.name());
        let uid = law.actions[action.name()].entity.uid();
        let ancestors: Vec<String> =
            base.actions.ancestors(&uid).unwrap().map(|uid| uid.id().unescaped().to_owned()).collect();
        assert!(ancestors.iter().any(|name| name == group), "{} is not in {group}", action.name());
    }
}

#[test]
fn every_type_of_r4_belongs_to_a_group_and_every_occupation_too() {
    let table = include_str!("../../../../fhir/src/definitions/r4.table");
    let lines = table.lines().filter_map(|line| line.strip_prefix("resource "));
    let mut known: Vec<&str> = lines.filter_map(|line| line.split(' ').next()).collect();
    known.sort_unstable();
    let (staff, types) = read::base().unwrap().groups.members();
    assert_eq!(types, known);
    assert_eq!(staff.len(), 24, "all occupations but `other`: {staff:?}");
}

#[test]
fn every_forbid_says_why_in_both_languages_and_every_policy_has_a_name() {
    for policy in &read::base().unwrap().policies {
        assert!(policy.annotation("id").is_some_and(|id| id == policy.id().to_string()), "{policy}");
        if policy.effect() == cedar_policy::Effect::Forbid {
            let ends = |name, end| policy.annotation(name).is_some_and(|text| text.ends_with(end));
            assert!(ends("reason_en", '.') && ends("reason_ja", '。'), "{policy}");
        }
    }
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
fn a_permit_says_what_was_permitted_on_which_record_by_which_policies() {
    let key = RecordKey::new("Observation", base::ResourceId::parse("1").unwrap());
    let on = Resource::of_kind("Observation");
    let law = Law::builtin();
    let permit = law.permit(&person("nurse"), Action::UPDATE, &key, &on, &Context::default()).unwrap();
    assert_eq!((permit.action(), permit.key(), permit.writes()), (Action::UPDATE, &key, true));
    assert_eq!(permit.policies().to_vec(), ["nursing-write"]);
    law.permit(&person("clerk"), Action::UPDATE, &key, &on, &Context::default()).unwrap_err();
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
    assert!(refusal.english.contains("restricted") && refusal.japanese.contains("緊急アクセス"));
    read(&Resource { treating: true, ..on }).unwrap();
    read(&Resource { broken: true, ..on }).unwrap();
    read(&Resource { patient_labels: &[], ..on }).unwrap();
}

#[test]
fn a_sensitive_record_is_as_restricted_as_a_restricted_patient() {
    let law = Law::builtin();
    for (label, permitted) in
        [("PSY", false), ("HIV", false), ("V", false), ("N", true), ("http://x|R", true)]
    {
        let facts = Facts { labels: vec![label.to_owned()], ..Facts::default() };
        let on = Resource { facts: Some(&facts), ..Resource::of_kind("Condition") };
        for action in [Action::READ, Action::SEARCH, Action::UPDATE, Action::EVERYTHING] {
            let decision = law.decide(&person("doctor"), action, &on, &Context::default());
            assert_eq!(decision.is_ok(), permitted, "{label} {}", action.name());
        }
    }
}

#[test]
fn a_command_that_the_schema_does_not_name_is_refused_to_everybody() {
    let law = Law::builtin();
    let all = ["executive", "planner", "operator", "auditor"].into();
    let boss = Who { duties: all, ..person("doctor") };
    for name in ["no-such-command", "see-command", "administer", "read ", ""] {
        assert!(!law.knows(Action::command(name)));
        for who in [&boss, &Who::system("demo", "console")] {
            let refusal = decide(&law, who, Action::command(name), "Facility").unwrap_err();
            assert_eq!(refusal, Refusal::unknown_action());
        }
    }
    decide(&law, &boss, Action::command("account-create"), "Facility").unwrap();
}

#[test]
fn who_belongs_to_another_facility_is_refused_everything() {
    let law = Law::builtin().at("demo");
    let elsewhere = Who { facility: "other".to_owned(), ..person("doctor") };
    for action in Action::ALL {
        let refusal = decide(&law, &elsewhere, *action, "Observation").unwrap_err();
        assert!(refusal.policies.contains(&"other-facility".to_owned()), "{}", action.name());
    }
    decide(&law, &person("doctor"), Action::READ, "Observation").unwrap();
}

#[test]
fn a_decision_is_made_once_for_all_who_are_alike() {
    let law = Law::builtin();
    for account in ["a", "b", "c"] {
        let who = Who { account: account.to_owned(), ..person("nurse") };
        decide(&law, &who, Action::READ, "Observation").unwrap();
    }
    assert_eq!(law.decisions.len(), 1, "no policy for reading tells accounts apart");
    for account in ["a", "b", "c"] {
        let who = Who { account: account.to_owned(), ..person("nurse") };
        let facts = Facts::default();
        let on = Resource { author: Some("a"), facts: Some(&facts), ..Resource::of_kind("Observation") };
        let own = law.decide(&who, Action::DELETE, &on, &Context::default()).is_ok();
        assert_eq!(own, account == "a");
    }
    assert_eq!(law.decisions.len(), 4, "deleting is for the author");
}

#[test]
fn a_question_that_is_too_long_is_decided_and_not_kept() {
    let law = Law::builtin();
    let facts = Facts { labels: (0..500).map(|n| format!("x|{n}")).collect(), ..Facts::default() };
    let on = Resource { facts: Some(&facts), ..Resource::of_kind("Observation") };
    law.decide(&person("nurse"), Action::READ, &on, &Context::default()).unwrap();
    assert_eq!(law.decisions.len(), 0);
}

#[test]
fn the_law_says_what_its_policies_look_at() {
    let law = Law::builtin();
    let labels = Minds { labels: true, patient_labels: true, ..Minds::default() };
    assert_eq!(law.minds(Action::READ), labels);
    assert_eq!(law.minds(Action::DELETE), Minds { state: true, author: true, ..labels });
    assert_eq!(law.minds(Action::OWN), Minds::default());
    let law = Law::with(
        r#"forbid (principal, action in Action::"consult", resource == Record::"Consent")
           when { resource.state == "draft" } unless { resource.patient.treating };
           permit (principal == Account::"me", action == Action::"log", resource);"#,
    );
    let law = law.unwrap();
    assert_eq!(law.minds(Action::READ), Minds { state: true, treating: true, ..labels });
    assert_eq!(law.minds(Action::CREATE), labels);
    assert!(law.actions["log"].mentions.accounts() && !law.actions["read"].mentions.accounts());
}

#[test]
fn the_law_in_force_is_replaced_for_whoever_asks_next() {
    let force = InForce::new(Law::builtin());
    let before = force.law();
    force.clone().replace(Law::with("permit (principal, action == Action::\"log\", resource);").unwrap());
    let doctor = person("doctor");
    decide(&before, &doctor, Action::LOG, "Facility").unwrap_err();
    decide(&force.law(), &doctor, Action::LOG, "Facility").unwrap();
}
