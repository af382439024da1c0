//! A small reader of plans, enough to judge those of the corpus: values, what is unknown or sensitive, and which attributes
//! the configuration gives.

use serde_json::Value;
use site::resource::Resource;
use std::collections::BTreeMap;

/// The managed resources of a plan.
pub(crate) fn read(text: &str, number: usize) -> Vec<Resource> {
    let plan: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    let changes: BTreeMap<&str, &Value> = plan["resource_changes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some((one["address"].as_str()?, &one["change"])))
        .collect();
    let mut configured: BTreeMap<String, Given> = BTreeMap::new();
    configuration(&plan["configuration"]["root_module"], "", &mut configured);
    let mut resources = Vec::new();
    modules(&plan["planned_values"]["root_module"], &mut |module, one| {
        let address = one["address"].as_str().unwrap_or_default();
        let change = changes.get(address).copied().unwrap_or(&Value::Null);
        let given = configured.get(&without_keys(address));
        resources.push(Resource {
            address: address.into(),
            kind: one["type"].as_str().unwrap_or_default().into(),
            module: module.into(),
            provider: one["provider_name"].as_str().unwrap_or_default().into(),
            values: one["values"].clone(),
            unknown: change["after_unknown"].clone(),
            sensitive: one.get("sensitive_values").unwrap_or(&change["after_sensitive"]).clone(),
            references: given.map(|given| given.references.clone()).unwrap_or_default(),
            configured: given.map(|given| given.paths.clone()),
            plan: number,
        });
    });
    resources
}

fn modules<'a>(module: &'a Value, each: &mut impl FnMut(&'a str, &'a Value)) {
    let address = module["address"].as_str().unwrap_or_default();
    let managed = module["resources"].as_array().into_iter().flatten().filter(|one| one["mode"] != "data");
    managed.for_each(|one| each(address, one));
    module["child_modules"].as_array().into_iter().flatten().for_each(|child| modules(child, each));
}

/// What the configuration gives a resource.
#[derive(Default)]
struct Given {
    paths: Vec<String>,
    references: BTreeMap<String, Vec<String>>,
}

fn configuration(module: &Value, prefix: &str, into: &mut BTreeMap<String, Given>) {
    for one in module["resources"].as_array().into_iter().flatten() {
        let mut given = Given::default();
        expressions(&one["expressions"], "", prefix, &mut given);
        into.insert(format!("{prefix}{}", one["address"].as_str().unwrap_or_default()), given);
    }
    for (name, call) in module["module_calls"].as_object().into_iter().flatten() {
        configuration(&call["module"], &format!("{prefix}module.{name}."), into);
    }
}

fn expressions(of: &Value, path: &str, module: &str, into: &mut Given) {
    for (name, part) in of.as_object().into_iter().flatten() {
        let path = format!("{path}{name}");
        let blocks: Vec<&Value> = part.as_array().map_or_else(|| vec![part], |list| list.iter().collect());
        for block in blocks {
            if let Some(names) = block.get("references").and_then(Value::as_array) {
                let addresses = names.iter().filter_map(Value::as_str).filter_map(resource_of);
                let addresses: Vec<String> = addresses.map(|one| format!("{module}{one}")).collect();
                if !addresses.is_empty() {
                    into.references.insert(path.clone(), addresses);
                }
            } else if block.get("constant_value").is_none() {
                expressions(block, &format!("{path}."), module, into);
            }
        }
        into.paths.push(path);
    }
}

/// The resource in `aws_kms_key.records[0].arn`; none in what is no resource of this module.
fn resource_of(reference: &str) -> Option<String> {
    let mut parts = reference.split('.');
    let (kind, name) = (parts.next()?, parts.next()?);
    let other = ["var", "local", "each", "count", "data", "module", "path", "self", "terraform"];
    (!other.contains(&kind)).then(|| format!("{kind}.{}", name.split('[').next().unwrap_or(name)))
}

/// `module.a[0].aws_x.y["k"]` as `module.a.aws_x.y`.
fn without_keys(address: &str) -> String {
    let mut depth = 0_u32;
    let keep = |one: &char| {
        match one {
            '[' => depth += 1,
            ']' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    address.chars().filter(keep).collect()
}
