//! Who may give which command: each command tried by each duty, by somebody without any, and by a machine.

use super::{admin, refused};
use identity::kept::Duty;
use serde_json::json;
use testkit::{Client, Clinic, Person};

/// Written by hand from the guideline's roles, and read by people: whoever changes a duty changes this file.
const EXPECTED: &str = include_str!("../../../expected/admin-matrix.txt");

/// `yes` when a command passes duty and freshness; its body is wrong on purpose, so that nothing happens.
fn tried(client: &Client, name: &str) -> &'static str {
    let reply = admin(client, name, &json!({"command": "x"}));
    match reply.refusal() {
        (400, code) if code == "ID-0019" => "yes",
        (403, code) if code == "AC-0001" => "no",
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_command_is_given_by_those_whose_duty_it_is_and_by_nobody_else() {
    let clinic = Clinic::start();
    let mut callers: Vec<(&str, Client)> = Vec::new();
    for duty in Duty::ALL {
        let person = Person::join(&clinic, &format!("the-{}", duty.word()), &[duty.word()]);
        callers.push((duty.word(), person.session(&clinic, &clinic.stranger())));
    }
    let nobody = Person::join(&clinic, "hana", &[]);
    callers.push(("none", nobody.session(&clinic, &clinic.stranger())));
    callers.push(("machine", clinic.client()));
    // Logins have taken time: all are fresh only as long as nothing else waits.
    let columns: Vec<&str> = callers.iter().map(|(name, _)| *name).collect();
    let mut lines = vec![format!("command {}", columns.join(" "))];
    for row in identity::COMMANDS.iter().chain(evidence::COMMANDS) {
        let cells: Vec<&str> = callers.iter().map(|(_, client)| tried(client, row.name)).collect();
        lines.push(format!("{} {}", row.name, cells.join(" ")));
    }
    let matrix = lines.join("\n") + "\n";
    assert!(matrix == EXPECTED, "expected/admin-matrix.txt says otherwise than the server:\n{matrix}");
}

#[test]
fn a_duty_that_is_taken_away_is_gone_at_the_next_request() {
    let clinic = Clinic::start();
    let (boss, other) =
        (Person::join(&clinic, "boss", &["operator"]), Person::join(&clinic, "vice", &["operator"]));
    let session = boss.session(&clinic, &clinic.stranger());
    let _second = other.session(&clinic, &clinic.stranger());
    admin(&session, "account-list", &json!({})).expect(200);
    super::command(&clinic, "account-change", json!({"account": "boss", "duties": []}));
    assert_eq!(admin(&session, "account-list", &json!({})).refusal(), refused(403, "AC-0001"));
}

#[test]
fn the_last_operator_cannot_lock_the_facility_from_outside() {
    let clinic = Clinic::start();
    let boss = Person::join(&clinic, "boss", &["operator"]);
    let session = boss.session(&clinic, &clinic.stranger());
    let reply = admin(&session, "account-disable", &json!({"account": "boss", "reason": "x"}));
    assert_eq!(reply.refusal(), refused(403, "ID-0026"));
    let reply = admin(&session, "account-change", &json!({"account": "boss", "duties": ["auditor"]}));
    assert_eq!(reply.refusal(), refused(403, "ID-0026"));
    admin(&session, "account-list", &json!({})).expect(200);
}

#[test]
fn what_is_no_command_is_no_address() {
    let clinic = Clinic::start();
    let boss = Person::join(&clinic, "boss", &["operator"]);
    let session = boss.session(&clinic, &clinic.stranger());
    for name in ["", "account", "ACCOUNT-LIST", "account_list", "account-list/x"] {
        let reply = admin(&session, name, &json!({}));
        assert!(matches!(reply.status(), 404 | 405), "{name}: {}", reply.text());
    }
    let twice = session
        .call(http::Method::POST, "admin/account-show")
        .body("application/json", r#"{"account":"boss","account":"tester"}"#)
        .send();
    assert_eq!(twice.status(), 400, "{}", twice.text());
}
