//! `PUT [type]/[id]` and `PUT [type]?…`: update, also conditional (FHIR R4, RESTful API, "update", "Conditional update").

use super::Asked;
use crate::conditions;
use crate::interactions::Interaction;
use base::Problem;
use records::Intent;

pub(super) fn intent(interaction: Interaction, mut asked: Asked<'_>) -> Result<Intent, Problem> {
    let by_criteria = interaction == Interaction::UpdateOnly;
    let condition = if by_criteria {
        conditions::of_version(asked.headers)?
    } else {
        conditions::of_update(asked.headers)?
    };
    let target = asked.target(by_criteria)?;
    Ok(Intent::Update { target, body: asked.body, condition })
}
