//! The authorization endpoint: what it takes, what it sends back, and what it does not send anywhere (RFC 6749, section
//! 4.1; RFC 7636; RFC 9207; RFC 9700).

use super::{BACK, Scene, ask, consent, request, send, sent_back, with};
use testkit::{Client, Reply};

#[test]
fn a_request_is_answered_with_a_code_its_state_and_who_sent_it() {
    let scene = Scene::new();
    let browser = scene.browser();
    let (page, handle) = consent(&browser, &request(&browser, "patient/*.rs"));
    let back =
        sent_back(&send(&browser, &page, &[("consent", &handle), ("decision", "allow"), ("patient", "p")]));
    assert!(back["code"].as_str().unwrap().starts_with("ac1_"));
    assert_eq!(back["state"], "st4te/+ &x");
    assert_eq!(back["iss"], browser.base().strip_suffix("/fhir").unwrap(), "RFC 9207");
    assert_eq!(back.as_object().unwrap().len(), 3);
}

#[test]
fn a_refusal_goes_back_too() {
    let scene = Scene::new();
    let browser = scene.browser();
    let (page, handle) = consent(&browser, &request(&browser, "patient/*.rs"));
    let back = sent_back(&send(&browser, &page, &[("consent", &handle), ("decision", "deny")]));
    assert_eq!((&back["error"], &back["state"]), (&"access_denied".into(), &"st4te/+ &x".into()));
    assert!(back["iss"].is_string() && back["code"].is_null());
}

/// Nothing goes to an address that is not known (RFC 6749, section 3.1.2.4).
#[test]
fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let scene = Scene::new();
    let client = scene.clinic.stranger();
    let good = || request(&client, "patient/*.rs");
    let doubled = |name: &'static str, value: &str| {
        let mut parameters = good();
        parameters.push((name, value.to_owned()));
        parameters
    };
    super::command(
        &scene.clinic,
        "app-register",
        serde_json::json!({"app": "gone", "kind": "public", "name": "x", "redirects": [BACK], "scopes": "user/*.rs"}),
    );
    super::command(&scene.clinic, "app-disable", serde_json::json!({"app": "gone", "reason": "x"}));
    for (what, parameters) in [
        ("no client", with(good(), "client_id", "")),
        ("unknown client", with(good(), "client_id", "nobody")),
        ("disabled client", with(good(), "client_id", "gone")),
        ("two clients", doubled("client_id", "viewer")),
        ("no address", with(good(), "redirect_uri", "")),
        ("two addresses", doubled("redirect_uri", BACK)),
        ("another address", with(good(), "redirect_uri", "https://evil.example/back")),
        ("longer", with(good(), "redirect_uri", &format!("{BACK}/x"))),
        ("shorter", with(good(), "redirect_uri", "https://app.example/")),
        ("with a query", with(good(), "redirect_uri", &format!("{BACK}?x=1"))),
        ("in capitals", with(good(), "redirect_uri", "https://APP.example/back")),
        ("upwards", with(good(), "redirect_uri", "https://app.example/x/../back")),
    ] {
        let reply = ask(&client, &parameters);
        assert_eq!((reply.status(), reply.field("location")), (400, ""), "{what}");
        assert!(reply.field("content-type").starts_with("text/html"), "{what}");
        assert!(!reply.text().contains("evil.example"), "{what}");
    }
}

#[test]
fn what_is_wrong_with_a_request_is_told_to_the_app() {
    let scene = Scene::new();
    let client = scene.clinic.stranger();
    let good = || request(&client, "patient/*.rs");
    let doubled = |name: &'static str, value: &str| {
        let mut parameters = good();
        parameters.push((name, value.to_owned()));
        parameters
    };
    for (what, parameters, word) in [
        ("no response type", with(good(), "response_type", ""), "invalid_request"),
        ("token", with(good(), "response_type", "token"), "unsupported_response_type"),
        ("hybrid", with(good(), "response_type", "code id_token"), "unsupported_response_type"),
        ("fragment", with(good(), "response_mode", "fragment"), "unsupported_response_type"),
        ("no challenge", with(good(), "code_challenge", ""), "invalid_request"),
        ("a short challenge", with(good(), "code_challenge", "short"), "invalid_request"),
        ("no method", with(good(), "code_challenge_method", ""), "invalid_request"),
        ("plain", with(good(), "code_challenge_method", "plain"), "invalid_request"),
        ("no aud", with(good(), "aud", ""), "invalid_request"),
        ("aud of another server", with(good(), "aud", "https://evil.example/fhir"), "invalid_request"),
        (
            "aud of another facility",
            with(good(), "aud", &client.base().replace("sakura", "momiji")),
            "invalid_request",
        ),
        ("two aud", doubled("aud", &client.base()), "invalid_request"),
        ("no scope", with(good(), "scope", ""), "invalid_scope"),
        ("a scope beyond the app's", with(good(), "scope", "system/*.rs"), "invalid_scope"),
        ("only beside", with(good(), "scope", "offline_access launch/patient"), "invalid_scope"),
    ] {
        let back = sent_back(&ask(&client, &parameters));
        assert_eq!(back["error"], word, "{what}");
        assert_eq!(back["state"], "st4te/+ &x", "{what}");
        assert!(back["iss"].is_string() && back["code"].is_null(), "{what}");
    }
    for parameters in
        [with(good(), "state", ""), doubled("state", "x"), with(good(), "state", &"x".repeat(1_001))]
    {
        let back = sent_back(&ask(&client, &parameters));
        assert_eq!((&back["error"], back["state"].is_null()), (&"invalid_request".into(), true));
    }
}

#[test]
fn an_app_on_the_same_machine_may_choose_its_port() {
    let scene = Scene::new();
    let app = serde_json::json!({"app": "desk", "kind": "public", "name": "x", "scopes": "user/*.rs",
        "redirects": ["http://127.0.0.1/back", "jp.example.desk:/back"]});
    super::command(&scene.clinic, "app-register", app);
    let client = scene.clinic.stranger();
    let to = |address: &str| {
        let parameters =
            with(with(request(&client, "user/*.rs"), "client_id", "desk"), "redirect_uri", address);
        ask(&client, &parameters).status()
    };
    assert_eq!(to("http://127.0.0.1:49152/back"), 200);
    assert_eq!(to("jp.example.desk:/back"), 200);
    assert_eq!(to("http://127.0.0.1:49152/other"), 400);
    assert_eq!(to("http://localhost:49152/back"), 400);
}

#[test]
fn a_decision_is_taken_once_and_from_the_page_of_whoever_saw_it() {
    let scene = Scene::new();
    let browser = scene.browser();
    let allow = |client: &Client, page: &str, handle: &str| -> Reply {
        send(client, page, &[("consent", handle), ("decision", "allow"), ("patient", "p")])
    };
    let (page, handle) = consent(&browser, &request(&browser, "patient/*.rs"));
    // Somebody else's browser.
    let taro = testkit::Person::join(&scene.clinic, "taro", &[]);
    let other = super::browser(&scene.clinic, &taro);
    assert_eq!(allow(&other, &page, &handle).status(), 401);
    assert_eq!(allow(&browser, &page, "").status(), 401);
    assert_eq!(allow(&browser, &page, &handle.replace("ah1_", "as1_")).status(), 401);
    assert_eq!(allow(&browser, &page, &handle).status(), 401, "whoever tries uses it up");
    let (page, handle) = consent(&browser, &request(&browser, "patient/*.rs"));
    assert_eq!(allow(&browser, &page, &handle).status(), 303);
    assert_eq!(allow(&browser, &page, &handle).status(), 401, "once");
    // From another site.
    let (page, handle) = consent(&browser, &request(&browser, "patient/*.rs"));
    let body = testkit::form(&[("consent", handle.as_str()), ("decision", "allow"), ("patient", "p")]);
    for fields in [vec![], vec![("sec-fetch-site", "cross-site")], vec![("origin", "https://app.example")]] {
        let mut sent = browser.call(http::Method::POST, &page);
        for (name, value) in fields {
            sent = sent.field(name, value);
        }
        let reply = sent.body("application/x-www-form-urlencoded", &body).send();
        assert_eq!(reply.refusal(), (403, "SV-0032".to_owned()));
    }
    // Later than anybody takes to decide.
    scene.clinic.pass_seconds(901);
    assert_eq!(allow(&browser, &page, &handle).status(), 401);
}
