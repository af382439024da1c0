//! Evidence over the network: the commands of the guideline engine, under the law.

use super::{admin, refused, value};
use base64::Engine as _;
use serde_json::json;
use sha2::Digest as _;
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

#[test]
fn a_report_is_handed_out_as_the_file_that_the_caller_takes_and_its_access_says_which() {
    let clinic = Clinic::start();
    let auditor = Person::join(&clinic, "kansa", &["auditor"]).session(&clinic, &clinic.stranger());
    let nobody = Person::join(&clinic, "hana", &[]).session(&clinic, &clinic.stranger());
    let body = json!({ "form": "checklist", "recipient": "保健所" });
    assert_eq!(admin(&nobody, "report", &body).refusal(), refused(403, "AC-0001"));
    let ask = |accept: &str, body: &serde_json::Value| {
        auditor.call(http::Method::POST, "admin/report").field("accept", accept).json(body).send()
    };
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    for (accept, media, name) in [
        ("application/pdf", "application/pdf", "checklist-mhlw-checklist-2026-facility-ja-v1.pdf"),
        (xlsx, xlsx, "checklist-mhlw-checklist-2026-facility-ja-v1.xlsx"),
        ("text/html", "text/html; charset=utf-8", "checklist-mhlw-checklist-2026-facility-ja-v1.html"),
        ("application/json", "application/json", "checklist-mhlw-checklist-2026-facility-ja-v1.json"),
        ("*/*", "application/json", "checklist-mhlw-checklist-2026-facility-ja-v1.json"),
    ] {
        let reply = ask(accept, &body).expect(200);
        assert_eq!(reply.field("content-type"), media, "{accept}");
        assert_eq!(reply.field("content-disposition"), format!("attachment; filename=\"{name}\""));
        let digest = digest_of(&reply.body);
        assert_eq!(reply.field("repr-digest"), format!("sha-256=:{digest}:"), "{accept}");
        assert_eq!(reply.field("report-version"), "1");
        assert_eq!(reply.field("cache-control"), "private, no-store");
    }
    assert_eq!(ask("image/png", &body).status(), 406);
    let bundle = json!({ "form": "checklist", "output": "bundle" });
    assert_eq!(ask("*/*", &bundle).refusal(), refused(403, "EV-0020"), "proofs are made at the server");
    let listed = value(&admin(&auditor, "report-list", &json!({})).expect(200));
    let all = listed["reports"].as_array().unwrap();
    assert_eq!(all.len(), 5);
    assert!(all.iter().all(|one| one["by"] == "kansa" && one["recipient"] == "保健所"), "{listed}");
    let trail = auditor.get("AuditEvent?_count=50").expect(200).text();
    assert!(trail.contains("checklist mhlw-checklist-2026 facility ja 1"), "{trail}");
}

fn digest_of(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(bytes))
}

#[test]
fn guidelines_are_read_by_those_who_may_see_evidence_and_by_nobody_else() {
    let clinic = Clinic::start();
    let auditor = Person::join(&clinic, "kansa", &["auditor"]).session(&clinic, &clinic.stranger());
    let nobody = Person::join(&clinic, "mukan", &[]).session(&clinic, &clinic.stranger());
    for (command, body) in [
        ("guideline-list", json!({})),
        ("guideline-show", json!({ "edition": "mhlw-7.0" })),
        ("requirement-show", json!({ "requirement": "mhlw-7.0/control/13-1" })),
        ("report-preview", json!({ "form": "director" })),
    ] {
        admin(&auditor, command, &body).expect(200);
        assert_eq!(admin(&nobody, command, &body).refusal(), refused(403, "AC-0001"), "{command}");
    }
}

#[test]
fn forms_are_seen_by_those_who_oversee_and_targets_set_by_those_who_answer() {
    let clinic = Clinic::start();
    let planner = Person::join(&clinic, "sato", &["planner"]).session(&clinic, &clinic.stranger());
    let auditor = Person::join(&clinic, "kansa", &["auditor"]).session(&clinic, &clinic.stranger());
    let requirement = "mhlw-checklist-2025/facility/2-9";
    let target = json!({ "requirement": requirement, "owner": "事務長", "due": "2099-03-31" });
    assert_eq!(admin(&auditor, "requirement-target", &target).refusal(), refused(403, "AC-0001"));
    admin(&planner, "requirement-target", &target).expect(200);
    let asked = json!({ "edition": "mhlw-checklist-2025", "part": "facility", "chapter": "2" });
    let told = value(&admin(&auditor, "guideline-form", &asked).expect(200));
    let chapters = told["parts"][0]["chapters"].as_array().unwrap();
    let items = chapters.iter().filter_map(|chapter| chapter["items"].as_array()).flatten();
    let item = items.into_iter().find(|one| one["requirement"] == requirement).unwrap().clone();
    assert_eq!((&item["verdict"], &item["target"]["owner"]), (&json!("needs-a-person"), &json!("事務長")));
    let edition = json!({ "edition": "mhlw-checklist-2025" });
    admin(&auditor, "assess", &edition).expect(200);
    let answer = json!({ "question": "external_media_restricted", "answer": true, "name": "佐藤" });
    admin(&planner, "attest", &answer).expect(200);
    admin(&auditor, "assess", &edition).expect(200);
    let told = value(&admin(&auditor, "guideline-changes", &edition).expect(200));
    let change = told["changes"].as_array().unwrap().iter().find(|one| one["requirement"] == requirement);
    assert_eq!(change.unwrap()["way"], "better");
    assert_eq!(change.unwrap()["causes"][0]["after"]["value"], true);
    let absent = json!({ "edition": "mhlw-checklist-2025", "to": 99 });
    assert_eq!(admin(&auditor, "guideline-changes", &absent).refusal(), refused(404, "EV-0022"));
    let drop = json!({ "requirement": requirement });
    admin(&planner, "requirement-target-remove", &drop).expect(200);
    assert_eq!(admin(&planner, "requirement-target-remove", &drop).refusal(), refused(404, "EV-0021"));
}
