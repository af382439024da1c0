//! Forms with live answers, target dates, and what changed between two assessments.

use crate::bench::{Bench, planner};
use base::Clock;
use guideline::Value as FactValue;
use serde_json::{Value, json};

const EDITION: &str = "mhlw-checklist-2025";
/// Met by an answer and a document.
const ITEM: &str = "mhlw-checklist-2025/facility/1-1";
/// Met by an answer alone.
const BY_ANSWER: &str = "mhlw-checklist-2025/facility/2-9";

async fn form(bench: &Bench) -> Value {
    let asked = json!({ "command": "guideline-form", "edition": EDITION, "part": "facility" });
    bench.does(asked).await
}

fn items(told: &Value) -> Vec<Value> {
    let chapters =
        told["parts"].as_array().unwrap().iter().flat_map(|part| part["chapters"].as_array().unwrap());
    chapters.filter_map(|chapter| chapter["items"].as_array()).flatten().cloned().collect()
}

async fn item(bench: &Bench, id: &str) -> Value {
    items(&form(bench).await).into_iter().find(|one| one["requirement"] == id).unwrap()
}

async fn answers(bench: &Bench, question: &str, answer: bool) {
    let said = json!({ "command": "attest", "question": question, "answer": answer, "name": "院長" });
    bench.does(said).await;
}

async fn assesses(bench: &Bench) {
    bench.does(json!({ "command": "assess", "edition": EDITION })).await;
}

async fn changes(bench: &Bench) -> Value {
    bench.does(json!({ "command": "guideline-changes", "edition": EDITION })).await
}

#[tokio::test]
async fn a_form_answers_from_what_is_known_now_and_keeps_nothing() {
    let bench = Bench::new();
    assert_eq!(item(&bench, BY_ANSWER).await["verdict"], "needs-a-person");
    answers(&bench, "external_media_restricted", true).await;
    let entries = bench.entries();
    let one = item(&bench, BY_ANSWER).await;
    assert_eq!(one["verdict"], "met", "without an assessment in between");
    assert_eq!(bench.entries(), entries, "looking writes nothing");
    let fact = &one["facts"][0];
    assert_eq!((&fact["fact"]["value"], &fact["decides"]), (&json!(true), &json!(true)));
    assert_eq!(fact["asked_of"], "operator");
    bench.passes(400);
    assert_ne!(item(&bench, BY_ANSWER).await["verdict"], "met", "the answer is over");
}

#[tokio::test]
async fn a_form_holds_the_items_of_the_chapter_that_is_asked_for_and_counts_all() {
    let bench = Bench::new();
    let asked = json!({
        "command": "guideline-form", "edition": EDITION, "part": "facility", "chapter": "1",
    });
    let told = bench.does(asked).await;
    assert_eq!(items(&told).len(), 1);
    let all = |told: &Value| -> u64 {
        let chapters =
            told["parts"].as_array().unwrap().iter().flat_map(|part| part["chapters"].as_array().unwrap());
        chapters
            .flat_map(|chapter| chapter["counts"].as_array().unwrap())
            .map(|one| one["count"].as_u64().unwrap())
            .sum()
    };
    let listed = bench.does(json!({ "command": "guideline-list" })).await;
    let edition =
        listed["editions"].as_array().unwrap().iter().find(|one| one["edition"] == EDITION).unwrap();
    assert_eq!(json!(all(&told)), edition["requirements"], "also of what is not shown");
    let unknown = json!({ "command": "guideline-form", "edition": "mhlw-99" });
    assert_eq!(bench.refused(&planner(), unknown).await, "GL-0004");
}

#[tokio::test]
async fn a_target_stands_beside_its_item_and_on_the_report_until_it_is_taken_back() {
    let mut bench = Bench::new();
    let aim = |due: &str| json!({ "command": "requirement-target", "requirement": ITEM, "owner": "事務長", "due": due });
    assert_eq!(bench.refused(&planner(), aim("2026-03-31")).await, "EV-0003", "the day is over");
    let unknown = json!({
        "command": "requirement-target", "requirement": "mhlw-99/x/1", "owner": "事務長", "due": "2026-06-30",
    });
    assert_eq!(bench.refused(&planner(), unknown).await, "GL-0003");
    bench.does(aim("2026-06-30")).await;
    bench.reopen();
    let one = item(&bench, ITEM).await;
    assert_eq!(
        (&one["target"]["owner"], &one["target"]["due"], &one["target"]["over"]),
        (&json!("事務長"), &json!("2026-06-30"), &json!(false))
    );
    assert_eq!(one["verdict"], "needs-a-person", "a target decides nothing");
    let preview = json!({ "command": "report-preview", "form": "checklist", "edition": EDITION });
    let paper = bench.does(preview.clone()).await.to_string();
    assert!(paper.contains("2026-06-30（事務長）"), "{paper}");
    bench.passes(91);
    assert_eq!(item(&bench, ITEM).await["target"]["over"], true);
    let drop = json!({ "command": "requirement-target-remove", "requirement": ITEM });
    bench.does(drop.clone()).await;
    assert!(item(&bench, ITEM).await["target"].is_null());
    assert!(!bench.does(preview).await.to_string().contains("事務長"));
    assert_eq!(bench.refused(&planner(), drop).await, "EV-0021");
}

#[tokio::test]
async fn what_changed_is_told_with_its_cause() {
    let bench = Bench::new();
    let told = changes(&bench).await;
    assert!(told["from"].is_null() && told["to"].is_null() && told["kept"] == json!([]), "nothing yet");
    assesses(&bench).await;
    assert!(changes(&bench).await["from"].is_null(), "one alone is compared with nothing");
    bench.passes(1);
    answers(&bench, "external_media_restricted", true).await;
    assesses(&bench).await;
    bench.passes(1);
    answers(&bench, "external_media_restricted", false).await;
    assesses(&bench).await;
    let told = changes(&bench).await;
    let of = |told: &Value| {
        told["changes"].as_array().unwrap().iter().find(|one| one["requirement"] == BY_ANSWER).cloned()
    };
    let one = of(&told).unwrap();
    assert_eq!(
        (&one["before"], &one["after"], &one["way"]),
        (&json!("met"), &json!("not-met"), &json!("worse"))
    );
    let cause = &one["causes"][0];
    assert_eq!(cause["key"], "person.external_media_restricted");
    assert_eq!((&cause["before"]["value"], &cause["after"]["value"]), (&json!(true), &json!(false)));
    assert!(cause["after"]["position"].as_u64() > cause["before"]["position"].as_u64());
    let chosen = json!({ "command": "guideline-changes", "edition": EDITION, "from": 1, "to": 2 });
    assert_eq!(of(&bench.does(chosen).await).unwrap()["way"], "better");
    let absent = json!({ "command": "guideline-changes", "edition": EDITION, "from": 9 });
    assert_eq!(bench.refused(&planner(), absent).await, "EV-0022");
}

#[tokio::test]
async fn an_answer_that_is_over_is_not_known_any_more() {
    let bench = Bench::new();
    answers(&bench, "external_media_restricted", true).await;
    assesses(&bench).await;
    bench.passes(400);
    assesses(&bench).await;
    let told = changes(&bench).await;
    let one = told["changes"].as_array().unwrap().iter().find(|one| one["requirement"] == BY_ANSWER).unwrap();
    assert_eq!(one["way"], "unknown");
    assert!(one["causes"][0]["after"].is_null());
}

#[tokio::test]
async fn a_decision_that_it_does_not_apply_is_a_cause_too() {
    let bench = Bench::new();
    assesses(&bench).await;
    bench.passes(1);
    bench
        .does(json!({
            "command": "requirement-exclude", "requirement": BY_ANSWER, "reason": "使わない", "name": "院長",
        }))
        .await;
    assesses(&bench).await;
    let told = changes(&bench).await;
    assert_eq!(told["changes"].as_array().unwrap().len(), 1);
    assert_eq!(told["changes"][0]["way"], "apart");
    assert_eq!(told["changes"][0]["excluded"]["reason"], "使わない");
}

#[tokio::test]
async fn it_is_compared_with_the_assessment_of_the_last_inspection() {
    let bench = Bench::new();
    assesses(&bench).await;
    bench.passes(1);
    bench.does(json!({ "command": "report", "form": "inspection", "recipient": "保健所" })).await;
    bench.passes(1);
    for (question, answer) in [("external_media_restricted", true), ("password_reuse_forbidden", true)] {
        answers(&bench, question, answer).await;
        assesses(&bench).await;
        bench.passes(1);
    }
    let told = changes(&bench).await;
    assert_eq!(told["kept"].as_array().unwrap().len(), 3);
    assert_eq!((&told["from"]["version"], &told["to"]["version"]), (&json!(1), &json!(3)));
    assert!(!told["inspected"].is_null());
}

#[tokio::test]
async fn a_form_shows_the_running_system_as_it_was_seen_within_the_last_minute() {
    let bench = Bench::new();
    let shown = async |bench: &Bench| {
        let items = items(&form(bench).await);
        let mut facts = items.iter().flat_map(|one| one["facts"].as_array().unwrap());
        let one = facts.find(|one| one["key"] == "runtime.audit.every_access");
        one.map(|one| one["fact"]["value"].clone())
    };
    bench.shows("runtime.audit.every_access", FactValue::YesNo(true));
    assert_eq!(shown(&bench).await, Some(json!(true)));
    bench.shows("runtime.audit.every_access", FactValue::YesNo(false));
    assert_eq!(
        shown(&bench).await,
        Some(json!(true)),
        "whoever leafs through a form waits for no look at each page"
    );
    bench.clock.set(bench.clock.now().plus_seconds(61));
    assert_eq!(shown(&bench).await, Some(json!(false)), "a minute is over");
}
