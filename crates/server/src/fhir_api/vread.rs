//! `GET [type]/[id]/_history/[vid]`: vread (FHIR R4, RESTful API, "vread").

use super::{Asked, unknown};
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    let version = asked.version()?.ok_or_else(unknown)?;
    Ok(Intent::VersionRead { key: asked.key()?, version, query: asked.query })
}
