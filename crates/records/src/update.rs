//! `PUT [type]/[id]`: a new version of a record, or its first one under an id of the client's choice; `PUT [type]?…`: a new
//! version of the record that fulfils criteria, or a new record.

use crate::call::{Answer, Condition, Problems, Target};
use crate::conditional::{self, Criteria, Deed};
use crate::facility::{Caller, Facility};
use crate::write::{self, Wish};
use access::Action;
use fhir::Checked;

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    target: Target,
    body: &[u8],
    condition: Condition,
) -> Result<Answer, Problems> {
    let checked = write::checked(target.kind(), body)?;
    understood(facility, caller, target, &checked, condition).await
}

/// The same for a resource that was checked already.
pub(crate) async fn understood(
    facility: &Facility,
    caller: &Caller<'_>,
    target: Target,
    checked: &Checked,
    condition: Condition,
) -> Result<Answer, Problems> {
    write::whole(checked)?;
    match target {
        Target::Record(key) => {
            write::same_id(checked, &key)?;
            let (wish, expected) = (Wish::Put(Action::UPDATE, checked), write::expected(condition));
            write::write(facility, caller, || write::plan(facility, caller, &key, wish, expected)).await
        }
        Target::Only { kind, criteria } => {
            let criteria = Criteria::read(facility, caller, &kind, &criteria)?;
            conditional::perform(facility, caller, &criteria, &Deed::Update(checked, condition)).await
        }
    }
}
