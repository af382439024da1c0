//! `DELETE [type]/[id]` and `DELETE [type]?…`: delete, also conditional (FHIR R4, RESTful API, "delete").

use super::Asked;
use crate::conditions;
use crate::interactions::Interaction;
use base::Problem;
use records::Intent;

pub(super) fn intent(interaction: Interaction, mut asked: Asked<'_>) -> Result<Intent, Problem> {
    let condition = conditions::of_version(asked.headers)?;
    Ok(Intent::Delete { target: asked.target(interaction == Interaction::DeleteOnly)?, condition })
}
