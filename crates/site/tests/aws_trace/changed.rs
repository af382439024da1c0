//! Plans that are changed in ways of which the effect is known: more allow rules, halves instead of a whole, other names,
//! other modules.

use crate::corpus;
use crate::random::{Choices, sheet};
use crate::written::{Layout, Sheet};
use serde_json::{Value, json};
use site::model::{Model, Thing};
use site::network::NodeId;
use site::packet::PacketSet;
use site::plan::Plan;
use site::reach::Question;
use site::resource::{Resource, is_mark};
use std::collections::BTreeMap;

/// Probes in one real plan.
const PROBES_MAX: usize = 4;

/// What comes from one place to another: for certain, and at most; and whether packets were lost sight of.
#[derive(Clone, Debug)]
struct Reached {
    sure: PacketSet,
    all: PacketSet,
    lost: bool,
}

impl Reached {
    fn is_same(&self, other: &Self) -> bool {
        self.sure.is_same(&other.sure) && self.all.is_same(&other.all) && self.lost == other.lost
    }

    /// Some of what is lost and what is new.
    fn difference(&self, new: &Self) -> String {
        let first =
            |one: &PacketSet, other: &PacketSet| one.subtract(other).cubes().first().map(ToString::to_string);
        let Self { sure, all, lost } = self;
        let gone = [first(sure, &new.sure), first(all, &new.all)];
        let come = [first(&new.sure, sure), first(&new.all, all)];
        format!("sure and all lost {gone:?}, sure and all new {come:?}, lost sight {lost} {}", new.lost)
    }

    fn has_all_of(&self, less: &Self) -> bool {
        (self.sure.covers(&less.sure)) && (self.lost || self.all.covers(&less.all))
    }
}

type Answers = BTreeMap<(String, String), Reached>;

/// What reaches what in a plan, between its hosts and the internet.
fn answers(plan: &Plan) -> Answers {
    answers_without("no module", plan)
}

/// The same without the hosts of a module.
fn answers_without(module: &str, plan: &Plan) -> Answers {
    let model = Model::draw(None, std::slice::from_ref(plan)).unwrap();
    let mut ends = ends(&model);
    ends.retain(|(name, _)| !name.starts_with(module));
    let mut answers = Answers::new();
    for (name, from) in &ends {
        let reach = Question::of(&model.network).from(*from);
        for (other, to) in ends.iter().filter(|(other, _)| other != name) {
            let cubes = |sure: bool| {
                let found = reach.arrivals(*to).filter(move |one| !sure || one.is_decided());
                PacketSet::from_cubes(found.map(|one| one.packets()))
            };
            let reached = Reached { sure: cubes(true), all: cubes(false), lost: !reach.gaps().is_empty() };
            answers.insert((name.clone(), other.clone()), reached);
        }
    }
    answers
}

fn ends(model: &Model) -> Vec<(String, NodeId)> {
    let end = |(node, thing): (NodeId, &Thing)| match thing {
        Thing::Internet => Some(("internet".to_owned(), node)),
        Thing::Resource { address, .. } => model.network.host(node).map(|_| (address.clone(), node)),
        _ => None,
    };
    model.things().filter_map(end).collect()
}

/// The answers with other names.
fn renamed(answers: Answers, name: impl Fn(&str) -> String) -> Answers {
    answers.into_iter().map(|((from, to), reached)| ((name(&from), name(&to)), reached)).collect()
}

/// That two plans give the same answers for all that both have.
fn assert_same(about: &str, before: &Answers, after: &Answers) {
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{about}: other hosts");
    for (pair, reached) in before {
        assert!(reached.is_same(&after[pair]), "{about}: {pair:?}: {}", reached.difference(&after[pair]));
    }
}

/// That nothing that was reached is lost.
fn assert_more(about: &str, before: &Answers, after: &Answers) {
    for (pair, reached) in before {
        assert!(after[pair].has_all_of(reached), "{about}: {pair:?}: {}", reached.difference(&after[pair]));
    }
}

/// Some random stacks, of which parts are open.
fn stacks(seeds: std::ops::Range<u64>) -> impl Iterator<Item = (u64, Sheet)> {
    seeds.map(|seed| (seed, sheet(seed, seed % 2 == 0)))
}

/// Real plans that have hosts once probes are in them.
fn real() -> Vec<(String, Plan)> {
    let mut plans = corpus::plans();
    if plans.is_empty() {
        println!("the corpus of plans is not here: nothing was compared");
    }
    for (_, plan) in &mut plans {
        corpus::probe(plan, PROBES_MAX);
    }
    plans.retain(|(_, plan)| {
        plan.resources.len() < 400 && plan.resources.iter().any(|one| one.kind == "aws_instance")
    });
    plans
}

#[test]
fn one_more_rule_that_allows_takes_nothing_away() {
    let mut grown = 0;
    for (seed, stack) in stacks(0..8) {
        let before = answers(&stack.plan(Layout::Root));
        let mut choices = Choices::new(seed);
        let mut more = stack.clone();
        let named = |kind: &str| {
            let all = stack.resources.iter().filter(|(address, _)| address.starts_with(kind));
            all.map(|(address, _)| format!("={address}")).collect::<Vec<_>>()
        };
        let group = choices.one(&named("aws_security_group.")).clone();
        let to = *choices.one(&["ingress", "egress"]);
        more.add(
            format!("aws_vpc_security_group_{to}_rule.more"),
            json!({"security_group_id": group, "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0"}),
        );
        for (at, list) in named("aws_network_acl.").into_iter().enumerate() {
            more.add(format!("aws_network_acl_rule.more_{at}"), json!({"network_acl_id": list, "egress": to == "egress", "rule_number": 5, "rule_action": "allow", "protocol": "-1", "cidr_block": "0.0.0.0/0"}));
        }
        let after = answers(&more.plan(Layout::Root));
        assert_more(&format!("stack {seed}"), &before, &after);
        grown += before.iter().filter(|(pair, reached)| !reached.is_same(&after[*pair])).count();
    }
    assert!(grown > 30, "only {grown} answers grew: the rules do nothing");
}

#[test]
fn one_more_rule_that_allows_takes_nothing_away_in_real_plans() {
    for (name, mut plan) in real() {
        let before = answers(&plan);
        let groups: Vec<Resource> =
            plan.resources.iter().filter(|one| one.kind == "aws_security_group").cloned().collect();
        let open = json!({"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]});
        for (at, group) in groups.iter().enumerate() {
            let mut rule = group.clone();
            rule.address = format!("aws_security_group_rule.more_{at}");
            rule.kind = "aws_security_group_rule".to_owned();
            rule.values = open.clone();
            rule.values["type"] = json!("ingress");
            rule.unknown = json!({"security_group_id": true});
            rule.references = [("security_group_id".to_owned(), vec![group.address.clone()])].into();
            rule.configured = None;
            plan.resources.push(rule);
        }
        assert_more(&name, &before, &answers(&plan));
    }
}

/// The halves of every address, wherever a list of ranges has all of them.
fn split_lists(value: &mut Value, count: &mut usize) {
    match value {
        Value::Array(all) => {
            if let Some(at) = all.iter().position(|one| one == "0.0.0.0/0") {
                all.splice(at..=at, [json!("0.0.0.0/1"), json!("128.0.0.0/1")]);
                *count += 1;
            }
            for one in all {
                split_lists(one, count);
            }
        }
        Value::Object(members) => {
            for one in members.values_mut() {
                split_lists(one, count);
            }
        }
        _ => {}
    }
}

/// Two of what has one range: a route, or an entry of a list with the next number.
fn halves(one: &Value, count: &mut usize) -> Vec<Value> {
    let is_whole = |name: &&str| one.get(*name) == Some(&json!("0.0.0.0/0"));
    let Some(name) = ["cidr_block", "destination_cidr_block"].into_iter().find(|name| is_whole(name)) else {
        return vec![one.clone()];
    };
    *count += 1;
    let half = |(at, net)| {
        let mut half = one.clone();
        half[name] = json!(net);
        for number in ["rule_no", "rule_number"] {
            if let Some(known) = one.get(number).and_then(Value::as_i64) {
                half[number] = json!(known + at);
            }
        }
        half
    };
    [(0, "0.0.0.0/1"), (1, "128.0.0.0/1")].map(half).to_vec()
}

#[test]
fn every_address_and_its_two_halves_are_the_same() {
    let mut count = 0;
    for (seed, stack) in stacks(100..108) {
        let mut split = Sheet { resources: Vec::new(), ..stack.clone() };
        for (address, values) in &stack.resources {
            let mut values = values.clone();
            split_lists(&mut values, &mut count);
            for block in ["route", "ingress", "egress"] {
                if let Some(blocks) = values.get(block).and_then(Value::as_array) {
                    values[block] = blocks.iter().flat_map(|one| halves(one, &mut count)).collect();
                }
            }
            let parts = halves(&values, &mut count);
            let names = (0..).map(|at| if at == 0 { address.clone() } else { format!("{address}_half") });
            split.resources.extend(names.zip(parts));
        }
        assert_same(
            &format!("stack {seed}"),
            &answers(&stack.plan(Layout::Root)),
            &answers(&split.plan(Layout::Root)),
        );
    }
    assert!(count > 100, "only {count} were split");
}

/// A name for a second half, with the key of the first.
fn half_name(address: &str) -> String {
    let (start, name) = address.split_at(address.rfind("aws_").unwrap_or(0));
    format!("{start}{}", name.replacen('.', ".half_", 1))
}

#[test]
fn every_address_and_its_two_halves_are_the_same_in_real_plans() {
    let mut count = 0;
    let plans = real();
    for (name, mut plan) in plans.clone() {
        let before = answers(&plan);
        for one in &mut plan.resources {
            split_lists(&mut one.values, &mut count);
        }
        let mut more = Vec::new();
        for one in plan
            .resources
            .iter_mut()
            .filter(|one| ["aws_route", "aws_network_acl_rule"].contains(&one.kind.as_str()))
        {
            let mut parts = halves(&one.values, &mut count).into_iter();
            one.values = parts.next().unwrap();
            more.extend(parts.map(|values| Resource {
                address: half_name(&one.address),
                values,
                ..one.clone()
            }));
        }
        plan.resources.extend(more);
        assert_same(&name, &before, &answers(&plan));
    }
    assert!(plans.is_empty() || count > 20, "only {count} were split");
}

/// Other names, which sort in another order.
fn other_name(address: &str) -> String {
    let (start, name) = address.split_at(address.rfind("aws_").unwrap_or(0));
    let Some((kind, name)) = name.split_once('.') else { return address.to_owned() };
    let block = name.split('[').next().unwrap_or(name);
    let first = 25 - block.bytes().map(usize::from).sum::<usize>() % 26;
    let letter = char::from(b'a' + u8::try_from(first).unwrap());
    format!("{start}{kind}.{letter}_{name}")
}

#[test]
fn other_names_change_nothing() {
    for (seed, stack) in stacks(200..206) {
        let mut text = json!(stack.resources.iter().map(|(_, values)| values).collect::<Vec<_>>());
        rename_names(&mut text);
        let values: Vec<Value> = text.as_array().unwrap().clone();
        let mut resources: Vec<(String, Value)> =
            stack.resources.iter().map(|(address, _)| other_name(address)).zip(values).collect();
        resources.sort_by(|one, other| one.0.cmp(&other.0));
        let other = Sheet { resources, ..stack.clone() };
        let before = renamed(answers(&stack.plan(Layout::Root)), other_name);
        assert_same(&format!("stack {seed}"), &before, &answers(&other.plan(Layout::Root)));
    }
}

fn rename_names(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with('=') => *text = format!("={}", other_name(&text[1..])),
        Value::Array(all) => all.iter_mut().for_each(rename_names),
        Value::Object(members) => members.values_mut().for_each(rename_names),
        _ => {}
    }
}

#[test]
fn other_names_change_nothing_in_real_plans() {
    for (name, mut plan) in real() {
        let before = renamed(answers(&plan), other_name);
        for one in &mut plan.resources {
            one.address = other_name(&one.address);
            let references = one.references.values_mut().flatten();
            references.filter(|one| !is_mark(one)).for_each(|one| *one = other_name(one));
        }
        assert_same(&name, &before, &answers(&plan));
    }
}

#[test]
fn modules_variables_and_outputs_change_nothing() {
    for (seed, stack) in stacks(300..306) {
        let before = answers(&stack.plan(Layout::Root));
        for layout in [Layout::Wrapped, Layout::Split, Layout::Called] {
            let before = renamed(before.clone(), |name| {
                if name == "internet" { name.to_owned() } else { layout.address(name) }
            });
            assert_same(&format!("stack {seed} as {layout:?}"), &before, &answers(&stack.plan(layout)));
        }
    }
}

/// The plan of a root that calls what was the root as a module, and gives it all its variables.
fn wrapped(plan: &Value) -> Value {
    let mut plan = plan.clone();
    let root = plan["configuration"]["root_module"].take();
    let names = root
        .get("variables")
        .and_then(Value::as_object)
        .map(|all| all.keys().cloned().collect::<Vec<_>>())
        .unwrap_or_default();
    let given: serde_json::Map<String, Value> =
        names.iter().map(|name| (name.clone(), json!({"references": [format!("var.{name}")]}))).collect();
    plan["configuration"]["root_module"] = json!({
        "module_calls": {"wrap": {"source": "./wrap", "module": root, "expressions": given}},
        "variables": names.into_iter().map(|name| (name, json!({}))).collect::<serde_json::Map<_, _>>(),
    });
    for values in ["/planned_values", "/prior_state/values"] {
        let Some(values) = plan.pointer_mut(values).and_then(Value::as_object_mut) else { continue };
        let Some(mut module) = values.remove("root_module") else { continue };
        wrap_values(&mut module);
        module["address"] = json!("module.wrap");
        values.insert("root_module".to_owned(), json!({"child_modules": [module]}));
    }
    for list in ["resource_changes", "resource_drift"] {
        for change in plan.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            wrap_address(change, "address");
            if change.get("module_address").is_some() {
                wrap_address(change, "module_address");
            } else {
                change["module_address"] = json!("module.wrap");
            }
        }
    }
    plan
}

fn wrap_address(of: &mut Value, name: &str) {
    if let Some(address) = of.get(name).and_then(Value::as_str) {
        of[name] = json!(format!("module.wrap.{address}"));
    }
}

fn wrap_values(module: &mut Value) {
    wrap_address(module, "address");
    let members = |module: &mut Value, name: &str| {
        module.get_mut(name).and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default()
    };
    for name in ["resources", "child_modules"] {
        let mut inner = members(module, name);
        for one in &mut inner {
            if name == "resources" { wrap_address(one, "address") } else { wrap_values(one) }
        }
        module[name] = json!(inner);
    }
}

#[test]
fn real_plans_in_a_module_give_the_same_answers() {
    let mut compared = 0;
    for (name, bytes) in corpus::files() {
        let Ok(value) = serde_json::from_slice::<Value>(&bytes) else { continue };
        let Ok(mut before) = Plan::read(&name, bytes.as_slice(), 0) else { continue };
        if value.get("configuration").is_none()
            || value.get("planned_values").is_none()
            || before.resources.len() >= 400
        {
            continue;
        }
        let mut after = Plan::read(&name, wrapped(&value).to_string().as_bytes(), 0).unwrap();
        let is_probe = |name: &str| name == "internet" || name.contains("aws_instance.probe_");
        corpus::probe(&mut before, PROBES_MAX);
        corpus::probe(&mut after, PROBES_MAX);
        let before = renamed(answers(&before), |name| {
            if is_probe(name) { name.to_owned() } else { format!("module.wrap.{name}") }
        });
        compared += before.len();
        assert_same(
            &name,
            &before,
            &renamed(answers(&after), |name| name.replace("probe_module_wrap_", "probe_")),
        );
    }
    assert!(corpus::files().is_empty() || compared > 100, "only {compared} answers were compared");
}

#[test]
fn an_unrelated_module_changes_nothing() {
    for (seed, stack) in stacks(400..406) {
        let own = stack.plan(Layout::Root);
        let mut both = own.clone();
        let other = Sheet { applied: false, ..sheet(seed + 1_000, seed % 3 == 0) };
        both.resources.extend(other.plan(Layout::Wrapped).resources);
        let mut after = answers_without("module.wrap.", &both);
        let before = answers(&own);
        after.retain(|pair, _| before.contains_key(pair));
        assert_same(&format!("stack {seed}"), &before, &after);
    }
}

#[test]
fn an_unrelated_module_changes_nothing_in_real_plans() {
    let other = sheet(7_001, false);
    let other = Sheet { applied: false, ..other }.plan(Layout::Wrapped);
    for (name, plan) in real() {
        let mut both = plan.clone();
        both.resources.extend(other.resources.iter().cloned());
        let mut after = answers_without("module.wrap.", &both);
        let before = answers(&plan);
        after.retain(|pair, _| before.contains_key(pair));
        assert_same(&name, &before, &after);
    }
}
