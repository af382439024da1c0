//! `PATCH [type]/[id]` and `PATCH [type]?…`: patch, also conditional (FHIR R4, RESTful API, "patch").

use super::Asked;
use crate::conditions;
use crate::interactions::Interaction;
use base::Problem;
use records::Intent;

pub(super) fn intent(interaction: Interaction, mut asked: Asked<'_>) -> Result<Intent, Problem> {
    let condition = conditions::of_version(asked.headers)?;
    let target = asked.target(interaction == Interaction::PatchOnly)?;
    Ok(Intent::Patch { target, body: asked.body, condition })
}
