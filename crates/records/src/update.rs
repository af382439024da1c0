//! `PUT [type]/[id]`: a new version of a record, or its first one under an id of the client's choice.

use crate::call::{Answer, Condition, Problems};
use crate::facility::{Caller, Facility};
use crate::write;
use base::RecordKey;

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    key: RecordKey,
    body: &[u8],
    condition: Condition,
) -> Result<Answer, Problems> {
    let checked = write::checked(&key.kind, body)?;
    write::same_id(&checked, &key)?;
    write::write(facility, caller, write::put(&checked, key, write::expected(condition))).await
}
