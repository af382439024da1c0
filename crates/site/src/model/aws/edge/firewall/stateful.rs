//! The stateful rules of a firewall: groups of rules by their parts, rules in the words of Suricata, lists of domains.

use super::header::{Header, Variables};
use super::suricata;
use super::{Does, FirewallRule};
use crate::model::aws::edge::field::Field;
use crate::network::Match;

/// The rules of a stateful group, as they stand. `home` is what `$HOME_NET` stands for where the group does not say.
pub(super) fn read(
    place: &str,
    resource: &crate::resource::Resource,
    strict: bool,
    home: &Variables,
) -> Vec<FirewallRule> {
    let group = Field::of(resource, "rule_group").first();
    let text = Field::of(resource, "rules");
    let source = group.at("rules_source").first();
    let variables = variables(&group, home);
    if let Some(text) = text.text().or_else(|| source.at("rules_string").text()) {
        return suricata::read(place, text, &variables);
    }
    let whole =
        [&text, &source.at("rules_string"), &source.at("stateful_rule"), &source.at("rules_source_list")];
    if let Some(unknown) = whole.into_iter().find(|field| field.is_unknown()) {
        return suricata::open(place, unknown.path());
    }
    let mut rules: Vec<FirewallRule> = Vec::new();
    for (at, rule) in source.at("stateful_rule").each().iter().enumerate() {
        rules.extend(by_parts(&format!("{place} stateful_rule[{at}]"), rule, &variables));
    }
    for list in source.at("rules_source_list").each() {
        rules.extend(domains(place, &list, strict, &variables));
    }
    rules
}

/// Whether rules of the group are taken as they stand.
pub(super) fn is_strict(options: &Field<'_>) -> bool {
    options.first().at("rule_order").text() == Some("STRICT_ORDER")
}

/// What the variables of a group stand for, over those that hold for all.
fn variables(group: &Field<'_>, home: &Variables) -> Variables {
    let mut variables = home.clone();
    let block = group.at("rule_variables").first();
    add(&block, &mut variables);
    for set in group.at("reference_sets").first().at("ip_set_references").each() {
        if let Some(key) = set.at("key").text() {
            // What a prefix list holds is known to whoever made it, and rarely to this plan.
            variables.addresses.insert(key.to_owned(), None);
        }
    }
    variables
}

/// Adds the variables of a block.
pub(super) fn add(block: &Field<'_>, variables: &mut Variables) {
    for set in block.at("ip_sets").each() {
        let parts = definition(&set.at("ip_set").first());
        if let Some(key) = set.at("key").text() {
            variables.addresses.insert(key.to_owned(), parts);
        }
    }
    for set in block.at("port_sets").each() {
        let parts = definition(&set.at("port_set").first());
        if let Some(key) = set.at("key").text() {
            variables.ports.insert(key.to_owned(), parts);
        }
    }
}

fn definition(set: &Field<'_>) -> Option<Vec<String>> {
    let parts = set.at("definition");
    if parts.has_unknown() {
        return None;
    }
    parts.texts().into_iter().map(|text| text.map(str::to_owned)).collect()
}

/// A rule that is given by its parts.
fn by_parts(name: &str, rule: &Field<'_>, variables: &Variables) -> Vec<FirewallRule> {
    let header = rule.at("header").first();
    let Some(action) = rule.at("action").text() else { return suricata::open(name, "action") };
    let Some(does) = suricata::does(action) else { return Vec::new() };
    let part = |name: &str| header.at(name).text();
    let (source_port, port) = (part("source_port"), part("destination_port"));
    let (source, destination) = (part("source"), part("destination"));
    let written = Header {
        protocol: part("protocol").unwrap_or("ip"),
        source: source.unwrap_or("any"),
        source_port: source_port.unwrap_or("any"),
        destination: destination.unwrap_or("any"),
        port: port.unwrap_or("any"),
        both_ways: part("direction") == Some("ANY"),
    };
    let unknown = header.has_unknown().then(|| header.path().to_owned());
    let undecided = unknown.or_else(|| option(rule));
    suricata::rules(name, does, &written, undecided.as_deref(), variables)
}

/// The first option of a rule that looks into packets.
fn option(rule: &Field<'_>) -> Option<String> {
    let narrows = |option: &Field<'_>| {
        let keyword = option.at("keyword").text()?;
        let settings: Vec<&str> = option.at("settings").texts().into_iter().flatten().collect();
        // Settings may be written with the keyword: `sid:1`.
        let (name, written) = keyword.split_once(':').unwrap_or((keyword, ""));
        let setting = if written.is_empty() { settings.join(",") } else { written.to_owned() };
        (!suricata::is_neutral(name.trim(), setting.trim())).then(|| name.to_owned())
    };
    rule.at("rule_option").each().iter().find_map(narrows)
}

/// A list of domains. Which addresses have these names, nobody knows; what is no TCP, such a list does not look at.
fn domains(place: &str, list: &Field<'_>, strict: bool, variables: &Variables) -> Vec<FirewallRule> {
    let header = Header {
        protocol: "tcp",
        source: "$HOME_NET",
        source_port: "any",
        destination: "any",
        port: "any",
        both_ways: false,
    };
    let rule = |does| suricata::rules(place, does, &header, Some("rules_source_list"), variables);
    match list.at("generated_rules_type").text() {
        // In strict order the default of the policy stops the others.
        Some("ALLOWLIST") if strict => rule(Does::Pass),
        Some("ALLOWLIST") => [rule(Does::Pass), rule(Does::Drop)].concat(),
        Some("ALERTLIST") => Vec::new(),
        Some(_) => rule(Does::Drop),
        None => suricata::open(place, "generated_rules_type"),
    }
}

/// The rules of all groups in the order in which they decide: strictly as they stand, or what passes first.
pub(super) fn in_order(mut rules: Vec<FirewallRule>, strict: bool) -> Vec<FirewallRule> {
    if !strict {
        rules.sort_by_key(|rule| rule.does != Does::Pass);
    }
    rules
}

/// What is done with packets that no rule matches: rules of the policy's own.
pub(super) fn defaults(place: &str, actions: &Field<'_>, strict: bool) -> Vec<FirewallRule> {
    if !strict {
        return Vec::new();
    }
    if actions.has_unknown() {
        return suricata::open(place, actions.path());
    }
    let texts: Vec<&str> = actions.texts().into_iter().flatten().collect();
    let name = format!("{place} {}", actions.path());
    let drop = |matching: Match, maybe: Option<&str>| FirewallRule {
        name: name.clone(),
        does: Does::Drop,
        matching,
        maybe: maybe.map(str::to_owned),
    };
    if texts.contains(&"aws:drop_strict") {
        return vec![drop(Match::all(), None)];
    }
    match texts.iter().find(|text| text.starts_with("aws:drop_established")) {
        // A connection of TCP is let begin and then carries nothing; a single packet of another protocol passes.
        Some(action) => {
            let tcp = Match::all().by([crate::network::Service::protocol(crate::packet::TCP)]);
            vec![drop(tcp, None), drop(Match::all(), Some(action))]
        }
        None => Vec::new(),
    }
}
