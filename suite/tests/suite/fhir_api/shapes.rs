//! `_summary` and `_elements`: results cut down, and marked so.

use crate::material::{born, patient, versions};
use testkit::{Clinic, at, texts};

const TEXT: &str =
    r#""text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}"#;

fn full(id: &str) -> String {
    patient(&format!(
        r#""id":"{id}",{TEXT},"active":true,"name":[{{"family":"x"}}],"birthDate":"1950","photo":[{{"title":"y"}}]"#
    ))
}

/// Which of the elements of [`full`] are there.
fn there(node: &fhir::Node) -> Vec<&'static str> {
    let names = ["text", "active", "name", "birthDate", "photo"];
    names.into_iter().filter(|name| node.get(name).is_some()).collect()
}

const SHAPES: [(&str, &[&str]); 7] = [
    ("_summary=true", &["active", "name", "birthDate"]),
    ("_summary=text", &["text"]),
    ("_summary=data", &["active", "name", "birthDate", "photo"]),
    ("_summary=false", &["text", "active", "name", "birthDate", "photo"]),
    ("_elements=birthDate", &["active", "birthDate"]),
    ("_elements=photo,text", &["text", "active", "photo"]),
    ("", &["text", "active", "name", "birthDate", "photo"]),
];

#[test]
fn a_read_a_history_and_a_search_show_the_shape_asked_for() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", full("p")).expect(201);
    for (query, expected) in SHAPES {
        for path in [
            "Patient/p",
            "Patient/p/_history/1",
            "Patient/p/_history",
            "Patient/_history",
            "_history",
            "Patient",
        ] {
            let reply = client.get(&format!("{path}?{query}")).expect(200);
            let node = reply.node();
            let resource = at(&node, "entry.0.resource").unwrap_or(&node);
            assert_eq!(there(resource), expected, "{path} {query}");
            assert_eq!(at(resource, "id").and_then(fhir::Node::as_str), Some("p"));
            let tags = texts(resource, "meta.tag", "code");
            let whole = query.is_empty() || query == "_summary=false";
            assert_eq!(tags, if whole { vec![] } else { vec!["SUBSETTED".to_owned()] }, "{path} {query}");
            if path == "Patient/p" {
                assert_eq!(reply.field("etag"), "W/\"1\"", "the version is what it is");
            }
        }
    }
}

#[test]
fn a_search_for_a_number_shows_no_records() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for id in ["a", "b", "c"] {
        client.put(&format!("Patient/{id}"), full(id)).expect(201);
    }
    for query in ["_summary=count", "_count=0", "_count=0&birthdate=1950"] {
        let reply = client.get(&format!("Patient?{query}")).expect(200);
        assert_eq!(
            (reply.get("total"), at(&reply.node(), "entry").is_some()),
            ("3".to_owned(), false),
            "{query}"
        );
    }
    let page = client.get("Patient?_count=1&_total=accurate").expect(200);
    assert_eq!((page.get("total"), texts(&page.node(), "entry", "fullUrl").len()), ("3".to_owned(), 1));
    for (query, code) in [
        ("_summary=true&_elements=name", "RC-0035"),
        ("_elements=colour", "FH-0078"),
        ("_summary=some", "FH-0074"),
    ] {
        assert_eq!(client.get(&format!("Patient?{query}")).refusal(), (400, code.to_owned()), "{query}");
    }
}

#[test]
fn a_shape_that_means_nothing_is_refused() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    for (query, code) in [
        ("_summary=yes", "RC-0034"),
        ("_summary=count", "RC-0034"),
        ("_summary=true&_elements=name", "RC-0035"),
        ("_summary=true&_summary=true", "RC-0020"),
        ("_elements=colour", "FH-0098"),
        ("_elements=name.family", "FH-0098"),
        ("_count=1", "SV-0018"),
    ] {
        for path in ["Patient/p", "Patient/p/_history/1"] {
            assert_eq!(
                client.get(&format!("{path}?{query}")).refusal(),
                (400, code.to_owned()),
                "{path} {query}"
            );
        }
    }
    assert_eq!(client.get("Patient/_history?_elements=colour").refusal(), (400, "FH-0098".to_owned()));
}

#[test]
fn what_was_cut_down_cannot_replace_the_whole() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", full("p")).expect(201);
    let before = versions(&client);
    let cut = client.get("Patient/p?_elements=birthDate").expect(200);
    assert_eq!(client.put("Patient/p", &cut.body).refusal(), (422, "RC-0033".to_owned()));
    assert_eq!(client.put("Patient?_id=p", &cut.body).refusal(), (422, "RC-0033".to_owned()));
    let entry = crate::material::writes("PUT", "Patient/p", &cut.text());
    let reply = client.post("", crate::material::bundle("transaction", &[entry]));
    assert_eq!(reply.refusal(), (422, "RC-0033".to_owned()));
    assert_eq!(versions(&client), before);
    client.put("Patient/p", client.get("Patient/p").body).expect(200);
}
