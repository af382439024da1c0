//! What belongs to a record: searches in its compartment, and `$everything`.

use crate::material::{born, observation, resource};
use http::Method;
use std::collections::BTreeSet;
use testkit::{Client, Clinic, Reply, texts};

const FORM: &str = "application/x-www-form-urlencoded";

/// Two patients with an encounter and observations each.
fn some() -> Clinic {
    let clinic = Clinic::start();
    let client = clinic.client();
    for id in ["a", "b"] {
        client.put(&format!("Patient/{id}"), born(id, "1950")).expect(201);
        let subject = format!(r#""subject":{{"reference":"Patient/{id}"}}"#);
        let encounter = format!(
            r#""id":"{id}","status":"finished","class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"}},{subject}"#
        );
        client.put(&format!("Encounter/{id}"), resource("Encounter", &encounter)).expect(201);
        for number in 0..3 {
            let body =
                format!(r#""id":"{id}{number}",{subject},"encounter":{{"reference":"Encounter/{id}"}}"#);
            client.put(&format!("Observation/{id}{number}"), observation(&body)).expect(201);
        }
    }
    clinic
}

/// The records of a page: `Observation/a0`.
fn shown(page: &Reply) -> BTreeSet<String> {
    let node = page.node();
    let ids = texts(&node, "entry", "resource.id");
    texts(&node, "entry", "resource.resourceType")
        .iter()
        .zip(ids)
        .map(|(kind, id)| format!("{kind}/{id}"))
        .collect()
}

fn get(client: &Client, path: &str) -> BTreeSet<String> {
    shown(&client.get(path).expect(200))
}

fn set(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

#[test]
fn a_compartment_shows_the_records_of_one_patient_only() {
    let clinic = some();
    let client = clinic.client();
    let observations = ["Observation/a0", "Observation/a1", "Observation/a2"];
    assert_eq!(get(&client, "Patient/a/Observation"), set(&observations));
    assert_eq!(get(&client, "Encounter/a/Observation"), set(&observations));
    assert_eq!(get(&client, "Patient/a/Observation?_id=a1,b1"), set(&["Observation/a1"]));
    assert_eq!(get(&client, "Patient/a/Encounter"), set(&["Encounter/a"]));
    assert_eq!(get(&client, "Patient/none/Observation"), set(&[]));
    let form = client.ask(Method::POST, "Patient/a/Observation/_search").body(FORM, "_id=a1,b1").send();
    assert_eq!(shown(&form.expect(200)), set(&["Observation/a1"]));
    let head = client.ask(Method::HEAD, "Patient/a/Observation").send().expect(200);
    assert!(head.body.is_empty());
}

#[test]
fn a_compartment_can_be_searched_over_all_its_types() {
    let clinic = some();
    let client = clinic.client();
    let all = set(&["Encounter/a", "Observation/a0", "Observation/a1", "Observation/a2"]);
    let found = get(&client, "Patient/a/*");
    assert!(found.is_superset(&all), "{found:?}");
    assert!(found.iter().all(|key| !key.contains("/b")), "{found:?}");
}

#[test]
fn compartments_in_batches_are_the_same() {
    let clinic = some();
    let client = clinic.client();
    let entries = [crate::material::asks("GET", "Patient/a/Observation?_id=a1")];
    let reply = client.post("", crate::material::bundle("batch", &entries)).expect(200);
    assert_eq!(reply.get("entry.0.resource.entry.0.resource.id"), "a1");
}

#[test]
fn a_record_without_a_compartment_is_refused_by_its_type() {
    let clinic = some();
    let client = clinic.client();
    for path in ["Observation/a0/Patient", "Basic/x/*"] {
        let reply = client.get(path);
        assert_eq!(reply.status(), 404, "{path}");
        assert!(reply.message().contains(path.split('/').next().unwrap()), "{}", reply.message());
    }
    assert_eq!(client.get("Patient/a/nothing").refusal(), (404, "SV-0001".to_owned()));
    assert_eq!(client.get("Patient/a/Nonsense").refusal(), (404, "RC-0001".to_owned()));
}

#[test]
fn everything_of_a_patient_is_the_patient_and_what_belongs_to_it() {
    let clinic = some();
    let client = clinic.client();
    let all = set(&["Patient/a", "Encounter/a", "Observation/a0", "Observation/a1", "Observation/a2"]);
    assert_eq!(get(&client, "Patient/a/$everything"), all);
    let posted = client.ask(Method::POST, "Patient/a/$everything").send().expect(200);
    assert_eq!(shown(&posted), all);
    let wanted = r#"{"resourceType":"Parameters","parameter":[{"name":"_type","valueCode":"Encounter"}]}"#;
    assert!(shown(&client.post("Patient/a/$everything", wanted).expect(200)).contains("Encounter/a"));
    let of_encounter = get(&client, "Encounter/a/$everything");
    assert!(of_encounter.is_superset(&set(&["Encounter/a", "Observation/a0"])), "{of_encounter:?}");
    for (path, status, code) in [
        ("Patient/none/$everything", 404, "RC-0002"),
        ("Practitioner/x/$everything", 404, "RC-0044"),
        ("Patient/$everything", 404, "SV-0029"),
    ] {
        assert_eq!(client.get(path).refusal(), (status, code.to_owned()), "{path}");
    }
    client.delete("Patient/a").expect(204);
    assert_eq!(client.get("Patient/a/$everything").status(), 410);
}

#[test]
fn everything_refuses_what_it_does_not_know() {
    let clinic = some();
    let client = clinic.client();
    assert_eq!(client.get("Patient/a/$everything?colour=red").status(), 400);
    let parameters = r#"{"resourceType":"Parameters","parameter":[{"name":"colour","valueString":"red"}]}"#;
    assert_eq!(client.post("Patient/a/$everything", parameters).status(), 400);
    let malformed = r#"{"resourceType":"Parameters","parameter":[{"name":"start"}]}"#;
    assert_eq!(client.post("Patient/a/$everything", malformed).refusal(), (400, "RC-0043".to_owned()));
    let other = client.post("Patient/a/$everything", born("a", "1950"));
    assert_eq!(other.refusal(), (400, "RC-0005".to_owned()));
    let unannounced = client.ask(Method::POST, "Patient/a/$everything").body("text/plain", "{}").send();
    assert_eq!(unannounced.refusal(), (415, "SV-0014".to_owned()));
}

#[test]
fn a_lenient_search_passes_over_what_it_does_not_know_and_says_so() {
    let clinic = some();
    let client = clinic.client();
    let search =
        |prefer: &str| client.ask(Method::GET, "Patient?colour=red&_id=a").field("prefer", prefer).send();
    assert_eq!(search("handling=strict").status(), 400);
    let lenient = search("handling=lenient").expect(200);
    assert_eq!(lenient.field("preference-applied"), "handling=lenient");
    assert_eq!(lenient.get("entry.0.resource.id"), "a");
    assert!(lenient.text().contains("\"outcome\""), "{}", lenient.text());
    assert_eq!(client.get("Patient?colour=red").status(), 400, "strict is the default");
}
