//! `$document`: what goes out is whole, finished and good by the project's own check.

use super::states::{act, member, observation, reason, with};
use crate::material::{patient, resource};
use serde_json::{Value, json};
use testkit::{Client, Clinic, Reply};

/// A letter with a result in it.
fn letter(status: &str, entry: &str) -> String {
    resource(
        "Composition",
        &format!(
            r#""id":"l","status":"{status}","type":{{"text":"診療情報提供書"}},"subject":{{"reference":"Patient/p"}},"date":"2026-04-01","author":[{{"reference":"Practitioner/d"}}],"title":"紹介状","section":[{{"title":"検査","entry":[{{"reference":"{entry}"}}]}}]"#
        ),
    )
}

/// A report with a result, of a performer.
fn report(status: &str) -> String {
    resource(
        "DiagnosticReport",
        &format!(
            r#""id":"r","status":"{status}","code":{{"text":"血算"}},"subject":{{"reference":"Patient/p"}},"performer":[{{"reference":"Organization/g"}}],"result":[{{"reference":"Observation/o"}}]"#
        ),
    )
}

fn scene(clinic: &Clinic) -> Client {
    let (tester, doctor) = (clinic.client(), member(clinic, "doctor"));
    tester.put("Patient/p", patient(r#""id":"p","name":[{"text":"山田 <花子>"}]"#)).expect(201);
    tester.put("Practitioner/d", resource("Practitioner", r#""id":"d""#)).expect(201);
    tester.put("Organization/g", resource("Organization", r#""id":"g","name":"検査部""#)).expect(201);
    doctor.put("Observation/o", observation("o", "preliminary", "1")).expect(201);
    doctor.put("DiagnosticReport/r", report("preliminary")).expect(201);
    doctor.put("Composition/l", letter("preliminary", "DiagnosticReport/r")).expect(201);
    doctor
}

/// The resources of a document that the check finds nothing wrong with, as `Observation/o 2`.
fn document(reply: &Reply) -> (Value, Vec<String>) {
    let node = fhir::json::parse(&reply.body).unwrap();
    let findings = fhir::validate(&node);
    assert!(findings.problems.is_empty(), "{:?}\n{}", findings.problems, reply.text());
    let whole: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(whole["type"], "document");
    let entries = whole["entry"].as_array().unwrap();
    let named = |entry: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let resource = &entry["resource"];
        let version = text(&resource["meta"]["versionId"]);
        format!("{}/{} {version}", text(&resource["resourceType"]), text(&resource["id"]))
    };
    let names = entries.iter().map(named).collect();
    (whole, names)
}

#[test]
fn a_final_composition_goes_out_with_what_it_refers_to() {
    let clinic = Clinic::start();
    let doctor = scene(&clinic);
    for record in ["Observation/o", "DiagnosticReport/r", "Composition/l"] {
        act(&doctor, record, "finalize", &[]).expect(200);
    }
    let (whole, names) = document(&doctor.get("Composition/l/$document?persist=false").expect(200));
    assert_eq!(
        names,
        [
            "Composition/l 2",
            "DiagnosticReport/r 2",
            "Patient/p 1",
            "Practitioner/d 1",
            "Observation/o 2",
            "Organization/g 1"
        ]
    );
    assert_eq!(whole["identifier"]["system"], "urn:ietf:rfc:3986");
    assert!(whole["entry"][0]["fullUrl"].as_str().unwrap().ends_with("/fhir/Composition/l"));
    let again = document(&doctor.get("Composition/l/$document").expect(200)).0;
    assert_ne!(again["identifier"], whole["identifier"]);
}

#[test]
fn what_nobody_answers_for_does_not_go_out_and_is_named() {
    let clinic = Clinic::start();
    let doctor = scene(&clinic);
    let refused = |names: &[&str]| {
        let reply = doctor.get("Composition/l/$document");
        assert_eq!(reply.refusal(), (409, "RC-0107".to_owned()));
        for name in ["Composition/l", "DiagnosticReport/r", "Observation/o"] {
            assert_eq!(reply.message().contains(name), names.contains(&name), "{name}: {}", reply.message());
        }
        reply.message()
    };
    refused(&["Composition/l", "DiagnosticReport/r", "Observation/o"]);
    act(&doctor, "Composition/l", "finalize", &[]).expect(200);
    assert!(refused(&["DiagnosticReport/r", "Observation/o"]).contains("draft"));
    act(&doctor, "DiagnosticReport/r", "finalize", &[]).expect(200);
    act(&doctor, "Observation/o", "finalize", &[]).expect(200);
    doctor.get("Composition/l/$document").expect(200);
    act(&doctor, "Observation/o", "withdraw", &[reason("別の患者")]).expect(200);
    assert!(refused(&["Observation/o"]).contains("withdrawn"));
}

#[test]
fn a_document_that_would_lack_something_is_not_made() {
    let clinic = Clinic::start();
    let doctor = scene(&clinic);
    doctor.put("Composition/l", letter("final", "Observation/gone")).expect(200);
    let reply = doctor.get("Composition/l/$document");
    assert_eq!(reply.refusal(), (409, "RC-0108".to_owned()));
    assert!(reply.message().contains("Observation/gone"), "{}", reply.message());
    for (path, expected) in [
        ("Composition/l/$document?persist=true", (400, "RC-0106")),
        ("Composition/l/$document?graph=x", (400, "RC-0106")),
        ("Composition/l/$document?_at=2026-04-01T00:00Z", (400, "RC-0106")),
        ("Observation/o/$document", (400, "RC-0105")),
        ("Composition/nothing/$document", (404, "RC-0002")),
    ] {
        assert_eq!(doctor.get(path).refusal(), (expected.0, expected.1.to_owned()), "{path}");
    }
    assert_eq!(member(&clinic, "other").get("Composition/l/$document").refusal().0, 403);
}

#[test]
fn the_whole_record_goes_out_with_its_histories_and_why_it_was_changed() {
    let clinic = Clinic::start();
    let doctor = scene(&clinic);
    act(&doctor, "Observation/o", "finalize", &[]).expect(200);
    let corrected = observation("o", "amended", "<2>");
    act(&doctor, "Observation/o", "amend", &[reason("読み違い & 訂正"), with(&corrected)]).expect(200);
    doctor.delete("DiagnosticReport/r").expect(204);
    let (whole, names) = document(&doctor.get("Patient/p/$document").expect(200));
    let told: Vec<&str> =
        names.iter().skip(1).map(String::as_str).filter(|name| !name.starts_with("Prov")).collect();
    assert_eq!(
        told,
        [
            "Patient/p 1",
            "Observation/o 3",
            "Observation/o 2",
            "Observation/o 1",
            "DiagnosticReport/r 1",
            "Composition/l 1",
            "Organization/g 1",
            "Practitioner/d 1"
        ]
    );
    assert_eq!(names.iter().filter(|name| name.starts_with("Provenance/")).count(), 2);
    let composition = &whole["entry"][0]["resource"];
    assert_eq!(
        (&composition["resourceType"], &composition["status"]),
        (&json!("Composition"), &json!("preliminary"))
    );
    let titles: Vec<&str> =
        composition["section"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles,
        [
            "患者 / Patient",
            "文書 / Composition",
            "検査結果・観察 / Observation",
            "削除された記録：検査報告書 / Deleted: DiagnosticReport"
        ]
    );
    assert_eq!(composition["section"][2]["entry"][0]["reference"], "Observation/o/_history/3");
    let text = composition["section"][2]["text"]["div"].as_str().unwrap();
    for told in ["読み違い &amp; 訂正", "1 → &lt;2&gt;", "訂正・追記（責任者 doctor）"] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    assert!(composition["text"]["div"].as_str().unwrap().contains("山田 &lt;花子&gt;"));
}
