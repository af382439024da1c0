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

/// Logins that are refused, each for another reason.
fn refused_logins(clinic: &Clinic) -> Vec<(&'static str, Value)> {
    let hana = Person::join(clinic, "hana", &[]);
    let gone = Person::join(clinic, "gone", &[]);
    let locked = Person::join(clinic, "locked", &[]);
    super::person(clinic, "new");
    command(clinic, "account-disable", json!({"account": "gone", "reason": "left"}));
    for _ in 0..6 {
        post(&clinic.stranger(), "session", &json!({"account": "locked", "password": "wrong"}));
    }
    let right = hana.login(clinic);
    let changed = |member: &str, value: &str| {
        let mut login = right.clone();
        login[member] = value.into();
        login
    };
    let without_second = json!({"account": "hana", "password": hana.password});
    let both = json!({"account": "hana", "password": hana.password, "totp": "000000",
        "recovery": hana.recovery_codes[0]});
    vec![
        ("unknown account", changed("account", "nobody")),
        ("no account id at all", changed("account", "山田")),
        ("a machine's account", changed("account", "tester")),
        ("an account without factors", changed("account", "new")),
        ("wrong password", changed("password", "wrong")),
        ("no password", json!({"account": "hana"})),
        ("wrong code", changed("totp", "000000")),
        ("a code that is no code", changed("totp", "x")),
        ("wrong recovery code", json!({"account": "hana", "password": hana.password, "recovery": "7K3M-9QXE"})),
        ("a code by SMS that was never sent", json!({"account": "hana", "password": hana.password, "sms": "123456"})),
        ("one factor alone", without_second),
        ("a right factor beside a wrong one", both),
        ("disabled", gone.login(clinic)),
        ("locked", locked.login(clinic)),
        ("nothing", json!({})),
    ]
}

#[test]
fn every_refused_login_looks_the_same() {
    let clinic = Clinic::start();
    let cases = refused_logins(&clinic);
    let unlock = || command(&clinic, "account-unlock", json!({"account": "hana"}));
    let reference = seen(&post(&clinic.stranger(), "session", &cases[0].1));
    assert_eq!(reference.0, 401);
    for (name, login) in &cases {
        unlock();
        assert_eq!(seen(&post(&clinic.stranger(), "session", login)), reference, "{name}");
    }
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
