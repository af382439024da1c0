//! Immunization (JP_Immunization).

use super::Scene;
use crate::data::staff::{CLINIC_ID, CLINIC_NAME};
use crate::data::vaccines::Vaccine;
use crate::element::{coding, concept, quantity, reference, resource, shown, words};
use crate::json::{Decimal, Json, list, object};
use crate::systems::{CVX, UCUM, hl7, profile};

/// One dose of a vaccine.
pub(crate) fn immunization(
    scene: &Scene<'_>,
    id: &str,
    (vaccine, number): (&'static Vaccine, u32),
    lot: u32,
) -> Json {
    let site = (!vaccine.oral).then(|| concept(hl7!("v3-ActSite"), "LA", "left arm"));
    let function = concept(hl7!("v2-0443"), "AP", "Administering Provider");
    let protocol = object! { "targetDisease": list![words(vaccine.target)], "doseNumberPositiveInt": number };
    resource("Immunization", id, profile!("JP_Immunization"))
        .with("status", "completed")
        .with(
            "vaccineCode",
            words(vaccine.name).with("coding", list![coding(CVX, vaccine.cvx, vaccine.name)]),
        )
        .with("patient", reference("Patient", &scene.person.key))
        .with("encounter", scene.encounter())
        .with("occurrenceDateTime", scene.after(12))
        .with("primarySource", Json::Flag(true))
        .with("location", shown("Location", "room-3", "処置室"))
        .with("lotNumber", format!("MH{lot:04}"))
        .maybe("site", site)
        .with("doseQuantity", quantity(Decimal::new(vaccine.dose, 2), "mL", UCUM, "mL"))
        .with("performer", performers(scene, function))
        .with(
            "protocolApplied",
            list![protocol.with("authority", shown("Organization", CLINIC_ID, CLINIC_NAME))],
        )
}

fn performers(scene: &Scene<'_>, function: Json) -> Json {
    list![object! { "function": function, "actor": scene.physician() }]
}
