//! Network ACLs: lists without memory that packets pass where they leave a subnet and where they enter one.

use super::addresses::{any_v4, any_v6, net};
use super::book::{has_true, parts};
use super::cloud::{AclOf, Cloud, SubnetId, VpcId};
use super::lay::{SUBNETS, VPCS, subnets_or_beside};
use super::name_of;
use crate::network::{Action, Edge, Match, NodeId, Party, Reason, ReasonId, Rule, Service, Title};
use crate::packet::{Addresses, ICMP, ICMP6, Span, TCP, UDP};
use crate::resource::{Attribute, Resource};
use ipnet::IpNet;
use serde_json::Value;
use std::collections::BTreeMap;

/// Entries of one list that are read. AWS allows 40; a list beyond this leaves answers undecided.
const ENTRIES_MAX: usize = 2_000;
/// How the names of ways begin that lead out of a subnet.
pub(super) const OUT_OF: &str = "out of";
/// Lists of a module that an entry may belong to.
const MEANT_MAX: usize = 64;
/// What is a network ACL.
const ACLS: &[&str] = &["aws_network_acl", "aws_default_network_acl"];

/// A network ACL.
#[derive(Clone, Debug)]
pub(crate) struct Acl {
    /// What it is called.
    name: String,
    ingress: Vec<Entry>,
    egress: Vec<Entry>,
}

/// An entry of a list.
#[derive(Clone, Debug)]
struct Entry {
    number: i64,
    name: String,
    action: Action,
    services: Vec<Service>,
    nets: Addresses,
    maybe: Option<ReasonId>,
}

/// Reads the lists and says which subnet has which.
pub(super) fn assign(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for resource in book.kinds(ACLS) {
        let acl = read(cloud, resource);
        numbers.insert(name_of(resource), cloud.acls.len());
        cloud.acls.push(acl);
    }
    for resource in book.kind("aws_network_acl_rule") {
        let found = book.named(resource, "network_acl_id", ACLS);
        let open = found.open.clone().map(|reason| cloud.reason(reason));
        let is_egress = resource.values.get("egress") == Some(&Value::Bool(true));
        let (value, unknown, name) = (&resource.values, &resource.unknown, name_of(resource));
        let entry = Written { resource, value, unknown, name, alone: true }.entry(cloud);
        let beside = |acl: &&Resource| acl.plan == resource.plan && acl.module == resource.module;
        let mut meant: Vec<&Resource> = found.these.clone();
        if meant.is_empty() && open.is_some() {
            meant = book.kinds(ACLS).filter(beside).take(MEANT_MAX).collect();
        }
        for at in meant.iter().filter_map(|one| numbers.get(&name_of(one))) {
            let Some(acl) = cloud.acls.get_mut(*at) else { continue };
            let entry = Entry { maybe: entry.maybe.or(open), ..entry.clone() };
            if is_egress { acl.egress.push(entry) } else { acl.ingress.push(entry) }
        }
    }
    for acl in &mut cloud.acls {
        acl.ingress.sort_by_key(|entry| entry.number);
        acl.egress.sort_by_key(|entry| entry.number);
    }
    defaults(cloud, &numbers);
    for resource in book.kinds(ACLS) {
        let found = book.named(resource, "subnet_ids", SUBNETS);
        if let Some(at) = numbers.get(&name_of(resource)) {
            give(cloud, resource, &found, AclOf::One(*at));
        }
    }
    for resource in book.kind("aws_network_acl_association") {
        let acl = book.named(resource, "network_acl_id", ACLS);
        let known = acl.one().and_then(|one| numbers.get(&name_of(one)));
        let acl = if let Some(at) = known {
            AclOf::One(*at)
        } else {
            let reason = || Reason::attribute(name_of(resource), "network_acl_id");
            AclOf::Unknown(cloud.reason(acl.open.unwrap_or_else(reason)))
        };
        give(cloud, resource, &book.named(resource, "subnet_id", SUBNETS), acl);
    }
}

/// The default list of a network, where the plan manages it, holds for the subnets that have none of their own.
fn defaults(cloud: &mut Cloud<'_, '_>, numbers: &BTreeMap<String, usize>) {
    let book = cloud.book;
    for resource in book.kind("aws_default_network_acl") {
        let mut found = book.named(resource, "default_network_acl_id", VPCS);
        if found.these.is_empty() {
            found = found.with(book.named(resource, "vpc_id", VPCS));
        }
        let doubt = found.open.clone().map(|reason| cloud.reason(reason));
        let Some(at) = numbers.get(&name_of(resource)).copied() else { continue };
        let mut vpcs: Vec<VpcId> =
            found.these.iter().filter_map(|one| cloud.vpc_names.get(&name_of(one)).copied()).collect();
        if let (true, Some(vpc)) = (found.open.is_some(), cloud.only_vpc(resource)) {
            vpcs.push(vpc);
        }
        for subnet in vpcs.into_iter().flat_map(|vpc| cloud.vpc(vpc).subnets.clone()).collect::<Vec<_>>() {
            if let Some(subnet) = cloud.subnets.get_mut(subnet.0) {
                subnet.acl = doubt.map_or(AclOf::One(at), AclOf::Unknown);
            }
        }
    }
}

fn give(cloud: &mut Cloud<'_, '_>, resource: &Resource, found: &super::book::Found<'_>, acl: AclOf) {
    let doubt = found.open.clone().map(|reason| cloud.reason(reason));
    for id in subnets_or_beside(cloud, resource, found) {
        if let Some(subnet) = cloud.subnets.get_mut(id.0) {
            subnet.acl = doubt.map_or(acl, AclOf::Unknown);
        }
    }
}

/// A list with its own entries.
fn read(cloud: &mut Cloud<'_, '_>, resource: &Resource) -> Acl {
    let name = name_of(resource);
    let mut acl = Acl { name: name.clone(), ingress: Vec::new(), egress: Vec::new() };
    for (block, entries) in [("ingress", &mut acl.ingress), ("egress", &mut acl.egress)] {
        let none = Value::Null;
        let unknown = resource.unknown.get(block).unwrap_or(&none);
        if let Attribute::Known(Value::Array(blocks)) = resource.attribute(block) {
            for (at, value) in blocks.iter().enumerate().take(ENTRIES_MAX) {
                let unknown = unknown.get(at).unwrap_or(&none);
                let name = format!("{name} {block}[{at}]");
                entries.push(Written { resource, value, unknown, name, alone: false }.entry(cloud));
            }
        }
        let is_more =
            resource.values.get(block).and_then(Value::as_array).is_some_and(|all| all.len() > ENTRIES_MAX);
        if is_more || (*unknown == Value::Bool(true) && resource.attribute(block) == Attribute::Unknown) {
            let maybe = Some(cloud.reason(Reason::attribute(name.clone(), block)));
            let (services, nets) = (vec![Service::all()], Addresses::all());
            let name = format!("{name} {block}");
            entries.push(Entry { number: 0, name, action: Action::Allow, services, nets, maybe });
        }
    }
    acl
}

/// An entry as it is written: as a block of a list or as a resource of its own, which calls some attributes otherwise.
struct Written<'v> {
    resource: &'v Resource,
    value: &'v Value,
    unknown: &'v Value,
    name: String,
    alone: bool,
}

impl Written<'_> {
    fn reason(&self, cloud: &mut Cloud<'_, '_>, attribute: &str) -> ReasonId {
        cloud.reason(Reason::attribute(name_of(self.resource), attribute))
    }

    fn is_unknown(&self, attribute: &str) -> bool {
        self.value.get(attribute).is_none() && parts(self.unknown, attribute).into_iter().any(has_true)
    }

    fn entry(self, cloud: &mut Cloud<'_, '_>) -> Entry {
        let [number, action] =
            if self.alone { ["rule_number", "rule_action"] } else { ["rule_no", "action"] };
        let attributes = [number, action, "protocol", "from_port", "to_port"];
        let open = attributes.into_iter().find(|attribute| self.is_unknown(attribute));
        let open = open.map(|attribute| self.reason(cloud, attribute));
        let (nets, hidden) = self.nets(cloud);
        let text = self.value.get(action).and_then(Value::as_str);
        let is_allow = text.is_none_or(|text| text.eq_ignore_ascii_case("allow"));
        Entry {
            number: whole(self.value.get(number)).unwrap_or(0),
            action: if is_allow { Action::Allow } else { Action::Deny },
            services: services(self.value),
            nets: Addresses::from_nets(nets),
            maybe: open.or(hidden),
            name: self.name,
        }
    }

    fn nets(&self, cloud: &mut Cloud<'_, '_>) -> (Vec<IpNet>, Option<ReasonId>) {
        let (mut nets, mut hidden) = (Vec::new(), None);
        for (attribute, any) in [("cidr_block", any_v4()), ("ipv6_cidr_block", any_v6())] {
            let text = self.value.get(attribute).and_then(Value::as_str).filter(|text| !text.is_empty());
            match text.map(net) {
                Some(Some(net)) => nets.push(net),
                None if !self.is_unknown(attribute) => {}
                Some(None) | None => {
                    hidden = hidden.or_else(|| Some(self.reason(cloud, attribute)));
                    nets.push(any);
                }
            }
        }
        (nets, hidden)
    }
}

/// A whole number, also written as a text.
pub(super) fn whole(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The protocols and ports of an entry or a rule: `protocol` (or `ip_protocol`), `from_port`, `to_port`. For ICMP these are
/// types and codes, which are not told apart.
pub(super) fn services(value: &Value) -> Vec<Service> {
    let protocol = value.get("protocol").or_else(|| value.get("ip_protocol"));
    let Some(protocol) = protocol else { return vec![Service::all()] };
    let text = protocol.as_str().map_or_else(|| protocol.to_string(), str::to_ascii_lowercase);
    let number = match text.as_str() {
        "-1" | "all" | "" => return vec![Service::all()],
        "tcp" => TCP,
        "udp" => UDP,
        "icmp" => ICMP,
        "icmpv6" | "icmp6" => ICMP6,
        "esp" => 50,
        "ah" => 51,
        "gre" => 47,
        "sctp" => 132,
        other => match other.parse::<u8>() {
            Ok(number) => number,
            Err(_) => return vec![Service::all()],
        },
    };
    let service = Service::protocol(number);
    if number != TCP && number != UDP && number != 132 {
        return vec![service];
    }
    let port = |name: &str| whole(value.get(name));
    match (port("from_port"), port("to_port")) {
        (Some(from), Some(to)) if from >= 0 && to >= from => {
            let port = |number: i64| u16::try_from(number).unwrap_or(u16::MAX);
            vec![service.ports(Span::between(port(from), port(to)))]
        }
        _ => vec![service],
    }
}

/// The list that packets pass out of a subnet, or the doubt about it; none where everything passes.
pub(super) fn out_of(cloud: &mut Cloud<'_, '_>, id: SubnetId) -> Option<Edge> {
    let subnet = cloud.subnet(id).clone();
    match subnet.acl {
        AclOf::Open => None,
        AclOf::Unknown(reason) => Some(Edge::maybe(subnet.router, reason)),
        AclOf::One(at) => filter(cloud, id, at, OUT_OF).map(Edge::to),
    }
}

/// What stands before a node of a subnet: the list that packets pass into it.
pub(super) fn before(cloud: &mut Cloud<'_, '_>, id: SubnetId, node: NodeId, way: &str) -> Edge {
    match cloud.subnet(id).acl {
        AclOf::Open => Edge::to(node),
        AclOf::Unknown(reason) => Edge::maybe(node, reason),
        AclOf::One(at) => match filter(cloud, id, at, way) {
            None => Edge::to(node),
            Some(filter) => {
                cloud.sketch.draft.connect(filter, node);
                Edge::to(filter)
            }
        },
    }
}

fn filter(cloud: &mut Cloud<'_, '_>, id: SubnetId, at: usize, way: &str) -> Option<NodeId> {
    let acl = cloud.acls.get(at)?.clone();
    let subnet = cloud.subnet(id).clone();
    let zone = cloud.vpc(subnet.vpc).name.clone();
    let title = Title::new(format!("{} ({way} {})", acl.name, subnet.name));
    let node = cloud.sketch.draft.stateless_filter(title.named(&acl.name).at(&acl.name).zone(zone));
    let is_out = way.starts_with(OUT_OF);
    let (there, back) = if is_out { (&acl.egress, &acl.ingress) } else { (&acl.ingress, &acl.egress) };
    // Out of a subnet the list looks at where packets go, into it where they come from; of an answer the same end is the
    // other one.
    for entry in there {
        cloud.sketch.draft.rule(node, rule(entry, !is_out));
    }
    for entry in back {
        cloud.sketch.draft.answer_rule(node, rule(entry, is_out));
    }
    Some(node)
}

fn rule(entry: &Entry, by_source: bool) -> Rule {
    let other = Party::Addresses(entry.nets.clone());
    let matching = Match::all().by(entry.services.iter().copied());
    let matching = if by_source { matching.from(other) } else { matching.to(other) };
    Rule { name: entry.name.clone(), matching, action: entry.action, maybe: entry.maybe }
}
