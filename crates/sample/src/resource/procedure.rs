//! Procedure (JP_Procedure).

use super::Scene;
use crate::data::procedures::{Category, Procedure};
use crate::element::{coding, concept, resource, shown, words};
use crate::json::{Json, list, object};
use crate::systems::{jp_core, profile};

/// Something done at the visit.
pub(crate) fn procedure(scene: &Scene<'_>, id: &str, procedure: &'static Procedure) -> Json {
    let (category, name) = match procedure.category {
        Category::Education => ("JPPCC003", "教育"),
        Category::Surgical => ("JPPCC004", "外科的処置"),
        Category::Diagnostic => ("JPPCC005", "診断的処置"),
    };
    let codings = procedure
        .code
        .map(|code| list![coding(jp_core!("JP_ProcedureCodesMedical_CS"), code, procedure.name)]);
    resource("Procedure", id, profile!("JP_Procedure"))
        .with("status", "completed")
        .with("category", concept(jp_core!("JP_ProcedureCategory_CS"), category, name))
        .with("code", words(procedure.name).maybe("coding", codings))
        .with("subject", scene.subject())
        .with("encounter", scene.encounter())
        .with("performedDateTime", scene.after(14))
        .with("performer", list![object! { "actor": scene.physician() }])
        .with("location", shown("Location", "room-3", "処置室"))
        .with("outcome", concept(jp_core!("JP_ProcedureOutcome_CS"), "JPPOC001", "成功"))
}
