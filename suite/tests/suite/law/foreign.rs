//! Two facilities with the same ids: nothing of the other one is in any answer, and it is answered like one that there is
//! not.

use super::plain::{plain, whole};
use crate::material::{bundle, resource, versions, writes};
use http::Method;
use testkit::{Ask, Client, Clinic, Plan, Reply};

const OWN: &str = "sakura";
const OTHER: &str = "fuji";
/// There is none of this name, which is as long.
const NOWHERE: &str = "nara";

/// The records of a facility. `kanari-…` stands in values and texts and is never asked for; `no-…` is what can be asked for.
fn records(of: &str) -> Vec<(&'static str, String)> {
    let text = format!(
        r#""text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">kanari-{of}</div>"}}"#
    );
    let number = format!(r#""identifier":[{{"value":"no-{of}"}}]"#);
    let of_patient = r#""subject":{"reference":"Patient/1"}"#;
    let code = format!(r#""code":{{"text":"kanari-{of}"}}"#);
    vec![
        ("Practitioner/1", format!(r#"{number},{text},"name":[{{"family":"kanari-{of}"}}]"#)),
        (
            "Patient/1",
            format!(
                r#"{number},{text},"name":[{{"family":"kanari-{of}"}}],"generalPractitioner":[{{"reference":"Practitioner/1"}}]"#
            ),
        ),
        ("Patient/2", format!(r#"{text},"birthDate":"1950","address":[{{"city":"kanari-{of}"}}]"#)),
        (
            "Encounter/1",
            format!(r#"{number},{text},"status":"finished","class":{{"code":"AMB"}},{of_patient}"#),
        ),
        (
            "Observation/1",
            format!(
                r#"{number},{text},"status":"preliminary",{code},{of_patient},"encounter":{{"reference":"Encounter/1"}},"valueString":"kanari-{of}""#
            ),
        ),
        ("Condition/1", format!(r#"{number},{code},{of_patient},"note":[{{"text":"kanari-{of}"}}]"#)),
    ]
}

fn fill(clinic: &Clinic, facility: &str) {
    let client = clinic.client_of(facility);
    for (key, members) in records(facility) {
        let (kind, id) = key.split_once('/').unwrap();
        for _ in 0..2 {
            let reply = client.put(key, resource(kind, &format!(r#""id":"{id}",{members}"#)));
            assert!(reply.status() < 300, "{}", reply.text());
        }
    }
}

/// What is asked by `GET`; `{F}` is the other facility, `{B}` the address of its FHIR API.
const GETS: &[&str] = &[
    "{B}/Patient/1",
    "{B}/Patient/1/_history/1",
    "{B}/Patient",
    "/f/{F}/log/checkpoint",
    "/f/sakura/../{F}/fhir/Patient/1",
    "/f/sakura%2f..%2f{F}/fhir/Patient/1",
    "/f/sakura/log/../../{F}/log/key",
    "/f/sakura/log/%2e%2e/%2e%2e/{F}/log/key",
    "/f/sakura/fhir/Patient/..%2f..%2f..%2f{F}%2ffhir%2fPatient%2f1",
    "Patient?identifier=no-{F}",
    "Patient?_id=1&identifier=no-{F}",
    "Patient?identifier=no-{F}&_total=accurate&_summary=count",
    "Observation?subject={B}/Patient/1",
    "Observation?subject:Patient={B}/Patient/1",
    "Observation?patient={B}/Patient/1",
    "Observation?subject={B}/Patient/1/_history/1",
    "Observation?subject=https%3A%2F%2Fothers.example%2Ff%2F{F}%2Ffhir%2FPatient%2F1",
    "Observation?subject=/f/{F}/fhir/Patient/1",
    "Observation?subject=../../{F}/fhir/Patient/1",
    "Observation?subject.identifier=no-{F}",
    "Observation?subject:Patient.identifier=no-{F}",
    "Observation?subject:Patient.general-practitioner.identifier=no-{F}",
    "Observation?encounter.subject:Patient.identifier=no-{F}",
    "Patient?_has:Observation:subject:identifier=no-{F}",
    "Patient?_has:Observation:subject:encounter.identifier=no-{F}",
    "Practitioner?_has:Patient:general-practitioner:identifier=no-{F}",
    "Patient?general-practitioner={B}/Practitioner/1",
    "Patient?_sort=-_lastUpdated&general-practitioner={B}/Practitioner/1",
    "Observation?_id=abs-{F}&_include=Observation:subject",
    "Observation?_id=abs-{F}&_include=*",
    "Observation?_id=abs-{F}&_include:iterate=Observation:subject&_include:iterate=Patient:general-practitioner",
    "Observation?_id=abs-{F}&_include=Observation:encounter&_revinclude=Provenance:target",
    "Observation/abs-{F}",
    "Observation/abs-{F}/_history",
    "Observation/abs-{F}/$validate",
    "Patient/1/Observation?subject={B}/Patient/1",
    "Patient/1/*?_id=abs-{F}",
    "Patient/1/Condition?encounter={B}/Encounter/1",
    "Patient?_cursor={F}",
    "?_type=Patient,Observation&_cursor={F}",
    "?_type=Patient,Observation&_id=abs-{F}",
    "_history?_cursor={F}",
    "Patient?{F}=1",
    "Patient/{F}",
    "{F}/1",
];

/// The same for everything of the own facility: none of its answers depends on the other one.
const OF_OWN: &[&str] = &[
    "Patient/1",
    "Patient",
    "Patient?_count=1",
    "Patient?_summary=text",
    "Patient?_elements=name",
    "Patient?_revinclude=Observation:subject&_revinclude:iterate=Provenance:target",
    "Patient?_revinclude=*",
    "Observation?_include=*",
    "Observation?_include:iterate=*",
    "?_type=Patient,Observation&_sort=-_lastUpdated",
    "Patient/1/_history",
    "Patient/1/_history/1",
    "Patient/1/_history?_at=2026-04-01",
    "Patient/_history?_since=2000-01-01",
    "_history",
    "Patient/1/$everything",
    "Patient/1/*",
    "Practitioner/1/Patient",
    "Encounter/1/$everything",
    "Patient/1/$proof",
    "Patient/1/_history/1/$proof",
    "/f/sakura/log/checkpoint",
    "/f/sakura/log/key",
    "AuditEvent",
    "AuditEvent?patient=Patient/1",
    "metadata",
];

/// Requests that write, or may. `{F}` and `{B}` as above.
fn writing<'c>(client: &'c Client, other: &str) -> Vec<(&'static str, Ask<'c>)> {
    let base = client.at(other).base();
    let put = |text: &str| text.replace("{B}", &base).replace("{F}", other);
    let post = |path: &str, body: &str| client.ask(Method::POST, &put(path)).resource(put(body));
    let about = |id: &str, subject: &str| {
        put(&resource(
            "Observation",
            &format!(
                r#""id":"{id}","status":"preliminary","code":{{"text":"x"}},"subject":{{"reference":"{subject}"}}"#
            ),
        ))
    };
    let patient = |members: &str| put(&resource("Patient", members));
    let patch = |path: &str, text: &str| {
        client.ask(Method::PATCH, &put(path)).body("application/json-patch+json", put(text))
    };
    let batch =
        |kind: &str, entry: String| client.ask(Method::POST, "").resource(bundle(kind, &[put(&entry)]));
    let get = |url: &str| format!(r#"{{"request":{{"method":"GET","url":"{url}"}}}}"#);
    vec![
        ("absolute reference", client.ask(Method::PUT, &put("Observation/abs-{F}")).resource(about("abs-{F}", "{B}/Patient/1"))),
        ("relative reference beyond", client.ask(Method::PUT, &put("Observation/rel-{F}")).resource(about("rel-{F}", "../../{F}/fhir/Patient/1"))),
        ("conditional reference", client.ask(Method::PUT, &put("Observation/con-{F}")).resource(about("con-{F}", "Patient?identifier=no-{F}"))),
        ("create there", post("{B}/Patient", r#"{"resourceType":"Patient"}"#)),
        ("if none exists", post("Patient", &patient(r#""identifier":[{"value":"no-{F}"}],"active":true"#)).field("if-none-exist", &put("identifier=no-{F}&active=false"))),
        ("if none exists, by reference", post("Observation", &about("x", "Patient/1")).field("if-none-exist", &put("subject={B}/Patient/1&identifier=no-{F}"))),
        ("update by criteria", client.ask(Method::PUT, &put("Patient?identifier=no-{F}&active=false")).resource(patient(r#""active":true"#))),
        ("patch by criteria", patch("Patient?identifier=no-{F}&_id=1", r#"[{"op":"add","path":"/active","value":true}]"#)),
        ("delete by criteria", client.ask(Method::DELETE, &put("Patient?identifier=no-{F}&_id=1"))),
        ("patch that guesses", patch("Patient/1", r#"[{"op":"test","path":"/identifier/0/value","value":"no-{F}"}]"#)),
        ("patch that guesses a reference", patch("Observation/1", r#"[{"op":"test","path":"/subject/reference","value":"{B}/Patient/1"}]"#)),
        ("validate", post("Observation/$validate", &about("1", "{B}/Patient/1"))),
        ("validate a wrong one", post("Observation/$validate", &about("1", "{B}/Nothing/1"))),
        ("refused with a text", post("Patient", &patient(r#""id":"{F}","birthDate":"{B}""#))),
        ("batch, absolute", batch("batch", get("{B}/Patient/1"))),
        ("batch, path", batch("batch", get("/f/{F}/fhir/Patient/1"))),
        ("batch, dots", batch("batch", get("../../{F}/fhir/Patient/1"))),
        ("batch, search", batch("batch", get("Observation?subject={B}/Patient/1"))),
        ("batch, history", batch("batch", get("{B}/Patient/1/_history"))),
        ("transaction, absolute", batch("transaction", get("{B}/Patient/1"))),
        ("transaction, delete there", batch("transaction", r#"{"request":{"method":"DELETE","url":"{B}/Patient/1"}}"#.to_owned())),
        ("transaction, conditional reference", batch("transaction", writes("POST", "Observation", &about("", "Patient?identifier=no-{F}").replace(r#""id":"","#, "")))),
        (
            "transaction, foreign name",
            batch(
                "transaction",
                format!(r#"{{"fullUrl":"{{B}}/Patient/1","resource":{},"request":{{"method":"PUT","url":"Patient/named-{{F}}"}}}}"#, patient(r#""id":"named-{F}""#)),
            ),
        ),
        (
            "transaction, if none exists",
            batch("transaction", r#"{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=no-{F}"}}"#.to_owned()),
        ),
        ("search form", client.ask(Method::POST, "Observation/_search").body("application/x-www-form-urlencoded", put("subject={B}/Patient/1"))),
    ]
}

/// No byte of the other facility's records.
fn expect_nothing_of(other: &str, reply: &Reply, asked: &str) {
    assert!(!whole(reply).contains(&format!("kanari-{other}")), "{asked}: {}", whole(reply));
}

/// Both answers, without what was asked.
fn expect_alike(there: &Reply, nowhere: &Reply, asked: &str) {
    expect_nothing_of(OTHER, there, asked);
    assert_eq!(plain(there).replace(OTHER, NOWHERE), plain(nowhere), "{asked}");
}

#[test]
fn nothing_of_another_facility_is_in_any_answer() {
    let clinic = Clinic::with(Plan { facilities: &[OWN, OTHER], ..Plan::default() });
    fill(&clinic, OWN);
    fill(&clinic, OTHER);
    let client = clinic.client();
    let before = versions(&clinic.client_of(OTHER));
    for ((name, there), (_, nowhere)) in writing(&client, OTHER).iter().zip(writing(&client, NOWHERE)) {
        expect_alike(&there.send(), &nowhere.send(), name);
    }
    for path in GETS {
        let get =
            |other: &str| client.get(&path.replace("{B}", &client.at(other).base()).replace("{F}", other));
        expect_alike(&get(OTHER), &get(NOWHERE), path);
    }
    let mut own = 0;
    for path in OF_OWN {
        let reply = client.get(path);
        expect_nothing_of(OTHER, &reply, path);
        own += usize::from(whole(&reply).contains(&format!("kanari-{OWN}")));
    }
    assert!(own > 15, "the marks are there to be seen: in {own} answers");
    assert_eq!(versions(&clinic.client_of(OTHER)), before, "nothing was written there");
}

#[test]
fn a_place_in_a_search_of_another_facility_is_no_place_here() {
    let clinic = Clinic::with(Plan { facilities: &[OWN, OTHER], ..Plan::default() });
    fill(&clinic, OWN);
    fill(&clinic, OTHER);
    let (own, other) = (clinic.client(), clinic.client_of(OTHER));
    let next = crate::material::link(&other.get("Patient?_count=1").expect(200), "next").unwrap();
    let (_, cursor) = next.split_once("_cursor=").unwrap();
    let (cursor, _) = cursor.split_once('&').unwrap_or((cursor, ""));
    // The same length, and never made by anybody.
    let made_up: String = cursor.chars().rev().collect();
    let ask = |cursor: &str| own.get(&format!("Patient?_count=1&_cursor={cursor}"));
    assert_eq!(plain(&ask(cursor)), plain(&ask(&made_up)));
    assert!(ask(cursor).status() >= 400);
    other.get(&next).expect(200);
}

#[test]
fn no_file_of_the_journal_holds_what_is_written_in_records() {
    let clinic = Clinic::with(Plan { facilities: &[OWN, OTHER], ..Plan::default() });
    fill(&clinic, OWN);
    fill(&clinic, OTHER);
    let client = clinic.client();
    let checkpoint = client.get("/f/sakura/log/checkpoint").expect(200).text();
    let size: u64 = checkpoint.lines().nth(1).unwrap().parse().unwrap();
    for path in [format!("tile/0/000.p/{size}"), format!("tile/entries/000.p/{size}")] {
        let reply = client.get(&format!("/f/sakura/log/{path}"));
        assert_eq!(reply.status(), 200, "{path}");
        for facility in [OWN, OTHER] {
            expect_nothing_of(facility, &reply, &path);
        }
    }
}
