//! Security groups: lists with memory before every interface. Several groups of one interface let through what any of them
//! does.

use super::acl::services;
use super::addresses::{any_v4, any_v6, net};
use super::book::{Found, has_true, parts, texts};
use super::cloud::{Cloud, Group, GroupNo, SubnetId, VpcId};
use super::lay::VPCS;
use super::standing::Set;
use super::{name_of, prefixes};
use crate::network::{Group as Members, GroupId, Match, Party, Reason, ReasonId, Rule, Service};
use crate::packet::{Addresses, Family};
use crate::resource::{Attribute, Resource};
use serde_json::Value;

/// What is a security group.
pub(super) const GROUPS: &[&str] =
    &["aws_security_group", "aws_default_security_group", "data.aws_security_group"];
/// Rules of one direction of a group that are read. AWS allows 1,000 for one interface.
const RULES_MAX: usize = 2_000;
/// The attributes by which types name their groups.
const NAMES: [&str; 5] = [
    "vpc_security_group_ids",
    "security_groups",
    "security_group_ids",
    "vpc_config.security_group_ids",
    "network_configuration.security_groups",
];

/// Reads all groups and their rules.
pub(super) fn read(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    for resource in book.kinds(GROUPS) {
        declare(cloud, resource);
    }
    for resource in book.kinds(GROUPS) {
        let Some(group) = cloud.group_names.get(&name_of(resource)).copied() else { continue };
        if resource.is_data() {
            for is_egress in [false, true] {
                let reason = cloud.reason(Reason::attribute(name_of(resource), "rules"));
                add(
                    cloud,
                    group,
                    is_egress,
                    vec![Rule::allow(name_of(resource), Match::all()).maybe(reason)],
                );
            }
            continue;
        }
        for (block, is_egress) in [("ingress", false), ("egress", true)] {
            inline(cloud, resource, group, block, is_egress);
        }
    }
    for resource in book.kind("aws_security_group_rule") {
        let is_egress = resource.values.get("type").and_then(Value::as_str) == Some("egress");
        alone(cloud, resource, is_egress);
    }
    for (kind, is_egress) in
        [("aws_vpc_security_group_ingress_rule", false), ("aws_vpc_security_group_egress_rule", true)]
    {
        for resource in book.kind(kind) {
            alone(cloud, resource, is_egress);
        }
    }
}

fn declare<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
    let name = name_of(resource);
    let found = cloud.book.named(resource, "vpc_id", VPCS);
    let vpc = found.one().and_then(|one| cloud.vpc_names.get(&name_of(one)).copied());
    let number = add_group(cloud, &name, vpc);
    if resource.kind == "aws_default_security_group" {
        match (vpc, cloud.only_vpc(resource), found.open) {
            (Some(vpc), _, _) => {
                cloud.default_groups.insert(vpc, number);
            }
            (None, Some(vpc), Some(reason)) => {
                let reason = cloud.reason(reason);
                cloud.default_open.insert(vpc, reason);
            }
            (None, _, _) => {}
        }
    }
    if !resource.is_data() {
        for module in [Some(resource.module.clone()), None] {
            cloud.groups_beside.entry((resource.plan, module)).or_default().push(number);
        }
    }
    cloud.group_names.insert(name, number);
}

fn add_group(cloud: &mut Cloud<'_, '_>, name: &str, vpc: Option<VpcId>) -> GroupNo {
    let id = cloud.sketch.draft.group(Members::default());
    let group = Group { name: name.to_owned(), id, vpc, ingress: Vec::new(), egress: Vec::new() };
    cloud.groups.push(group);
    GroupNo(cloud.groups.len().saturating_sub(1))
}

/// The group that holds where none is named. A network has it from the start; it lets its members reach each other, and
/// everything out.
fn default_group(cloud: &mut Cloud<'_, '_>, vpc: VpcId) -> GroupNo {
    if let Some(known) = cloud.default_groups.get(&vpc) {
        return *known;
    }
    let of = cloud.vpc(vpc).clone();
    let name = format!("{} (default security group)", of.name);
    let group = add_group(cloud, &name, Some(vpc));
    let id = cloud.groups.get(group.0).map(|group| group.id);
    let doubt = |rule: Rule| of.foreign.map_or(rule.clone(), |reason| rule.maybe(reason));
    let among = id.map(|id| doubt(Rule::allow(format!("{name} ingress"), Match::all().from(id))));
    let mut ingress: Vec<Rule> = among.into_iter().collect();
    // Of a network that is not managed here, others may have changed the group.
    ingress
        .extend(of.foreign.map(|reason| Rule::allow(format!("{name} ingress"), Match::all()).maybe(reason)));
    add(cloud, group, false, ingress);
    add(cloud, group, true, vec![doubt(Rule::allow(format!("{name} egress"), Match::all()))]);
    cloud.default_groups.insert(vpc, group);
    group
}

/// A group that a service makes, in which all members reach each other and everything else.
pub(super) fn shared(cloud: &mut Cloud<'_, '_>, name: &str) -> GroupNo {
    let group = add_group(cloud, name, None);
    let id = cloud.groups.get(group.0).map(|group| group.id);
    let among = id.map(|id| Rule::allow(format!("{name} ingress"), Match::all().from(id)));
    add(cloud, group, false, among.into_iter().collect());
    add(cloud, group, true, vec![Rule::allow(format!("{name} egress"), Match::all())]);
    group
}

/// Adds rules to a group.
fn add(cloud: &mut Cloud<'_, '_>, group: GroupNo, is_egress: bool, rules: Vec<Rule>) {
    let Some(found) = cloud.groups.get(group.0) else { return };
    let count = if is_egress { found.egress.len() } else { found.ingress.len() };
    if count > RULES_MAX {
        return;
    }
    let name = found.name.clone();
    let more = count.saturating_add(rules.len()) > RULES_MAX;
    let open = more.then(|| cloud.reason(Reason::feature(name.clone(), "> 2000 rules")));
    let Some(found) = cloud.groups.get_mut(group.0) else { return };
    let list = if is_egress { &mut found.egress } else { &mut found.ingress };
    list.extend(rules.into_iter().take(RULES_MAX));
    list.extend(open.map(|reason| Rule::allow(name, Match::all()).maybe(reason)));
}

/// The `ingress` and `egress` blocks of a group.
fn inline<'a>(
    cloud: &mut Cloud<'a, '_>,
    resource: &'a Resource,
    group: GroupNo,
    block: &'static str,
    is_egress: bool,
) {
    let name = name_of(resource);
    let none = Value::Null;
    match resource.attribute(block) {
        Attribute::Known(Value::Array(blocks)) => {
            let unknown = resource.unknown.get(block).unwrap_or(&none);
            for (at, value) in blocks.iter().enumerate().take(RULES_MAX.saturating_add(1)) {
                let unknown = unknown.get(at).unwrap_or(&none);
                let written = Written {
                    resource,
                    value,
                    unknown,
                    name: format!("{name} {block}[{at}]"),
                    block: Some(block),
                    is_egress,
                };
                let rules = rules(cloud, &written, group);
                add(cloud, group, is_egress, rules);
            }
        }
        Attribute::Unknown | Attribute::Sensitive => {
            let reason = cloud.reason(Reason::attribute(name.clone(), block));
            add(
                cloud,
                group,
                is_egress,
                vec![Rule::allow(format!("{name} {block}"), Match::all()).maybe(reason)],
            );
        }
        Attribute::Known(_) | Attribute::Unset => {}
    }
}

/// A rule that is a resource of its own.
fn alone<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, is_egress: bool) {
    let found = cloud.book.named(resource, "security_group_id", GROUPS);
    let open = found.open.clone().map(|reason| cloud.reason(reason));
    let mut groups: Vec<GroupNo> =
        found.these.iter().filter_map(|one| cloud.group_names.get(&name_of(one)).copied()).collect();
    if groups.is_empty() && open.is_some() {
        groups = candidates(cloud, resource);
    }
    for group in groups {
        let written = Written {
            resource,
            value: &resource.values,
            unknown: &resource.unknown,
            name: name_of(resource),
            block: None,
            is_egress,
        };
        let rules = rules(cloud, &written, group);
        let doubt = |rule: Rule| match open {
            Some(reason) => rule.maybe(reason),
            None => rule,
        };
        add(cloud, group, is_egress, rules.into_iter().map(doubt).collect());
    }
}

/// The groups that may be meant where nothing tells: those of the module, or of the plan.
fn candidates(cloud: &Cloud<'_, '_>, resource: &Resource) -> Vec<GroupNo> {
    let of = |module: Option<String>| cloud.groups_beside.get(&(resource.plan, module));
    of(Some(resource.module.clone())).or_else(|| of(None)).cloned().unwrap_or_default()
}

/// A rule as it is written: as a block or as a resource.
struct Written<'a, 'v> {
    resource: &'a Resource,
    value: &'v Value,
    unknown: &'v Value,
    name: String,
    block: Option<&'static str>,
    is_egress: bool,
}

impl Written<'_, '_> {
    fn reason(&self, attribute: &str) -> Reason {
        let path = self.block.map_or_else(|| attribute.to_owned(), |block| format!("{block}.{attribute}"));
        Reason::attribute(name_of(self.resource), path)
    }

    fn is_unknown(&self, attribute: &str) -> bool {
        parts(self.unknown, attribute).into_iter().any(has_true)
    }
}

/// The other end of a rule.
struct End {
    party: Party,
    maybe: Option<ReasonId>,
}

fn rules(cloud: &mut Cloud<'_, '_>, written: &Written<'_, '_>, own: GroupNo) -> Vec<Rule> {
    let mut maybe = None;
    for attribute in ["from_port", "to_port", "protocol", "ip_protocol", "type"] {
        if written.is_unknown(attribute) && written.value.get(attribute).is_none() {
            maybe = maybe.or_else(|| Some(cloud.reason(written.reason(attribute))));
        }
    }
    let services: Vec<Service> = if maybe.is_some() { vec![Service::all()] } else { services(written.value) };
    let mut ends = by_address(cloud, written);
    ends.extend(by_list(cloud, written));
    ends.extend(by_group(cloud, written, own));
    let rule = |end: End| {
        let matching = Match::all().by(services.iter().copied());
        let matching = if written.is_egress { matching.to(end.party) } else { matching.from(end.party) };
        let rule = Rule::allow(written.name.clone(), matching);
        maybe.or(end.maybe).map_or(rule.clone(), |reason| rule.maybe(reason))
    };
    ends.into_iter().map(rule).collect()
}

fn by_address(cloud: &mut Cloud<'_, '_>, written: &Written<'_, '_>) -> Vec<End> {
    let (mut nets, mut ends) = (Vec::new(), Vec::new());
    let attributes = [
        ("cidr_blocks", any_v4()),
        ("ipv6_cidr_blocks", any_v6()),
        ("cidr_ipv4", any_v4()),
        ("cidr_ipv6", any_v6()),
    ];
    for (attribute, any) in attributes {
        let texts = written.value.get(attribute).map(texts).unwrap_or_default();
        let read: Vec<_> = texts.iter().filter_map(|text| net(text)).collect();
        let missed = texts.iter().filter(|text| !text.is_empty()).count() > read.len();
        nets.extend(read);
        if missed || written.is_unknown(attribute) {
            let maybe = Some(cloud.reason(written.reason(attribute)));
            ends.push(End { party: any.into(), maybe });
        }
    }
    if !nets.is_empty() {
        ends.push(End { party: Addresses::from_nets(nets).into(), maybe: None });
    }
    ends
}

fn by_list(cloud: &mut Cloud<'_, '_>, written: &Written<'_, '_>) -> Vec<End> {
    let mut ends = Vec::new();
    for attribute in ["prefix_list_ids", "prefix_list_id"] {
        let found = named(cloud, written, attribute, prefixes::LISTS);
        let is_lost = found.open.is_some() || !found.elsewhere.is_empty();
        for list in found.these {
            let prefixes = prefixes::of(cloud, list);
            ends.push(End { party: Addresses::from_nets(prefixes.nets).into(), maybe: None });
            ends.extend(
                prefixes
                    .vague
                    .into_iter()
                    .map(|(net, reason)| End { party: net.into(), maybe: Some(reason) }),
            );
        }
        if is_lost {
            let maybe = Some(cloud.reason(written.reason(attribute)));
            ends.push(End { party: Party::Any, maybe });
        }
    }
    ends
}

fn by_group(cloud: &mut Cloud<'_, '_>, written: &Written<'_, '_>, own: GroupNo) -> Vec<End> {
    let mut ends = Vec::new();
    let id = |cloud: &Cloud<'_, '_>, group: GroupNo| cloud.groups.get(group.0).map(|group| group.id);
    if written.value.get("self") == Some(&Value::Bool(true)) {
        ends.extend(id(cloud, own).into_iter().flat_map(|id| members(cloud, id, own)));
    } else if written.is_unknown("self") {
        let maybe = Some(cloud.reason(written.reason("self")));
        ends.extend(id(cloud, own).map(|id| End { party: id.into(), maybe }));
    }
    for attribute in ["security_groups", "source_security_group_id", "referenced_security_group_id"] {
        let found = named(cloud, written, attribute, GROUPS);
        let open = found.open.clone().map(|reason| cloud.reason(reason));
        for one in &found.these {
            let Some(group) = cloud.group_names.get(&name_of(one)).copied() else { continue };
            let Some(id) = id(cloud, group) else { continue };
            let ends_of = members(cloud, id, group);
            ends.extend(ends_of.into_iter().map(|end| End { maybe: end.maybe.or(open), ..end }));
            if one.is_data() {
                let reason = cloud.reason(Reason::attribute(name_of(one), "members"));
                ends.push(End { party: private(), maybe: Some(reason) });
            }
        }
        if open.is_some() || !found.elsewhere.is_empty() {
            let reason = open.unwrap_or_else(|| cloud.reason(written.reason(attribute)));
            ends.push(End { party: private(), maybe: Some(reason) });
        }
    }
    ends
}

/// The members of a group, and what may be one of them: hosts of which the groups are not known.
fn members(cloud: &mut Cloud<'_, '_>, id: GroupId, group: GroupNo) -> Vec<End> {
    let name = cloud.groups.get(group.0).map(|group| group.name.clone()).unwrap_or_default();
    let maybe = Some(cloud.reason(Reason::attribute(name, "members")));
    vec![End { party: id.into(), maybe: None }, End { party: cloud.unsure_members().into(), maybe }]
}

/// Where members of a group that is not known can be: groups match private addresses only, and all of IPv6.
fn private() -> Party {
    let v6 = Addresses::from_spans([(Family::V6, Family::V6.addresses())]);
    Party::Addresses(Addresses::all().without(&Addresses::public()).with(&v6))
}

fn named<'a>(cloud: &Cloud<'a, '_>, written: &Written<'a, '_>, attribute: &str, kinds: &[&str]) -> Found<'a> {
    match written.block {
        None => cloud.book.named(written.resource, attribute, kinds),
        Some(block) => {
            let part = (written.value, written.unknown);
            cloud.book.named_in(written.resource, part, (block, attribute), kinds)
        }
    }
}

/// The groups that attributes of a resource name; where they are not set, the default group of its network.
pub(super) fn set_named<'a>(
    cloud: &mut Cloud<'a, '_>,
    resource: &'a Resource,
    paths: &[&str],
    subnets: &[SubnetId],
) -> Set {
    let mut found = Found::default();
    for path in paths {
        found = found.with(cloud.book.named(resource, path, GROUPS));
    }
    let path = paths.first().copied().unwrap_or("security_groups");
    set_found(cloud, resource, path, &found, subnets)
}

/// The set of the groups found.
pub(super) fn set_found(
    cloud: &mut Cloud<'_, '_>,
    resource: &Resource,
    path: &str,
    found: &Found<'_>,
    subnets: &[SubnetId],
) -> Set {
    let mut set = Set::default();
    if found.is_unset() {
        let mut vpcs: Vec<VpcId> = subnets.iter().map(|subnet| cloud.subnet(*subnet).vpc).collect();
        vpcs.sort_unstable();
        vpcs.dedup();
        set.open = vpcs.iter().find_map(|vpc| cloud.default_open.get(vpc).copied());
        set.groups = vpcs.into_iter().map(|vpc| default_group(cloud, vpc)).collect();
        return set;
    }
    if found.open.is_some() || !found.elsewhere.is_empty() {
        let reason = || Reason::attribute(name_of(resource), path);
        set.open = Some(cloud.reason(found.open.clone().unwrap_or_else(reason)));
    }
    // Candidates are no members for sure; the doubt stands for them.
    if found.open.is_none() {
        set.groups =
            found.these.iter().filter_map(|one| cloud.group_names.get(&name_of(one)).copied()).collect();
        set.groups.sort_unstable();
        set.groups.dedup();
    }
    set
}

/// The network of the groups that a resource names.
pub(super) fn vpc_of(cloud: &Cloud<'_, '_>, resource: &Resource) -> Option<VpcId> {
    let resource = cloud.book.at(resource.plan, &resource.address)?;
    let groups = NAMES.iter().flat_map(|path| cloud.book.named(resource, path, GROUPS).these);
    let mut vpcs = groups.filter_map(|one| cloud.groups.get(cloud.group_names.get(&name_of(one))?.0)?.vpc);
    vpcs.next()
}
