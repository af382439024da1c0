//! Certificates in the handshake: every way in which one can be good or bad, and what is answered to each.

use super::{FAMILY, code_of, command, command_to, device, policy, refused, tablet, verify, write_a_record};
use http::Method;
use serde_json::json;
use testkit::authority::{Authority, Cell, Shown};
use testkit::{Client, Clinic, Plan};

/// What comes of a connection.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    /// The handshake ends with this alert.
    Alert(&'static str),
    /// Each request is refused so.
    Refused(u16, &'static str),
    /// Requests are served.
    Served,
}

use Outcome::{Alert, Refused, Served};

/// A network whose root is trusted, and not its intermediate.
fn trusting_the_root(clinic: &Clinic) -> Authority {
    let authority = Authority::new(clinic.clock_now());
    let members = json!({"name": "network", "certificates": authority.root(), "without_list": true});
    command(clinic, "certificate-trust", members);
    authority
}

fn admit(clinic: &Clinic, account: &str, shown: &Shown) {
    command(clinic, "certificate-admit", json!({"account": account, "certificate": shown.chain}));
}

/// A clinic that asks for certificates and has a record.
fn asking(facilities: &'static [&'static str]) -> Clinic {
    let clinic = Clinic::with(Plan { facilities, ..Plan::default() });
    write_a_record(&clinic.client());
    verify(&clinic);
    clinic
}

fn disabled(clinic: &Clinic) -> Shown {
    let (shown, _) = tablet(clinic, "tablet-lent");
    command(clinic, "account-disable", json!({"account": "tablet-lent", "reason": "returned"}));
    shown
}

fn revoked(clinic: &Clinic) -> Shown {
    let (shown, fingerprint) = tablet(clinic, "tablet-lost");
    command(clinic, "certificate-revoke", json!({"certificate": fingerprint, "reason": "lost"}));
    shown
}

fn of_another_facility(clinic: &Clinic) -> Shown {
    command_to(clinic, "wakaba", "certificate-ca", json!({}));
    let made = json!({"account": "tablet-1", "kind": "device", "name": "tablet-1"});
    command_to(clinic, "wakaba", "account-create", made);
    let issued = command_to(clinic, "wakaba", "certificate-issue", json!({"account": "tablet-1"}));
    let values = json!({"values": {"client-certificates": "verify"}});
    command_to(clinic, "wakaba", "policy-set", values);
    Shown::issued(&issued)
}

/// Every answer to this client: none shows anything of the records, unless it is served.
fn meets(client: &Client, outcome: Outcome, name: &str) {
    if let Alert(alert) = outcome {
        let error = client.refused_handshake();
        assert!(error.contains(alert), "{name}: {error}");
    }
    let asks = [
        client.ask(Method::GET, "Patient/p"),
        client.ask(Method::GET, "Patient?family=Himitsu"),
        client.ask(Method::GET, "metadata"),
        client.call(Method::GET, "log/checkpoint"),
        client.call(Method::POST, "session").json(&json!({"account": "x", "password": "y"})),
        client.call(Method::POST, "invitation").json(&json!({"code": "x"})),
        client.call(Method::POST, "admin/account-list").json(&json!({})),
    ];
    for (index, ask) in asks.iter().enumerate() {
        match (outcome, ask.try_send()) {
            (Alert(_), Err(_)) => {}
            (Alert(_), Ok(reply)) => panic!("{name}: answered {}", reply.text()),
            (Refused(status, code), reply) => {
                let reply = reply.unwrap();
                assert_eq!(reply.refusal(), refused(status, code), "{name}, request {index}");
                assert!(!reply.text().contains(FAMILY), "{name}, request {index}");
            }
            (Served, reply) => {
                let reply = reply.unwrap();
                let code = code_of(&reply);
                let passed = !(code.starts_with("ID-000") || code.starts_with("ID-01"));
                assert!(passed, "{name}, request {index}: {}", reply.text());
                assert!(index > 0 || reply.status() == 200, "{name}: {}", reply.text());
            }
        }
    }
}

#[test]
fn every_certificate_meets_what_it_deserves() {
    let clinic = asking(&["sakura", "wakaba"]);
    let authority = trusting_the_root(&clinic);
    let outside = authority.client("tablet-1", Cell::Good);
    device(&clinic, "tablet-1");
    admit(&clinic, "tablet-1", &outside);
    let cell = |cell| Some(authority.client("tablet-1", cell));
    let rows = [
        ("none", None, Refused(403, "ID-0004")),
        ("self-signed", cell(Cell::SelfSigned), Alert("UnknownCA")),
        ("another authority", cell(Cell::WrongAuthority), Alert("UnknownCA")),
        ("expired", cell(Cell::Expired), Alert("CertificateExpired")),
        ("not valid yet", cell(Cell::NotYetValid), Alert("CertificateExpired")),
        ("revoked", Some(revoked(&clinic)), Alert("CertificateRevoked")),
        ("for servers", cell(Cell::WrongUsage), Alert("UnsupportedCertificate")),
        ("without its intermediate", cell(Cell::MissingIntermediate), Alert("UnknownCA")),
        ("below a weak key", cell(Cell::WeakKey), Alert("CertificateUnknown")),
        ("of another facility", Some(of_another_facility(&clinic)), Refused(401, "ID-0103")),
        ("of a disabled account", Some(disabled(&clinic)), Refused(403, "ID-0005")),
        ("from outside, not admitted", cell(Cell::Good), Refused(403, "ID-0005")),
        ("from outside, admitted", Some(outside), Served),
        ("issued here", Some(tablet(&clinic, "tablet-2").0), Served),
    ];
    for (name, shown, outcome) in rows {
        let client = clinic.client();
        let client = shown.map_or_else(|| client.again(), |shown| client.showing(&shown));
        meets(&client, outcome, name);
    }
}

#[test]
fn an_outside_authority_is_taken_with_its_intermediate_and_its_list() {
    let clinic = asking(&["sakura"]);
    let authority = Authority::new(clinic.clock_now());
    let (taken_back, good) = (authority.client("a", Cell::Good), authority.client("b", Cell::Good));
    let short = authority.client("c", Cell::MissingIntermediate);
    let members = json!({"name": "network", "certificates": authority.root() + &authority.intermediate(),
        "list": authority.lists(&[], 1, 7)});
    command(&clinic, "certificate-trust", members);
    for (account, shown) in [("tablet-a", &taken_back), ("tablet-b", &good), ("tablet-c", &short)] {
        device(&clinic, account);
        admit(&clinic, account, shown);
        meets(&clinic.client().showing(shown), Served, account);
    }
    let newer = authority.lists(&[&taken_back], 2, 7);
    let list = &newer[newer.rfind("-----BEGIN").unwrap()..];
    command(&clinic, "certificate-trust", json!({"list": list}));
    meets(&clinic.client().showing(&taken_back), Alert("CertificateRevoked"), "on the list");
    meets(&clinic.client().showing(&good), Served, "not on the list");
    meets(&clinic.client().showing(&short), Served, "the facility knows the intermediate");
    clinic.pass_seconds(8 * 86_400);
    meets(&clinic.client().showing(&good), Alert("CertificateRevoked"), "the list is out of date");
}

#[test]
fn an_authority_can_stand_for_one_organisation() {
    let clinic = asking(&["sakura"]);
    let authority = Authority::new(clinic.clock_now());
    device(&clinic, "laboratory");
    let members = json!({"certificates": authority.root(), "without_list": true, "account": "laboratory"});
    command(&clinic, "certificate-trust", members);
    let client = clinic.client().showing(&authority.client("analyser-7", Cell::Good));
    meets(&client, Served, "one of its machines");
    let session = client.call(Method::GET, "session").send().expect(200);
    assert_eq!(session.get("device"), "laboratory");
}

#[test]
fn without_a_policy_that_asks_for_them_certificates_are_not_looked_at() {
    let clinic = Clinic::start();
    let authority = Authority::new(clinic.clock_now());
    for cell in Cell::ALL {
        let client = clinic.client().showing(&authority.client("tablet-1", cell));
        client.get("metadata").expect(200);
    }
    command(&clinic, "certificate-ca", json!({}));
    policy(&clinic, &[("client-certificates", "verify")]);
    meets(&clinic.client(), Refused(403, "ID-0004"), "none");
}

#[test]
fn nobody_learns_by_a_certificate_which_facilities_there_are() {
    let clinic = asking(&["sakura", "wakaba"]);
    let foreign = of_another_facility(&clinic);
    for client in [clinic.client(), clinic.client().showing(&foreign)] {
        for path in ["Patient/p", "metadata"] {
            let there = client.get(path);
            let nowhere = client.at("nagisa").get(path);
            assert_eq!(there.refusal(), nowhere.refusal(), "{path}");
        }
    }
}
