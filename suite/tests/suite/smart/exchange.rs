//! A code is exchanged for tokens: once, in time, by whoever asked for it (RFC 6749, section 4.1.3; RFC 7636, section 4.6).

use super::{
    Scene, code, confidential, error, exchange, good, over, refused, request, request_of, token, value, with,
};
use serde_json::Value;
use testkit::{App, VERIFIER};

#[test]
fn a_code_becomes_a_token_that_reads() {
    let scene = Scene::new();
    let answer = scene.tokens(&scene.browser(), "launch/patient patient/*.rs");
    assert_eq!(answer["scope"], "launch/patient patient/*.rs");
    assert_eq!((&answer["patient"], &answer["token_type"]), (&"p".into(), &"Bearer".into()));
    assert_eq!(answer["refresh_token"], Value::Null, "nobody asked for one");
    assert!(answer["access_token"].as_str().unwrap().starts_with("aa1_"));
    assert_eq!(scene.reads(&answer["access_token"]), good());
}

#[test]
fn a_code_is_no_good_for_anybody_else_or_with_anything_else() {
    let scene = Scene::new();
    super::public(&scene.clinic, "other");
    let (browser, client) = (scene.browser(), scene.clinic.stranger());
    let wrong = "another-verifier-of-43-characters-or-more-0123";
    for (what, name, value, expected) in [
        ("another client", "client_id", "other", error(400, "invalid_grant")),
        ("another address", "redirect_uri", "https://app.example/", error(400, "invalid_grant")),
        ("no address", "redirect_uri", "", error(400, "invalid_grant")),
        ("another verifier", "code_verifier", wrong, error(400, "invalid_grant")),
        ("a short verifier", "code_verifier", "short", error(400, "invalid_grant")),
        ("no verifier", "code_verifier", "", error(400, "invalid_request")),
        ("no code", "code", "", error(400, "invalid_request")),
        ("another code", "code", "ac1_x", error(400, "invalid_grant")),
        ("unknown client", "client_id", "nobody", error(401, "invalid_client")),
    ] {
        let code = code(&browser, &request(&browser, "user/*.rs"));
        let reply = token(&client, &with(exchange(&code), name, value));
        assert_eq!(refused(&reply), expected, "{what}");
        assert_eq!(reply.field("cache-control"), "no-store", "{what}");
    }
}

#[test]
fn a_code_that_was_shown_with_something_wrong_is_used_up() {
    let scene = Scene::new();
    let (browser, client) = (scene.browser(), scene.clinic.stranger());
    let code = code(&browser, &request(&browser, "user/*.rs"));
    token(&client, &with(exchange(&code), "code_verifier", &VERIFIER.replace('a', "b")));
    assert_eq!(refused(&token(&client, &exchange(&code))), error(400, "invalid_grant"));
}

#[test]
fn a_code_lasts_a_minute() {
    let scene = Scene::new();
    let (browser, client) = (scene.browser(), scene.clinic.stranger());
    let code_of = || code(&browser, &request(&browser, "user/*.rs"));
    let early = code_of();
    scene.clinic.pass_seconds(58);
    token(&client, &exchange(&early)).expect(200);
    let late = code_of();
    scene.clinic.pass_seconds(61);
    assert_eq!(refused(&token(&client, &exchange(&late))), error(400, "invalid_grant"));
}

#[test]
fn a_code_that_comes_twice_ends_all_that_was_given_for_it() {
    let scene = Scene::new();
    let (browser, client) = (scene.browser(), scene.clinic.stranger());
    let code = code(&browser, &request(&browser, "online_access user/*.rs"));
    let answer = value(&token(&client, &exchange(&code)).expect(200));
    assert_eq!(scene.reads(&answer["access_token"]), good());
    assert_eq!(refused(&token(&client, &exchange(&code))), error(400, "invalid_grant"));
    assert_eq!(scene.reads(&answer["access_token"]), over());
    let refreshed = super::refresh(&client, answer["refresh_token"].as_str().unwrap());
    assert_eq!(refused(&refreshed), error(400, "invalid_grant"));
}

#[test]
fn an_app_with_a_key_must_sign() {
    let scene = Scene::new();
    let app = App::rs384("letters");
    confidential(&scene.clinic, &app);
    let (browser, client) = (scene.browser(), scene.clinic.stranger());
    let code_of = || code(&browser, &request_of(&browser, "letters", "user/*.rs"));
    let bare = with(exchange(&code_of()), "client_id", "letters");
    assert_eq!(refused(&token(&client, &bare)), error(401, "invalid_client"));
    let mut signed = with(exchange(&code_of()), "client_id", "letters");
    signed.extend(app.shown(&scene.clinic, &client));
    let answer = value(&token(&client, &signed).expect(200));
    assert_eq!(scene.reads(&answer["access_token"]), good());
}

#[test]
fn the_token_of_an_app_opens_the_fhir_api_and_nothing_else() {
    let scene = Scene::new();
    let boss = testkit::Person::join(&scene.clinic, "boss", &["operator"]);
    let answer = scene.tokens(&super::browser(&scene.clinic, &boss), "user/*.cruds");
    let bearer = scene.clinic.stranger().bearing(answer["access_token"].as_str().unwrap());
    bearer.get("Patient/p").expect(200);
    for row in server::ROUTES {
        use server::Caller::{Arriving, Open};
        if matches!(row.caller, Arriving | Open) || row.path.contains("/fhir") {
            continue;
        }
        let path = row
            .path
            .replace("{facility}", "sakura")
            .replace("{id}", "facts")
            .replace("{*path}", "checkpoint");
        let reply = bearer.ask(row.method.clone(), &path).send();
        assert_eq!(reply.refusal(), (403, "ID-0062".to_owned()), "{} {}", row.method, row.path);
    }
}
