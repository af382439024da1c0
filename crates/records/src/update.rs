//! `PUT [type]/[id]`: a new version of a record, or its first one under an id of the client's choice.

use crate::call::{Answer, Condition, Problems};
use crate::codes;
use crate::create::{self, Planned};
use crate::door::{Caller, Facility};
use crate::reply;
use base::{Problem, RecordKey};
use store::{Batch, Expected};

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    key: RecordKey,
    body: &[u8],
    condition: Condition,
) -> Result<Answer, Problems> {
    let checked = create::checked(&key.kind, body)?;
    same_id(&checked, &key)?;
    write(facility, caller, create::put(&checked, key, expected(condition))).await
}

/// Writes one planned change and answers with what was written.
pub(crate) async fn write(
    facility: &Facility,
    caller: &Caller<'_>,
    planned: Planned,
) -> Result<Answer, Problems> {
    let Planned { change, template } = planned;
    let batch = Batch { actor: caller.actor.clone(), reason: None, changes: vec![change], mark: None };
    let receipt = facility.store().append(batch).await?;
    reply::from_written(receipt.written.first(), template.as_deref())
}

/// The id in the resource must be that of the address (FHIR R4, RESTful API, update).
pub(crate) fn same_id(checked: &fhir::Checked, key: &RecordKey) -> Result<(), Problem> {
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
