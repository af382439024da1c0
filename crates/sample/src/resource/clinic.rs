//! Organization (JP_Organization) and Location (JP_Location): the clinic, its departments and rooms, the payers.

use crate::data::insurers::Insurer;
use crate::data::staff::{CLINIC_ID, CLINIC_NAME, Department};
use crate::element::{coding, concept, identifier, resource, shown, words};
use crate::json::{Json, list, object};
use crate::systems::{
    CLINIC_NUMBER, DEPARTMENT, INSTITUTION, INSTITUTION_SHORT, INSURER, extension, hl7, mhlw, profile,
};

const PAGE: &str = profile!("JP_Organization");

/// The clinic.
pub(crate) fn clinic() -> Json {
    resource("Organization", CLINIC_ID, PAGE)
        .with("extension", numbers())
        .with("identifier", list![identifier(INSTITUTION, CLINIC_NUMBER)])
        .with("active", Json::Flag(true))
        .with("type", list![concept(hl7!("organization-type"), "prov", "Healthcare Provider")])
        .with("name", CLINIC_NAME)
        .with("telecom", phone("03-0000-0001"))
        .with("address", list![address("千石19-1-1")])
}

// The ten-digit number in its parts: prefecture, kind of fee schedule, seven digits.
fn numbers() -> Json {
    let part = |url: &'static str, system: &'static str, code: &'static str| {
        object! { "url": url, "valueCoding": object! { "system": system, "code": code } }
    };
    list![
        part(extension!("JP_Organization_PrefectureNo"), mhlw!("PrefectureNo-2digits"), "13"),
        part(
            extension!("JP_Organization_InsuranceOrganizationCategory"),
            mhlw!("MedicationFeeScoreType"),
            "1"
        ),
        object! {
            "url": extension!("JP_Organization_InsuranceOrganizationNo"),
            "valueIdentifier": identifier(INSTITUTION_SHORT, "9999999"),
        },
    ]
}

/// The pharmacy across the street, where prescriptions go.
pub(crate) fn pharmacy() -> Json {
    resource("Organization", "pharmacy", PAGE)
        .with("active", Json::Flag(true))
        .with("type", list![concept(hl7!("organization-type"), "prov", "Healthcare Provider")])
        .with("name", "見本坂薬局")
        .with("telecom", phone("03-0000-0002"))
        .with("address", list![address("千石19-1-2")])
}

/// A department of the clinic.
pub(crate) fn department(department: &'static Department) -> Json {
    let kind = object! {
        "coding": list![
            coding(hl7!("organization-type"), "dept", "Hospital Department"),
            coding(DEPARTMENT, department.code, department.name),
        ],
    };
    resource("Organization", department.id, PAGE)
        .with("active", Json::Flag(true))
        .with("type", list![kind])
        .with("name", department.name)
        .with("partOf", shown("Organization", CLINIC_ID, CLINIC_NAME))
}

/// A health insurer.
pub(crate) fn insurer(insurer: &'static Insurer) -> Json {
    resource("Organization", insurer.id, PAGE)
        .with("identifier", list![identifier(INSURER, insurer.number)])
        .with("active", Json::Flag(true))
        .with("type", list![concept(hl7!("organization-type"), "pay", "Payer")])
        .with("name", insurer.name)
}

/// A room.
pub(crate) fn room(id: &'static str, name: &'static str) -> Json {
    resource("Location", id, profile!("JP_Location"))
        .with("status", "active")
        .with("name", name)
        .with("mode", "instance")
        .with("type", list![concept(hl7!("v3-RoleCode"), "OF", "Outpatient facility")])
        .with(
            "physicalType",
            words(name).with("coding", list![coding(hl7!("location-physical-type"), "ro", "Room")]),
        )
        .with("managingOrganization", shown("Organization", CLINIC_ID, CLINIC_NAME))
}

fn phone(number: &'static str) -> Json {
    list![object! { "system": "phone", "value": number, "use": "work" }]
}

fn address(line: &'static str) -> Json {
    object! {
        "text": format!("東京都文京区{line}"),
        "line": list![line],
        "city": "文京区",
        "state": "東京都",
        "postalCode": "112-0011",
        "country": "JP",
    }
}
