//! Search parameters as lines of the table: `search <type>.<code> <kind> <targets or -> <expression or ->`, one line
//! per resource type, with the part of the expression that belongs to this type. Behind the expression of a composite
//! stand its components: ` $ <code> <kind> <expression>`, the code being that of the parameter it is compared like.
//!
//! Compartments follow: `compartment <type> <member type> <code>,<code>…` names the reference parameters by which the
//! members belong to it.

use super::types::field;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Appends all search parameters of the specification itself, sorted by type and code.
pub(super) fn write(resources: &[Value], text: &mut String) -> Result<(), String> {
    write_parameters(resources, text)?;
    write_compartments(resources, text)
}

fn write_parameters(resources: &[Value], text: &mut String) -> Result<(), String> {
    let mut lines = BTreeMap::new();
    for parameter in resources.iter().filter(|resource| is_specified(resource)) {
        for base in names(parameter, "base") {
            let name = format!("{base}.{}", field(parameter, "code"));
            let line = line(parameter, base, &name, resources)?;
            if lines.insert(name.clone(), line).is_some() {
                return Err(format!("{name} is defined twice"));
            }
        }
    }
    for line in lines.values() {
        writeln!(text, "{line}").map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Parameters of the specification: neither examples nor parameters over extensions.
fn is_specified(resource: &Value) -> bool {
    field(resource, "resourceType") == "SearchParameter"
        && resource.get("experimental") != Some(&Value::Bool(true))
        && !field(resource, "expression").contains("xtension(")
}

fn line(parameter: &Value, base: &str, name: &str, resources: &[Value]) -> Result<String, String> {
    let everywhere = base == "Resource" || base == "DomainResource";
    let expression = match part_for(field(parameter, "expression"), base) {
        part if !part.is_empty() => part,
        _ if everywhere => "-".to_owned(),
        _ => return Err(format!("{name}: no part of the expression belongs to this type")),
    };
    let mut targets = names(parameter, "target");
    targets.sort_unstable();
    let targets = if targets.is_empty() { "-".to_owned() } else { targets.join(",") };
    let components = components(parameter, resources)?;
    Ok(format!("search {name} {} {targets} {expression}{components}", field(parameter, "type")))
}

/// The components of a composite parameter, each with code and type of the parameter that defines it.
fn components(parameter: &Value, resources: &[Value]) -> Result<String, String> {
    let mut text = String::new();
    for component in parameter.get("component").and_then(Value::as_array).into_iter().flatten() {
        let definition = field(component, "definition");
        let defined = resources
            .iter()
            .find(|one| field(one, "resourceType") == "SearchParameter" && field(one, "url") == definition)
            .ok_or_else(|| format!("{definition} is not defined"))?;
        let (code, kind) = (field(defined, "code"), field(defined, "type"));
        write!(text, " $ {code} {kind} {}", field(component, "expression"))
            .map_err(|error| error.to_string())?;
    }
    Ok(text)
}

/// The alternatives of a union that begin at `base`, or at no type at all, joined again.
fn part_for(expression: &str, base: &str) -> String {
    let begins_here = |part: &str| {
        let path = part.trim_start_matches('(');
        path.strip_prefix(base)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    };
    let part = |part: &str| match part.trim() {
        part if begins_here(part) => Some(part.to_owned()),
        part if part.starts_with(|first: char| first.is_ascii_lowercase()) => Some(format!("{base}.{part}")),
        _ => None,
    };
    let parts: Vec<String> = expression.split('|').filter_map(part).collect();
    parts.join(" | ")
}

/// Appends the compartments of the specification itself, sorted. A member without parameters does not belong to one, and
/// `{def}` means the resource that the compartment is about.
fn write_compartments(resources: &[Value], text: &mut String) -> Result<(), String> {
    let mut lines = BTreeSet::new();
    for compartment in resources.iter().filter(|one| is_compartment(one)) {
        for member in compartment.get("resource").and_then(Value::as_array).into_iter().flatten() {
            let mut params = names(member, "param");
            params.retain(|param| *param != "{def}");
            if !params.is_empty() {
                let (about, kind) = (field(compartment, "code"), field(member, "code"));
                lines.insert(format!("compartment {about} {kind} {}", params.join(",")));
            }
        }
    }
    for line in lines {
        writeln!(text, "{line}").map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The package also holds an example of a compartment, which carries no version.
fn is_compartment(resource: &Value) -> bool {
    field(resource, "resourceType") == "CompartmentDefinition" && field(resource, "version") == "4.0.1"
}

fn names<'v>(parameter: &'v Value, name: &str) -> Vec<&'v str> {
    parameter.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_type_takes_its_own_part_of_a_union() {
        let union = "Condition.subject | DeviceRequest.subject | Device.patient | (Device.code as Reference)";
        assert_eq!(part_for(union, "Device"), "Device.patient | (Device.code as Reference)");
    }

    #[test]
    fn a_path_without_a_type_belongs_to_every_type() {
        assert_eq!(part_for("name | alias", "InsurancePlan"), "InsurancePlan.name | InsurancePlan.alias");
    }

    #[test]
    fn components_stand_behind_the_expression_with_code_and_type() {
        let url = |id: &str| format!("http://example.org/{id}");
        let code =
            json!({"resourceType": "SearchParameter", "url": url("c"), "code": "code", "type": "token"});
        let both = json!({
            "resourceType": "SearchParameter", "base": ["Thing"], "code": "code-value", "type": "composite",
            "expression": "Thing.part", "component": [{"definition": url("c"), "expression": "kind.as(Coding)"}]
        });
        let mut text = String::new();
        write(&[code.clone(), both.clone()], &mut text).unwrap();
        assert_eq!(text, "search Thing.code-value composite - Thing.part $ code token kind.as(Coding)\n");
        assert!(write(&[both], &mut text).is_err(), "a component that is not defined");
    }

    #[test]
    fn compartments_name_the_parameters_of_their_members() {
        let compartment = |version: &str| {
            json!({"resourceType": "CompartmentDefinition", "version": version, "code": "Patient", "resource": [
                {"code": "Account", "param": ["subject"]}, {"code": "Binary"}, {"code": "Patient", "param": ["{def}", "link"]}
            ]})
        };
        let mut text = String::new();
        write(&[compartment("4.0.1"), compartment("1")], &mut text).unwrap();
        assert_eq!(text, "compartment Patient Account subject\ncompartment Patient Patient link\n");
    }
}
