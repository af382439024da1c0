//! Finalising by a deadline (自動確定): by the clock of the facility, what somebody answers for and nothing else, marked as what
//! it is.

use crate::material::{patient, resource};
use http::Method;
use records::Lapsed;
use serde_json::{Value, json};
use testkit::{Client, Clinic, Member, ROLES, texts};

const DAY: i64 = 86_400;

fn observation(id: &str, status: &str) -> String {
    let members = r#""code":{"text":"x"},"subject":{"reference":"Patient/p"}"#;
    resource("Observation", &format!(r#""id":"{id}","status":"{status}",{members}"#))
}

fn impression(id: &str) -> String {
    let members = r#""status":"in-progress","subject":{"reference":"Patient/p"}"#;
    resource("ClinicalImpression", &format!(r#""id":"{id}",{members}"#))
}

/// The entry of a version, by its proof.
fn entry(client: &Client, version: &str) -> Value {
    let proof: Value =
        serde_json::from_slice(&client.get(&format!("{version}/$proof")).expect(200).body).unwrap();
    serde_json::from_str(proof["entry"].as_str().unwrap()).unwrap()
}

/// What the server does by itself with a deadline of seven days.
fn round(clinic: &Clinic) -> Lapsed {
    clinic.lapse(clinic.clock_now().plus_seconds(-7 * DAY))
}

#[test]
fn what_its_author_left_a_draft_beyond_the_deadline_becomes_final_as_it_is_and_says_so() {
    let clinic = Clinic::start();
    let tester = clinic.client();
    let doctor = Member::join(&clinic, "sakura", ROLES[0], None);
    clinic.pass_seconds(31);
    let client = doctor.client(&clinic, "sakura");
    tester.put("Patient/p", patient(r#""id":"p""#)).expect(201);
    client.put("Observation/late", observation("late", "preliminary")).expect(201);
    client.put("ClinicalImpression/late", impression("late")).expect(201);
    client.put("Observation/done", observation("done", "final")).expect(201);
    tester.put("Observation/machine", observation("machine", "preliminary")).expect(201);
    assert_eq!(round(&clinic), Lapsed::default(), "nothing is late yet");
    clinic.pass_seconds(7 * DAY - 3_600);
    let client = doctor.client(&clinic, "sakura");
    // It is touched, and as late as before.
    client.put("Observation/late", observation("late", "preliminary")).expect(200);
    client.put("Observation/young", observation("young", "preliminary")).expect(201);
    assert_eq!(round(&clinic), Lapsed::default());
    clinic.pass_seconds(3_600);
    assert_eq!(round(&clinic), Lapsed { finalised: 2, left: 0 });
    assert_eq!(round(&clinic), Lapsed::default(), "once");

    for (record, code) in [("Observation/late", "final"), ("ClinicalImpression/late", "completed")] {
        let shown = tester.get(record).expect(200);
        assert_eq!(shown.get("status"), code);
        let version = shown.get("meta.versionId");
        let entry = entry(&tester, record);
        assert_eq!(entry["actor"], json!({ "kind": "system", "id": "deadline" }), "{entry}");
        let state = &entry["state"];
        let said = (&state["is"], &state["act"], &state["responsible"], &state["entered"]);
        assert_eq!(said, (&json!("final"), &json!("lapse"), &json!("doctor"), &Value::Null));
        let told = tester.get(&format!("Provenance/{}", state["provenance"].as_str().unwrap())).expect(200);
        assert_eq!(told.get("target.0.reference"), format!("{record}/_history/{version}"));
        assert_eq!(told.get("activity.coding.1.code"), "lapse");
        assert_eq!(told.get("agent.0.who.identifier.value"), "deadline");
        assert!(told.get("reason.0.text").contains("自動で確定"));
    }
    for (record, version) in
        [("Observation/machine", "1"), ("Observation/young", "1"), ("Observation/done", "1")]
    {
        assert_eq!(tester.get(record).expect(200).get("meta.versionId"), version, "{record}");
    }
    let found = |query: &str| texts(&tester.get(query).expect(200).node(), "entry", "resource.id");
    assert_eq!(found("Observation?record-state-act=lapse&record-responsible=doctor"), ["late"]);
    assert_eq!(found("Observation?record-state=draft&_sort=_id"), ["machine", "young"]);
    clinic.verify().unwrap();
}

#[test]
fn it_is_in_the_chart_and_in_the_trail_and_can_be_amended_like_anything_final() {
    let clinic = Clinic::start();
    let tester = clinic.client();
    let doctor = Member::join(&clinic, "sakura", ROLES[0], None);
    clinic.pass_seconds(31);
    tester.put("Patient/p", patient(r#""id":"p""#)).expect(201);
    doctor.client(&clinic, "sakura").put("Observation/o", observation("o", "preliminary")).expect(201);
    clinic.pass_seconds(8 * DAY);
    assert_eq!(round(&clinic).finalised, 1);
    let client = doctor.client(&clinic, "sakura");
    let chart = client.ask(Method::GET, "Patient/p/$chart").field("accept-language", "ja").send().expect(200);
    assert!(chart.text().contains("期限の経過による自動確定：deadline"), "{}", chart.text());
    let events = tester.get("AuditEvent?patient=p&_count=100").expect(200).text();
    assert!(events.contains("\"lapse\""), "{events}");
    let refused = client.put("Observation/o", observation("o", "preliminary"));
    assert_eq!(refused.refusal(), (409, "ST-0028".to_owned()));
    let amended = serde_json::from_str::<Value>(&observation("o", "amended")).unwrap();
    let parameters = json!([
        { "name": "reason", "valueString": "x" }, { "name": "resource", "resource": amended }
    ]);
    let body = json!({ "resourceType": "Parameters", "parameter": parameters });
    client.ask(Method::POST, "Observation/o/$amend").resource(body.to_string()).send().expect(200);
    assert_eq!(entry(&tester, "Observation/o")["state"]["responsible"], "doctor");
    clinic.verify().unwrap();
}
