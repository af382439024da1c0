//! Machines: by key, by certificate, by both; and how a device gets its certificate.

use super::{command, device, issue, policy, refused, tablet, text, value, verify};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use serde_json::json;
use testkit::authority::Shown;
use testkit::{Client, Clinic};

/// A machine with a key and a certificate.
struct Machine {
    key: String,
    shown: Shown,
}

fn machine(clinic: &Clinic, account: &str) -> Machine {
    let (shown, _) = tablet(clinic, account);
    Machine { key: new_key(clinic, account), shown }
}

fn new_key(clinic: &Clinic, account: &str) -> String {
    text(&command(clinic, "account-key", json!({"account": account})), "key")
}

fn asked(client: &Client) -> (u16, String) {
    client.get("Patient").refusal()
}

const SERVED: u16 = 200;

#[test]
fn where_two_factors_are_needed_a_machine_shows_key_and_certificate() {
    let clinic = Clinic::start();
    verify(&clinic);
    let (own, other) = (machine(&clinic, "analyser"), machine(&clinic, "tablet"));
    policy(&clinic, &[("machine-factors-needed", "2")]);
    let stranger = clinic.stranger();
    let with = |shown: &Shown, key: &str| asked(&stranger.showing(shown).bearing(key));
    assert_eq!(with(&own.shown, &own.key).0, SERVED);
    assert_eq!(with(&other.shown, &own.key), refused(401, "ID-0001"), "another machine's certificate");
    assert_eq!(asked(&stranger.bearing(&own.key)), refused(403, "ID-0004"), "the key alone");
    assert_eq!(asked(&stranger.showing(&own.shown)), refused(401, "SV-0003"), "the certificate alone");
    let session = stranger.showing(&own.shown).bearing(&own.key).call(Method::GET, "session").send();
    let shown = value(&session.expect(200));
    assert_eq!((&shown["factors"], &shown["session"]), (&json!(["key", "certificate"]), &json!(null)));
}

#[test]
fn where_one_factor_is_needed_either_does() {
    let clinic = Clinic::start();
    let key = {
        device(&clinic, "analyser");
        new_key(&clinic, "analyser")
    };
    assert_eq!(asked(&clinic.stranger().bearing(&key)).0, SERVED, "the key alone");
    verify(&clinic);
    let (shown, _) = issue(&clinic, "analyser");
    assert_eq!(asked(&clinic.stranger().showing(&shown)).0, SERVED, "the certificate alone");
    let (of_tablet, _) = tablet(&clinic, "tablet");
    assert_eq!(asked(&clinic.stranger().showing(&of_tablet).bearing(&key)).0, SERVED);
}

#[test]
fn a_persons_certificate_alone_logs_nobody_in() {
    let clinic = Clinic::start();
    verify(&clinic);
    super::person(&clinic, "hana");
    let (shown, _) = issue(&clinic, "hana");
    let client = clinic.stranger().showing(&shown);
    assert_eq!(asked(&client), refused(401, "SV-0003"));
    client.get("metadata").expect(200);
}

#[test]
fn a_new_key_ends_the_one_before() {
    let clinic = Clinic::start();
    device(&clinic, "analyser");
    let (old, new) = (new_key(&clinic, "analyser"), new_key(&clinic, "analyser"));
    assert_eq!(asked(&clinic.stranger().bearing(&old)), refused(401, "ID-0303"));
    assert_eq!(asked(&clinic.stranger().bearing(&new)).0, SERVED);
    let labelled = json!({"account": "analyser", "label": "second"});
    let second = text(&command(&clinic, "account-key", labelled), "key");
    for key in [&new, &second] {
        assert_eq!(asked(&clinic.stranger().bearing(key)).0, SERVED, "two labels, two keys");
    }
    command(&clinic, "account-disable", json!({"account": "analyser", "reason": "broken"}));
    assert_eq!(asked(&clinic.stranger().bearing(&new)), refused(401, "ID-0303"));
}

#[test]
fn a_key_is_no_login_and_no_cookie() {
    let clinic = Clinic::start();
    device(&clinic, "analyser");
    let key = new_key(&clinic, "analyser");
    let cookie = format!("__Host-akashi-session={key}");
    let reply = clinic.stranger().ask(Method::GET, "Patient").field("cookie", &cookie).send();
    assert_eq!(reply.refusal(), refused(401, "ID-0303"));
    let client = clinic.stranger().bearing(&key);
    let reply = client.call(Method::DELETE, "session").send();
    assert_eq!(reply.refusal(), refused(404, "ID-0304"), "a machine has no session");
    let reply = super::post(&client, "session/step-up", &json!({"password": "x"}));
    assert_eq!(reply.refusal(), refused(401, "ID-0303"));
}

#[test]
fn a_device_fetches_its_certificate_once_without_having_one() {
    let clinic = Clinic::start();
    verify(&clinic);
    device(&clinic, "tablet-1");
    let issued = command(&clinic, "certificate-issue", json!({"account": "tablet-1"}));
    let link = text(&issued, "link");
    let path = &link[link.find("/f/").unwrap()..];
    let fetched = clinic.stranger().ask(Method::GET, path).send().expect(200);
    assert_eq!(fetched.field("content-type"), "application/x-pkcs12");
    assert_eq!(fetched.field("cache-control"), "private, no-store");
    assert_eq!(fetched.body, STANDARD.decode(text(&issued, "pkcs12")).unwrap());
    let again = clinic.stranger().ask(Method::GET, path).send();
    assert_eq!(again.refusal(), refused(401, "ID-0305"));
    let opened =
        |passphrase: &str| KeyStore::from_pkcs12(&fetched.body, passphrase, Pkcs12ImportPolicy::Strict);
    assert!(opened("wrong").is_err());
    let store = opened(&text(&issued, "passphrase")).unwrap();
    let (_, chain) = store.private_key_chain().unwrap();
    assert_eq!(chain.certs().len(), 2);
    let pem = |label: &str, der: &[u8]| {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
    };
    let shown = json!({
        "certificate": chain.certs().iter().map(|one| pem("CERTIFICATE", one.as_der())).collect::<String>(),
        "key": pem("PRIVATE KEY", chain.key().as_der()),
    });
    clinic.stranger().showing(&Shown::issued(&shown)).get("Patient").expect(200);
}

#[test]
fn a_link_that_waits_too_long_is_over() {
    let clinic = Clinic::start();
    verify(&clinic);
    device(&clinic, "tablet-1");
    let link = text(&command(&clinic, "certificate-issue", json!({"account": "tablet-1"})), "link");
    clinic.pass_seconds(901);
    let reply = clinic.stranger().ask(Method::GET, &link[link.find("/f/").unwrap()..]).send();
    assert_eq!(reply.refusal(), refused(401, "ID-0305"));
    let reply = clinic.stranger().call(Method::GET, "certificate/x").send();
    assert_eq!(reply.refusal(), refused(401, "ID-0305"));
}
