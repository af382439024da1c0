//! Firewalls as nodes: packets that a route leads to an endpoint of one are judged and go on from the endpoint's subnet.

use super::header::Variables;
use super::{Does, FirewallRule, stateful, stateless};
use crate::model::aws::cloud::{Cloud, SubnetId};
use crate::model::aws::edge::field::Field;
use crate::model::aws::edge::{fan, part, stands_for, title, unknown};
use crate::model::aws::name_of;
use crate::network::{Action, Edge, Match, NodeId, Reason, ReasonId, Rule};
use crate::resource::Resource;

const FIREWALLS: &[&str] = &["aws_networkfirewall_firewall"];
const POLICIES: &[&str] = &["aws_networkfirewall_firewall_policy"];
const GROUPS: &[&str] = &["aws_networkfirewall_rule_group"];

/// Draws the firewalls.
pub(in super::super) fn endpoints(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    for resource in book.kinds(FIREWALLS) {
        firewall(cloud, resource);
    }
    for resource in book.kind("data.aws_networkfirewall_firewall") {
        let (subnets, doubt) = cloud.subnets_named(resource, &["subnet_mapping.subnet_id"]);
        let reason = unknown(cloud, resource, "firewall_policy_arn");
        let entry = cloud.sketch.draft.filter(title(resource));
        cloud.sketch.draft.rule(entry, Rule::allow(name_of(resource), Match::all()).maybe(reason));
        go_on(cloud, resource, entry, &subnets, doubt);
    }
}

fn firewall<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
    let (vpc, _) = cloud.vpc_named(resource, "vpc_id");
    let (mut subnets, mut doubt) = cloud.subnets_named(resource, &["subnet_mapping.subnet_id"]);
    // Blocks that an expression makes name no subnet that the plan tells: any of the network may be one.
    if doubt.is_some() || subnets.iter().any(|subnet| cloud.subnet(*subnet).vpc != vpc) {
        let reason = unknown(cloud, resource, "subnet_mapping.subnet_id");
        subnets = cloud.subnets_of(vpc).map(|(id, _)| id).collect();
        doubt = doubt.or(Some(reason));
    }
    let mut home = Variables::default();
    let range = cloud.vpc(vpc).range.clone();
    let nets = range.vague.is_empty().then(|| range.nets.iter().map(ToString::to_string).collect());
    home.addresses.insert("HOME_NET".to_owned(), nets);
    let entry = cloud.sketch.draft.stateless_filter(title(resource));
    stands_for(cloud, entry, resource);
    let found = cloud.book.named(resource, "firewall_policy_arn", POLICIES);
    let out = if let Some(policy) = found.one() {
        allow_all(cloud, entry);
        engines(cloud, (resource, policy), entry, home)
    } else {
        let reason = unknown(cloud, resource, "firewall_policy_arn");
        let rule = Rule::allow(name_of(resource), Match::all()).maybe(reason);
        cloud.sketch.draft.rule(entry, rule);
        cloud.sketch.draft.answer_rule(entry, Rule::allow(name_of(resource), Match::all()));
        vec![entry]
    };
    let next = join(cloud, resource, &out);
    go_on(cloud, resource, next, &subnets, doubt);
    let edge = Edge::to(entry);
    cloud.leads_to(&name_of(resource), Some(vpc), edge);
    cloud.leads_to(&name_of(resource), None, edge);
    // Of a firewall that stands, routes name the endpoint itself.
    for status in Field::of(resource, "firewall_status").each() {
        for state in status.at("sync_states").each() {
            for attachment in state.at("attachment").each() {
                if let Some(id) = attachment.at("endpoint_id").text() {
                    cloud.leads_to(id, Some(vpc), edge);
                }
            }
        }
    }
}

fn allow_all(cloud: &mut Cloud<'_, '_>, filter: NodeId) {
    cloud.sketch.draft.rule(filter, Rule::allow("to the rules", Match::all()));
    cloud.sketch.draft.answer_rule(filter, Rule::allow("to the rules", Match::all()));
}

/// One node after all that let packets pass.
fn join(cloud: &mut Cloud<'_, '_>, resource: &Resource, from: &[NodeId]) -> NodeId {
    let node = cloud.sketch.draft.filter(part(resource, "judged"));
    cloud.sketch.draft.rule(node, Rule::allow("judged", Match::all()));
    for from in from {
        cloud.sketch.draft.connect(*from, node);
    }
    node
}

/// What was let through goes on from the subnets of the endpoints, as their route tables say.
fn go_on(
    cloud: &mut Cloud<'_, '_>,
    resource: &Resource,
    node: NodeId,
    subnets: &[SubnetId],
    doubt: Option<ReasonId>,
) {
    let edges: Vec<Edge> =
        subnets.iter().map(|subnet| Edge { to: cloud.subnet(*subnet).router, maybe: doubt }).collect();
    let out = fan(cloud, part(resource, "out"), &edges);
    cloud.sketch.draft.connect(node, out);
}

/// The stateless engine, and behind it the stateful one; gives the nodes that packets leave which are let through.
fn engines<'a>(
    cloud: &mut Cloud<'a, '_>,
    (resource, policy): (&Resource, &'a Resource),
    entry: NodeId,
    mut home: Variables,
) -> Vec<NodeId> {
    let block = Field::of(policy, "firewall_policy").first();
    stateful::add(&block.at("policy_variables").first().at("rule_variables").first(), &mut home);
    stateful::add(&block.at("policy_variables").first(), &mut home);
    let rules = stateless_rules(cloud, policy, &block);
    let defaults = block.at("stateless_default_actions");
    let default = stateless::does(&defaults);
    let passed = stateless_filter(cloud, resource, &rules, default, Does::Pass);
    let forwarded = stateless_filter(cloud, resource, &rules, default, Does::Forward);
    cloud.sketch.draft.connect(entry, passed);
    cloud.sketch.draft.connect(entry, forwarded);
    let judged = stateful_filter(cloud, resource, policy, &block, &home);
    cloud.sketch.draft.connect(forwarded, judged);
    vec![passed, judged]
}

/// The groups that a policy names in its blocks, in their order, each with its priority.
fn referenced<'a>(
    cloud: &mut Cloud<'a, '_>,
    policy: &'a Resource,
    block: &Field<'_>,
    name: &str,
) -> Vec<(u64, Option<&'a Resource>, Option<String>)> {
    let references = block.at(name);
    let all = cloud.book.named(policy, &format!("firewall_policy.{name}.resource_arn"), GROUPS);
    let blocks = references.each();
    let mut found = Vec::new();
    for reference in &blocks {
        let arn = reference.at("resource_arn");
        let known = arn
            .text()
            .and_then(|arn| cloud.book.by_id(arn))
            .filter(|one| GROUPS.contains(&one.kind.as_str()));
        // References stand for all blocks together: they tell which is which where there are as many, in their order.
        let named = match (known, all.these.len() == blocks.len(), all.these.as_slice()) {
            (Some(known), ..) => Some(known),
            (None, true, [one]) => Some(*one),
            (None, ..) => None,
        };
        found.push((
            reference.at("priority").number().unwrap_or_default(),
            named,
            arn.text().map(str::to_owned),
        ));
    }
    // Several groups of which only the set is known: their order is that of priorities only where these decide nothing.
    if found.len() > 1
        && found.iter().all(|(_, group, arn)| group.is_none() && arn.is_none())
        && all.these.len() == found.len()
        && all.open.is_none()
    {
        return all.these.iter().map(|one| (0, Some(*one), Some(String::new()))).collect();
    }
    found.sort_by_key(|(priority, ..)| *priority);
    found
}

/// Rules of groups of which only the set is known: any of them may come too late to decide.
fn unordered(rules: &mut [FirewallRule]) {
    for rule in rules {
        rule.maybe.get_or_insert_with(|| "priority".to_owned());
    }
}

fn stateless_rules<'a>(
    cloud: &mut Cloud<'a, '_>,
    policy: &'a Resource,
    block: &Field<'_>,
) -> Vec<FirewallRule> {
    let name = "stateless_rule_group_reference";
    let mut rules = Vec::new();
    if block.at(name).is_unknown() {
        rules.extend(stateless::unread(&name_of(policy), name));
    }
    for (_, group, known) in referenced(cloud, policy, block, name) {
        match group {
            Some(group) => {
                let place = name_of(group);
                let mut read = stateless::read(&place, &Field::of(group, "rule_group").first());
                if known.as_deref() == Some("") {
                    unordered(&mut read);
                }
                rules.extend(read);
            }
            None => rules.extend(stateless::unread(&name_of(policy), name)),
        }
    }
    rules
}

/// A filter that lets through what the stateless rules do this with. Their answers come back where nothing drops them.
fn stateless_filter(
    cloud: &mut Cloud<'_, '_>,
    resource: &Resource,
    rules: &[FirewallRule],
    default: Option<Does>,
    wanted: Does,
) -> NodeId {
    let what = if wanted == Does::Pass { "stateless pass" } else { "stateless forward" };
    let filter = cloud.sketch.draft.stateless_filter(part(resource, what));
    for rule in rules {
        let there = made(cloud, rule, rule.does == wanted);
        cloud.sketch.draft.rule(filter, there);
        let back = made(cloud, rule, rule.does != Does::Drop);
        cloud.sketch.draft.answer_rule(filter, back);
    }
    let name = format!("{} stateless_default_actions", name_of(resource));
    let maybe = default.is_none().then(|| unknown(cloud, resource, "stateless_default_actions"));
    let rule = |allows: bool| {
        let rule = if allows { Rule::allow(&name, Match::all()) } else { Rule::deny(&name, Match::all()) };
        Rule { maybe, ..rule }
    };
    cloud.sketch.draft.rule(filter, rule(default.is_none_or(|default| default == wanted)));
    cloud.sketch.draft.answer_rule(filter, rule(default != Some(Does::Drop)));
    filter
}

fn made(cloud: &mut Cloud<'_, '_>, rule: &FirewallRule, allows: bool) -> Rule {
    let action = if allows { Action::Allow } else { Action::Deny };
    let reason = rule.maybe.as_ref().map(|what| Reason::attribute(rule.name.clone(), what.clone()));
    let maybe = reason.map(|reason| cloud.reason(reason));
    Rule { name: rule.name.clone(), matching: rule.matching.clone(), action, maybe }
}

fn stateful_filter<'a>(
    cloud: &mut Cloud<'a, '_>,
    resource: &Resource,
    policy: &'a Resource,
    block: &Field<'_>,
    home: &Variables,
) -> NodeId {
    let filter = cloud.sketch.draft.filter(part(resource, "stateful"));
    cloud.sketch.draft.otherwise(filter, Action::Allow);
    let strict = stateful::is_strict(&block.at("stateful_engine_options"));
    let name = "stateful_rule_group_reference";
    let mut rules = Vec::new();
    if block.at(name).is_unknown() {
        rules.extend(super::suricata::open(&name_of(policy), name));
    }
    for (_, group, arn) in referenced(cloud, policy, block, name) {
        if let Some(group) = group {
            let mut read = stateful::read(&name_of(group), group, strict, home);
            if strict && arn.as_deref() == Some("") {
                unordered(&mut read);
            }
            rules.extend(read);
            continue;
        }
        // Groups that AWS manages only drop.
        let managed = arn.as_deref().is_some_and(|arn| arn.contains(":aws-managed:"));
        let place = format!("{} {}", name_of(policy), arn.unwrap_or_default());
        let open = super::suricata::open(&place, name);
        rules.extend(open.into_iter().filter(|rule| !managed || rule.does == Does::Drop));
    }
    let mut rules = stateful::in_order(rules, strict);
    rules.extend(stateful::defaults(&name_of(policy), &block.at("stateful_default_actions"), strict));
    for rule in &rules {
        let rule = made(cloud, rule, rule.does == Does::Pass);
        cloud.sketch.draft.rule(filter, rule);
    }
    filter
}
