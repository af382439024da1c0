//! Guidelines as people read them: what was last assessed stands beside what is asked, and nothing is told as assessed before.

use crate::bench::Bench;
use guideline::Value as FactValue;
use serde_json::{Value, json};

const EDITION: &str = "mhlw-7.0";
/// It rests on questions and documents.
const REQUIREMENT: &str = "mhlw-7.0/control/13-1";

async fn shows(bench: &Bench) -> Value {
    bench.does(json!({ "command": "guideline-show", "edition": EDITION })).await
}

async fn requirement(bench: &Bench) -> Value {
    bench.does(json!({ "command": "requirement-show", "requirement": REQUIREMENT })).await
}

async fn assesses(bench: &Bench) -> Value {
    bench.does(json!({ "command": "assess", "edition": EDITION })).await
}

fn requirements(shown: &Value) -> Vec<Value> {
    let chapters =
        shown["parts"].as_array().unwrap().iter().flat_map(|part| part["chapters"].as_array().unwrap());
    chapters.flat_map(|chapter| chapter["requirements"].as_array().unwrap().clone()).collect()
}

#[tokio::test]
async fn before_an_assessment_no_verdict_is_told() {
    let bench = Bench::new();
    let listed = bench.does(json!({ "command": "guideline-list" })).await;
    let editions = listed["editions"].as_array().unwrap();
    assert!(editions.iter().any(|one| one["edition"] == EDITION));
    assert!(editions.iter().all(|one| one["last"].is_null()), "{editions:?}");
    let shown = shows(&bench).await;
    assert!(shown["last"].is_null());
    assert!(requirements(&shown).iter().all(|one| one["verdict"].is_null()));
    let told = requirement(&bench).await;
    assert!(told["assessed"].is_null());
    assert_eq!(told["history"], json!([]));
}

#[tokio::test]
async fn an_edition_shows_each_requirement_once_with_its_last_verdict() {
    let bench = Bench::new();
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    let told = assesses(&bench).await;
    let shown = shows(&bench).await;
    assert_eq!(shown["last"]["position"], told["kept"]["position"]);
    assert_eq!(shown["last"]["counts"], told["counts"]);
    let verdict = |of: &Value| (of["requirement"].clone(), of["verdict"].clone());
    let mut listed: Vec<_> = requirements(&shown).iter().map(verdict).collect();
    let mut assessed: Vec<_> = told["verdicts"].as_array().unwrap().iter().map(verdict).collect();
    listed.sort_by_key(|(id, _)| id.to_string());
    assessed.sort_by_key(|(id, _)| id.to_string());
    assert_eq!(listed, assessed);
}

#[tokio::test]
async fn a_requirement_shows_what_is_known_and_how_its_verdict_went() {
    let bench = Bench::new();
    assesses(&bench).await;
    let before = requirement(&bench).await["assessed"]["verdict"].clone();
    bench.passes(1);
    let exclude = json!({
        "command": "requirement-exclude", "requirement": REQUIREMENT, "reason": "使わない", "name": "院長",
    });
    bench.does(exclude).await;
    assesses(&bench).await;
    let told = requirement(&bench).await;
    assert_eq!(told["assessed"]["verdict"], "not-applicable");
    assert_eq!(told["exclusion"]["reason"], "使わない");
    let history: Vec<&Value> =
        told["history"].as_array().unwrap().iter().map(|one| &one["verdict"]).collect();
    assert_eq!(history, [&json!("not-applicable"), &before], "the newest first");
    let facts = told["facts"].as_array().unwrap();
    assert!(!facts.is_empty() && facts.iter().all(|one| one["text"]["ja"].is_string()), "{facts:?}");
    assert!(!told["responsibility"]["row"].is_null());
    let trend = shows(&bench).await["trend"].as_array().unwrap().len();
    assert_eq!(trend, 2, "one point a day");
}

#[tokio::test]
async fn an_answer_is_shown_with_its_place_in_the_journal() {
    let bench = Bench::new();
    let told = bench
        .does(json!({ "command": "requirement-show", "requirement": "mhlw-checklist-2025/facility/1-1" }))
        .await;
    let of = |told: &Value, key: &str| {
        told["facts"].as_array().unwrap().iter().find(|one| one["key"] == key).cloned().unwrap()
    };
    let key = "person.security_manager_appointed";
    assert!(of(&told, key)["fact"].is_null(), "nobody answered");
    let answer = json!({ "command": "attest", "question": key, "answer": true, "name": "院長" });
    let position = bench.does(answer).await["answer"]["position"].clone();
    let told = bench
        .does(json!({ "command": "requirement-show", "requirement": "mhlw-checklist-2025/facility/1-1" }))
        .await;
    let fact = of(&told, key)["fact"].clone();
    assert_eq!(
        (&fact["value"], &fact["position"], &fact["origin"]),
        (&json!(true), &position, &json!("person"))
    );
}

#[tokio::test]
async fn a_preview_is_the_paper_and_hands_nothing_out() {
    let bench = Bench::new();
    let shown = bench.does(json!({ "command": "report-preview", "form": "gaps" })).await;
    assert_eq!(shown["paper"]["kind"], "gaps");
    assert!(!shown["paper"]["sections"].as_array().unwrap().is_empty());
    assert_eq!(bench.does(json!({ "command": "report-list" })).await["reports"], json!([]));
    let refused =
        bench.told(&crate::bench::planner(), json!({ "command": "report-preview", "form": "nothing" })).await;
    assert_eq!(refused.unwrap_err().code().id, "EV-0016");
}
