//! `POST [type]`: a new record under an id of the server's choice; with `If-None-Exist` only when there is none yet.

use crate::call::{Answer, Outcome, Problems, Query};
use crate::conditional::{self, Criteria, Deed};
use crate::facility::{Caller, Facility};
use crate::write::{self, Wish};
use access::Action;
use base::RecordKey;
use fhir::Checked;
use store::Expected;

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    kind: &str,
    body: &[u8],
    none_exist: Option<&Query>,
) -> Result<Answer, Problems> {
    let checked = write::checked(kind, body)?;
    understood(facility, caller, &checked, none_exist).await
}

/// The same for a resource that was checked already.
pub(crate) async fn understood(
    facility: &Facility,
    caller: &Caller<'_>,
    checked: &Checked,
    none_exist: Option<&Query>,
) -> Result<Answer, Problems> {
    let kind = checked.kind().as_str();
    if let Some(query) = none_exist {
        let criteria = Criteria::read(facility, caller, kind, query)?;
        return conditional::perform(facility, caller, &criteria, &Deed::Create(checked)).await;
    }
    let key = RecordKey::new(kind, facility.new_id()?);
    let wish = Wish::Put(Action::CREATE, checked);
    let plan = || write::plan(facility, caller, &key, wish, Expected::Absent);
    write::write(facility, caller, plan).await.map(|answer| Answer { outcome: Outcome::Created, ..answer })
}
