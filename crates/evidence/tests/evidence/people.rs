//! What people say: answers, and decisions that something does not apply.

use crate::bench::{Bench, planner};
use serde_json::{Value, json};
use store::{Actor, ActorKind};

async fn question(bench: &Bench, name: &str) -> Value {
    let all = bench.does(json!({ "command": "question-list" })).await;
    all["questions"].as_array().unwrap().iter().find(|one| one["question"] == name).unwrap().clone()
}

#[tokio::test]
async fn an_answer_stands_in_the_journal_with_the_question_as_it_was_asked() {
    let mut bench = Bench::new();
    assert_eq!(question(&bench, "person.training_held").await["state"], "open");
    let before = bench.entries();
    bench.attests("training_held", json!(true)).await;
    assert!(bench.entries() > before);
    bench.reopen();
    let asked = question(&bench, "person.training_held").await;
    assert_eq!(asked["state"], "answered");
    assert_eq!(asked["answer"]["name"], "事務長");
    assert_eq!(asked["answer"]["entered_by"], "sato");
    assert!(asked["answer"]["position"].as_u64().unwrap() >= before);
    bench.passes(400);
    assert_eq!(question(&bench, "person.training_held").await["state"], "over");
}

#[tokio::test]
async fn people_tell_of_the_site_but_not_what_the_system_shows_itself() {
    let bench = Bench::new();
    bench.attests("site.network.open_paths_to_records", json!(0)).await;
    let facts = bench.does(json!({ "command": "fact-list" })).await;
    let said = facts["facts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|fact| fact["key"].as_str().unwrap().starts_with("site."));
    assert_eq!(said.unwrap()["origin"], "person", "a person said it, no configuration shows it");
    let says = |question: &str, answer: Value| json!({ "command": "attest", "question": question, "answer": answer, "name": "事務長" });
    for (question, answer, code) in [
        ("runtime.journal.halted", json!(false), "EV-0007"),
        ("document.bcp", json!(true), "EV-0007"),
        ("no_such_question", json!(true), "EV-0007"),
        ("training_held", json!(3), "GL-0006"),
        ("site.network.open_paths_to_records", json!(true), "GL-0006"),
    ] {
        assert_eq!(bench.refused(&planner(), says(question, answer)).await, code, "{question}");
    }
    let machine = Actor::new(ActorKind::Device, "pump");
    assert_eq!(bench.refused(&machine, says("training_held", json!(true))).await, "EV-0013");
    let mut nameless = says("training_held", json!(true));
    nameless["name"] = json!(" ");
    assert_eq!(bench.refused(&planner(), nameless).await, "EV-0003");
    let mut over = says("training_held", json!(true));
    over["until"] = json!("2026-03-01");
    assert_eq!(bench.refused(&planner(), over).await, "EV-0003");
}

#[tokio::test]
async fn what_does_not_apply_says_why_and_who_decided_until_it_is_over_or_taken_back() {
    let mut bench = Bench::new();
    let (old, new) = ("mhlw-6.0/control/13-1", "mhlw-7.0/control/13-1");
    let exclude = json!({
        "command": "requirement-exclude", "requirement": old, "reason": "ネットワークを使わない", "name": "院長",
        "until": "2026-05-01",
    });
    bench.does(exclude.clone()).await;
    bench.reopen();
    for (edition, id) in [("mhlw-6.0", old), ("mhlw-7.0", new)] {
        let told = bench.assess(edition).await;
        let one = told["verdicts"].as_array().unwrap().iter().find(|one| one["requirement"] == id).unwrap();
        assert_eq!(one["verdict"], "not-applicable", "{one}");
        assert_eq!(one["excluded"]["reason"], "ネットワークを使わない");
        assert_eq!(one["excluded"]["decided_by"], "院長");
    }
    bench.passes(31);
    assert_ne!(bench.verdicts("mhlw-6.0").await[old], "not-applicable", "it is decided anew some day");
    let include = json!({ "command": "requirement-include", "requirement": old });
    bench.does(include.clone()).await;
    assert_eq!(bench.refused(&planner(), include).await, "EV-0010");
    for (member, value, code) in [
        ("requirement", json!("mhlw-6.0/control/99-9"), "GL-0003"),
        ("reason", json!(""), "EV-0003"),
        ("until", json!("2026-04-30"), "EV-0003"),
    ] {
        let mut bad = exclude.clone();
        bad[member] = value;
        assert_eq!(bench.refused(&planner(), bad).await, code, "{member}");
    }
}
