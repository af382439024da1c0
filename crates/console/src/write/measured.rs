//! A result: from what was typed to an Observation and back. What the form does not show stays as it is, and what was said of
//! another value is not said of the new one.

use super::content::{TITLES, local, moment};
use super::kinds::{ITEMS, Item, LOINC, PRESSURE, item};
use super::node::{self, object, said, set, text};
use crate::form::Fields;
use fhir::Node;
use serde_json::json;

const UCUM: &str = "http://unitsofmeasure.org";

/// The two numbers of a blood pressure: LOINC code, key of the name, field.
const NUMBERS: [(&str, &str, &str); 2] =
    [("8480-6", "write-systolic", "value"), ("8462-4", "write-diastolic", "second")];

/// Fills the fields in.
pub(super) fn build(content: &mut Node, given: &Fields) {
    let Some(chosen) = ITEMS.iter().find(|item| item.name == given.get("item")) else { return };
    if item(content).is_none_or(|old| old.name != chosen.name) {
        begin(content, chosen);
    }
    if local(&said(content, &["effectiveDateTime"])) != given.get("moment") {
        set(content, &["effectiveDateTime"], moment(given.get("moment")).map(|when| text(&when)));
    }
    if chosen.name != PRESSURE {
        measure(content, given.get("value"), chosen);
        return;
    }
    let mut parts = parts(content).to_vec();
    let mut changed = false;
    for (code, key, field) in NUMBERS {
        if let Some(part) = parts.iter_mut().find(|part| is(part, code)) {
            changed |= measure(part, given.get(field), chosen);
            continue;
        }
        let code = json!({ "coding": [{ "system": LOINC, "code": code }], "text": TITLES.say(key) });
        let mut part = object(vec![("code", node::of(&code))]);
        measure(&mut part, given.get(field), chosen);
        parts.push(part);
        changed = true;
    }
    if changed {
        node::put(content, "interpretation", None);
        node::put(content, "component", Some(Node::Array(parts)));
    }
}

/// Says what is measured; nothing of what was measured before is true of it.
fn begin(content: &mut Node, item: &Item) {
    let name = TITLES.say(&format!("write-item-{}", item.name));
    let code = json!({ "coding": [{ "system": item.system, "code": item.code }], "text": name });
    let category = json!([{ "coding": [{ "code": item.category,
        "system": "http://terminology.hl7.org/CodeSystem/observation-category" }] }]);
    node::put(content, "code", Some(node::of(&code)));
    node::put(content, "category", Some(node::of(&category)));
    for of_another in ["interpretation", "referenceRange", "valueQuantity", "component"] {
        node::put(content, of_another, None);
    }
}

/// Puts a value where another one stands, and says whether there was. What was said of the one before goes with it.
fn measure(node: &mut Node, typed: &str, item: &Item) -> bool {
    if said(node, &["valueQuantity", "value"]) == typed {
        return false;
    }
    let fresh = || {
        let parts = [("unit", item.unit), ("system", UCUM), ("code", item.ucum)];
        object(parts.map(|(name, value)| (name, text(value))).to_vec())
    };
    let old = node.get("valueQuantity").cloned().unwrap_or_else(fresh);
    let Node::Object(mut members) = old else { return false };
    members.retain(|(name, _)| name != "value");
    members.insert(0, ("value".to_owned(), Node::Number(typed.to_owned())));
    node::put(node, "valueQuantity", Some(Node::Object(members)));
    node::put(node, "interpretation", None);
    true
}

/// A number as the form shows it.
pub(super) fn number(content: &Node, field: &str) -> String {
    let of = |node: &Node| said(node, &["valueQuantity", "value"]);
    if item(content).is_none_or(|item| item.name != PRESSURE) {
        return if field == "value" { of(content) } else { String::new() };
    }
    let code = NUMBERS.iter().find(|(_, _, name)| *name == field).map_or("", |(code, ..)| *code);
    parts(content).iter().find(|part| is(part, code)).map(of).unwrap_or_default()
}

/// Whether the form shows a result as it is: in its own unit, no bound in place of a value, each number once.
pub(super) fn shows(content: &Node) -> bool {
    let Some(item) = item(content) else { return false };
    let timed = ["effectivePeriod", "effectiveInstant", "effectiveTiming"];
    if timed.iter().any(|name| content.get(name).is_some()) {
        return false;
    }
    if item.name != PRESSURE {
        return parts(content).is_empty() && is_plain(content, item);
    }
    let once = |code: &str| {
        let mut found = parts(content).iter().filter(|part| is(part, code));
        found.next().is_some_and(|part| is_plain(part, item)) && found.next().is_none()
    };
    content.get("valueQuantity").is_none() && NUMBERS.iter().all(|(code, ..)| once(code))
}

fn is_plain(node: &Node, item: &Item) -> bool {
    let Some(quantity) = node.get("valueQuantity") else { return false };
    let told = |name: &str| quantity.get(name).and_then(Node::as_str);
    let unit = match (told("code"), told("system"), told("unit")) {
        (Some(code), None | Some(UCUM), _) => code == item.ucum,
        (None, _, Some(unit)) => unit == item.unit || unit == item.ucum,
        _ => false,
    };
    unit && told("comparator").is_none() && quantity.get("value").and_then(Node::as_number).is_some()
}

fn parts(content: &Node) -> &[Node] {
    content.get("component").and_then(Node::as_array).unwrap_or_default()
}

fn is(part: &Node, code: &str) -> bool {
    let codings = part.get("code").and_then(|concept| concept.get("coding")).and_then(Node::as_array);
    codings.unwrap_or_default().iter().any(|coding| coding.get("code").and_then(Node::as_str) == Some(code))
}
