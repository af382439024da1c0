//! Which request reaches which intent, and who may send it.

use crate::client::Reply;
use crate::site::Site;
use http::Method;
use server::{Caller, IdentityCall, Interaction, OAuthCall, ROUTES, Route};

const JSON: &str = "content-type: application/fhir+json";

fn sample(route: &Route) -> String {
    let parts = [
        ("{facility}", "demo"),
        ("{type}", "Patient"),
        ("{id}", "42"),
        ("{inner}", "Observation"),
        ("{version}", "3"),
    ];
    let path = parts.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value));
    path.replace("{*path}", "checkpoint")
}

const FORM: &str = "content-type: application/x-www-form-urlencoded";
const PATCH: &str = "content-type: application/json-patch+json";
const ONLY: &str = r#"Only { kind: "Patient", criteria: [("identifier", "1")] }"#;
const KEY: &str = r#"RecordKey { kind: "Patient", id: ResourceId("42") }"#;

/// Method, path below the base, header fields, body, and the intent with `{key}` for the record `Patient/42`.
type Case = (Method, &'static str, &'static [&'static str], &'static str, &'static str);

const WRITES: &[Case] = &[
    (
        Method::POST,
        "",
        &[JSON],
        "{}",
        "Bundle { body: [123, 125], returned: Representation, lenient: false }",
    ),
    (
        Method::POST,
        "",
        &[JSON, "prefer: return=minimal, handling=lenient"],
        "{}",
        "Bundle { body: [123, 125], returned: Minimal, lenient: true }",
    ),
    (
        Method::POST,
        "/Patient",
        &[JSON],
        "{}",
        "Create { kind: \"Patient\", body: [123, 125], none_exist: None }",
    ),
    (
        Method::POST,
        "/Patient",
        &[JSON, "if-none-exist: identifier=a%7Cb"],
        "{}",
        r#"Create { kind: "Patient", body: [123, 125], none_exist: Some([("identifier", "a|b")]) }"#,
    ),
    (
        Method::PUT,
        "/Patient/42",
        &[JSON],
        "{}",
        "Update { target: Record({key}), body: [123, 125], condition: Always }",
    ),
    (
        Method::PUT,
        "/Patient/42",
        &[JSON, "if-match: W/\"3\""],
        "{}",
        "Update { target: Record({key}), body: [123, 125], condition: Version(VersionNumber(3)) }",
    ),
    (
        Method::PUT,
        "/Patient/42",
        &[JSON, "if-none-match: *"],
        "{}",
        "Update { target: Record({key}), body: [123, 125], condition: Absent }",
    ),
    (
        Method::PATCH,
        "/Patient/42",
        &[PATCH, "if-match: W/\"3\""],
        "[]",
        "Patch { target: Record({key}), body: [91, 93], condition: Version(VersionNumber(3)) }",
    ),
    (Method::DELETE, "/Patient/42", &[], "", "Delete { target: Record({key}), condition: Always }"),
    (
        Method::DELETE,
        "/Patient/42",
        &["if-match: \"3\""],
        "",
        "Delete { target: Record({key}), condition: Version(VersionNumber(3)) }",
    ),
    (
        Method::POST,
        "/Patient/42/$finalize",
        &["if-match: W/\"3\""],
        "",
        "Settle { act: Finalize, key: {key}, body: [], condition: Version(VersionNumber(3)) }",
    ),
    (
        Method::POST,
        "/Patient/42/$amend",
        &[JSON],
        "{}",
        "Settle { act: Amend, key: {key}, body: [123, 125], condition: Always }",
    ),
    (
        Method::POST,
        "/Patient/42/$withdraw",
        &[JSON],
        "{}",
        "Settle { act: Withdraw, key: {key}, body: [123, 125], condition: Always }",
    ),
    (
        Method::POST,
        "/Patient/42/$approve",
        &["if-match: W/\"3\""],
        "",
        "Settle { act: Approve, key: {key}, body: [], condition: Version(VersionNumber(3)) }",
    ),
    (
        Method::POST,
        "/Patient/42/$return",
        &[JSON],
        "{}",
        "Settle { act: Return, key: {key}, body: [123, 125], condition: Always }",
    ),
    (
        Method::POST,
        "/Patient/42/$assign",
        &[JSON],
        "{}",
        "Settle { act: Assign, key: {key}, body: [123, 125], condition: Always }",
    ),
    (
        Method::POST,
        "/Patient/42/$cosign",
        &["if-match: W/\"3\""],
        "",
        "Settle { act: Cosign, key: {key}, body: [], condition: Version(VersionNumber(3)) }",
    ),
    (
        Method::POST,
        "/Patient/$merge",
        &[JSON],
        "{}",
        r#"Unite { act: Merge, kind: "Patient", body: [123, 125] }"#,
    ),
    (
        Method::POST,
        "/Patient/$unmerge",
        &[JSON],
        "{}",
        r#"Unite { act: Unmerge, kind: "Patient", body: [123, 125] }"#,
    ),
    (
        Method::POST,
        "/Patient/$distinct",
        &[JSON],
        "{}",
        r#"Unite { act: Distinct, kind: "Patient", body: [123, 125] }"#,
    ),
];

const BY_CRITERIA: &[Case] = &[
    (
        Method::PUT,
        "/Patient?identifier=1",
        &[JSON],
        "{}",
        "Update { target: {only}, body: [123, 125], condition: Always }",
    ),
    (
        Method::PATCH,
        "/Patient?identifier=1",
        &[PATCH],
        "[]",
        "Patch { target: {only}, body: [91, 93], condition: Always }",
    ),
    (
        Method::DELETE,
        "/Patient?identifier=1",
        &["if-match: W/\"3\""],
        "",
        "Delete { target: {only}, condition: Version(VersionNumber(3)) }",
    ),
];

const NOTHING: &str = "known: Known { version: None, moment: None }";

const READS: &[Case] = &[
    (Method::GET, "/Patient/42", &[], "", "Read { key: {key}, {nothing}, query: [] }"),
    (Method::HEAD, "/Patient/42", &[], "", "Read { key: {key}, {nothing}, query: [] }"),
    (Method::GET, "/P%61tient/4%32?_format=json", &[], "", "Read { key: {key}, {nothing}, query: [] }"),
    (
        Method::GET,
        "/Patient/42?_summary=true",
        &[],
        "",
        r#"Read { key: {key}, {nothing}, query: [("_summary", "true")] }"#,
    ),
    (
        Method::GET,
        "/Patient/42",
        &["if-none-match: W/\"3\"", "if-modified-since: Wed, 01 Apr 2026 00:00:00 GMT"],
        "",
        "Read { key: {key}, known: Known { version: Some(VersionNumber(3)), moment: Some(Time(1775001600000000)) }, query: [] }",
    ),
    (
        Method::GET,
        "/Patient/42/_history/3?_elements=name",
        &[],
        "",
        r#"VersionRead { key: {key}, version: VersionNumber(3), query: [("_elements", "name")] }"#,
    ),
    (Method::GET, "/Patient/42/$proof", &[], "", "Proof { key: {key}, version: None }"),
    (
        Method::GET,
        "/Patient/42/_history/3/$proof",
        &[],
        "",
        "Proof { key: {key}, version: Some(VersionNumber(3)) }",
    ),
];

const LISTS: &[Case] = &[
    (
        Method::GET,
        "/_history?_count=5&_pretty=true",
        &[],
        "",
        r#"History { scope: Facility, query: [("_count", "5")] }"#,
    ),
    (Method::GET, "/Patient/_history", &[], "", r#"History { scope: Kind("Patient"), query: [] }"#),
    (Method::GET, "/Patient/42/_history", &[], "", "History { scope: Record({key}), query: [] }"),
    (
        Method::GET,
        "/Patient?identifier=a%7Cb+c&_id=1&identifier=%E5%B1%B1",
        &[],
        "",
        r#"Search { kind: "Patient", query: [("identifier", "a|b c"), ("_id", "1"), ("identifier", "山")], compartment: None, lenient: false }"#,
    ),
    (
        Method::GET,
        "?_type=Condition,Observation&_tag=x",
        &[],
        "",
        r#"Search { kind: "", query: [("_type", "Condition,Observation"), ("_tag", "x")], compartment: None, lenient: false }"#,
    ),
    (
        Method::POST,
        "/_search?_type=Condition",
        &[FORM, "prefer: handling=lenient"],
        "_count=2",
        r#"Search { kind: "", query: [("_type", "Condition"), ("_count", "2")], compartment: None, lenient: true }"#,
    ),
    (
        Method::POST,
        "/Patient/_search?_id=1",
        &[FORM, "prefer: handling=lenient"],
        "_count=2&_format=json",
        r#"Search { kind: "Patient", query: [("_id", "1"), ("_count", "2")], compartment: None, lenient: true }"#,
    ),
    (
        Method::GET,
        "/Patient/42/Observation?code=x",
        &["prefer: handling=lenient"],
        "",
        r#"Search { kind: "Observation", query: [("code", "x")], compartment: Some({key}), lenient: true }"#,
    ),
    (
        Method::GET,
        "/Patient/42/*",
        &[],
        "",
        r#"Search { kind: "*", query: [], compartment: Some({key}), lenient: false }"#,
    ),
    (
        Method::POST,
        "/Patient/42/Observation/_search",
        &[FORM],
        "code=x",
        r#"Search { kind: "Observation", query: [("code", "x")], compartment: Some({key}), lenient: false }"#,
    ),
];

const OPERATIONS: &[Case] = &[
    (
        Method::GET,
        "/Patient/42/$everything?_count=2",
        &[],
        "",
        r#"Everything { key: {key}, query: [("_count", "2")] }"#,
    ),
    (Method::POST, "/Patient/42/$everything", &[], "", "Everything { key: {key}, query: [] }"),
    (
        Method::POST,
        "/Patient/42/$everything?_count=2",
        &[JSON],
        r#"{"resourceType":"Parameters","parameter":[{"name":"start","valueDate":"2026"}]}"#,
        r#"Everything { key: {key}, query: [("_count", "2"), ("start", "2026")] }"#,
    ),
    (
        Method::GET,
        "/Patient/42/$chart?_since=2026",
        &[],
        "",
        r#"Chart { key: {key}, query: [("_since", "2026")] }"#,
    ),
    (Method::POST, "/Patient/$match", &[JSON], "{}", r#"Match { kind: "Patient", body: [123, 125] }"#),
    (
        Method::GET,
        "/Patient/$duplicates?grade=certain",
        &[],
        "",
        r#"Duplicates { kind: "Patient", query: [("grade", "certain")] }"#,
    ),
    (
        Method::GET,
        "/Patient/42/$history-diff?from=1&to=2",
        &[],
        "",
        r#"HistoryDiff { key: {key}, query: [("from", "1"), ("to", "2")], page: false }"#,
    ),
    (
        Method::GET,
        "/Patient/42/$history-diff?chain=true",
        &["accept: text/html"],
        "",
        r#"HistoryDiff { key: {key}, query: [("chain", "true")], page: true }"#,
    ),
    (
        Method::GET,
        "/Patient/42/$document?persist=false",
        &[],
        "",
        r#"Document { key: {key}, query: [("persist", "false")] }"#,
    ),
    (
        Method::GET,
        "/Patient/42/$lookers?start=2026",
        &[],
        "",
        r#"Lookers { key: {key}, query: [("start", "2026")] }"#,
    ),
    (
        Method::POST,
        "/Patient/$validate?mode=create",
        &[JSON],
        "{}",
        r#"Validate { kind: "Patient", id: None, body: Some([123, 125]), query: [("mode", "create")] }"#,
    ),
    (
        Method::POST,
        "/Patient/42/$validate",
        &[JSON],
        "{}",
        r#"Validate { kind: "Patient", id: Some(ResourceId("42")), body: Some([123, 125]), query: [] }"#,
    ),
    (
        Method::GET,
        "/Patient/42/$validate",
        &[],
        "",
        r#"Validate { kind: "Patient", id: Some(ResourceId("42")), body: None, query: [] }"#,
    ),
];

fn cases() -> Vec<Case> {
    [WRITES, BY_CRITERIA, READS, LISTS, OPERATIONS].concat()
}

#[tokio::test]
async fn each_route_reaches_its_intent() {
    let site = Site::start().await;
    for mut client in [site.http_1().await, site.http_2().await] {
        for (method, path, fields, body, expected) in cases() {
            let reply = client.ask(method.clone(), &format!("/f/demo/fhir{path}"), fields, body).await;
            assert_eq!(reply.status(), 200, "{method} {path}");
            let seen = site.door.seen();
            assert_eq!(seen.len(), 1, "{method} {path}");
            let expected =
                expected.replace("{key}", KEY).replace("{only}", ONLY).replace("{nothing}", NOTHING);
            assert_eq!(seen[0].intent, expected, "{method} {path}");
            assert_eq!((seen[0].actor.as_str(), seen[0].language), ("tester", base::Language::Japanese));
            assert_eq!(seen[0].base_url, format!("https://{}/f/demo/fhir", site.address));
        }
    }
}

#[test]
fn every_route_of_the_records_has_a_case() {
    let cases = cases();
    let of_records = |route: &&Route| {
        use Interaction::{Capabilities, Health, Identity, Log};
        !matches!(route.interaction, Health | Capabilities | Log | Identity(_))
    };
    for route in ROUTES.iter().filter(of_records) {
        let path = sample(route).replace("/f/demo/fhir", "");
        let found =
            cases.iter().any(|case| case.0 == route.method && case.1.split('?').next() == Some(&path));
        assert!(found, "{} {path}", route.method);
    }
}

#[tokio::test]
async fn the_address_in_the_configuration_counts_more_than_the_host() {
    let site = Site::with(|start| start.base_url = Some("https://records.example.jp/".to_owned())).await;
    site.http_2().await.read("/f/demo/fhir/Patient/42", &[]).await;
    assert_eq!(site.door.seen()[0].base_url, "https://records.example.jp/f/demo/fhir");
}

#[tokio::test]
async fn every_route_that_needs_a_caller_is_closed_without_a_token() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    for route in ROUTES {
        for (fields, code) in [
            (&[][..], "SV-0003"),
            (&["authorization: Bearer wrong"], "ID-0303"),
            (&["authorization: Basic dGVzdA=="], "ID-0303"),
            (&["cookie: __Host-akashi-session=wrong"], "ID-0303"),
        ] {
            let path = sample(route);
            let reply = client.ask_openly(route.method.clone(), &path, fields, "").await;
            let closed = matches!(route.caller, Caller::Required | Caller::Fresh);
            assert_eq!(reply.status() == 401, closed, "{} {path} {fields:?}", route.method);
            if closed {
                assert_eq!(reply.code(), code);
                assert!(reply.field("www-authenticate").starts_with("Bearer"));
            }
        }
    }
    assert!(site.door.seen().is_empty());
}

#[test]
fn few_routes_are_open_and_each_has_a_reason() {
    use IdentityCall::{
        CertificateFile, InvitationAccept, InvitationForm, InvitationOpen, InvitationPage, Login,
        PasskeyChallenge, SendCode,
    };
    use OAuthCall::{Authorize, Configuration, Decide, Introspect, Page, Revoke, Token};
    let with = |caller: Caller| -> Vec<Interaction> {
        ROUTES.iter().filter(|route| route.caller == caller).map(|route| route.interaction).collect()
    };
    // A load balancer asks how the server is; a new device has no certificate before it has fetched it.
    assert_eq!(with(Caller::Open), [Interaction::Health, Interaction::Identity(CertificateFile)]);
    // Who has not logged in yet, over a connection that the facility takes.
    let arriving =
        [Login, PasskeyChallenge, SendCode, InvitationOpen, InvitationAccept, InvitationPage, InvitationForm];
    let mut expected = vec![Interaction::Capabilities];
    expected.extend(arriving.map(Interaction::Identity));
    // Apps show who they are in each of these, and people on the page in between.
    let by_apps = [Configuration, Authorize, Page, Decide, Token, Revoke, Introspect];
    expected.extend(by_apps.map(|call| Interaction::Identity(IdentityCall::OAuth(call))));
    assert_eq!(with(Caller::Arriving), expected);
}

#[tokio::test]
async fn an_unknown_facility_looks_like_one_that_does_not_know_the_caller() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    for fields in [&[][..], &["authorization: Bearer wrong"]] {
        let ours = client.ask_openly(Method::GET, "/f/demo/fhir/Patient/42", fields, "").await;
        let other = client.ask_openly(Method::GET, "/f/other/fhir/Patient/42", fields, "").await;
        assert_eq!((ours.status(), other.status()), (401, 401));
        assert_eq!(ours.body, other.body);
    }
    let elsewhere = client.read("/f/other/fhir/Patient/42", &[]).await;
    assert_eq!((elsewhere.status(), elsewhere.code().as_str()), (401, "ID-0303"));
    let nowhere = client.read("/g/other", &[]).await;
    assert_eq!((nowhere.status(), nowhere.code().as_str()), (404, "SV-0001"));
}

#[tokio::test]
async fn an_unknown_method_is_told_from_an_unknown_address() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let reply = client.ask(Method::POST, "/f/demo/fhir/Patient/42", &[JSON], "{}").await;
    assert_eq!((reply.status(), reply.code().as_str()), (405, "SV-0002"));
    assert_eq!(reply.field("allow"), "GET, HEAD, PUT, PATCH, DELETE");
    for path in ["/_search", "/Patient/$validate", "/Patient/$everything"] {
        let method = if path.ends_with("$everything") { Method::POST } else { Method::GET };
        let fields = if method == Method::POST { &[JSON][..] } else { &[] };
        let reply = client.ask(method, &format!("/f/demo/fhir{path}"), fields, "").await;
        assert_eq!((reply.status(), reply.code().as_str()), (405, "SV-0002"), "{path}");
    }
    let reply = client.ask(Method::PUT, "/f/demo/fhir", &[JSON], "{}").await;
    assert_eq!((reply.status(), reply.code().as_str()), (405, "SV-0002"));
    let reply = client.ask(Method::GET, "/f/demo/fhir/Patient/_search", &[], "").await;
    assert_eq!((reply.status(), reply.field("allow")), (405, "POST"));
    for path in ["/", "/f", "/f/demo/fhir/", "/f/demo/fhir/Patient/42/", "/f/demo/fhir/Patient/42/../43"] {
        assert_eq!(client.read(path, &[]).await.status(), 404, "{path}");
    }
}

async fn refused(site: &Site, path: &str, fields: &[&str]) -> (u16, String) {
    let reply: Reply = site.http_1().await.read(path, fields).await;
    (reply.status(), reply.code())
}

#[tokio::test]
async fn what_stands_in_an_address_must_be_well_formed() {
    let site = Site::start().await;
    for (path, status, code) in [
        ("/f/demo/fhir/patient/42", 404, "SV-0001"),
        ("/f/demo/fhir/$convert", 404, "SV-0029"),
        ("/f/demo/fhir/Patient/$everything", 404, "SV-0029"),
        ("/f/demo/fhir/Patient/42/$graph", 404, "SV-0029"),
        ("/f/demo/fhir/Patient/42/nothing", 404, "SV-0001"),
        ("/f/demo/fhir/Patient/4_2/Observation", 400, "SV-0017"),
        ("/f/demo/fhir/Patient/4_2", 400, "SV-0017"),
        ("/f/demo/fhir/Patient/4%2F2", 400, "SV-0017"),
        ("/f/demo/fhir/Patient/%ff", 400, "SV-0012"),
        ("/f/demo/fhir/Patient/%4", 400, "SV-0012"),
        ("/f/demo/fhir/Patient/42/_history/0", 404, "SV-0001"),
        ("/f/demo/fhir/Patient/42/_history/x", 404, "SV-0001"),
        ("/f/demo/fhir/Patient?identifier=%00", 400, "SV-0012"),
        ("/f/demo/fhir/Patient/42?_count=1", 400, "SV-0018"),
        ("/f/demo/fhir/Patient/42/_history/3?_summary=true&colour=red", 400, "SV-0018"),
        ("/f/demo/fhir/Patient/42?_pretty=maybe", 400, "SV-0019"),
        ("/f/demo/fhir/Patient/42?_format=xml", 406, "SV-0013"),
    ] {
        assert_eq!(refused(&site, path, &[]).await, (status, code.to_owned()), "{path}");
    }
    assert!(site.door.seen().is_empty());
}

#[tokio::test]
async fn a_condition_or_a_form_that_cannot_be_served_is_refused() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let cases: &[(Method, &str, &[&str], u16, &str)] = &[
        (Method::GET, "/Patient/42", &["accept: application/fhir+xml"], 406, "SV-0013"),
        (Method::GET, "/Patient/42", &["if-none-match: 3"], 400, "SV-0015"),
        (Method::PUT, "/Patient/42", &[JSON, "if-match: W/3"], 400, "SV-0015"),
        (Method::PUT, "/Patient/42", &[JSON, "if-match: *"], 400, "SV-0016"),
        (Method::GET, "/Patient/42", &["if-modified-since: yesterday"], 400, "SV-0027"),
        (Method::PUT, "/Patient/42", &[JSON, "if-none-exist: identifier=1"], 400, "SV-0016"),
        (Method::PUT, "/Patient?_id=1", &[JSON, "if-none-match: *"], 400, "SV-0016"),
        (Method::PATCH, "/Patient/42", &[PATCH, "if-none-match: *"], 400, "SV-0016"),
        (Method::POST, "/Patient", &[JSON, "if-none-exist: a=1", "if-none-exist: a=1"], 400, "SV-0031"),
        (Method::POST, "/Patient", &[JSON, "if-modified-since: x"], 400, "SV-0016"),
        (Method::POST, "", &[JSON, "if-match: \"1\""], 400, "SV-0016"),
        (Method::DELETE, "/Patient/42", &["if-none-match: *"], 400, "SV-0016"),
        (Method::POST, "/Patient", &[], 415, "SV-0014"),
        (Method::POST, "/Patient", &["content-type: application/fhir+xml"], 415, "SV-0014"),
        (Method::POST, "/Patient/_search", &[JSON], 415, "SV-0014"),
        (Method::POST, "/_search", &[JSON], 415, "SV-0014"),
        (Method::GET, "/_search/x", &[], 404, "SV-0030"),
        (Method::PATCH, "/Patient/42", &[JSON], 415, "SV-0028"),
        (Method::PATCH, "/Patient/42", &["content-type: application/xml-patch+xml"], 415, "SV-0028"),
        (Method::PATCH, "/Patient/42", &[], 415, "SV-0028"),
        (Method::POST, "/Patient/42/$everything", &["content-type: text/plain"], 415, "SV-0014"),
    ];
    for (method, path, fields, status, code) in cases {
        let reply = client.ask(method.clone(), &format!("/f/demo/fhir{path}"), fields, "").await;
        assert_eq!((reply.status(), reply.code().as_str()), (*status, *code), "{method} {path} {fields:?}");
    }
    assert!(site.door.seen().is_empty());
}
