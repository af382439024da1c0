//! `$validate`: what a write would hear, without the write.

use crate::material::{born, patient, versions};
use testkit::{Clinic, Reply};

/// Severity and code of the first issue.
fn first(reply: &Reply) -> (String, String) {
    (reply.get("issue.0.severity"), reply.get("issue.0.details.coding.0.code"))
}

fn wrapped(parameters: &str) -> String {
    format!(r#"{{"resourceType":"Parameters","parameter":[{parameters}]}}"#)
}

#[test]
fn a_good_resource_is_told_to_be_good_and_is_not_written() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let good = born("p", "1950");
    let in_parameters = wrapped(&format!(
        r#"{{"name":"resource","resource":{good}}},{{"name":"mode","valueCode":"create"}},{{"name":"profile","valueUri":"http://hl7.org/fhir/StructureDefinition/Patient"}}"#
    ));
    for (path, body) in [
        ("Patient/$validate", &good),
        ("Patient/$validate?mode=update", &good),
        ("Patient/p/$validate?mode=update", &good),
        ("Patient/other/$validate", &good),
        ("Patient/$validate", &in_parameters),
    ] {
        let reply = client.post(path, body).expect(200);
        assert_eq!(reply.get("resourceType"), "OperationOutcome", "{path}");
        assert_eq!(first(&reply), ("information".to_owned(), String::new()), "{path} {body}");
    }
    assert_eq!(versions(&client), 0);
}

#[test]
fn a_bad_resource_hears_what_is_wrong_and_where() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    let subset = r#"{"resourceType":"Patient","id":"p","meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]}}"#;
    for (path, body, code, place) in [
        (
            "Patient/$validate",
            r#"{"resourceType":"Patient","colour":1}"#.to_owned(),
            "FH-0012",
            "Patient.colour",
        ),
        ("Group/$validate", patient(""), "RC-0005", "Patient"),
        ("Patient/p/$validate?mode=update", born("q", "1950"), "RC-0006", "Patient.id"),
        ("Patient/p/$validate?mode=update", subset.to_owned(), "RC-0033", "Patient.meta.tag"),
        ("Patient/$validate", r#"{"resourceType":"Patients"}"#.to_owned(), "RC-0005", "Patients"),
    ] {
        let reply = client.post(path, &body).expect(200);
        assert_eq!(first(&reply), ("error".to_owned(), code.to_owned()), "{path} {body}");
        assert_eq!(reply.place(), place, "{path} {body}");
    }
    assert_eq!(versions(&client), 1);
}

#[test]
fn a_stored_record_can_be_validated_and_its_deletion_too() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    assert_eq!(first(&client.get("Patient/p/$validate").expect(200)).0, "information");
    assert_eq!(first(&client.get("Patient/p/$validate?mode=delete").expect(200)).0, "information");
    let delete = wrapped(r#"{"name":"mode","valueCode":"delete"}"#);
    client.post("Patient/p/$validate", &delete).expect(200);
    assert_eq!(client.get("Patient/none/$validate").refusal(), (404, "RC-0002".to_owned()));
    client.delete("Patient/p").expect(204);
    assert_eq!(client.get("Patient/p/$validate").refusal(), (410, "RC-0003".to_owned()));
    assert_eq!(versions(&client), 2);
}

#[test]
fn what_cannot_be_validated_is_refused() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let jp_core = "http://jpfhir.jp/fhir/core/StructureDefinition/JP_Patient";
    for (path, body, status, code) in [
        ("Patient/$validate", "{".to_owned(), 400, "FH-0001"),
        ("Nonsense/$validate", patient(""), 404, "RC-0001"),
        ("Patient/$validate?mode=profile", patient(""), 400, "RC-0040"),
        ("Patient/$validate?colour=red", patient(""), 400, "RC-0041"),
        ("Patient/$validate?mode=create&mode=create", patient(""), 400, "RC-0041"),
        (&format!("Patient/$validate?profile={jp_core}"), patient(""), 422, "RC-0039"),
        ("Patient/$validate", wrapped(r#"{"name":"mode","valueCode":"create"}"#), 400, "RC-0042"),
        ("Patient/$validate", wrapped(r#"{"name":"resource","valueString":"x"}"#), 400, "RC-0041"),
        ("Patient/$validate", wrapped(r#"{"name":"resource"}"#), 400, "RC-0043"),
        ("Patient/$validate?mode=delete", patient(""), 400, "RC-0042"),
    ] {
        assert_eq!(client.post(path, &body).refusal(), (status, code.to_owned()), "{path} {body}");
    }
}
