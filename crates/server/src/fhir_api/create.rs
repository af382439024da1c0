//! `POST [type]`: create (FHIR R4, RESTful API, "create").

use super::Asked;
use crate::conditions;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    conditions::none(asked.headers)?;
    Ok(Intent::Create { kind: asked.kind()?, body: asked.body })
}
