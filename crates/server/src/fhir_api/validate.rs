//! The operation `$validate` (FHIR R4, operation `Resource-validate`), on a type or a record.

use super::Asked;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    let kind = asked.kind()?;
    let id = if asked.place.id.is_empty() { None } else { Some(asked.id()?) };
    let body = (!asked.body.is_empty()).then_some(asked.body);
    Ok(Intent::Validate { kind, id, body, query: asked.query })
}
