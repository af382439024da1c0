//! Refresh tokens: each is used once, and one that comes twice ends its family (RFC 6749, section 6; RFC 9700, section
//! 4.14). Tokens that are given back, and what a token stands for (RFC 7009, RFC 7662).

use super::{Scene, confidential, error, good, over, refresh, refused, value};
use serde_json::{Value, json};
use testkit::{App, Client, Reply, post_form};

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap_or_else(|| panic!("{name} in {answer}")).to_owned()
}

#[test]
fn a_refresh_token_is_replaced_with_every_use() {
    let scene = Scene::new();
    let client = scene.clinic.stranger();
    let mut answer = scene.tokens(&scene.browser(), "launch/patient online_access patient/*.rs");
    for _ in 0..3 {
        let next = value(&refresh(&client, &text(&answer, "refresh_token")).expect(200));
        assert_ne!(next["refresh_token"], answer["refresh_token"]);
        assert_eq!((&next["patient"], &next["scope"]), (&answer["patient"], &answer["scope"]));
        assert_eq!(scene.reads(&next["access_token"]), good());
        answer = next;
    }
}

#[test]
fn a_refresh_token_that_comes_twice_ends_its_family() {
    let scene = Scene::new();
    let client = scene.clinic.stranger();
    let first = scene.tokens(&scene.browser(), "online_access user/*.rs");
    let second = value(&refresh(&client, &text(&first, "refresh_token")).expect(200));
    assert_eq!(refused(&refresh(&client, &text(&first, "refresh_token"))), error(400, "invalid_grant"));
    assert_eq!(refused(&refresh(&client, &text(&second, "refresh_token"))), error(400, "invalid_grant"));
    assert_eq!(scene.reads(&first["access_token"]), over());
    assert_eq!(scene.reads(&second["access_token"]), over());
}

#[test]
fn a_refresh_token_is_no_good_for_another_client_or_for_more() {
    let scene = Scene::new();
    super::public(&scene.clinic, "other");
    let client = scene.clinic.stranger();
    let answer = scene.tokens(&scene.browser(), "online_access user/Patient.rs");
    let token = text(&answer, "refresh_token");
    let of = |app: &str, scope: &str| {
        let parameters = [
            ("grant_type", "refresh_token"),
            ("client_id", app),
            ("refresh_token", &token),
            ("scope", scope),
        ];
        post_form(&client, "oauth/token", &parameters)
    };
    assert_eq!(refused(&of("other", "user/Patient.rs")), error(400, "invalid_grant"));
    assert_eq!(refused(&of("viewer", "user/Observation.rs")), error(400, "invalid_scope"));
    for bad in ["", "x", "ar1_x", &format!("ar1_{}", "A".repeat(43))] {
        assert_eq!(refresh(&client, bad).status(), 400, "{bad}");
    }
    let less = value(&of("viewer", "user/*.r").expect(200));
    assert_eq!(less["scope"], "user/Patient.r");
}

#[test]
fn online_ends_with_the_session_and_offline_outlasts_it() {
    let scene = Scene::new();
    let client = scene.clinic.stranger();
    let browser = scene.browser();
    let online = scene.tokens(&browser, "online_access user/*.rs");
    let offline = scene.tokens(&browser, "offline_access user/*.rs");
    browser.call(http::Method::DELETE, "session").sent_by_own_page().send().expect(204);
    assert_eq!(scene.reads(&online["access_token"]), over());
    assert_eq!(refused(&refresh(&client, &text(&online, "refresh_token"))), error(400, "invalid_grant"));
    assert_eq!(scene.reads(&offline["access_token"]), good());
    let offline = value(&refresh(&client, &text(&offline, "refresh_token")).expect(200));
    scene.clinic.pass_seconds(29 * 86_400);
    let offline = value(&refresh(&client, &text(&offline, "refresh_token")).expect(200));
    scene.clinic.pass_seconds(86_400);
    assert_eq!(refused(&refresh(&client, &text(&offline, "refresh_token"))), error(400, "invalid_grant"));
}

#[test]
fn a_session_that_is_stepped_up_keeps_its_apps() {
    let scene = Scene::new();
    let browser = scene.browser();
    let answer = scene.tokens(&browser, "online_access user/*.rs");
    let shown = json!({"totp": scene.hana.next_code(&scene.clinic)});
    browser.call(http::Method::POST, "session/step-up").json(&shown).sent_by_own_page().send().expect(200);
    assert_eq!(scene.reads(&answer["access_token"]), good());
    refresh(&scene.clinic.stranger(), &text(&answer, "refresh_token")).expect(200);
}

#[test]
fn a_restart_ends_access_tokens_and_no_grant() {
    let mut scene = Scene::new();
    let answer = scene.tokens(&scene.browser(), "online_access user/*.rs");
    scene.clinic.restart();
    assert_eq!(scene.reads(&answer["access_token"]), over());
    let client = scene.clinic.stranger();
    let next = value(&refresh(&client, &text(&answer, "refresh_token")).expect(200));
    assert_eq!(scene.reads(&next["access_token"]), good());
    assert_eq!(refused(&refresh(&client, &text(&answer, "refresh_token"))), error(400, "invalid_grant"));
    assert_eq!(scene.reads(&next["access_token"]), over());
}

fn revoke(client: &Client, app: &str, token: &str) -> Reply {
    post_form(client, "oauth/revoke", &[("client_id", app), ("token", token)])
}

#[test]
fn a_token_that_is_given_back_is_dead() {
    let scene = Scene::new();
    super::public(&scene.clinic, "other");
    let client = scene.clinic.stranger();
    let answer = scene.tokens(&scene.browser(), "online_access user/*.rs");
    let (access, again) = (text(&answer, "access_token"), text(&answer, "refresh_token"));
    // RFC 7009, section 2.2: what is unknown or of another client is answered alike, and nothing happens.
    for (app, token) in [("other", access.as_str()), ("other", &again), ("viewer", "nonsense")] {
        revoke(&client, app, token).expect(200);
    }
    assert_eq!(scene.reads(&answer["access_token"]), good());
    revoke(&client, "viewer", &access).expect(200);
    assert_eq!(scene.reads(&answer["access_token"]), over());
    let next = value(&refresh(&client, &again).expect(200));
    revoke(&client, "viewer", &text(&next, "refresh_token")).expect(200);
    assert_eq!(scene.reads(&next["access_token"]), over(), "section 2.1: the grant ends");
    assert_eq!(refused(&refresh(&client, &text(&next, "refresh_token"))), error(400, "invalid_grant"));
    assert_eq!(refused(&revoke(&client, "nobody", &access)), error(401, "invalid_client"));
    let empty = post_form(&client, "oauth/revoke", &[("client_id", "viewer")]);
    assert_eq!(refused(&empty), error(400, "invalid_request"));
}

#[test]
fn a_client_with_a_key_is_told_what_its_own_tokens_stand_for() {
    let scene = Scene::new();
    let (app, other) = (App::es384("batch"), App::es384("other"));
    app.serve(&scene.clinic, "system/*.rs");
    other.serve(&scene.clinic, "system/*.rs");
    confidential(&scene.clinic, &App::es384("letters"));
    let client = scene.clinic.stranger();
    let token = text(&value(&app.ask(&scene.clinic, &client, "system/*.rs").expect(200)), "access_token");
    let introspect = |app: &App, token: &str| {
        let mut parameters = app.shown(&scene.clinic, &client);
        parameters.push(("token", token.to_owned()));
        value(&post_form(&client, "oauth/introspect", &parameters).expect(200))
    };
    let told = introspect(&app, &token);
    assert_eq!(
        (&told["active"], &told["client_id"], &told["sub"]),
        (&true.into(), &"batch".into(), &"batch".into())
    );
    assert_eq!(told["scope"], "system/*.rs");
    assert_eq!(told["exp"].as_i64().unwrap() - told["iat"].as_i64().unwrap(), 300);
    assert_eq!(introspect(&other, &token), json!({"active": false}));
    assert_eq!(introspect(&app, "nonsense"), json!({"active": false}));
    scene.clinic.pass_seconds(301);
    assert_eq!(introspect(&app, &token), json!({"active": false}));
    let public = post_form(&client, "oauth/introspect", &[("client_id", "viewer"), ("token", &token)]);
    assert_eq!(refused(&public), error(400, "unauthorized_client"));
}

#[test]
fn an_app_that_may_less_by_now_is_given_less() {
    let scene = Scene::new();
    let client = scene.clinic.stranger();
    let first = scene.tokens(&scene.browser(), "online_access user/*.rs");
    let change = |scopes: &str| {
        super::command(&scene.clinic, "app-change", json!({"app": "viewer", "scopes": scopes}));
    };
    change("online_access user/Patient.r");
    let second = value(&refresh(&client, &text(&first, "refresh_token")).expect(200));
    assert_eq!(second["scope"], "online_access user/Patient.r");
    change("patient/*.rs");
    let third = refresh(&client, &text(&second, "refresh_token"));
    assert_eq!(refused(&third), error(400, "invalid_scope"));
}

#[test]
fn somebody_who_allows_an_app_again_and_again_has_so_many_grants_and_no_more() {
    let scene = Scene::new();
    let browser = scene.browser();
    let first = scene.tokens(&browser, "user/*.rs");
    for _ in 1..20 {
        scene.tokens(&browser, "user/*.rs");
    }
    assert_eq!(scene.reads(&first["access_token"]), good());
    let last = scene.tokens(&browser, "user/*.rs");
    assert_eq!(scene.reads(&first["access_token"]), over());
    assert_eq!(scene.reads(&last["access_token"]), good());
}
