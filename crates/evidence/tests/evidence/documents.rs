//! The register of documents.

use crate::bench::{Bench, console, planner};
use serde_json::{Value, json};
use store::{Actor, ActorKind};

async fn standing(bench: &Bench, id: &Value) -> String {
    let listed = bench.does(json!({ "command": "document-list" })).await;
    let found = listed["documents"].as_array().unwrap().iter().find(|one| &one["id"] == id).unwrap();
    found["standing"].as_str().unwrap().to_owned()
}

/// What the register tells about a kind.
async fn fact(bench: &Bench, key: &str) -> Option<Value> {
    let facts = bench.does(json!({ "command": "fact-list" })).await;
    let found = facts["facts"].as_array().unwrap().iter().find(|fact| fact["key"] == key)?;
    assert!(found["position"].as_u64().unwrap() > 0, "it stands in the journal: {found}");
    Some(found["value"].clone())
}

fn file(bench: &Bench, name: &str, text: &str) -> String {
    let path = bench.data().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn a_document_counts_from_its_approval_to_the_end_of_its_last_day() {
    let bench = Bench::new();
    assert_eq!(fact(&bench, "document.bcp").await, None, "nothing is known of what is not registered");
    let made = bench.adds("bcp", json!({ "approved_by": null, "review_on": "2026-04-03" })).await;
    assert_eq!(standing(&bench, &made["id"]).await, "not-approved");
    assert_eq!(fact(&bench, "document.bcp").await, Some(false.into()));
    let approve = json!({ "command": "document-approve", "document": made["id"], "name": "院長" });
    assert_eq!(bench.does(approve).await["standing"], "counts");
    assert_eq!(fact(&bench, "document.bcp").await, Some(true.into()));
    bench.passes(2);
    assert_eq!(fact(&bench, "document.bcp").await, Some(true.into()));
    bench.passes(1);
    assert_eq!(standing(&bench, &made["id"]).await, "expired");
    assert_eq!(fact(&bench, "document.bcp").await, Some(false.into()));
}

#[tokio::test]
async fn a_file_that_is_not_what_was_registered_no_longer_counts_and_says_so() {
    let bench = Bench::new();
    let path = file(&bench, "plan.md", "第1版");
    let command = json!({
        "command": "document-add", "kind": "bcp", "title": "計画", "version": "1", "owner": "事務長",
        "place": { "file": path }, "approved_by": "院長",
    });
    assert_eq!(
        bench.refused(&planner(), command.clone()).await,
        "EV-0011",
        "a path is named at the server only"
    );
    let made = bench.told(&console(), command).await.unwrap();
    assert_eq!(made["standing"], "counts");
    assert_eq!(made["sha256"], evidence::digest(path.as_ref()).unwrap());
    file(&bench, "plan.md", "第1版 ");
    assert_eq!(standing(&bench, &made["id"]).await, "changed");
    assert_eq!(fact(&bench, "document.bcp").await, Some(false.into()));
    let approve = json!({ "command": "document-approve", "document": made["id"], "name": "院長" });
    let problem = bench.told(&planner(), approve).await.unwrap_err();
    assert_eq!(problem.code().id, "EV-0006");
    let told = problem.text(base::Language::Japanese);
    assert!(told.contains(&path) && told.contains("--replaces"), "{told}");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(standing(&bench, &made["id"]).await, "missing");
    file(&bench, "plan.md", "第1版");
    assert_eq!(standing(&bench, &made["id"]).await, "counts");
}

#[tokio::test]
async fn the_register_is_the_same_after_a_restart_and_keeps_what_was_withdrawn() {
    let mut bench = Bench::new();
    let first = bench.adds("bcp", json!({})).await;
    let second = bench.adds("bcp", json!({ "replaces": first["id"], "version": "2" })).await;
    let withdraw = json!({ "command": "document-withdraw", "document": second["id"], "reason": "統合" });
    bench.does(withdraw.clone()).await;
    let before = bench.does(json!({ "command": "document-list" })).await;
    bench.reopen();
    assert_eq!(bench.does(json!({ "command": "document-list" })).await, before);
    let listed = before["documents"].as_array().unwrap();
    let one = |id: &Value| listed.iter().find(|one| &one["id"] == id).unwrap();
    assert_eq!(one(&first["id"])["withdrawn"]["replaced_by"], second["id"]);
    assert_eq!(one(&second["id"])["withdrawn"]["reason"], "統合");
    assert_eq!(bench.refused(&planner(), withdraw).await, "EV-0005");
    assert_eq!(fact(&bench, "document.bcp").await, None);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_nothing_is_written() {
    let bench = Bench::new();
    let good = json!({
        "command": "document-add", "kind": "bcp", "title": "計画", "version": "1", "owner": "事務長",
        "place": { "link": "https://intra.example/bcp" },
    });
    for (member, value, code) in [
        ("kind", json!("no_such_kind"), "EV-0004"),
        ("title", json!("  "), "EV-0003"),
        ("title", json!("長".repeat(201)), "EV-0003"),
        ("version", json!("1\n2"), "EV-0003"),
        ("place", json!({ "link": "intra/bcp" }), "EV-0003"),
        ("sha256", json!("abc"), "EV-0003"),
        ("review_on", json!("2026-03-31"), "EV-0003"),
        ("replaces", json!("no-such-document"), "EV-0005"),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        assert_eq!(bench.refused(&planner(), bad.clone()).await, code, "{bad}");
    }
    let mut early = good.clone();
    early["approved_by"] = json!("院長");
    early["approved_on"] = json!("2026-04-03");
    assert_eq!(bench.refused(&planner(), early).await, "EV-0003", "nobody approved it tomorrow");
    let machine = Actor::new(ActorKind::Service, "robot");
    assert_eq!(bench.refused(&machine, good.clone()).await, "EV-0013");
    bench.does(good).await;
    for path in ["relative.md", "/no/such/file", "/"] {
        let command = json!({
            "command": "document-add", "kind": "bcp", "title": "計画", "version": "1", "owner": "事務長",
            "place": { "file": path },
        });
        assert!(bench.told(&console(), command).await.is_err(), "{path}");
    }
}

#[tokio::test]
async fn a_template_is_filled_in_with_what_is_known() {
    let bench = Bench::new();
    bench.shows("runtime.lockout.attempts", guideline::Value::Count(5));
    let command =
        json!({ "command": "document-template", "kind": "operating_rules", "facility_name": "さくら医院" });
    let text = bench.does(command).await["text"].as_str().unwrap().to_owned();
    for part in ["さくら医院", "5回", "2026年4月1日", "これは案です"] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("{{"), "no place is left");
    let none = json!({ "command": "document-template", "kind": "contract_vendor" });
    assert_eq!(bench.refused(&planner(), none).await, "EV-0012");
}

#[tokio::test]
async fn the_kinds_say_what_is_missing_and_how_much_rests_on_it() {
    let bench = Bench::new();
    bench.adds("bcp", json!({})).await;
    let kinds = bench.does(json!({ "command": "document-kinds" })).await;
    let kinds = kinds["kinds"].as_array().unwrap();
    assert!(kinds.len() >= 51);
    let counting: Vec<&Value> = kinds.iter().filter(|kind| kind["counting"] != 0).collect();
    assert_eq!(counting.len(), 1);
    assert_eq!((&counting[0]["kind"], &counting[0]["counting"]), (&json!("bcp"), &json!(1)));
    assert!(counting[0]["requirements"].as_u64().unwrap() > 5);
}
