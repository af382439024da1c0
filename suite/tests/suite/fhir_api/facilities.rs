//! Two facilities on one server: what belongs to the other one does not exist.

use crate::material::{asks, born, bundle, observation, patient, writes};
use http::Method;
use testkit::{Client, Clinic, Plan, Reply, texts};

fn two() -> Clinic {
    Clinic::with(Plan { facilities: &["sakura", "fuji"], ..Plan::default() })
}

/// Status and body, with the names that the request itself carried taken out.
fn said(reply: &Reply, own: &str) -> (u16, String) {
    (reply.status(), reply.text().replace(own, "(it)"))
}

/// Everything that can be asked about a record.
fn questions(client: &Client, id: &str) -> Vec<Reply> {
    let ask = |path: &str| client.get(path);
    let put = observation(&format!(r#""id":"{id}-o","subject":{{"reference":"Patient/{id}"}}"#));
    vec![
        ask(&format!("Patient/{id}")),
        ask(&format!("Patient/{id}/_history")),
        ask(&format!("Patient/{id}/_history/1")),
        ask(&format!("Patient/{id}/$proof")),
        ask(&format!("Patient/{id}/_history/1/$proof")),
        client.ask(Method::GET, &format!("Patient/{id}")).field("if-none-match", "W/\"1\"").send(),
        client
            .ask(Method::PUT, &format!("Patient/{id}"))
            .resource(born(id, "1"))
            .field("if-match", "W/\"1\"")
            .send(),
        client.ask(Method::DELETE, &format!("Patient/{id}")).field("if-match", "W/\"1\"").send(),
        client.delete(&format!("Patient/{id}")),
        client.post(
            "",
            bundle(
                "batch",
                &[asks("GET", &format!("Patient/{id}")), asks("GET", &format!("Patient/{id}/_history"))],
            ),
        ),
        client.post("", bundle("transaction", &[asks("DELETE", &format!("Patient/{id}"))])),
        client.put(&format!("Observation/{id}-o"), put.replace("preliminary", "nonsense   ")),
    ]
}

#[test]
fn a_record_of_another_facility_is_answered_like_one_that_never_was() {
    let clinic = two();
    let (sakura, fuji) = (clinic.client(), clinic.client_of("fuji"));
    fuji.put(
        "Patient/canary",
        patient(r#""id":"canary","identifier":[{"value":"canary-7"}],"name":[{"text":"canary-name"}]"#),
    )
    .expect(201);
    fuji.put("Observation/co", observation(r#""id":"co","subject":{"reference":"Patient/canary"}"#))
        .expect(201);
    let foreign: Vec<_> = questions(&sakura, "canary").iter().map(|reply| said(reply, "canary")).collect();
    let never: Vec<_> = questions(&sakura, "nobody").iter().map(|reply| said(reply, "nobody")).collect();
    for (foreign, never) in foreign.iter().zip(&never) {
        let times = |text: &str| text.split("lastUpdated").next().unwrap_or_default().to_owned();
        assert_eq!((foreign.0, times(&foreign.1)), (never.0, times(&never.1)));
    }
    for query in [
        "Patient",
        "Patient?_id=canary",
        "Patient?identifier=canary-7",
        "Observation?patient=canary",
        "_history",
        "Patient/_history",
        "Observation?_id=co",
    ] {
        let reply = sakura.get(query).expect(200);
        assert!(
            texts(&reply.node(), "entry", "resource.id")
                .iter()
                .all(|id| !id.starts_with("canary") || id == "canary-o"),
            "{query}"
        );
        assert!(!reply.text().contains("canary-name"), "{query}");
    }
    assert_eq!(fuji.get("Patient/canary").expect(200).field("etag"), "W/\"1\"", "untouched");
}

#[test]
fn each_facility_counts_and_signs_for_itself() {
    let clinic = two();
    let (sakura, fuji) = (clinic.client(), clinic.client_of("fuji"));
    for id in ["a", "b"] {
        sakura.put(&format!("Patient/{id}"), born(id, "1950")).expect(201);
    }
    fuji.post("", bundle("transaction", &[writes("PUT", "Patient/a", &born("a", "1960"))])).expect(200);
    assert_eq!(sakura.get("Patient/a").get("birthDate"), "1950");
    assert_eq!(fuji.get("Patient/a").get("birthDate"), "1960");
    let (here, there) =
        (sakura.get("/f/sakura/log/checkpoint").text(), fuji.get("/f/fuji/log/checkpoint").text());
    let size = |text: &str| text.lines().nth(1).unwrap().parse::<u64>().unwrap() - Clinic::ENTRIES_AT_START;
    // Here two records, there one, each with the request that wrote it; and the reading of each.
    assert_eq!((size(&here), size(&there)), (5, 3));
    let (here, there) = (sakura.get("/f/sakura/log/key").text(), fuji.get("/f/fuji/log/key").text());
    assert_ne!(here, there);
    let proof = fuji.get("Patient/a/$proof").expect(200).body;
    let key = merkle::note::VerifierKey::parse(here.trim_end()).unwrap();
    assert!(store::verify_proof(&proof, Some(&key)).is_err(), "another facility's key proves nothing here");
    let key = merkle::note::VerifierKey::parse(there.trim_end()).unwrap();
    store::verify_proof(&proof, Some(&key)).unwrap();
}

#[test]
fn a_facility_that_is_not_there_is_answered_like_one_that_does_not_know_the_caller() {
    let clinic = two();
    // The key of sakura, at fuji and at a facility that is not there.
    let sakura = clinic.client_of("sakura");
    for path in ["fhir/Patient/p", "fhir/Patient", "fhir/_history", "fhir/Patient/p/$proof", "log/checkpoint"]
    {
        let (there, nowhere) =
            (sakura.get(&format!("/f/fuji/{path}")), sakura.get(&format!("/f/tsubaki/{path}")));
        assert_eq!(nowhere.refusal(), (401, "ID-0303".to_owned()), "{path}");
        assert_eq!((there.status(), there.text()), (nowhere.status(), nowhere.text()), "{path}");
    }
    let put = |facility: &str| sakura.put(&format!("/f/{facility}/fhir/Patient/p"), born("p", "1950"));
    assert_eq!(put("fuji").text(), put("tsubaki").text());
    for path in ["/f/tsubaki/fhir/metadata", "/f/Sakura/fhir/metadata", "/f/%2e%2e/fhir/metadata"] {
        assert_eq!(sakura.get(path).refusal(), (404, "SV-0001".to_owned()), "{path}");
    }
    // Without a login nobody learns which facilities there are.
    let stranger = clinic.stranger();
    for path in ["Patient/p", "Patient", "_history"] {
        let (here, there) = (stranger.get(path), stranger.get(&format!("/f/tsubaki/fhir/{path}")));
        assert_eq!((here.status(), here.text()), (there.status(), there.text()), "{path}");
    }
}
