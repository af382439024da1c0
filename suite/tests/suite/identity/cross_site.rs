//! What another site makes a browser send is refused on every route that changes something; asking changes nothing.

use super::{address, code_of, post, refused, tablet, write_a_record};
use http::Method;
use serde_json::json;
use server::{Caller, IdentityCall, Interaction, ROUTES, Route};
use testkit::{Ask, Client, Clinic, Person};

/// The fields by which a browser says whence a request comes, none of which is this host's own page.
fn from_elsewhere(host: &str) -> Vec<Vec<(&'static str, String)>> {
    let (site, origin) = ("sec-fetch-site", "origin");
    let own = format!("https://{host}");
    vec![
        vec![],
        vec![(site, "cross-site".to_owned())],
        vec![(site, "same-site".to_owned())],
        vec![(site, "none".to_owned())],
        vec![(origin, "null".to_owned())],
        vec![(origin, "https://evil.example".to_owned())],
        vec![(origin, format!("http://{host}"))],
        vec![(origin, format!("{own}.evil.example"))],
        vec![(site, "cross-site".to_owned()), (origin, own.clone())],
        vec![(site, "same-origin".to_owned()), (origin, "https://evil.example".to_owned())],
        vec![(site, "same-origin".to_owned()), (site, "same-origin".to_owned())],
        vec![(origin, own.clone()), (origin, own)],
    ]
}

/// Routes that do something and want to know the caller.
fn changing() -> impl Iterator<Item = &'static Route> {
    ROUTES
        .iter()
        .filter(|row| row.method != Method::GET && matches!(row.caller, Caller::Required | Caller::Fresh))
}

fn with<'a>(ask: Ask<'a>, fields: &[(&str, String)]) -> Ask<'a> {
    fields.iter().fold(ask, |ask, (name, value)| ask.field(name, value))
}

fn in_a_browser(clinic: &Clinic, person: &Person) -> Client {
    let browser = clinic.client().browser();
    let mut login = person.login(clinic);
    login["carrier"] = "cookie".into();
    browser.call(Method::POST, "session").json(&login).sent_by_own_page().send().expect(201);
    browser
}

#[test]
fn every_change_by_cookie_comes_from_a_page_of_this_host() {
    let clinic = Clinic::start();
    write_a_record(&clinic.client());
    let hana = Person::join(&clinic, "hana", &["operator"]);
    let browser = in_a_browser(&clinic, &hana);
    let before = clinic.journal().changes();
    let cases = from_elsewhere(&browser.host());
    let mut tried = 0;
    for row in changing() {
        for fields in &cases {
            let reply = with(browser.ask(row.method.clone(), &address(row)), fields).send();
            assert_eq!(reply.refusal(), refused(403, "SV-0032"), "{} {} {fields:?}", row.method, row.path);
            tried += 1;
        }
    }
    assert!(tried >= 20 * cases.len(), "{tried}");
    assert_eq!(clinic.journal().changes(), before, "nothing was written but that it was asked for");
    browser.call(Method::GET, "session").send().expect(200);
    for row in changing().filter(|row| row.interaction != Interaction::Identity(IdentityCall::Logout)) {
        let reply = browser.ask(row.method.clone(), &address(row)).sent_by_own_page().send();
        assert_ne!(code_of(&reply), "SV-0032", "{} {}", row.method, row.path);
    }
}

#[test]
fn with_a_bearer_token_it_does_not_matter_whence_a_request_comes() {
    let clinic = Clinic::start();
    write_a_record(&clinic.client());
    let hana = Person::join(&clinic, "hana", &[]);
    let session = hana.session(&clinic, &clinic.stranger());
    let cases = from_elsewhere(&session.host());
    for row in changing().filter(|row| row.interaction != Interaction::Identity(IdentityCall::Logout)) {
        for fields in &cases {
            let reply = with(session.ask(row.method.clone(), &address(row)), fields).send();
            assert_ne!(code_of(&reply), "SV-0032", "{} {} {fields:?}", row.method, row.path);
            assert_ne!(reply.status(), 401, "{} {} {fields:?}", row.method, row.path);
        }
    }
}

#[test]
fn another_site_cannot_log_a_browser_in() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let browser = clinic.client().browser();
    for fields in from_elsewhere(&browser.host()) {
        let mut login = hana.login(&clinic);
        login["carrier"] = "cookie".into();
        let reply = with(browser.call(Method::POST, "session").json(&login), &fields).send();
        assert_eq!(reply.refusal(), refused(403, "SV-0032"), "{fields:?}");
        assert_eq!(reply.field("set-cookie"), "", "{fields:?}");
    }
}

#[test]
fn a_bearer_token_beside_a_cookie_is_what_counts() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let browser = in_a_browser(&clinic, &hana);
    let reply = browser.call(Method::GET, "session").field("authorization", "Bearer as1_wrong").send();
    assert_eq!(reply.refusal(), refused(401, "ID-0303"), "a wrong token is not made good by a cookie");
}

#[test]
fn asking_changes_nothing() {
    let clinic = Clinic::start();
    write_a_record(&clinic.client());
    let hana = Person::join(&clinic, "hana", &["operator"]);
    let browser = in_a_browser(&clinic, &hana);
    let before = clinic.journal().changes();
    for row in ROUTES.iter().filter(|row| row.method == Method::GET) {
        for method in [Method::GET, Method::HEAD] {
            let reply =
                browser.ask(method.clone(), &address(row)).field("sec-fetch-site", "cross-site").send();
            assert_ne!(code_of(&reply), "SV-0032", "{method} {}", row.path);
        }
    }
    assert_eq!(clinic.journal().changes(), before);
    browser.call(Method::GET, "session").send().expect(200);
}

/// Programs that look ahead at links ask for the head alone.
#[test]
fn a_look_at_the_head_of_a_link_does_not_use_it_up() {
    let clinic = Clinic::start();
    super::command(&clinic, "certificate-ca", json!({}));
    tablet(&clinic, "tablet-1");
    let issued = super::command(&clinic, "certificate-issue", json!({"account": "tablet-1"}));
    let link = issued["link"].as_str().unwrap();
    let path = &link[link.find("/f/").unwrap()..];
    for _ in 0..2 {
        let head = clinic.stranger().ask(Method::HEAD, path).send().expect(200);
        assert_eq!(head.field("content-length"), "", "how long the file is, it does not say");
    }
    clinic.stranger().ask(Method::GET, path).send().expect(200);
    let reply = clinic.stranger().ask(Method::GET, path).send();
    assert_eq!(reply.refusal(), refused(401, "ID-0305"));
    // Nor does anybody learn by it which links there are.
    clinic.stranger().ask(Method::HEAD, path).send().expect(200);
    let other = post(&clinic.stranger(), "session", &json!({}));
    assert_eq!(other.status(), 401);
}
