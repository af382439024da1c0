//! Condition (JP_Condition_Diagnosis): a diagnosis, long or short.

use super::Scene;
use crate::calendar::Date;
use crate::data::acute::Acute;
use crate::data::chronic::Disease;
use crate::element::{coding, concept, narrative, resource};
use crate::json::{Json, list, object};
use crate::story::person::Course;
use crate::story::visit::Side;
use crate::systems::{MODIFIER, extension, hl7, mhlw, profile};

/// A long illness, as recorded at the first visit after it began.
pub(crate) fn chronic(scene: &Scene<'_>, id: &str, course: &Course) -> Json {
    let disease = &course.chronic.disease;
    let text = format!("{}（{}発症、継続中）", disease.name, course.onset.japanese());
    resource("Condition", id, profile!("JP_Condition_Diagnosis"))
        .with("text", narrative(&text))
        .with("clinicalStatus", concept(hl7!("condition-clinical"), "active", "Active"))
        .with("verificationStatus", confirmed())
        .with(
            "category",
            list![concept(hl7!("condition-category"), "problem-list-item", "Problem List Item")],
        )
        .with("code", code(disease, None))
        .with("subject", scene.subject())
        .with("encounter", scene.encounter())
        .with("onsetDateTime", course.onset.to_string())
        .with("recordedDate", scene.visit.start.date.to_string())
        .with("recorder", scene.physician())
}

/// A short illness; it is over when `end` has come.
pub(crate) fn acute(scene: &Scene<'_>, id: &str, acute: &Acute, onset: Date, end: Option<Date>) -> Json {
    let status = match end {
        Some(_) => concept(hl7!("condition-clinical"), "resolved", "Resolved"),
        None => concept(hl7!("condition-clinical"), "active", "Active"),
    };
    resource("Condition", id, profile!("JP_Condition_Diagnosis"))
        .maybe("extension", end.map(|_| list![cured()]))
        .with("clinicalStatus", status)
        .with("verificationStatus", confirmed())
        .with(
            "category",
            list![concept(hl7!("condition-category"), "encounter-diagnosis", "Encounter Diagnosis")],
        )
        .with("code", code(&acute.disease, scene.visit.side))
        .with("subject", scene.subject())
        .with("encounter", scene.encounter())
        .with("onsetDateTime", onset.to_string())
        .maybe("abatementDateTime", end.map(|date| date.to_string()))
        .with("recordedDate", scene.visit.start.date.to_string())
        .with("recorder", scene.physician())
}

fn confirmed() -> Json {
    concept(hl7!("condition-ver-status"), "confirmed", "Confirmed")
}

fn cured() -> Json {
    let outcome = concept(jp_outcome(), "2", "治ゆ");
    object! { "url": extension!("JP_Condition_DiseaseOutcome"), "valueCodeableConcept": outcome }
}

const fn jp_outcome() -> &'static str {
    crate::systems::jp_core!("JP_ConditionDiseaseOutcomeReceipt_CS")
}

fn code(disease: &Disease, side: Option<Side>) -> Json {
    let codings = list![
        coding(mhlw!("masterB-disease"), disease.receipt, disease.name),
        object! { "system": mhlw!("ICD10-2013-full"), "code": disease.icd10 },
    ];
    let text = format!("{}{}", side.map_or("", |side| side.name), disease.name);
    let prefix = side.map(|side| {
        let modifier = concept(MODIFIER, side.code, side.name);
        list![object! { "url": extension!("JP_Condition_DiseasePrefixModifier"), "valueCodeableConcept": modifier }]
    });
    object! {}.maybe("extension", prefix).with("coding", codings).with("text", text)
}
