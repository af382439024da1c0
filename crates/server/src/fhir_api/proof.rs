//! The operation `$proof`: the proof file of a version (docs/formats.md, section 5).

use super::Asked;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: &Asked<'_>) -> Result<Intent, Problem> {
    Ok(Intent::Proof { key: asked.key()?, version: asked.version()? })
}
