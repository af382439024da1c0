//! AllergyIntolerance (JP_AllergyIntolerance).

use super::Scene;
use crate::data::allergens::Allergen;
use crate::element::{coding, concept, narrative, reference, resource, words};
use crate::json::{Json, list, object};
use crate::systems::{hl7, profile};

/// An allergy, as asked at the first visit.
pub(crate) fn allergy(scene: &Scene<'_>, id: &str, allergen: &'static Allergen) -> Json {
    let code = words(allergen.text)
        .maybe("coding", allergen.code.map(|(system, code, name)| list![coding(system, code, name)]));
    let reaction =
        object! { "manifestation": list![words(allergen.reaction)], "severity": allergen.severity };
    resource("AllergyIntolerance", id, profile!("JP_AllergyIntolerance"))
        .with("text", narrative(&format!("{}：{}", allergen.text, allergen.reaction)))
        .with("clinicalStatus", concept(hl7!("allergyintolerance-clinical"), "active", "Active"))
        .with(
            "verificationStatus",
            concept(hl7!("allergyintolerance-verification"), "confirmed", "Confirmed"),
        )
        .with("type", "allergy")
        .with("category", list![allergen.category])
        .with("criticality", allergen.criticality)
        .with("code", code)
        .with("patient", reference("Patient", &scene.person.key))
        .with("encounter", scene.encounter())
        .with("recordedDate", scene.visit.start.date.to_string())
        .with("recorder", scene.physician())
        .with("reaction", list![reaction])
}
