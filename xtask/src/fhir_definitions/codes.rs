//! Value sets as lines of `codes.table`: those that some element of R4 itself binds as required, expanded to codes.
//!
//! `set <address>` opens a set, below it one line per code system: `<system> <code>...`, sorted. `open <address>` is a
//! set whose codes the package does not hold; what stands in for the list is decided where the table is read.

use super::types::{field, is_base_definition};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The codes of a value set by their system.
type Codes<'v> = BTreeMap<&'v str, BTreeSet<&'v str>>;

/// Value sets and code systems by their address.
struct Terminology<'v> {
    value_sets: BTreeMap<&'v str, &'v Value>,
    code_systems: BTreeMap<&'v str, &'v Value>,
}

/// Appends all sets, sorted by address.
pub(super) fn write(resources: &[Value], text: &mut String) -> Result<(), String> {
    let terminology = Terminology {
        value_sets: by_address(resources, "ValueSet"),
        code_systems: by_address(resources, "CodeSystem"),
    };
    for address in required(resources) {
        match terminology.expanded(address)? {
            None => writeln!(text, "open {address}").map_err(|error| error.to_string())?,
            Some(codes) => write_set(address, &codes, text)?,
        }
    }
    Ok(())
}

fn write_set(address: &str, codes: &Codes<'_>, text: &mut String) -> Result<(), String> {
    writeln!(text, "set {address}").map_err(|error| error.to_string())?;
    for (system, codes) in codes {
        if codes.is_empty() || codes.iter().any(|code| code.contains(char::is_whitespace)) {
            return Err(format!("{address}: codes of {system} do not fit a line"));
        }
        let codes: Vec<&str> = codes.iter().copied().collect();
        writeln!(text, "{system} {}", codes.join(" ")).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn by_address<'v>(resources: &'v [Value], kind: &str) -> BTreeMap<&'v str, &'v Value> {
    let wanted = resources.iter().filter(|resource| field(resource, "resourceType") == kind);
    wanted.map(|resource| (field(resource, "url"), resource)).collect()
}

/// Addresses of the value sets that base definitions bind as required, without their version.
fn required(resources: &[Value]) -> BTreeSet<&str> {
    let definitions = resources.iter().filter(|resource| is_base_definition(resource));
    let elements = definitions.flat_map(|definition| array(definition.pointer("/snapshot/element")));
    let bindings = elements.filter_map(|element| element.get("binding"));
    let required = bindings.filter(|binding| field(binding, "strength") == "required");
    required
        .map(|binding| without_version(field(binding, "valueSet")))
        .filter(|set| !set.is_empty())
        .collect()
}

fn without_version(address: &str) -> &str {
    address.split_once('|').map_or(address, |(address, _)| address)
}

impl<'v> Terminology<'v> {
    /// The codes of a value set; `None` when the package does not list them.
    fn expanded(&self, address: &str) -> Result<Option<Codes<'v>>, String> {
        let Some(value_set) = self.value_sets.get(address) else { return Ok(None) };
        if value_set.pointer("/compose/exclude").is_some() {
            return Err(format!("{address}: excluding is not foreseen"));
        }
        let mut codes = Codes::new();
        for include in array(value_set.pointer("/compose/include")) {
            let Some(included) = self.included(include).map_err(|error| format!("{address}: {error}"))?
            else {
                return Ok(None);
            };
            for (system, more) in included {
                codes.entry(system).or_default().extend(more);
            }
        }
        if codes.is_empty() { Err(format!("{address}: no codes")) } else { Ok(Some(codes)) }
    }

    fn included(&self, include: &'v Value) -> Result<Option<Codes<'v>>, String> {
        if include.get("filter").is_some() {
            return Err("filters are not foreseen".to_owned());
        }
        let sets: Vec<&Value> = array(include.get("valueSet")).collect();
        match (field(include, "system"), sets.as_slice()) {
            ("", [set]) => self.expanded(without_version(set.as_str().unwrap_or_default())),
            ("", _) | (_, [_, ..]) => Err("meeting of value sets is not foreseen".to_owned()),
            (system, []) => Ok(self.of_system(system, include).map(|codes| Codes::from([(system, codes)]))),
        }
    }

    /// The codes listed, else all that can be chosen in the system.
    fn of_system(&self, system: &str, include: &'v Value) -> Option<BTreeSet<&'v str>> {
        let mut codes: BTreeSet<&str> =
            array(include.get("concept")).map(|concept| field(concept, "code")).collect();
        if codes.is_empty() {
            let definition = self.code_systems.get(system)?;
            if field(definition, "content") != "complete" {
                return None;
            }
            collect(definition, &mut codes);
        }
        Some(codes)
    }
}

/// All concepts below `parent`; one that only groups others is left out, the others are taken.
fn collect<'v>(parent: &'v Value, codes: &mut BTreeSet<&'v str>) {
    for concept in array(parent.get("concept")) {
        if !is_abstract(concept) {
            codes.insert(field(concept, "code"));
        }
        collect(concept, codes);
    }
}

fn is_abstract(concept: &Value) -> bool {
    array(concept.get("property")).any(|property| {
        field(property, "code") == "notSelectable" && property.get("valueBoolean") == Some(&Value::Bool(true))
    })
}

fn array(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sample() -> Vec<Value> {
        let element = |set: &str, strength: &str| json!({"binding": {"strength": strength, "valueSet": set}});
        vec![
            json!({"resourceType": "StructureDefinition", "fhirVersion": "4.0.1", "kind": "resource",
                "snapshot": {"element": [element("urn:set:both|4.0.1", "required"), element("urn:set:open", "required"),
                    element("urn:set:example", "example")]}}),
            json!({"resourceType": "ValueSet", "url": "urn:set:both", "compose": {"include": [
                {"system": "urn:system", "concept": [{"code": "z"}]}, {"valueSet": ["urn:set:tree"]}]}}),
            json!({"resourceType": "ValueSet", "url": "urn:set:tree", "compose": {"include": [{"system": "urn:tree"}]}}),
            json!({"resourceType": "ValueSet", "url": "urn:set:open", "compose": {"include": [{"system": "urn:unknown"}]}}),
            json!({"resourceType": "CodeSystem", "url": "urn:tree", "content": "complete", "concept": [
                {"code": "top", "property": [{"code": "notSelectable", "valueBoolean": true}],
                    "concept": [{"code": "below"}]}, {"code": "alone"}]}),
        ]
    }

    #[test]
    fn required_sets_are_expanded_and_the_others_left_out() {
        let mut text = String::new();
        write(&sample(), &mut text).unwrap();
        assert_eq!(text, "set urn:set:both\nurn:system z\nurn:tree alone below\nopen urn:set:open\n");
    }

    #[test]
    fn what_is_not_foreseen_is_an_error() {
        for include in [
            json!({"system": "urn:tree", "filter": [{"property": "concept", "op": "is-a", "value": "top"}]}),
            json!({"valueSet": ["urn:set:tree", "urn:set:both"]}),
        ] {
            let mut resources = sample();
            resources[1]["compose"]["include"] = json!([include]);
            assert!(write(&resources, &mut String::new()).is_err(), "{include}");
        }
        let mut resources = sample();
        resources[1]["compose"]["exclude"] = json!([{"system": "urn:tree"}]);
        assert!(write(&resources, &mut String::new()).is_err());
    }
}
