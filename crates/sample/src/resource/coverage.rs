//! Coverage (JP_Coverage): the health insurance of a patient.

use crate::calendar::Date;
use crate::element::{code_of, identifier, reference, resource, shown};
use crate::json::{Json, list, object};
use crate::story::person::Person;
use crate::systems::{MEMBER, extension, hl7, profile};

pub(crate) fn coverage(person: &Person, id: &str, since: Date) -> Json {
    let cover = &person.cover;
    let symbol = cover.symbol.as_deref().unwrap_or_default();
    let member = format!("{}:{symbol}:{}:{}", cover.insurer.number, cover.number, cover.branch);
    let subscriber = match &cover.symbol {
        Some(symbol) => format!("{symbol}:{}", cover.number),
        None => cover.number.clone(),
    };
    resource("Coverage", id, profile!("JP_Coverage"))
        .with("extension", extensions(person))
        .with("identifier", list![identifier(MEMBER, member)])
        .with("status", "active")
        .with("type", object! { "coding": list![code_of(hl7!("v3-ActCode"), "PUBLICPOL")] })
        .with("subscriberId", subscriber)
        .with("beneficiary", reference("Patient", &person.key))
        .with("dependent", cover.branch.clone())
        .with("relationship", relationship(cover.relationship))
        .with("period", object! { "start": since.to_string() })
        .with("payor", list![shown("Organization", cover.insurer.id, cover.insurer.name)])
}

fn relationship(code: &'static str) -> Json {
    object! { "coding": list![code_of(hl7!("subscriber-relationship"), code)] }
}

fn extensions(person: &Person) -> Json {
    let cover = &person.cover;
    let text = |url: &'static str, value: String| object! { "url": url, "valueString": value };
    let mut extensions = Vec::new();
    extensions.extend(
        cover.symbol.clone().map(|symbol| text(extension!("JP_Coverage_InsuredPersonSymbol"), symbol)),
    );
    extensions.push(text(extension!("JP_Coverage_InsuredPersonNumber"), cover.number.clone()));
    extensions.push(text(extension!("JP_Coverage_InsuredPersonSubNumber"), cover.branch.clone()));
    extensions.into()
}
