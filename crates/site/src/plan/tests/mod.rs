//! Small plans written by hand: each shows one decision of the reading.

mod references;
mod refusals;
mod values;

use super::*;
use serde_json::json;

/// A plan with the given planned resources of the root, child modules, and configuration of the root.
fn document(resources: &Value, children: &Value, root: &Value) -> Value {
    json!({
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": { "root_module": { "resources": resources, "child_modules": children } },
        "configuration": { "root_module": root },
    })
}

/// A planned resource; the type and name are those of the address's block.
fn planned(address: &str) -> Value {
    let block = address.rsplit("].").next().unwrap().rsplit("module.").next().unwrap();
    let block = block.split('[').next().unwrap();
    let parts: Vec<&str> = block.split('.').collect();
    let [.., kind, name] = parts.as_slice() else { panic!("{address}") };
    let mode = if parts.contains(&"data") { "data" } else { "managed" };
    json!({ "address": address, "mode": mode, "type": kind, "name": name, "values": {} })
}

/// A block of the configuration.
fn block(address: &str, expressions: &Value) -> Value {
    let parts: Vec<&str> = address.split('.').collect();
    let [.., kind, name] = parts.as_slice() else { panic!("{address}") };
    let mode = if parts.len() == 3 { "data" } else { "managed" };
    json!({ "address": address, "mode": mode, "type": kind, "name": name, "expressions": expressions })
}

fn refs(names: &[&str]) -> Value {
    json!({ "references": names })
}

fn read(document: &Value) -> Plan {
    let plan = Plan::read("plan.json", document.to_string().as_bytes(), 0).unwrap();
    plan.warnings.iter().for_each(assert_whole);
    plan
}

fn refused(text: impl AsRef<[u8]>) -> Problem {
    let problem = Plan::read("plan.json", text.as_ref(), 0).unwrap_err();
    assert_whole(&problem);
    problem
}

/// Every place of a text is filled in.
fn assert_whole(problem: &Problem) {
    for text in [problem.text(base::Language::English), problem.text(base::Language::Japanese)] {
        assert!(!text.contains('{'), "a place is left open: {text}");
    }
}

/// The resource with this address.
fn of<'p>(plan: &'p Plan, address: &str) -> &'p Resource {
    plan.resources.iter().find(|resource| resource.address == address).unwrap()
}
