//! PATCH: JSON Patch on single records.

use crate::material::{born, versions};
use http::Method;
use testkit::{Client, Clinic, Reply};

fn patch(client: &Client, path: &str, patch: &str) -> Reply {
    client.ask(Method::PATCH, path).body("application/json-patch+json", patch).send()
}

#[test]
fn a_patch_makes_the_next_version() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let body = r#"{"resourceType":"Observation","id":"o","status":"preliminary","code":{"text":"x"},"valueQuantity":{"value":1.10,"unit":"mg"}}"#;
    client.put("Observation/o", body).expect(201);
    let reply = patch(
        &client,
        "Observation/o",
        r#"[{"op":"test","path":"/valueQuantity/value","value":1.1},{"op":"replace","path":"/status","value":"unknown"},{"op":"add","path":"/note","value":[{"text":"n"}]}]"#,
    )
    .expect(200);
    assert_eq!(reply.field("etag"), "W/\"2\"");
    assert_eq!(reply.field("location"), format!("{}/Observation/o/_history/2", client.base()));
    let stored = client.get("Observation/o").expect(200);
    assert_eq!(stored.body, reply.body);
    assert_eq!((stored.get("status"), stored.get("note.0.text")), ("unknown".into(), "n".into()));
    assert_eq!(stored.get("valueQuantity.value"), "1.10", "numbers stay as they were written");
    assert_eq!(stored.get("meta.versionId"), "2");
    clinic.verify().unwrap();
}

#[test]
fn a_patch_that_cannot_be_carried_out_changes_nothing() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    client.put("Patient/gone", born("gone", "1950")).expect(201);
    client.delete("Patient/gone").expect(204);
    let before = versions(&client);
    let replace =
        |path: &str, value: &str| format!(r#"[{{"op":"replace","path":"{path}","value":{value}}}]"#);
    for (record, body, status, code) in [
        ("p", r#"{"op":"add"}"#.to_owned(), 400, "FH-0090"),
        ("p", "[".to_owned(), 400, "FH-0001"),
        ("p", r#"[{"op":"remove"}]"#.to_owned(), 400, "FH-0091"),
        ("p", r#"[{"op":"insert","path":"/a"}]"#.to_owned(), 400, "FH-0092"),
        ("p", r#"[{"op":"remove","path":"birthDate"}]"#.to_owned(), 400, "FH-0093"),
        ("p", replace("/name/0", "{}"), 422, "FH-0094"),
        ("p", r#"[{"op":"test","path":"/birthDate","value":"1951"}]"#.to_owned(), 422, "FH-0095"),
        ("p", replace("/id", "\"q\""), 422, "RC-0032"),
        ("p", replace("/resourceType", "\"Group\""), 422, "RC-0032"),
        ("p", replace("", "[]"), 422, "RC-0032"),
        ("p", replace("/birthDate", "1950"), 422, "FH-0015"),
        ("p", r#"[{"op":"add","path":"/colour","value":"red"}]"#.to_owned(), 422, "FH-0012"),
        ("never", "[]".to_owned(), 404, "RC-0002"),
        ("gone", "[]".to_owned(), 410, "RC-0003"),
        ("p q", "[]".to_owned(), 400, "SV-0017"),
    ] {
        let reply = patch(&client, &format!("Patient/{}", record.replace(' ', "%20")), &body);
        assert_eq!(reply.refusal(), (status, code.to_owned()), "{record}: {body}");
    }
    assert_eq!(patch(&client, "Nonsense/p", "[]").refusal(), (404, "RC-0001".to_owned()));
    assert_eq!(versions(&client), before);
}

#[test]
fn a_fault_in_a_patch_is_placed_in_the_patch_or_in_the_result() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    let reply = patch(
        &client,
        "Patient/p",
        r#"[{"op":"test","path":"/id","value":"p"},{"op":"remove","path":"/x"}]"#,
    );
    assert_eq!(reply.get("issue.0.diagnostics"), "/1/path");
    let reply = patch(&client, "Patient/p", r#"[{"op":"add","path":"/name","value":[{"family":7}]}]"#);
    assert_eq!(reply.place(), "Patient.name[0].family");
}

#[test]
fn a_patch_of_another_kind_is_refused_with_the_kind_that_is_taken() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    for kind in ["application/fhir+json", "application/xml-patch+xml", "application/merge-patch+json"] {
        let reply = client.ask(Method::PATCH, "Patient/p").body(kind, "[]").send();
        assert_eq!(reply.refusal(), (415, "SV-0028".to_owned()), "{kind}");
        assert!(reply.message().contains("application/json-patch+json"));
    }
}

#[test]
fn a_patch_with_a_version_goes_through_only_on_that_version() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    client.put("Patient/p", born("p", "1951")).expect(200);
    let patched = |field: &str, value: &str| {
        let ask = client.ask(Method::PATCH, "Patient/p").body("application/json-patch+json", "[]");
        ask.field(field, value).send()
    };
    assert_eq!(patched("if-match", "W/\"1\"").refusal(), (412, "ST-0005".to_owned()));
    assert_eq!(patched("if-match", "nonsense").refusal(), (400, "SV-0015".to_owned()));
    assert_eq!(patched("if-none-match", "*").refusal(), (400, "SV-0016".to_owned()));
    assert_eq!(patched("if-match", "W/\"2\"").expect(200).field("etag"), "W/\"3\"");
}

#[test]
fn a_patcher_chooses_what_comes_back() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    let ask = client.ask(Method::PATCH, "Patient/p").body("application/json-patch+json", "[]");
    let reply = ask.field("prefer", "return=minimal").send().expect(200);
    assert!(reply.body.is_empty());
    assert_eq!(reply.field("preference-applied"), "return=minimal");
}
