//! A search of several types: `GET [base]?_type=…`, `POST [base]/_search`, and the same in a batch.

use crate::material::{asks, bundle, link, resource};
use http::Method;
use serde_json::Value;
use std::collections::BTreeSet;
use testkit::{Client, Clinic, texts};

const FORM: &str = "application/x-www-form-urlencoded";

fn tagged(kind: &str, id: &str, tag: &str) -> String {
    let rest = match kind {
        "Observation" => r#","status":"preliminary","code":{"text":"x"},"subject":{"reference":"Patient/p"}"#,
        "Condition" => r#","subject":{"reference":"Patient/p"}"#,
        _ => "",
    };
    resource(kind, &format!(r#""id":"{id}","meta":{{"tag":[{{"system":"urn:t","code":"{tag}"}}]}}{rest}"#))
}

/// Patients, conditions and observations in turn, every third tagged otherwise.
fn some() -> Clinic {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", tagged("Patient", "p", "none")).expect(201);
    for number in 0..12 {
        let kind = ["Patient", "Condition", "Observation"][number % 3];
        let tag = if number % 4 == 0 { "b" } else { "a" };
        let id = format!("n{number:02}");
        client.put(&format!("{kind}/{id}"), tagged(kind, &id, tag)).expect(201);
    }
    clinic
}

fn keys(node: &fhir::Node) -> Vec<String> {
    let of = |name: &str| texts(node, "entry", &format!("resource.{name}"));
    of("resourceType").iter().zip(of("id")).map(|(kind, id)| format!("{kind}/{id}")).collect()
}

fn found(client: &Client, query: &str) -> Vec<String> {
    keys(&client.get(&format!("?{query}")).expect(200).node())
}

fn set(all: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    all.into_iter().collect()
}

/// What searches of each type by itself find.
fn one_by_one(client: &Client, kinds: &[&str], query: &str) -> BTreeSet<String> {
    let of = |kind: &&str| keys(&client.get(&format!("{kind}?{query}&_count=100")).expect(200).node());
    set(kinds.iter().flat_map(of))
}

#[test]
fn a_search_of_several_types_finds_what_searches_of_each_find() {
    let clinic = some();
    let client = clinic.client();
    for kinds in
        [&["Condition", "Observation"][..], &["Patient"], &["Patient", "Condition", "Observation", "Goal"]]
    {
        for query in [
            "_tag=urn:t|a",
            "_tag=b",
            "_tag:not=b",
            "_id=n01,n02,p",
            "_lastUpdated=gt2020-01-01",
            "_profile:missing=true",
        ] {
            let expected = one_by_one(&client, kinds, query);
            let asked = format!("_type={}&{query}", kinds.join(","));
            assert_eq!(set(found(&client, &format!("{asked}&_count=100"))), expected, "{asked}");
            let counted = client.get(&format!("?{asked}&_summary=count")).expect(200).get("total");
            assert_eq!(counted, expected.len().to_string(), "{asked} counted");
            let total = client.get(&format!("?{asked}&_count=1&_total=accurate")).expect(200).get("total");
            assert_eq!(total, expected.len().to_string(), "{asked} beside a page");
            let form = client.ask(Method::POST, "_search").body(FORM, format!("{asked}&_count=100"));
            assert_eq!(set(keys(&form.send().expect(200).node())), expected, "{asked} by form");
            let batch =
                client.post("", bundle("batch", &[asks("GET", &format!("?{asked}&_count=100"))])).expect(200);
            let inner: Value = serde_json::from_slice(&batch.body).unwrap();
            let shown =
                inner.pointer("/entry/0/resource/entry").and_then(Value::as_array).map_or(0, Vec::len);
            assert_eq!(shown, expected.len(), "{asked} in a batch");
        }
    }
    let conditions = "_type=Condition,Observation&patient=p";
    assert_eq!(
        set(found(&client, conditions)),
        one_by_one(&client, &["Condition", "Observation"], "patient=p")
    );
}

#[test]
fn pages_of_several_types_stand_in_one_order_without_gaps_or_doubles() {
    let clinic = some();
    let client = clinic.client();
    for sort in ["_lastUpdated", "-_lastUpdated", "_id", "-_id"] {
        let asked = format!("?_type=Observation,Condition,Patient&_sort={sort}");
        let whole = keys(&client.get(&format!("{asked}&_count=100")).expect(200).node());
        assert_eq!(whole.len(), 13, "{whole:?}");
        let (mut paged, mut next) = (Vec::new(), Some(format!("{asked}&_count=2")));
        while let Some(path) = next {
            let reply = client.get(&path).expect(200);
            paged.extend(keys(&reply.node()));
            next = link(&reply, "next");
        }
        assert_eq!(paged, whole, "{sort}");
    }
    let mut by_time = found(&client, "_type=Condition,Observation&_sort=_lastUpdated&_count=100");
    let numbers: Vec<&str> = by_time.iter().map(|key| key.split('/').nth(1).unwrap()).collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    by_time.reverse();
    assert_eq!(found(&client, "_type=Condition,Observation&_sort=-_lastUpdated&_count=100"), by_time);
}

#[test]
fn what_cannot_be_asked_of_several_types_is_refused() {
    let clinic = some();
    let client = clinic.client();
    for (query, status, code) in [
        ("", 400, "RC-0116"),
        ("_tag=a", 400, "RC-0116"),
        ("_type=", 400, "RC-0116"),
        ("_type=Patient,", 400, "RC-0116"),
        ("_type=Patient&_type=Condition", 400, "RC-0116"),
        ("_type=AuditEvent", 400, "RC-0116"),
        ("_type=Patient,AuditEvent", 400, "RC-0116"),
        ("_type=Patient,Nonsense", 404, "RC-0001"),
        ("_type=Condition,Observation&subject.name=x", 400, "RC-0117"),
        ("_type=Condition,Observation&_has:Provenance:target:agent=x", 400, "RC-0117"),
        ("_type=Condition,Observation&_include=*", 400, "RC-0117"),
        ("_type=Condition,Observation&_revinclude:iterate=Provenance:target", 400, "RC-0117"),
    ] {
        let refusal = client.get(&format!("?{query}")).refusal();
        assert_eq!(refusal, (status, code.to_owned()), "{query}");
    }
    let unknown = client.get("?_type=Patient,Observation&code=x");
    assert_eq!(unknown.status(), 400);
    assert!(unknown.message().contains("Patient"), "{}", unknown.message());
    let lenient = client
        .ask(Method::GET, "?_type=Patient,Observation&code=x&_id=p")
        .field("prefer", "handling=lenient");
    assert!(keys(&lenient.send().expect(200).node()).contains(&"Patient/p".to_owned()));
}

#[test]
fn the_entry_of_a_search_of_several_types_says_which() {
    let clinic = some();
    let client = clinic.client();
    let before = clinic.accesses().len();
    client.get("?_type=Condition,Observation&_tag=urn:t|a").expect(200);
    let all = clinic.accesses();
    let new = &all[before..];
    assert_eq!(new.len(), 1, "one search, one entry");
    let access = &new[0].access;
    assert_eq!((access.action.as_str(), access.target.as_str()), ("search", ""));
    assert!(access.query.as_deref().unwrap().contains("_type=Condition%2CObservation"), "{:?}", access.query);
    assert!(access.touched.iter().any(|one| one.record.starts_with("Condition/")));
    assert!(access.touched.iter().any(|one| one.record.starts_with("Observation/")));
    assert_eq!(access.patients, ["p"]);
}
