//! Whether a requirement applies at all: in three values, by a person's answer or by the facility's decision.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use base::{Language, Time};
use guideline::{
    Assessed, Catalogue, Checks, Engine, Exclusion, Exclusions, Fact, Facts, Moment, Registry, SourceFile,
    Value, Verdict, codes, engine,
};

fn at(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn now() -> Time {
    at("2026-04-01T00:00:00Z")
}

/// One requirement, decided by four facts of people and of the running system.
fn small(not_applicable_when: &str, satisfied_when: &str) -> Engine {
    let part = "guideline: own-1\npart: rules\ntitle_ja: 規則\ntitle_en: Rules\npublisher_ja: 当院\npublished: \"2026\"\nurl: https://clinic.example/\nchapters:\n- number: \"1\"\n  title_ja: 一\n  title_en: One\n  requirements:\n  - {id: own-1/rules/1, item: null, name_ja: 名, name_en: Name, summary_ja: 要, summary_en: It, actors: [operator], topics: [backup], evidence: [attestation], locator: p.1, basis: full}\n";
    let keys = "format: akashi-facts/1\nfacts:\n- {key: runtime.seen, kind: yes-no, valid_days: 1, ja: あ, en: a}\n- {key: runtime.absent, kind: yes-no, valid_days: 1, ja: い, en: b}\n";
    let questions = "format: akashi-questions/1\nquestions:\n- {id: none, asked_of: planner, valid_months: 12, ja: あ, en: a}\n- {id: done, asked_of: planner, valid_months: 12, ja: い, en: b}\n- {id: begun, asked_of: planner, valid_months: 12, ja: う, en: c}\n";
    let check = format!(
        "format: akashi-checks/1\nchecks:\n- requirement: own-1/rules/1\n  not_applicable_when: '{not_applicable_when}'\n  satisfied_when: '{satisfied_when}'\n  partly_when: 'person.begun'\n  remedy_ja: 直す\n  remedy_en: mend\n"
    );
    let file = |name, text| SourceFile { name, text };
    let catalogue = Catalogue::read(&[file("part.yaml", part)]).unwrap();
    let registry = Registry::read(&[file("keys.yaml", keys), file("questions.yaml", questions)]).unwrap();
    let checks = Checks::read(&[file("checks.yaml", &check)], &catalogue, &registry).unwrap();
    Engine { catalogue, registry, checks }
}

fn facts(engine: &Engine, known: &[(&str, Option<bool>)]) -> Facts {
    let seen = known
        .iter()
        .filter_map(|(key, value)| Some(Fact::seen(key, Value::YesNo((*value)?), now(), ("試験", "a test"))));
    Facts::gather(&engine.registry, seen, now()).unwrap()
}

fn decided(engine: &Engine, facts: &Facts) -> Assessed {
    engine.assess("own-1", None, facts).unwrap().verdicts.remove(0)
}

#[test]
fn whether_it_applies_decides_in_three_values() {
    let engine = small("person.none", "person.done");
    let (yes, no, open) = (Some(true), Some(false), None);
    let none = "person.none";
    for (absent, done, begun, verdict, decided_by, left) in [
        (yes, open, open, Verdict::NotApplicable, vec![none], vec![]),
        (yes, no, no, Verdict::NotApplicable, vec![none], vec![]),
        (yes, yes, yes, Verdict::NotApplicable, vec![none], vec![]),
        (no, yes, open, Verdict::Met, vec!["person.done"], vec![]),
        (open, yes, open, Verdict::Met, vec!["person.done"], vec![]),
        (no, no, no, Verdict::NotMet, vec!["person.done", none], vec![]),
        (no, no, open, Verdict::NotMet, vec!["person.done", none], vec![]),
        (no, no, yes, Verdict::Partly, vec!["person.begun", "person.done", none], vec![]),
        (no, open, yes, Verdict::NeedsAPerson, vec![none], vec!["person.done"]),
        (open, no, no, Verdict::NeedsAPerson, vec!["person.done"], vec![none]),
        (open, no, yes, Verdict::NeedsAPerson, vec!["person.done"], vec![none]),
        (open, open, yes, Verdict::NeedsAPerson, vec![], vec!["person.done", none]),
    ] {
        let known = [(none, absent), ("person.done", done), ("person.begun", begun)];
        let one = decided(&engine, &facts(&engine, &known));
        assert_eq!(one.verdict, verdict, "{known:?}");
        assert!(one.decided_by.iter().eq(&decided_by), "{known:?}: {one:?}");
        assert!(one.open.iter().eq(&left), "{known:?}: {one:?}");
    }
}

#[test]
fn whether_it_applies_stays_unknown_where_no_person_can_say() {
    let engine = small("runtime.absent", "person.done");
    let one = decided(&engine, &facts(&engine, &[("person.done", Some(false))]));
    assert_eq!((one.verdict, one.open.len()), (Verdict::Unknown, 1));
    let engine = small("person.none", "runtime.seen");
    assert_eq!(decided(&engine, &facts(&engine, &[])).verdict, Verdict::Unknown);
    let waits = decided(&engine, &facts(&engine, &[("runtime.seen", Some(false))]));
    assert_eq!(waits.verdict, Verdict::NeedsAPerson);
}

#[test]
fn a_clinic_without_outsourcing_owes_nothing_about_providers_and_says_who_said_so() {
    let engine = engine().unwrap();
    let facts = facts(&engine, &[("person.no_outsourcing", Some(true))]);
    for edition in ["mhlw-6.0", "mhlw-7.0"] {
        let all = engine.assess(edition, None, &facts).unwrap().verdicts;
        let apart: Vec<_> = all.iter().filter(|one| one.verdict == Verdict::NotApplicable).collect();
        assert!(apart.len() >= 14, "{edition}: {}", apart.len());
        for one in apart {
            assert!(one.decided_by.contains("person.no_outsourcing") && one.excluded.is_none(), "{one:?}");
        }
    }
}

/// For a requirement, from one day to another, as somebody decided.
fn exclusion(requirement: &str, at: &str, until: &str) -> Exclusion {
    let day = |day: &str| Moment(self::at(&format!("{day}T00:00:00Z")));
    Exclusion {
        requirement: requirement.to_owned(),
        reason: "無線 LAN を使っていない".to_owned(),
        decided_by: "院長 山田".to_owned(),
        at: day(at),
        valid_until: day(until),
    }
}

#[test]
fn an_excluded_requirement_says_why_and_who_decided_and_so_does_the_one_that_inherits_it() {
    let engine = engine().unwrap();
    let id = "mhlw-6.0/control/13-6";
    let made = exclusion(id, "2026-01-01", "2027-01-01");
    let given = Exclusions::gather(&engine.catalogue, [made.clone()], now()).unwrap();
    let facts = Facts::default().excluding(given);
    for (edition, id) in [("mhlw-6.0", id), ("mhlw-7.0", "mhlw-7.0/control/13-6")] {
        let all = engine.assess(edition, None, &facts).unwrap().verdicts;
        let excluded: Vec<_> = all.iter().filter(|one| one.excluded.is_some()).collect();
        assert_eq!(excluded.iter().map(|one| one.requirement.as_str()).collect::<Vec<_>>(), [id]);
        assert_eq!(
            (excluded[0].verdict, &excluded[0].excluded),
            (Verdict::NotApplicable, &Some(made.clone()))
        );
        assert!(excluded[0].open.is_empty() && excluded[0].decided_by.is_empty());
    }
}

#[test]
fn what_is_met_stays_met_and_what_fails_may_be_excluded() {
    let engine = small("person.none", "person.done");
    let given = exclusion("own-1/rules/1", "2026-01-01", "2027-01-01");
    let excluded = |done| {
        let all = Exclusions::gather(&engine.catalogue, [given.clone()], now()).unwrap();
        let one = decided(&engine, &facts(&engine, &[("person.done", done)]).excluding(all));
        (one.verdict, one.excluded.is_some())
    };
    assert_eq!(excluded(Some(true)), (Verdict::Met, false));
    assert_eq!(excluded(Some(false)), (Verdict::NotApplicable, true));
    assert_eq!(excluded(None), (Verdict::NotApplicable, true));
}

#[test]
fn an_exclusion_counts_from_its_decision_to_its_end_and_the_newest_stands() {
    let engine = small("person.none", "person.done");
    let id = "own-1/rules/1";
    let counts = |all: &[Exclusion], day: &str| {
        let day = at(&format!("{day}T00:00:00Z"));
        Exclusions::gather(&engine.catalogue, all.to_vec(), day).unwrap().iter().next().cloned()
    };
    let (long, short) =
        (exclusion(id, "2026-01-01", "2028-01-01"), exclusion(id, "2026-06-01", "2026-07-01"));
    for both in [[long.clone(), short.clone()], [short.clone(), long.clone()]] {
        assert_eq!(counts(&both, "2025-12-31"), None);
        assert_eq!(counts(&both, "2026-05-31"), Some(long.clone()));
        assert_eq!(counts(&both, "2026-06-01"), Some(short.clone()));
        assert_eq!(counts(&both, "2026-07-01"), None, "a newer decision that ended brings no older one back");
    }
}

#[test]
fn an_exclusion_without_reason_decider_end_or_requirement_is_refused() {
    let engine = small("person.none", "person.done");
    let good = exclusion("own-1/rules/1", "2026-01-01", "2027-01-01");
    let refused = |change: &dyn Fn(&mut Exclusion)| {
        let mut one = good.clone();
        change(&mut one);
        Exclusions::gather(&engine.catalogue, [one], now()).unwrap_err()
    };
    for problem in [
        refused(&|one| one.reason = " ".to_owned()),
        refused(&|one| one.decided_by = String::new()),
        refused(&|one| one.valid_until = one.at),
    ] {
        assert_eq!(problem.code(), &codes::EXCLUSION);
        assert!(problem.text(Language::Japanese).contains("own-1/rules/1"));
    }
    assert_eq!(refused(&|one| one.requirement = "own-1/rules/2".to_owned()).code(), &codes::REQUIREMENT);
}
