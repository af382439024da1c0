//! Invariants as lines of `rules.table`: `<severity> <key> <place>[,<place>...] <expression>`, sorted by key.
//!
//! A place is a type (`Period`, `Patient.contact`) or an element of one (`Narrative.div`). Invariants that a definition
//! repeats from elsewhere are left out. Where an element takes a type as a profile narrows it (SimpleQuantity), the
//! profile's own invariants stand at the element. Only the expressions are taken, no prose.

use super::types::{field, is_base_definition};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Key, severity and expression, with the places where the invariant holds.
type Rules<'v> = BTreeMap<(&'v str, &'v str, &'v str), BTreeSet<&'v str>>;

/// Appends all invariants of the base definitions.
pub(super) fn write(resources: &[Value], text: &mut String) -> Result<(), String> {
    let mut rules = Rules::new();
    for definition in resources.iter().filter(|resource| is_base_definition(resource)) {
        for element in elements(definition) {
            collect(element, field(element, "path"), &mut rules)?;
            if field_at(element, "/base/path") == field(element, "path") {
                collect_profiles(element, resources, &mut rules)?;
            }
        }
    }
    for ((key, severity, expression), places) in &rules {
        if expression.is_empty() || expression.contains('\n') {
            return Err(format!("{key}: its expression does not fit a line"));
        }
        let places: Vec<&str> = places.iter().copied().collect();
        writeln!(text, "{severity} {key} {} {expression}", places.join(","))
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn elements(definition: &Value) -> impl Iterator<Item = &Value> {
    definition.pointer("/snapshot/element").and_then(Value::as_array).into_iter().flatten()
}

fn field_at<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Takes the invariants that are defined at this element; one with a source is repeated from there.
fn collect<'v>(element: &'v Value, place: &'v str, rules: &mut Rules<'v>) -> Result<(), String> {
    let constraints = element.get("constraint").and_then(Value::as_array).into_iter().flatten();
    for constraint in constraints.filter(|constraint| constraint.get("source").is_none()) {
        let key = field(constraint, "key");
        let severity = match field(constraint, "severity") {
            severity @ ("error" | "warning") => severity,
            other => return Err(format!("{key}: unknown severity {other}")),
        };
        rules.entry((key, severity, field(constraint, "expression"))).or_default().insert(place);
    }
    Ok(())
}

fn collect_profiles<'v>(
    element: &'v Value,
    resources: &'v [Value],
    rules: &mut Rules<'v>,
) -> Result<(), String> {
    let kinds = element.get("type").and_then(Value::as_array).into_iter().flatten();
    let profiles = kinds.filter_map(|kind| kind.get("profile").and_then(Value::as_array)).flatten();
    for address in profiles.filter_map(Value::as_str) {
        let profile = resources
            .iter()
            .find(|other| {
                field(other, "resourceType") == "StructureDefinition" && field(other, "url") == address
            })
            .ok_or_else(|| format!("{address}: no such profile"))?;
        let root = elements(profile).next().ok_or_else(|| format!("{address}: no snapshot"))?;
        collect(root, field(element, "path"), rules)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sample() -> Vec<Value> {
        let rule = |key: &str, severity: &str| json!({"key": key, "severity": severity, "expression": "a = b", "human": "x"});
        let repeated = json!({"key": "z-9", "severity": "error", "expression": "x", "source": "urn:z"});
        let definition = |name: &str, derivation: &str, elements: Value| {
            json!({"resourceType": "StructureDefinition", "url": format!("urn:{name}"), "derivation": derivation,
                "kind": "complex-type", "fhirVersion": "4.0.1", "snapshot": {"element": elements}})
        };
        vec![
            definition(
                "A",
                "specialization",
                json!([
                    {"path": "A", "constraint": [rule("a-2", "error"), repeated]},
                    {"path": "A.b", "base": {"path": "A.b"}, "constraint": [rule("a-1", "warning")],
                        "type": [{"code": "Quantity", "profile": ["urn:Narrow"]}]}]),
            ),
            definition("B", "specialization", json!([{"path": "B", "constraint": [rule("a-2", "error")]}])),
            definition(
                "Narrow",
                "constraint",
                json!([{"path": "Quantity", "constraint": [rule("n-1", "error")]}]),
            ),
        ]
    }

    #[test]
    fn an_invariant_stands_where_it_is_defined_and_where_a_profile_brings_it() {
        let mut text = String::new();
        write(&sample(), &mut text).unwrap();
        assert_eq!(text, "warning a-1 A.b a = b\nerror a-2 A,B a = b\nerror n-1 A.b a = b\n");
    }

    #[test]
    fn a_severity_that_is_not_known_is_an_error() {
        let mut resources = sample();
        resources[0]["snapshot"]["element"][0]["constraint"][0]["severity"] = json!("fatal");
        assert!(write(&resources, &mut String::new()).is_err());
    }
}
