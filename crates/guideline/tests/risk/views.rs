//! What the register shows at a moment: order, what is late, figures, facts, the sheet.

use super::clinic::{
    Clinic, accept, assess, assets, description, executive, flows, moment, operator, planner, put_in_force,
    reduce,
};
use base::{Language, Time};
use guideline::risk::{Counts, Register, Risk, Row, Rules, Step};
use guideline::{Fact, Facts, Value, Verdict};
use std::collections::BTreeMap;

const NOW: &str = "2026-04-01T10:00:00+09:00";

/// Every scenario that concerns the clinic, taken over.
fn full() -> Clinic {
    let mut clinic = Clinic::open();
    for risk in clinic.rules().propose(&assets(), &flows(), &[], Language::Japanese) {
        clinic.register.put_risk(risk).unwrap();
    }
    clinic
}

fn step(clinic: &mut Clinic, id: &str, step: &Step, by: &guideline::risk::By) {
    let risk = clinic.register.take(id, step, by, clinic.rules()).unwrap();
    clinic.register.put_risk(risk).unwrap();
}

fn facts(clinic: &Clinic, now: &str) -> BTreeMap<String, i64> {
    let found = clinic.register.facts(clinic.rules(), moment(now));
    let count = |fact: Fact| match fact.value {
        Value::Count(count) => (fact.key, count),
        other => panic!("{other:?} is no count"),
    };
    found.into_iter().map(count).collect()
}

fn rows<'a>(clinic: &'a Clinic, now: &str) -> Vec<Row<'a>> {
    clinic.register.rows(&clinic.method.scale, moment(now))
}

#[test]
fn the_unassessed_come_first_then_the_higher_level_then_the_earlier_day() {
    let mut clinic = full();
    for (id, likelihood, impact) in [("rs-01", 2, 2), ("rs-02", 4, 5), ("rs-05", 4, 4), ("rs-08", 3, 3)] {
        step(&mut clinic, id, &assess(likelihood, impact, "2026-04-20"), &planner());
    }
    step(&mut clinic, "rs-05", &reduce((1, 1)), &planner());
    step(&mut clinic, "rs-03", &super::clinic::close(), &executive());
    let order: Vec<&str> = rows(&clinic, NOW).iter().map(|row| row.risk.id.as_str()).collect();
    assert_eq!(order.len(), 19);
    assert_eq!(order[0], "rs-04");
    // A plan that is not in force lowers nothing; what has no day yet comes before what has one.
    assert_eq!(order[14..], ["rs-02", "rs-05", "rs-08", "rs-01", "rs-03"]);
    let counts = clinic.register.counts(&clinic.method.scale);
    assert_eq!(counts, Counts { unassessed: 14, low: 1, middle: 1, high: 0, critical: 2 });
    step(&mut clinic, "rs-05", &put_in_force(), &operator());
    assert_eq!(clinic.register.counts(&clinic.method.scale).critical, 1);
}

#[test]
fn what_is_past_its_day_is_late_from_the_day_after() {
    let mut clinic = Clinic::assessed(4, 4);
    clinic.does(&reduce((2, 2)), &planner());
    let late = |clinic: &Clinic, now: &str| {
        (rows(clinic, now)[0].is_overdue, rows(clinic, now)[0].is_review_overdue)
    };
    assert_eq!(late(&clinic, "2026-04-20T23:59:59+09:00"), (false, false));
    assert_eq!(late(&clinic, "2026-04-21T00:00:00+09:00"), (true, false));
    assert_eq!(late(&clinic, "2026-05-01T00:00:00+09:00"), (true, true));
    clinic.does(&put_in_force(), &operator());
    assert_eq!(late(&clinic, "2026-05-01T00:00:00+09:00"), (false, true));
}

#[test]
fn what_waits_for_an_executive_is_shown_as_waiting() {
    let mut clinic = Clinic::assessed(2, 3);
    assert!(!rows(&clinic, NOW)[0].awaits_approval);
    clinic.does(&accept((2, 3)), &planner());
    assert!(rows(&clinic, NOW)[0].awaits_approval);
    assert_eq!(facts(&clinic, NOW)["runtime.risk.accepted_without_approval"], 1);
    clinic.does(&clinic.approval(), &executive());
    assert!(!rows(&clinic, NOW)[0].awaits_approval);
    assert_eq!(facts(&clinic, NOW)["runtime.risk.accepted_without_approval"], 0);
}

#[test]
fn an_empty_register_tells_only_that_it_is_empty() {
    let clinic = Clinic { register: Register::default(), ..Clinic::open() };
    let expected = ["runtime.risk.assets", "runtime.risk.flows", "runtime.risk.open"];
    assert_eq!(facts(&clinic, NOW), expected.map(|key| (key.to_owned(), 0)).into());
    let named = Clinic::with_a_risk();
    assert!(!facts(&named, NOW).contains_key("runtime.risk.last_review_days"), "nobody looked at it yet");
}

#[test]
fn the_facts_are_registered_and_say_what_the_register_holds() {
    let mut clinic = full();
    step(&mut clinic, "rs-01", &assess(4, 4, "2026-04-20"), &planner());
    step(&mut clinic, "rs-02", &assess(2, 2, "2026-04-20"), &planner());
    step(&mut clinic, "rs-02", &reduce((1, 1)), &planner());
    let found = facts(&clinic, "2026-05-01T00:00:00+09:00");
    let expected = [
        ("accepted_without_approval", 0),
        ("assets", 4),
        ("critical", 1),
        ("flows", 2),
        ("flows_without_risk", 0),
        ("last_review_days", 30),
        ("not_in_force", 19),
        ("open", 19),
        ("overdue", 1),
        ("review_overdue", 2),
        ("scenarios_missing", 0),
        ("unassessed", 17),
        ("untreated", 1),
        ("waiting_for_approval", 0),
    ];
    assert_eq!(found, expected.map(|(key, count)| (format!("runtime.risk.{key}"), count)).into());
    let registered = clinic.engine.registry.keys().filter(|key| key.key.starts_with("runtime.risk."));
    assert_eq!(
        registered.map(|key| key.key.clone()).collect::<Vec<_>>(),
        found.into_keys().collect::<Vec<_>>()
    );
}

#[test]
fn a_register_without_the_scenarios_that_concern_it_is_seen_to_lack_them() {
    let clinic = Clinic::with_a_risk();
    assert_eq!(facts(&clinic, NOW)["runtime.risk.scenarios_missing"], 18);
    assert_eq!(facts(&clinic, NOW)["runtime.risk.flows_without_risk"], 1);
}

fn verdict(clinic: &Clinic, requirement: &str, answers: &[(&str, bool)]) -> Verdict {
    let now = moment(NOW);
    let told = answers.iter().map(|(key, yes)| Fact::seen(key, Value::YesNo(*yes), now, ("試験", "a test")));
    let seen = clinic.register.facts(clinic.rules(), now);
    let facts = Facts::gather(&clinic.engine.registry, seen.into_iter().chain(told), now).unwrap();
    let one = clinic.engine.catalogue.requirement(requirement).unwrap();
    clinic.engine.decide(one, &guideline::Known::of(&facts)).verdict
}

#[test]
fn a_register_that_is_worked_through_meets_what_asks_for_it_and_a_beginning_does_not() {
    let rated = "meti-mic-2.0/provider/5.1.2-3";
    let decided = "mhlw-6.0/governance/2.1-1";
    let no_document = [("document.risk_assessment", false)];
    let mut clinic = full();
    assert_eq!(verdict(&clinic, rated, &no_document), Verdict::NotMet);
    assert_eq!(verdict(&clinic, rated, &[]), Verdict::NeedsAPerson, "it may be kept elsewhere");
    let ids: Vec<String> = clinic.register.risks().map(|risk| risk.id.clone()).collect();
    for (number, id) in ids.iter().enumerate() {
        step(&mut clinic, id, &assess(2, 3, "2026-04-20"), &planner());
        let so_far = if number + 1 == ids.len() { Verdict::Met } else { Verdict::Partly };
        assert_eq!(verdict(&clinic, rated, &no_document), so_far);
    }
    assert_eq!(verdict(&clinic, decided, &no_document), Verdict::Partly);
    for id in &ids {
        step(&mut clinic, id, &accept((2, 3)), &planner());
    }
    assert_eq!(verdict(&clinic, decided, &no_document), Verdict::Partly, "no executive approved yet");
    for id in &ids {
        let planned_at = planner().at;
        step(&mut clinic, id, &Step::Approve { note: "了承".into(), planned_at }, &executive());
    }
    assert_eq!(verdict(&clinic, decided, &no_document), Verdict::Met);
    assert_eq!(verdict(&clinic, decided, &[]), Verdict::Met);
}

#[test]
fn a_register_that_is_kept_elsewhere_counts_as_before() {
    let clinic = Clinic { register: Register::default(), ..Clinic::open() };
    let told = [("document.risk_assessment", true), ("person.risk_response_decided", true)];
    assert_eq!(verdict(&clinic, "mhlw-6.0/governance/2.1-1", &told), Verdict::Met);
    assert_eq!(verdict(&clinic, "mhlw-6.0/governance/2.1-1", &[]), Verdict::NeedsAPerson);
    assert_eq!(verdict(&clinic, "mhlw-6.0/governance/2.1-1", &[(told[0].0, false)]), Verdict::NotMet);
}

fn sheet(clinic: &Clinic, language: Language) -> Vec<Vec<String>> {
    let bytes = clinic.register.to_csv(&clinic.method.scale, moment(NOW), language).unwrap();
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("Excel is told that it is UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_sheet_reads_back_with_every_cell_in_its_column() {
    let mut clinic = Clinic::assessed(4, 4);
    clinic.does(&reduce((2, 4)), &planner());
    let sheets = [sheet(&clinic, Language::Japanese), sheet(&clinic, Language::English)];
    let cell = |language: usize, heading: &str| {
        let column = sheets[language][0].iter().position(|name| name == heading).unwrap();
        sheets[language][1][column].clone()
    };
    assert_eq!(cell(0, "リスク"), "VPN 機器からの侵入");
    assert_eq!(cell(0, "状態"), "対応計画済み");
    assert_eq!(cell(0, "現在の水準"), "重大");
    assert_eq!(cell(0, "起こりやすさ"), "4 高い");
    assert_eq!(cell(0, "対応後の影響"), "4 大きい");
    assert_eq!(cell(0, "対応後の水準"), "中");
    assert_eq!(cell(0, "情報の流れ"), "リモート保守（保守会社 → 電子カルテサーバー）");
    assert_eq!(cell(1, "Countermeasures"), "[preventive] VPN 機器を更新する");
    assert_eq!(cell(1, "Treatment"), "reduce");
    assert_eq!(cell(1, "Due"), "2026-04-20");
    assert_eq!(cell(1, "Assets"), "VPN 機器");
}

#[test]
fn no_cell_of_the_sheet_is_a_formula() {
    for start in ["=", "+", "-", "@", "＝", "＋", "－", "＠", " ="] {
        let mut clinic = Clinic::open();
        let mut text = description();
        text.title = format!("{start}HYPERLINK(\"http://example.jp\",\"a,b\")");
        clinic.register.put_risk(Risk::named("rs-09", text.clone())).unwrap();
        let rows = sheet(&clinic, Language::Japanese);
        assert_eq!(rows[1][1], format!("'{}", text.title));
    }
}

#[test]
fn a_register_comes_back_from_its_json_and_nothing_else_does() {
    let mut clinic = full();
    step(&mut clinic, "rs-01", &assess(4, 4, "2026-04-20"), &planner());
    let json = clinic.register.to_json().to_string();
    assert_eq!(Register::from_json(&json).unwrap(), clinic.register);
    assert!(
        json.contains("\"at\":\"2026-04-01T00:00:00.000000Z\"") && json.contains("\"where\":\"facility\"")
    );
    let wrong = [
        json.replace("akashi-risk-register/1", "akashi-risk-register/2"),
        json.replace("\"likelihood\":4", "\"likelihood\":6"),
        json.replace("\"where\":", "\"colour\":\"red\",\"where\":"),
        json.replace("2026-04-20", "2026-4-20"),
    ];
    for text in wrong {
        assert_ne!(text, json);
        assert_eq!(Register::from_json(&text).unwrap_err().code().id, "GL-0028");
    }
}

#[test]
fn the_figures_hold_at_any_moment() {
    let clinic = Clinic::assessed(4, 4);
    let rules: Rules<'_> = clinic.rules();
    for now in [Time::from_microseconds(0), Time::from_microseconds(i64::MAX)] {
        assert!(!clinic.register.facts(rules, now).is_empty());
        assert!(clinic.register.rows(&clinic.method.scale, now).len() == 1);
    }
}
