//! `DELETE [type]/[id]`: delete (FHIR R4, RESTful API, "delete").

use super::Asked;
use crate::conditions;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: &Asked<'_>) -> Result<Intent, Problem> {
    Ok(Intent::Delete { key: asked.key()?, condition: conditions::of_delete(asked.headers)? })
}
