//! `POST [type]`: create, also conditional (FHIR R4, RESTful API, "create", "Conditional create").

use super::Asked;
use crate::conditions;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    let none_exist = conditions::of_create(asked.headers)?;
    Ok(Intent::Create { kind: asked.kind()?, body: asked.body, none_exist })
}
