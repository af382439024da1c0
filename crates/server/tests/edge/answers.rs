//! What an answer looks like: status, header fields, body, language.

use crate::door::{Script, answer, found};
use crate::site::Site;
use base::{Class, Code};
use http::Method;
use records::{Answer, Media, Outcome};
use server::{Interaction, OPERATIONS, ROUTES, Route};

const PATIENT: &str = "/f/demo/fhir/Patient/42";
const JSON: &str = "content-type: application/json";

#[tokio::test]
async fn a_read_carries_version_and_time() {
    let site = Site::start().await;
    for mut client in [site.http_1().await, site.http_2().await] {
        let reply = client.read(PATIENT, &[]).await;
        assert_eq!(reply.status(), 200);
        assert_eq!(reply.body, found().body);
        assert_eq!(reply.field("etag"), "W/\"3\"");
        assert_eq!(reply.field("last-modified"), "Wed, 01 Apr 2026 09:05:03 GMT");
        assert_eq!(reply.field("content-type"), "application/fhir+json; charset=utf-8");
        assert_eq!(reply.field("cache-control"), "private, no-store");
        assert_eq!(reply.field("x-content-type-options"), "nosniff");
        assert!(reply.field("strict-transport-security").starts_with("max-age="));
        assert!(reply.field("vary").contains("Accept-Language"));
        assert_eq!(reply.field("location"), "");
    }
}

#[tokio::test]
async fn head_has_the_fields_of_get_and_no_body() {
    let site = Site::start().await;
    for mut client in [site.http_1().await, site.http_2().await] {
        let (get, head) = (client.read(PATIENT, &[]).await, client.ask(Method::HEAD, PATIENT, &[], "").await);
        assert_eq!((head.status(), head.body.len()), (200, 0));
        for name in ["etag", "last-modified", "content-type"] {
            assert_eq!(head.field(name), get.field(name), "{name}");
        }
        assert_eq!(head.field("content-length"), found().body.len().to_string());
    }
}

#[tokio::test]
async fn a_write_says_where_its_version_is() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    for (outcome, status) in [(Outcome::Created, 201), (Outcome::Updated, 200), (Outcome::Existing, 200)] {
        site.door.play(Script::Answer(answer(outcome, "{\"a\":1}")));
        let reply = client.ask(Method::PUT, PATIENT, &[JSON], "{}").await;
        assert_eq!((reply.status(), reply.body.as_slice()), (status, &b"{\"a\":1}"[..]));
        let base = format!("https://{}", site.address);
        assert_eq!(reply.field("location"), format!("{base}{PATIENT}/_history/3"));
        assert_eq!(reply.field("etag"), "W/\"3\"");
    }
}

#[tokio::test]
async fn a_writer_chooses_what_comes_back() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    site.door.play(Script::Answer(answer(Outcome::Created, "{\"a\":1}")));
    let reply = client.ask(Method::PUT, PATIENT, &[JSON, "prefer: return=minimal"], "{}").await;
    assert_eq!((reply.status(), reply.body.len(), reply.field("content-type")), (201, 0, ""));
    assert_eq!(reply.field("etag"), "W/\"3\"");
    assert_eq!(reply.field("preference-applied"), "return=minimal");
    let fields = [JSON, "prefer: return=OperationOutcome", "accept-language: en"];
    let reply = client.ask(Method::PUT, PATIENT, &fields, "{}").await;
    assert_eq!((reply.status(), reply.text().as_str()), (201, "The record was created."));
    assert_eq!(reply.field("content-language"), "en");
    let reply = client.ask(Method::PUT, PATIENT, &[JSON], "{}").await;
    assert_eq!(reply.field("preference-applied"), "", "nothing was preferred");
}

#[tokio::test]
async fn a_searcher_hears_how_strictly_the_search_was_read() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    for (prefer, applied) in [
        ("handling=lenient", "handling=lenient"),
        ("handling=strict", "handling=strict"),
        ("return=minimal", ""),
    ] {
        let reply = client.read("/f/demo/fhir/Patient?_id=1", &[&format!("prefer: {prefer}")]).await;
        assert_eq!(reply.field("preference-applied"), applied);
    }
    let reply = client.read(PATIENT, &["prefer: handling=lenient"]).await;
    assert_eq!(reply.field("preference-applied"), "", "a read is no search");
}

#[tokio::test]
async fn deleted_and_unchanged_have_no_body() {
    let site = Site::start().await;
    for mut client in [site.http_1().await, site.http_2().await] {
        for (outcome, status) in [(Outcome::Deleted, 204), (Outcome::Unchanged, 304)] {
            site.door.play(Script::Answer(answer(outcome, "")));
            let reply = client.read(PATIENT, &[]).await;
            assert_eq!((reply.status(), reply.body.len(), reply.field("content-type")), (status, 0, ""));
            assert_eq!(reply.field("etag"), "W/\"3\"");
        }
    }
}

#[tokio::test]
async fn pretty_changes_white_space_only() {
    let site = Site::start().await;
    let reply = site.http_1().await.read(&format!("{PATIENT}?_pretty=true"), &[]).await;
    let text = String::from_utf8(reply.body).unwrap();
    assert!(text.contains("\n  \"multipleBirthInteger\": 1.10\n"), "{text}");
    let reply = site.http_1().await.read("/f/demo/fhir/x?_pretty=true", &[]).await;
    assert!(String::from_utf8(reply.body).unwrap().starts_with("{\n  \"resourceType\""));
}

#[tokio::test]
async fn a_proof_has_a_media_type_of_its_own() {
    let site = Site::start().await;
    let proof = Answer { outcome: Outcome::Found, stamp: None, media: Media::Proof, body: b"{}".to_vec() };
    site.door.play(Script::Answer(proof));
    let fields = ["accept: application/vnd.akashi.proof+json"];
    let reply = site.http_1().await.read(&format!("{PATIENT}/$proof"), &fields).await;
    assert_eq!((reply.status(), reply.field("etag")), (200, ""));
    assert_eq!(reply.field("content-type"), "application/vnd.akashi.proof+json");
}

static STALE: Code = Code { id: "XX-0412", class: Class::Stale, en: "stale", ja: "古い版です" };
static BUSY: Code = Code { id: "XX-0503", class: Class::Busy, en: "busy", ja: "混雑しています" };

#[tokio::test]
async fn a_problem_becomes_an_outcome_in_the_language_of_the_caller() {
    let site = Site::start().await;
    site.door.play(Script::Problem(&STALE));
    let mut client = site.http_1().await;
    for (fields, tag, text) in [
        (&[][..], "ja", "古い版です"),
        (&["accept-language: ja"], "ja", "古い版です"),
        (&["accept-language: en-US,en;q=0.9"], "en", "stale"),
    ] {
        let reply = client.read(PATIENT, fields).await;
        assert_eq!((reply.status(), reply.code().as_str()), (412, "XX-0412"));
        assert_eq!((reply.field("content-language"), reply.text().as_str()), (tag, text));
        assert_eq!(reply.field("content-type"), "application/fhir+json; charset=utf-8");
        assert_eq!(reply.field("retry-after"), "");
    }
}

#[tokio::test]
async fn a_busy_server_says_when_to_come_back() {
    let site = Site::start().await;
    site.door.play(Script::Problem(&BUSY));
    let reply = site.http_1().await.read(PATIENT, &[]).await;
    assert_eq!(reply.status(), 503);
    assert!(reply.field("retry-after").parse::<u32>().is_ok());
}

#[tokio::test]
async fn a_request_keeps_its_name() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let reply = client.read(PATIENT, &["x-request-id: ward-7.a_1"]).await;
    assert_eq!(reply.field("x-request-id"), "ward-7.a_1");
    let one = client.read(PATIENT, &["x-request-id: no good"]).await;
    let two = client.read("/nowhere", &[]).await;
    assert!(!one.field("x-request-id").is_empty());
    assert_ne!(one.field("x-request-id"), "no good");
    assert_ne!(one.field("x-request-id"), two.field("x-request-id"));
}

#[tokio::test]
async fn health_follows_the_facilities() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let reply = client.ask_openly(Method::GET, "/health", &[], "").await;
    assert_eq!((reply.status(), reply.body.as_slice()), (200, &b"{\"status\":\"ok\"}"[..]));
    site.door.halt();
    assert_eq!(client.ask_openly(Method::GET, "/health", &[], "").await.status(), 503);
}

#[tokio::test]
async fn files_of_the_log_say_whether_they_change() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let checkpoint = client.read("/f/demo/log/checkpoint", &[]).await;
    assert_eq!((checkpoint.status(), checkpoint.body.as_slice()), (200, &b"demo\n1\n"[..]));
    assert_eq!(checkpoint.field("content-type"), "text/plain; charset=utf-8");
    assert_eq!(checkpoint.field("cache-control"), "private, no-cache");
    let tile = client.read("/f/demo/log/tile/0/000", &["accept: text/plain"]).await;
    assert_eq!((tile.status(), tile.body.len()), (200, 32));
    assert_eq!(tile.field("content-type"), "application/octet-stream");
    assert!(tile.field("cache-control").contains("immutable"));
    for path in ["nothing", "tile%2F0%2F000", "tile/0/000%00"] {
        assert_eq!(client.read(&format!("/f/demo/log/{path}"), &[]).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn the_capability_statement_names_the_operations_of_each_type() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let reply = client.ask_openly(Method::GET, "/f/demo/fhir/metadata", &[], "").await;
    let statement = reply.json();
    let resources = statement["rest"][0]["resource"].as_array().unwrap();
    let patient = resources.iter().find(|resource| resource["type"] == "Patient").unwrap();
    let names = |node: &serde_json::Value| -> Vec<String> {
        let found = node["operation"].as_array().unwrap();
        found.iter().map(|operation| operation["name"].as_str().unwrap().to_owned()).collect()
    };
    let served = [
        "chart",
        "distinct",
        "document",
        "duplicates",
        "everything",
        "history-diff",
        "lookers",
        "match",
        "merge",
        "proof",
        "unmerge",
        "validate",
    ];
    assert_eq!(names(patient), served);
    assert_eq!(
        patient["operation"][4]["definition"],
        "http://hl7.org/fhir/OperationDefinition/Patient-everything"
    );
    let basic = resources.iter().find(|resource| resource["type"] == "Basic").unwrap();
    assert_eq!(names(basic), ["history-diff", "proof", "validate"]);
}

#[tokio::test]
async fn the_capability_statement_says_what_the_routes_serve() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let reply = client.ask_openly(Method::GET, "/f/demo/fhir/metadata", &["accept-language: en"], "").await;
    assert_eq!((reply.status(), reply.field("content-language")), (200, "en"));
    let statement = reply.json();
    assert_eq!(statement["resourceType"], "CapabilityStatement");
    assert_eq!(statement["fhirVersion"], "4.0.1");
    assert_eq!(statement["implementation"]["url"], format!("https://{}/f/demo/fhir", site.address));
    let rest = &statement["rest"][0];
    let codes = |node: &serde_json::Value| -> Vec<String> {
        let codes = node["interaction"].as_array().unwrap();
        codes.iter().map(|code| code["code"].as_str().unwrap().to_owned()).collect()
    };
    let resources = rest["resource"].as_array().unwrap();
    let patient = resources.iter().find(|resource| resource["type"] == "Patient").unwrap();
    let instance = [
        "read",
        "vread",
        "update",
        "patch",
        "delete",
        "history-instance",
        "history-type",
        "create",
        "search-type",
    ];
    assert_eq!(codes(patient), instance);
    assert_eq!(codes(rest), ["transaction", "batch", "history-system", "search-system"]);
    // Beside those with a code of their own: what a code stands for in another form, and what has no code.
    let others = [
        Interaction::Health,
        Interaction::Capabilities,
        Interaction::SearchForm,
        Interaction::SearchFacilityForm,
        Interaction::SearchCompartment,
        Interaction::SearchCompartmentForm,
        Interaction::UpdateOnly,
        Interaction::PatchOnly,
        Interaction::DeleteOnly,
        Interaction::Log,
    ];
    let operation = |route: &&Route| {
        OPERATIONS.iter().any(|operation| operation.interactions.contains(&route.interaction))
    };
    let of_fhir = |route: &&Route| {
        !others.contains(&route.interaction) && !matches!(route.interaction, Interaction::Identity(_))
    };
    let coded = ROUTES.iter().filter(of_fhir).filter(|route| !operation(route));
    assert_eq!(coded.count(), instance.len() + 3, "a new route needs its code in the statement");
    assert_eq!((&patient["conditionalCreate"], &patient["conditionalUpdate"]), (&true.into(), &true.into()));
    assert_eq!(
        (&patient["conditionalRead"], &patient["conditionalDelete"]),
        (&"full-support".into(), &"single".into())
    );
    assert_eq!(client.ask_openly(Method::GET, "/f/other/fhir/metadata", &[], "").await.status(), 404);
}
