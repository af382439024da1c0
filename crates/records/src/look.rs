//! Readings in one place, for the door and for the entries of Bundles.

use crate::audit::{self, Trailing};
use crate::bundle_entry::Reading;
use crate::call::{Answer, Problems, Query};
use crate::facility::{Caller, Facility};
use crate::trail::Trail;
use crate::{codes, everything, history, read, search, vread};
use access::Action;
use base::{Problem, RecordKey, ResourceId, VersionNumber};

/// The types that take `$everything`.
pub const EVERYTHING: [&str; 2] = ["Encounter", "Patient"];

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    reading: Reading,
    lenient: bool,
) -> Result<Answer, Problems> {
    let reading = match trailing(reading) {
        Ok((trailing, query)) => return audit::perform(facility, caller, &trailing, &query),
        Err(reading) => reading,
    };
    name(&reading, caller.trail);
    match reading {
        Reading::Record(key, known, query) => read::perform(facility, caller, key, known, &query),
        Reading::Version(key, version, query) => vread::perform(facility, caller, key, version, &query),
        Reading::History(scope, query) => history::perform(facility, caller, &scope, &query),
        Reading::Search { kind, query, compartment } => {
            let within = search::Within { kind: &kind, compartment: compartment.as_ref(), lenient };
            search::perform(facility, caller, within, &query)
        }
        Reading::Everything(key, query) => {
            takes_everything(&key)?;
            everything::perform(facility, caller, &key, &query)
        }
    }
}

/// What is asked of the access entries, where a reading is about AuditEvents: those are no records, but a view of the
/// journal. What can be asked of records only finds none.
fn trailing(reading: Reading) -> Result<(Trailing, Query), Reading> {
    match reading {
        Reading::Record(key, _, query) if *key.kind == *AUDIT_EVENT => Ok((Trailing::Event(key.id), query)),
        Reading::Version(key, VersionNumber::FIRST, query) if *key.kind == *AUDIT_EVENT => {
            Ok((Trailing::Event(key.id), query))
        }
        Reading::Search { kind, query, compartment: None } if kind == AUDIT_EVENT => {
            Ok((Trailing::Events, query))
        }
        other => Err(other),
    }
}

/// The type of which the journal is the only source.
pub const AUDIT_EVENT: &str = "AuditEvent";

/// What the access entry says of a reading.
fn name(reading: &Reading, trail: &Trail) {
    let (action, target, query) = match reading {
        Reading::Record(key, _, query) => (Action::READ, key.to_string(), query),
        Reading::Version(key, version, query) => {
            (Action::VERSION_READ, format!("{key}/_history/{version}"), query)
        }
        Reading::History(scope, query) => (Action::HISTORY, scope.to_string(), query),
        Reading::Search { kind, query, compartment: None } => (Action::SEARCH, kind.clone(), query),
        Reading::Search { kind, query, compartment: Some(of) } => {
            (Action::SEARCH, format!("{of}/{kind}"), query)
        }
        Reading::Everything(key, query) => (Action::EVERYTHING, key.to_string(), query),
    };
    trail.asked(action, &target, Some(query));
    trail.patients(&asked_for(reading, query));
}

/// The patients whom a reading names itself, be there anything to find or not.
fn asked_for(reading: &Reading, query: &Query) -> Vec<String> {
    let mut patients: Vec<String> = Vec::new();
    if let Reading::Search { compartment: Some(of), .. } = reading
        && *of.kind == *"Patient"
    {
        patients.push(of.id.as_str().to_owned());
    }
    for (name, value) in query {
        let bare = name.split(':').next().unwrap_or_default();
        if matches!(bare, "patient" | "subject") {
            patients.extend(value.split(',').filter_map(|one| patient(bare, one)));
        }
    }
    patients
}

/// The patient of a reference; a bare id is one where only patients can be meant.
fn patient(param: &str, value: &str) -> Option<String> {
    let id = match value.rsplit_once('/') {
        Some((before, id)) if before == "Patient" || before.ends_with("/Patient") => id,
        None if param == "patient" => value,
        _ => return None,
    };
    ResourceId::parse(id).map(|id| id.as_str().to_owned())
}

fn takes_everything(key: &RecordKey) -> Result<(), Problem> {
    if EVERYTHING.contains(&&*key.kind) {
        return Ok(());
    }
    Err(Problem::new(&codes::EVERYTHING).with("type", &key.kind).with("allowed", EVERYTHING.join(", ")))
}
