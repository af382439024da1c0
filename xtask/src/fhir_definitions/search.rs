//! Search parameters as lines of the table: `search <type>.<code> <kind> <targets or -> <expression or ->`, one line
//! per resource type, with the part of the expression that belongs to this type.

use super::types::field;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Appends all search parameters of the specification itself, sorted by type and code.
pub(super) fn write(resources: &[Value], text: &mut String) -> Result<(), String> {
    let mut lines = BTreeMap::new();
    for parameter in resources.iter().filter(|resource| is_specified(resource)) {
        for base in names(parameter, "base") {
            let name = format!("{base}.{}", field(parameter, "code"));
            if let Some(line) = line(parameter, base, &name) {
                match lines.insert(name.clone(), line) {
                    None => {}
                    Some(_) => return Err(format!("{name} is defined twice")),
                }
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

fn line(parameter: &Value, base: &str, name: &str) -> Option<String> {
    let everywhere = base == "Resource" || base == "DomainResource";
    let expression = match part_for(field(parameter, "expression"), base) {
        part if !part.is_empty() => part,
        _ if everywhere => "-".to_owned(),
        _ => return None,
    };
    let mut targets = names(parameter, "target");
    targets.sort_unstable();
    let targets = if targets.is_empty() { "-".to_owned() } else { targets.join(",") };
    Some(format!("search {name} {} {targets} {expression}", field(parameter, "type")))
}

/// The alternatives of a union that begin at `base`, joined again.
fn part_for(expression: &str, base: &str) -> String {
    let begins_here = |part: &&str| {
        let path = part.trim_start_matches('(');
        path.strip_prefix(base)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    };
    let parts: Vec<&str> = expression.split('|').map(str::trim).filter(begins_here).collect();
    parts.join(" | ")
}

fn names<'v>(parameter: &'v Value, name: &str) -> Vec<&'v str> {
    parameter.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_takes_its_own_part_of_a_union() {
        let union = "Condition.subject | DeviceRequest.subject | Device.patient | (Device.code as Reference)";
        assert_eq!(part_for(union, "Device"), "Device.patient | (Device.code as Reference)");
    }
}
