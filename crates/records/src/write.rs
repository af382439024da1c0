//! What all writing use cases share: the checked resource, the planned change, the write and its answer.

use crate::call::{Answer, Condition, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::index::from_fhir;
use crate::reply;
use base::{Problem, RecordKey, ResourceId};
use fhir::Checked;
use std::sync::Arc;
use store::{Act, Batch, Change, Expected, Guard};

/// Reads and checks a resource that must be of the type of the address.
pub(crate) fn checked(kind: &str, body: &[u8]) -> Result<Checked, Problems> {
    known_type(kind)?;
    of_type(kind, check(fhir::json::parse(body)?)?)
}

pub(crate) fn check(node: fhir::Node) -> Result<Checked, Problems> {
    fhir::check(node).map_err(|problems| {
        let mut problems = problems.into_iter();
        match problems.next() {
            Some(first) => Problems::new(first, problems.collect()),
            None => Problem::new(&store::codes::DATABASE).log("a check failed without a problem").into(),
        }
    })
}

pub(crate) fn of_type(kind: &str, checked: Checked) -> Result<Checked, Problems> {
    let found = checked.kind().as_str();
    if found == kind {
        return Ok(checked);
    }
    Err(Problem::new(&codes::OTHER_TYPE).with("found", found).with("expected", kind).at(found).into())
}

pub(crate) fn known_type(kind: &str) -> Result<(), Problem> {
    match fhir::definitions::resource_kind(kind) {
        Some(_) => Ok(()),
        None => Err(Problem::new(&codes::UNKNOWN_TYPE).with("type", kind)),
    }
}

/// A change that writes a version of a record, and the means to write the same bytes for the answer.
pub(crate) struct Planned {
    pub(crate) change: Change,
    /// None for a deletion.
    pub(crate) template: Option<Arc<fhir::Template>>,
}

pub(crate) fn put(checked: &Checked, key: RecordKey, expected: Expected) -> Planned {
    let template = Arc::new(checked.template(&key.id));
    let shared = Arc::clone(&template);
    let terms = checked.terms().into_iter().map(from_fhir).collect();
    let render = Box::new(move |version, time| shared.render(version, time));
    Planned { change: Change { key, expected, act: Act::Put { render, terms } }, template: Some(template) }
}

/// The id that a resource carries, when it is one.
pub(crate) fn own_id(checked: &Checked) -> Option<ResourceId> {
    checked.id().and_then(ResourceId::parse)
}

/// Writes one planned change and answers with what was written.
pub(crate) async fn write(
    facility: &Facility,
    caller: &Caller<'_>,
    planned: Planned,
) -> Result<Answer, Problems> {
    Ok(guarded(facility, caller, planned, Vec::new()).await?)
}

/// The same, provided that searches still find what they found.
pub(crate) async fn guarded(
    facility: &Facility,
    caller: &Caller<'_>,
    planned: Planned,
    guards: Vec<Guard>,
) -> Result<Answer, Problem> {
    let Planned { change, template } = planned;
    let batch = Batch { guards, ..Batch::new(caller.actor.clone(), vec![change]) };
    let receipt = facility.store().append(batch).await?;
    reply::from_written(receipt.written.first(), template.as_deref())
}

/// A change that deletes a record.
pub(crate) fn removal(key: RecordKey, expected: Expected) -> Planned {
    Planned { change: Change { key, expected, act: Act::Delete }, template: None }
}

/// A resource from which parts were left out must not replace the whole one.
pub(crate) fn whole(checked: &Checked) -> Result<(), Problem> {
    if fhir::subset::is_subset(checked.node()) {
        let place = format!("{}.meta.tag", checked.kind());
        return Err(Problem::new(&codes::SUBSETTED).at(place));
    }
    Ok(())
}

/// The id in the resource must be that of the address (FHIR R4, RESTful API, update).
pub(crate) fn same_id(checked: &Checked, key: &RecordKey) -> Result<(), Problem> {
    if checked.id() == Some(key.id.as_str()) {
        return Ok(());
    }
    let place = format!("{}.id", key.kind);
    Err(Problem::new(&codes::OTHER_ID).with("record", key).with("id", &key.id).at(place))
}

pub(crate) fn expected(condition: Condition) -> Expected {
    match condition {
        Condition::Always => Expected::Anything,
        Condition::Version(version) => Expected::Version(version),
        Condition::Absent => Expected::Absent,
    }
}
