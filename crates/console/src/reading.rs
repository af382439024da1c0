//! Reading what the API tells: members of JSON, and moments as people say them.

use crate::words::Words;
use base::Language;
use serde_json::{Number, Value};

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

/// A number with its unit; what stands behind the point is left out where there is nothing.
pub(crate) fn measured(number: &Number, unit: &str, words: Words) -> String {
    let text = number.to_string();
    let plain = text.strip_suffix(".0").unwrap_or(&text);
    match plain.parse() {
        Ok(whole) => words.count(unit, whole),
        Err(_) => words.with(unit, "n", plain),
    }
}

/// A value in words.
pub(crate) fn in_words(value: &Value, words: Words) -> String {
    match value {
        Value::Bool(true) => words.say("fact-yes"),
        Value::Bool(false) => words.say("fact-no"),
        // Words of the probes, such as how client certificates are treated.
        Value::String(text) => words.or(&format!("fact-is-{text}"), text),
        Value::Array(all) => {
            all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(&words.say("ops-and"))
        }
        Value::Null => words.say("fact-unknown"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Language::{English, Japanese};
    use serde_json::json;

    #[test]
    fn numbers_have_their_unit() {
        let number = |text: &str| serde_json::from_str::<Number>(text).unwrap();
        for (unit, given, japanese, english) in [
            ("unit-hours", "12", "12 時間", "12 hours"),
            ("unit-days", "1", "1 日", "1 day"),
            ("unit-percent", "100.0", "100%", "100%"),
            ("unit-percent", "87.5", "87.5%", "87.5%"),
            ("unit-seconds", "-0.25", "-0.25 秒", "-0.25 seconds"),
        ] {
            assert_eq!(measured(&number(given), unit, Words(Japanese)), japanese);
            assert_eq!(measured(&number(given), unit, Words(English)), english);
        }
        assert_eq!(in_words(&json!("required"), Words(Japanese)), "必須");
    }
}
