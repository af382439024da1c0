//! `DELETE [type]/[id]` and `DELETE [type]?…`: the record is no longer current; its versions and proofs stay.

use crate::call::{Answer, Condition, Problems, Target};
use crate::conditional::{self, Criteria, Deed};
use crate::facility::{Caller, Facility};
use crate::write::{self, Wish};

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    target: Target,
    condition: Condition,
) -> Result<Answer, Problems> {
    write::known_type(target.kind())?;
    match target {
        Target::Record(key) => {
            let expected = write::expected(condition);
            let plan = || write::plan(facility, caller, &key, Wish::Delete, expected);
            write::write(facility, caller, plan).await
        }
        Target::Only { kind, criteria } => {
            let criteria = Criteria::read(facility, caller, &kind, &criteria)?;
            conditional::perform(facility, caller, &criteria, &Deed::Delete(condition)).await
        }
    }
}
