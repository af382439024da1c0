//! Evidence over the network: the commands of the guideline engine, under the law.

use super::{admin, refused, value};
use serde_json::json;
use testkit::{Clinic, Person};

#[test]
fn documents_answers_and_risks_are_brought_by_those_whose_duty_it_is() {
    let clinic = Clinic::start();
    let planner = Person::join(&clinic, "sato", &["planner"]).session(&clinic, &clinic.stranger());
    let executive = Person::join(&clinic, "inchou", &["executive"]).session(&clinic, &clinic.stranger());
    let auditor = Person::join(&clinic, "kansa", &["auditor"]).session(&clinic, &clinic.stranger());
    let add = json!({
        "kind": "bcp", "title": "計画", "version": "1", "place": { "link": "https://intra.example/bcp" },
        "owner": "事務長", "approved_by": "院長",
    });
    assert_eq!(admin(&auditor, "document-add", &add).refusal(), refused(403, "AC-0001"));
    let made = value(&admin(&planner, "document-add", &add).expect(200));
    assert_eq!(made["standing"], "counts");
    assert_eq!(made["entered_by"], "sato");
    let mut local = add.clone();
    local["place"] = json!({ "file": "/etc/passwd" });
    assert_eq!(
        admin(&planner, "document-add", &local).refusal(),
        refused(403, "EV-0011"),
        "no path of the server"
    );
    let answer = json!({ "question": "training_held", "answer": true, "name": "院長" });
    admin(&executive, "attest", &answer).expect(200);
    let told = value(&admin(&auditor, "assess", &json!({ "edition": "mhlw-6.0" })).expect(200));
    let facts = told["facts"].as_array().unwrap();
    assert!(facts.iter().any(|fact| fact["key"] == "document.bcp" && fact["value"] == true), "{facts:?}");
    assert!(told["kept"]["position"].as_u64().unwrap() > 0);
    let again =
        value(&admin(&auditor, "assess", &json!({ "edition": "mhlw-6.0", "at": told["at"] })).expect(200));
    assert_eq!(again["verdicts"], told["verdicts"]);
}

#[test]
fn an_executive_approves_what_a_planner_planned_and_nobody_for_them() {
    let clinic = Clinic::start();
    let planner = Person::join(&clinic, "sato", &["planner"]).session(&clinic, &clinic.stranger());
    let executive = Person::join(&clinic, "inchou", &["executive"]).session(&clinic, &clinic.stranger());
    let asset = json!({ "asset": {
        "id": "emr", "name": "サーバー", "kind": "server", "holds": ["clinical-record"], "where": "facility", "owner": "情報",
    } });
    admin(&planner, "risk-asset", &asset).expect(200);
    admin(&planner, "risk-propose", &json!({})).expect(200);
    let listed = value(&admin(&planner, "risk-list", &json!({})).expect(200));
    let risk = listed["risks"][0]["risk"]["id"].clone();
    let step = |step: serde_json::Value| json!({ "risk": risk, "step": step });
    let assess = step(
        json!({ "assess": { "likelihood": 2, "impact": 3, "why": "例がある", "review_by": "2026-06-01" } }),
    );
    assert_eq!(admin(&executive, "risk-step", &assess).refusal(), refused(403, "AC-0001"));
    admin(&planner, "risk-step", &assess).expect(200);
    let plan = step(json!({ "plan": {
        "kind": "accept", "why": "費用", "cost": "なし", "owner": "情報", "due": "2026-05-01",
        "countermeasures": [{ "what": "点検", "kind": "detective" }],
        "residual": { "likelihood": 2, "impact": 3, "why": "同じ" },
    } }));
    let planned = value(&admin(&planner, "risk-step", &plan).expect(200));
    let approve =
        step(json!({ "approve": { "note": "妥当", "planned_at": planned["risk"]["treatment"]["at"] } }));
    assert_eq!(admin(&planner, "risk-decide", &approve).refusal(), refused(403, "AC-0001"));
    let mut borrowed = approve.clone();
    borrowed["by"] = json!("sato");
    assert_eq!(admin(&executive, "risk-decide", &borrowed).refusal(), refused(403, "EV-0014"));
    let approved = value(&admin(&executive, "risk-decide", &approve).expect(200));
    assert_eq!(approved["risk"]["approval"]["by"], "inchou");
}

#[test]
fn what_is_not_of_its_form_is_refused_and_changes_nothing() {
    let clinic = Clinic::start();
    let planner = Person::join(&clinic, "sato", &["planner"]).session(&clinic, &clinic.stranger());
    for (name, body) in [
        ("document-add", json!({ "kind": "bcp" })),
        ("attest", json!({ "question": "training_held", "answer": true, "name": "a", "more": 1 })),
        ("assess", json!({ "edition": "mhlw-6.0", "side": "both" })),
        ("risk-step", json!({ "risk": "x", "step": { "fly": {} } })),
        ("assess", json!({ "edition": "mhlw-6.0", "at": "yesterday" })),
    ] {
        assert_eq!(admin(&planner, name, &body).refusal(), refused(400, "ID-0019"), "{name} {body}");
    }
    let documents = value(&admin(&planner, "document-list", &json!({})).expect(200));
    assert_eq!(documents["documents"], json!([]));
}
