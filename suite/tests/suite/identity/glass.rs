//! Breaking the glass over HTTP: who may, what is answered, and who is told.

use super::{admin, command, refused, text, value};
use http::Method;
use serde_json::{Value, json};
use testkit::{Client, Clinic, Person, Reply};

const REASON: &str = "救急搬送、意識なし";

fn broken(client: &Client) -> Reply {
    let wanted = json!({"patient": "p", "reason": REASON, "minutes": 10});
    client.call(Method::POST, "break-glass").json(&wanted).send()
}

fn notices(client: &Client) -> Vec<Value> {
    let session = value(&client.call(Method::GET, "session").send().expect(200));
    session["notices"].as_array().unwrap().clone()
}

#[test]
fn a_nurse_breaks_the_glass_and_the_auditor_is_told_until_it_is_reviewed() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]).session(&clinic, &clinic.stranger());
    let watch = Person::join(&clinic, "watch", &["auditor"]).session(&clinic, &clinic.stranger());
    let glass = value(&broken(&hana).expect(201));
    assert_eq!((text(&glass, "patient"), glass["until"].is_string()), ("p".to_owned(), true));
    let own = value(&hana.call(Method::GET, "break-glass").send().expect(200));
    assert_eq!((&own["glasses"][0]["glass"], &own["glasses"][0]["lasts"]), (&glass["glass"], &json!(true)));
    assert!(notices(&hana).is_empty());
    let told = notices(&watch);
    assert_eq!((told.len(), &told[0]["id"]), (1, &glass["glass"]));
    let listed = value(&admin(&watch, "glass-list", &json!({})).expect(200));
    assert_eq!(listed["glasses"][0]["reason"], REASON);
    let review = json!({"glass": glass["glass"], "note": "妥当"});
    admin(&watch, "glass-review", &review).expect(200);
    assert!(notices(&watch).is_empty());
    assert_eq!(admin(&watch, "glass-review", &review).refusal(), refused(409, "ID-0044"));
}

#[test]
fn a_clerk_and_a_machine_break_no_glass() {
    let clinic = Clinic::start();
    let clerk = json!({"account": "desk", "kind": "person", "name": "受付 担当", "occupation": "clerk"});
    command(&clinic, "account-create", clerk);
    let desk = Person::accept(&clinic, &clinic.client().without_token(), "desk");
    for client in [desk.session(&clinic, &clinic.stranger()), clinic.client()] {
        assert_eq!(broken(&client).refusal(), refused(403, "AC-0001"));
    }
}
