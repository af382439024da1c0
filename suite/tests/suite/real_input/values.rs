//! Values that other servers let pass: refused by every way in, and their rightful neighbours taken.

use crate::material::{bundle, observation, patient, versions, writes};
use testkit::{Client, Clinic};

/// Type of the resource, the resource, and the code of its refusal.
fn wrong() -> Vec<(&'static str, String, &'static str)> {
    vec![
        ("Patient", patient(r#""name":[]"#), "FH-0016"),
        ("Patient", patient(r#""name":[{"given":[]}]"#), "FH-0016"),
        ("Patient", patient(r#""birthDate":null"#), "FH-0017"),
        ("Patient", patient(r#""name":[{"given":[null]}]"#), "FH-0017"),
        ("Patient", patient(r#""birthDate":"2024-02-31""#), "FH-0111"),
        ("Patient", patient(r#""birthDate":"2023-02-29""#), "FH-0111"),
        ("Observation", observation(r#""issued":"2024-02-31T00:00:00Z""#), "FH-0111"),
        ("Patient", patient(r#""photo":[{"size":-1}]"#), "FH-0110"),
        ("Patient", patient(r#""telecom":[{"rank":0}]"#), "FH-0110"),
        ("Patient", patient(r#""telecom":[{"rank":-1}]"#), "FH-0110"),
    ]
}

/// Type of the resource, the resource, and a text that must be in what is stored.
fn right() -> Vec<(&'static str, String, &'static str)> {
    vec![
        ("Patient", patient(r#""birthDate":"2024-02-29""#), r#""birthDate":"2024-02-29""#),
        ("Patient", patient(r#""photo":[{"size":0}]"#), r#""size":0"#),
        ("Patient", patient(r#""telecom":[{"rank":1}]"#), r#""rank":1"#),
        (
            "Observation",
            observation(r#""issued":"2016-12-31T23:59:60Z""#),
            r#""issued":"2016-12-31T23:59:60Z""#,
        ),
        (
            "Observation",
            observation(r#""effectiveInstant":"2017-01-01T08:59:60.5+09:00""#),
            r#""effectiveInstant":"2017-01-01T08:59:60.5+09:00""#,
        ),
    ]
}

/// A resource with an id, as an update wants it.
fn with_id(resource: &str, id: &str) -> String {
    resource.replacen('{', &format!(r#"{{"id":"{id}","#), 1)
}

/// Status and code by create, update and transaction.
fn refusals(client: &Client, kind: &str, body: &str) -> [(u16, String); 3] {
    let entry = writes("POST", kind, body);
    [
        client.post(kind, body).refusal(),
        client.put(&format!("{kind}/x"), with_id(body, "x")).refusal(),
        client.post("", bundle("transaction", &[writes("POST", "Patient", &patient("")), entry])).refusal(),
    ]
}

#[test]
fn empty_arrays_nulls_days_out_of_the_calendar_and_numbers_out_of_range_are_refused() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (kind, body, code) in wrong() {
        let expected = [0; 3].map(|_| (422, code.to_owned()));
        assert_eq!(refusals(&client, kind, &body), expected, "{body}");
    }
    assert_eq!(versions(&client), 0);
}

#[test]
fn leap_days_leap_seconds_and_the_least_numbers_are_taken_as_they_are_written() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (number, (kind, body, kept)) in right().into_iter().enumerate() {
        let created = client.post(kind, &body).expect(201);
        assert!(created.text().contains(kept), "{}", created.text());
        let key = format!("{kind}/v{number}");
        client.put(&key, with_id(&body, &format!("v{number}"))).expect(201);
        let stored = client.get(&key).expect(200).text();
        assert!(stored.contains(kept), "{stored}");
    }
    clinic.verify().unwrap();
}
