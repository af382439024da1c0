//! A login that is refused is refused in the same words, whatever was wrong with it.

use super::{command, post};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Clinic, Person, Reply};

/// All that a client can see of an answer, apart from when it came and what it was called.
fn seen(reply: &Reply) -> (u16, String, BTreeSet<String>) {
    let names = reply.head.headers.keys().map(|name| name.as_str().to_owned()).collect();
    (reply.status(), reply.text(), names)
}

/// Makes a login at the moment at which it is sent: codes do not last.
type Made<'a> = Box<dyn Fn() -> Value + 'a>;

/// Logins that are refused, each for another reason.
fn refused_logins<'a>(clinic: &'a Clinic, hana: &'a Person) -> Vec<(&'static str, Made<'a>)> {
    let (gone, locked) = (Person::join(clinic, "gone", &[]), Person::join(clinic, "locked", &[]));
    super::person(clinic, "new");
    command(clinic, "account-disable", json!({"account": "gone", "reason": "left"}));
    let changed = |member: &'static str, value: &'static str| -> Made<'a> {
        Box::new(move || {
            let mut login = hana.login(clinic);
            login[member] = value.into();
            login
        })
    };
    let with = |member: &'static str, value: &'static str| -> Made<'a> {
        Box::new(move || json!({"account": "hana", "password": hana.password, member: value}))
    };
    vec![
        ("unknown account", changed("account", "nobody")),
        ("no account id at all", changed("account", "山田")),
        ("a machine's account", changed("account", "tester")),
        ("an account without factors", changed("account", "new")),
        ("wrong password", changed("password", "wrong")),
        ("no password", Box::new(|| json!({"account": "hana"}))),
        ("wrong code", changed("totp", "000000")),
        ("a code that is no code", changed("totp", "x")),
        ("wrong recovery code", with("recovery", "7K3M-9QXE-0000-0000")),
        ("a code by SMS that was never sent", with("sms", "123456")),
        ("one factor alone", Box::new(|| json!({"account": "hana", "password": hana.password}))),
        ("a right factor beside a wrong one", changed("recovery", "7K3M-9QXE-0000-0000")),
        ("disabled", Box::new(move || gone.login(clinic))),
        ("locked", Box::new(move || lock(clinic, &locked))),
        ("nothing", Box::new(|| json!({}))),
    ]
}

/// Closes the lane of strangers for a minute, and gives the right login within it.
fn lock(clinic: &Clinic, person: &Person) -> Value {
    for _ in 0..6 {
        post(&clinic.stranger(), "session", &json!({"account": person.account, "password": "wrong"}));
    }
    person.login(clinic)
}

#[test]
fn every_refused_login_looks_the_same() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let unlock = || command(&clinic, "account-unlock", json!({"account": "hana"}));
    let cases = refused_logins(&clinic, &hana);
    let reference = seen(&post(&clinic.stranger(), "session", &cases[0].1()));
    assert_eq!(reference.0, 401);
    for (name, made) in &cases {
        unlock();
        assert_eq!(seen(&post(&clinic.stranger(), "session", &made())), reference, "{name}");
    }
    unlock();
    hana.log_in(&clinic, &clinic.stranger()).expect(201);
    command(&clinic, "account-enable", json!({"account": "gone"}));
}

#[test]
fn whoever_asks_for_a_code_by_sms_learns_nothing() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let of = |account: &str, password: &str| {
        let body = json!({"account": account, "password": password});
        seen(&post(&clinic.stranger(), "session/code", &body))
    };
    let reference = of("nobody", "x");
    assert_eq!(of("hana", "wrong"), reference);
    assert_eq!(of("hana", &hana.password), reference);
    assert_eq!(of("tester", "x"), reference);
}

#[test]
fn a_locked_lane_tells_nobody_when_the_password_was_right() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let wrong = || post(&clinic.stranger(), "session", &json!({"account": "hana", "password": "wrong"}));
    let first = seen(&wrong());
    for _ in 0..5 {
        assert_eq!(seen(&wrong()), first);
    }
    assert_eq!(seen(&hana.log_in(&clinic, &clinic.stranger())), first);
    clinic.pass_seconds(900);
    hana.log_in(&clinic, &clinic.stranger()).expect(201);
}
