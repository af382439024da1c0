//! Histories of a record, of a type, of the facility, page by page, also while others write.

use crate::material::{born, link, observation};
use std::collections::BTreeSet;
use testkit::{Client, Clinic, at, texts};

/// Ids and versions of a page, in its order: `Patient/p1/2`.
fn versions_on(page: &testkit::Reply) -> Vec<String> {
    let node = page.node();
    let urls = texts(&node, "entry", "request.url");
    let tags = texts(&node, "entry", "response.etag");
    assert_eq!(urls.len(), tags.len());
    urls.iter().zip(tags).map(|(url, tag)| format!("{url}/{}", tag.trim_matches(['W', '/', '"']))).collect()
}

#[test]
fn a_history_shows_every_version_newest_first_and_how_it_came() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    client.put("Patient/p", born("p", "1951")).expect(200);
    client.delete("Patient/p").expect(204);
    client.put("Patient/p", born("p", "1952")).expect(201);
    let page = client.get("Patient/p/_history").expect(200);
    let node = page.node();
    assert_eq!((page.get("type"), page.get("total")), ("history".to_owned(), "4".to_owned()));
    assert_eq!(versions_on(&page), ["Patient/p/4", "Patient/p/3", "Patient/p/2", "Patient/p/1"]);
    let statuses = texts(&node, "entry", "response.status");
    assert_eq!(statuses, ["201 Created", "204 No Content", "200 OK", "201 Created"]);
    assert_eq!(texts(&node, "entry", "request.method"), ["PUT", "DELETE", "PUT", "PUT"]);
    assert_eq!(texts(&node, "entry", "resource.birthDate"), ["1952", "1951", "1950"]);
    assert!(at(&node, "entry.1.resource").is_none(), "a deletion has no content");
    let times = texts(&node, "entry", "response.lastModified");
    assert!(times.is_sorted_by(|later, earlier| later > earlier), "{times:?}");
    assert_eq!(at(&node, "entry.0.resource.meta.lastUpdated"), at(&node, "entry.0.response.lastModified"));
    assert_eq!(page.get("entry.0.fullUrl"), format!("{}/Patient/p", client.base()));
}

#[test]
fn each_history_shows_its_own_scope() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    client.put("Patient/q", born("q", "1950")).expect(201);
    client.put("Observation/o", observation(r#""id":"o""#)).expect(201);
    client.put("Patient/p", born("p", "1951")).expect(200);
    let shown = |path: &str| versions_on(&client.get(path).expect(200));
    assert_eq!(shown("Patient/p/_history"), ["Patient/p/2", "Patient/p/1"]);
    assert_eq!(shown("Patient/_history"), ["Patient/p/2", "Patient/q/1", "Patient/p/1"]);
    assert_eq!(shown("_history"), ["Patient/p/2", "Observation/o/1", "Patient/q/1", "Patient/p/1"]);
    assert!(shown("Basic/_history").is_empty());
    assert_eq!(client.get("Nonsense/_history").refusal(), (404, "RC-0001".to_owned()));
}

#[test]
fn a_history_since_a_moment_begins_with_that_moment() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let mut times = Vec::new();
    for year in 1950..1955 {
        times.push(client.put("Patient/p", born("p", &year.to_string())).get("meta.lastUpdated"));
    }
    for (index, time) in times.iter().enumerate() {
        for path in ["Patient/p/_history", "Patient/_history", "_history"] {
            let page = client.get(&format!("{path}?_since={time}")).expect(200);
            assert_eq!(versions_on(&page).len(), 5 - index, "{path} since {time}");
        }
    }
    let page = client.get("_history?_since=2026-04-01T09:00:00%2B09:00").expect(200);
    assert_eq!(versions_on(&page).len(), 5, "an offset counts");
    assert!(versions_on(&client.get("_history?_since=2030-01-01T00:00:00Z")).is_empty());
}

#[test]
fn a_parameter_that_a_history_does_not_know_is_refused_by_name() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (query, code, word) in [
        ("_sort=_lastUpdated", "RC-0016", "_sort"),
        ("_list=42", "RC-0016", "_list"),
        ("_at=yesterday", "RC-0037", "yesterday"),
        ("_at=ge2026", "RC-0037", "ge2026"),
        ("_at=2026-02-30", "RC-0037", "2026-02-30"),
        ("_at=2026&_at=2026", "RC-0020", "_at"),
        ("_at=2026&_since=2026-04-01T00:00:00Z", "RC-0038", "_since"),
        ("_summary=yes", "RC-0034", "yes"),
        ("_summary=true&_elements=name", "RC-0035", "_elements"),
        ("identifier=1", "RC-0016", "identifier"),
        ("_since=yesterday", "RC-0019", "yesterday"),
        ("_since=2026-04-01", "RC-0019", "2026-04-01"),
        ("_count=0&_count=0", "RC-0020", "_count"),
        ("_count=-1", "RC-0007", "-1"),
        ("_count=many", "RC-0007", "many"),
        ("_cursor=7", "RC-0008", "_cursor"),
        ("_count=1&_count=2", "RC-0020", "_count"),
        ("_since=2026-04-01T00:00:00Z&_since=2026-04-01T00:00:00Z", "RC-0020", "_since"),
    ] {
        let reply = client.get(&format!("_history?{query}"));
        assert_eq!(reply.refusal(), (400, code.to_owned()), "{query}");
        assert!(reply.message().contains(word), "{query}: {}", reply.message());
    }
}

#[test]
fn a_history_at_a_time_shows_what_was_current_then() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let time = |reply: testkit::Reply| reply.get("meta.lastUpdated");
    let p = ["1950", "1951", "1952"].map(|date| time(client.put("Patient/p", born("p", date))));
    let q = time(client.put("Patient/q", born("q", "1950")));
    client.delete("Patient/q").expect(204);
    let last = time(client.put("Patient/r", born("r", "1950")));
    let shown = |path: &str, at: &str| versions_on(&client.get(&format!("{path}?_at={at}")).expect(200));
    for (at, expected) in [(&p[0], "Patient/p/1"), (&p[1], "Patient/p/2"), (&p[2], "Patient/p/3")] {
        for path in ["Patient/p/_history", "Patient/_history", "_history"] {
            assert_eq!(shown(path, at), [expected], "{path} at {at}");
        }
    }
    assert_eq!(shown("Patient/_history", &q), ["Patient/q/1", "Patient/p/3"]);
    assert_eq!(shown("_history", &last), ["Patient/r/1", "Patient/p/3"], "what is deleted is not current");
    assert_eq!(shown("Patient/p/_history", "2026"), ["Patient/p/3", "Patient/p/2", "Patient/p/1"]);
    assert_eq!(shown("Patient/q/_history", "2026-04-01"), ["Patient/q/2", "Patient/q/1"]);
    assert_eq!(shown("Patient/p/_history", "2030"), ["Patient/p/3"], "still current in years to come");
    assert!(shown("_history", "2025").is_empty());
    let between = &p[1].replace('Z', "5Z");
    assert_eq!(
        shown("Patient/p/_history", between),
        ["Patient/p/2"],
        "between two versions the earlier counts"
    );
}

#[test]
fn a_history_can_be_counted_without_being_shown() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for year in 1950..1953 {
        client.put("Patient/p", born("p", &year.to_string()));
        client.put("Observation/o", observation(r#""id":"o""#));
    }
    for query in ["_count=0", "_summary=count"] {
        for (path, total) in [("Patient/p/_history", 3), ("Patient/_history", 3), ("_history", 6)] {
            let page = client.get(&format!("{path}?{query}")).expect(200);
            assert_eq!(page.get("total"), total.to_string(), "{path} {query}");
            assert!(at(&page.node(), "entry").is_none(), "{path} {query}");
        }
    }
}

/// Goes through a history by its next links. Between two pages `disturb` writes.
fn walk(client: &Client, path: &str, disturb: &dyn Fn(usize)) -> Vec<String> {
    let mut shown = Vec::new();
    let mut next = Some(path.to_owned());
    let mut pages = 0;
    while let Some(address) = next {
        let page = client.get(&address).expect(200);
        assert_eq!(page.get("total"), "", "only a result on one page has a total");
        shown.extend(versions_on(&page));
        next = link(&page, "next");
        disturb(pages);
        pages += 1;
        assert!(pages < 500, "the links go on for ever");
    }
    shown
}

#[test]
fn pages_of_a_history_have_no_gaps_and_no_doubles_while_others_write() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let id = |number: usize| format!("p{}", number % 7);
    for number in 0..40 {
        let reply = client.put(&format!("Patient/{}", id(number)), born(&id(number), "1950"));
        assert!(reply.status() < 300);
    }
    client.delete("Patient/p3").expect(204);
    for path in ["Patient/p0/_history", "Patient/_history", "_history"] {
        for count in [1, 5, 13] {
            let writer = client.again();
            let disturb = |page: usize| {
                writer.put("Patient/p0", born("p0", &format!("{}", 1950 + page % 70))).expect(200);
                if page < 5 {
                    writer.post("Patient", born("x", "1950")).expect(201);
                }
            };
            let before = versions_on(&client.get(&format!("{path}?_count=1000")).expect(200));
            let shown = walk(&client, &format!("{path}?_count={count}"), &disturb);
            assert_eq!(shown, before, "{path} by {count}");
            assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), shown.len());
        }
    }
}
