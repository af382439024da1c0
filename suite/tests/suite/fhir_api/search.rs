//! Search by _id, _lastUpdated, identifier and patient, with pages that stay stable.

use crate::material::{born, link, observation, patient};
use http::Method;
use std::collections::BTreeSet;
use testkit::{Client, Clinic, texts};

fn ids(client: &Client, query: &str) -> Vec<String> {
    texts(&client.get(query).expect(200).node(), "entry", "resource.id")
}

fn numbered(id: &str, system: &str, value: &str) -> String {
    let system = if system.is_empty() { String::new() } else { format!(r#""system":"{system}","#) };
    patient(&format!(r#""id":"{id}","identifier":[{{{system}"value":"{value}"}}]"#))
}

#[test]
fn records_are_found_by_id_and_identifier() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (id, system, value) in [
        ("a", "urn:x", "1"),
        ("b", "urn:y", "1"),
        ("c", "", "1"),
        ("d", "urn:x", "2"),
        ("e", "urn:x", "a,b|c\\\\d"),
    ] {
        client.put(&format!("Patient/{id}"), numbered(id, system, value)).expect(201);
    }
    for (query, found) in [
        ("_id=a", &["a"][..]),
        ("_id=a,c,nobody", &["a", "c"]),
        ("_id=A", &[]),
        ("identifier=1", &["a", "b", "c"]),
        ("identifier=urn:x|1", &["a"]),
        ("identifier=urn:x%7C1", &["a"]),
        ("identifier=|1", &["c"]),
        ("identifier=urn:x|", &["a", "d", "e"]),
        ("identifier=urn:x|1,urn:y|1", &["a", "b"]),
        ("identifier=urn:x|&identifier=2", &["d"]),
        ("identifier=a%5C,b%5C|c%5C%5Cd", &["e"]),
        ("identifier=11", &[]),
        ("identifier=urn:|1", &[]),
        ("", &["a", "b", "c", "d", "e"]),
        ("_id=a&identifier=2", &[]),
    ] {
        assert_eq!(ids(&client, &format!("Patient?{query}")), found, "{query}");
        let form =
            client.ask(Method::POST, "Patient/_search").body("application/x-www-form-urlencoded", query);
        let node = form.send().expect(200).node();
        assert_eq!(texts(&node, "entry", "resource.id"), found, "{query} by form");
    }
}

#[test]
fn records_are_found_by_the_patient_they_refer_to() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let base = client.base();
    for (id, reference) in [
        ("o1", "Patient/p".to_owned()),
        ("o2", "Patient/q".to_owned()),
        ("o3", format!("{base}/Patient/p")),
        ("o4", "https://other.example.org/fhir/Patient/p".to_owned()),
        ("o5", "Patient/p/_history/2".to_owned()),
        ("o6", "Group/p".to_owned()),
    ] {
        let body = observation(&format!(r#""id":"{id}","subject":{{"reference":"{reference}"}}"#));
        client.put(&format!("Observation/{id}"), body).expect(201);
    }
    for query in ["patient=p", "patient=Patient/p", "subject=Patient/p", "subject:Patient=p"] {
        let found = ids(&client, &format!("Observation?{query}"));
        assert!(found.contains(&"o1".to_owned()), "{query}: {found:?}");
        for other in ["o2", "o4", "o6"] {
            assert!(!found.contains(&other.to_owned()), "{query}: {found:?}");
        }
    }
    assert_eq!(
        ids(&client, "Observation?patient=p,q").len(),
        ids(&client, "Observation?patient=p").len() + 1
    );
    assert_eq!(ids(&client, "Observation?patient=https://other.example.org/fhir/Patient/p"), ["o4"]);
    assert_eq!(ids(&client, "Observation?patient=nobody"), Vec::<String>::new());
    // An absolute reference to this very server means the same record as a relative one.
    let absolute = format!("Observation?patient={base}/Patient/p");
    assert_eq!(ids(&client, &absolute), ids(&client, "Observation?patient=Patient/p"));
}

#[test]
fn records_are_found_by_the_time_of_their_last_update() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let mut times = Vec::new();
    for id in ["a", "b", "c"] {
        times.push(client.put(&format!("Patient/{id}"), born(id, "1950")).get("meta.lastUpdated"));
    }
    let middle = &times[1];
    for (query, found) in [
        (format!("eq{middle}"), &["b"][..]),
        (middle.clone(), &["b"]),
        (format!("lt{middle}"), &["a"]),
        (format!("le{middle}"), &["a", "b"]),
        (format!("gt{middle}"), &["c"]),
        (format!("ge{middle}"), &["b", "c"]),
        (format!("sa{middle}"), &["c"]),
        (format!("eb{middle}"), &["a"]),
        ("2026".to_owned(), &["a", "b", "c"]),
        ("2026-04-01".to_owned(), &["a", "b", "c"]),
        ("2026-04-02".to_owned(), &[]),
        ("lt2026-04-01".to_owned(), &[]),
        ("2026-04-01T09:00:00%2B09:00".to_owned(), &["a", "b", "c"]),
    ] {
        assert_eq!(ids(&client, &format!("Patient?_lastUpdated={query}")), found, "{query}");
    }
    client.put("Patient/a", born("a", "1951")).expect(200);
    assert_eq!(ids(&client, &format!("Patient?_lastUpdated=gt{}", times[2])), ["a"]);
}

#[test]
fn search_follows_updates_and_deletions() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/a", numbered("a", "urn:x", "1")).expect(201);
    assert_eq!(ids(&client, "Patient?identifier=urn:x|1"), ["a"]);
    client.put("Patient/a", numbered("a", "urn:x", "2")).expect(200);
    assert!(ids(&client, "Patient?identifier=urn:x|1").is_empty());
    assert_eq!(ids(&client, "Patient?identifier=urn:x|2"), ["a"]);
    client.delete("Patient/a").expect(204);
    assert!(ids(&client, "Patient?identifier=urn:x|2").is_empty());
    assert!(ids(&client, "Patient").is_empty());
    client.put("Patient/a", numbered("a", "urn:x", "1")).expect(201);
    assert_eq!(ids(&client, "Patient?identifier=urn:x|1"), ["a"]);
    clinic.verify().unwrap();
}

#[test]
fn what_cannot_be_searched_is_refused_by_name() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let long = format!("identifier={}", "x".repeat(2_000));
    for (query, status, code, word) in [
        ("colour=red", 400, "FH-0050", "colour"),
        ("_sort=colour", 400, "FH-0050", "colour"),
        ("_include=x", 400, "FH-0072", "_include"),
        ("_summary=yes", 400, "FH-0074", "_summary"),
        ("_text=x", 400, "FH-0061", "_text"),
        ("gender:in=x", 400, "FH-0051", "in"),
        ("_ID=a", 400, "FH-0050", "_ID"),
        ("identifier:exact=1", 400, "FH-0051", "exact"),
        ("_id:missing=true", 400, "FH-0051", "missing"),
        ("identifier=", 400, "FH-0052", "identifier"),
        ("_id=a,,b", 400, "FH-0052", "_id"),
        ("_lastUpdated=2026-13", 400, "FH-0053", "2026-13"),
        ("_lastUpdated=xx2026", 400, "FH-0054", "xx"),
        ("identifier=a%5Cb", 400, "FH-0057", "identifier"),
        ("_id=a_b", 400, "FH-0058", "a_b"),
        ("identifier=a|b|c", 400, "FH-0060", "identifier"),
        ("general-practitioner=Patient/1", 400, "FH-0055", "Patient/1"),
        (long.as_str(), 413, "FH-0056", "identifier"),
        ("_count=-1", 400, "FH-0075", "-1"),
        ("_cursor=x", 400, "RC-0008", "_cursor"),
        ("identifier=%zz", 400, "SV-0012", ""),
    ] {
        for reply in [
            client.get(&format!("Patient?{query}")),
            client
                .ask(Method::POST, "Patient/_search")
                .body("application/x-www-form-urlencoded", query)
                .send(),
        ] {
            assert_eq!(reply.refusal(), (status, code.to_owned()), "{query}");
            assert!(reply.message().contains(word), "{query}: {}", reply.message());
        }
    }
    assert_eq!(client.get("Nonsense?_id=1").refusal(), (404, "RC-0001".to_owned()));
}

#[test]
fn pages_of_a_search_have_no_gaps_and_no_doubles_while_others_write() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for number in 0..30 {
        let body = observation(&format!(r#""id":"o{number}","subject":{{"reference":"Patient/p"}}"#));
        client.put(&format!("Observation/o{number}"), body).expect(201);
    }
    for count in [1, 4, 10, 30] {
        let before: BTreeSet<String> =
            ids(&client, "Observation?patient=p&_count=1000").into_iter().collect();
        let mut shown: Vec<String> = Vec::new();
        let mut next = Some(format!("Observation?patient=p&_count={count}"));
        let writer = client.again();
        let mut page_number = 0;
        while let Some(address) = next {
            let page = client.get(&address).expect(200);
            let found = texts(&page.node(), "entry", "resource.id");
            assert!(found.len() <= count);
            shown.extend(found);
            next = link(&page, "next");
            // One more record, and a new version of one that has been shown: both are written behind the reader's back.
            if page_number < 5 {
                let body = observation(r#""subject":{"reference":"Patient/p"}"#);
                writer.post("Observation", body).expect(201);
            }
            let body =
                observation(&format!(r#""id":"o{page_number}","subject":{{"reference":"Patient/p"}}"#));
            writer.put(
                &format!("Observation/o{}", page_number % 30),
                body.replace(&format!("o{page_number}"), &format!("o{}", page_number % 30)),
            );
            page_number += 1;
            assert!(page_number < 200, "the links go on for ever");
        }
        let set: BTreeSet<String> = shown.iter().cloned().collect();
        assert_eq!(set.len(), shown.len(), "a double by {count}");
        assert!(set.is_superset(&before), "a gap by {count}");
    }
}

#[test]
fn a_page_says_how_it_was_asked_for() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for id in ["a", "b", "c"] {
        client.put(&format!("Patient/{id}"), numbered(id, "urn:x&y", "山 &1")).expect(201);
    }
    let page = client.get("Patient?identifier=urn:x%26y|%E5%B1%B1%20%261&_count=2").expect(200);
    assert_eq!(page.get("type"), "searchset");
    assert_eq!(texts(&page.node(), "entry", "search.mode"), ["match", "match"]);
    assert_eq!(page.get("entry.0.fullUrl"), format!("{}/Patient/a", client.base()));
    let own = client.get(&link(&page, "self").unwrap()).expect(200);
    assert_eq!(own.body, page.body, "the self link leads to the same page");
    let next = client.get(&link(&page, "next").unwrap()).expect(200);
    assert_eq!(texts(&next.node(), "entry", "resource.id"), ["c"]);
    assert_eq!(link(&next, "next"), None);
    let whole = client.get("Patient").expect(200);
    assert_eq!((whole.get("total"), link(&whole, "next")), ("3".to_owned(), None));
}
