//! `DELETE [type]/[id]` and `DELETE [type]?…`: the record is no longer current; its versions and proofs stay.

use crate::call::{Answer, Condition, Problems, Target};
use crate::conditional::{self, Criteria, Deed};
use crate::facility::{Caller, Facility};
use crate::write;

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    target: Target,
    condition: Condition,
) -> Result<Answer, Problems> {
    write::known_type(target.kind())?;
    match target {
        Target::Record(key) => {
            write::write(facility, caller, write::removal(key, write::expected(condition))).await
        }
        Target::Only { kind, criteria } => {
            let criteria = Criteria::read(facility, caller, &kind, &criteria)?;
            conditional::perform(facility, caller, &criteria, &Deed::Delete(condition)).await
        }
    }
}
