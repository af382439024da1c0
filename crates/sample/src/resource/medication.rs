//! MedicationRequest (JP_MedicationRequest): one line of a prescription.

use super::Scene;
use crate::data::medicines::{Unit, Usage, Way};
use crate::element::{coding, concept, days, identifier, quantity, reference, resource, shown, words};
use crate::json::{Decimal, Json, list, object};
use crate::story::visit::Prescribed;
use crate::systems::{
    CLINIC_NUMBER, INSTANCE, METHOD_BASIC, METHOD_DETAIL, RP_GROUP, RP_PLACE, USAGE, extension, jp_core,
    mhlw, profile,
};

/// Where a line stands in its prescription.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// RP番号: lines taken the same way share it.
    pub(crate) group: u32,
    /// Number within the group.
    pub(crate) line: u32,
}

/// A line of a prescription.
pub(crate) fn request(
    scene: &Scene<'_>,
    id: &str,
    coverage: &str,
    place: Place,
    prescribed: &Prescribed,
) -> Json {
    let medicine = prescribed.line.medicine;
    let code =
        words(medicine.name).with("coding", list![coding(medicine.system, medicine.code, medicine.name)]);
    let category = concept(jp_core!("JP_MedicationCategoryMERIT9_CS"), "OHP", "外来処方");
    resource("MedicationRequest", id, profile!("JP_MedicationRequest"))
        .with("identifier", identifiers(scene, place))
        .with("status", "completed")
        .with("intent", "order")
        .with("category", list![category])
        .with("medicationCodeableConcept", code)
        .with("subject", scene.subject())
        .with("encounter", scene.encounter())
        .with("authoredOn", scene.after(scene.visit.minutes.saturating_sub(3)))
        .with("requester", scene.physician())
        .with("insurance", list![reference("Coverage", coverage)])
        .with("dosageInstruction", list![dosage(scene, prescribed)])
        .with("dispenseRequest", dispense(prescribed))
}

fn identifiers(scene: &Scene<'_>, place: Place) -> Json {
    let visit = format!("{CLINIC_NUMBER}-{}-{}", scene.visit.start.date.digits(), scene.person.number);
    list![
        identifier(RP_GROUP, place.group.to_string()),
        identifier(RP_PLACE, place.line.to_string()),
        identifier(INSTANCE, format!("{visit}-{}-{}", place.group, place.line)),
    ]
}

fn dosage(scene: &Scene<'_>, prescribed: &Prescribed) -> Json {
    let usage = prescribed.line.usage;
    let start = object! {
        "url": extension!("JP_MedicationDosage_PeriodOfUse"),
        "valuePeriod": object! { "start": scene.visit.start.date.to_string() },
    };
    let mut extensions = vec![start];
    extensions.extend(prescribed.days.map(|count| {
        object! { "url": extension!("JP_MedicationDosage_UsageDuration"), "valueDuration": days(count) }
    }));
    object! { "extension": extensions, "text": text(prescribed) }
        .with("timing", timing(usage, prescribed.days))
        .maybe("asNeededBoolean", (usage.way == Way::WhenNeeded).then_some(Json::Flag(true)))
        .maybe("route", swallowed(usage).then(|| concept(jp_core!("route-codes"), "PO", "口")))
        .with("method", method(usage))
        .with("doseAndRate", list![dose(prescribed)])
}

/// The instruction as the pharmacist reads it.
fn text(prescribed: &Prescribed) -> String {
    let (line, unit) = (prescribed.line, prescribed.line.medicine.unit.text);
    let (dose, total) = (prescribed.dose.text(), prescribed.total.text());
    match (line.usage.way, prescribed.days) {
        (Way::Swallowed, Some(days)) => format!("{}　１回{dose}{unit}　{days}日分", line.usage.text),
        (Way::WhenNeeded, _) => format!("{}　１回{dose}{unit}　{}回分", line.usage.text, line.amount),
        _ => format!("{}　全{total}{unit}", line.usage.text),
    }
}

fn timing(usage: &'static Usage, count: Option<u32>) -> Json {
    let code = match usage.code {
        Some(code) => words(usage.text).with("coding", list![coding(USAGE, code, usage.text)]),
        None => words(usage.text),
    };
    let bounds = count.map(|count| object! { "boundsDuration": days(count) });
    object! {}.maybe("repeat", bounds).with("code", code)
}

fn swallowed(usage: &Usage) -> bool {
    matches!(usage.way, Way::Swallowed | Way::WhenNeeded)
}

fn method(usage: &Usage) -> Json {
    if swallowed(usage) {
        concept(METHOD_DETAIL, "10", "経口")
    } else {
        concept(METHOD_BASIC, "2", "外用")
    }
}

fn dose(prescribed: &Prescribed) -> Json {
    let usage = prescribed.line.usage;
    let kind = concept(mhlw!("MedicationIngredientStrengthStrengthType"), "1", "製剤量");
    let dose = object! { "type": kind };
    if !swallowed(usage) {
        return dose;
    }
    let unit = prescribed.line.medicine.unit;
    let dose = dose.with("doseQuantity", amount(prescribed.dose, unit));
    if usage.way == Way::WhenNeeded {
        return dose;
    }
    let rate = object! {
        "numerator": amount(prescribed.dose.times(usage.times), unit),
        "denominator": days(1),
    };
    dose.with("rateRatio", rate)
}

fn dispense(prescribed: &Prescribed) -> Json {
    object! { "quantity": amount(prescribed.total, prescribed.line.medicine.unit) }
        .maybe("expectedSupplyDuration", prescribed.days.map(days))
        .with("performer", shown("Organization", "pharmacy", "見本坂薬局"))
}

fn amount(value: Decimal, unit: Unit) -> Json {
    quantity(value, unit.text, mhlw!("MedicationUnitMERIT9Code"), unit.code)
}
