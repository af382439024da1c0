//! Who a patient is and what has to be known before anything is done, the same at the head of each of their pages.

use crate::codes::PATIENT_UNSEEN;
use crate::desk::{Desk, Refused, look_at, matches};
use crate::form::encoded;
use crate::patients::{goes_on, node};
use crate::visit::Visit;
use crate::words::Words;
use base::Problem;
use fhir::readable::{Identity, heading_of};
use serde_json::Value;
use std::collections::BTreeSet;

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
    /// Whether there are more than were looked at: then one that has to be known may be among those.
    pub(crate) cut: bool,
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
    let cut = lists.iter().flatten().any(goes_on);
    let today = desk.now().in_japan();
    let found = lists.iter().flatten().flat_map(matches).filter(|one| in_force(one, &today));
    let mut seen = BTreeSet::new();
    // What two people noted is to be known once.
    let alerts = found.filter_map(|one| alert(one, Words(visit.language)));
    let alerts = alerts.filter(|alert| seen.insert(alert.clone())).collect();
    let identity = node(&patient).map(|node| Identity::of(&node).line_at(desk.now(), visit.language));
    Ok(Banner {
        id: id.to_owned(),
        line: identity.unwrap_or_else(|| id.to_owned()),
        alerts,
        unknown,
        cut,
        patient,
    })
}

/// What sort of alert it is and what about.
fn alert(resource: &Value, words: Words) -> Option<String> {
    let title = heading_of(&node(resource)?, words.0).ok()?.title?;
    let said = |at: &str| resource.pointer(at).and_then(Value::as_str).map(str::to_owned);
    let sort = if said("/resourceType").as_deref() == Some("AllergyIntolerance") {
        let high = said("/criticality").as_deref() == Some("high");
        Some(words.say(if high { "banner-allergy-high" } else { "banner-allergy" }))
    } else {
        said("/category/0/text").or_else(|| said("/category/0/coding/0/display"))
    };
    Some(match sort {
        Some(sort) => words.with2("banner-alert", ("sort", sort), ("about", title)),
        None => title,
    })
}

/// A flag that is over is none. `today`: in Japan.
fn in_force(resource: &Value, today: &str) -> bool {
    let over = ["inactive", "entered-in-error"];
    let text = |at: &str| resource.pointer(at).and_then(Value::as_str);
    // Of a moment its day counts, of a month or a year the whole of it.
    let past = |end: &str| {
        let length = end.len().min(10);
        end.get(..length).zip(today.get(..length)).is_some_and(|(end, today)| end < today)
    };
    !text("/status").is_some_and(|status| over.contains(&status))
        && !matches!(text("/verificationStatus/coding/0/code"), Some("entered-in-error" | "refuted"))
        && !text("/period/end").is_some_and(past)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{Trial, bundle, visit, wait};
    use base::Language;
    use serde_json::json;

    fn banner(allergies: &[Value], flags: &[Value]) -> Banner {
        let desk = Trial::new()
            .told("fhir/Patient/p", json!({ "resourceType": "Patient", "id": "p" }))
            .told("fhir/AllergyIntolerance?patient=p&clinical-status=active&_count=50", bundle(allergies))
            .told("fhir/Flag?patient=p&_count=50", bundle(flags));
        wait(of(&visit("patients/p", Language::Japanese), &desk, "p")).expect("a banner")
    }

    #[test]
    fn what_has_to_be_known_says_of_what_sort_it_is() {
        let allergy = json!({ "resourceType": "AllergyIntolerance", "id": "a", "code": { "text": "そば" }, "criticality": "high" });
        let flag = json!({ "resourceType": "Flag", "id": "f", "status": "active", "code": { "text": "MRSA" },
            "category": [{ "text": "感染症" }] });
        let bare =
            json!({ "resourceType": "Flag", "id": "g", "status": "active", "code": { "text": "転倒" } });
        let told = banner(&[allergy], &[flag.clone(), bare, flag]).alerts;
        assert_eq!(told, ["アレルギー（重篤化の危険）：そば", "感染症：MRSA", "転倒"]);
    }

    #[test]
    fn that_there_are_more_alerts_than_were_looked_at_is_said() {
        let mut over: Vec<Value> = Vec::new();
        over.push(
            json!({ "resourceType": "Flag", "id": "f", "status": "inactive", "code": { "text": "x" } }),
        );
        assert!(!banner(&[], &over).cut);
        let mut flags = bundle(&over);
        let more = json!([{ "relation": "next", "url": "x" }]);
        flags.as_object_mut().expect("a bundle").insert("link".to_owned(), more);
        let desk = Trial::new()
            .told("fhir/Patient/p", json!({ "resourceType": "Patient", "id": "p" }))
            .told("fhir/AllergyIntolerance?patient=p&clinical-status=active&_count=50", bundle(&[]))
            .told("fhir/Flag?patient=p&_count=50", flags);
        let found = wait(of(&visit("patients/p", Language::Japanese), &desk, "p")).expect("a banner");
        assert!(found.cut && found.alerts.is_empty());
        let (_, page) = desk.look("patients/p/write", Language::Japanese);
        assert!(page.contains("ほかにもある可能性があります"), "{page}");
        assert!(!page.contains("注意情報の登録はありません"), "{page}");
    }

    #[test]
    fn a_flag_holds_until_its_last_day_is_over_in_japan() {
        let flag = |status: &str, end: &str| json!({ "resourceType": "Flag", "id": "f", "status": status, "code": { "text": "x" }, "period": { "end": end } });
        // It is the 20th of November 2026, 9 o'clock in Japan.
        for (status, end, holds) in [
            ("active", "2026-11-20", true),
            ("active", "2026-11", true),
            ("active", "2026-11-19", false),
            ("active", "2025", false),
            ("inactive", "2027", false),
            ("entered-in-error", "2027", false),
        ] {
            assert_eq!(!banner(&[], &[flag(status, end)]).alerts.is_empty(), holds, "{status} {end}");
        }
    }
}
