//! Bad and hostile input, from the text of a file to the whole check: each ends in an error that says what is wrong, or in
//! an answer after bounded work. Nothing here may end the process, nor take minutes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it should be"
)]
#![expect(clippy::indexing_slicing, clippy::string_slice, reason = "as above")]
#![expect(clippy::print_stdout, reason = "what was not compared is told")]

mod clouds;
mod damage;
mod files;
mod sites;

use serde_json::{Map, Value, json};
use site::attack::Attacks;
use site::check::{Check, Given};
use site::description::{self, Day, Phase, Site};
use site::model::Model;
use site::plan::Plan;
use site::reach::{Answer, Question};
use std::fmt::Write as _;
use std::path::Path;

fn checked(site: Option<&Site>, plans: &[Plan]) -> Result<(Check, Model), base::Problem> {
    let today = Day::parse("2026-11-22").unwrap();
    Given { site, phase: Phase::Now, plans, sources: &[], today }.check()
}

fn check(site: Option<&Site>, plans: &[Plan]) -> (Check, Model) {
    checked(site, plans).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn code(text: &str) -> String {
    match Plan::read("plan.json", text.as_bytes(), 0) {
        Ok(plan) => panic!("it was read: {} resources", plan.resources.len()),
        Err(problem) => problem.code().id.to_owned(),
    }
}

/// A plan as Terraform writes it. A text `=aws_vpc.a` is an attribute that names this address and is known after apply.
#[derive(Default)]
struct Made(Vec<(String, Value)>);

impl Made {
    fn with(mut self, address: impl Into<String>, values: Value) -> Self {
        self.0.push((address.into(), values));
        self
    }

    /// A network with a subnet, an internet gateway and a route to it.
    fn network() -> Self {
        Self::default()
            .with("aws_vpc.main", json!({"cidr_block": "10.0.0.0/16"}))
            .with("aws_internet_gateway.main", json!({"vpc_id": "=aws_vpc.main"}))
            .with("aws_route_table.main", json!({"vpc_id": "=aws_vpc.main"}))
            .with(
                "aws_route.out",
                json!({"route_table_id": "=aws_route_table.main", "destination_cidr_block": "0.0.0.0/0",
                       "gateway_id": "=aws_internet_gateway.main"}),
            )
            .with("aws_subnet.main", json!({"vpc_id": "=aws_vpc.main", "cidr_block": "10.0.1.0/24"}))
            .with(
                "aws_route_table_association.main",
                json!({"subnet_id": "=aws_subnet.main", "route_table_id": "=aws_route_table.main"}),
            )
    }

    /// The network with an instance of a public address in a group with these values.
    fn guarded(group: Value) -> Self {
        let mut group = group;
        group["vpc_id"] = json!("=aws_vpc.main");
        Self::network().with("aws_security_group.main", group).with(
            "aws_instance.main",
            json!({"subnet_id": "=aws_subnet.main", "vpc_security_group_ids": ["=aws_security_group.main"],
                   "associate_public_ip_address": true}),
        )
    }

    fn json(&self) -> Value {
        let (mut planned, mut changes, mut configured) = (Vec::new(), Vec::new(), Vec::new());
        for (address, values) in &self.0 {
            let (kind, name) = address.split_once('.').unwrap();
            let (mut known, mut unknown, mut given) = (Map::new(), Map::new(), Map::new());
            for (key, value) in values.as_object().unwrap() {
                let names = named(value);
                if names.is_empty() {
                    known.insert(key.clone(), value.clone());
                    // Of a constant, only that it is given counts: so that a million rules stand here once.
                    given.insert(key.clone(), json!({}));
                } else {
                    unknown.insert(key.clone(), json!(true));
                    let names: Vec<String> =
                        names.iter().flat_map(|name| [format!("{name}.id"), (*name).to_owned()]).collect();
                    given.insert(key.clone(), json!({ "references": names }));
                }
            }
            let head = json!({"address": address, "mode": "managed", "type": kind, "name": name});
            let with = |key: &str, value: Value| {
                let mut with = head.clone();
                with[key] = value;
                with
            };
            changes.push(with("change", json!({"actions": ["create"], "after_unknown": unknown})));
            planned.push(with("values", known.into()));
            configured.push(with("expressions", given.into()));
        }
        json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": planned}},
            "resource_changes": changes,
            "configuration": {"root_module": {"resources": configured}},
        })
    }

    fn plan(&self) -> Plan {
        Plan::read("plan.json", self.json().to_string().as_bytes(), 0).unwrap()
    }
}

fn named(value: &Value) -> Vec<&str> {
    let name = |value: &'_ Value| value.as_str().is_some_and(|text| text.starts_with('='));
    match value {
        Value::Array(all) if all.iter().any(name) => {
            all.iter().filter_map(|one| one.as_str()?.strip_prefix('=')).collect()
        }
        Value::String(text) => text.strip_prefix('=').into_iter().collect(),
        _ => Vec::new(),
    }
}

fn from_internet(model: &Model, to: &str) -> &'static str {
    let (from, to) = (model.find("internet").unwrap(), model.find(to).unwrap());
    match Question::of(&model.network).from(from).to(to) {
        Answer::Reached(reached) if reached.decided => "yes",
        Answer::Reached(_) => "maybe",
        Answer::Undecided(_) => "undecided",
        Answer::NoPath => "no",
    }
}

/// Why the answer is in doubt.
fn doubts(model: &Model, to: &str) -> String {
    let (from, to) = (model.find("internet").unwrap(), model.find(to).unwrap());
    match Question::of(&model.network).from(from).to(to) {
        Answer::Reached(reached) => format!("{:?}", reached.reasons),
        Answer::Undecided(gaps) => format!("{:?}", gaps.iter().map(|gap| &gap.reason).collect::<Vec<_>>()),
        Answer::NoPath => String::new(),
    }
}

/// Runs something that must come to its end; what it is called is told first, so that it can be found where it does not.
fn run<T>(what: &str, run: impl FnOnce() -> T) -> T {
    println!("{what}");
    run()
}
