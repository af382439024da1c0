//! Too many requests: who is told to wait, for how long, and who is not.

use super::{command, post};
use http::Method;
use identity::session::{Quotas, Rate};
use serde_json::json;
use testkit::{Client, Clinic, Plan, plenty};

/// Requests at once; a minute gives back one.
const FEW: u32 = 5;

fn few() -> Rate {
    Rate::new(1, FEW)
}

fn clinic(quotas: Quotas) -> Clinic {
    let facilities = &["sakura", "wakaba"];
    Clinic::with(Plan { facilities, quotas, proxies: &["127.0.0.0/8"], ..Plan::default() })
}

/// A client at this address, behind the proxy.
fn from(client: &Client, last: u8) -> Client {
    const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c";
    client.behind(&[SIGNATURE, &[192, 0, 2, last, 10, 0, 0, 1, 0x80, 0, 1, 0xBB]].concat())
}

fn key(clinic: &Clinic, account: &str) -> String {
    let service = json!({"account": account, "kind": "service", "name": account, "scopes": "system/*.rs"});
    command(clinic, "account-create", service);
    command(clinic, "account-key", json!({"account": account}))["key"].as_str().unwrap().to_owned()
}

/// Uses up what there is: the answer to the one too many.
fn used_up(ask: impl Fn() -> testkit::Reply) {
    for number in 0..FEW {
        assert_ne!(ask().status(), 429, "request {number}");
    }
    let reply = ask();
    assert_eq!(reply.refusal(), super::refused(429, "ID-0301"));
    let seconds: u64 = reply.field("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert!(reply.message().contains(&seconds.to_string()), "{}", reply.message());
}

#[test]
fn one_address_waits_and_others_do_not() {
    let clinic = clinic(Quotas { address: few(), ..plenty() });
    let (one, two) = (from(&clinic.client(), 1), from(&clinic.client(), 2));
    used_up(|| one.get("Patient"));
    assert_eq!(one.at("wakaba").get("metadata").status(), 429, "in no facility");
    assert_eq!(one.at("nagisa").get("metadata").status(), 429, "nor where there is none");
    two.get("Patient").expect(200);
}

#[test]
fn one_account_waits_and_others_do_not() {
    let clinic = clinic(Quotas { account: few(), ..plenty() });
    let client = from(&clinic.client(), 1);
    let other = client.bearing(&key(&clinic, "laboratory"));
    used_up(|| client.get("Patient"));
    assert_eq!(from(&clinic.client(), 2).get("Patient").status(), 429, "from no address");
    other.get("Patient").expect(200);
    let tester = clinic.key_of("wakaba").unwrap();
    client.at("wakaba").bearing(tester).get("Patient").expect(200);
}

#[test]
fn one_facility_waits_and_others_do_not() {
    let clinic = clinic(Quotas { facility: few(), ..plenty() });
    let client = from(&clinic.client(), 1);
    used_up(|| client.get("Patient"));
    assert_eq!(from(&clinic.stranger(), 2).get("metadata").status(), 429);
    client.at("wakaba").bearing(clinic.key_of("wakaba").unwrap()).get("Patient").expect(200);
    client.ask(Method::GET, "/health").send().expect(200);
}

#[test]
fn tries_to_log_in_from_one_address_are_few_whatever_the_accounts() {
    for path in ["session", "session/code", "invitation", "invitation/accept", "session/passkey"] {
        let clinic = clinic(Quotas { logins: few(), ..plenty() });
        let one = from(&clinic.stranger(), 1);
        let number = std::cell::Cell::new(0);
        used_up(|| {
            number.set(number.get() + 1);
            post(&one, path, &json!({"account": format!("a{}", number.get()), "password": "x"}))
        });
        assert_eq!(post(&one, "session", &json!({"account": "b", "password": "x"})).status(), 429);
        assert_eq!(post(&one.at("wakaba"), "session", &json!({})).status(), 429, "{path}: at no facility");
        assert_ne!(post(&from(&one, 2), path, &json!({})).status(), 429, "{path}: another address");
        let working = from(&clinic.client(), 1);
        working.get("Patient").expect(200);
    }
}

#[test]
fn with_what_is_usual_nobody_waits() {
    let clinic = clinic(Quotas::default());
    let client = from(&clinic.client(), 1);
    for _ in 0..60 {
        client.get("Patient").expect(200);
    }
}
