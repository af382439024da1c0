//! The FHIR data types resources are made of: references, codings, quantities, names, identifiers.

use crate::calendar::Moment;
use crate::data::names::Name;
use crate::json::{Decimal, Json, list, object};
use crate::systems::{NAME_REPRESENTATION, UCUM};
use std::borrow::Cow;

/// The beginning every resource shares: type, id, profile.
pub(crate) fn resource(kind: &'static str, id: &str, profile: &'static str) -> Json {
    object! { "resourceType": kind, "id": id.to_owned(), "meta": object! { "profile": list![profile] } }
}

/// A reference by type and id, `Patient/p000042`.
pub(crate) fn reference(kind: &str, id: &str) -> Json {
    object! { "reference": format!("{kind}/{id}") }
}

/// A reference with the text people read.
pub(crate) fn shown(kind: &str, id: &str, display: impl Into<Json>) -> Json {
    reference(kind, id).with("display", display)
}

/// A code of a code system, with its meaning.
pub(crate) fn coding(system: &'static str, code: &'static str, display: &'static str) -> Json {
    code_of(system, code).with("display", display)
}

/// A code of a code system.
pub(crate) fn code_of(system: &'static str, code: &'static str) -> Json {
    object! { "system": system, "code": code }
}

/// One code of a code system, as a concept.
pub(crate) fn concept(system: &'static str, code: &'static str, display: &'static str) -> Json {
    object! { "coding": list![coding(system, code, display)] }
}

/// A concept in words only.
pub(crate) fn words(text: impl Into<Cow<'static, str>>) -> Json {
    object! { "text": text.into() }
}

/// A quantity with the unit people read and its code in a system of units.
pub(crate) fn quantity(value: Decimal, unit: &'static str, system: &'static str, code: &'static str) -> Json {
    object! { "value": value, "unit": unit, "system": system, "code": code }
}

/// A number of days, as JP Core wants it.
pub(crate) fn days(count: u32) -> Json {
    quantity(Decimal::whole(i64::from(count)), "日", UCUM, "d")
}

/// An identifier.
pub(crate) fn identifier(system: &'static str, value: impl Into<Json>) -> Json {
    object! { "system": system, "value": value.into() }
}

/// A period of one day.
pub(crate) fn period(start: Moment, end: Moment) -> Json {
    object! { "start": start.to_string(), "end": end.to_string() }
}

/// A name twice: in characters (IDE) and in kana (SYL).
pub(crate) fn human_names(family: &Name, given: &Name) -> Json {
    list![human_name("IDE", family.kanji, given.kanji), human_name("SYL", family.kana, given.kana)]
}

fn human_name(representation: &'static str, family: &'static str, given: &'static str) -> Json {
    object! {
        "extension": list![object! { "url": NAME_REPRESENTATION, "valueCode": representation }],
        "use": "official",
        "text": format!("{family} {given}"),
        "family": family,
        "given": list![given],
    }
}

/// A generated narrative of one paragraph. The text is ours: it holds no markup characters.
pub(crate) fn narrative(text: &str) -> Json {
    let div = format!(
        "<div xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"ja\" lang=\"ja\"><p>{text}</p></div>"
    );
    object! { "status": "generated", "div": div }
}
