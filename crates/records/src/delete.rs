//! `DELETE [type]/[id]`: the record is no longer current; its versions and proofs stay.

use crate::call::{Answer, Condition, Problems};
use crate::facility::{Caller, Facility};
use crate::reply;
use crate::write;
use base::RecordKey;
use store::{Act, Batch, Change};

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    key: RecordKey,
    condition: Condition,
) -> Result<Answer, Problems> {
    write::known_type(&key.kind)?;
    let change = Change { key, expected: write::expected(condition), act: Act::Delete };
    let batch = Batch {
        actor: caller.actor.clone(),
        reason: None,
        guards: Vec::new(),
        changes: vec![change],
        mark: None,
    };
    let receipt = facility.store().append(batch).await?;
    reply::from_written(receipt.written.first(), None)
}
