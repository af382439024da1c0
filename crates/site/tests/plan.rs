//! Real plans: all are read, what is counted in them is kept in a table, and neither cuts nor names upset the reading.
//!
//! The plans are public fixtures of other projects and plans of public modules. They lie beside the project, in
//! `../shared/corpus/tfplans`; where that folder is missing, the tests that need it say so and end.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]
#![expect(clippy::indexing_slicing, reason = "as above")]
#![expect(clippy::print_stdout, reason = "what was not compared is said")]

use proptest::prelude::*;
use serde_json::{Value, json};
use site::plan::Plan;
use site::plan::source::{Folders, Locals, SourceFile};
use site::resource::{Resource, SENSITIVE, is_mark};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Files of the corpus that are no plans, with the code that they are refused with and the reason.
const NO_PLANS: [(&str, &str, &str); 1] =
    [("fixtures/checkov--resources-plan_vpc_endpoint-tfplan.json", "SI-0003", "it has no format_version")];

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/tfplans");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("the corpus of plans is not here: nothing was compared");
    None
}

/// The files of the corpus by their names.
fn files() -> Vec<(String, Vec<u8>)> {
    let Some(corpus) = corpus() else { return Vec::new() };
    let mut files = Vec::new();
    for folder in ["fixtures", "planned"] {
        for entry in std::fs::read_dir(corpus.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            files.push((name, std::fs::read(path).unwrap()));
        }
    }
    files.sort();
    files
}

fn plans() -> Vec<(String, Vec<u8>)> {
    files().into_iter().filter(|(name, _)| !NO_PLANS.iter().any(|(no, _, _)| no == name)).collect()
}

#[test]
fn every_real_plan_is_read_and_the_others_are_refused_with_a_reason() {
    for (name, bytes) in files() {
        match (Plan::read(&name, bytes.as_slice(), 0), NO_PLANS.iter().find(|(no, _, _)| *no == name)) {
            (Ok(_), None) => {}
            (Err(problem), Some((_, code, _))) => assert_eq!(problem.code().id, *code, "{name}"),
            (read, _) => panic!("{name}: {:?}", read.map(|plan| plan.resources.len())),
        }
    }
}

/// What is counted of a plan.
#[derive(Default)]
struct Counts {
    managed: usize,
    data: usize,
    unknown: usize,
    sensitive: usize,
    expressions: usize,
    naming: usize,
    addresses: usize,
    local: usize,
    missing: usize,
    other_marks: usize,
}

impl Counts {
    fn of(plan: &Plan) -> Self {
        let mut counts = Self::default();
        for resource in &plan.resources {
            counts.add(resource);
        }
        counts
    }

    fn add(&mut self, resource: &Resource) {
        if resource.is_data() {
            self.data += 1;
        } else {
            self.managed += 1;
        }
        self.unknown += resource.unknown.as_object().map_or(1, serde_json::Map::len);
        self.sensitive += resource.sensitive.as_object().map_or(1, serde_json::Map::len);
        self.expressions += resource.references.len();
        for references in resource.references.values() {
            let addresses = references.iter().filter(|reference| !is_mark(reference)).count();
            self.addresses += addresses;
            self.naming += usize::from(addresses > 0);
            let marked = |mark: &str| references.iter().any(|reference| reference.starts_with(mark));
            self.local += usize::from(marked("local."));
            self.missing += usize::from(marked("missing."));
            self.other_marks += usize::from(marked("circle.") || marked("bound."));
        }
    }
}

#[test]
fn what_is_counted_in_the_corpus_is_the_table() {
    if corpus().is_none() {
        return;
    }
    let mut table = String::from(
        "# Made by `cargo test -p site --test plan`. Attributes: with an expression, naming a resource, undecided for a\n\
         # local value, for something missing, for a circle or bound. Addresses: named by all attributes together.\n\
         # file format managed data unknown sensitive | expressions naming addresses | local missing other | warnings\n",
    );
    for (name, bytes) in plans() {
        let plan = Plan::read(&name, bytes.as_slice(), 0).unwrap();
        let c = Counts::of(&plan);
        let warnings: Vec<_> = plan.warnings.iter().map(base::Problem::log_line).collect();
        let line = format!(
            "{name} {} {} {} {} {} | {} {} {} | {} {} {} | {}",
            plan.format_version,
            c.managed,
            c.data,
            c.unknown,
            c.sensitive,
            c.expressions,
            c.naming,
            c.addresses,
            c.local,
            c.missing,
            c.other_marks,
            warnings.join("; "),
        );
        writeln!(table, "{}", line.trim_end()).unwrap();
    }
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected/plans.txt");
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plans.txt");
    std::fs::write(&made, &table).unwrap();
    let kept = std::fs::read_to_string(&expected).unwrap_or_default();
    assert!(kept == table, "the counts differ: compare {} with {}", expected.display(), made.display());
}

/// No attribute that an address names is invented: each is a resource of the plan, or a data resource that it did not read.
#[test]
fn every_named_address_is_one_of_the_plan() {
    for (name, bytes) in plans() {
        let plan = Plan::read(&name, bytes.as_slice(), 0).unwrap();
        let known: std::collections::BTreeSet<_> =
            plan.resources.iter().map(|resource| resource.address.as_str()).collect();
        for resource in &plan.resources {
            for reference in resource.references.values().flatten() {
                let is_known = is_mark(reference)
                    || known.contains(reference.as_str())
                    || reference.ends_with("[*]")
                    || reference.contains("data.");
                assert!(is_known, "{name}: {} names {reference}", resource.address);
            }
        }
    }
}

#[test]
fn a_plan_that_is_cut_off_anywhere_is_refused() {
    for (name, bytes) in plans() {
        let whole = bytes.trim_ascii_end();
        for part in 0..50 {
            let cut = whole.len() * part / 50;
            let read = Plan::read(&name, whole.get(..cut).unwrap(), 0);
            let problem = read.err().unwrap_or_else(|| panic!("{name} cut at {cut} was read"));
            assert_eq!(problem.code().id, "SI-0001", "{name} cut at {cut}");
        }
    }
}

#[test]
fn what_a_plan_marks_as_sensitive_is_nowhere_in_what_was_read() {
    let secret = "hush-hush-hush";
    for (name, bytes) in plans() {
        let mut document: Value =
            serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).unwrap();
        let marked = poison(&mut document["planned_values"]["root_module"], secret);
        let text = document.to_string();
        let plan = Plan::read(&name, text.as_bytes(), 0).unwrap();
        let printed = format!("{plan:?}");
        assert!(!printed.contains(secret), "{name}");
        assert!(marked == 0 || printed.contains(SENSITIVE), "{name}");
    }
}

/// The sources of a network module, as far as its local values go.
struct OneModule;

impl Folders for OneModule {
    fn files(&self, folder: &str) -> Option<Vec<SourceFile>> {
        let file = |name: &str, text: &str| Some(vec![SourceFile { name: name.into(), text: text.into() }]);
        match folder {
            ".terraform/modules" => file(
                "modules.json",
                r#"{"Modules":[{"Key":"vpc","Source":"x","Dir":".terraform/modules/vpc"}]}"#,
            ),
            ".terraform/modules/vpc" => file(
                "main.tf",
                r#"
                locals {
                  vpc_id = try(aws_vpc_ipv4_cidr_block_association.this[0].vpc_id, aws_vpc.this[0].id, "")
                }
                resource "aws_route_table_association" "private" {
                  count     = 3
                  subnet_id = element(aws_subnet.private[*].id, count.index)
                }
                "#,
            ),
            _ => None,
        }
    }
}

#[test]
fn with_the_sources_of_its_module_a_real_network_hangs_together() {
    let Some((name, bytes)) = plans().into_iter().find(|(name, _)| name == "planned/vpn-complete.json")
    else {
        return;
    };
    let of = |plan: &Plan, address: &str, path: &str| {
        plan.resources.iter().find(|found| found.address == address).unwrap().references[path].clone()
    };
    let without = Plan::read(&name, bytes.as_slice(), 0).unwrap();
    let with = Plan::read_with_sources(&name, bytes.as_slice(), 0, &mut Locals::new(&OneModule)).unwrap();
    let subnet = "module.vpc.aws_subnet.private[1]";
    assert_eq!(of(&without, subnet, "vpc_id"), ["local.vpc_id (module.vpc)"]);
    assert_eq!(of(&with, subnet, "vpc_id"), ["module.vpc.aws_vpc.this[0]"]);
    let association = "module.vpc.aws_route_table_association.private[1]";
    assert_eq!(of(&without, association, "subnet_id").len(), 4);
    assert_eq!(of(&with, association, "subnet_id"), [subnet]);
}

/// Puts a secret in the place of every value whose whole attribute is marked, and says how many there are.
fn poison(module: &mut Value, secret: &str) -> usize {
    let mut count = 0;
    for resource in module["resources"].as_array_mut().into_iter().flatten() {
        let marks = resource["sensitive_values"].as_object().cloned().unwrap_or_default();
        for (name, _) in marks.iter().filter(|(_, mark)| **mark == Value::Bool(true)) {
            resource["values"][name] = json!({ "inner": [secret] });
            count += 1;
        }
    }
    for child in module["child_modules"].as_array_mut().into_iter().flatten() {
        count += poison(child, secret);
    }
    count
}

/// Renames every module that the root calls, everywhere.
fn rename_modules(value: &mut Value, names: &[String]) {
    let renamed = |text: &str| {
        names
            .iter()
            .fold(format!(".{text}"), |text, name| {
                [".", "["]
                    .iter()
                    .fold(format!("{text}."), |text, end| {
                        text.replace(&format!(".module.{name}{end}"), &format!(".module.{name}-renamed{end}"))
                    })
                    .trim_end_matches('.')
                    .to_owned()
            })
            .trim_start_matches('.')
            .to_owned()
    };
    match value {
        Value::String(text) if text.contains("module.") => *text = renamed(text),
        Value::Array(elements) => elements.iter_mut().for_each(|element| rename_modules(element, names)),
        Value::Object(members) => members.values_mut().for_each(|member| rename_modules(member, names)),
        _ => {}
    }
}

#[test]
fn renaming_the_modules_of_a_real_plan_changes_nothing_but_names() {
    for (name, bytes) in plans().into_iter().filter(|(name, _)| name.starts_with("planned/")) {
        let mut document: Value = serde_json::from_slice(&bytes).unwrap();
        let before = Plan::read(&name, bytes.as_slice(), 0).unwrap();
        let calls = document["configuration"]["root_module"]["module_calls"].as_object().cloned().unwrap();
        let names: Vec<String> = calls.keys().cloned().collect();
        // Only what the root calls is renamed: a module of the same name further in keeps its own.
        for section in ["planned_values", "resource_changes", "prior_state"] {
            rename_addresses(&mut document[section], &names);
        }
        let root = &mut document["configuration"]["root_module"];
        for key in ["resources", "outputs"] {
            rename_modules(&mut root[key], &names);
        }
        let calls = calls.into_iter().map(|(name, call)| {
            let mut call = call;
            rename_modules(&mut call["expressions"], &names);
            (format!("{name}-renamed"), call)
        });
        root["module_calls"] = Value::Object(calls.collect());
        let after = Plan::read(&name, document.to_string().as_bytes(), 0).unwrap();
        let back = |text: &str| text.replace("-renamed", "");
        let mut shown: Vec<_> = after.resources.iter().map(|resource| back(&told(resource))).collect();
        let mut expected: Vec<_> = before.resources.iter().map(told).collect();
        shown.sort();
        expected.sort();
        assert_eq!(shown, expected, "{name}");
    }
}

/// In what is planned only the first module of an address is one that the root calls.
fn rename_addresses(value: &mut Value, names: &[String]) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|element| rename_addresses(element, names)),
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(text) if key == "address" || key == "module_address" => {
                        *text = renamed_first(text, names);
                    }
                    other => rename_addresses(other, names),
                }
            }
        }
        _ => {}
    }
}

fn renamed_first(address: &str, names: &[String]) -> String {
    let Some(rest) = address.strip_prefix("module.") else { return address.to_owned() };
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    assert!(names.iter().any(|known| known == name), "{address}");
    format!("module.{name}-renamed{rest}")
}

/// What a resource says of itself and of others, without the order of its references.
fn told(resource: &Resource) -> String {
    let references: Vec<_> = resource
        .references
        .iter()
        .map(|(path, references)| {
            let mut sorted: Vec<_> = references.iter().map(|text| text.replace("-renamed", "")).collect();
            sorted.sort();
            (path, sorted)
        })
        .collect();
    format!(
        "{} {} {references:?} {:?} {}",
        resource.address, resource.kind, resource.configured, resource.unknown
    )
}

/// A plan of two instances of a module, with the names of the call, of a resource in it and of one outside.
fn named(call: &str, inner: &str, outer: &str) -> Value {
    let child = |key: &str| {
        let address = format!("module.{call}[\"{key}\"]");
        json!({
            "address": address,
            "resources": [{ "address": format!("{address}.aws_subnet.{inner}[0]"), "mode": "managed",
                "type": "aws_subnet", "name": inner, "values": {} }],
        })
    };
    json!({
        "format_version": "1.2",
        "planned_values": { "root_module": {
            "resources": [{ "address": format!("aws_x.{outer}"), "mode": "managed", "type": "aws_x", "name": outer,
                "values": {} }],
            "child_modules": [child("a.b"), child("c]d")],
        } },
        "configuration": { "root_module": {
            "resources": [{ "mode": "managed", "type": "aws_x", "name": outer, "expressions": {
                "one": { "references": [format!("module.{call}[\"a.b\"].out"), format!("module.{call}[\"a.b\"]")] },
                "all": { "references": [format!("module.{call}")] },
            } }],
            "module_calls": { call: {
                "expressions": { "given": { "references": [format!("aws_x.{outer}.id"), format!("aws_x.{outer}")] } },
                "for_each_expression": { "constant_value": {} },
                "module": {
                    "outputs": { "out": { "expression": { "references": [format!("aws_subnet.{inner}")] } } },
                    "resources": [{ "mode": "managed", "type": "aws_subnet", "name": inner, "expressions": {
                        "from": { "references": ["var.given"] } } }],
                },
            } },
        } },
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_change_nothing_but_names(
        call in "[a-z][a-z0-9_-]{0,8}", inner in "[a-z][a-z0-9_-]{0,8}", outer in "[a-z][a-z0-9_-]{0,8}",
    ) {
        let read = |document: &Value| Plan::read("p", document.to_string().as_bytes(), 0).unwrap();
        let plan = read(&named("CALL", "INNER", "OUTER"));
        let with_names = |text: String| text.replace("CALL", &call).replace("INNER", &inner).replace("OUTER", &outer);
        let mut expected: Vec<_> = plan.resources.iter().map(told).map(with_names).collect();
        let mut shown: Vec<_> = read(&named(&call, &inner, &outer)).resources.iter().map(told).collect();
        expected.sort();
        shown.sort();
        prop_assert_eq!(shown, expected);
        let outside = plan.resources.iter().find(|resource| resource.kind == "aws_x").unwrap();
        prop_assert_eq!(outside.references["one"].len(), 1);
        prop_assert_eq!(outside.references["all"].len(), 2);
    }

    #[test]
    fn bytes_that_are_changed_anywhere_never_panic(at in 0_usize..100_000, byte in any::<u8>()) {
        let mut text = named("call", "inner", "outer").to_string().into_bytes();
        let place = at % text.len();
        text[place] = byte;
        if let Err(problem) = Plan::read("p", text.as_slice(), 0) {
            prop_assert!(problem.code().id.starts_with("SI-000"));
        }
    }
}
