//! The records of two patients are not mixed: over HTTP, by every way to write, and what may rightly cross.

use super::parallel::at_once;
use crate::material::{bundle, named, observation, resource, urn, versions, writes};
use http::Method;
use testkit::{Client, Clinic, Reply};

/// Two patients, with an encounter, an order and a result each.
fn start() -> (Clinic, Client) {
    let clinic = Clinic::start();
    let client = clinic.client();
    for who in ["a", "b"] {
        let subject = format!(r#""subject":{{"reference":"Patient/{who}"}}"#);
        client.put(&format!("Patient/{who}"), resource("Patient", &format!(r#""id":"{who}""#))).expect(201);
        put(
            &client,
            &format!("Encounter/{who}"),
            &format!(r#""status":"finished","class":{{"code":"AMB"}},{subject}"#),
        );
        put(
            &client,
            &format!("ServiceRequest/{who}"),
            &format!(r#""status":"active","intent":"order",{subject}"#),
        );
        put(
            &client,
            &format!("Observation/{who}"),
            &format!(r#""status":"preliminary","code":{{"text":"x"}},{subject}"#),
        );
    }
    (clinic, client)
}

fn sent(client: &Client, key: &str, members: &str) -> Reply {
    let (kind, id) = key.split_once('/').unwrap();
    client.put(key, resource(kind, &format!(r#""id":"{id}",{members}"#)))
}

fn put(client: &Client, key: &str, members: &str) {
    let reply = sent(client, key, members);
    assert_eq!(reply.status(), 201, "{key}: {}", reply.text());
}

fn of(patient: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(
        r#""status":"preliminary","code":{{"text":"x"}},"subject":{{"reference":"Patient/{patient}"}}{comma}{more}"#
    )
}

fn mixed() -> (u16, String) {
    (422, "ST-0040".to_owned())
}

#[test]
fn a_result_is_not_joined_with_encounter_order_or_result_of_another() {
    let (clinic, client) = start();
    let before = versions(&client);
    for tie in [
        r#""encounter":{"reference":"Encounter/a"}"#,
        r#""basedOn":[{"reference":"ServiceRequest/a"}]"#,
        r#""hasMember":[{"reference":"Observation/b"},{"reference":"Observation/a"}]"#,
        r#""derivedFrom":[{"reference":"Observation/a/_history/1"}]"#,
    ] {
        let reply = sent(&client, "Observation/new", &of("b", tie));
        assert_eq!(reply.refusal(), mixed(), "{tie}");
        for named in ["Observation/new", "Patient/b", "Patient/a"] {
            assert!(reply.message().contains(named), "{}", reply.message());
        }
    }
    let absolute = format!(r#""encounter":{{"reference":"{}/Encounter/a"}}"#, client.base());
    assert_eq!(sent(&client, "Observation/new", &of("b", &absolute)).refusal(), mixed());
    assert_eq!(versions(&client), before, "nothing was stored");
    clinic.verify().unwrap();
}

#[test]
fn a_report_does_not_gather_the_results_of_two() {
    let (_clinic, client) = start();
    let results = r#""result":[{"reference":"Observation/a"},{"reference":"Observation/b"}]"#;
    for members in [of("a", results), format!(r#""status":"preliminary","code":{{"text":"x"}},{results}"#)] {
        let reply = sent(&client, "DiagnosticReport/r", &members);
        assert_eq!(reply.refusal(), mixed());
        assert!(reply.message().contains("Observation/b"), "{}", reply.message());
    }
}

#[test]
fn the_entries_of_a_transaction_are_held_against_each_other() {
    let (_clinic, client) = start();
    let before = versions(&client);
    let visit = r#"{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/a"}}"#;
    let tied = |patient: &str| {
        let (encounter, subject) = (urn(1), patient);
        observation(&format!(
            r#""subject":{{"reference":"Patient/{subject}"}},"encounter":{{"reference":"{encounter}"}}"#
        ))
    };
    let entries = |patient: &str| {
        [named(&urn(1), "POST", "Encounter", visit), writes("POST", "Observation", &tied(patient))]
    };
    let reply = client.post("", bundle("transaction", &entries("b")));
    assert_eq!(reply.refusal(), mixed());
    assert_eq!(reply.place(), "Bundle.entry[1]");
    assert_eq!(versions(&client), before);
    client.post("", bundle("transaction", &entries("a"))).expect(200);
    let by_criteria =
        observation(r#""subject":{"reference":"Patient/b"},"encounter":{"reference":"Encounter?_id=a"}"#);
    let reply = client.post("", bundle("transaction", &[writes("POST", "Observation", &by_criteria)]));
    assert_eq!(reply.refusal(), mixed());
    let batch = client.post(
        "",
        bundle(
            "batch",
            &[writes(
                "POST",
                "Observation",
                &observation(
                    r#""subject":{"reference":"Patient/b"},"encounter":{"reference":"Encounter/a"}"#,
                ),
            )],
        ),
    );
    assert!(batch.expect(200).get("entry.0.response.status").starts_with("422"));
}

#[test]
fn a_patch_and_an_update_by_criteria_do_not_mix_either() {
    let (_clinic, client) = start();
    let patch = r#"[{"op":"add","path":"/encounter","value":{"reference":"Encounter/a"}}]"#;
    let patched =
        client.ask(Method::PATCH, "Observation/b").body("application/json-patch+json", patch).send();
    assert_eq!(patched.refusal(), mixed());
    let mixing = of("b", r#""encounter":{"reference":"Encounter/a"}"#);
    let updated = client.put("Observation?_id=b", resource("Observation", &mixing));
    assert_eq!(updated.refusal(), mixed());
    let created = client.ask(Method::POST, "Observation").resource(resource("Observation", &mixing));
    assert_eq!(created.field("if-none-exist", "code=none").send().refusal(), mixed());
    assert_eq!(client.get("Observation/b").get("meta.versionId"), "1");
}

#[test]
fn a_record_moves_to_another_patient_only_with_all_that_is_tied_to_it() {
    let (_clinic, client) = start();
    let visit = |patient: &str| {
        format!(
            r#""id":"a","status":"finished","class":{{"code":"AMB"}},"subject":{{"reference":"Patient/{patient}"}}"#
        )
    };
    put(&client, "Observation/o", &of("a", r#""encounter":{"reference":"Encounter/a"}"#));
    let reply = client.put("Encounter/a", resource("Encounter", &visit("b")));
    assert_eq!(reply.refusal(), (409, "ST-0041".to_owned()));
    assert!(reply.message().contains("Observation/o") && reply.message().contains("Patient/b"));
    let moved = of("b", r#""id":"o","encounter":{"reference":"Encounter/a"}"#);
    let both = [
        writes("PUT", "Encounter/a", &resource("Encounter", &visit("b"))),
        writes("PUT", "Observation/o", &resource("Observation", &moved)),
    ];
    client.post("", bundle("transaction", &both)).expect(200);
    assert_eq!(client.get("Encounter/a").get("subject.reference"), "Patient/b");
}

#[test]
fn of_two_who_claim_one_specimen_at_the_same_time_one_is_refused() {
    let (clinic, client) = start();
    put(&client, "Specimen/s", r#""type":{"text":"serum"}"#);
    let replies = at_once(&client, 16, &|client, number| {
        let patient = if number % 2 == 0 { "a" } else { "b" };
        let tied = of(patient, r#""specimen":{"reference":"Specimen/s"}"#);
        client.post("Observation", resource("Observation", &tied))
    });
    let created: Vec<String> =
        replies.iter().filter(|one| one.status() == 201).map(|one| one.get("subject.reference")).collect();
    assert_eq!(created.len(), 8);
    assert!(created.iter().all(|subject| *subject == created[0]), "{created:?}");
    assert!(replies.iter().filter(|one| one.status() != 201).all(|one| one.refusal() == mixed()));
    clinic.verify().unwrap();
}

#[test]
fn what_may_rightly_lead_to_another_patient_does() {
    let (clinic, client) = start();
    let a = r#""subject":{"reference":"Patient/a"}"#;
    for (key, members) in [
        // A newborn's encounter is part of that of the mother.
        ("Encounter/newborn", format!(r#""status":"finished","class":{{"code":"IMP"}},{a},"partOf":{{"reference":"Encounter/b"}}"#)),
        ("Observation/focus", of("a", r#""focus":[{"reference":"Observation/b"}]"#)),
        ("Observation/performer", of("a", r#""performer":[{"reference":"Patient/b"}]"#)),
        (
            "ServiceRequest/reason",
            format!(r#""status":"active","intent":"order",{a},"reasonReference":[{{"reference":"Observation/b"}}]"#),
        ),
        ("List/many", r#""status":"current","mode":"working","entry":[{"item":{"reference":"Observation/a"}},{"item":{"reference":"Observation/b"}}]"#.to_owned()),
        ("Account/family", r#""status":"active","subject":[{"reference":"Patient/a"},{"reference":"Patient/b"}]"#.to_owned()),
        ("Appointment/both", r#""status":"proposed","participant":[{"actor":{"reference":"Patient/a"},"status":"accepted"},{"actor":{"reference":"Patient/b"},"status":"accepted"}],"basedOn":[{"reference":"ServiceRequest/a"},{"reference":"ServiceRequest/b"}]"#.to_owned()),
        ("Provenance/p", r#""recorded":"2026-04-01T00:00:00Z","agent":[{"who":{"reference":"Practitioner/d"}}],"target":[{"reference":"Observation/a"},{"reference":"Observation/b"}]"#.to_owned()),
        ("CarePlan/group", r#""status":"active","intent":"plan","subject":{"reference":"Group/g"}"#.to_owned()),
        ("ServiceRequest/ga", format!(r#""status":"active","intent":"order",{a},"basedOn":[{{"reference":"CarePlan/group"}}]"#)),
        ("ServiceRequest/gb", r#""status":"active","intent":"order","subject":{"reference":"Patient/b"},"basedOn":[{"reference":"CarePlan/group"}]"#.to_owned()),
        ("RelatedPerson/r", r#""patient":{"reference":"Patient/b"}"#.to_owned()),
        ("Observation/relative", of("a", r#""performer":[{"reference":"RelatedPerson/r"}]"#)),
        ("Observation/nowhere", of("a", r#""encounter":{"reference":"Encounter/none"}"#)),
        ("Observation/elsewhere", of("b", r#""encounter":{"reference":"https://other.example/fhir/Encounter/a"}"#)),
    ] {
        put(&client, key, &members);
    }
    let linked = r#""id":"a","link":[{"other":{"reference":"Patient/b"},"type":"seealso"}]"#;
    client.put("Patient/a", resource("Patient", linked)).expect(200);
    clinic.verify().unwrap();
}
