//! Drafts that wait too long, as `akashi assess` counts them: by the deadlines of the configuration, over the whole
//! facility. The drafts are written by a server whose clock stands in the past; no test waits.

use super::assess::assess;
use super::probes::changed_by;
use super::{Site, good};
use crate::material::{naming, patient, resource};
use base::{Clock as _, SystemClock};
use http::Method;
use serde_json::{Value, json};
use std::os::unix::fs::symlink;
use store::StateAct;
use testkit::{Client, Clinic, Member, Person, Plan, ROLES};

const UNFINALISED: &str = "runtime.records.unfinalised_overdue";
const UNAPPROVED: &str = "runtime.records.proxy_unapproved_overdue";

/// A data directory in which these drafts have waited for months.
fn with_drafts(kinds: &[&str]) -> (Site, Clinic) {
    let mut clinic = Clinic::with(Plan { settles: true, ..Plan::default() });
    let client = clinic.client();
    for kind in kinds {
        client.put(&format!("{kind}/d"), draft(kind)).expect(201);
    }
    clinic.close();
    let site = Site::empty();
    symlink(clinic.data(), site.path("data")).unwrap();
    (site, clinic)
}

fn draft(kind: &str) -> String {
    let rest = match kind {
        "Composition" => r#""type":{"text":"x"},"date":"2026","author":[{"display":"x"}],"title":"x""#,
        _ => r#""code":{"text":"x"}"#,
    };
    resource(kind, &format!(r#""id":"d","status":"preliminary",{rest}"#))
}

/// How many records are overdue: not final, and not approved.
fn overdue(site: &Site) -> [Value; 2] {
    let facts = assess(site, "--facts");
    let value = |key: &str| {
        let found = facts.as_array().unwrap().iter().find(|fact| fact["key"] == key);
        found.map(|fact| fact["value"].clone()).unwrap_or_default()
    };
    [value(UNFINALISED), value(UNAPPROVED)]
}

#[test]
fn an_overdue_draft_changes_what_asks_for_finalising_in_time_and_finalising_it_changes_it_back() {
    let (site, _clinic) = with_drafts(&["Observation", "Composition"]);
    site.good("document add --kind finalisation_rules --title 規程 --document-version 1 --shelf 棚 --owner 院長 --approved-by 院長 --approved-on 2026-04-01 --data data");
    let (process, client) = site.serve();
    // Written twice, so that all that several versions of a record show is known from the beginning.
    for expected in [201, 200] {
        client.put("Observation/new", draft("Observation").replace("\"d\"", "\"new\"")).expect(expected);
    }
    assert_eq!(overdue(&site), [2, 0], "a new draft is not overdue, and none was entered for another");
    let better = changed_by(&site, &[UNFINALISED], || {
        for record in ["Observation/d", "Composition/d"] {
            client.again().ask(Method::POST, &format!("{record}/$finalize")).send().expect(200);
        }
    });
    assert_eq!(overdue(&site), [0, 0]);
    for id in ["mhlw-6.0/control/14-8", "mhlw-6.0/three-principles/authenticity-2"] {
        assert!(better.contains_key(id), "{id}: {better:?}");
    }
    process.signal("TERM");
    good("serve", process.wait());
}

/// A data directory in which a clerk has entered two drafts for a doctor, months ago and over HTTP, and the doctor wrote one;
/// with the doctor and the clerk.
fn with_entered() -> (Site, Clinic, [Person; 2]) {
    let mut clinic = Clinic::start();
    let person = |account: &str, occupation: &str| {
        let made = json!({"command": "account-create", "account": account, "kind": "person", "name": account,
            "occupation": occupation, "practitioner": account});
        clinic.command(&made).unwrap();
        Person::accept(&clinic, &clinic.stranger(), account)
    };
    let people = [person("sato", "doctor"), person("kato", "medical-clerk")];
    let [doctor, clerk] = people.each_ref().map(|person| person.session(&clinic, &clinic.stranger()));
    clinic.client().put("Patient/p", patient(r#""id":"p""#)).expect(201);
    for id in ["one", "two"] {
        enter(&clerk, id);
    }
    doctor.put("Observation/own", observation("own")).expect(201);
    clinic.close();
    let site = Site::empty();
    symlink(clinic.data(), site.path("data")).unwrap();
    (site, clinic, people)
}

fn enter(clerk: &Client, id: &str) {
    let ask = clerk.ask(Method::PUT, &format!("Observation/{id}")).resource(observation(id));
    ask.field("x-provenance", &naming("sato")).send().expect(201);
}

fn observation(id: &str) -> String {
    let rest = r#""status":"preliminary","code":{"text":"x"},"subject":{"reference":"Patient/p"}"#;
    resource("Observation", &format!(r#""id":"{id}",{rest}"#))
}

#[test]
fn what_a_clerk_entered_is_overdue_until_its_doctor_approves_it_and_a_draft_until_it_is_final() {
    let (site, clinic, [doctor, clerk]) = with_entered();
    site.good("document add --kind finalisation_rules --title 規程 --document-version 1 --shelf 棚 --owner 院長 --approved-by 院長 --approved-on 2026-04-01 --data data");
    assert_eq!(overdue(&site), [3, 2], "what nobody has approved is not final either");
    let (process, client) = site.serve();
    let [doctor, clerk] =
        [doctor, clerk].map(|person| person.session_at(&client.without_token(), SystemClock.now()));
    // Entered in this moment: nothing of it is overdue, and it hides nothing that is.
    enter(&clerk, "young");
    assert_eq!(overdue(&site), [3, 2]);
    let done = |client: &Client, act: &str, id: &str| {
        client.again().ask(Method::POST, &format!("Observation/{id}/${act}")).send().status()
    };
    assert_eq!(done(&clerk, "approve", "one"), 403);
    assert_eq!(overdue(&site), [3, 2], "nobody else approves it");
    assert_eq!(done(&doctor, "approve", "one"), 200);
    assert_eq!(overdue(&site), [2, 1]);
    let approving = changed_by(&site, &[UNAPPROVED], || {
        assert_eq!(done(&doctor, "approve", "two"), 200);
    });
    assert_eq!(overdue(&site), [1, 0]);
    assert!(approving.contains_key("jahis-sds-5.0/14-15"), "{approving:?}");
    let finalising = changed_by(&site, &[UNFINALISED], || {
        assert_eq!(done(&doctor, "finalize", "own"), 200);
    });
    assert_eq!(overdue(&site), [0, 0]);
    assert!(finalising.contains_key("mhlw-6.0/control/14-8"), "{finalising:?}");
    process.signal("TERM");
    good("serve", process.wait());
    clinic.verify().unwrap();
}

#[test]
fn a_deadline_follows_the_configuration_and_one_out_of_bounds_is_refused() {
    let (site, _clinic) = with_drafts(&["Observation"]);
    let configuration = site.text("data/akashi.toml");
    let set = |text: &str| site.write("data/akashi.toml", format!("{configuration}{text}"));
    for key in ["final_within_days", "approved_within_days", "lapse_after_days"] {
        set(&format!("[records]\n{key} = 0\n"));
        site.refused("serve --data data --listen 127.0.0.1:0", "AK-0027", key);
    }
    // Between the draft and the present lie months, so no deadline hides it; what the deadlines are is told.
    set("[records]\nfinal_within_days = 92\napproved_within_days = 1\n");
    assert_eq!(overdue(&site), [1, 0]);
    let told = site.json("facts");
    let days = |name: &str| {
        let told = told["facts"].as_array().unwrap().iter().find(|fact| fact["name"] == name).cloned();
        told.unwrap()["value"].clone()
    };
    assert_eq!(
        (days("records.final_within_days"), days("records.approved_within_days")),
        (json!(92), json!(1))
    );
}

#[test]
fn a_server_finalises_by_itself_only_where_the_facility_has_said_so() {
    let mut clinic = Clinic::start();
    let doctor = Member::join(&clinic, "sakura", ROLES[0], None);
    clinic.pass_seconds(31);
    doctor.client(&clinic, "sakura").put("Observation/d", draft("Observation")).expect(201);
    clinic.close();
    let site = Site::empty();
    symlink(clinic.data(), site.path("data")).unwrap();
    let serve = || {
        let (process, _) = site.serve();
        process.signal("TERM");
        good("serve", process.wait());
    };
    let acts = || -> Vec<StateAct> {
        let journal = site.journal();
        journal.entries().filter_map(|entry| entry.state).map(|state| state.act).collect()
    };
    serve();
    assert_eq!(acts(), [StateAct::Enter]);
    let configuration = site.text("data/akashi.toml");
    let set = |days: u32| {
        site.write("data/akashi.toml", format!("{configuration}[records]\nlapse_after_days = {days}\n"));
    };
    set(6);
    site.refused("serve --data data --listen 127.0.0.1:0", "AK-0028", "7");
    set(30);
    serve();
    assert_eq!(acts(), [StateAct::Enter, StateAct::Lapse, StateAct::Enter], "with its Provenance");
    clinic.verify().unwrap();
}
