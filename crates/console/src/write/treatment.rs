//! Prescriptions and allergies: from what was typed to a resource and back. What was typed anew and what stands beside it never
//! say two things: the part that was derived from the old words goes with them.

use super::content::Wrong;
use super::kinds::Kind;
use super::node::{self, at, object, said, set, text};
use crate::form::Fields;
use fhir::Node;
use serde_json::json;

/// How long a medicine is used, beside its usage (JP Core, `JP_MedicationDosage_UsageDuration`).
const USAGE_DURATION: &str = "/JP_MedicationDosage_UsageDuration";

const DOSAGE: &str = "dosageInstruction[]";

/// What is wrong with fields together.
pub(super) fn wrong(kind: &Kind, given: &Fields) -> Vec<Wrong> {
    let lacks = |one: &str, other: &str| given.get(one).is_empty() && !given.get(other).is_empty();
    let mut all = Vec::new();
    match kind.name {
        "prescription" if lacks("unit", "dose") => all.push(("unit", "write-wrong-unit")),
        "prescription" if lacks("dose", "unit") => all.push(("dose", "write-wrong-dose")),
        "allergy" if lacks("reaction", "severity") => all.push(("reaction", "write-wrong-severity")),
        _ => {}
    }
    all
}

fn typed(given: &Fields, name: &str) -> Option<Node> {
    Some(given.get(name)).filter(|value| !value.is_empty()).map(text)
}

fn number(given: &Fields, name: &str) -> Option<Node> {
    Some(given.get(name)).filter(|value| !value.is_empty()).map(|value| Node::Number(value.to_owned()))
}

/// Fills the fields of a prescription in.
pub(super) fn prescription(content: &mut Node, given: &Fields) {
    if said(content, &["medicationCodeableConcept", "text"]) != given.get("drug") {
        // Another drug is not what the code says any more.
        let drug = object(vec![("text", text(given.get("drug")))]);
        node::put(content, "medicationCodeableConcept", Some(drug));
    }
    let old_dose = |name: &str| said(content, &["dosageInstruction", "doseAndRate", "doseQuantity", name]);
    let dose = old_dose("value") != given.get("dose") || old_dose("unit") != given.get("unit");
    let usage = said(content, &["dosageInstruction", "text"]) != given.get("usage");
    let days = said(content, &["dispenseRequest", "expectedSupplyDuration", "value"]) != given.get("days");
    if usage {
        set(content, &[DOSAGE, "text"], typed(given, "usage"));
        set(content, &[DOSAGE, "timing"], None);
    }
    if dose {
        let parts = [("value", number(given, "dose")), ("unit", typed(given, "unit"))];
        let parts: Vec<_> = parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let dose = (!parts.is_empty()).then(|| object(parts));
        set(content, &[DOSAGE, "doseAndRate[]", "doseQuantity"], dose);
    }
    if dose || usage {
        // So much a day is dose by usage.
        set(content, &[DOSAGE, "doseAndRate[]", "rateRatio"], None);
    }
    if days {
        last(content, given);
    }
    if dose || usage || days {
        // So much in all is dose by usage by days.
        set(content, &["dispenseRequest", "quantity"], None);
    }
}

/// For how many days it lasts, at the one place that the form fills.
fn last(content: &mut Node, given: &Fields) {
    let days = number(given, "days").map(|days| {
        let unit = json!({ "unit": "日", "system": "http://unitsofmeasure.org", "code": "d" });
        let mut days = object(vec![("value", days)]);
        for (name, value) in node::of(&unit).as_object().unwrap_or_default() {
            node::put(&mut days, name, Some(value.clone()));
        }
        days
    });
    set(content, &["dispenseRequest", "expectedSupplyDuration"], days);
    for bounds in ["boundsDuration", "boundsPeriod", "boundsRange"] {
        set(content, &[DOSAGE, "timing", "repeat", bounds], None);
    }
    let extensions = at(content, &["dosageInstruction"]).and_then(|one| one.get("extension"));
    let mut extensions = extensions.and_then(Node::as_array).unwrap_or_default().to_vec();
    extensions.retain(|one| !said(one, &["url"]).ends_with(USAGE_DURATION));
    let extensions = (!extensions.is_empty()).then_some(Node::Array(extensions));
    if at(content, &["dosageInstruction"]).is_some() {
        set(content, &[DOSAGE, "extension"], extensions);
    }
}

/// Fills the fields of an allergy in.
pub(super) fn allergy(content: &mut Node, given: &Fields) {
    if said(content, &["code", "text"]) != given.get("substance") {
        node::put(content, "code", Some(object(vec![("text", text(given.get("substance")))])));
    }
    set(content, &["category[]"], typed(given, "category"));
    set(content, &["criticality"], typed(given, "criticality"));
    if said(content, &["reaction", "manifestation", "text"]) != given.get("reaction") {
        // Another sign is not what the code says any more.
        let sign = typed(given, "reaction").map(|sign| Node::Array(vec![object(vec![("text", sign)])]));
        set(content, &["reaction[]", "manifestation"], sign);
    }
    set(content, &["reaction[]", "severity"], typed(given, "severity"));
}

/// Whether the form shows all that it writes over.
pub(super) fn shows(kind: &Kind, content: &Node) -> bool {
    let alone =
        |node: &Node, name: &str| node.get(name).and_then(Node::as_array).is_none_or(|all| all.len() <= 1);
    if kind.name == "allergy" {
        let reaction = at(content, &["reaction"]);
        return !said(content, &["code", "text"]).is_empty()
            && alone(content, "category")
            && alone(content, "reaction")
            && reaction.is_none_or(|one| {
                alone(one, "manifestation") && !said(one, &["manifestation", "text"]).is_empty()
            });
    }
    let dosage = at(content, &["dosageInstruction"]);
    let dose = dosage.and_then(|one| at(one, &["doseAndRate"]));
    let supply = at(content, &["dispenseRequest", "expectedSupplyDuration"]);
    let of_days = |one: &Node| {
        said(one, &["code"]) == "d" || (one.get("code").is_none() && said(one, &["unit"]) == "日")
    };
    let rated = |one: &Node| {
        let a_day = one.get("rateRatio").is_none_or(|rate| rate.get("denominator").is_some_and(of_days));
        one.get("rateQuantity").is_some() || one.get("rateRange").is_some() || !a_day
    };
    content.get("medicationReference").is_none()
        && !said(content, &["medicationCodeableConcept", "text"]).is_empty()
        && alone(content, "dosageInstruction")
        && dosage.is_none_or(|one| alone(one, "doseAndRate"))
        && dose.is_none_or(|one| {
            let plain = at(one, &["doseQuantity", "comparator"]).is_none();
            one.get("doseRange").is_none() && plain && !rated(one)
        })
        && supply.is_none_or(|one| of_days(one) && one.get("comparator").is_none())
}
