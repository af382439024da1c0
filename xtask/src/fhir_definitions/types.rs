//! Types and their elements as lines of the table.
//!
//! A type: `<kind> <name> <base or ->`, kind one of `primitive complex resource abstract backbone`. Below it its own
//! elements in the order of the definition: `.<name> <cardinality> <flags or -> <type>... [=<strength>:<value set>]`.
//! Cardinality is `?` 0..1, `1` 1..1, `*` 0..many, `+` 1..many. Flags: `s` in the summary, `m` modifier, `a` attribute
//! (no extensions of its own). A type may carry its targets: `Reference(Group,Patient)`.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const PROFILE: &str = "http://hl7.org/fhir/StructureDefinition/";
const SYSTEM: &str = "http://hl7.org/fhirpath/System.";

/// One type with its finished element lines.
struct Type {
    kind: &'static str,
    base: String,
    elements: Vec<String>,
}

/// Appends all base types of R4, sorted by name.
pub(super) fn write(resources: &[Value], text: &mut String) -> Result<(), String> {
    let mut types = BTreeMap::new();
    for definition in resources.iter().filter(|resource| is_base_definition(resource)) {
        read_definition(definition, &mut types)?;
    }
    for (name, kind) in &types {
        writeln!(text, "{} {name} {}", kind.kind, kind.base).map_err(|error| error.to_string())?;
        for line in &kind.elements {
            writeln!(text, "{line}").map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

/// True for the definitions of R4's own types: no profiles on them, no logical models.
pub(super) fn is_base_definition(resource: &Value) -> bool {
    field(resource, "resourceType") == "StructureDefinition"
        && field(resource, "derivation") != "constraint"
        && field(resource, "kind") != "logical"
        && field(resource, "fhirVersion") == "4.0.1"
}

fn read_definition(definition: &Value, types: &mut BTreeMap<String, Type>) -> Result<(), String> {
    let name = field(definition, "type");
    let kind = match (field(definition, "kind"), definition.get("abstract") == Some(&Value::Bool(true))) {
        (_, true) => "abstract",
        ("primitive-type", _) => "primitive",
        ("complex-type", _) => "complex",
        ("resource", _) => "resource",
        (other, _) => return Err(format!("{name}: unknown kind {other}")),
    };
    let base = field(definition, "baseDefinition").strip_prefix(PROFILE).unwrap_or("-").to_owned();
    types.insert(name.to_owned(), Type { kind, base, elements: Vec::new() });
    let elements = definition.pointer("/snapshot/element").and_then(Value::as_array);
    if kind == "primitive" {
        return Ok(());
    }
    for element in elements.ok_or_else(|| format!("{name}: no snapshot"))?.iter().skip(1) {
        read_element(element, types).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

/// Adds an element to the type it stands in; inherited ones are left to the base type.
fn read_element(element: &Value, types: &mut BTreeMap<String, Type>) -> Result<(), String> {
    let path = field(element, "path");
    if element.pointer("/base/path").and_then(Value::as_str) != Some(path) {
        return Ok(());
    }
    let (owner, name) = path.rsplit_once('.').ok_or("an element without a name")?;
    let kinds = types_of(element, path, types)?;
    let binding = binding(element)?;
    let line = format!(".{name} {} {} {kinds}{binding}", cardinality(element)?, flags(element));
    let owner = types.get_mut(owner).ok_or_else(|| format!("{path}: no type holds it"))?;
    owner.elements.push(line);
    Ok(())
}

fn cardinality(element: &Value) -> Result<char, String> {
    let min = element.get("min").and_then(Value::as_u64);
    match (min, field(element, "max")) {
        (Some(0), "1") => Ok('?'),
        (Some(1), "1") => Ok('1'),
        (Some(0), "*") => Ok('*'),
        (Some(1), "*") => Ok('+'),
        (min, max) => Err(format!("{}: cardinality {min:?}..{max} is not foreseen", field(element, "path"))),
    }
}

fn flags(element: &Value) -> String {
    let set = |name: &str| element.get(name) == Some(&Value::Bool(true));
    let attribute =
        element.pointer("/type/0/code").and_then(Value::as_str).is_some_and(|code| code.starts_with(SYSTEM));
    let flags: String = [(set("isSummary"), 's'), (set("isModifier"), 'm'), (attribute, 'a')]
        .iter()
        .filter_map(|(holds, letter)| holds.then_some(*letter))
        .collect();
    if flags.is_empty() { "-".to_owned() } else { flags }
}

/// The type names of an element. A nested structure becomes a type of its own, named by its path.
fn types_of(element: &Value, path: &str, types: &mut BTreeMap<String, Type>) -> Result<String, String> {
    if let Some(reference) = element.get("contentReference").and_then(Value::as_str) {
        return Ok(reference.trim_start_matches('#').to_owned());
    }
    let kinds = element.get("type").and_then(Value::as_array).ok_or_else(|| format!("{path}: no type"))?;
    if let [only] = kinds.as_slice() {
        let base = field(only, "code");
        if base == "BackboneElement" || base == "Element" {
            let nested = Type { kind: "backbone", base: base.to_owned(), elements: Vec::new() };
            types.insert(path.to_owned(), nested);
            return Ok(path.to_owned());
        }
    }
    let names: Vec<String> = kinds.iter().map(|kind| type_name(kind, path)).collect();
    Ok(names.join(" "))
}

fn type_name(kind: &Value, path: &str) -> String {
    let code = field(kind, "code");
    if code.starts_with(SYSTEM) {
        return if path == "Resource.id" { "id" } else { "string" }.to_owned();
    }
    let mut targets: Vec<&str> = kind
        .get("targetProfile")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|target| target.trim_start_matches(PROFILE))
        .collect();
    targets.sort_unstable();
    if targets.is_empty() { code.to_owned() } else { format!("{code}({})", targets.join(",")) }
}

fn binding(element: &Value) -> Result<String, String> {
    let Some(binding) = element.get("binding") else { return Ok(String::new()) };
    let strength = match field(binding, "strength") {
        strength @ ("required" | "extensible" | "preferred" | "example") => strength,
        other => return Err(format!("unknown binding strength {other}")),
    };
    match field(binding, "valueSet") {
        "" => Ok(String::new()),
        value_set => Ok(format!(" ={strength}:{value_set}")),
    }
}

pub(super) fn field<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sample() -> Value {
        json!({
            "resourceType": "StructureDefinition", "type": "Thing", "kind": "resource", "fhirVersion": "4.0.1",
            "baseDefinition": format!("{PROFILE}DomainResource"),
            "snapshot": {"element": [
                {"path": "Thing", "min": 0, "max": "*"},
                {"path": "Thing.id", "base": {"path": "Resource.id"}},
                {"path": "Thing.part", "base": {"path": "Thing.part"}, "min": 0, "max": "*",
                 "type": [{"code": "BackboneElement"}]},
                {"path": "Thing.part.owner[x]", "base": {"path": "Thing.part.owner[x]"}, "min": 1, "max": "1",
                 "isSummary": true, "type": [{"code": "string"},
                 {"code": "Reference", "targetProfile": [format!("{PROFILE}Patient"), format!("{PROFILE}Group")]}]},
                {"path": "Thing.part.part", "base": {"path": "Thing.part.part"}, "min": 0, "max": "*",
                 "contentReference": "#Thing.part"}
            ]}
        })
    }

    #[test]
    fn nested_structures_become_types_of_their_own() {
        let mut text = String::new();
        write(&[sample()], &mut text).unwrap();
        let expected = "resource Thing DomainResource\n.part * - Thing.part\nbackbone Thing.part BackboneElement\n\
                        .owner[x] 1 s string Reference(Group,Patient)\n.part * - Thing.part\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_profile_is_left_out() {
        let mut profile = sample();
        profile["derivation"] = json!("constraint");
        let mut text = String::new();
        write(&[profile], &mut text).unwrap();
        assert_eq!(text, "");
    }

    #[test]
    fn a_cardinality_that_is_not_foreseen_is_an_error() {
        let mut definition = sample();
        definition["snapshot"]["element"][3]["max"] = json!("7");
        assert!(write(&[definition], &mut String::new()).is_err());
    }
}
