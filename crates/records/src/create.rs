//! `POST [type]`: a new record under an id of the server's choice.

use crate::call::{Answer, Outcome, Problems};
use crate::door::{Caller, Facility};
use crate::index::from_fhir;
use crate::{codes, update};
use base::{Problem, RecordKey, ResourceId};
use fhir::Checked;
use std::sync::Arc;
use store::{Act, Change, Expected};

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    kind: &str,
    body: &[u8],
) -> Result<Answer, Problems> {
    let checked = checked(kind, body)?;
    let key = RecordKey::new(kind, facility.new_id()?);
    let planned = put(&checked, key, Expected::Absent);
    update::write(facility, caller, planned)
        .await
        .map(|answer| Answer { outcome: Outcome::Created, ..answer })
}

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
