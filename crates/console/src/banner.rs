//! Who a patient is and what has to be known before anything is done, the same at the head of each of their pages.

use crate::codes::PATIENT_UNSEEN;
use crate::desk::{Desk, Refused, look_at, matches};
use crate::form::encoded;
use crate::patients::{goes_on, node};
use crate::visit::Visit;
use crate::words::Words;
use base::{Problem, Time};
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
    /// Whether there are more than were read.
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
    let paths = [format!("Patient/{key}"), allergies_of(&key), flags_of(&key)];
    let mut answers = look_at(desk, &paths).await?.into_iter();
    let patient = answers.next().flatten().ok_or_else(|| Problem::new(&PATIENT_UNSEEN))?;
    let lists: Vec<Option<Value>> = answers.collect();
    let mut unknown = lists.len() < 2 || lists.iter().any(Option::is_none);
    let cut = lists.iter().flatten().any(goes_on);
    let today = desk.now().in_japan();
    let mut all: Vec<&Value> = lists.iter().flatten().flat_map(matches).collect();
    if desk.proven().is_some() {
        // The index found them, and the index is not proven.
        let (own, found) = (own(&patient, id), all.len());
        all.retain(|one| is_of(&own, one));
        unknown |= all.len() < found;
    }
    let found = all.into_iter().filter(|one| in_force(one, &today));
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

fn allergies_of(key: &str) -> String {
    format!("AllergyIntolerance?patient={key}&clinical-status=active&_count=100")
}

/// Also those that are over: no search of FHIR tells them from the others.
fn flags_of(key: &str) -> String {
    format!("Flag?patient={key}&_sort=-_lastUpdated&_count=200")
}

/// The references under which a patient's records may stand: this number, and those that the patient's own record says were
/// merged with it.
pub(crate) fn own(patient: &Value, id: &str) -> Vec<String> {
    let links = patient.get("link").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let others = links.iter().filter_map(|link| link.pointer("/other/reference").and_then(Value::as_str));
    others.map(str::to_owned).chain([format!("Patient/{id}")]).collect()
}

/// Whether a reference is one of these, here or with the address of the server before it.
pub(crate) fn names_one(own: &[String], reference: &str) -> bool {
    own.iter().any(|one| reference == one || reference.ends_with(&format!("/{one}")))
}

fn is_of(own: &[String], resource: &Value) -> bool {
    let of = |at: &str| resource.pointer(at).and_then(Value::as_str);
    of("/subject/reference").or_else(|| of("/patient/reference")).is_some_and(|one| names_one(own, one))
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
    // Of a moment its day in Japan counts, of a month or a year the whole of it.
    let past = |end: &str| {
        let there = Time::parse(end).map(Time::in_japan);
        let end = there.as_deref().unwrap_or(end);
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
            .told(&format!("fhir/{}", allergies_of("p")), bundle(allergies))
            .told(&format!("fhir/{}", flags_of("p")), bundle(flags));
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
    fn alerts_that_are_more_than_were_read_are_not_said_to_be_all() {
        let going_on = |found: &[Value]| {
            let mut found = bundle(found);
            found["link"] = json!([{ "relation": "next", "url": "https://a/fhir?_x" }]);
            found
        };
        for (allergies, flags) in [(bundle(&[]), going_on(&[])), (going_on(&[]), bundle(&[]))] {
            let desk = Trial::new()
                .told("fhir/Patient/p", json!({ "resourceType": "Patient", "id": "p" }))
                .told(&format!("fhir/{}", allergies_of("p")), allergies)
                .told(&format!("fhir/{}", flags_of("p")), flags);
            let banner = wait(of(&visit("patients/p", Language::Japanese), &desk, "p")).expect("a banner");
            assert!(banner.cut && !banner.unknown);
            let (_, page) = desk.look("patients/p/write", Language::Japanese);
            assert!(
                page.contains("ほかにもある可能性があります") && !page.contains("注意情報の登録はありません"),
                "{page}"
            );
        }
    }

    #[test]
    fn while_writing_is_stopped_an_alert_of_somebody_else_is_not_shown_as_theirs() {
        let allergy = |subject: &str| {
            json!({ "resourceType": "AllergyIntolerance", "id": "a", "code": { "text": "そば" },
                "patient": { "reference": subject } })
        };
        let shown = |subject: &str| {
            let desk = Trial::new()
                .told("fhir/Patient/p", json!({ "resourceType": "Patient", "id": "p" }))
                .told(&format!("fhir/{}", allergies_of("p")), bundle(&[allergy(subject)]))
                .told(&format!("fhir/{}", flags_of("p")), bundle(&[]))
                .stopped(&[]);
            let banner = wait(of(&visit("emergency/patients/p", Language::Japanese), &desk, "p"));
            let banner = banner.expect("a banner");
            (banner.alerts.len(), banner.unknown)
        };
        assert_eq!(shown("Patient/p"), (1, false));
        assert_eq!(shown("Patient/q"), (0, true));
    }

    #[test]
    fn a_flag_holds_until_its_last_day_is_over_in_japan() {
        let flag = |status: &str, end: &str| json!({ "resourceType": "Flag", "id": "f", "status": status, "code": { "text": "x" }, "period": { "end": end } });
        // It is the 20th of November 2026, 9 o'clock in Japan.
        for (status, end, holds) in [
            ("active", "2026-11-20", true),
            ("active", "2026-11", true),
            ("active", "2026-11-19", false),
            ("active", "2026-11-19T20:00:00Z", true),
            ("active", "2026-11-19T20:00:00+09:00", false),
            ("active", "2025", false),
            ("inactive", "2027", false),
            ("entered-in-error", "2027", false),
        ] {
            assert_eq!(!banner(&[], &[flag(status, end)]).alerts.is_empty(), holds, "{status} {end}");
        }
    }
}
