//! Passkeys over HTTP: registered, used to log in and to step up, and every wrong answer refused.

use super::{command, person, post, refused, text, value};
use http::Method;
use serde_json::{Value, json};
use testkit::{BASE_URL, Client, Clinic, HandleShown, Person, Reply, SoftAuthenticator, UserCheck};

/// A challenge, and what the authenticator makes of it.
fn answered(client: &Client, authenticator: &mut SoftAuthenticator) -> Value {
    let challenge = value(&post(client, "session/passkey", &json!({})).expect(200));
    json!({"handle": challenge["handle"], "response": authenticator.get(&challenge["options"])})
}

fn log_in(client: &Client, authenticator: &mut SoftAuthenticator) -> Reply {
    let answer = answered(client, authenticator);
    post(client, "session", &json!({"passkey": answer}))
}

/// A person with a password, an app and a passkey.
fn with_passkey(clinic: &Clinic) -> (Person, SoftAuthenticator, Client) {
    let hana = Person::join(clinic, "hana", &[]);
    let session = hana.session(clinic, &clinic.stranger());
    let mut authenticator = SoftAuthenticator::new(BASE_URL);
    register(&session, &mut authenticator).expect(201);
    (hana, authenticator, session)
}

fn register(session: &Client, authenticator: &mut SoftAuthenticator) -> Reply {
    let begun = value(&post(session, "factors/passkey", &json!({})).expect(200));
    let response = authenticator.create(&begun["options"]);
    let members = json!({"handle": begun["handle"], "response": response, "label": "phone"});
    post(session, "factors/passkey/confirm", &members)
}

#[test]
fn a_passkey_is_registered_and_logs_in_by_itself() {
    let clinic = Clinic::start();
    let (_, mut authenticator, session) = with_passkey(&clinic);
    let factors = value(&session.call(Method::GET, "factors").send().expect(200));
    let kinds: Vec<&str> =
        factors["factors"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"passkey"), "{kinds:?}");
    let begun = value(&log_in(&clinic.stranger(), &mut authenticator).expect(201));
    assert_eq!((&begun["account"], &begun["factors"]), (&json!("hana"), &json!(["passkey"])));
    clinic.stranger().bearing(&text(&begun, "token")).get("Patient").expect(200);
}

#[test]
fn an_invited_person_needs_nothing_but_a_passkey() {
    let clinic = Clinic::start();
    person(&clinic, "taro");
    let invited = command(&clinic, "account-invite", json!({"account": "taro"}));
    let code = text(&invited, "code");
    let stranger = clinic.stranger();
    let opened = value(&post(&stranger, "invitation", &json!({"code": code})).expect(200));
    let mut authenticator = SoftAuthenticator::new(BASE_URL);
    let response = authenticator.create(&opened["passkey"]["options"]);
    let passkey = json!({"handle": opened["passkey"]["handle"], "response": response});
    post(&stranger, "invitation/accept", &json!({"code": code, "passkey": passkey})).expect(201);
    assert_eq!(value(&log_in(&stranger, &mut authenticator).expect(201))["account"], json!("taro"));
}

#[test]
fn a_passkey_steps_up_its_own_session_alone() {
    let clinic = Clinic::start();
    let (_, mut authenticator, session) = with_passkey(&clinic);
    clinic.pass_seconds(400);
    let answer = answered(&session, &mut authenticator);
    let renewed = value(&post(&session, "session/step-up", &json!({"passkey": answer})).expect(200));
    let session = clinic.stranger().bearing(&text(&renewed, "token"));
    assert_eq!(value(&session.call(Method::GET, "session").send())["fresh"], json!(true));
    let taro = Person::join(&clinic, "taro", &[]);
    let foreign = taro.session(&clinic, &clinic.stranger());
    let answer = answered(&foreign, &mut authenticator);
    let reply = post(&foreign, "session/step-up", &json!({"passkey": answer}));
    assert_eq!(reply.refusal(), refused(401, "ID-0302"));
}

#[test]
fn an_answer_is_good_once() {
    let clinic = Clinic::start();
    let (_, mut authenticator, _) = with_passkey(&clinic);
    let stranger = clinic.stranger();
    let login = json!({"passkey": answered(&stranger, &mut authenticator)});
    post(&stranger, "session", &login).expect(201);
    assert_eq!(post(&stranger, "session", &login).refusal(), refused(401, "ID-0305"));
}

#[test]
fn an_answer_to_another_challenge_is_refused() {
    let clinic = Clinic::start();
    let (_, mut authenticator, _) = with_passkey(&clinic);
    let stranger = clinic.stranger();
    let (first, second) = (answered(&stranger, &mut authenticator), answered(&stranger, &mut authenticator));
    let crossed = json!({"passkey": {"handle": first["handle"], "response": second["response"]}});
    assert_eq!(post(&stranger, "session", &crossed).refusal(), refused(401, "ID-0227"));
    let invented = json!({"passkey": {"handle": "x", "response": second["response"]}});
    assert_eq!(post(&stranger, "session", &invented).refusal(), refused(401, "ID-0305"));
}

#[test]
fn an_answer_that_is_wrong_in_one_thing_is_refused() {
    type Spoil = fn(&mut SoftAuthenticator);
    let cases: [(&str, Spoil, u16, &str); 7] = [
        ("user only present", |one| one.user = UserCheck::Present, 403, "ID-0224"),
        ("nobody there", |one| one.user = UserCheck::Nothing, 0, ""),
        ("another site", |one| one.origin = "https://evil.example".to_owned(), 403, "ID-0223"),
        ("another domain", |one| one.rp_id = Some("evil.example".to_owned()), 401, "ID-0227"),
        ("another person", |one| one.handle = HandleShown::Other(vec![7; 16]), 401, "ID-0302"),
        ("no handle", |one| one.handle = HandleShown::Missing, 401, "ID-0302"),
        ("a copy: the counter goes back", |one| one.counter = Some(0), 403, "ID-0225"),
    ];
    for (name, spoil, status, code) in cases {
        let clinic = Clinic::start();
        let (_, mut authenticator, _) = with_passkey(&clinic);
        log_in(&clinic.stranger(), &mut authenticator).expect(201);
        spoil(&mut authenticator);
        let reply = log_in(&clinic.stranger(), &mut authenticator);
        assert!(matches!(reply.status(), 401 | 403), "{name}: {}", reply.text());
        if status > 0 {
            assert_eq!(reply.refusal(), refused(status, code), "{name}");
        }
        assert!(!reply.text().contains("token"), "{name}");
    }
}

#[test]
fn a_passkey_is_registered_only_by_a_device_that_checks_its_user_at_this_address() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let session = hana.session(&clinic, &clinic.stranger());
    let mut careless = SoftAuthenticator::new(BASE_URL);
    careless.user = UserCheck::Present;
    assert_eq!(register(&session, &mut careless).refusal(), refused(403, "ID-0224"));
    let mut elsewhere = SoftAuthenticator::new("https://evil.example");
    assert_eq!(register(&session, &mut elsewhere).refusal(), refused(403, "ID-0223"));
    let begun = value(&post(&session, "factors/passkey", &json!({})).expect(200));
    let response = SoftAuthenticator::new(BASE_URL).create(&begun["options"]);
    let members = json!({"handle": begun["handle"], "response": response});
    let taro = Person::join(&clinic, "taro", &[]);
    let foreign = taro.session(&clinic, &clinic.stranger());
    assert_eq!(post(&foreign, "factors/passkey/confirm", &members).refusal(), refused(401, "ID-0305"));
    let factors = session.call(Method::GET, "factors").send().text();
    assert!(!factors.contains("passkey"), "{factors}");
}

#[test]
fn a_passkey_of_a_disabled_account_logs_nobody_in() {
    let clinic = Clinic::start();
    let (_, mut authenticator, _) = with_passkey(&clinic);
    command(&clinic, "account-disable", json!({"account": "hana", "reason": "left"}));
    let reply = log_in(&clinic.stranger(), &mut authenticator);
    assert_eq!(reply.refusal(), refused(401, "ID-0302"));
}

#[test]
fn a_passkey_gets_in_while_strangers_have_closed_the_lane() {
    let clinic = Clinic::start();
    let (hana, mut authenticator, _) = with_passkey(&clinic);
    for _ in 0..8 {
        post(&clinic.stranger(), "session", &json!({"account": "hana", "password": "wrong"}));
    }
    assert_eq!(hana.log_in(&clinic, &clinic.stranger()).status(), 401, "the lane is closed");
    log_in(&clinic.stranger(), &mut authenticator).expect(201);
}
