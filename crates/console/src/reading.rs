//! Reading what the API tells: members of JSON, and moments as people say them.

use base::Language;
use serde_json::Value;

/// The text at a place (RFC 6901); empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, place: &str) -> &'a str {
    value.pointer(place).and_then(Value::as_str).unwrap_or_default()
}

/// The list in a member; empty where there is none.
pub(crate) fn items<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Whether a member is true.
pub(crate) fn flag(value: &Value, member: &str) -> bool {
    value.get(member).and_then(Value::as_bool).unwrap_or_default()
}

/// The moment at a place, in the language; as it was told where it is none, empty where there is nothing.
pub(crate) fn moment_of(value: &Value, place: &str, language: Language) -> String {
    let told = text(value, place);
    fhir::readable::day(told, language).unwrap_or_else(|| told.to_owned())
}
