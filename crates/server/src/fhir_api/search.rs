//! `GET [type]?…` and `POST [type]/_search` (FHIR R4, RESTful API, "search").

use super::Asked;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    Ok(Intent::Search { kind: asked.kind()?, query: asked.query })
}
