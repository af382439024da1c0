//! Batches: each entry for itself.

use crate::material::{asks, born, bundle, observation, versions, writes};
use testkit::{Clinic, texts};

#[test]
fn every_entry_of_a_batch_is_answered_for_itself() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/old", born("old", "1950")).expect(201);
    client.put("Patient/gone", born("gone", "1950")).expect(201);
    client.delete("Patient/gone").expect(204);
    let stale = r#"{"resource":{"resourceType":"Patient","id":"old"},"request":{"method":"PUT","url":"Patient/old","ifMatch":"W/\"7\""}}"#;
    let cases = [
        (writes("POST", "Patient", &born("x", "1951")), "201 Created", ""),
        (writes("PUT", "Patient/new", &born("new", "1951")), "201 Created", ""),
        (asks("GET", "Patient/old"), "200 OK", ""),
        (asks("GET", "Patient/old/_history/1"), "200 OK", ""),
        (asks("GET", "Patient?_id=old"), "200 OK", ""),
        (asks("GET", "Patient/old/_history"), "200 OK", ""),
        (asks("DELETE", "Patient/never"), "204 No Content", ""),
        (asks("GET", "Patient/gone"), "410", "RC-0003"),
        (asks("GET", "Patient/never2"), "404", "RC-0002"),
        (writes("PUT", "Patient/a", &born("b", "1951")), "400", "RC-0006"),
        (writes("POST", "Patient", &observation("")), "400", "RC-0005"),
        (writes("POST", "Patient", r#"{"resourceType":"Patient","colour":"red"}"#), "422", "FH-0012"),
        (stale.to_owned(), "412", "ST-0005"),
        (asks("PATCH", "Patient/old"), "400", "RC-0018"),
        (asks("patch", "Patient/old"), "400", "RC-0011"),
        (asks("GET", "Patient?colour=red"), "400", "FH-0050"),
        (asks("GET", "https://elsewhere.example.org/Patient/1"), "400", "RC-0012"),
        (asks("POST", "Patient"), "400", "RC-0018"),
    ];
    let entries: Vec<String> = cases.iter().map(|(entry, ..)| entry.clone()).collect();
    let reply = client.post("", bundle("batch", &entries)).expect(200);
    assert_eq!(reply.get("type"), "batch-response");
    for (index, (entry, status, code)) in cases.iter().enumerate() {
        let found = reply.get(&format!("entry.{index}.response.status"));
        assert!(found.starts_with(status), "{entry}: {found}");
        let place = format!("entry.{index}.response.outcome.issue.0.details.coding.0.code");
        assert_eq!(reply.get(&place), *code, "{entry}");
    }
    assert_eq!(reply.get("entry.1.response.location"), format!("{}/Patient/new/_history/1", client.base()));
    assert_eq!(reply.get("entry.1.response.etag"), "W/\"1\"");
    assert_eq!(reply.get("entry.2.resource.birthDate"), "1950");
    assert_eq!(reply.get("entry.4.resource.total"), "1");
    assert_eq!(versions(&client), 5, "three before, two by the batch");
    clinic.verify().unwrap();
}

#[test]
fn a_fault_in_a_batch_is_placed_in_the_bundle() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let entries = [
        writes("POST", "Patient", &born("x", "1951")),
        writes("POST", "Patient", r#"{"resourceType":"Patient","name":[{},{"colour":1}]}"#),
    ];
    let reply = client.post("", bundle("batch", &entries)).expect(200);
    let places = texts(&reply.node(), "entry.1.response.outcome.issue", "expression.0");
    assert!(places.contains(&"Bundle.entry[1].resource.name[1].colour".to_owned()), "{places:?}");
}

#[test]
fn an_empty_batch_is_answered_by_an_empty_one() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let reply = client.post("", r#"{"resourceType":"Bundle","type":"batch"}"#).expect(200);
    assert_eq!(reply.text(), r#"{"resourceType":"Bundle","type":"batch-response"}"#);
}

#[test]
fn a_bundle_that_is_no_request_is_refused() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (body, status, code) in [
        (bundle("searchset", &[]).replace(r#","entry":[]"#, ""), 400, "RC-0009"),
        (r#"{"resourceType":"Patient"}"#.to_owned(), 400, "FH-0040"),
        (r#"{"resourceType":"Bundle"}"#.to_owned(), 422, "FH-0022"),
        (r#"{"resourceType":"Bundle","type":"batch","entries":[]}"#.to_owned(), 422, "FH-0012"),
        (bundle("batch", &[]), 422, "FH-0016"),
        ("[]".to_owned(), 400, "FH-0010"),
        (String::new(), 400, "FH-0001"),
    ] {
        assert_eq!(client.post("", &body).refusal(), (status, code.to_owned()), "{body}");
    }
}
