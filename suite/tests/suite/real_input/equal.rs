//! Comparing what was sent with what came back, by means that share nothing with the product.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Reads JSON with another parser than the product's.
pub(crate) fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// The number texts of a JSON text, in their order.
pub(crate) fn numbers(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let (mut text, mut in_string, mut escaped) = (String::new(), false, false);
    for byte in bytes {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else if *byte == b'"' {
            in_string = true;
        } else if byte.is_ascii_digit() || (b"+-.eE".contains(byte) && (!text.is_empty() || *byte == b'-')) {
            text.push(char::from(*byte));
        } else if !text.is_empty() {
            found.push(std::mem::take(&mut text));
        }
    }
    found
}

/// Takes out what the server sets: id, meta.versionId, meta.lastUpdated, and a meta that then is empty.
pub(crate) fn without_stamp(resource: &mut Value) {
    let members = resource.as_object_mut().unwrap();
    // Not `remove`: it may change the order of the others.
    members.retain(|name, _| name != "id");
    if let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) {
        meta.retain(|name, _| name != "versionId" && name != "lastUpdated");
        if meta.is_empty() {
            members.retain(|name, _| name != "meta");
        }
    }
}

/// How a stored resource differs from the one sent, but for what the server sets; nothing when it came back equal.
pub(crate) fn change(sent: &[u8], stored: &[u8]) -> Option<String> {
    let (mut before, mut after) = (value(sent), value(stored));
    without_stamp(&mut before);
    without_stamp(&mut after);
    let found = difference(&before, &after, &BTreeMap::new(), &mut 0);
    found.or_else(|| {
        (numbers(sent) != numbers(stored)).then(|| ": a number is written in another way".to_owned())
    })
}

/// Holds two values against each other. Strings may differ where the first is a key of `mapped` and the second its
/// value; each such place is counted. Returns where the first other difference is.
pub(crate) fn difference(
    sent: &Value,
    stored: &Value,
    mapped: &BTreeMap<String, String>,
    replaced: &mut usize,
) -> Option<String> {
    match (sent, stored) {
        (Value::Object(left), Value::Object(right)) => {
            // The server writes some members in its own order.
            if keys(left) != keys(right) {
                return Some(format!("members {:?} and {:?}", keys(left), keys(right)));
            }
            left.iter().find_map(|(name, value)| {
                difference(value, &right[name], mapped, replaced).map(|inner| format!(".{name}{inner}"))
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            left.iter().zip(right).enumerate().find_map(|(index, (left, right))| {
                difference(left, right, mapped, replaced).map(|inner| format!("[{index}]{inner}"))
            })
        }
        (Value::String(left), Value::String(right)) if mapped.contains_key(left) => {
            *replaced += 1;
            (mapped[left] != *right).then(|| ": another reference".to_owned())
        }
        (left, right) => (left != right).then(|| format!(": {left} became {right}")),
    }
}

fn keys(members: &serde_json::Map<String, Value>) -> BTreeSet<&String> {
    members.keys().collect()
}

#[test]
fn differences_are_found_and_mapped_references_are_none() {
    let mapped = BTreeMap::from([("urn:uuid:1".to_owned(), "Patient/7".to_owned())]);
    let differs = |left: &str, right: &str| {
        let mut replaced = 0;
        let found = difference(&value(left.as_bytes()), &value(right.as_bytes()), &mapped, &mut replaced);
        (found.is_some(), replaced)
    };
    assert_eq!(differs(r#"{"a":["urn:uuid:1",1]}"#, r#"{"a":["Patient/7",1]}"#), (false, 1));
    assert_eq!(differs(r#"{"a":"urn:uuid:1"}"#, r#"{"a":"urn:uuid:1"}"#), (true, 1));
    assert_eq!(differs(r#"{"a":"urn:uuid:1"}"#, r#"{"a":"Patient/8"}"#), (true, 1));
    assert_eq!(differs(r#"{"a":"x"}"#, r#"{"a":"Patient/7"}"#), (true, 0));
    assert_eq!(differs(r#"{"a":1}"#, r#"{"a":1,"b":2}"#), (true, 0));
    assert_eq!(numbers(br#"{"a1":-1.10,"b":[2e5,"3",0.0]}"#), ["-1.10", "2e5", "0.0"]);
}

#[test]
fn a_change_is_found_in_values_and_in_the_spelling_of_numbers_only() {
    let sent = br#"{"resourceType":"X","id":"a","value":1.10}"#;
    let stored = |rest: &str| {
        let text =
            format!(r#"{{"resourceType":"X","id":"b","meta":{{"versionId":"1","lastUpdated":"y"}},{rest}}}"#);
        change(sent, text.as_bytes())
    };
    assert_eq!(stored(r#""value":1.10"#), None);
    assert!(stored(r#""value":1.1"#).unwrap().contains("another way"));
    assert!(stored(r#""value":1.11"#).unwrap().contains(".value"));
    assert!(stored(r#""value":1.10,"more":true"#).unwrap().contains("members"));
}
