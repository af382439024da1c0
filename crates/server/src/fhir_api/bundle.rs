//! `POST [base]`: batch and transaction (FHIR R4, RESTful API, "batch/transaction").

use super::Asked;
use crate::conditions;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    conditions::none(asked.headers)?;
    let (returned, lenient) = (asked.preference.returned(), asked.preference.lenient());
    Ok(Intent::Bundle { body: asked.body, returned, lenient })
}
