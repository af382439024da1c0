//! Checks of the site that are kept, and what they tell.

use crate::bench::{Bench, planner};
use serde_json::{Value, json};

fn check(facts: &Value) -> Value {
    json!({
        "command": "site-keep", "program": "0.1.0", "phase": "now",
        "sources": [{ "name": "site.yaml", "sha256": "0".repeat(64) }],
        "facts": facts,
        "threats": [{
            "id": "stride-spoofing-vendor", "requirements": ["mhlw-6.0/control/13-1"],
            "title": { "ja": "なりすまし", "en": "Spoofing" },
            "threat": { "ja": "保守回線から他人になりすます", "en": "Somebody passes for the vendor" },
        }],
        "violated": 3, "undecided": 2,
    })
}

fn fact(key: &str, value: &Value) -> Value {
    json!({ "key": key, "value": value, "how": { "ja": "サイト検査", "en": "check of the site" } })
}

async fn known(bench: &Bench, key: &str) -> Option<Value> {
    let reply = bench.does(json!({ "command": "fact-list" })).await;
    let facts = reply["facts"].as_array().unwrap();
    facts.iter().find(|fact| fact["key"] == key).cloned()
}

const SEPARATED: &str = "site.network.zones_separated";

#[tokio::test]
async fn what_a_check_shows_is_a_fact_with_its_place_in_the_journal() {
    let mut bench = Bench::new();
    assert!(known(&bench, SEPARATED).await.is_none());
    bench.does(check(&json!([fact(SEPARATED, &json!(true))]))).await;
    bench.reopen();
    let fact = known(&bench, SEPARATED).await.unwrap();
    assert_eq!((&fact["value"], &fact["origin"]), (&json!(true), &json!("site")));
    assert!(fact["position"].is_u64(), "{fact}");
    let kept = bench.does(json!({ "command": "site-show" })).await;
    assert_eq!(kept["check"]["check"]["sources"][0]["name"], "site.yaml");
    bench.passes(31);
    assert!(known(&bench, SEPARATED).await.is_none(), "a month later it has to be looked at again");
}

#[tokio::test]
async fn a_check_replaces_the_one_before_as_a_whole() {
    let bench = Bench::new();
    bench.does(check(&json!([fact(SEPARATED, &json!(true))]))).await;
    bench.does(check(&json!([fact("site.devices.unsupported", &json!(2))]))).await;
    assert!(known(&bench, SEPARATED).await.is_none(), "what the newer one leaves open is not known");
    assert_eq!(known(&bench, "site.devices.unsupported").await.unwrap()["value"], 2);
}

#[tokio::test]
async fn people_answer_what_the_check_leaves_open_and_not_what_it_shows() {
    let bench = Bench::new();
    let said =
        |question: &str| json!({ "command": "attest", "question": question, "answer": true, "name": "山本" });
    bench.does(check(&json!([fact(SEPARATED, &json!(false))]))).await;
    bench.does(said(SEPARATED)).await;
    bench.does(said("site.network.wireless_encrypted")).await;
    assert_eq!(
        known(&bench, SEPARATED).await.unwrap()["value"],
        false,
        "whoever says otherwise mends the site"
    );
    assert_eq!(known(&bench, "site.network.wireless_encrypted").await.unwrap()["origin"], "person");
    bench.passes(20);
    bench.does(check(&json!([]))).await;
    assert_eq!(known(&bench, SEPARATED).await.unwrap()["origin"], "person");
}

#[tokio::test]
async fn only_the_site_as_it_is_can_be_kept_and_only_what_the_registry_knows() {
    let bench = Bench::new();
    let mut later = check(&json!([]));
    later["phase"] = json!("target");
    let mut sourceless = check(&json!([]));
    sourceless["sources"] = json!([]);
    for (wrong, code) in [
        (later, "EV-0003"),
        (sourceless, "EV-0003"),
        (check(&json!([fact("runtime.tls.plain_http", &json!(false))])), "EV-0003"),
        (check(&json!([fact("site.no.such", &json!(true))])), "GL-0006"),
        (check(&json!([fact(SEPARATED, &json!(3))])), "GL-0006"),
    ] {
        assert_eq!(bench.refused(&planner(), wrong.clone()).await, code, "{wrong}");
    }
    assert!(bench.does(json!({ "command": "site-show" })).await["check"].is_null(), "nothing was kept");
}

#[tokio::test]
async fn threats_of_the_check_become_risks_once() {
    let bench = Bench::new();
    bench.does(check(&json!([]))).await;
    let propose = json!({ "command": "risk-propose" });
    let first = bench.does(propose.clone()).await;
    assert!(first["proposed"].as_array().unwrap().contains(&json!("stride-spoofing-vendor")), "{first}");
    let list = bench.does(json!({ "command": "risk-list" })).await;
    let risk =
        &list["risks"].as_array().unwrap().iter().find(|row| row["risk"]["id"] == "stride-spoofing-vendor");
    let risk = &risk.unwrap()["risk"];
    assert_eq!(risk["title"], "なりすまし");
    assert_eq!(risk["suggested"][0]["requirement"], "mhlw-6.0/control/13-1");
    let again = bench.does(propose).await;
    assert_eq!(again["proposed"], json!([]));
}
