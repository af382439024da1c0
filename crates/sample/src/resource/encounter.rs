//! Encounter (JP_Encounter): a visit to the clinic.

use super::Scene;
use crate::data::staff::{CLINIC_ID, CLINIC_NAME};
use crate::element::{coding, concept, period, reference, resource, shown, words};
use crate::json::{Json, list, object};
use crate::story::visit::Reason;
use crate::systems::{DEPARTMENT, hl7, profile};

/// The encounter, with the ids of the conditions it was about.
pub(crate) fn encounter(scene: &Scene<'_>, conditions: &[String]) -> Json {
    let (visit, department) = (scene.visit, scene.visit.physician.department);
    resource("Encounter", scene.encounter, profile!("JP_Encounter"))
        .with("status", "finished")
        .with("class", coding(hl7!("v3-ActCode"), "AMB", "ambulatory"))
        .with("serviceType", concept(DEPARTMENT, department.code, department.name))
        .with("subject", scene.subject())
        .with("participant", list![object! { "individual": scene.physician() }])
        .with("period", period(visit.start, visit.end()))
        .with("reasonCode", list![words(complaint(visit.reason))])
        .maybe("diagnosis", diagnoses(conditions))
        .with(
            "location",
            list![object! { "location": shown("Location", department.room_id, department.room) }],
        )
        .with("serviceProvider", shown("Organization", CLINIC_ID, CLINIC_NAME))
}

fn complaint(reason: Reason) -> &'static str {
    match reason {
        Reason::Review(_) => "定期受診",
        Reason::Acute(acute) => acute.complaint,
        Reason::Shots(_) => "予防接種",
        Reason::Checkup => "健康診断",
    }
}

fn diagnoses(conditions: &[String]) -> Option<Json> {
    let listed: Vec<Json> =
        conditions.iter().map(|id| object! { "condition": reference("Condition", id) }).collect();
    (!listed.is_empty()).then(|| listed.into())
}
