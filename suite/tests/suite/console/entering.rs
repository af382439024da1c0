//! Signing in by the page for it, and what does not let anybody in.

use super::{address, page, sends, signs_in};
use http::Method;
use identity::session::{Quotas, Rate};
use serde_json::json;
use testkit::{Clinic, Person, Plan, plenty};

const SESSION: &str = "__Host-akashi-session";

#[test]
fn one_signs_in_by_the_page_and_out_again() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let browser = clinic.client().browser();
    let next = "/f/sakura/console/patients?q=x";
    let reply = signs_in(&browser, &hana, &hana.next_code(&clinic), next);
    assert_eq!((reply.status(), reply.field("location")), (303, next));
    let cookie = reply.field("set-cookie");
    for part in [SESSION, "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    let home = page(&browser, "").send().expect(200);
    assert!(home.text().contains("山田 花子"), "{}", home.text());
    let out = sends(&browser, "sign-out", &[]).send();
    assert_eq!((out.status(), out.field("location")), (303, "/f/sakura/console/sign-in?out"));
    assert!(out.field("clear-site-data").contains("cache"), "{}", out.field("clear-site-data"));
    let left = browser.cookie(SESSION).unwrap_or_default();
    assert!(left.is_empty(), "the cookie is taken back");
    assert_eq!(page(&browser, "").send().status(), 303);
}

#[test]
fn what_was_typed_wrong_is_told_on_the_same_page_and_the_password_is_not_sent_back() {
    let clinic = Clinic::start();
    let mut hana = Person::join(&clinic, "hana", &[]);
    hana.password = "not-the-password-7".to_owned();
    let browser = clinic.client().browser();
    let reply = signs_in(&browser, &hana, "000000", "/f/sakura/console/patients");
    assert_eq!(reply.status(), 422);
    let html = reply.text();
    for part in ["role=\"alert\"", "value=\"hana\"", "value=\"/f/sakura/console/patients\"", "ID-0"] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains(&hana.password), "{html}");
    assert_eq!(browser.cookie(SESSION), None);
}

#[test]
fn a_link_from_elsewhere_leads_nobody_away_after_signing_in() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    for next in
        ["https://evil.example/", "//evil.example", "/f/fuji/console", "/f/sakura/console/../../fuji", ""]
    {
        let browser = clinic.client().browser();
        let reply = signs_in(&browser, &hana, &hana.next_code(&clinic), next);
        assert_eq!((reply.status(), reply.field("location")), (303, "/f/sakura/console"), "{next}");
    }
}

#[test]
fn another_site_neither_signs_a_browser_in_nor_sends_a_form_in_its_name() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let browser = clinic.client().browser();
    let fields =
        [("account", "hana"), ("password", hana.password.as_str()), ("code", &hana.next_code(&clinic))];
    let form = testkit::form(&fields);
    for site in ["cross-site", "same-site", "none"] {
        let ask = browser.call(Method::POST, &address("sign-in")).body(super::FORM, &form);
        let reply = ask.field("sec-fetch-site", site).send();
        assert_eq!((reply.status(), reply.field("set-cookie")), (403, ""), "{site}");
        assert!(reply.text().contains("SV-0032"), "{site}: {}", reply.text());
    }
    signs_in(&browser, &hana, &hana.next_code(&clinic), "").expect(303);
    for row in console::pages().filter(|row| row.sends) {
        let path = row.path.replace("{}", "x");
        let ask = browser.call(Method::POST, &address(&path)).body(super::FORM, "");
        let reply = ask.field("sec-fetch-site", "cross-site").send();
        assert_eq!(reply.status(), 403, "{path}");
        assert!(reply.text().contains("SV-0032"), "{path}: {}", reply.text());
    }
    page(&browser, "").send().expect(200);
}

#[test]
fn every_page_of_the_table_is_closed_to_whoever_has_not_signed_in() {
    let clinic = Clinic::start();
    let stranger = clinic.client().browser();
    let mut tried = 0;
    for row in console::pages().filter(|row| row.looks && row.path != "sign-in") {
        let path = row.path.replace("{}", "p");
        let reply = page(&stranger, &path).send();
        assert_eq!(reply.status(), 303, "{path}");
        let to = reply.field("location").to_owned();
        assert!(to.starts_with("/f/sakura/console/sign-in?next=%2Ff%2Fsakura%2Fconsole"), "{path}: {to}");
        tried += 1;
    }
    assert!(tried >= 3, "{tried}");
}

#[test]
fn the_token_of_an_app_opens_no_page() {
    let clinic = Clinic::start();
    let app = testkit::App::es384("archive");
    app.serve(&clinic, "system/Patient.rs");
    let stranger = clinic.stranger();
    let granted = app.ask(&clinic, &stranger, "system/Patient.rs").expect(200);
    let client = stranger.bearing(&granted.get("access_token"));
    client.get("Patient").expect(200);
    for row in console::pages().filter(|row| row.path != "sign-in" && row.path != "language") {
        let path = row.path.replace("{}", "p");
        let reply = if row.looks { page(&client, &path).send() } else { sends(&client, &path, &[]).send() };
        assert_eq!(reply.status(), 403, "{path}");
        assert!(reply.text().contains(identity::app::codes::FHIR_ONLY.id), "{path}: {}", reply.text());
    }
}

#[test]
fn tries_to_sign_in_are_counted_and_it_is_said_how_long_to_wait() {
    let quotas = Quotas { logins: Rate::new(1, 5), ..plenty() };
    let clinic = Clinic::with(Plan { quotas, ..Plan::default() });
    let browser = clinic.client().browser();
    let tried = || sends(&browser, "sign-in", &[("account", "hana"), ("password", "x")]).send();
    for number in 0..5 {
        assert_eq!(tried().status(), 422, "{number}");
    }
    let reply = tried();
    assert_eq!(reply.status(), 429);
    assert!(reply.text().contains("ID-0301") && reply.text().contains("<h1>"), "{}", reply.text());
    let seconds: u64 = reply.field("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    page(&browser, "sign-in").send().expect(200);
}

#[test]
fn without_the_certificate_that_is_asked_for_a_page_says_what_is_missing() {
    let clinic = Clinic::start();
    let command = |command: serde_json::Value| clinic.command(&command).unwrap();
    command(json!({"command": "certificate-ca"}));
    command(json!({"command": "policy-set", "values": {"client-certificates": "verify"}}));
    let browser = clinic.client().browser();
    for path in ["", "sign-in", "patients"] {
        let ask = page(&browser, path).field("accept-language", "ja");
        let reply = ask.send();
        assert_eq!(reply.status(), 403, "{path}");
        assert_eq!(reply.field("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(
            reply.text().contains("ID-0004") && reply.text().contains("証明書"),
            "{path}: {}",
            reply.text()
        );
        assert_eq!(reply.field("content-security-policy"), console::POLICY, "{path}");
    }
}

#[test]
fn a_factor_is_shown_once_more_on_a_page_and_leads_on() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &["operator"]);
    let browser = clinic.client().browser();
    signs_in(&browser, &hana, &hana.next_code(&clinic), "").expect(303);
    let before = browser.cookie(SESSION).unwrap();
    let next = "/f/sakura/console/patients";
    for wrong in [("code", "000000"), ("password", "not-the-password-7")] {
        let reply = sends(&browser, "confirm", &[wrong, ("next", next)]).send();
        assert_eq!(reply.status(), 422, "{wrong:?}");
        assert!(reply.text().contains("role=\"alert\""), "{}", reply.text());
        assert!(!reply.text().contains("not-the-password"), "{}", reply.text());
        assert_eq!(browser.cookie(SESSION).unwrap(), before, "{wrong:?}");
    }
    let code = hana.next_code(&clinic);
    let reply = sends(&browser, "confirm", &[("code", &code), ("next", next)]).send();
    assert_eq!((reply.status(), reply.field("location")), (303, next));
    assert_ne!(browser.cookie(SESSION).unwrap(), before, "a session that weighs more has another token");
    page(&browser, "").send().expect(200);
}
