//! Drafts that wait too long, as `akashi assess` counts them: by the deadlines of the configuration, over the whole
//! facility. The drafts are written by a server whose clock stands in the past; no test waits.

use super::assess::assess;
use super::probes::changed_by;
use super::{Site, good};
use crate::material::resource;
use http::Method;
use records::SearchIndex;
use serde_json::{Value, json};
use std::os::unix::fs::symlink;
use store::{Indexer, State, StateAct, Store, Term};
use testkit::{Clinic, Member, Plan, ROLES};

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

/// The index as it is where drafts were entered by an assistant for their responsible person.
#[derive(Debug)]
struct Entered;

impl Indexer for Entered {
    fn edition(&self) -> &str {
        fhir::TERMS_EDITION
    }

    fn terms(&self, content: &[u8]) -> Result<Vec<Term>, base::Problem> {
        SearchIndex.terms(content)
    }

    fn state_terms(&self, kind: &str, state: &State) -> Vec<Term> {
        SearchIndex.state_terms(kind, &State { entered: Some("assistant".to_owned()), ..state.clone() })
    }

    fn since_term(&self, kind: &str, since: base::Time) -> Option<Term> {
        SearchIndex.since_term(kind, since)
    }
}

#[test]
fn what_waits_for_approval_changes_what_asks_for_approving_in_time() {
    let (site, clinic) = with_drafts(&["Composition"]);
    let (data, facility, master) = (clinic.data(), clinic.facility(), clinic.master());
    let worse = changed_by(&site, &[UNAPPROVED], || {
        Store::reindex(data, facility, master, &Entered, &|_, _| ()).unwrap();
    });
    assert_eq!(overdue(&site), [1, 1], "it is not final either");
    assert!(worse.contains_key("jahis-sds-5.0/14-15"), "{worse:?}");
    let better = changed_by(&site, &[UNAPPROVED], || {
        Store::reindex(data, facility, master, &SearchIndex, &|_, _| ()).unwrap();
    });
    assert!(better.keys().eq(worse.keys()), "{better:?}");
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
