//! The pages of the console over HTTP that stand outside the usual walk.

use crate::client::Reply;
use crate::site::Site;
use http::Method;

const EMERGENCY: &str = "/f/demo/console/emergency";

fn page(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

#[tokio::test]
async fn the_emergency_page_is_there_without_a_session_when_nothing_can_be_written() {
    let site = Site::start().await;
    site.door.halt();
    let mut client = site.http_1().await;
    let reply = client.ask_openly(Method::GET, EMERGENCY, &["Accept-Language: en"], "").await;
    assert_eq!(reply.status(), 503);
    let page = page(&reply);
    for text in ["Writing is stopped.", "2026-04-01 18:05:03 JST", ">7</span>"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(site.door.seen().is_empty(), "no record is looked at");
}

#[tokio::test]
async fn a_page_that_is_refused_because_nothing_can_be_written_leads_to_the_emergency_page() {
    let site = Site::start().await;
    site.door.halt();
    let reply = site.http_1().await.read("/f/demo/console/patients", &[]).await;
    assert_eq!(reply.status(), 503);
    assert!(page(&reply).contains("ST-0001") && page(&reply).contains(EMERGENCY), "{}", page(&reply));
}

#[tokio::test]
async fn a_facility_that_writes_says_so_on_the_emergency_page() {
    let site = Site::start().await;
    let reply = site.http_1().await.ask_openly(Method::GET, EMERGENCY, &["Accept-Language: en"], "").await;
    assert_eq!(reply.status(), 200);
    assert!(page(&reply).contains("Writing goes on as usual."));
}

#[tokio::test]
async fn the_emergency_page_tells_of_no_facility_that_there_is_not() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let reply = client.ask_openly(Method::GET, "/f/nowhere/console/emergency", &[], "").await;
    let other = client.ask_openly(Method::GET, "/f/nowhere/console/sign-in", &[], "").await;
    assert_eq!(reply.status(), 404);
    assert_eq!(other.status(), 404);
}

#[tokio::test]
async fn where_a_look_cannot_be_noted_no_record_is_asked_for() {
    let site = Site::start().await;
    site.door.halt();
    let mut client = site.http_1().await;
    for path in ["/emergency/patients?q=x", "/emergency/patients/42", "/sign-in"] {
        let reply = client.read(&format!("/f/demo/console{path}"), &[]).await;
        assert_eq!(reply.status(), 503, "{path}");
        assert!(page(&reply).contains("ST-0063"), "{path}: {}", page(&reply));
    }
    assert!(site.door.seen().is_empty());
}

#[tokio::test]
async fn nothing_but_looking_is_open_while_writing_is_stopped() {
    let site = Site::start().await;
    site.door.halt();
    let mut client = site.http_1().await;
    for path in ["console/patients", "console/patients/42", "fhir/Patient/42", "session", "log/checkpoint"] {
        let reply = client.read(&format!("/f/demo/{path}"), &[]).await;
        assert_eq!(reply.status(), 503, "{path}");
        assert!(page(&reply).contains("ST-0001"), "{path}: {}", page(&reply));
    }
    assert!(site.door.seen().is_empty());
}
