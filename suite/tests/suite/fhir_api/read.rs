//! read, vread, HEAD, and the forms of an answer.

use crate::material::born;
use http::Method;
use testkit::Clinic;

#[test]
fn a_read_carries_version_and_time() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let written = client.put("Patient/p", born("p", "1950")).expect(201);
    let reply = client.get("Patient/p").expect(200);
    assert_eq!(reply.field("etag"), "W/\"1\"");
    assert_eq!(reply.field("last-modified"), written.field("last-modified"));
    assert_eq!(reply.body, written.body);
    assert_eq!(reply.field("location"), "", "only writes say where");
    assert_eq!(reply.field("x-content-type-options"), "nosniff");
    assert_eq!(reply.field("cache-control"), "private, no-store");
}

#[test]
fn what_does_not_exist_is_said_by_its_kind() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    for (path, status, code) in [
        ("Patient/q", 404, "RC-0002"),
        ("Nonsense/p", 404, "RC-0001"),
        ("Practitioner/p", 404, "RC-0002"),
        ("Patient/p/_history/2", 404, "RC-0004"),
        ("Patient/q/_history/1", 404, "RC-0004"),
        ("Patient/p/_history/0", 404, "SV-0001"),
        ("Patient/p/_history/x", 404, "SV-0001"),
        ("Patient/p/nothing", 404, "SV-0001"),
        ("Patient/a_b", 400, "SV-0017"),
        ("Patient/q/_history", 404, "RC-0002"),
        ("Patient/q/$proof", 404, "RC-0002"),
        ("Patient/p/_history/2/$proof", 404, "RC-0004"),
        ("Patient/p?colour=red", 400, "SV-0018"),
        ("Patient/p?_format=xml", 406, "SV-0013"),
        ("Patient/p?_pretty=maybe", 400, "SV-0019"),
        ("Patient/%ff", 400, "SV-0012"),
    ] {
        assert_eq!(client.get(path).refusal(), (status, code.to_owned()), "{path}");
    }
}

#[test]
fn every_version_can_be_read_for_ever() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let written: Vec<_> =
        (1950..1960).map(|year| client.put("Patient/p", born("p", &year.to_string()))).collect();
    for (version, written) in (1..).zip(&written) {
        let reply = client.get(&format!("Patient/p/_history/{version}")).expect(200);
        assert_eq!(reply.body, written.body);
        assert_eq!(reply.field("etag"), format!("W/\"{version}\""));
    }
}

#[test]
fn a_reader_who_has_the_current_version_is_told_so() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    client.put("Patient/p", born("p", "1951")).expect(200);
    let ask = |tag: &str| client.ask(Method::GET, "Patient/p").field("if-none-match", tag).send();
    let unchanged = ask("W/\"2\"").expect(304);
    assert!(unchanged.body.is_empty());
    assert_eq!(unchanged.field("etag"), "W/\"2\"");
    assert_eq!(ask("W/\"1\"").expect(200).get("birthDate"), "1951");
    assert_eq!(ask("nonsense").refusal(), (400, "SV-0015".to_owned()));
    client.delete("Patient/p").expect(204);
    assert_eq!(ask("W/\"3\"").status(), 410);
}

#[test]
fn head_answers_as_get_does_but_without_a_body() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    for path in
        ["Patient/p", "Patient/p/_history/1", "Patient", "_history", "metadata", "Patient/none", "/health"]
    {
        let (get, head) = (client.get(path), client.ask(Method::HEAD, path).send());
        assert_eq!(head.status(), get.status(), "{path}");
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.field("content-length"), get.body.len().to_string(), "{path}");
        assert_eq!(head.field("etag"), get.field("etag"), "{path}");
    }
}

#[test]
fn a_pretty_answer_says_the_same() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let body = r#"{"resourceType":"Observation","id":"o","status":"preliminary","code":{"text":"a \" {b}, [c]: d"},"valueQuantity":{"value":1.10},"component":[{"code":{"text":"x"},"valueQuantity":{"value":-0}}]}"#;
    client.put("Observation/o", body).expect(201);
    let plain = client.get("Observation/o").expect(200);
    let pretty = client.get("Observation/o?_pretty=true").expect(200);
    assert!(pretty.text().lines().count() > 10);
    assert!(pretty.node() == plain.node());
}

#[test]
fn another_form_than_json_is_refused_not_served() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    for accept in ["application/fhir+xml", "text/turtle", "application/fhir+json;fhirVersion=5.0"] {
        let reply = client.ask(Method::GET, "Patient/p").field("accept", accept).send();
        assert_eq!(reply.refusal(), (406, "SV-0013".to_owned()), "{accept}");
    }
    for kind in ["application/fhir+xml", "text/plain", "application/fhir+json; charset=shift_jis"] {
        let reply = client.ask(Method::PUT, "Patient/p").body(kind, born("p", "1999")).send();
        assert_eq!(reply.refusal(), (415, "SV-0014".to_owned()), "{kind}");
    }
    assert_eq!(client.get("Patient/p").get("birthDate"), "1950");
}
