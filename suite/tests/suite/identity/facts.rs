//! Facts for whoever has to show that the guideline is met, over HTTP.

use super::{admin, command, policy, tablet, value, verify};
use serde_json::{Value, json};
use testkit::authority::Shown;
use testkit::{Client, Clinic, Person};

fn facts(client: &Client) -> Vec<Value> {
    let reply = admin(client, "facts", &json!({})).expect(200);
    value(&reply)["facts"].as_array().unwrap().clone()
}

fn fact(client: &Client, name: &str) -> Value {
    let facts = facts(client);
    facts.iter().find(|fact| fact["name"] == name).unwrap_or_else(|| panic!("{name}"))["value"].clone()
}

#[test]
fn facts_are_as_the_facility_is_at_this_moment() {
    let clinic = Clinic::start();
    let auditor = Person::join(&clinic, "auditor", &["auditor"]).session(&clinic, &clinic.stranger());
    for one in facts(&auditor) {
        assert!(one["name"].is_string() && !one["value"].is_null() && one["time"].is_string(), "{one}");
    }
    let of = |name: &str| fact(&auditor, name);
    assert_eq!(of("transport.client_certificates"), json!("off"));
    assert_eq!(of("authentication.factors_needed"), json!(2));
    assert_eq!(of("authentication.machine_factors_needed"), json!(1));
    assert_eq!(of("accounts.people"), json!(1));
    assert_eq!(of("accounts.without_two_factors"), json!(1), "the tester has a key alone");
    super::person(&clinic, "hana");
    assert_eq!((of("accounts.people"), of("accounts.without_two_factors")), (json!(2), json!(2)));
    policy(&clinic, &[("machine-factors-needed", "2"), ("session-idle-seconds", "600")]);
    assert_eq!(of("authentication.machine_factors_needed"), json!(2));
    assert_eq!(of("session.idle_seconds"), json!(600));
    command(&clinic, "account-disable", json!({"account": "hana", "reason": "left"}));
    assert_eq!((of("accounts.people"), of("accounts.disabled")), (json!(1), json!(1)));
}

#[test]
fn facts_count_certificates() {
    let clinic = Clinic::start();
    let person = Person::join(&clinic, "auditor", &["auditor"]);
    verify(&clinic);
    let (shown, _): (Shown, _) = tablet(&clinic, "tablet-1");
    let (_, lost) = tablet(&clinic, "tablet-2");
    let auditor = person.session(&clinic, &clinic.stranger().showing(&shown));
    let of = |name: &str| fact(&auditor, name);
    assert_eq!(of("transport.client_certificates"), json!("verify"));
    assert_eq!((of("certificates.authorities"), of("certificates.good")), (json!(1), json!(2)));
    command(&clinic, "certificate-revoke", json!({"certificate": lost, "reason": "lost"}));
    assert_eq!((of("certificates.good"), of("certificates.expiring")), (json!(1), json!(0)));
    assert_eq!(of("accounts.devices"), json!(2));
}
