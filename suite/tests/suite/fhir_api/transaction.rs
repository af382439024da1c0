//! Transactions: all entries or none, with references between them resolved.

use crate::material::{asks, born, bundle, named, observation, patient, urn, versions, writes};
use testkit::{Clinic, texts};

#[test]
fn references_between_entries_lead_to_the_new_records() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let (one, two, three) = (urn(1), urn(2), urn(3));
    let narrative = format!(
        r#""text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{one}\">{one}</a></div>"}}"#
    );
    let body = observation(&format!(
        r#"{narrative},"subject":{{"reference":"{one}","display":"{one}"}},"performer":[{{"reference":"{two}"}},{{"reference":"Practitioner/known"}}],"derivedFrom":[{{"reference":"{three}"}}]"#
    ));
    let entries = [
        named(&three, "POST", "Observation", &observation("")),
        named(&urn(4), "POST", "Observation", &body),
        named(
            &one,
            "POST",
            "Patient",
            &patient(&format!(r#""generalPractitioner":[{{"reference":"{two}"}}]"#)),
        ),
        named(&two, "PUT", "Practitioner/dr", r#"{"resourceType":"Practitioner","id":"dr"}"#),
    ];
    let reply = client.post("", bundle("transaction", &entries)).expect(200);
    assert_eq!(reply.get("type"), "transaction-response");
    let node = reply.node();
    assert_eq!(texts(&node, "entry", "response.status"), ["201 Created"; 4]);
    let locations = texts(&node, "entry", "response.location");
    let record = |index: usize| {
        let below = locations[index].strip_prefix(&format!("{}/", client.base())).unwrap();
        below.strip_suffix("/_history/1").unwrap().to_owned()
    };
    let stored = client.get(&record(1)).expect(200);
    assert_eq!(stored.get("subject.reference"), record(2));
    assert_eq!(stored.get("subject.display"), one, "only addresses are replaced");
    assert_eq!(stored.get("performer.0.reference"), "Practitioner/dr");
    assert_eq!(stored.get("performer.1.reference"), "Practitioner/known");
    assert_eq!(stored.get("derivedFrom.0.reference"), record(0));
    assert!(stored.get("text.div").contains(&format!("<a href=\"{}\">{one}</a>", record(2))));
    assert_eq!(client.get(&record(2)).get("generalPractitioner.0.reference"), "Practitioner/dr");
    assert_eq!(client.get(&format!("Observation?patient={}", record(2))).get("total"), "1");
    clinic.verify().unwrap();
}

#[test]
fn a_transaction_may_create_update_delete_and_read() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/a", born("a", "1950")).expect(201);
    client.put("Patient/b", born("b", "1950")).expect(201);
    let entries = [
        asks("GET", "Patient/a"),
        writes("PUT", "Patient/a", &born("a", "1951")),
        asks("DELETE", "Patient/b"),
        writes("POST", "Patient", &born("x", "1952")),
        asks("GET", "Patient?_id=a,b"),
    ];
    let reply = client.post("", bundle("transaction", &entries)).expect(200);
    let statuses = texts(&reply.node(), "entry", "response.status");
    assert_eq!(statuses, ["200 OK", "200 OK", "204 No Content", "201 Created", "200 OK"]);
    assert_eq!(reply.get("entry.0.resource.birthDate"), "1951", "readings see what was written");
    assert_eq!(reply.get("entry.4.resource.total"), "1");
    assert_eq!(client.get("Patient/b").status(), 410);
}

#[test]
fn all_changes_of_a_transaction_carry_one_time() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let entries = ["a", "b", "c"].map(|id| writes("PUT", &format!("Patient/{id}"), &born(id, "1950")));
    let reply = client.post("", bundle("transaction", &entries)).expect(200);
    let times = texts(&reply.node(), "entry", "resource.meta.lastUpdated");
    assert!(times.len() == 3 && times.iter().all(|time| *time == times[0]), "{times:?}");
}

/// Entries that spoil a transaction, and what is answered then.
fn spoilers() -> Vec<(String, u16, &'static str)> {
    let with = |condition: &str| {
        format!(
            r#"{{"resource":{},"request":{{"method":"PUT","url":"Patient/old",{condition}}}}}"#,
            born("old", "1999")
        )
    };
    vec![
        (writes("POST", "Patient", r#"{"resourceType":"Patient","colour":"red"}"#), 422, "FH-0012"),
        (writes("POST", "Patient", r#"{"resourceType":"Patients"}"#), 400, "FH-0011"),
        (
            writes(
                "POST",
                "Observation",
                &observation(&format!(r#""subject":{{"reference":"{}"}}"#, urn(99))),
            ),
            422,
            "RC-0014",
        ),
        (writes("PUT", "Patient/a", &born("a", "1999")), 400, "ST-0008"),
        (asks("DELETE", "Patient/a"), 400, "ST-0008"),
        (named(&urn(1), "POST", "Patient", &patient("")), 422, "FH-0120"),
        (with(r#""ifMatch":"W/\"7\"""#), 412, "ST-0005"),
        (with(r#""ifNoneMatch":"*""#), 412, "ST-0006"),
        (with(r#""ifNoneExist":"identifier=1""#), 400, "RC-0013"),
        (with(r#""ifMatch":"nonsense""#), 400, "RC-0013"),
        (asks("DELETE", "Patient?colour=red"), 400, "FH-0050"),
        (writes("PUT", "Patient/x", &born("y", "1999")), 400, "RC-0006"),
        (writes("POST", "Observation", &patient("")), 400, "RC-0005"),
        (writes("POST", "Patient/1", &patient("")), 400, "RC-0012"),
        (writes("PUT", "https://elsewhere.example.org/Patient/1", &born("1", "1999")), 400, "RC-0012"),
        (asks("PATCH", "Patient/old"), 400, "RC-0018"),
        (asks("patch", "Patient/old"), 422, "FH-0115"),
        (asks("POST", "Patient"), 400, "RC-0018"),
        (format!(r#"{{"resource":{}}}"#, patient("")), 422, "FH-0120"),
    ]
}

#[test]
fn one_bad_entry_undoes_the_whole_transaction() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/old", born("old", "1950")).expect(201);
    let good =
        [named(&urn(1), "POST", "Patient", &patient("")), writes("PUT", "Patient/a", &born("a", "1950"))];
    for (bad, status, code) in spoilers() {
        for at in [0, 1, 2] {
            let mut entries = good.to_vec();
            entries.insert(at, bad.clone());
            let reply = client.post("", bundle("transaction", &entries));
            assert_eq!(reply.refusal(), (status, code.to_owned()), "{bad} at {at}: {}", reply.text());
        }
    }
    assert_eq!(versions(&client), 1, "nothing of any of them was written");
    clinic.verify().unwrap();
    assert_eq!(clinic.journal().records(), 1);
    client.post("", bundle("transaction", &good)).expect(200);
}

#[test]
fn a_fault_in_a_transaction_is_placed_in_the_bundle() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let entries = [
        writes("POST", "Patient", &patient("")),
        writes("POST", "Patient", r#"{"resourceType":"Patient","name":[{"family":1}]}"#),
    ];
    let reply = client.post("", bundle("transaction", &entries));
    assert_eq!(reply.refusal(), (422, "FH-0015".to_owned()));
    assert_eq!(reply.place(), "Bundle.entry[1].resource.name[0].family");
}

#[test]
fn references_to_a_deleted_entry_or_an_address_of_no_entry_are_not_touched() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let body = observation(
        r#""id":"o","subject":{"reference":"Patient/other"},"encounter":{"reference":"https://example.org/fhir/Encounter/1"},"focus":[{"reference":"https://example.org/fhir/Patient/7"}]"#,
    );
    let entries = [
        writes("PUT", "Observation/o", &body),
        named("https://example.org/fhir/Patient/7", "PUT", "Patient/seven", &born("seven", "1950")),
    ];
    client.post("", bundle("transaction", &entries)).expect(200);
    let stored = client.get("Observation/o").expect(200);
    assert_eq!(stored.get("subject.reference"), "Patient/other");
    assert_eq!(stored.get("encounter.reference"), "https://example.org/fhir/Encounter/1");
    assert_eq!(stored.get("focus.0.reference"), "Patient/seven", "a fullUrl need not be a urn");
}

#[test]
fn a_large_transaction_goes_in_whole() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let mut entries = vec![named(&urn(0), "POST", "Patient", &patient(""))];
    for number in 1..1_500 {
        let body = observation(&format!(r#""subject":{{"reference":"{}"}}"#, urn(number % 700)));
        entries.push(named(&urn(number), "POST", "Observation", &body));
    }
    let reply = client.post("", bundle("transaction", &entries)).expect(200);
    assert_eq!(texts(&reply.node(), "entry", "response.status").len(), 1_500);
    assert!(!reply.text().contains("urn:uuid"));
    clinic.verify().unwrap();
    assert_eq!(clinic.journal().records(), 1_500);
}
