//! SMART Backend Services: client credentials with a signed assertion (RFC 6749, section 4.4; RFC 7523, section 3).

use super::{command, error, good, over, refused, value};
use serde_json::{Value, json};
use testkit::{App, Client, Clinic, Reply, endpoint, post_form};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn bring(client: &Client, assertion: &str) -> Reply {
    let parameters = [
        ("grant_type", "client_credentials"),
        ("scope", "system/*.rs"),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    post_form(client, "oauth/token", &parameters)
}

#[test]
fn a_service_gets_a_token_by_es384_and_by_rs384_and_reads_with_it() {
    let clinic = Clinic::start();
    clinic.client().put("Patient/p", crate::material::born("p", "1950")).expect(201);
    for app in [App::es384("batch-ec"), App::rs384("batch-rsa")] {
        app.serve(&clinic, "system/*.rs");
        let client = clinic.stranger();
        let reply = app.ask(&clinic, &client, "system/*.cruds").expect(200);
        let answer = value(&reply);
        // RFC 6749, section 5.1.
        assert_eq!(reply.field("cache-control"), "no-store");
        assert_eq!(reply.field("pragma"), "no-cache");
        assert_eq!(reply.field("content-type"), "application/json");
        assert_eq!(
            (answer["token_type"].as_str(), answer["expires_in"].as_i64()),
            (Some("Bearer"), Some(300))
        );
        assert_eq!(answer["scope"], "system/*.rs", "no more than it is registered for");
        assert_eq!(answer["refresh_token"], Value::Null, "section 4.4.3");
        let bearer = client.bearing(answer["access_token"].as_str().unwrap());
        bearer.get("Patient/p").expect(200);
    }
}

#[test]
fn an_assertion_is_refused_for_whatever_is_wrong_with_it() {
    let clinic = Clinic::start();
    let (app, other) = (App::es384("batch"), App::es384("other"));
    app.serve(&clinic, "system/*.rs");
    other.serve(&clinic, "system/*.rs");
    let client = clinic.stranger();
    let here = endpoint(&client, "token");
    let claims = || app.claims(&here, clinic.clock_now());
    let changed = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        app.sign(&app.header(), &claims)
    };
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        app.sign(&app.header(), &claims)
    };
    let headed = |name: &str, value: Value| {
        let mut header = app.header();
        header[name] = value;
        app.sign(&header, &claims())
    };
    let seconds = clinic.clock_now().microseconds() / 1_000_000;
    let good = app.sign(&app.header(), &claims());
    let stripped = format!("{}.", good.rsplit_once('.').unwrap().0);
    for (what, assertion) in [
        ("no JWT", "x.y.z".to_owned()),
        ("unknown client", App::es384("nobody").assertion(&clinic, &client)),
        ("another's key", other.sign(&other.header(), &claims())),
        ("no signature", stripped),
        ("alg none", headed("alg", json!("none"))),
        ("alg HS256", headed("alg", json!("HS256"))),
        ("alg ES256", headed("alg", json!("ES256"))),
        ("alg RS384 with an EC key", headed("alg", json!("RS384"))),
        ("unknown kid", headed("kid", json!("key-2"))),
        ("no kid", headed("kid", Value::Null)),
        ("a key in the header", headed("jwk", app.keys()["keys"][0].clone())),
        ("a key from an address", headed("jku", json!("https://app.example/keys"))),
        ("something critical", headed("crit", json!(["exp"]))),
        ("iss of another", changed("iss", json!("other"))),
        ("sub of another", changed("sub", json!("other"))),
        ("aud: another endpoint", changed("aud", json!(endpoint(&client, "authorize")))),
        ("aud: another facility", changed("aud", json!(here.replace("sakura", "momiji")))),
        ("aud: two", changed("aud", json!([here, "https://elsewhere.example"]))),
        ("expired", changed("exp", json!(seconds - 1))),
        ("for too long", changed("exp", json!(seconds + 600))),
        ("not yet", changed("nbf", json!(seconds + 120))),
        ("from the future", changed("iat", json!(seconds + 120))),
        ("no iss", without("iss")),
        ("no sub", without("sub")),
        ("no aud", without("aud")),
        ("no exp", without("exp")),
        ("no jti", without("jti")),
        ("empty jti", changed("jti", json!(""))),
    ] {
        let reply = bring(&client, &assertion);
        assert_eq!(refused(&reply), error(401, "invalid_client"), "{what}: {}", reply.text());
        assert!(reply.field("www-authenticate").starts_with("Bearer"), "{what}");
    }
    bring(&client, &good).expect(200);
    bring(&client, &changed("aud", json!([here]))).expect(200);
}

#[test]
fn an_assertion_is_used_once_also_over_a_restart() {
    let mut clinic = Clinic::start();
    let app = App::es384("batch");
    app.serve(&clinic, "system/*.rs");
    let client = clinic.stranger();
    let assertion = app.assertion(&clinic, &client);
    bring(&client, &assertion).expect(200);
    assert_eq!(refused(&bring(&client, &assertion)), error(401, "invalid_client"));
    // The server comes back under another port, for which no assertion can be made before: so the note is looked at.
    clinic.close();
    let notes = testkit::open_database(clinic.data(), clinic.facility(), clinic.master());
    let count: i64 = notes
        .query_row("SELECT count(*) FROM note WHERE name LIKE 'assertion/%'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 1);
}

#[test]
fn a_service_may_do_no_more_than_it_is_registered_for() {
    let clinic = Clinic::start();
    let app = App::es384("batch");
    app.serve(&clinic, "system/Observation.rs");
    let client = clinic.stranger();
    let scope = |asked: &str| {
        let reply = app.ask(&clinic, &client, asked);
        (reply.status(), reply.get("scope"), reply.get("error"))
    };
    let granted = |text: &str| (200, text.to_owned(), String::new());
    let nothing = (400, String::new(), "invalid_scope".to_owned());
    assert_eq!(scope("system/*.cruds"), granted("system/Observation.rs"));
    assert_eq!(scope("system/Observation.r user/*.rs"), granted("system/Observation.r"));
    for asked in ["", "system/Patient.rs", "user/*.rs", "patient/*.rs", "offline_access", "nonsense"] {
        assert_eq!(scope(asked), nothing, "{asked}");
    }
}

#[test]
fn a_token_ends_by_time_with_its_app_and_with_its_account() {
    let clinic = Clinic::start();
    clinic.client().put("Patient/p", crate::material::born("p", "1950")).expect(201);
    let app = App::es384("batch");
    app.serve(&clinic, "system/*.rs");
    let client = clinic.stranger();
    let reads = |token: &Value| {
        let reply = client.bearing(token.as_str().unwrap()).get("Patient/p");
        (reply.status(), reply.get("issue.0.details.coding.0.code"))
    };
    let ask = || value(&app.ask(&clinic, &client, "system/*.rs").expect(200))["access_token"].clone();
    let token = ask();
    clinic.pass_seconds(298);
    assert_eq!(reads(&token), good());
    clinic.pass_seconds(3);
    assert_eq!(reads(&token), over());
    let token = ask();
    command(&clinic, "account-disable", json!({"account": "batch", "reason": "x"}));
    assert_eq!(reads(&token), over());
    assert_eq!(refused(&app.ask(&clinic, &client, "system/*.rs")), error(400, "unauthorized_client"));
    command(&clinic, "account-enable", json!({"account": "batch"}));
    let token = ask();
    assert_eq!(reads(&token), good());
    command(&clinic, "app-disable", json!({"app": "batch", "reason": "x"}));
    assert_eq!(reads(&token), over());
    assert_eq!(refused(&app.ask(&clinic, &client, "system/*.rs")), error(401, "invalid_client"));
}

#[test]
fn the_token_endpoint_refuses_what_it_does_not_take() {
    let clinic = Clinic::start();
    let app = App::es384("batch");
    app.serve(&clinic, "system/*.rs");
    super::public(&clinic, "viewer");
    let client = clinic.stranger();
    let with = |more: &[(&'static str, &str)]| {
        let mut parameters = app.shown(&clinic, &client);
        parameters.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        refused(&post_form(&client, "oauth/token", &parameters))
    };
    let grant = |name| ("grant_type", name);
    assert_eq!(with(&[]), error(400, "invalid_request"));
    assert_eq!(
        with(&[grant("client_credentials"), grant("client_credentials")]),
        error(400, "invalid_request")
    );
    assert_eq!(with(&[grant("password")]), error(400, "unsupported_grant_type"));
    assert_eq!(with(&[grant("implicit")]), error(400, "unsupported_grant_type"));
    assert_eq!(with(&[grant("authorization_code"), ("code", "x")]), error(400, "unauthorized_client"));
    assert_eq!(with(&[grant("refresh_token")]), error(400, "unauthorized_client"));
    let scope = ("scope", "system/*.rs");
    assert_eq!(
        with(&[grant("client_credentials"), scope, ("client_id", "viewer")]),
        error(401, "invalid_client")
    );
    assert_eq!(
        with(&[grant("client_credentials"), scope, ("client_secret", "x")]),
        error(401, "invalid_client")
    );
    let bare = |parameters: &[(&str, &str)]| refused(&post_form(&client, "oauth/token", parameters));
    assert_eq!(bare(&[grant("client_credentials"), scope]), error(400, "invalid_request"));
    assert_eq!(
        bare(&[grant("client_credentials"), scope, ("client_id", "batch")]),
        error(401, "invalid_client")
    );
    assert_eq!(
        bare(&[grant("client_credentials"), scope, ("client_id", "viewer")]),
        error(400, "unauthorized_client")
    );
    let mistyped =
        [grant("client_credentials"), scope, ("client_assertion_type", "x"), ("client_assertion", "x")];
    assert_eq!(bare(&mistyped), error(400, "invalid_request"));
    let basic = client
        .call(http::Method::POST, "oauth/token")
        .field("authorization", "Basic YmF0Y2g6eA==")
        .body("application/x-www-form-urlencoded", "grant_type=client_credentials&scope=system%2F*.rs")
        .send();
    assert_eq!(refused(&basic), error(401, "invalid_client"));
}
