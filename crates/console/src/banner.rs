//! Who a patient is and what has to be known before anything is done, the same at the head of each of their pages.

use crate::codes::PATIENT_UNSEEN;
use crate::desk::{Desk, Refused, look_at, matches};
use crate::form::encoded;
use crate::patients::node;
use crate::visit::Visit;
use base::Problem;
use fhir::readable::{Identity, heading_of};
use serde_json::Value;

/// The head of a patient's pages.
pub(crate) struct Banner {
    /// The id of the patient.
    pub(crate) id: String,
    /// Who it is, as everywhere.
    pub(crate) line: String,
    /// What has to be known: allergies, infections, other flags; in words.
    pub(crate) alerts: Vec<String>,
    /// Whether nobody could see the alerts: then their absence says nothing.
    pub(crate) unknown: bool,
    /// The patient as it is stored.
    pub(crate) patient: Value,
}

/// The head of the pages of this patient.
///
/// # Errors
/// The patient is not there, or may not be seen.
pub(crate) async fn of(visit: &Visit, desk: &dyn Desk, id: &str) -> Result<Banner, Refused> {
    let key = encoded(id);
    let paths = [
        format!("Patient/{key}"),
        format!("AllergyIntolerance?patient={key}&clinical-status=active&_count=50"),
        format!("Flag?patient={key}&_count=50"),
    ];
    let mut answers = look_at(desk, &paths).await?.into_iter();
    let patient = answers.next().flatten().ok_or_else(|| Problem::new(&PATIENT_UNSEEN))?;
    let lists: Vec<Option<Value>> = answers.collect();
    let unknown = lists.len() < 2 || lists.iter().any(Option::is_none);
    let found = lists.iter().flatten().flat_map(matches).filter(|one| in_force(one));
    let alerts = found
        .filter_map(|one| node(one).and_then(|node| heading_of(&node, visit.language).ok()))
        .filter_map(|heading| heading.title)
        .collect();
    let identity = node(&patient).map(|node| Identity::of(&node).line_at(desk.now(), visit.language));
    Ok(Banner {
        id: id.to_owned(),
        line: identity.unwrap_or_else(|| id.to_owned()),
        alerts,
        unknown,
        patient,
    })
}

/// A flag that is over is none.
fn in_force(resource: &Value) -> bool {
    let over = ["inactive", "entered-in-error"];
    let verified = resource.pointer("/verificationStatus/coding/0/code").and_then(Value::as_str);
    let status = resource.get("status").and_then(Value::as_str);
    !status.is_some_and(|status| over.contains(&status))
        && !matches!(verified, Some("entered-in-error" | "refuted"))
}
