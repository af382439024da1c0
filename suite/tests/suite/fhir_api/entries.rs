//! What entries of Bundles can ask for beside plain writes and reads: patches, conditions, references by criteria.

use crate::material::{asks, born, bundle, named, observation, patient, urn, versions, writes};
use testkit::{Client, Clinic, texts};

fn with_identifier(value: &str) -> String {
    patient(&format!(r#""identifier":[{{"system":"urn:s","value":"{value}"}}]"#))
}

/// An entry with a resource, a condition and, if not empty, a fullUrl.
fn on(full_url: &str, method: &str, url: &str, resource: &str, condition: &str) -> String {
    let full_url = if full_url.is_empty() { String::new() } else { format!(r#""fullUrl":"{full_url}","#) };
    let resource = if resource.is_empty() { String::new() } else { format!(r#""resource":{resource},"#) };
    format!(r#"{{{full_url}{resource}"request":{{"method":"{method}","url":"{url}",{condition}}}}}"#)
}

/// A JSON Patch as a Bundle carries it; `W3sib3AiOiJhZGQi…` is `[{"op":"add","path":"/active","value":true}]`.
fn binary() -> String {
    let data = "W3sib3AiOiJhZGQiLCJwYXRoIjoiL2FjdGl2ZSIsInZhbHVlIjp0cnVlfV0=";
    format!(r#"{{"resourceType":"Binary","contentType":"application/json-patch+json","data":"{data}"}}"#)
}

fn none_exist(criteria: &str) -> String {
    format!(r#""ifNoneExist":"{criteria}""#)
}

/// One record `one` of identifier 1, and two of identifier 2.
fn prepare(client: &Client) {
    client
        .put(
            "Patient/one",
            born("one", "1950")
                .replace("\"birthDate\"", r#""identifier":[{"system":"urn:s","value":"1"}],"birthDate""#),
        )
        .expect(201);
    client.post("Patient", with_identifier("2")).expect(201);
    client.post("Patient", with_identifier("2")).expect(201);
}

#[test]
fn both_kinds_of_bundle_take_patches_and_conditions() {
    for kind in ["batch", "transaction"] {
        let clinic = Clinic::start();
        let client = clinic.client();
        prepare(&client);
        client.put("Patient/two", born("two", "1950")).expect(201);
        client.put("Patient/three", born("three", "1950")).expect(201);
        let entries = [
            on("", "POST", "Patient", &with_identifier("7"), &none_exist("identifier=urn:s|7")),
            on("", "POST", "Patient", &with_identifier("1"), &none_exist("identifier=urn:s|1")),
            writes("PATCH", "Patient/two", &binary()),
            on("", "PATCH", "Patient/three", &binary(), r#""ifMatch":"W/\"1\"""#),
            writes("PUT", "Patient?identifier=urn:s|8", &with_identifier("8")),
            asks("DELETE", "Patient?identifier=urn:s|9"),
            on("", "GET", "Patient/one", "", r#""ifNoneMatch":"W/\"1\"""#),
            on("", "GET", "Patient/one", "", r#""ifModifiedSince":"2100-01-01T00:00:00Z""#),
            asks("HEAD", "Patient/one"),
            asks("GET", "Patient/one?_elements=birthDate"),
        ];
        let reply = client.post("", bundle(kind, &entries)).expect(200);
        let node = reply.node();
        let statuses: Vec<String> =
            texts(&node, "entry", "response.status").iter().map(|status| status[..3].to_owned()).collect();
        assert_eq!(
            statuses,
            ["201", "200", "200", "200", "201", "204", "304", "304", "200", "200"],
            "{kind}: {}",
            reply.text()
        );
        assert_eq!(reply.get("entry.1.resource.id"), "one");
        assert_eq!(reply.get("entry.2.resource.active"), "true");
        assert_eq!(
            (reply.get("entry.6.resource"), reply.get("entry.8.resource")),
            (String::new(), String::new())
        );
        assert_eq!(reply.get("entry.8.response.etag"), "W/\"1\"");
        assert_eq!(reply.get("entry.9.resource.meta.tag.0.code"), "SUBSETTED");
        assert_eq!(client.get("Patient?identifier=urn:s%7C8").get("total"), "1");
        assert_eq!(versions(&client), 9, "{kind}");
        clinic.verify().unwrap();
    }
}

#[test]
fn entries_show_what_the_caller_prefers() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    for kind in ["batch", "transaction"] {
        for (prefer, resource, outcome) in [
            ("return=representation", "Patient", ""),
            ("return=minimal", "", ""),
            ("return=OperationOutcome", "", "OperationOutcome"),
        ] {
            let entries = [writes("PUT", "Patient/p", &born("p", "1950")), asks("GET", "Patient/p")];
            let ask = client.ask(http::Method::POST, "").resource(bundle(kind, &entries));
            let reply = ask.field("prefer", prefer).send().expect(200);
            assert_eq!(reply.get("entry.0.resource.resourceType"), resource, "{kind} {prefer}");
            assert_eq!(reply.get("entry.0.response.outcome.resourceType"), outcome, "{kind} {prefer}");
            assert_eq!(reply.get("entry.1.resource.resourceType"), "Patient", "a reading is always shown");
        }
    }
}

#[test]
fn references_lead_to_records_found_by_criteria() {
    let clinic = Clinic::start();
    let client = clinic.client();
    prepare(&client);
    let subject = |reference: &str| observation(&format!(r#""subject":{{"reference":"{reference}"}}"#));
    let entries = [
        on(&urn(1), "POST", "Patient", &with_identifier("1"), &none_exist("identifier=urn:s|1")),
        on(&urn(2), "POST", "Patient", &with_identifier("3"), &none_exist("identifier=urn:s|3")),
        named(&urn(3), "POST", "Patient", &with_identifier("4")),
        writes("POST", "Observation", &subject(&urn(1))),
        writes("POST", "Observation", &subject(&urn(2))),
        writes("POST", "Observation", &subject("Patient?identifier=urn:s|1")),
        writes("POST", "Observation", &subject("Patient?identifier=urn:s|4")),
    ];
    let reply = client.post("", bundle("transaction", &entries)).expect(200);
    let key = |index: usize| {
        let location = reply.get(&format!("entry.{index}.response.location"));
        location.split("/fhir/").nth(1).unwrap().split("/_history").next().unwrap().to_owned()
    };
    let of = |index: usize| reply.get(&format!("entry.{index}.resource.subject.reference"));
    assert_eq!((of(3), of(4)), ("Patient/one".to_owned(), key(1)));
    assert_eq!(
        (of(5), of(6)),
        ("Patient/one".to_owned(), key(2)),
        "also to one written by the same transaction"
    );
    assert_eq!(reply.get("entry.0.response.status"), "200 OK");
    clinic.verify().unwrap();
}

/// Entries that make a transaction contradict itself or its criteria, and what is answered. (0 where the form of the Bundle
/// already refuses it.)
fn contradictions() -> Vec<(Vec<String>, u16, &'static str)> {
    let same = none_exist("identifier=urn:s|5");
    let turned = none_exist("active=true&identifier=urn:s|5");
    let create = |condition: &str| on("", "POST", "Patient", &with_identifier("5"), condition);
    let subject = |reference: &str| {
        writes("POST", "Observation", &observation(&format!(r#""subject":{{"reference":"{reference}"}}"#)))
    };
    vec![
        (vec![create(&same), create(&same)], 400, "RC-0027"),
        (vec![create(&same), writes("POST", "Patient", &with_identifier("5"))], 400, "RC-0028"),
        (vec![create(&none_exist("_id=nobody")), writes("POST", "Patient", &patient(""))], 400, "RC-0028"),
        (
            vec![
                writes("PUT", "Patient?identifier=urn:s|5", &with_identifier("5")),
                create("\"ifNoneExist\":\"identifier=5\""),
            ],
            400,
            "RC-0028",
        ),
        (vec![create(&none_exist("identifier=urn:s|1")), asks("DELETE", "Patient/one")], 400, "RC-0029"),
        (vec![create(&none_exist("identifier=urn:s|2"))], 412, "RC-0021"),
        (vec![asks("DELETE", "Patient?identifier=urn:s|2")], 412, "RC-0021"),
        (vec![writes("PATCH", "Patient?identifier=urn:s|5", &binary())], 404, "RC-0022"),
        (vec![subject("Patient?identifier=urn:s|5")], 412, "RC-0030"),
        (vec![subject("Patient?identifier=urn:s|2")], 412, "RC-0030"),
        (vec![subject("Patient?identifier=urn:s|1"), asks("DELETE", "Patient/one")], 412, "RC-0030"),
        (vec![subject("Nonsense?identifier=1")], 404, "RC-0001"),
        (vec![writes("PATCH", "Patient/one", &patient(""))], 415, "RC-0031"),
        (vec![writes("PATCH", "Patient/one", &binary().replace("W3s", "!!!"))], 415, "RC-0031"),
        (vec![writes("PATCH", "Patient/one", r#"{"resourceType":"Parameters"}"#)], 415, "RC-0031"),
        (
            vec![writes("PATCH", "Patient/one", &binary()), writes("PUT", "Patient/one", &born("one", "1"))],
            400,
            "ST-0008",
        ),
        (
            vec![
                writes("PUT", "Patient?identifier=urn:s|1", &with_identifier("1")),
                asks("DELETE", "Patient/one"),
            ],
            400,
            "RC-0029",
        ),
        (
            vec![on(
                "",
                "PUT",
                "Patient?identifier=urn:s|1",
                &with_identifier("1"),
                r#""ifMatch":"W/\"9\"""#,
            )],
            412,
            "ST-0005",
        ),
        (
            vec![on("", "PUT", "Patient?identifier=urn:s|1", &with_identifier("1"), r#""ifNoneMatch":"*""#)],
            400,
            "RC-0013",
        ),
        (vec![on("", "GET", "Patient", "", r#""ifNoneMatch":"W/\"1\"""#)], 400, "RC-0013"),
        (vec![on("", "GET", "Patient/one", "", r#""ifModifiedSince":"yesterday""#)], 0, ""),
        (vec![on("", "PUT", "Patient/one", &born("one", "1950"), &turned)], 400, "RC-0013"),
    ]
}

#[test]
fn a_transaction_that_contradicts_its_criteria_is_refused_whole() {
    let clinic = Clinic::start();
    let client = clinic.client();
    prepare(&client);
    let good = writes("PUT", "Patient/good", &born("good", "1950"));
    for (mut entries, status, code) in contradictions() {
        entries.insert(0, good.clone());
        let reply = client.post("", bundle("transaction", &entries));
        let (found, told) = reply.refusal();
        assert!(told.starts_with(code) && (found == status || status == 0), "{entries:?}: {}", reply.text());
    }
    assert_eq!(versions(&client), 3, "nothing of any of them was written");
    clinic.verify().unwrap();
}

#[test]
fn deletions_count_before_creations_and_these_before_updates() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/old", born("old", "1950")).expect(201);
    client.put("Patient/kept", born("kept", "1950")).expect(201);
    let entries = [
        writes("PUT", "Patient/kept", &born("kept", "1951")),
        writes("POST", "Patient", &born("x", "1950")),
        asks("DELETE", "Patient/old"),
        asks("GET", "Patient/old"),
    ];
    let reply = client.post("", bundle("transaction", &entries)).expect(200);
    let statuses = texts(&reply.node(), "entry", "response.status");
    assert_eq!(
        statuses,
        ["200 OK", "201 Created", "204 No Content", "410"],
        "answered in the order of the entries"
    );
    let history = client.get("_history?_count=3").expect(200).node();
    assert_eq!(texts(&history, "entry", "response.status"), ["200 OK", "201 Created", "204 No Content"]);
    assert_eq!(texts(&history, "entry", "request.method"), ["PUT", "PUT", "DELETE"], "newest first");
}

#[test]
fn a_fault_in_a_patch_is_placed_in_its_entry() {
    let clinic = Clinic::start();
    let client = clinic.client();
    prepare(&client);
    // `[{"op":"remove","path":"/colour"}]`
    let patch = binary().replace(
        "W3sib3AiOiJhZGQiLCJwYXRoIjoiL2FjdGl2ZSIsInZhbHVlIjp0cnVlfV0=",
        "W3sib3AiOiJyZW1vdmUiLCJwYXRoIjoiL2NvbG91ciJ9XQ==",
    );
    let reply = client.post("", bundle("transaction", &[writes("PATCH", "Patient/one", &patch)]));
    assert_eq!(reply.refusal(), (422, "FH-0094".to_owned()));
    assert_eq!(reply.get("issue.0.diagnostics"), "/0/path");
    assert_eq!(reply.place(), "Bundle.entry[0].resource.data");
}
