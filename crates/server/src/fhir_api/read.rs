//! `GET [type]/[id]`: read (FHIR R4, RESTful API, "read"), with `If-None-Match` and `If-Modified-Since` as conditional read.

use super::Asked;
use crate::conditions;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    Ok(Intent::Read { key: asked.key()?, known: conditions::of_read(asked.headers)?, query: asked.query })
}
