//! What can do harm wants a factor shown moments ago: every route and command that says so, and no other.

use super::{address, admin, code_of, refused};
use http::Method;
use identity::{COMMANDS, Freshness};
use serde_json::json;
use server::{Caller, ROUTES};
use testkit::{Client, Clinic, Person};

/// Longer than a factor is fresh, shorter than a session may be idle.
const STALE_SECONDS: i64 = 301;
/// A body that no command takes: it is looked at after duty and freshness.
const WRONG: &str = "command";

fn stale(clinic: &Clinic, person: &Person) -> Client {
    let session = person.session(clinic, &clinic.stranger());
    clinic.pass_seconds(STALE_SECONDS);
    session
}

#[test]
fn every_route_that_wants_a_fresh_factor_refuses_a_stale_session_and_no_other_does() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let session = stale(&clinic, &hana);
    let before = session.call(Method::GET, "factors").send().expect(200).text();
    let asked_of = |row: &&server::Route| {
        !matches!(row.caller, Caller::Open | Caller::Arriving) && !row.path.contains("/fhir") && {
            let ends_it = row.method == Method::DELETE && row.path.ends_with("/session");
            !ends_it && !row.path.contains("/admin/") && !row.path.ends_with("/step-up")
        }
    };
    let mut fresh = 0;
    for row in ROUTES.iter().filter(asked_of) {
        let reply = session.ask(row.method.clone(), &address(row)).send();
        let wanted = (reply.status(), code_of(&reply)) == refused(403, "ID-0002");
        assert_eq!(wanted, row.caller == Caller::Fresh, "{} {}: {}", row.method, row.path, reply.text());
        fresh += usize::from(wanted);
    }
    assert_eq!(fresh, 4, "setting, confirming and taking away a factor, and breaking the glass");
    assert_eq!(session.call(Method::GET, "factors").send().text(), before);
    let renewed = hana.step_up(&clinic, &session);
    for row in ROUTES.iter().filter(|row| row.caller == Caller::Fresh) {
        let reply = renewed.ask(row.method.clone(), &address(row)).send();
        assert_ne!(code_of(&reply), "ID-0002", "{} {}", row.method, row.path);
    }
}

#[test]
fn every_command_that_wants_a_fresh_factor_refuses_a_stale_session_and_no_other_does() {
    let clinic = Clinic::start();
    let boss = Person::join(&clinic, "boss", &["operator", "auditor"]);
    let session = stale(&clinic, &boss);
    let wrong = json!({WRONG: "x"});
    for row in COMMANDS {
        let reply = admin(&session, row.name, &wrong);
        let expected = match row.freshness {
            Freshness::Fresh => refused(403, "ID-0002"),
            Freshness::Any => refused(400, "ID-0019"),
        };
        assert_eq!(reply.refusal(), expected, "{}", row.name);
    }
    let renewed = boss.step_up(&clinic, &session);
    for row in COMMANDS {
        assert_eq!(admin(&renewed, row.name, &wrong).refusal(), refused(400, "ID-0019"), "{}", row.name);
    }
    clinic.pass_seconds(STALE_SECONDS);
    let reply = admin(&renewed, "account-create", &wrong);
    assert_eq!(reply.refusal(), refused(403, "ID-0002"), "a step-up does not last either");
}

#[test]
fn whatever_closes_doors_works_at_once() {
    for name in ["account-disable", "session-end", "certificate-revoke"] {
        let row = COMMANDS.iter().find(|row| row.name == name).unwrap();
        assert_eq!(row.freshness, Freshness::Any, "{name}");
    }
}

#[test]
fn a_clock_that_is_set_back_makes_nothing_fresh_again() {
    let clinic = Clinic::start();
    let boss = Person::join(&clinic, "boss", &["operator"]);
    let session = stale(&clinic, &boss);
    assert_eq!(admin(&session, "policy-set", &json!({})).refusal(), refused(403, "ID-0002"));
    clinic.pass_seconds(-STALE_SECONDS);
    // Behind the journal nothing can be written down, so that nobody is served, whatever they showed when.
    assert_eq!(admin(&session, "policy-set", &json!({})).refusal(), refused(503, "ST-0002"));
}
