//! Assessments as they are kept.

use crate::bench::{Bench, planner};
use guideline::Value as FactValue;
use serde_json::{Value, json};

async fn at(bench: &Bench, moment: &str) -> Value {
    bench.does(json!({ "command": "assess", "edition": "mhlw-6.0", "at": moment })).await
}

fn verdict<'a>(told: &'a Value, id: &str) -> &'a str {
    let found = told["verdicts"].as_array().unwrap().iter().find(|one| one["requirement"] == id);
    found.unwrap()["verdict"].as_str().unwrap()
}

#[tokio::test]
async fn last_years_answer_is_shown_as_it_was_with_what_it_rested_on() {
    let mut bench = Bench::exemplary().await;
    bench.assess("mhlw-6.0").await;
    bench.passes(200);
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(true));
    let now = bench.assess("mhlw-6.0").await;
    bench.reopen();
    let then = at(&bench, "2026-04-02T00:00:00Z").await;
    let changed = "mhlw-6.0/control/13-6";
    assert_eq!((verdict(&then, changed), verdict(&now, changed)), ("met", "not-met"));
    let fact = then["facts"].as_array().unwrap().iter().find(|fact| fact["key"] == "runtime.tls.plain_http");
    assert_eq!(fact.unwrap()["value"], false);
    assert_eq!(verdict(&at(&bench, "2027-01-01T00:00:00Z").await, changed), "not-met");
    let before = json!({ "command": "assess", "edition": "mhlw-6.0", "at": "2026-03-31T00:00:00Z" });
    assert_eq!(bench.refused(&planner(), before).await, "EV-0008");
}

#[tokio::test]
async fn an_assessment_is_kept_when_it_says_something_new_and_only_then() {
    let bench = Bench::new();
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    let first = bench.assess("mhlw-6.0").await;
    let entries = bench.entries();
    bench.passes(1);
    let second = bench.assess("mhlw-6.0").await;
    assert_eq!(bench.entries(), entries, "it says the same for the same reasons");
    assert_eq!(first["kept"], second["kept"]);
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(true));
    let third = bench.assess("mhlw-6.0").await;
    assert!(bench.entries() > entries);
    assert_ne!(first["kept"], third["kept"]);
    let provider = json!({ "command": "assess", "edition": "mhlw-6.0", "side": "provider" });
    let of_side = bench.does(provider).await;
    assert!(of_side["verdicts"].as_array().unwrap().len() < third["verdicts"].as_array().unwrap().len());
    assert_eq!(
        bench.refused(&planner(), json!({ "command": "assess", "edition": "mhlw-5.0" })).await,
        "GL-0004"
    );
}

#[tokio::test]
async fn what_a_later_rule_set_no_longer_knows_leaves_the_rest_of_the_evidence_standing() {
    let bench = Bench::new();
    bench.attests("training_held", json!(true)).await;
    bench.adds("bcp", json!({})).await;
    let facts = bench.does(json!({ "command": "fact-list" })).await;
    let keys: Vec<&str> =
        facts["facts"].as_array().unwrap().iter().map(|fact| fact["key"].as_str().unwrap()).collect();
    let brought: Vec<&str> = keys.into_iter().filter(|key| !key.starts_with("runtime.risk.")).collect();
    assert_eq!(brought, ["document.bcp", "person.training_held"]);
}
