//! Every limit of `base::limits` that a caller can pass has its own answer.

use crate::material::{asks, born, bundle, observation, patient, resource, writes};
use base::limits;
use http::Method;
use server::Bounds;
use std::time::Duration;
use testkit::{Clinic, Plan, Reply, texts};

/// Limits that no request can pass, and why.
const OUT_OF_REACH: &[(&str, &str)] = &[
    ("ENTRY_BYTES_MAX", "an entry made by a request is a few hundred bytes long: ids and types are limited"),
    ("COMMIT_WRITES_MAX", "more writes than fit into one commit go into the next"),
    (
        "WRITES_WAITING_MAX",
        "it depends on the speed of the disk when it is passed; the store's own tests pass it",
    ),
    ("HANDSHAKE_SECONDS_MAX", "passed in the edge's own tests, with shorter bounds"),
    ("HEADER_SECONDS_MAX", "passed in the edge's own tests, with shorter bounds"),
    ("CONNECTIONS_MAX", "further connections wait; passed in the edge's own tests"),
    ("CONNECTIONS_PER_ADDRESS_MAX", "further connections are closed; passed in the edge's own tests"),
    ("NEWS_LISTENERS_PER_ACCOUNT_MAX", "no request for records; passed in the edge's own tests"),
    ("NEWS_LISTENERS_MAX", "no request for records; passed in the tests of its counter"),
    ("NEWS_SECONDS_MIN", "several changes are told at once"),
    ("BODY_BYTES_PER_SECOND_MIN", "the connection is ended; passed in the edge's own tests"),
    ("BODY_PAUSE_SECONDS_MAX", "the connection is ended; passed in the edge's own tests"),
    ("INCLUDED_MAX", "passed in a test of its own below, since it takes records"),
    ("SEARCH_ROWS_MAX", "takes a store of a million rows; the store's own tests pass the account of rows"),
    ("SORTED_RECORDS_MAX", "takes a store of a hundred thousand records"),
    ("SEARCH_CHAIN_DEPTH_MAX", "passed in the tests of the search string"),
    ("SEARCH_CHAIN_TYPES_MAX", "passed in the tests of the search string"),
    ("TIED_RECORDS_MAX", "passed in the tests of the store"),
    ("COSIGNERS_MAX", "more than fifty accounts sign in the tests of the store"),
    ("MERGED_PATIENTS_MAX", "passed in the tests of the store"),
    ("UNMERGED_RECORDS_MAX", "fifty thousand records of one patient take minutes to write here"),
    ("MATCH_BLOCK_MAX", "passed in the tests of duplicates; what was compared is answered, with a warning"),
    ("DUPLICATES_PAGE_MAX", "a larger `_count` is cut to it"),
    ("CHART_RECORDS_MAX", "ten thousand records of one patient take minutes to write here"),
    ("PAGE_ENTRIES_MAX", "a larger `_count` is cut to it"),
    ("PAGE_ENTRIES_DEFAULT", "stands in for an absent `_count`"),
    ("FACILITY_REQUESTS_PER_MINUTE_MAX", "passed in the tests of the rates, by a virtual clock"),
    ("ACCOUNT_REQUESTS_PER_MINUTE_MAX", "passed in the tests of the rates, by a virtual clock"),
    ("ADDRESS_REQUESTS_PER_MINUTE_MAX", "passed in the tests of the rates, by a virtual clock"),
    ("ADDRESS_LOGINS_PER_MINUTE_MAX", "passed in the tests of the rates, by a virtual clock"),
    ("SESSIONS_PER_ACCOUNT_MAX", "a further session replaces the one unused for longest"),
    ("PENDING_PER_OWNER_MAX", "a further step replaces the oldest"),
    ("PENDING_MAX", "a further step replaces the oldest"),
    (
        "PASSWORDS_WAITING_MAX",
        "depends on the speed of the machine; the bench of passwords passes it in its own tests",
    ),
    ("CERTIFICATES_REMEMBERED_MAX", "beyond it what is remembered is forgotten, and judged again"),
];

fn deep(levels: usize) -> String {
    // `{"resourceType":…,"extension":[{"extension":[…]}]}` has two levels for each extension.
    let inner = r#"{"url":"urn:x","valueBoolean":true}"#.to_owned();
    let steps = levels.saturating_sub(3) / 2;
    let nested = (0..steps).fold(inner, |inner, _| format!(r#"{{"url":"urn:x","extension":[{inner}]}}"#));
    patient(&format!(r#""extension":[{nested}]"#))
}

/// An observation of about so many bytes. One string may hold a million characters (FHIR R4, datatypes, string).
fn long(bytes: usize) -> String {
    const PIECE: usize = 1_000_000;
    let piece = |length: usize| format!(r#"{{"text":"{}"}}"#, "x".repeat(length));
    let mut notes = vec![piece(PIECE); bytes / PIECE];
    notes.push(piece(bytes % PIECE));
    observation(&format!(r#""note":[{}]"#, notes.join(",")))
}

fn breaches(clinic: &Clinic) -> Vec<(&'static str, Reply, u16, &'static str)> {
    let client = clinic.client();
    let digits = observation(&format!(
        r#""valueQuantity":{{"value":{}}}"#,
        "1".repeat(limits::JSON_NUMBER_CHARS_MAX + 1)
    ));
    let values = resource("Patient", &format!(r#""x":[0{}]"#, ",0".repeat(limits::JSON_VALUES_MAX)));
    let entries = vec![asks("GET", "Patient/p"); limits::BUNDLE_ENTRIES_MAX + 1];
    let terms = format!("Patient?_id={}", vec!["a"; limits::SEARCH_TERMS_MAX + 1].join(","));
    let target = format!("Patient?_id={}", "x".repeat(limits::TARGET_BYTES_MAX));
    let mut fields = client.ask(Method::GET, "Patient");
    for number in 0..limits::HEADER_FIELDS_MAX {
        fields = fields.field(&format!("x-{number}"), "x");
    }
    let header = client.ask(Method::GET, "Patient").field("x-long", &"x".repeat(limits::HEADER_BYTES_MAX));
    let body = client.ask(Method::POST, "Patient").resource("{").announcing(limits::BODY_BYTES_MAX + 1);
    let operation = r#"{"op":"test","path":"/id","value":"p"}"#;
    let operations = vec![operation; limits::PATCH_OPERATIONS_MAX + 1].join(",");
    let patch = client.ask(Method::PATCH, "Patient/p");
    let patch = patch.body("application/json-patch+json", format!("[{operations}]"));
    vec![
        ("PATCH_OPERATIONS_MAX", patch.send(), 413, "FH-0096"),
        ("BODY_BYTES_MAX", body.send(), 413, "SV-0004"),
        ("RESOURCE_BYTES_MAX", client.post("Observation", long(limits::RESOURCE_BYTES_MAX)), 413, "ST-0021"),
        ("JSON_DEPTH_MAX", client.post("Patient", deep(limits::JSON_DEPTH_MAX + 2)), 413, "FH-0005"),
        ("JSON_VALUES_MAX", client.post("Patient", values), 413, "FH-0006"),
        ("JSON_NUMBER_CHARS_MAX", client.post("Observation", digits), 413, "FH-0007"),
        ("BUNDLE_ENTRIES_MAX", client.post("", bundle("batch", &entries)), 413, "FH-0041"),
        ("SEARCH_TERMS_MAX", client.get(&terms), 400, "RC-0015"),
        ("TARGET_BYTES_MAX", client.get(&target), 414, "SV-0006"),
        ("HEADER_BYTES_MAX", header.send(), 431, "SV-0005"),
        ("HEADER_FIELDS_MAX", fields.send(), 431, "SV-0005"),
    ]
}

#[test]
fn each_limit_that_is_passed_has_its_own_answer() {
    let clinic = Clinic::start();
    let breaches = breaches(&clinic);
    for (name, reply, status, code) in &breaches {
        assert_eq!(reply.refusal(), (*status, (*code).to_owned()), "{name}: {}", reply.message());
        let limit = limits::ALL.iter().find(|limit| limit.name == *name).unwrap();
        assert!(reply.message().contains(&limit.value.to_string()), "{name}: {}", reply.message());
    }
    for limit in limits::ALL {
        let passed =
            breaches.iter().any(|(name, ..)| *name == limit.name) || limit.name == "REQUEST_SECONDS_MAX";
        let out_of_reach = OUT_OF_REACH.iter().any(|(name, _)| *name == limit.name);
        assert!(passed != out_of_reach, "{} is neither passed nor said to be out of reach", limit.name);
    }
    clinic.verify().unwrap();
    assert_eq!(clinic.journal().records(), 0, "nothing was written");
}

#[test]
fn what_just_fits_is_taken() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.post("Observation", long(limits::RESOURCE_BYTES_MAX - 400)).expect(201);
    let digits =
        observation(&format!(r#""valueQuantity":{{"value":{}}}"#, "1".repeat(limits::JSON_NUMBER_CHARS_MAX)));
    client.post("Observation", digits).expect(201);
    client.post("Patient", deep(limits::JSON_DEPTH_MAX)).expect(201);
    client.get(&format!("Patient?_id={}", vec!["a"; limits::SEARCH_TERMS_MAX].join(","))).expect(200);
    let entries = vec![asks("GET", "Patient/p"); limits::BUNDLE_ENTRIES_MAX];
    let reply = client.post("", bundle("batch", &entries)).expect(200);
    assert_eq!(texts(&reply.node(), "entry", "response.status").len(), limits::BUNDLE_ENTRIES_MAX);
    clinic.verify().unwrap();
}

#[test]
fn more_included_records_than_a_page_may_hold_are_refused_and_not_cut_off() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    let about = |id: usize| observation(&format!(r#""id":"o{id}","subject":{{"reference":"Patient/p"}}"#));
    let entries: Vec<String> = (0..limits::INCLUDED_MAX)
        .map(|id| writes("PUT", &format!("Observation/o{id}"), &about(id)))
        .collect();
    client.post("", bundle("transaction", &entries)).expect(200);
    let asked = "Patient?_revinclude=Observation:subject";
    let shown = texts(&client.get(asked).expect(200).node(), "entry", "fullUrl").len();
    assert_eq!(shown, limits::INCLUDED_MAX + 1);
    client.put("Observation/more", about(0).replace("\"o0\"", "\"more\"")).expect(201);
    let reply = client.get(asked);
    assert_eq!(reply.refusal(), (413, "RC-0051".to_owned()));
    assert!(reply.message().contains(&limits::INCLUDED_MAX.to_string()));
}

#[test]
fn a_page_is_never_longer_than_its_limit() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let count = limits::PAGE_ENTRIES_MAX + 5;
    let entries: Vec<String> = (0..count)
        .map(|id| writes("PUT", &format!("Patient/p{id}"), &born(&format!("p{id}"), "1950")))
        .collect();
    client.post("", bundle("transaction", &entries)).expect(200);
    for path in ["Patient", "Patient/_history", "_history"] {
        let on_page = |query: &str| {
            let page = client.get(&format!("{path}?{query}")).expect(200);
            (texts(&page.node(), "entry", "fullUrl").len(), crate::material::link(&page, "next").is_some())
        };
        assert_eq!(on_page(""), (limits::PAGE_ENTRIES_DEFAULT, true), "{path}");
        assert_eq!(on_page("_count=99999"), (limits::PAGE_ENTRIES_MAX, true), "{path}");
        assert_eq!(on_page("_count=1000"), (limits::PAGE_ENTRIES_MAX, true), "{path}");
        assert_eq!(on_page("_count=7"), (7, true), "{path}");
    }
}

#[test]
fn a_request_beyond_its_time_is_given_up_and_says_so() {
    let bounds = Bounds { request: Duration::from_millis(1), ..Bounds::default() };
    let clinic = Clinic::with(Plan { bounds, ..Plan::default() });
    let client = clinic.client();
    let entries: Vec<String> = (0..2_000).map(|_| writes("POST", "Patient", &patient(""))).collect();
    let reply = client.post("", bundle("transaction", &entries));
    assert_eq!(reply.refusal(), (503, "SV-0007".to_owned()));
    assert!(!reply.field("retry-after").is_empty());
}
