//! The operations `$finalize`, `$approve`, `$return`, `$assign`, `$amend`, `$withdraw` and `$cosign`: acts on the state of a
//! record (docs/formats.md, section 15).

use super::Asked;
use crate::conditions;
use base::Problem;
use records::{Intent, Settling};

pub(super) fn intent(act: Settling, asked: Asked<'_>) -> Result<Intent, Problem> {
    let condition = conditions::of_version(asked.headers)?;
    Ok(Intent::Settle { act, key: asked.key()?, body: asked.body, condition })
}
