//! The operation `$everything` (FHIR R4, operations of Patient and Encounter), its parameters in the query or in the body.

use super::Asked;
use records::{Intent, Problems};

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problems> {
    let key = asked.key()?;
    let mut query = asked.query;
    query.extend(records::operation_parameters(&asked.body)?);
    Ok(Intent::Everything { key, query })
}
