//! `PUT [type]/[id]`: update (FHIR R4, RESTful API, "update").

use super::Asked;
use crate::conditions;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    let condition = conditions::of_update(asked.headers)?;
    Ok(Intent::Update { key: asked.key()?, body: asked.body, condition })
}
