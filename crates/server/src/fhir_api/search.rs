//! `GET [type]?…`, `POST [type]/_search`, and both within a compartment: `GET Patient/[id]/[type]?…`
//! (FHIR R4, RESTful API, "search").

use super::Asked;
use base::Problem;
use records::Intent;

pub(super) fn intent(asked: Asked<'_>) -> Result<Intent, Problem> {
    let lenient = asked.preference.lenient();
    Ok(Intent::Search { kind: asked.kind()?, query: asked.query, compartment: None, lenient })
}

/// `GET [base]?_type=…`, `POST [base]/_search`: types that the query names.
pub(super) fn of_facility(asked: Asked<'_>) -> Intent {
    let lenient = asked.preference.lenient();
    Intent::Search { kind: String::new(), query: asked.query, compartment: None, lenient }
}

pub(super) fn within_compartment(asked: Asked<'_>) -> Result<Intent, Problem> {
    let (kind, lenient) = (asked.inner()?, asked.preference.lenient());
    let compartment = Some(asked.key()?);
    Ok(Intent::Search { kind, query: asked.query, compartment, lenient })
}
