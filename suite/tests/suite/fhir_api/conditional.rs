//! Conditional create, update, patch and delete: none, one or many records fulfil the criteria.

use crate::material::{born, patient, versions};
use http::Method;
use testkit::{Client, Clinic, Reply};

/// A Patient with an identifier of the system `urn:s`, and further members.
fn with_identifier(value: &str, members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    patient(&format!(r#""identifier":[{{"system":"urn:s","value":"{value}"}}]{comma}{members}"#))
}

/// A clinic with one Patient `one` of identifier 1 and two, `two-a` and `two-b`, of identifier 2.
fn some() -> Clinic {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (id, value) in [("one", "1"), ("two-a", "2"), ("two-b", "2")] {
        let body = with_identifier(value, &format!(r#""id":"{id}""#));
        client.put(&format!("Patient/{id}"), body).expect(201);
    }
    clinic
}

fn create(client: &Client, criteria: &str, body: &str) -> Reply {
    client.ask(Method::POST, "Patient").resource(body).field("if-none-exist", criteria).send()
}

#[test]
fn a_conditional_creation_creates_only_when_nothing_fulfils_the_criteria() {
    let clinic = some();
    let client = clinic.client();
    let created = create(&client, "identifier=urn:s%7C3", &with_identifier("3", "")).expect(201);
    let again = create(&client, "identifier=urn:s|3", &with_identifier("3", r#""active":true"#)).expect(200);
    assert_eq!(again.body, created.body, "what was there is shown, what was sent is passed over");
    assert_eq!(
        (again.field("etag"), again.field("location")),
        (created.field("etag"), created.field("location"))
    );
    let one = create(&client, "identifier=1", &with_identifier("1", "")).expect(200);
    assert_eq!(one.get("id"), "one");
    let many = create(&client, "identifier=urn:s|2", &with_identifier("2", ""));
    assert_eq!(many.refusal(), (412, "RC-0021".to_owned()));
    assert_eq!(versions(&client), 4);
}

#[test]
fn a_conditional_creation_answers_as_the_writer_prefers() {
    let clinic = some();
    let client = clinic.client();
    for (prefer, kind) in [("return=minimal", ""), ("return=OperationOutcome", "OperationOutcome")] {
        let ask = client.ask(Method::POST, "Patient").resource(with_identifier("1", ""));
        let reply = ask.field("if-none-exist", "identifier=1").field("prefer", prefer).send().expect(200);
        let found = if reply.body.is_empty() { String::new() } else { reply.get("resourceType") };
        assert_eq!(found, kind, "{prefer}");
        assert!(reply.field("location").ends_with("/Patient/one/_history/1"));
    }
}

#[test]
fn a_conditional_update_follows_the_table_of_outcomes() {
    let clinic = some();
    let client = clinic.client();
    let put = |criteria: &str, body: &str| client.put(&format!("Patient?{criteria}"), body);
    let new = put("identifier=urn:s%7C9", &with_identifier("9", "")).expect(201);
    assert_eq!(new.get("id").len(), 36, "an id of the server's choice");
    let named = put("identifier=urn:s%7C8", &with_identifier("8", r#""id":"eight""#)).expect(201);
    assert_eq!(named.get("id"), "eight");
    let updated = put("identifier=urn:s%7C1", &with_identifier("1", r#""active":true"#)).expect(200);
    assert_eq!((updated.get("id"), updated.field("etag")), ("one".to_owned(), "W/\"2\""));
    let same = put("identifier=urn:s%7C1", &with_identifier("1", r#""id":"one""#)).expect(200);
    assert_eq!(same.field("etag"), "W/\"3\"");
    for (criteria, members, status, code) in [
        ("identifier=urn:s%7C2", "", 412, "RC-0021"),
        ("identifier=urn:s%7C1", r#""id":"other""#, 400, "RC-0024"),
        ("identifier=urn:s%7C7", r#""id":"one""#, 409, "RC-0025"),
        ("identifier=urn:s%7C7", r#""colour":"red""#, 422, "FH-0012"),
    ] {
        let reply = put(criteria, &with_identifier("7", members));
        assert_eq!(reply.refusal(), (status, code.to_owned()), "{criteria} {members}");
    }
    assert_eq!(client.put("Patient?identifier=1", r#"{"resourceType":"Group"}"#).refusal().0, 422);
    assert_eq!(versions(&client), 7);
    clinic.verify().unwrap();
}

#[test]
fn a_conditional_update_can_bring_a_deleted_record_back() {
    let clinic = some();
    let client = clinic.client();
    client.delete("Patient/one").expect(204);
    let body = with_identifier("1", r#""id":"one""#);
    let back = client.put("Patient?identifier=urn:s%7C1", body).expect(201);
    assert_eq!((back.get("id"), back.field("etag")), ("one".to_owned(), "W/\"3\""));
}

#[test]
fn a_conditional_patch_needs_exactly_one_record() {
    let clinic = some();
    let client = clinic.client();
    let patch = |criteria: &str| {
        let ask = client.ask(Method::PATCH, &format!("Patient?{criteria}"));
        ask.body("application/json-patch+json", r#"[{"op":"add","path":"/active","value":true}]"#).send()
    };
    let done = patch("identifier=urn:s%7C1").expect(200);
    assert_eq!((done.get("id"), done.get("active")), ("one".to_owned(), "true".to_owned()));
    assert_eq!(patch("identifier=urn:s%7C2").refusal(), (412, "RC-0021".to_owned()));
    assert_eq!(patch("identifier=urn:s%7C3").refusal(), (404, "RC-0022".to_owned()));
    assert_eq!(versions(&client), 4);
}

#[test]
fn a_conditional_deletion_deletes_one_or_nothing() {
    let clinic = some();
    let client = clinic.client();
    assert_eq!(client.delete("Patient?identifier=urn:s%7C2").refusal(), (412, "RC-0021".to_owned()));
    let nothing = client.delete("Patient?identifier=urn:s%7C3").expect(204);
    assert_eq!(nothing.field("etag"), "");
    assert_eq!(client.delete("Patient?identifier=urn:s%7C1").expect(204).field("etag"), "W/\"2\"");
    assert_eq!(client.get("Patient/one").status(), 410);
    client.delete("Patient?identifier=urn:s%7C1").expect(204);
    assert_eq!(versions(&client), 4);
}

#[test]
fn a_version_is_demanded_of_the_record_that_criteria_find() {
    let clinic = some();
    let client = clinic.client();
    for (method, kind, body) in [
        (Method::PUT, "application/fhir+json", with_identifier("1", "")),
        (Method::PATCH, "application/json-patch+json", "[]".to_owned()),
        (Method::DELETE, "", String::new()),
    ] {
        let send = |criteria: &str, tag: &str| {
            let mut ask = client.ask(method.clone(), &format!("Patient?{criteria}")).field("if-match", tag);
            if !kind.is_empty() {
                ask = ask.body(kind, &body);
            }
            ask.send()
        };
        assert_eq!(
            send("identifier=urn:s%7C1", "W/\"9\"").refusal(),
            (412, "ST-0005".to_owned()),
            "{method}"
        );
        assert_eq!(
            send("identifier=urn:s%7C3", "W/\"1\"").refusal(),
            (412, "RC-0023".to_owned()),
            "{method}"
        );
        let current = client.get("Patient/one").field("etag").to_owned();
        assert!(send("identifier=urn:s%7C1", &current).status() < 300, "{method}");
    }
}

#[test]
fn criteria_that_are_none_are_refused() {
    let clinic = some();
    let client = clinic.client();
    let before = versions(&client);
    for criteria in ["", "colour=red", "_sort=_id", "identifier=1&_count=1", "_include=Patient:link"] {
        let statuses = [
            client.put(&format!("Patient?{criteria}"), with_identifier("1", "")).status(),
            client.delete(&format!("Patient?{criteria}")).status(),
            create(&client, criteria, &with_identifier("1", "")).status(),
        ];
        assert_eq!(statuses, [400; 3], "{criteria}");
    }
    assert_eq!(client.put("Patient", born("one", "1950")).status(), 400, "no criteria at all");
    assert_eq!(client.delete("Patient").status(), 400, "no criteria at all");
    assert_eq!(client.delete("Nonsense?identifier=1").refusal(), (404, "RC-0001".to_owned()));
    assert_eq!(versions(&client), before);
}

#[test]
fn a_reader_who_has_the_state_of_a_moment_is_told_so() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let written = client.put("Patient/p", born("p", "1950")).expect(201);
    let date = written.field("last-modified").to_owned();
    let ask =
        |method: Method, date: &str| client.ask(method, "Patient/p").field("if-modified-since", date).send();
    for method in [Method::GET, Method::HEAD] {
        let unchanged = ask(method.clone(), &date).expect(304);
        assert!(unchanged.body.is_empty());
        assert_eq!(unchanged.field("etag"), "W/\"1\"");
        ask(method.clone(), "Fri, 01 Jan 2100 00:00:00 GMT").expect(304);
        ask(method.clone(), "Thu, 01 Jan 2026 00:00:00 GMT").expect(200);
    }
    assert_eq!(ask(Method::GET, "yesterday").refusal(), (400, "SV-0027".to_owned()));
    let both = client.ask(Method::GET, "Patient/p").field("if-modified-since", &date);
    both.field("if-none-match", "W/\"7\"").send().expect(200);
}
