//! Instances, their interfaces and public addresses, groups of instances, and the nodes of container clusters.

use super::book::{Found, has_true, parts, texts};
use super::cloud::Cloud;
use super::hosts::{address_of, by_subnet, either, groups_of, holds, place, title};
use super::lay::{SUBNETS, flag, subnets_found};
use super::standing::{Set, Standing};
use super::{groups, name_of};
use crate::model::thing::Thing;
use crate::network::{Host, Known, Placement, Reason};
use crate::packet::Addresses;
use crate::resource::{Attribute, Resource};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Instances of a module that an elastic address may belong to.
const MEANT_MAX: usize = 256;
/// What is an instance.
const INSTANCES: &[&str] = &["aws_instance", "aws_spot_instance_request"];
/// What is an interface.
const INTERFACES: &[&str] = &["aws_network_interface"];
/// Where types name a launch template.
const TEMPLATES: [&str; 4] = [
    "launch_template.id",
    "launch_template.name",
    "mixed_instances_policy.launch_template.launch_template_specification.launch_template_id",
    "launch_configuration",
];

/// An elastic address, if it is known, and why it is not sure whose it is.
type Elastic = (Option<IpAddr>, Option<Reason>);

/// What other resources say of an instance or interface.
#[derive(Default)]
struct Said<'a> {
    /// Elastic addresses: known or not, and why it is not sure that they are its own.
    elastic: BTreeMap<String, Vec<Elastic>>,
    /// More groups.
    groups: BTreeMap<String, Vec<&'a Resource>>,
    /// Interfaces that belong to an instance.
    interfaces: BTreeMap<String, Vec<&'a Resource>>,
    /// Interfaces that belong to some instance.
    taken: BTreeSet<String>,
}

/// Draws instances and what is made of instances.
pub(super) fn draw(cloud: &mut Cloud<'_, '_>) {
    let said = said(cloud);
    let book = cloud.book;
    for resource in book.kinds(INSTANCES) {
        instance(cloud, resource, &said);
    }
    for resource in book.kinds(INTERFACES) {
        if !said.taken.contains(&name_of(resource)) {
            let standing = interface(cloud, resource, &said);
            place(cloud, resource, &standing, false);
        }
    }
    for resource in book.kind("aws_autoscaling_group") {
        group_of_instances(cloud, resource);
    }
}

fn said<'a>(cloud: &Cloud<'a, '_>) -> Said<'a> {
    let (mut said, book) = (Said::default(), cloud.book);
    for resource in book.kind("aws_eip") {
        for (attribute, kinds) in [("instance", INSTANCES), ("network_interface", INTERFACES)] {
            let found = book.named(resource, attribute, kinds);
            give(cloud, &mut said, resource, &found, address_of(resource, &["public_ip"]));
        }
    }
    for resource in book.kind("aws_eip_association") {
        let eip = book.named(resource, "allocation_id", &["aws_eip", "data.aws_eip"]);
        let address = eip
            .one()
            .and_then(|eip| address_of(eip, &["public_ip"]))
            .or(address_of(resource, &["public_ip"]));
        for (attribute, kinds) in [("instance_id", INSTANCES), ("network_interface_id", INTERFACES)] {
            let found = book.named(resource, attribute, kinds);
            give(cloud, &mut said, resource, &found, address);
        }
    }
    for resource in book.kind("aws_network_interface_sg_attachment") {
        let groups = book.named(resource, "security_group_id", groups::GROUPS).these;
        let found = book.named(resource, "network_interface_id", &["aws_network_interface", "aws_instance"]);
        for one in found.these {
            said.groups.entry(name_of(one)).or_default().extend(groups.iter().copied());
        }
    }
    for resource in book.kinds(INSTANCES) {
        for path in
            ["network_interface.network_interface_id", "primary_network_interface.network_interface_id"]
        {
            let found = book.named(resource, path, INTERFACES);
            said.interfaces.entry(name_of(resource)).or_default().extend(found.these.iter().copied());
            said.taken.extend(found.these.into_iter().map(name_of));
        }
    }
    for resource in book.kind("aws_network_interface_attachment") {
        let instance = book.named(resource, "instance_id", INSTANCES);
        let found = book.named(resource, "network_interface_id", INTERFACES);
        if let (Some(instance), Some(interface)) = (instance.one(), found.one()) {
            said.interfaces.entry(name_of(instance)).or_default().push(interface);
            said.taken.insert(name_of(interface));
        }
    }
    said
}

/// Gives an elastic address to what is named; where that is not known, to what may be meant.
fn give<'a>(
    cloud: &Cloud<'a, '_>,
    said: &mut Said<'a>,
    eip: &Resource,
    found: &Found<'a>,
    address: Option<IpAddr>,
) {
    let mut meant: Vec<&Resource> = found.these.clone();
    if meant.is_empty() && found.open.is_some() {
        let beside = |one: &&'a Resource| one.plan == eip.plan && one.module == eip.module;
        let all = cloud.book.kinds(INSTANCES).chain(cloud.book.kinds(INTERFACES));
        meant = all.filter(beside).take(MEANT_MAX).collect();
    }
    for one in meant {
        said.elastic.entry(name_of(one)).or_default().push((address, found.open.clone()));
    }
}

fn instance<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, said: &Said<'a>) {
    let name = name_of(resource);
    let interfaces = said.interfaces.get(&name).cloned().unwrap_or_default();
    let mut standings: Vec<Standing> = interfaces.iter().map(|one| interface(cloud, one, said)).collect();
    let is_own = parts(&resource.values, "network_interface").is_empty()
        && resource.values.get("network_interface").and_then(Value::as_array).is_none_or(Vec::is_empty);
    if is_own || standings.is_empty() {
        standings.insert(0, own_interface(cloud, resource, said));
    }
    let [first, more @ ..] = standings.as_slice() else { return };
    let mut all = first.clone();
    all.subnets.extend(more.iter().flat_map(|standing| standing.subnets.iter().copied()));
    let title = title(cloud, resource, &all.subnets);
    let placement = placement(cloud, &title.place, &standings);
    let host = Host { placement, holds: holds(resource, false), relays: Known::Yes };
    let node = cloud.sketch.draft.host(title, host);
    cloud.sketch.stands_for(node, Thing::resource(resource.plan, &resource.address));
    for standing in &standings {
        cloud.join(node, standing);
    }
    cloud.hosts.insert(name, (node, all));
    for (one, standing) in interfaces.iter().zip(standings.iter().rev().take(interfaces.len()).rev()) {
        cloud.hosts.insert(name_of(one), (node, standing.clone()));
        cloud.sketch.call(name_of(one), node);
    }
}

/// The addresses of all interfaces; known only if all are.
fn placement(cloud: &mut Cloud<'_, '_>, place: &str, standings: &[Standing]) -> Placement {
    let mut all = Addresses::none();
    let mut vague = None;
    for standing in standings {
        match cloud.placement(place, standing) {
            Placement::At(addresses) => all = all.with(&addresses),
            Placement::Within(addresses, reason) | Placement::InEach { all: addresses, reason, .. } => {
                all = all.with(&addresses);
                vague = Some(reason);
            }
        }
    }
    match vague {
        None => Placement::At(all),
        Some(reason) => Placement::Within(all, reason),
    }
}

/// The interface that an instance is started with.
fn own_interface<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, said: &Said<'a>) -> Standing {
    let template = template(cloud, resource);
    let mut found = cloud.book.named(resource, "subnet_id", SUBNETS);
    if let Some(template) = template.filter(|_| found.is_unset()) {
        found = cloud.book.named(template, "network_interfaces.subnet_id", SUBNETS);
    }
    let (subnets, doubt) = subnets_found(cloud, resource, "subnet_id", &found);
    let mut from: Vec<(&Resource, &str)> =
        vec![(resource, "vpc_security_group_ids"), (resource, "security_groups")];
    from.extend(template.into_iter().flat_map(of_template));
    let mut set = groups_of(cloud, resource, &from, &subnets);
    more_groups(cloud, &mut set, said.groups.get(&name_of(resource)));
    let own = match resource.attribute("associate_public_ip_address") {
        Attribute::Unset => match template.map(|template| template_public(cloud, template)) {
            Some(Some(known)) => known,
            Some(None) | None => by_subnet(cloud, &subnets),
        },
        _ => flag(cloud, resource, "associate_public_ip_address", false),
    };
    let mut standing = Standing::new(subnets, set).public(own);
    standing.doubt = doubt;
    standing.public_address = address_of(resource, &["public_ip"]);
    if standing.public_address.is_some() {
        standing.public = Known::Yes;
    }
    addresses(cloud, resource, &mut standing, &["private_ip"], "ipv6_addresses");
    elastic(cloud, said.elastic.get(&name_of(resource)), &mut standing);
    standing
}

/// An interface of its own.
fn interface(cloud: &mut Cloud<'_, '_>, resource: &Resource, said: &Said<'_>) -> Standing {
    let found = cloud.book.at(resource.plan, &resource.address);
    let Some(resource) = found else { return Standing::new(Vec::new(), Set::default()) };
    let (subnets, doubt) = cloud.subnets_named(resource, &["subnet_id"]);
    let mut set = cloud.set_named(resource, &["security_groups"], &subnets);
    more_groups(cloud, &mut set, said.groups.get(&name_of(resource)));
    let mut standing = Standing::new(subnets, set);
    standing.doubt = doubt;
    addresses(cloud, resource, &mut standing, &["private_ip"], "ipv6_addresses");
    if standing.addresses.is_empty() {
        let known = resource.values.get("private_ips").map(texts).unwrap_or_default();
        standing.addresses = known.iter().filter_map(|text| text.parse().ok()).collect();
    }
    elastic(cloud, said.elastic.get(&name_of(resource)), &mut standing);
    standing
}

fn more_groups(cloud: &Cloud<'_, '_>, set: &mut Set, more: Option<&Vec<&Resource>>) {
    let number = |one: &&Resource| cloud.group_names.get(&name_of(one)).copied();
    set.groups.extend(more.into_iter().flatten().filter_map(number));
    set.groups.sort_unstable();
    set.groups.dedup();
}

/// Known private addresses, and whether it has IPv6.
fn addresses(cloud: &mut Cloud<'_, '_>, resource: &Resource, standing: &mut Standing, v4: &[&str], v6: &str) {
    let known: Vec<IpAddr> = resource
        .values
        .get(v6)
        .map(texts)
        .unwrap_or_default()
        .iter()
        .filter_map(|text| text.parse().ok())
        .collect();
    let by_subnet =
        standing.subnets.iter().fold(Known::No, |all, one| either(all, cloud.subnet(*one).maps_v6));
    let count = |name: &str| super::acl::whole(resource.values.get(name)).is_some_and(|count| count > 0);
    let asks = count("ipv6_address_count") || !known.is_empty();
    let is_open = resource.attribute(v6) == Attribute::Unknown
        || resource.attribute("ipv6_address_count") == Attribute::Unknown;
    standing.v6 = match (asks, is_open) {
        (true, _) => Known::Yes,
        (false, true) => Known::Undecided(cloud.reason(Reason::attribute(name_of(resource), v6))),
        (false, false) => by_subnet,
    };
    let is_told = standing.v6 == Known::No || !known.is_empty();
    if let Some(address) = address_of(resource, v4).filter(|_| is_told) {
        standing.addresses = std::iter::once(address).chain(known).collect();
    }
}

fn elastic(cloud: &mut Cloud<'_, '_>, given: Option<&Vec<Elastic>>, standing: &mut Standing) {
    for (address, open) in given.into_iter().flatten() {
        let known = match open {
            None => Known::Yes,
            Some(reason) => Known::Undecided(cloud.reason(reason.clone())),
        };
        standing.public = either(standing.public, known);
        if open.is_none() && standing.public_address.is_none() {
            standing.public_address = *address;
        }
    }
}

/// The template by which instances are started.
pub(super) fn template<'a>(cloud: &Cloud<'a, '_>, resource: &'a Resource) -> Option<&'a Resource> {
    let kinds = ["aws_launch_template", "aws_launch_configuration"];
    TEMPLATES.iter().find_map(|path| cloud.book.named(resource, path, &kinds).one())
}

pub(super) fn of_template(template: &Resource) -> [(&Resource, &'static str); 3] {
    ["vpc_security_group_ids", "network_interfaces.security_groups", "security_groups"]
        .map(|path| (template, path))
}

/// Whether a template gives public addresses; none where it leaves that to the subnet.
pub(super) fn template_public(cloud: &mut Cloud<'_, '_>, template: &Resource) -> Option<Known> {
    for path in ["network_interfaces.associate_public_ip_address", "associate_public_ip_address"] {
        match parts(&template.values, path).first() {
            Some(Value::Bool(true)) => return Some(Known::Yes),
            Some(Value::Bool(false)) => return Some(Known::No),
            Some(Value::String(text)) if text == "true" => return Some(Known::Yes),
            Some(Value::String(text)) if text == "false" => return Some(Known::No),
            _ => {}
        }
        let given = template.configured.as_ref().is_none_or(|given| given.iter().any(|one| one == path));
        if given && parts(&template.unknown, path).into_iter().any(has_true) {
            return Some(Known::Undecided(cloud.reason(Reason::attribute(name_of(template), path))));
        }
    }
    None
}

/// Instances that are started as needed: one node for all of them.
fn group_of_instances<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
    let template = template(cloud, resource);
    let mut found = cloud.book.named(resource, "vpc_zone_identifier", SUBNETS);
    if let Some(template) = template.filter(|_| found.is_unset()) {
        found = cloud.book.named(template, "network_interfaces.subnet_id", SUBNETS);
    }
    let (subnets, doubt) = subnets_found(cloud, resource, "vpc_zone_identifier", &found);
    let set = if let Some(template) = template {
        groups_of(cloud, resource, &of_template(template), &subnets)
    } else {
        let reason = cloud.reason(Reason::attribute(name_of(resource), "launch_template"));
        Set { open: Some(reason), ..Set::default() }
    };
    let by_template = template.and_then(|template| template_public(cloud, template));
    let public = by_template.unwrap_or_else(|| by_subnet(cloud, &subnets));
    let mut standing = Standing::new(subnets, set).public(public);
    standing.doubt = doubt;
    standing.in_each = true;
    place(cloud, resource, &standing, false);
}
