//! Routes, entries of lists and rules of groups as they are written: as blocks, or as resources of their own.

use crate::fact::Net;
use crate::named::{Link, Names, count, is_open, places, texts};
use crate::world::{End, Entry, GATEWAYS, GROUPS, HUBS, Route, Rule, Service, To};
use serde_json::Value;
use site::resource::Resource;

pub(crate) fn route(
    names: &Names<'_>,
    of: &Resource,
    (value, unknown): (&Value, &Value),
    prefix: &str,
) -> Route {
    let written =
        ["cidr_block", "destination_cidr_block"].map(|name| value.get(name).and_then(Value::as_str));
    let net = written.into_iter().flatten().find_map(Net::read);
    let six = ["ipv6_cidr_block", "destination_ipv6_cidr_block"]
        .iter()
        .any(|name| value.get(*name).and_then(Value::as_str).is_some_and(|text| !text.is_empty()));
    let lists =
        places(value, "destination_prefix_list_id").into_iter().flat_map(texts).any(|text| !text.is_empty());
    // Of IPv6 no packets are traced: such a route is no route of any.
    let net = if six && net.is_none() { Net::read("255.255.255.255/32") } else { net };
    let to = if lists { To::Beyond } else { to(names, of, (value, unknown), prefix) };
    Route { net, to, sure: net.is_some() }
}

/// An attribute that names where a route leads, the types that stand there, and what it then leads to.
type Target = (&'static str, &'static [&'static str], fn(String) -> To);

fn to(names: &Names<'_>, of: &Resource, part: (&Value, &Value), prefix: &str) -> To {
    if part.0.get("gateway_id").and_then(Value::as_str) == Some("local") {
        return To::Local;
    }
    let kinds: [Target; 4] = [
        ("gateway_id", GATEWAYS, To::Internet),
        ("nat_gateway_id", &["aws_nat_gateway"], To::Nat),
        ("vpc_peering_connection_id", &["aws_vpc_peering_connection"], To::Peering),
        ("transit_gateway_id", HUBS, To::Hub),
    ];
    for (name, kinds, make) in kinds {
        let path = format!("{prefix}{name}");
        let link = names.link_in(of, part, (name, &path), kinds);
        if link.is_set() {
            return link.one().map_or(To::Unknown, |one| make(one.to_owned()));
        }
    }
    To::Beyond
}

fn service((value, unknown): (&Value, &Value)) -> (Service, bool) {
    let name = if value.get("ip_protocol").is_some() { "ip_protocol" } else { "protocol" };
    let text = value.get(name).map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_lowercase));
    let open = [
        "protocol",
        "ip_protocol",
        "from_port",
        "to_port",
        "type",
        "rule_number",
        "rule_no",
        "action",
        "rule_action",
    ];
    let open = open.iter().any(|name| is_open(value, unknown, name));
    let protocol = match text.as_deref().unwrap_or("-1") {
        "-1" | "all" => None,
        "tcp" => Some(6),
        "udp" => Some(17),
        "icmp" => Some(1),
        "icmpv6" => Some(58),
        other => Some(other.parse().unwrap_or(255)),
    };
    let port = |name: &str| {
        let value = value.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok()).and_then(|port| u16::try_from(port).ok())
    };
    let ports = match protocol {
        Some(6 | 17) => (port("from_port").unwrap_or(0), port("to_port").unwrap_or(u16::MAX)),
        _ => (0, u16::MAX),
    };
    (Service { protocol, ports }, open)
}

pub(crate) fn entry(part: (&Value, &Value), [number, action]: [&str; 2]) -> Entry {
    let (service, open) = service(part);
    let (value, unknown) = part;
    let number =
        value.get(number).and_then(|one| one.as_i64().or_else(|| one.as_str()?.parse().ok())).unwrap_or(0);
    let hidden = is_open(value, unknown, "cidr_block");
    let net = value.get("cidr_block").and_then(Value::as_str).and_then(Net::read);
    let net = if hidden { Net::read("0.0.0.0/0") } else { net };
    let allows =
        value.get(action).and_then(Value::as_str).is_none_or(|text| text.eq_ignore_ascii_case("allow"));
    Entry { number, allows, service, vague: open, net, open: open || hidden }
}

pub(crate) fn rules(
    names: &Names<'_>,
    of: &Resource,
    part: (&Value, &Value),
    (prefix, own): (&str, &str),
) -> Vec<Rule> {
    let (service, vague) = service(part);
    let (value, unknown) = part;
    let mut ends = Vec::new();
    for name in ["cidr_blocks", "cidr_ipv4"] {
        let nets = value.get(name).map(texts).unwrap_or_default();
        ends.extend(nets.into_iter().filter_map(Net::read).map(End::Net));
        if places(unknown, name).into_iter().any(|one| count(one) > 0) {
            ends.push(End::Unknown);
        }
    }
    for name in ["prefix_list_ids", "prefix_list_id"] {
        let known = value.get(name).map(texts).unwrap_or_default();
        if !known.is_empty() || places(unknown, name).into_iter().any(|one| count(one) > 0) {
            ends.push(End::Beyond);
        }
    }
    if value.get("self") == Some(&Value::Bool(true)) {
        ends.push(End::Group(Link::sure(own)));
    }
    for name in ["security_groups", "source_security_group_id", "referenced_security_group_id"] {
        let path = format!("{prefix}{name}");
        let link = names.link_in(of, part, (name, &path), GROUPS);
        let alone = Link { these: Vec::new(), ..link.clone() };
        ends.extend(link.these.iter().map(|one| End::Group(Link { sure: link.sure, ..Link::sure(one) })));
        if !alone.sure {
            ends.push(End::Group(alone));
        }
    }
    ends.into_iter().map(|end| Rule { service, vague, end, open: false }).collect()
}
