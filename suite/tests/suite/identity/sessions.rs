//! Sessions over HTTP: begun, carried by token or cookie, renewed, listed, ended, and over by themselves.

use super::{command, post, refused, tablet, text, value, verify};
use http::Method;
use serde_json::{Value, json};
use testkit::{Client, Clinic, Person, Plan};

const SESSION: &str = "__Host-akashi-session";
const DEVICE: &str = "__Host-akashi-device";

/// The sessions that a caller lists.
fn listed(client: &Client) -> Vec<Value> {
    let all = value(&client.call(Method::GET, "sessions").send().expect(200));
    all["sessions"].as_array().unwrap().clone()
}

fn works(client: &Client) -> bool {
    client.call(Method::GET, "session").send().status() == 200
}

const OVER: (u16, &str) = (401, "ID-0303");

fn over(client: &Client) {
    let reply = client.call(Method::GET, "session").send();
    assert_eq!(reply.refusal(), refused(OVER.0, OVER.1));
    assert_eq!(client.get("Patient").refusal(), refused(OVER.0, OVER.1));
}

#[test]
fn a_login_gives_a_token_that_is_good_as_a_bearer() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &["auditor"]);
    let stranger = clinic.stranger();
    let reply = hana.log_in(&clinic, &stranger).expect(201);
    let begun = value(&reply);
    assert_eq!(reply.field("set-cookie"), "");
    assert_eq!(reply.field("cache-control"), "private, no-store");
    assert_eq!((&begun["account"], &begun["factors"]), (&json!("hana"), &json!(["password", "totp"])));
    let client = stranger.bearing(&text(&begun, "token"));
    let shown = value(&client.call(Method::GET, "session").send().expect(200));
    assert_eq!(shown["session"], begun["session"]);
    assert_eq!((&shown["duties"], &shown["fresh"]), (&json!(["auditor"]), &json!(true)));
    client.get("Patient").expect(200);
    let cookie = format!("{SESSION}={}", text(&begun, "token"));
    let carried = stranger.call(Method::GET, "session").field("cookie", &cookie).send();
    assert_eq!(carried.refusal(), refused(401, "ID-0303"), "a bearer token is no cookie");
}

#[test]
fn a_browser_gets_a_cookie_that_stays_with_this_host_and_no_token() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let browser = clinic.client().browser();
    let mut login = hana.login(&clinic);
    login["carrier"] = "cookie".into();
    let reply = browser.call(Method::POST, "session").json(&login).sent_by_own_page().send().expect(201);
    assert_eq!(value(&reply)["token"], Value::Null);
    let set: Vec<&str> =
        reply.head.headers.get_all("set-cookie").iter().map(|field| field.to_str().unwrap()).collect();
    assert_eq!(set.len(), 2, "{set:?}");
    for (field, name) in set.iter().zip([SESSION, DEVICE]) {
        let mut parts = field.split("; ");
        let (given, secret) = parts.next().unwrap().split_once('=').unwrap();
        assert_eq!(given, name);
        assert!(!reply.text().contains(secret));
        let attributes: Vec<&str> = parts.collect();
        for attribute in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(attributes.contains(&attribute), "{field}");
        }
        assert!(!field.to_lowercase().contains("domain"), "{field}");
    }
    browser.call(Method::GET, "session").send().expect(200);
    let before = browser.cookie(SESSION).unwrap();
    let again = json!({"totp": hana.next_code(&clinic)});
    let renewed =
        browser.call(Method::POST, "session/step-up").json(&again).sent_by_own_page().send().expect(200);
    assert_eq!(value(&renewed)["token"], Value::Null);
    let token = browser.cookie(SESSION).unwrap();
    assert_ne!(token, before, "a step-up changes the cookie");
    over(&clinic.stranger().bearing(&token));
    let left = browser.call(Method::DELETE, "session").sent_by_own_page().send().expect(204);
    assert!(left.field("set-cookie").contains("Max-Age=0"));
    assert_eq!(browser.cookie(SESSION), None);
    assert!(browser.cookie(DEVICE).is_some(), "the browser is known at the next login");
    let cookie = format!("{SESSION}={token}");
    let reply = clinic.stranger().call(Method::GET, "session").field("cookie", &cookie).send();
    assert_eq!(reply.refusal(), refused(401, "ID-0303"));
}

#[test]
fn a_step_up_gives_a_new_token_and_the_old_one_is_dead() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let before = hana.session(&clinic, &clinic.stranger());
    clinic.pass_seconds(400);
    assert_eq!(value(&before.call(Method::GET, "session").send())["fresh"], json!(false));
    let after = hana.step_up(&clinic, &before);
    assert_eq!(value(&after.call(Method::GET, "session").send())["fresh"], json!(true));
    over(&before);
    let reply = post(&after, "session/step-up", &json!({"password": "wrong"}));
    assert_eq!(reply.refusal(), refused(401, "ID-0302"));
    assert!(works(&after), "a wrong factor ends nothing");
    let both = json!({"password": hana.password, "totp": hana.next_code(&clinic)});
    assert_eq!(post(&after, "session/step-up", &both).status(), 401, "one factor, not two");
}

#[test]
fn whoever_logs_out_is_out_at_once() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let (here, there) =
        (hana.session(&clinic, &clinic.stranger()), hana.session(&clinic, &clinic.stranger()));
    let ended = here.call(Method::DELETE, "session").send().expect(204);
    assert_eq!(ended.field("clear-site-data"), "\"cache\", \"storage\"");
    over(&here);
    assert!(works(&there), "only this session ends");
}

#[test]
fn people_see_and_end_their_own_sessions_and_nobody_elses() {
    let clinic = Clinic::start();
    let (hana, taro) = (Person::join(&clinic, "hana", &[]), Person::join(&clinic, "taro", &[]));
    let (one, two) = (hana.session(&clinic, &clinic.stranger()), hana.session(&clinic, &clinic.stranger()));
    let other = taro.session(&clinic, &clinic.stranger());
    assert_eq!((listed(&one).len(), listed(&other).len()), (2, 1));
    let id_of = |client: &Client| text(&value(&client.call(Method::GET, "session").send()), "session");
    let (second, foreign) = (id_of(&two), id_of(&other));
    for id in [foreign.as_str(), "0".repeat(32).as_str(), "x"] {
        let reply = one.call(Method::DELETE, &format!("sessions/{id}")).send();
        assert_eq!(reply.refusal(), refused(404, "ID-0304"));
    }
    assert!(works(&other));
    one.call(Method::DELETE, &format!("sessions/{second}")).send().expect(204);
    over(&two);
    assert_eq!(listed(&one).len(), 1);
    let entry = &listed(&one)[0];
    assert_eq!((&entry["address"], &entry["carrier"]), (&json!("127.0.0.1"), &json!("bearer")));
    assert!(!entry.to_string().contains("as1_"), "no token in a list");
}

#[test]
fn a_session_is_worth_nothing_in_another_facility() {
    let clinic = Clinic::with(Plan { facilities: &["sakura", "wakaba"], ..Plan::default() });
    let hana = Person::join_at(&clinic, "sakura", "hana", &[]);
    let session = hana.session(&clinic, &clinic.stranger());
    assert!(works(&session));
    over(&session.at("wakaba"));
    over(&session.at("nagisa"));
}

#[test]
fn a_session_stays_with_the_certificate_on_which_it_began() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let early = hana.session(&clinic, &clinic.stranger());
    verify(&clinic);
    let (one, two) = (tablet(&clinic, "tablet-1").0, tablet(&clinic, "tablet-2").0);
    let session = hana.session(&clinic, &clinic.stranger().showing(&one));
    assert!(works(&session));
    let elsewhere = session.showing(&two).get("Patient");
    assert_eq!(elsewhere.refusal(), refused(403, "ID-0006"));
    assert_eq!(early.showing(&one).get("Patient").refusal(), refused(403, "ID-0006"));
    assert_eq!(early.get("Patient").refusal(), refused(403, "ID-0004"), "no certificate at all");
    assert!(works(&session), "a stolen token ends no session");
    let renewed = super::issue(&clinic, "tablet-1").0;
    assert!(works(&session.showing(&renewed)), "a new certificate of the same device");
}

#[test]
fn a_lost_tablet_takes_its_sessions_with_it() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    verify(&clinic);
    let ((lost, fingerprint), (kept, _)) = (tablet(&clinic, "tablet-1"), tablet(&clinic, "tablet-2"));
    let on_lost = hana.session(&clinic, &clinic.stranger().showing(&lost));
    let on_kept = hana.session(&clinic, &clinic.stranger().showing(&kept));
    command(&clinic, "certificate-revoke", json!({"certificate": fingerprint, "reason": "lost"}));
    assert!(on_lost.refused_handshake().contains("CertificateRevoked"));
    assert_eq!(listed(&on_kept).len(), 1);
}

#[test]
fn sessions_end_when_they_are_idle_sooner_for_those_with_duties() {
    for (duties, idle) in [(&[][..], 1_800), (&["operator"], 900)] {
        let clinic = Clinic::start();
        let hana = Person::join(&clinic, "hana", duties);
        let session = hana.session(&clinic, &clinic.stranger());
        for _ in 0..3 {
            clinic.pass_seconds(idle - 5);
            assert!(works(&session));
        }
        clinic.pass_seconds(idle + 1);
        over(&session);
    }
}

#[test]
fn every_session_ends_after_its_longest_time_however_busy() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let session = hana.session(&clinic, &clinic.stranger());
    for _ in 0..28 {
        clinic.pass_seconds(1_500);
        assert!(works(&session));
    }
    let renewed = hana.step_up(&clinic, &session);
    assert!(works(&renewed));
    clinic.pass_seconds(1_500);
    over(&renewed);
}

#[test]
fn a_disabled_account_is_out_at_its_next_request() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let session = hana.session(&clinic, &clinic.stranger());
    assert!(works(&session));
    command(&clinic, "account-disable", json!({"account": "hana", "reason": "left"}));
    over(&session);
    command(&clinic, "account-enable", json!({"account": "hana"}));
    over(&session);
    assert!(works(&hana.session(&clinic, &clinic.stranger())), "the factors are as they were");
}

#[test]
fn an_operator_ends_sessions_of_others() {
    let clinic = Clinic::start();
    let (hana, boss) = (Person::join(&clinic, "hana", &[]), Person::join(&clinic, "boss", &["operator"]));
    let session = hana.session(&clinic, &clinic.stranger());
    let operator = boss.session(&clinic, &clinic.stranger());
    let ended = super::admin(&operator, "session-end", &json!({"account": "hana"})).expect(200);
    assert_eq!(value(&ended)["ended"], json!(1));
    over(&session);
    assert!(works(&operator));
}

#[test]
fn a_restart_ends_no_session_and_revives_no_code() {
    let mut clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let login = hana.login(&clinic);
    let token = post(&clinic.stranger(), "session", &login).expect(201).get("token");
    let ended = hana.session(&clinic, &clinic.stranger());
    let dead = hana.session(&clinic, &clinic.stranger());
    let dead_token = post(&dead, "session/step-up", &json!({"totp": hana.next_code(&clinic)})).get("token");
    ended.call(Method::DELETE, "session").send().expect(204);
    let last = hana.login(&clinic);
    post(&clinic.stranger(), "session", &last).expect(201);
    clinic.restart();
    let stranger = clinic.stranger();
    assert!(works(&stranger.bearing(&token)));
    assert!(works(&stranger.bearing(&dead_token)), "a renewed session goes on under its new token");
    for used in [&login, &last] {
        assert_eq!(post(&stranger, "session", used).refusal(), refused(401, "ID-0302"));
    }
    hana.log_in(&clinic, &stranger).expect(201);
    assert_eq!(listed(&stranger.bearing(&token)).len(), 4, "nothing that ended came back");
}

#[test]
fn a_code_is_good_once_also_at_the_same_moment() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let login = hana.login(&clinic);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4)
            .map(|_| {
                let (client, login) = (clinic.stranger(), login.clone());
                scope.spawn(move || post(&client, "session", &login).status())
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
}
