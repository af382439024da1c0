//! Plans written as Terraform writes them, and short answers.

use serde_json::{Map, Value, json};
use site::model::Model;
use site::plan::Plan;
use site::reach::{Answer, Question};

/// A plan of a new stack: no id is known. A text `=aws_vpc.main` stands for an attribute that names this address, and is
/// known only after apply; `?` for one that is only known then and names nothing; `=local.x` passes through a local value.
#[derive(Clone, Default)]
pub(crate) struct Made {
    resources: Vec<(String, Value)>,
}

/// Parts of a value as a plan has them: what is known, what is not, and what its configuration names.
struct Parts {
    known: Option<Value>,
    unknown: Option<Value>,
    expression: Value,
}

impl Made {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A network 10.0.0.0/16 with an internet gateway, a route table that leads to it, and a subnet `public` with it; and a
    /// subnet `private` with a table of only the local route.
    pub(crate) fn network() -> Self {
        Self::new()
            .with("aws_vpc.main", json!({"cidr_block": "10.0.0.0/16"}))
            .with("aws_internet_gateway.main", json!({"vpc_id": "=aws_vpc.main"}))
            .with("aws_route_table.public", json!({"vpc_id": "=aws_vpc.main"}))
            .with(
                "aws_route.public",
                json!({
                    "route_table_id": "=aws_route_table.public",
                    "destination_cidr_block": "0.0.0.0/0",
                    "gateway_id": "=aws_internet_gateway.main",
                }),
            )
            .with("aws_route_table.private", json!({"vpc_id": "=aws_vpc.main"}))
            .subnet("public", "10.0.1.0/24")
            .subnet("private", "10.0.2.0/24")
    }

    pub(crate) fn with(mut self, address: &str, values: Value) -> Self {
        self.resources.push((address.to_owned(), values));
        self
    }

    /// Without a resource.
    pub(crate) fn without(mut self, address: &str) -> Self {
        let before = self.resources.len();
        self.resources.retain(|(known, _)| known != address);
        assert!(self.resources.len() < before, "{address} was not there");
        self
    }

    /// The same with other values of a resource.
    pub(crate) fn change(mut self, address: &str, values: Value) -> Self {
        let found = self.resources.iter_mut().find(|(known, _)| known == address).unwrap();
        for (key, value) in values.as_object().unwrap() {
            found.1[key] = value.clone();
        }
        self
    }

    /// A subnet of `aws_vpc.main` with the route table of its name.
    pub(crate) fn subnet(self, name: &str, net: &str) -> Self {
        self.with(&format!("aws_subnet.{name}"), json!({"vpc_id": "=aws_vpc.main", "cidr_block": net})).with(
            &format!("aws_route_table_association.{name}"),
            json!({"subnet_id": format!("=aws_subnet.{name}"), "route_table_id": format!("=aws_route_table.{name}")}),
        )
    }

    /// A security group that lets in these ports of TCP from a range, and everything out.
    pub(crate) fn group(self, name: &str, from: &str, port: u16) -> Self {
        self.with(
            &format!("aws_security_group.{name}"),
            json!({
                "vpc_id": "=aws_vpc.main",
                "ingress": [{"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": [from]}],
                "egress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": ["::/0"]}],
            }),
        )
    }

    /// An instance in a subnet with a group.
    pub(crate) fn instance(self, name: &str, subnet: &str, group: &str, public: bool) -> Self {
        self.with(
            &format!("aws_instance.{name}"),
            json!({
                "subnet_id": format!("=aws_subnet.{subnet}"),
                "vpc_security_group_ids": [format!("=aws_security_group.{group}")],
                "associate_public_ip_address": public,
            }),
        )
    }

    /// The plan, read.
    pub(crate) fn plan(&self, number: usize) -> Plan {
        let (mut planned, mut changes, mut configured) = (Vec::new(), Vec::new(), Vec::new());
        for (address, values) in &self.resources {
            let (kind, name) = address.split_once('.').unwrap();
            let name = name.split('[').next().unwrap();
            let parts = parts(values);
            let known = parts.known.unwrap_or_else(|| json!({}));
            let unknown = parts.unknown.unwrap_or_else(|| json!({}));
            planned.push(
                json!({"address": address, "mode": "managed", "type": kind, "name": name, "values": known}),
            );
            let change = json!({"actions": ["create"], "after": known, "after_unknown": unknown});
            changes.push(
                json!({"address": address, "mode": "managed", "type": kind, "name": name, "change": change}),
            );
            let block = format!("{kind}.{name}");
            if !configured.iter().any(|known: &Value| known["address"] == json!(block)) {
                configured.push(json!({"address": block, "mode": "managed", "type": kind, "name": name, "expressions": parts.expression}));
            }
        }
        let plan = json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": planned}},
            "resource_changes": changes,
            "configuration": {"root_module": {"resources": configured}},
        });
        Plan::read("plan.json", plan.to_string().as_bytes(), number).unwrap()
    }

    pub(crate) fn model(&self) -> Model {
        Model::draw(None, &[self.plan(0)]).unwrap()
    }

    /// Whether anything that begins at one node reaches another.
    pub(crate) fn ask(&self, from: &str, to: &str) -> &'static str {
        ask(&self.model(), from, to)
    }
}

fn parts(value: &Value) -> Parts {
    match value {
        Value::String(text) if text == "?" => {
            Parts { known: None, unknown: Some(json!(true)), expression: json!({"references": ["var.x"]}) }
        }
        Value::String(text) if is_name(value) => {
            let name = text.strip_prefix('=').unwrap();
            Parts { known: None, unknown: Some(json!(true)), expression: references(&[name]) }
        }
        Value::Array(elements) if elements.iter().any(is_name) => {
            let names: Vec<&str> =
                elements.iter().filter_map(|one| one.as_str()?.strip_prefix('=')).collect();
            Parts { known: None, unknown: Some(json!(true)), expression: references(&names) }
        }
        Value::Array(elements) if elements.iter().any(Value::is_object) => {
            let all: Vec<Parts> = elements.iter().map(parts).collect();
            Parts {
                known: Some(all.iter().map(|one| one.known.clone().unwrap_or_else(|| json!({}))).collect()),
                unknown: Some(
                    all.iter().map(|one| one.unknown.clone().unwrap_or_else(|| json!({}))).collect(),
                ),
                expression: all.into_iter().map(|one| one.expression).collect(),
            }
        }
        Value::Object(members) => {
            let (mut known, mut unknown, mut expressions) = (Map::new(), Map::new(), Map::new());
            for (key, value) in members {
                let part = parts(value);
                known.extend(part.known.map(|value| (key.clone(), value)));
                unknown.extend(part.unknown.map(|value| (key.clone(), value)));
                expressions.insert(key.clone(), part.expression);
            }
            Parts { known: Some(known.into()), unknown: Some(unknown.into()), expression: expressions.into() }
        }
        other => {
            Parts { known: Some(other.clone()), unknown: None, expression: json!({"constant_value": other}) }
        }
    }
}

fn is_name(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with('='))
}

/// As Terraform lists them: each followed by its own beginning.
fn references(names: &[&str]) -> Value {
    let mut all = Vec::new();
    for name in names {
        if !["local.", "count.", "each."].iter().any(|mark| name.starts_with(mark)) {
            all.push(format!("{name}.id"));
        }
        all.push((*name).to_owned());
    }
    json!({"references": all})
}

/// `yes`, `no`; `maybe` where packets arrive in doubt, `undecided` where they were lost sight of.
pub(crate) fn ask(model: &Model, from: &str, to: &str) -> &'static str {
    let node = |name: &str| model.find(name).unwrap_or_else(|| panic!("there is no {name}"));
    let (from, to) = (node(from), node(to));
    let reach = Question::of(&model.network).from(from);
    match reach.to(to) {
        Answer::Reached(reached) if reached.decided => "yes",
        Answer::Reached(_) => "maybe",
        Answer::Undecided(_) => "undecided",
        Answer::NoPath => "no",
    }
}

/// The reasons for an answer that is in doubt.
pub(crate) fn reasons(model: &Model, from: &str, to: &str) -> Vec<String> {
    let (from, to) = (model.find(from).unwrap(), model.find(to).unwrap());
    let text = |reason: &site::network::Reason| format!("{} {}", reason.place, reason.attribute);
    match Question::of(&model.network).from(from).to(to) {
        Answer::Reached(reached) => reached.reasons.iter().map(text).collect(),
        Answer::Undecided(gaps) => gaps.iter().map(|gap| text(&gap.reason)).collect(),
        Answer::NoPath => Vec::new(),
    }
}
