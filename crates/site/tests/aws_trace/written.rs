//! Plans written as Terraform writes them: in the root, or in modules that are joined by variables and outputs.

use serde_json::{Map, Value, json};
use site::plan::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// The resources of a stack. A text `=aws_vpc.a` stands for the id of that resource; `?` is known only after apply and names
/// nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) resources: Vec<(String, Value)>,
    /// The stack was applied before, so that ids are known.
    pub(crate) applied: bool,
}

/// How a stack is laid out in modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Root,
    /// All of it in one module.
    Wrapped,
    /// Networks in one module, the rest in another.
    Split,
    /// Hosts in the root, the rest in a module.
    Called,
}

impl Layout {
    /// The module of a resource; empty for the root.
    pub(crate) fn module(self, address: &str) -> &'static str {
        let is = |kinds: &[&str]| kinds.iter().any(|kind| address.starts_with(&format!("aws_{kind}.")));
        match self {
            Self::Root => "",
            Self::Wrapped => "wrap",
            Self::Split if is(&["vpc", "subnet", "route_table", "internet_gateway", "network_acl"]) => "net",
            Self::Split => "app",
            Self::Called if is(&["instance", "eip"]) => "",
            Self::Called => "net",
        }
    }

    pub(crate) fn address(self, address: &str) -> String {
        match self.module(address) {
            "" => address.to_owned(),
            module => format!("module.{module}.{address}"),
        }
    }
}

/// What is written of one module.
#[derive(Default)]
struct Part {
    planned: Vec<Value>,
    configured: Vec<Value>,
    variables: BTreeSet<String>,
    outputs: Map<String, Value>,
    /// What the root gives its variables.
    given: Map<String, Value>,
}

struct Writer<'a> {
    sheet: &'a Sheet,
    layout: Layout,
    parts: BTreeMap<&'static str, Part>,
    changes: Vec<Value>,
}

/// What a plan has of a value.
struct Told {
    known: Option<Value>,
    unknown: Option<Value>,
    expression: Value,
}

impl Sheet {
    pub(crate) fn add(&mut self, address: impl Into<String>, values: Value) {
        self.resources.push((address.into(), values));
    }

    pub(crate) fn json(&self, layout: Layout) -> Value {
        let mut writer = Writer { sheet: self, layout, parts: BTreeMap::new(), changes: Vec::new() };
        writer.parts.insert("", Part::default());
        for (address, values) in &self.resources {
            writer.write(address, values);
        }
        writer.finish()
    }

    pub(crate) fn plan(&self, layout: Layout) -> Plan {
        Plan::read("plan.json", self.json(layout).to_string().as_bytes(), 0).unwrap()
    }
}

impl Writer<'_> {
    fn write(&mut self, address: &str, values: &Value) {
        let module = self.layout.module(address);
        let (kind, name) = address.split_once('.').unwrap();
        let told = self.told(module, values);
        let mut known = told.known.unwrap_or_else(|| json!({}));
        let mut unknown = told.unknown.unwrap_or_else(|| json!({}));
        if self.sheet.applied {
            known["id"] = json!(id(address));
        } else {
            unknown["id"] = json!(true);
        }
        let whole = self.layout.address(address);
        let about = json!({"mode": "managed", "type": kind, "name": name});
        let with = |more: Value| {
            let mut all = about.as_object().unwrap().clone();
            all.extend(more.as_object().unwrap().clone());
            Value::Object(all)
        };
        let change = json!({"actions": ["create"], "after": known, "after_unknown": unknown});
        self.changes.push(with(json!({"address": whole, "change": change})));
        let part = self.parts.entry(module).or_default();
        part.planned.push(with(json!({"address": whole, "values": known})));
        part.configured.push(with(json!({"address": address, "expressions": told.expression})));
    }

    fn finish(self) -> Value {
        let (mut root, mut children, mut calls) = (json!({}), Vec::new(), Map::new());
        let mut planned = json!({});
        for (name, part) in self.parts {
            let variables: Map<String, Value> =
                part.variables.iter().map(|name| (name.clone(), json!({}))).collect();
            let module =
                json!({"resources": part.configured, "variables": variables, "outputs": part.outputs});
            if name.is_empty() {
                root = module;
                planned = json!(part.planned);
            } else {
                children.push(json!({"address": format!("module.{name}"), "resources": part.planned}));
                calls.insert(
                    name.to_owned(),
                    json!({"source": "./m", "module": module, "expressions": part.given}),
                );
            }
        }
        root["module_calls"] = Value::Object(calls);
        json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": planned, "child_modules": children}},
            "resource_changes": self.changes,
            "configuration": {"root_module": root},
        })
    }

    fn told(&mut self, module: &'static str, value: &Value) -> Told {
        match value {
            Value::String(text) if text == "?" => Told {
                known: None,
                unknown: Some(json!(true)),
                expression: json!({"references": ["random_id.x.hex", "random_id.x"]}),
            },
            Value::String(text) if text.starts_with('=') => {
                let expression = json!({"references": self.references(module, &text[1..])});
                if self.sheet.applied {
                    Told { known: Some(json!(id(&text[1..]))), unknown: None, expression }
                } else {
                    Told { known: None, unknown: Some(json!(true)), expression }
                }
            }
            Value::Array(all)
                if all.iter().any(|one| one.as_str().is_some_and(|text| text.starts_with('='))) =>
            {
                let names: Vec<&str> = all.iter().filter_map(|one| one.as_str()?.strip_prefix('=')).collect();
                let references: Vec<Value> =
                    names.iter().flat_map(|name| self.references(module, name)).collect();
                let expression = json!({"references": references});
                if self.sheet.applied {
                    Told {
                        known: Some(names.iter().map(|name| json!(id(name))).collect()),
                        unknown: None,
                        expression,
                    }
                } else {
                    Told { known: None, unknown: Some(json!(true)), expression }
                }
            }
            Value::Array(all) if all.iter().any(Value::is_object) => {
                let all: Vec<Told> = all.iter().map(|one| self.told(module, one)).collect();
                let or_empty = |of: &Option<Value>| of.clone().unwrap_or_else(|| json!({}));
                Told {
                    known: Some(all.iter().map(|one| or_empty(&one.known)).collect()),
                    unknown: Some(all.iter().map(|one| or_empty(&one.unknown)).collect()),
                    expression: all.into_iter().map(|one| one.expression).collect(),
                }
            }
            Value::Object(members) => self.members(module, members),
            other => Told {
                known: Some(other.clone()),
                unknown: None,
                expression: json!({"constant_value": other}),
            },
        }
    }

    fn members(&mut self, module: &'static str, members: &Map<String, Value>) -> Told {
        let (mut known, mut unknown, mut expressions) = (Map::new(), Map::new(), Map::new());
        for (key, value) in members {
            let told = self.told(module, value);
            known.extend(told.known.map(|value| (key.clone(), value)));
            unknown.extend(told.unknown.map(|value| (key.clone(), value)));
            expressions.insert(key.clone(), told.expression);
        }
        Told { known: Some(known.into()), unknown: Some(unknown.into()), expression: expressions.into() }
    }

    /// How one module names a resource: by itself, by an output of the other, by a variable.
    fn references(&mut self, from: &'static str, to: &str) -> Vec<Value> {
        let of = self.layout.module(to);
        let direct = vec![json!(format!("{to}.id")), json!(to)];
        if from == of {
            return direct;
        }
        let name = to.replace('.', "_");
        let mut outside = direct.clone();
        if !of.is_empty() {
            let output = json!({"expression": {"references": direct}});
            self.parts.entry(of).or_default().outputs.insert(name.clone(), output);
            outside = vec![json!(format!("module.{of}.{name}")), json!(format!("module.{of}"))];
        }
        if from.is_empty() {
            return outside;
        }
        let part = self.parts.entry(from).or_default();
        part.variables.insert(name.clone());
        part.given.insert(name.clone(), json!({"references": outside}));
        vec![json!(format!("var.{name}"))]
    }
}

fn id(address: &str) -> String {
    format!("id-{}", address.replace(['.', '_'], "-"))
}
