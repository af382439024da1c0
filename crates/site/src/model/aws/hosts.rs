//! What stands in subnets and begins or takes connections: machines, functions, containers, databases, file systems.

use super::addresses::any_v4;
use super::book::{Found, has_true, parts};
use super::cloud::{Cloud, SubnetId};
use super::lay::{flag, tag_name};
use super::rows::{Public, ROWS, Row};
use super::standing::{Set, Standing};
use super::{clusters, groups, instances, name_of};
use crate::model::thing::Thing;
use crate::network::{Host, Known, Next, NodeId, Placement, Reason, Route, Title};
use crate::packet::Addresses;
use crate::resource::Resource;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The class of data of which nobody said what it is: databases, files, objects. A tag `akashi:holds` with names of
/// classes, separated by spaces or commas, says it.
pub const UNCLASSIFIED: &str = "unclassified-store";
/// The tag that says which classes of data lie on a resource.
pub const HOLDS_TAG: &str = "akashi:holds";

/// Draws all hosts.
pub(super) fn draw(cloud: &mut Cloud<'_, '_>) {
    let parts = parts_of(cloud);
    instances::draw(cloud);
    clusters::draw(cloud);
    for row in ROWS {
        for resource in cloud.book.kinds(row.kinds) {
            host(cloud, row, resource, &parts);
        }
    }
}

/// What belongs to another resource and is drawn with it, by the name of that resource.
type Parts<'a> = BTreeMap<String, Vec<(&'static Row, &'a Resource)>>;

fn parts_of<'a>(cloud: &Cloud<'a, '_>) -> Parts<'a> {
    let mut parts: Parts<'a> = BTreeMap::new();
    for row in ROWS {
        let Some((attribute, kind)) = row.part_of else { continue };
        for resource in cloud.book.kinds(row.kinds) {
            let found = cloud.book.named(resource, attribute, &[kind]);
            if let Some(whole) = found.one() {
                parts.entry(name_of(whole)).or_default().push((row, resource));
            }
        }
    }
    parts
}

fn host<'a>(cloud: &mut Cloud<'a, '_>, row: &Row, resource: &'a Resource, parts: &Parts<'a>) {
    let name = name_of(resource);
    let of = row.part_of.and_then(|(attribute, kind)| cloud.book.named(resource, attribute, &[kind]).one());
    if of.is_some() {
        return;
    }
    let own = parts.get(&name).map_or(&[][..], Vec::as_slice);
    let Some((subnets, doubt)) = subnets(cloud, row, resource, own) else {
        outside(cloud, row, resource);
        return;
    };
    let set = match row.groups {
        [] => service_groups(cloud, resource),
        groups => cloud.set_named(resource, groups, &subnets),
    };
    let mut public = public(cloud, row.public, resource, &subnets);
    for (row, part) in own {
        public = either(public, self::public(cloud, row.public, part, &subnets));
    }
    let mut standing = Standing::new(subnets, set).public(public);
    standing.doubt = doubt;
    standing.in_each = !row.store;
    standing.addresses = address_of(resource, &["ip_address"]).into_iter().collect();
    let node = place(cloud, resource, &standing, row.store);
    for (_, part) in own {
        let name = name_of(part);
        cloud.sketch.call(name, node);
    }
    if resource.kind == "aws_sagemaker_notebook_instance"
        && resource.values.get("direct_internet_access").and_then(Value::as_str) != Some("Disabled")
    {
        let internet = cloud.sketch.internet();
        cloud.sketch.draft.connect(node, internet);
    }
}

/// Places a host for a resource.
pub(super) fn place(
    cloud: &mut Cloud<'_, '_>,
    resource: &Resource,
    standing: &Standing,
    store: bool,
) -> NodeId {
    let title = title(cloud, resource, &standing.subnets);
    let holds = holds(resource, store);
    let relays = if store { Known::No } else { Known::Yes };
    let node = cloud.place(title, standing, |placement| Host { placement, holds, relays });
    cloud.sketch.stands_for(node, Thing::resource(resource.plan, &resource.address));
    node
}

/// How a host is called: its zone is its subnet, or its network where it has several.
pub(super) fn title(cloud: &Cloud<'_, '_>, resource: &Resource, subnets: &[SubnetId]) -> Title {
    let zone = match subnets {
        [one] => cloud.subnet(*one).name.clone(),
        [first, ..] => cloud.vpc(cloud.subnet(*first).vpc).name.clone(),
        [] => String::new(),
    };
    Title::new(name_of(resource)).named(tag_name(resource)).zone(zone)
}

/// The classes of data that lie on a resource.
pub(crate) fn holds(resource: &Resource, store: bool) -> Vec<String> {
    let tag = |tags: &&str| resource.values.get(*tags)?.get(HOLDS_TAG)?.as_str();
    match ["tags", "tags_all"].iter().find_map(tag) {
        Some(classes) => {
            let classes = classes.split([',', ' ']).filter(|class| !class.is_empty());
            classes.map(str::to_owned).collect()
        }
        None if store => vec![UNCLASSIFIED.to_owned()],
        None => Vec::new(),
    }
}

/// Where it stands; none where it stands in no network.
fn subnets<'a>(
    cloud: &mut Cloud<'a, '_>,
    row: &Row,
    resource: &'a Resource,
    own: &[(&'static Row, &'a Resource)],
) -> Option<(Vec<SubnetId>, Option<crate::network::ReasonId>)> {
    let mut found = Found::default();
    for path in row.subnets {
        found = found.with(cloud.book.named(resource, path, super::lay::SUBNETS));
    }
    let mut path = row.subnets.first().copied().unwrap_or("subnet_ids");
    if let Some((attribute, kind)) = row.subnet_group {
        path = attribute;
        found = found.with(of_group(cloud, resource, attribute, kind));
        for (row, part) in own {
            if let (true, Some((attribute, kind))) = (found.is_unset(), row.subnet_group) {
                found = found.with(of_group(cloud, part, attribute, kind));
            }
        }
    }
    if found.is_unset() && row.may_be_outside {
        return None;
    }
    Some(super::lay::subnets_found(cloud, resource, path, &found))
}

/// The subnets of a group of subnets that an attribute names.
fn of_group<'a>(cloud: &Cloud<'a, '_>, resource: &'a Resource, attribute: &str, kind: &str) -> Found<'a> {
    let groups = cloud.book.named(resource, attribute, &[kind]);
    let mut found = Found { open: groups.open.clone(), elsewhere: groups.elsewhere, ..Found::default() };
    for group in groups.these {
        found = found.with(cloud.book.named(group, "subnet_ids", super::lay::SUBNETS));
    }
    found
}

/// Groups that the service makes by itself and no plan tells of.
fn service_groups(cloud: &mut Cloud<'_, '_>, resource: &Resource) -> Set {
    let reason = cloud.reason(Reason::attribute(name_of(resource), "security_group_id"));
    Set { open: Some(reason), ..Set::default() }
}

/// Whether it gets a public address.
pub(super) fn public(
    cloud: &mut Cloud<'_, '_>,
    how: Public,
    resource: &Resource,
    subnets: &[SubnetId],
) -> Known {
    match how {
        Public::Never => Known::No,
        Public::Flag(path) => flag_at(cloud, resource, path),
        Public::Word(path, word) => {
            match parts(&resource.values, path).first().and_then(|value| value.as_str()) {
                Some(found) if found == word => Known::Yes,
                _ => open_at(cloud, resource, path),
            }
        }
        Public::BySubnet => by_subnet(cloud, subnets),
    }
}

/// Whether the subnets give public addresses to what is started in them.
pub(super) fn by_subnet(cloud: &Cloud<'_, '_>, subnets: &[SubnetId]) -> Known {
    subnets.iter().fold(Known::No, |known, subnet| either(known, cloud.subnet(*subnet).maps_public))
}

/// Yes if one of them is.
pub(super) fn either(one: Known, other: Known) -> Known {
    match (one, other) {
        (Known::Yes, _) | (_, Known::Yes) => Known::Yes,
        (Known::Undecided(reason), _) | (_, Known::Undecided(reason)) => Known::Undecided(reason),
        (Known::No, Known::No) => Known::No,
    }
}

fn flag_at(cloud: &mut Cloud<'_, '_>, resource: &Resource, path: &str) -> Known {
    if !path.contains('.') {
        return flag(cloud, resource, path, false);
    }
    match parts(&resource.values, path).first() {
        Some(Value::Bool(true)) => Known::Yes,
        Some(Value::Bool(false)) => Known::No,
        _ => open_at(cloud, resource, path),
    }
}

fn open_at(cloud: &mut Cloud<'_, '_>, resource: &Resource, path: &str) -> Known {
    if !parts(&resource.unknown, path).into_iter().any(has_true) {
        return Known::No;
    }
    Known::Undecided(cloud.reason(Reason::attribute(name_of(resource), path)))
}

/// The first known address of some attributes.
pub(super) fn address_of(resource: &Resource, attributes: &[&str]) -> Option<IpAddr> {
    attributes.iter().find_map(|attribute| resource.values.get(*attribute)?.as_str()?.parse().ok())
}

/// What stands in no network of ours: it sends to the internet. Stores have an endpoint there, which a policy may close.
fn outside(cloud: &mut Cloud<'_, '_>, row: &Row, resource: &Resource) {
    let name = name_of(resource);
    let reason = cloud.reason(Reason::address(name.clone()));
    let placement = Placement::Within(Addresses::public().intersect(&any_v4().into()), reason);
    let title = Title::new(name.clone()).named(tag_name(resource));
    let relays = if row.store { Known::No } else { Known::Yes };
    let host = Host { placement, holds: holds(resource, row.store), relays };
    let node = cloud.sketch.draft.host(title, host);
    cloud.sketch.stands_for(node, Thing::resource(resource.plan, &resource.address));
    let internet = cloud.sketch.internet();
    cloud.sketch.draft.connect(node, internet);
    if row.store {
        let closed = cloud.reason(Reason::attribute(name.clone(), "access_policies"));
        let next = Next::Undecided(closed, vec![node]);
        cloud.sketch.draft.route(internet, Route::new(any_v4(), next).named(name));
    }
}

/// The groups that attributes of several resources name together.
pub(super) fn groups_of<'a>(
    cloud: &mut Cloud<'a, '_>,
    resource: &'a Resource,
    from: &[(&'a Resource, &str)],
    subnets: &[SubnetId],
) -> Set {
    let mut found = Found::default();
    for (one, path) in from {
        found = found.with(cloud.book.named(one, path, groups::GROUPS));
    }
    groups::set_found(cloud, resource, "vpc_security_group_ids", &found, subnets)
}
