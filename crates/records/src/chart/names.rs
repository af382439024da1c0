//! What the references of a record are called: who treated, where, with what, and the other records of the patient. What the
//! caller may not see keeps its address.

use crate::facility::{Caller, Facility};
use crate::past::Whole;
use access::Action;
use base::{Problem, RecordKey, Time};
use fhir::definitions;
use fhir::readable::{self, Names};
use std::collections::{BTreeMap, BTreeSet};
use store::{HistoryOf, Snapshot, TimeRange};

/// The names of what the versions of a record refer to, as they stood at its moment.
pub(super) fn names(facility: &Facility, caller: &Caller<'_>, whole: &Whole) -> Result<Names, Problem> {
    let mut own = BTreeMap::new();
    let mut written = BTreeSet::new();
    for record in &whole.records {
        for content in record.versions.iter().filter_map(|version| version.content.as_deref()) {
            written.extend(readable::references(&fhir::json::parse(content)?));
        }
        if let Some(content) = record.content() {
            own.insert(&record.key, readable::name_of(&fhir::json::parse(content)?, caller.language)?);
        }
    }
    caller.trail.read(facility, |snapshot| {
        let mut outside: BTreeMap<RecordKey, Option<String>> = BTreeMap::new();
        let mut names = Names::new();
        for reference in written {
            let Some(key) = local(&reference, caller.base_url) else { continue };
            let name = match (own.get(&key), outside.get(&key)) {
                (Some(name), _) | (None, Some(name)) => name.clone(),
                (None, None) => {
                    let name = looked_up(snapshot, caller, &key, whole.at)?;
                    outside.insert(key, name.clone());
                    name
                }
            };
            names.extend(name.map(|name| (reference, name)));
        }
        Ok(names)
    })
}

/// The record of this facility that a reference names, in whichever version.
fn local(reference: &str, base_url: &str) -> Option<RecordKey> {
    let local = reference.strip_prefix(base_url).and_then(|rest| rest.strip_prefix('/')).unwrap_or(reference);
    RecordKey::parse(local.split_once("/_history/").map_or(local, |(record, _)| record))
}

/// The name of a record that is no part of the chart; of those that belong to patients, none: they come by belonging to this
/// one, or not at all.
fn looked_up(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    key: &RecordKey,
    at: Option<Time>,
) -> Result<Option<String>, Problem> {
    let (Some(patient), Some(kind)) =
        (definitions::resource_kind("Patient"), definitions::resource_kind(&key.kind))
    else {
        return Ok(None);
    };
    if kind == patient || !definitions::compartment(patient, kind).is_empty() {
        return Ok(None);
    }
    // The end of a span is not part of it.
    let span = TimeRange { from: None, until: at.map(|at| at.plus_microseconds(1)) };
    let newest = snapshot.history(HistoryOf::Record(key), None, span, 1)?.pop();
    let Some(found) = newest.map(|step| step.found) else { return Ok(None) };
    let action = caller.asking.looking(Action::EVERYTHING);
    let Some((permit, facts)) = caller.version(snapshot, action, key, &found)? else { return Ok(None) };
    let version = found.version.number();
    let Some(content) = found.content else { return Ok(None) };
    let content = content.open(&permit)?;
    caller.show(&permit, &facts, Some(version));
    readable::name_of(&fhir::json::parse(&content)?, caller.language)
}
