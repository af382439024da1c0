//! `POST [base]`: batch and transaction (FHIR R4, RESTful API, "batch/transaction").

use super::Asked;
use crate::conditions;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    conditions::none(asked.headers)?;
    Ok(Intent::Bundle { body: asked.body })
}
