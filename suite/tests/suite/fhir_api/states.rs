//! States of records over HTTP: drafts, finalising, amending, withdrawing; and that no way of writing goes round them.

use crate::material::{asks, bundle, patient, resource, versions, writes};
use http::Method;
use serde_json::{Value, json};
use testkit::{Client, Clinic, Member, Plan, ROLES, Reply};

/// An Observation with this status.
pub(super) fn observation(id: &str, status: &str, value: &str) -> String {
    resource(
        "Observation",
        &format!(
            r#""id":"{id}","status":"{status}","code":{{"text":"x"}},"subject":{{"reference":"Patient/p"}},"valueString":"{value}""#
        ),
    )
}

/// Somebody of the role matrix, with a session or a key.
pub(super) fn member(clinic: &Clinic, name: &str) -> Client {
    let role = ROLES.into_iter().find(|role| role.name == name).unwrap();
    let member = Member::join(clinic, "sakura", role, None);
    clinic.pass_seconds(31);
    member.client(clinic, "sakura")
}

pub(super) fn act(client: &Client, record: &str, name: &str, parameters: &[Value]) -> Reply {
    let ask = client.ask(Method::POST, &format!("{record}/${name}"));
    if parameters.is_empty() {
        return ask.send();
    }
    let body = json!({ "resourceType": "Parameters", "parameter": parameters });
    ask.resource(body.to_string()).send()
}

pub(super) fn reason(text: &str) -> Value {
    json!({ "name": "reason", "valueString": text })
}

pub(super) fn with(resource: &str) -> Value {
    json!({ "name": "resource", "resource": serde_json::from_str::<Value>(resource).unwrap() })
}

pub(super) fn patch(client: &Client, record: &str, value: &str) -> Reply {
    let body = format!(r#"[{{"op":"replace","path":"/valueString","value":"{value}"}}]"#);
    client.ask(Method::PATCH, record).body("application/json-patch+json", &body).send()
}

/// The member `state` of the entry of a version, by its proof.
pub(super) fn state(client: &Client, version: &str) -> Value {
    let proof: Value =
        serde_json::from_slice(&client.get(&format!("{version}/$proof")).expect(200).body).unwrap();
    serde_json::from_str::<Value>(proof["entry"].as_str().unwrap()).unwrap()["state"].clone()
}

#[test]
fn a_record_goes_from_draft_to_final_to_amended_to_withdrawn_and_each_step_is_told() {
    let clinic = Clinic::start();
    let (tester, doctor) = (clinic.client(), member(&clinic, "doctor"));
    tester.put("Patient/p", patient(r#""id":"p""#)).expect(201);
    doctor.put("Observation/o", observation("o", "preliminary", "1")).expect(201);
    patch(&doctor, "Observation/o", "2").expect(200);
    let finished = act(&doctor, "Observation/o", "finalize", &[]).expect(200);
    assert_eq!((finished.get("status"), finished.get("valueString")), ("final".into(), "2".into()));
    assert_eq!(finished.field("etag"), "W/\"3\"");
    let corrected = observation("o", "amended", "3");
    let amended =
        act(&doctor, "Observation/o", "amend", &[reason("検体の取り違え"), with(&corrected)]).expect(200);
    assert_eq!((amended.get("status"), amended.get("valueString")), ("amended".into(), "3".into()));
    let gone = act(&doctor, "Observation/o", "withdraw", &[reason("別の患者")]).expect(200);
    assert_eq!((gone.get("status"), gone.get("valueString")), ("entered-in-error".into(), "3".into()));

    let found: Vec<Value> =
        (1..=5).map(|version| state(&tester, &format!("Observation/o/_history/{version}"))).collect();
    let said = |state: &Value| (state["is"].clone(), state["act"].clone(), state["responsible"].clone());
    let expected = [
        ("draft", "enter"),
        ("draft", "edit"),
        ("final", "finalize"),
        ("amended", "amend"),
        ("withdrawn", "withdraw"),
    ];
    for (state, (is, act)) in found.iter().zip(expected) {
        assert_eq!(said(state), (json!(is), json!(act), json!("doctor")), "{state}");
    }
    for (version, text) in [(4, "検体の取り違え"), (5, "別の患者")] {
        let id = found[version - 1]["provenance"].as_str().unwrap();
        let told = tester.get(&format!("Provenance/{id}")).expect(200);
        assert_eq!(told.get("reason.0.text"), text);
        assert_eq!(told.get("target.0.reference"), format!("Observation/o/_history/{version}"));
        assert_eq!(told.get("agent.0.who.identifier.value"), "doctor");
        assert_eq!(told.get("entity.0.what.reference"), format!("Observation/o/_history/{}", version - 1));
        assert_eq!(told.get("extension.0.valueReference.reference"), "Patient/p");
    }
    let told = tester.get("Provenance?target=Observation/o").expect(200);
    assert_eq!(testkit::texts(&told.node(), "entry", "fullUrl").len(), 3, "{}", told.text());
    clinic.verify().unwrap();
}

#[test]
fn no_entry_of_the_journal_says_why_in_words() {
    let clinic = Clinic::start();
    let (tester, doctor) = (clinic.client(), member(&clinic, "doctor"));
    doctor.put("Observation/o", observation("o", "final", "1")).expect(201);
    act(&doctor, "Observation/o", "withdraw", &[reason("ひみつの理由")]).expect(200);
    let proof = tester.get("Observation/o/$proof").expect(200).text();
    let entry: Value = serde_json::from_str(&proof).unwrap();
    assert!(!entry["entry"].as_str().unwrap().contains("ひみつ"), "{entry}");
    assert!(entry["entry"].as_str().unwrap().contains("withdraw"));
}

/// Every way of writing, tried on a record that is settled.
fn ways(client: &Client) -> Vec<(&'static str, (u16, String))> {
    let draft = observation("o", "preliminary", "9");
    let bundled = |kind: &str, entry: String| client.post("", bundle(kind, &[entry]));
    let batch = bundled("batch", writes("PUT", "Observation/o", &draft)).expect(200);
    let inner = batch.get("entry.0.response.outcome.issue.0.details.coding.0.code");
    let status = batch.get("entry.0.response.status");
    vec![
        ("PUT of a draft", client.put("Observation/o", &draft).refusal()),
        ("PUT of a final one", client.put("Observation/o", observation("o", "final", "9")).refusal()),
        ("PUT of an amended one", client.put("Observation/o", observation("o", "amended", "9")).refusal()),
        ("PUT by criteria", client.put("Observation?_id=o", &draft).refusal()),
        ("PATCH", patch(client, "Observation/o", "9").refusal()),
        ("PATCH by criteria", patch(client, "Observation?_id=o", "9").refusal()),
        ("DELETE", client.delete("Observation/o").refusal()),
        ("DELETE by criteria", client.delete("Observation?_id=o").refusal()),
        ("a batch", (status[..3].parse().unwrap(), inner)),
        ("a transaction", bundled("transaction", writes("PUT", "Observation/o", &draft)).refusal()),
        ("a transaction that deletes", bundled("transaction", asks("DELETE", "Observation/o")).refusal()),
    ]
}

#[test]
fn nothing_changes_or_deletes_what_is_final_or_withdrawn_by_whichever_way() {
    let clinic = Clinic::start();
    let (tester, doctor) = (clinic.client(), member(&clinic, "doctor"));
    doctor.put("Observation/o", observation("o", "final", "1")).expect(201);
    let before = versions(&tester);
    for (way, refused) in ways(&doctor) {
        assert_eq!(refused, (409, "ST-0028".to_owned()), "{way}");
    }
    assert_eq!(act(&doctor, "Observation/o", "finalize", &[]).refusal(), (409, "ST-0031".to_owned()));
    assert_eq!(versions(&tester), before);
    act(&doctor, "Observation/o", "withdraw", &[reason("x")]).expect(200);
    let before = versions(&tester);
    for (way, refused) in ways(&doctor) {
        assert_eq!(refused, (409, "ST-0029".to_owned()), "{way}");
    }
    let amended = with(&observation("o", "amended", "9"));
    for (name, parameters) in
        [("finalize", vec![]), ("withdraw", vec![reason("x")]), ("amend", vec![reason("x"), amended])]
    {
        let reply = act(&doctor, "Observation/o", name, &parameters);
        assert_eq!(reply.refusal(), (409, "ST-0029".to_owned()), "{name}");
    }
    assert_eq!(versions(&tester), before);
    clinic.verify().unwrap();
}

#[test]
fn the_provenance_of_an_act_stands_as_written() {
    let clinic = Clinic::start();
    let (tester, doctor) = (clinic.client(), member(&clinic, "doctor"));
    doctor.put("Observation/o", observation("o", "final", "1")).expect(201);
    act(&doctor, "Observation/o", "withdraw", &[reason("x")]).expect(200);
    let state = state(&tester, "Observation/o");
    let key = format!("Provenance/{}", state["provenance"].as_str().unwrap());
    let other = doctor.get(&key).expect(200).text().replace("\"text\":\"x\"", "\"text\":\"y\"");
    assert_eq!(doctor.put(&key, other).refusal(), (409, "ST-0028".to_owned()));
    assert_eq!(doctor.delete(&key).refusal(), (409, "ST-0028".to_owned()));
}

#[test]
fn a_status_that_contradicts_the_state_is_refused_with_both_named() {
    let clinic = Clinic::start();
    let doctor = member(&clinic, "doctor");
    for status in ["amended", "corrected", "entered-in-error"] {
        let reply = doctor.put("Observation/new", observation("new", status, "1"));
        assert!(reply.message().contains(status), "{}", reply.message());
        assert_eq!(reply.refusal(), (422, "ST-0030".to_owned()), "{status}");
    }
    doctor.put("Observation/o", observation("o", "preliminary", "1")).expect(201);
    for status in ["amended", "entered-in-error"] {
        let reply = doctor.put("Observation/o", observation("o", status, "1"));
        assert_eq!(reply.refusal(), (422, "ST-0030".to_owned()), "{status}");
    }
    let amend = |status: &str| {
        let content = observation("o", status, "2");
        act(&doctor, "Observation/o", "amend", &[reason("x"), with(&content)]).refusal()
    };
    assert_eq!(amend("amended"), (409, "ST-0031".to_owned()), "a draft is not amended");
    doctor.put("Observation/o", observation("o", "final", "1")).expect(200);
    for status in ["final", "preliminary", "entered-in-error"] {
        assert_eq!(amend(status), (422, "ST-0030".to_owned()), "{status}");
    }
    clinic.verify().unwrap();
}

#[test]
fn what_machines_write_is_a_draft_unless_the_facility_says_otherwise() {
    let clinic = Clinic::start();
    let (tester, device, doctor) = (clinic.client(), member(&clinic, "device"), member(&clinic, "doctor"));
    let own = resource("Observation", r#""status":"final","code":{"text":"x"}"#);
    for (machine, client) in [("service", &tester), ("device", &device)] {
        let refused = client.post("Observation", &own);
        assert!(refused.message().contains("preliminary"), "{machine}: {}", refused.message());
        assert_eq!(refused.refusal(), (403, "RC-0066".to_owned()), "{machine}");
        let draft = client.post("Observation", own.replace("final", "preliminary")).expect(201);
        let record = format!("Observation/{}", draft.get("id"));
        assert_eq!(state(&tester, &record), json!({ "is": "draft", "act": "enter" }), "{machine}");
        assert_eq!(act(client, &record, "finalize", &[]).refusal().0, 403, "{machine}");
        act(&doctor, &record, "finalize", &[]).expect(200);
    }
    let entry = writes("POST", "Observation", &own);
    assert_eq!(tester.post("", bundle("transaction", &[entry])).refusal(), (403, "RC-0066".to_owned()));
    let clinic = Clinic::with(Plan { settles: true, ..Plan::default() });
    let tester = clinic.client();
    let record = format!("Observation/{}", tester.post("Observation", &own).expect(201).get("id"));
    let said = json!({ "is": "final", "act": "enter", "responsible": "tester" });
    assert_eq!(state(&tester, &record), said);
    clinic.verify().unwrap();
}

#[test]
fn a_draft_can_be_deleted_and_begun_anew_and_a_version_that_is_named_must_be_the_current_one() {
    let clinic = Clinic::start();
    let doctor = member(&clinic, "doctor");
    doctor.put("Observation/o", observation("o", "preliminary", "1")).expect(201);
    doctor.delete("Observation/o").expect(204);
    assert_eq!(act(&doctor, "Observation/o", "finalize", &[]).refusal().0, 410);
    doctor.put("Observation/o", observation("o", "preliminary", "2")).expect(201);
    let ask = || doctor.ask(Method::POST, "Observation/o/$finalize");
    assert_eq!(ask().field("if-match", "W/\"1\"").send().refusal(), (412, "ST-0005".to_owned()));
    ask().field("if-match", "W/\"3\"").send().expect(200);
    assert_eq!(act(&doctor, "Observation/none", "finalize", &[]).refusal(), (404, "RC-0002".to_owned()));
    assert_eq!(act(&doctor, "Patient/p", "finalize", &[]).refusal(), (404, "RC-0069".to_owned()));
    clinic.verify().unwrap();
}

#[test]
fn whoever_may_not_finalise_a_type_cannot_do_it_by_a_status_either() {
    let clinic = Clinic::start();
    let (doctor, nurse, clerk) =
        (member(&clinic, "doctor"), member(&clinic, "nurse"), member(&clinic, "clerk"));
    let report = |status: &str| {
        resource("DiagnosticReport", &format!(r#""id":"r","status":"{status}","code":{{"text":"x"}}"#))
    };
    doctor.put("DiagnosticReport/r", report("preliminary")).expect(201);
    for client in [&nurse, &clerk] {
        assert_eq!(client.put("DiagnosticReport/r", report("final")).refusal().0, 403);
        assert_eq!(act(client, "DiagnosticReport/r", "finalize", &[]).refusal().0, 403);
    }
    nurse.put("Observation/o", observation("o", "preliminary", "1")).expect(201);
    nurse.put("Observation/o", observation("o", "final", "1")).expect(200);
    clinic.verify().unwrap();
}

/// An order with this status and dose.
fn order(status: &str, dose: &str) -> String {
    let members = format!(
        r#""id":"m","status":"{status}","intent":"order","medicationCodeableConcept":{{"text":"x"}},"subject":{{"reference":"Patient/p"}},"dosageInstruction":[{{"text":"{dose}"}}]"#
    );
    resource("MedicationRequest", &members)
}

#[test]
fn an_order_that_is_final_goes_on_but_what_was_ordered_changes_only_by_a_correction() {
    let clinic = Clinic::start();
    let (tester, doctor) = (clinic.client(), member(&clinic, "doctor"));
    tester.put("Patient/p", patient(r#""id":"p""#)).expect(201);
    let key = "MedicationRequest/m";
    let said = |client: &Client| {
        let state = state(client, key);
        (state["is"].clone(), state["act"].clone(), state["responsible"].clone())
    };
    doctor.put(key, order("active", "1錠")).expect(201);
    doctor.put(key, order("active", "2錠")).expect(200);
    assert_eq!(said(&tester), (json!("draft"), json!("edit"), json!("doctor")));
    act(&doctor, key, "finalize", &[]).expect(200);
    assert_eq!(said(&tester), (json!("final"), json!("finalize"), json!("doctor")));
    // A system that dispenses may say how far it is, and nothing else.
    tester.put(key, order("completed", "2錠")).expect(200);
    assert_eq!(said(&tester), (json!("final"), json!("progress"), json!("doctor")));
    let status = r#"[{"op":"replace","path":"/status","value":"stopped"}]"#;
    tester.ask(Method::PATCH, key).body("application/json-patch+json", status).send().expect(200);
    for client in [&tester, &doctor] {
        for other in [order("completed", "3錠"), order("entered-in-error", "2錠")] {
            assert_eq!(client.put(key, other).refusal(), (409, "ST-0028".to_owned()));
        }
        assert_eq!(client.delete(key).refusal(), (409, "ST-0028".to_owned()));
    }
    let corrected = with(&order("active", "3錠"));
    act(&doctor, key, "amend", &[reason("用量の訂正"), corrected]).expect(200);
    assert_eq!(said(&tester), (json!("amended"), json!("amend"), json!("doctor")));
    tester.put(key, order("completed", "3錠")).expect(200);
    assert_eq!(said(&tester).0, json!("amended"));
    let gone = act(&doctor, key, "withdraw", &[reason("別の患者")]).expect(200);
    assert_eq!(gone.get("status"), "entered-in-error");
    assert_eq!(doctor.put(key, order("active", "3錠")).refusal(), (409, "ST-0029".to_owned()));
    clinic.verify().unwrap();
}

#[test]
fn an_illness_that_was_entered_in_error_is_withdrawn_and_loses_its_clinical_status() {
    let clinic = Clinic::start();
    let doctor = member(&clinic, "doctor");
    let illness = |status: &str| {
        let clinical = r#""system":"http://terminology.hl7.org/CodeSystem/condition-clinical""#;
        let members = format!(
            r#""id":"c","clinicalStatus":{{"coding":[{{{clinical},"code":"{status}"}}]}},"subject":{{"display":"x"}}"#
        );
        resource("Condition", &members)
    };
    doctor.put("Condition/c", illness("active")).expect(201);
    act(&doctor, "Condition/c", "finalize", &[]).expect(200);
    doctor.put("Condition/c", illness("resolved")).expect(200);
    let gone = act(&doctor, "Condition/c", "withdraw", &[reason("x")]).expect(200);
    assert_eq!(gone.get("verificationStatus.coding.0.code"), "entered-in-error");
    assert!(!gone.text().contains("clinicalStatus"), "{}", gone.text());
    clinic.verify().unwrap();
}

#[test]
fn a_document_without_docstatus_has_no_state_until_it_is_given_one() {
    let clinic = Clinic::start();
    let (tester, doctor) = (clinic.client(), member(&clinic, "doctor"));
    let document = |members: &str| {
        resource(
            "DocumentReference",
            &format!(r#""id":"d","status":"current"{members},"content":[{{"attachment":{{"title":"x"}}}}]"#),
        )
    };
    for expected in [201, 200] {
        doctor.put("DocumentReference/d", document("")).expect(expected);
        assert_eq!(state(&tester, "DocumentReference/d"), Value::Null);
    }
    let amended = with(&document(r#","docStatus":"amended""#));
    let amend = act(&doctor, "DocumentReference/d", "amend", &[reason("x"), amended]);
    assert_eq!(amend.refusal(), (409, "ST-0031".to_owned()));
    doctor.put("DocumentReference/d", document(r#","docStatus":"preliminary""#)).expect(200);
    assert_eq!(state(&tester, "DocumentReference/d")["act"], "adopt");
    assert_eq!(doctor.put("DocumentReference/d", document("")).refusal(), (422, "ST-0030".to_owned()));
    let done = act(&doctor, "DocumentReference/d", "finalize", &[]).expect(200);
    assert_eq!((done.get("docStatus"), done.get("status")), ("final".into(), "current".into()));
    clinic.verify().unwrap();
}
