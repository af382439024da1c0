//! The stateless rules of a firewall: by priority, without a memory of connections.

use super::header::Variables;
use super::{Does, FirewallRule};
use crate::model::aws::edge::field::Field;
use crate::network::{Match, Service};
use crate::packet::{Addresses, Span};

/// The rules of a stateless group, in the order of their priorities.
pub(super) fn read(place: &str, group: &Field<'_>) -> Vec<FirewallRule> {
    let source = group.at("rules_source").first();
    let block = source.at("stateless_rules_and_custom_actions").first();
    let rules = block.at("stateless_rule");
    if rules.is_unknown() || source.is_unknown() || block.is_unknown() {
        return unread(place, rules.path());
    }
    let mut found: Vec<(u64, Vec<FirewallRule>)> =
        rules.each().iter().map(|found| rule(place, found)).collect();
    found.sort_by_key(|(priority, _)| *priority);
    found.into_iter().flat_map(|(_, rules)| rules).collect()
}

/// Any of the three things may be done with any packet.
pub(super) fn unread(place: &str, what: &str) -> Vec<FirewallRule> {
    let rule = |does| FirewallRule {
        name: place.to_owned(),
        does,
        matching: Match::all(),
        maybe: Some(what.to_owned()),
    };
    [Does::Pass, Does::Forward, Does::Drop].map(rule).to_vec()
}

/// What the actions of a stateless rule, or of a policy's default, do. Actions of one's own only count packets.
pub(super) fn does(actions: &Field<'_>) -> Option<Does> {
    let one = |action: &str| match action {
        "aws:pass" => Some(Does::Pass),
        "aws:drop" => Some(Does::Drop),
        "aws:forward_to_sfe" => Some(Does::Forward),
        _ => None,
    };
    actions.texts().into_iter().flatten().find_map(one)
}

fn rule(place: &str, rule: &Field<'_>) -> (u64, Vec<FirewallRule>) {
    let priority = rule.at("priority").number();
    let name = priority.map_or_else(|| place.to_owned(), |priority| format!("{place} priority {priority}"));
    let definition = rule.at("rule_definition").first();
    let attributes = definition.at("match_attributes").first();
    let unknown = [&attributes, &definition.at("actions"), &rule.at("priority")];
    let Some(does) = does(&definition.at("actions")) else {
        return (priority.unwrap_or_default(), unread(&name, "actions"));
    };
    let maybe = match unknown.into_iter().find(|field| field.has_unknown()) {
        Some(field) => Some(field.path().to_owned()),
        // Flags tell the first packet of a connection from the others; a rule on some of them stops or passes only these.
        None if !attributes.at("tcp_flag").each().is_empty() => Some("tcp_flag".to_owned()),
        None => None,
    };
    let matching = Match {
        source: party(&attributes, "source").into(),
        destination: party(&attributes, "destination").into(),
        services: services(&attributes),
    };
    (priority.unwrap_or_default(), vec![FirewallRule { name, does, matching, maybe }])
}

/// Anybody where nothing is said; wider than it is where it is not known.
fn party(attributes: &Field<'_>, end: &str) -> Addresses {
    let blocks = attributes.at(end).each();
    let definition = |block: &Field<'_>| {
        let text = block.at("address_definition").text();
        text.and_then(|text| Variables::default().addresses(text).ok()).unwrap_or_else(Addresses::all)
    };
    if blocks.is_empty() {
        return Addresses::all();
    }
    blocks.iter().map(definition).fold(Addresses::none(), |known, more| known.with(&more))
}

fn services(attributes: &Field<'_>) -> Vec<Service> {
    let numbers =
        attributes.at("protocols").value().and_then(|list| list.as_array()).cloned().unwrap_or_default();
    let protocol = |number: &serde_json::Value| u8::try_from(number.as_u64()?).ok().map(Span::one);
    let mut protocols: Vec<Span<u8>> = numbers.iter().filter_map(protocol).collect();
    if protocols.is_empty() {
        protocols.push(Span::all());
    }
    let (from, to) = (ports(attributes, "source_port"), ports(attributes, "destination_port"));
    let mut services = Vec::new();
    for protocol in protocols {
        for source_port in &from {
            services.extend(to.iter().map(|port| Service {
                protocol,
                source_port: *source_port,
                port: *port,
            }));
        }
    }
    services
}

fn ports(attributes: &Field<'_>, end: &str) -> Vec<Span<u16>> {
    let blocks = attributes.at(end).each();
    let span = |block: &Field<'_>| {
        let number = |name: &str| block.at(name).number().and_then(|number| u16::try_from(number).ok());
        let Some(from) = number("from_port") else { return Span::all() };
        Span::between(from, number("to_port").unwrap_or(from))
    };
    if blocks.is_empty() { vec![Span::all()] } else { blocks.iter().map(span).collect() }
}
