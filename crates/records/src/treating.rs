//! Whether somebody treats a patient, as the records say it at this moment.

use crate::links::Addresses;
use crate::matching;
use base::{Problem, Time};
use fhir::definitions;
use fhir::search::Asking;
use store::{Search, Snapshot};

/// For how long after its end an encounter still counts, in seconds: results come, letters are written.
const AFTER_SECONDS: i64 = 30 * 24 * 3_600;
/// How far an appointment may be away, in seconds.
const AROUND_SECONDS: i64 = 24 * 3_600;

/// Whether the practitioner is the patient's general practitioner, or takes part in an encounter, in a care team or in
/// an appointment of these days.
pub(crate) fn treats(
    base_url: &str,
    now: Time,
    snapshot: &Snapshot<'_>,
    practitioner: &str,
    patient: &str,
) -> Result<bool, Problem> {
    let (whose, who) = (format!("Patient/{patient}"), format!("Practitioner/{practitioner}"));
    let since = format!("ge{}", now.plus_seconds(AFTER_SECONDS.saturating_neg()));
    let from = format!("ge{}", now.plus_seconds(AROUND_SECONDS.saturating_neg()));
    let until = format!("le{}", now.plus_seconds(AROUND_SECONDS));
    let questions: [(&str, &[(&str, &str)]); 4] = [
        ("Patient", &[("_id", patient), ("general-practitioner", &who)]),
        ("Encounter", &[("patient", &whose), ("practitioner", &who), ("date", &since)]),
        ("CareTeam", &[("patient", &whose), ("participant", &who), ("status", "active")]),
        ("Appointment", &[("patient", &whose), ("practitioner", &who), ("date", &from), ("date", &until)]),
    ];
    let asking = Asking { base_url, now, lenient: false };
    for (kind, pairs) in questions {
        if any(&asking, snapshot, kind, pairs)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn any(
    asking: &Asking<'_>,
    snapshot: &Snapshot<'_>,
    kind: &str,
    pairs: &[(&str, &str)],
) -> Result<bool, Problem> {
    let Some(known) = definitions::resource_kind(kind) else { return Ok(false) };
    let pairs: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let all = matching::all(fhir::search::query(known, &pairs, asking)?.all);
    let links = Addresses::of(asking.base_url);
    let search =
        Search { kinds: &[kind], all: &all, sort: &[], links: &links, after: None, count: 1, judge: None };
    Ok(!snapshot.found(&search)?.is_empty())
}
