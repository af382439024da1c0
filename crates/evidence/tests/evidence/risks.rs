//! The risk register of a facility: from what it has to what was decided, by whom.

use crate::bench::{Bench, console, planner};
use serde_json::{Value, json};
use store::{Actor, ActorKind};

fn executive() -> Actor {
    Actor::new(ActorKind::Person, "inchou")
}

async fn register(bench: &Bench) -> Value {
    bench.does(json!({ "command": "risk-list" })).await
}

/// A facility with a server, a flow to a laboratory, and the risks of these.
async fn with_risks() -> Bench {
    let bench = Bench::new();
    let asset = json!({
        "id": "emr", "name": "電子カルテサーバー", "kind": "server", "holds": ["clinical-record"],
        "where": "facility", "owner": "情報管理室",
    });
    bench.does(json!({ "command": "risk-asset", "asset": asset })).await;
    let flow = json!({
        "id": "lab", "name": "検査依頼", "from": { "asset": "emr" }, "to": { "outside": "検査会社" },
        "carries": ["clinical-record"], "by": "internet", "crosses_boundary": true,
    });
    bench.does(json!({ "command": "risk-flow", "flow": flow })).await;
    let proposed = bench.does(json!({ "command": "risk-propose" })).await;
    assert!(proposed["proposed"].as_array().unwrap().len() > 5, "{proposed}");
    bench
}

fn step(risk: &str, step: &Value) -> Value {
    json!({ "command": "risk-step", "risk": risk, "step": step })
}

/// Assessed as middling and planned to be accepted, with something that would be noticed.
async fn planned(bench: &Bench, risk: &str) -> Value {
    let assess = json!({ "assess": { "likelihood": 2, "impact": 3, "why": "過去に例がある", "review_by": "2026-06-01" } });
    bench.does(step(risk, &assess)).await;
    let plan = json!({ "plan": {
        "kind": "accept", "why": "費用が見合わない", "cost": "年 10 万円", "owner": "情報管理室", "due": "2026-05-01",
        "countermeasures": [{ "what": "ログを毎週点検する", "kind": "detective" }],
        "residual": { "likelihood": 2, "impact": 3, "why": "変わらない" },
    } });
    bench.does(step(risk, &plan)).await
}

#[tokio::test]
async fn what_was_proposed_once_is_not_proposed_again_and_stands_after_a_restart() {
    let mut bench = with_risks().await;
    let before = register(&bench).await;
    bench.reopen();
    assert_eq!(register(&bench).await, before);
    let again = bench.does(json!({ "command": "risk-propose" })).await;
    assert_eq!(again["proposed"], json!([]));
    assert_eq!(
        before["counts"]["unassessed"].as_u64().unwrap(),
        before["risks"].as_array().unwrap().len() as u64
    );
}

#[tokio::test]
async fn an_executive_who_neither_assessed_nor_planned_accepts_a_risk() {
    let bench = with_risks().await;
    let risk = register(&bench).await["risks"][0]["risk"]["id"].as_str().unwrap().to_owned();
    let planned = planned(&bench, &risk).await;
    assert_eq!((&planned["status"], &planned["awaits_approval"]), (&json!("planned"), &json!(true)));
    let at = &planned["risk"]["treatment"]["at"];
    let approve = json!({ "approve": { "note": "受容する", "planned_at": at } });
    assert_eq!(bench.refused(&planner(), step(&risk, &approve)).await, "GL-0024");
    let decide = json!({ "command": "risk-decide", "risk": risk, "step": approve });
    assert_eq!(
        bench.refused(&planner(), decide.clone()).await,
        "GL-0025",
        "not who planned it, as what ever"
    );
    let approved = bench.told(&executive(), decide).await.unwrap();
    assert_eq!(approved["status"], "approved");
    assert_eq!(approved["risk"]["approval"]["by"], "inchou");
    bench.does(step(&risk, &json!({ "put-in-force": { "why": "点検を始めた" } }))).await;
    let facts = bench.does(json!({ "command": "fact-list" })).await;
    let value = |key: &str| {
        let found = facts["facts"].as_array().unwrap().iter().find(|fact| fact["key"] == key);
        found.unwrap_or_else(|| panic!("{key}"))["value"].clone()
    };
    assert_eq!(value("runtime.risk.assets"), 1);
    assert!(value("runtime.risk.open").as_u64().unwrap() > 5);
}

#[tokio::test]
async fn the_console_says_who_decided_and_only_who_may() {
    let bench = with_risks().await;
    let risk = register(&bench).await["risks"][0]["risk"]["id"].as_str().unwrap().to_owned();
    let planned = planned(&bench, &risk).await;
    let decide = |by: Option<&str>| {
        let approve =
            json!({ "approve": { "note": "受容する", "planned_at": planned["risk"]["treatment"]["at"] } });
        json!({ "command": "risk-decide", "risk": risk, "step": approve, "by": by })
    };
    assert_eq!(bench.refused(&console(), decide(None)).await, "EV-0015");
    assert_eq!(
        bench.refused(&console(), decide(Some("suzuki"))).await,
        "EV-0014",
        "a planner is no executive"
    );
    assert_eq!(bench.refused(&console(), decide(Some("nobody"))).await, "EV-0014");
    assert_eq!(
        bench.refused(&planner(), decide(Some("inchou"))).await,
        "EV-0014",
        "nobody speaks for another"
    );
    let approved = bench.told(&console(), decide(Some("inchou"))).await.unwrap();
    assert_eq!(approved["risk"]["approval"]["by"], "inchou");
}

#[tokio::test]
async fn the_register_leaves_as_a_sheet_and_as_a_whole() {
    let bench = with_risks().await;
    let export = |form: &str| json!({ "command": "risk-export", "form": form });
    let csv = bench.does(export("csv")).await["text"].as_str().unwrap().to_owned();
    assert!(csv.starts_with('\u{feff}') && csv.lines().count() > 6, "{csv}");
    let whole: Value =
        serde_json::from_str(bench.does(export("json")).await["text"].as_str().unwrap()).unwrap();
    assert_eq!(whole["format"], "akashi-risk-register/1");
}

#[tokio::test]
async fn what_is_named_cannot_go_and_what_is_not_there_cannot_be_named() {
    let bench = with_risks().await;
    let remove = json!({ "command": "risk-asset-remove", "asset": "emr" });
    assert_eq!(bench.refused(&planner(), remove).await, "GL-0021");
    let flow = json!({
        "id": "to-nowhere", "name": "流れ", "from": { "asset": "no-such" }, "to": { "outside": "外" },
        "carries": [], "by": "internet", "crosses_boundary": true,
    });
    assert_eq!(bench.refused(&planner(), json!({ "command": "risk-flow", "flow": flow })).await, "GL-0021");
    let machine = Actor::new(ActorKind::Service, "robot");
    assert_eq!(bench.refused(&machine, json!({ "command": "risk-propose" })).await, "EV-0013");
}
