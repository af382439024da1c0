//! create, update, delete.

use crate::material::{born, id_of, patient, resource, versions};
use http::Method;
use testkit::Clinic;

#[test]
fn create_chooses_an_id_and_says_where_the_record_is() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let reply = client.post("Patient", born("mine", "1950-04-01")).expect(201);
    let id = id_of(&reply);
    assert_ne!(id, "mine", "the id of the client is not taken");
    assert_eq!((id.len(), id.as_bytes()[14]), (36, b'7'), "a UUID of version 7: {id}");
    assert_eq!(reply.field("etag"), "W/\"1\"");
    assert_eq!(reply.field("location"), format!("{}/Patient/{id}/_history/1", client.base()));
    assert_eq!(reply.field("last-modified"), "Wed, 01 Apr 2026 00:00:00 GMT");
    assert_eq!(reply.field("content-type"), "application/fhir+json; charset=utf-8");
    assert_eq!(reply.get("meta.versionId"), "1");
    assert!(reply.get("meta.lastUpdated").starts_with("2026-04-01T00:00:00."), "{}", reply.text());
    assert_eq!(reply.get("birthDate"), "1950-04-01");
    assert_eq!(client.get(&format!("Patient/{id}")).expect(200).body, reply.body);
    assert_eq!(client.get("Patient/mine").status(), 404);
}

#[test]
fn two_creates_of_the_same_content_make_two_records() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let ids = [1, 2].map(|_| id_of(&client.post("Patient", patient("")).expect(201)));
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn the_versions_and_times_that_a_client_sends_are_not_taken() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let sent = patient(
        r#""id":"p","meta":{"versionId":"77","lastUpdated":"1999-01-01T00:00:00Z","source":"urn:x","tag":[{"code":"t"}]}"#,
    );
    let reply = client.put("Patient/p", sent).expect(201);
    assert_eq!(reply.get("meta.versionId"), "1");
    assert!(reply.get("meta.lastUpdated").starts_with("2026-"));
    assert_eq!((reply.get("meta.source"), reply.get("meta.tag.0.code")), ("urn:x".into(), "t".into()));
}

#[test]
fn update_under_an_id_of_the_client_creates_first_and_updates_then() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (status, version, date) in [(201, 1, "1950"), (200, 2, "1951"), (200, 3, "1952")] {
        let reply = client.put("Patient/p-1.A", born("p-1.A", date)).expect(status);
        assert_eq!(reply.field("etag"), format!("W/\"{version}\""));
        let location = format!("{}/Patient/p-1.A/_history/{version}", client.base());
        assert_eq!(reply.field("location"), location);
        assert!(!reply.field("last-modified").is_empty());
        assert_eq!((reply.get("birthDate"), reply.get("id")), (date.to_owned(), "p-1.A".to_owned()));
    }
}

#[test]
fn an_update_that_contradicts_its_address_is_refused() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let long = format!("Patient/{}", "x".repeat(65));
    for (path, body, status, code) in [
        ("Patient/a", born("b", "1950"), 400, "RC-0006"),
        ("Patient/a", patient(""), 400, "RC-0006"),
        ("Patient/a", resource("Group", r#""id":"a","type":"person","actual":true"#), 400, "RC-0005"),
        ("Nonsense/a", patient(r#""id":"a""#), 404, "RC-0001"),
        ("patient/a", patient(r#""id":"a""#), 404, "SV-0001"),
        ("Patient/a_b", patient(r#""id":"a_b""#), 400, "SV-0017"),
        (long.as_str(), patient(r#""id":"a""#), 400, "SV-0017"),
        ("Patient/a%20b", patient(r#""id":"a b""#), 400, "SV-0017"),
        ("Patient/a", patient(r#""id":"a b""#), 422, "FH-0023"),
    ] {
        assert_eq!(client.put(path, &body).refusal(), (status, code.to_owned()), "{path} {body}");
    }
    let other = client.post("Patient", resource("Basic", r#""code":{"text":"x"}"#));
    assert_eq!(other.refusal(), (400, "RC-0005".to_owned()));
    assert_eq!(client.post("Nonsense", patient("")).refusal(), (404, "RC-0001".to_owned()));
    assert_eq!(versions(&client), 0);
}

#[test]
fn prefer_decides_what_comes_back_from_a_write() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (round, status) in [(1, 201), (2, 200)] {
        for (prefer, body) in [
            ("", "Patient"),
            ("return=representation", "Patient"),
            ("return=minimal", ""),
            ("return=OperationOutcome", "OperationOutcome"),
            ("return=nonsense", "Patient"),
        ] {
            let id = format!("p{}", prefer.len());
            let ask = client.ask(Method::PUT, &format!("Patient/{id}")).resource(born(&id, "1950"));
            let reply = ask.field("prefer", prefer).send().expect(status);
            assert_eq!(reply.field("etag"), format!("W/\"{round}\""), "{prefer}");
            assert!(!reply.field("location").is_empty(), "{prefer}");
            let kind = if reply.body.is_empty() { String::new() } else { reply.get("resourceType") };
            assert_eq!(kind, body, "{prefer}");
        }
    }
}

#[test]
fn delete_ends_the_record_and_keeps_its_past() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    let reply = client.delete("Patient/p").expect(204);
    assert!(reply.body.is_empty());
    assert_eq!(reply.field("etag"), "W/\"2\"");
    let gone = client.get("Patient/p");
    assert_eq!(gone.refusal(), (410, "RC-0003".to_owned()));
    assert!(gone.message().contains('2'), "{}", gone.message());
    assert_eq!(client.get("Patient/p/_history/1").expect(200).get("birthDate"), "1950");
    assert_eq!(client.get("Patient/p/_history/2").refusal(), (410, "RC-0003".to_owned()));
    assert_eq!(client.get("Patient?_id=p").get("total"), "0");
}

#[test]
fn deleting_what_is_not_there_writes_nothing() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.delete("Patient/never").expect(204);
    client.put("Patient/p", born("p", "1950")).expect(201);
    client.delete("Patient/p").expect(204);
    client.delete("Patient/p").expect(204);
    assert_eq!(versions(&client), 2);
    assert_eq!(client.delete("Nonsense/p").refusal(), (404, "RC-0001".to_owned()));
}

#[test]
fn a_deleted_record_can_come_back_under_the_next_version() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    client.delete("Patient/p").expect(204);
    let reply = client.put("Patient/p", born("p", "1951")).expect(201);
    assert_eq!((reply.field("etag"), reply.get("meta.versionId")), ("W/\"3\"", "3".to_owned()));
    assert_eq!(client.get("Patient/p").expect(200).get("birthDate"), "1951");
    assert_eq!(client.get("Patient?_id=p").get("total"), "1");
}

#[test]
fn what_was_written_is_there_after_a_restart_byte_for_byte() {
    let mut clinic = Clinic::start();
    let client = clinic.client();
    for number in 0..5 {
        client.put(&format!("Patient/p{number}"), born(&format!("p{number}"), "1950")).expect(201);
    }
    client.put("Patient/p0", born("p0", "1951")).expect(200);
    client.delete("Patient/p1").expect(204);
    let paths = ["Patient/p0", "Patient/p1", "Patient/p2", "Patient/p0/_history/1"];
    let before = paths.map(|path| (client.get(path).status(), client.get(path).body));
    clinic.restart();
    let client = clinic.client();
    assert_eq!(paths.map(|path| (client.get(path).status(), client.get(path).body)), before);
    clinic.verify().unwrap();
    assert_eq!(clinic.journal().records(), 7);
    client.put("Patient/p0", born("p0", "1952")).expect(200);
    clinic.verify().unwrap();
    assert_eq!(clinic.journal().records(), 8);
}
