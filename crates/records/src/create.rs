//! `POST [type]`: a new record under an id of the server's choice.

use crate::call::{Answer, Outcome, Problems};
use crate::facility::{Caller, Facility};
use crate::write;
use base::RecordKey;
use store::Expected;

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    kind: &str,
    body: &[u8],
) -> Result<Answer, Problems> {
    let checked = write::checked(kind, body)?;
    let key = RecordKey::new(kind, facility.new_id()?);
    let planned = write::put(&checked, key, Expected::Absent);
    write::write(facility, caller, planned).await.map(|answer| Answer { outcome: Outcome::Created, ..answer })
}
