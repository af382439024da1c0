//! Specimen, Observation (JP_Observation_LabResult) and DiagnosticReport (JP_DiagnosticReport_LabResult).

use super::Scene;
use crate::data::laboratory::{Analyte, GRADES};
use crate::data::staff::{CLINIC_ID, CLINIC_NAME, STAFF};
use crate::element::{code_of, coding, concept, quantity, reference, resource, shown, words};
use crate::json::{Json, list, object};
use crate::systems::{JLAC10, LOINC, UCUM, hl7, jp_core, profile};

/// Minutes of the visit at which the sample is taken and the results are out.
const TAKEN: u32 = 8;
const ISSUED: u32 = 32;

/// What the sample is: code of HL7 table 0487 and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    Blood,
    Urine,
}

impl Material {
    /// What an analyte is measured in.
    pub(crate) fn of(analyte: Analyte) -> Self {
        if analyte == Analyte::UrineProtein { Self::Urine } else { Self::Blood }
    }
}

/// The sample.
pub(crate) fn specimen(scene: &Scene<'_>, id: &str, material: Material) -> Json {
    let (code, name) = match material {
        Material::Blood => ("BLD", "血液"),
        Material::Urine => ("UR", "尿"),
    };
    let [.., technologist] = &STAFF;
    let collection =
        object! { "collector": super::practitioner(technologist), "collectedDateTime": scene.after(TAKEN) };
    resource("Specimen", id, profile!("JP_Specimen_Common"))
        .with("status", "available")
        .with("type", words(name).with("coding", list![code_of(hl7!("v2-0487"), code)]))
        .with("subject", scene.subject())
        .with("receivedTime", scene.after(TAKEN + 2))
        .with("collection", collection)
}

/// One result.
pub(crate) fn result(scene: &Scene<'_>, id: &str, specimen: &str, (analyte, units): (Analyte, i64)) -> Json {
    let sheet = analyte.sheet();
    let observation = resource("Observation", id, profile!("JP_Observation_LabResult"))
        .with("status", "final")
        .with(
            "category",
            list![concept(jp_core!("JP_SimpleObservationCategory_CS"), "laboratory", "Laboratory")],
        )
        .with("code", words(sheet.name).with("coding", list![coding(JLAC10, sheet.jlac10, sheet.name)]))
        .with("subject", scene.subject())
        .with("encounter", scene.encounter())
        .with("effectiveDateTime", scene.after(TAKEN))
        .with("issued", scene.after(ISSUED))
        .with("performer", list![shown("Organization", CLINIC_ID, CLINIC_NAME)]);
    let observation = if analyte == Analyte::UrineProtein {
        let grade =
            usize::try_from(units).ok().and_then(|grade| GRADES.get(grade)).copied().unwrap_or("（－）");
        observation
            .with("valueCodeableConcept", words(grade))
            .with("interpretation", list![flag(if units > 1 { "A" } else { "N" })])
    } else {
        let value = quantity(sheet.decimal(units), sheet.unit, UCUM, sheet.ucum);
        observation
            .with("valueQuantity", value)
            .with("interpretation", list![interpretation(scene, analyte, units)])
    };
    observation
        .with("specimen", reference("Specimen", specimen))
        .maybe("referenceRange", range(scene, analyte).map(|range| list![range]))
}

/// The report over all results of the visit.
pub(crate) fn report(scene: &Scene<'_>, id: &str, specimens: &[String], results: &[String]) -> Json {
    let code = concept(jp_core!("JP_DocumentCodes_CS"), "11502-2", "検体検査報告書");
    resource("DiagnosticReport", id, profile!("JP_DiagnosticReport_LabResult"))
        .with("status", "final")
        .with("category", list![concept(LOINC, "LP29693-6", "検体検査")])
        .with("code", code)
        .with("subject", scene.subject())
        .with("encounter", scene.encounter())
        .with("effectiveDateTime", scene.after(TAKEN))
        .with("issued", scene.after(ISSUED))
        .with("performer", list![shown("Organization", CLINIC_ID, CLINIC_NAME)])
        .with("resultsInterpreter", list![scene.physician()])
        .with("specimen", references("Specimen", specimens))
        .with("result", references("Observation", results))
}

fn references(kind: &str, ids: &[String]) -> Json {
    ids.iter().map(|id| reference(kind, id)).collect::<Vec<Json>>().into()
}

fn interpretation(scene: &Scene<'_>, analyte: Analyte, units: i64) -> Json {
    let (low, high) = scene.person.sex.of(analyte.sheet().range);
    flag(match (low, high) {
        (Some(low), _) if units < low => "L",
        (_, Some(high)) if units > high => "H",
        _ => "N",
    })
}

fn flag(code: &'static str) -> Json {
    let meaning = match code {
        "L" => "Low",
        "H" => "High",
        "A" => "Abnormal",
        _ => "Normal",
    };
    concept(hl7!("v3-ObservationInterpretation"), code, meaning)
}

fn range(scene: &Scene<'_>, analyte: Analyte) -> Option<Json> {
    let sheet = analyte.sheet();
    let (low, high) = scene.person.sex.of(sheet.range);
    let bound = |units: i64| quantity(sheet.decimal(units), sheet.unit, UCUM, sheet.ucum);
    (low.is_some() || high.is_some()).then(|| {
        object! {}
            .maybe("low", low.map(bound))
            .maybe("high", high.map(bound))
            .with("type", concept(hl7!("referencerange-meaning"), "normal", "Normal Range"))
    })
}
