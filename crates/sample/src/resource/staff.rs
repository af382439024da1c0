//! Practitioner (JP_Practitioner) and PractitionerRole (JP_PractitionerRole).

use crate::data::staff::{Job, Member};
use crate::element::{code_of, coding, human_names, identifier, reference, resource, shown, words};
use crate::json::{Json, list, object};
use crate::systems::{CLINIC_NUMBER, DEPARTMENT, PHYSICIAN, jp_core, profile};

/// Somebody who works at the clinic.
pub(crate) fn practitioner(member: &'static Member) -> Json {
    let license = match member.job {
        Job::Physician { registration } => Some(list![license(registration)]),
        Job::Nurse | Job::Technologist => None,
    };
    resource("Practitioner", member.id, profile!("JP_Practitioner"))
        .with("active", Json::Flag(true))
        .with("name", human_names(&member.family, &member.given))
        .with("gender", member.gender)
        .maybe("qualification", license)
}

fn license(registration: &'static str) -> Json {
    let code = object! { "coding": list![code_of(jp_core!("JP_MedicalLicenseCertificate_CS"), "medical-registration")] };
    object! { "identifier": list![identifier(PHYSICIAN, registration)], "code": code }
}

/// What somebody does at the clinic.
pub(crate) fn role(member: &'static Member) -> Json {
    let department = member.department;
    // JP Core's table of roles is not published with the guide; its examples show the code of physicians only.
    let code = match member.job {
        Job::Physician { .. } => words("医師")
            .with("coding", list![coding(jp_core!("JP_PractitionerRole_CS"), "JPR10000", "医師")]),
        Job::Nurse => words("看護師"),
        Job::Technologist => words("臨床検査技師"),
    };
    let name = format!("{} {}", member.family.kanji, member.given.kanji);
    resource("PractitionerRole", member.role_id, profile!("JP_PractitionerRole"))
        .with(
            "identifier",
            list![identifier("https://clinic.example/staff", format!("{CLINIC_NUMBER}-{}", member.id))],
        )
        .with("active", Json::Flag(true))
        .with("period", object! { "start": member.since })
        .with("practitioner", shown("Practitioner", member.id, name))
        .with("organization", shown("Organization", department.id, department.name))
        .with("code", list![code])
        .with(
            "specialty",
            list![object! { "coding": list![coding(DEPARTMENT, department.code, department.name)] }],
        )
        .with("location", list![reference("Location", department.room_id)])
}
