//! Routes, and what they mean for what comes in: of TCP a gateway lets in what the subnet answers by the same gateway.
//!
//! The local route is always there; the longest prefix decides; what a gateway propagates gives way to what is written.

use super::addresses::{Range, any_v4, any_v6, global_v6, net};
use super::book::{has_true, parts};
use super::cloud::{Cloud, Table, TableId, VpcId};
use super::hidden::overlay;
use super::lay::{TABLES, tables_named};
use super::{gateways, name_of, prefixes};
use crate::network::{Edge, Match, Next, NodeId, Reason, ReasonId, Route, Rule};
use crate::packet::Addresses;
use crate::resource::{Attribute, Resource};
use ipnet::IpNet;
use serde_json::Value;
use std::collections::BTreeMap;

/// The attributes by which a route names where it leads, with the types that stand there.
const TARGETS: &[(&str, &[&str])] = &[
    (
        "gateway_id",
        &[
            "aws_internet_gateway",
            "data.aws_internet_gateway",
            "aws_vpn_gateway",
            "data.aws_vpn_gateway",
            "aws_vpc_endpoint",
        ],
    ),
    ("nat_gateway_id", &["aws_nat_gateway", "data.aws_nat_gateway"]),
    ("egress_only_gateway_id", &["aws_egress_only_internet_gateway"]),
    ("vpc_peering_connection_id", gateways::PEERINGS),
    ("transit_gateway_id", &["aws_ec2_transit_gateway", "data.aws_ec2_transit_gateway"]),
    ("network_interface_id", &["aws_network_interface", "aws_instance", "data.aws_network_interface"]),
    ("instance_id", &["aws_instance"]),
    (
        "vpc_endpoint_id",
        &["aws_vpc_endpoint", "aws_networkfirewall_firewall", "data.aws_networkfirewall_firewall"],
    ),
    ("carrier_gateway_id", &["aws_ec2_carrier_gateway"]),
    ("local_gateway_id", &["data.aws_ec2_local_gateway"]),
    ("core_network_arn", &["aws_networkmanager_core_network"]),
];
/// What propagates routes.
const VPN_GATEWAYS: &[&str] = &["aws_vpn_gateway", "data.aws_vpn_gateway"];

/// A route of a table while it is drawn.
#[derive(Clone, Debug)]
struct Line {
    name: String,
    net: IpNet,
    /// The prefix lies only somewhere in `net`.
    vague: Option<ReasonId>,
    to: To,
    /// It gives way to what is written for the same prefix.
    propagated: bool,
}

/// Where a route leads.
#[derive(Clone, Debug)]
pub(super) enum To {
    Local,
    Gateway(String, Edge),
    Undecided(ReasonId, Vec<NodeId>),
    Blackhole,
}

/// Draws the routes of all tables, and what gateways let in.
pub(super) fn draw(cloud: &mut Cloud<'_, '_>) {
    let mut lines: Vec<Vec<Line>> = (0..cloud.tables.len()).map(|_| Vec::new()).collect();
    let book = cloud.book;
    for resource in book.kinds(TABLES) {
        let Some(id) = cloud.table_names.get(&name_of(resource)).copied() else { continue };
        let read = inline(cloud, resource, id);
        lines.get_mut(id.0).into_iter().for_each(|all| all.extend(read.clone()));
    }
    for resource in book.kind("aws_route") {
        alone(cloud, resource, &mut lines);
    }
    propagated(cloud, &mut lines);
    routed_in(cloud, &lines);
    gateways::publish(cloud);
    overlay(cloud);
    cloud.settle();
    for (at, own) in lines.iter_mut().enumerate() {
        let Some(table) = cloud.tables.get(at).cloned() else { continue };
        local(cloud, &table, own);
        spread(own);
        write(cloud, &table, own);
    }
    let entrances: Vec<_> = cloud.entrances.iter().map(|(key, node)| (key.clone(), *node)).collect();
    for ((vpc, gateway, _), node) in entrances {
        let_in(cloud, vpc, &gateway, node, &lines);
    }
}

fn inline<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, id: TableId) -> Vec<Line> {
    let mut lines = Vec::new();
    if resource.is_data() {
        return lines;
    }
    let (name, none) = (name_of(resource), Value::Null);
    let unknown = resource.unknown.get("route").unwrap_or(&none);
    match resource.attribute("route") {
        Attribute::Known(Value::Array(blocks)) => {
            for (at, value) in blocks.iter().enumerate() {
                let block = Block {
                    resource,
                    value,
                    unknown: unknown.get(at).unwrap_or(&none),
                    name: format!("{name} route[{at}]"),
                    inline: true,
                };
                lines.extend(block.lines(cloud, id));
            }
        }
        Attribute::Unknown | Attribute::Sensitive => {
            let reason = cloud.reason(Reason::attribute(name.clone(), "route"));
            lines.extend(anywhere(&name, reason));
        }
        Attribute::Known(_) | Attribute::Unset => {}
    }
    lines
}

fn anywhere(name: &str, reason: ReasonId) -> [Line; 2] {
    [any_v4(), any_v6()].map(|net| Line {
        name: name.to_owned(),
        net,
        vague: Some(reason),
        to: To::Undecided(reason, Vec::new()),
        propagated: false,
    })
}

fn alone<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, lines: &mut [Vec<Line>]) {
    let (tables, open) = tables_named(cloud, resource, "route_table_id");
    let open = open.map(|reason| cloud.reason(reason));
    for table in tables {
        let (value, unknown) = (&resource.values, &resource.unknown);
        let block = Block { resource, value, unknown, name: name_of(resource), inline: false };
        let read = block.lines(cloud, table);
        let doubt = |line: Line| match open {
            Some(reason) => Line { vague: line.vague.or(Some(reason)), ..line },
            None => line,
        };
        lines.get_mut(table.0).into_iter().for_each(|all| all.extend(read.iter().cloned().map(doubt)));
    }
}

/// A route as it is written: as a block or as a resource.
struct Block<'a, 'v> {
    resource: &'a Resource,
    value: &'v Value,
    unknown: &'v Value,
    name: String,
    inline: bool,
}

impl Block<'_, '_> {
    fn lines(&self, cloud: &mut Cloud<'_, '_>, table: TableId) -> Vec<Line> {
        let range = self.destinations(cloud);
        let to = self.to(cloud, table);
        let line =
            |net, vague| Line { name: self.name.clone(), net, vague, to: to.clone(), propagated: false };
        let sure = range.nets.iter().map(|net| line(*net, None));
        sure.chain(range.vague.iter().map(|(net, reason)| line(*net, Some(*reason)))).collect()
    }

    fn reason(&self, attribute: &str) -> Reason {
        let path = if self.inline { format!("route.{attribute}") } else { attribute.to_owned() };
        Reason::attribute(name_of(self.resource), path)
    }

    fn is_unknown(&self, attribute: &str) -> bool {
        parts(self.unknown, attribute).into_iter().any(has_true)
    }

    fn destinations(&self, cloud: &mut Cloud<'_, '_>) -> Range {
        let mut range = Range::default();
        let attributes = [
            ("cidr_block", any_v4()),
            ("destination_cidr_block", any_v4()),
            ("ipv6_cidr_block", any_v6()),
            ("destination_ipv6_cidr_block", any_v6()),
        ];
        for (attribute, any) in attributes {
            let text = self.value.get(attribute).and_then(Value::as_str).filter(|text| !text.is_empty());
            match text.map(net) {
                Some(Some(net)) => range.nets.push(net),
                None if !self.is_unknown(attribute) => {}
                None if !self.is_given(attribute) => {}
                Some(None) | None => range.vague.push((any, cloud.reason(self.reason(attribute)))),
            }
        }
        for attribute in ["destination_prefix_list_id"] {
            let found = self.named(cloud, attribute, prefixes::LISTS);
            for list in &found.these {
                let list = prefixes::of(cloud, list);
                range.nets.extend(list.nets);
                range.vague.extend(list.vague);
            }
            if found.open.is_some() || !found.elsewhere.is_empty() {
                let reason = cloud.reason(self.reason(attribute));
                range.vague.extend([(any_v4(), reason), (any_v6(), reason)]);
            }
        }
        range
    }

    /// An attribute that the provider fills in by itself is unknown without being given.
    fn is_given(&self, attribute: &str) -> bool {
        self.inline || !matches!(self.resource.attribute(attribute), Attribute::Unset)
    }

    fn named<'b>(&self, cloud: &Cloud<'b, '_>, attribute: &str, kinds: &[&str]) -> super::book::Found<'b> {
        let Some(resource) = cloud.book.at(self.resource.plan, &self.resource.address) else {
            return super::book::Found::default();
        };
        if self.inline {
            cloud.book.named_in(resource, (self.value, self.unknown), ("route", attribute), kinds)
        } else {
            cloud.book.named(resource, attribute, kinds)
        }
    }

    fn to(&self, cloud: &mut Cloud<'_, '_>, table: TableId) -> To {
        if self.value.get("state").and_then(Value::as_str) == Some("blackhole") {
            return To::Blackhole;
        }
        let Some(vpc) = cloud.tables.get(table.0).map(|table| table.vpc) else { return To::Blackhole };
        for (attribute, kinds) in TARGETS {
            let found = self.named(cloud, attribute, kinds);
            if found.is_unset() {
                continue;
            }
            if let Some(one) = found.one() {
                return target(cloud, one, vpc);
            }
            if let [id] = found.elsewhere.as_slice()
                && found.open.is_none()
                && found.these.is_empty()
            {
                return self.by_id(cloud, id, attribute, vpc);
            }
            let reason = cloud.reason(found.open.clone().unwrap_or_else(|| self.reason(attribute)));
            let nodes =
                found.these.iter().filter_map(|one| cloud.gateway(&name_of(one), vpc)).map(|edge| edge.to);
            return To::Undecided(reason, nodes.collect());
        }
        // A route has to lead somewhere: the target is one that is not known yet by any name.
        let reason = cloud.reason(self.reason("target"));
        To::Undecided(reason, Vec::new())
    }

    fn by_id(&self, cloud: &mut Cloud<'_, '_>, id: &str, attribute: &str, vpc: VpcId) -> To {
        if id == "local" {
            return To::Local;
        }
        if let Some(edge) = cloud.gateway(id, vpc) {
            return To::Gateway(id.to_owned(), edge);
        }
        if id.starts_with("igw-") {
            let name = gateways::internet_gateway_of(cloud, vpc, id);
            if let Some(edge) = cloud.gateway(&name, vpc) {
                return To::Gateway(name, edge);
            }
        }
        let reason = cloud.reason(self.reason(attribute));
        let leads_out = ["nat-", "eigw-"].iter().any(|kind| id.starts_with(kind));
        let among = if leads_out { vec![cloud.sketch.internet()] } else { Vec::new() };
        To::Undecided(reason, among)
    }
}

/// Where a route to this resource leads.
fn target(cloud: &mut Cloud<'_, '_>, one: &Resource, vpc: VpcId) -> To {
    let name = name_of(one);
    let name = cloud.aliases.get(&name).cloned().unwrap_or(name);
    if let Some(edge) = cloud.gateway(&name, vpc) {
        return To::Gateway(name, edge);
    }
    match one.kind.as_str() {
        "aws_instance" | "aws_network_interface" => gateways::forwarder(cloud, one, vpc),
        "data.aws_internet_gateway" => {
            let gateway = gateways::internet_gateway_of(cloud, vpc, &name);
            let edge = cloud.gateway(&gateway, vpc);
            edge.map(|edge| To::Gateway(gateway, edge))
        }
        _ => None,
    }
    .unwrap_or_else(|| {
        let reason = cloud.reason(Reason::feature(name, one.kind.clone()));
        To::Undecided(reason, Vec::new())
    })
}

impl To {
    /// To a node, for sure or perhaps.
    pub(super) fn perhaps(reason: ReasonId, node: NodeId) -> Self {
        Self::Undecided(reason, vec![node])
    }
}

/// Routes that virtual private gateways propagate.
fn propagated(cloud: &mut Cloud<'_, '_>, lines: &mut [Vec<Line>]) {
    let book = cloud.book;
    let mut pairs: Vec<(&Resource, Vec<TableId>, super::book::Found<'_>)> = Vec::new();
    for resource in book.kind("aws_vpn_gateway_route_propagation") {
        let (tables, open) = tables_named(cloud, resource, "route_table_id");
        let gateways = book.named(resource, "vpn_gateway_id", VPN_GATEWAYS);
        let open = open.or(gateways.open.clone());
        pairs.push((resource, tables, super::book::Found { open, ..gateways }));
    }
    for resource in book.kinds(TABLES) {
        let gateways = book.named(resource, "propagating_vgws", VPN_GATEWAYS);
        if !gateways.is_unset() {
            let table = cloud.table_names.get(&name_of(resource)).copied();
            pairs.push((resource, table.into_iter().collect(), gateways));
        }
    }
    for (resource, tables, gateways) in pairs {
        let name = name_of(resource);
        let open = gateways.open.clone().map(|reason| cloud.reason(reason));
        for id in tables {
            let Some(vpc) = cloud.tables.get(id.0).map(|table| table.vpc) else { continue };
            for gateway in &gateways.these {
                let all = announced(cloud, &name_of(gateway), open);
                let to = target(cloud, gateway, vpc);
                let line =
                    |(net, vague)| Line { name: name.clone(), net, vague, to: to.clone(), propagated: true };
                lines.get_mut(id.0).into_iter().for_each(|own| own.extend(all.iter().copied().map(line)));
            }
            if gateways.these.is_empty() {
                let reason =
                    open.unwrap_or_else(|| cloud.reason(Reason::attribute(name.clone(), "vpn_gateway_id")));
                lines.get_mut(id.0).into_iter().for_each(|own| own.extend(anywhere(&name, reason)));
            }
        }
    }
}

fn announced(
    cloud: &mut Cloud<'_, '_>,
    gateway: &str,
    open: Option<ReasonId>,
) -> Vec<(IpNet, Option<ReasonId>)> {
    let reason = cloud.reason(Reason::attribute(gateway, "announced routes"));
    let range = cloud
        .announced
        .get(gateway)
        .cloned()
        .unwrap_or_else(|| Range { nets: Vec::new(), vague: vec![(any_v4(), reason), (any_v6(), reason)] });
    let sure = range.nets.iter().map(|net| (*net, open));
    sure.chain(range.vague.iter().map(|(net, reason)| (*net, Some(*reason)))).collect()
}

/// Tables that route what comes in by a gateway: what they do beyond the local route is not modelled.
fn routed_in(cloud: &mut Cloud<'_, '_>, lines: &[Vec<Line>]) {
    let book = cloud.book;
    for resource in book.kind("aws_route_table_association") {
        let gateways = book.named(resource, "gateway_id", &["aws_internet_gateway", "aws_vpn_gateway"]);
        let tables = book.named(resource, "route_table_id", TABLES);
        let ids: Vec<TableId> =
            tables.these.iter().filter_map(|one| cloud.table_names.get(&name_of(one)).copied()).collect();
        let is_local = |line: &Line| matches!(line.to, To::Local);
        let plain = |id: &TableId| lines.get(id.0).is_some_and(|own| own.iter().all(is_local));
        if gateways.is_unset() || (!ids.is_empty() && ids.iter().all(plain)) {
            continue;
        }
        let reason = cloud.reason(Reason::feature(name_of(resource), "gateway route table"));
        for gateway in gateways.these {
            cloud.routed_in.insert(name_of(gateway), reason);
        }
    }
}

/// The local route, and that of a table of which nothing is known.
fn local(cloud: &mut Cloud<'_, '_>, table: &Table, lines: &mut Vec<Line>) {
    let range = cloud.vpc(table.vpc).range.clone();
    let line = |net, vague| Line {
        name: format!("{} local", table.name),
        net,
        vague,
        to: To::Local,
        propagated: false,
    };
    lines.extend(range.nets.iter().map(|net| line(*net, table.doubt)));
    for (net, reason) in range.vague {
        // An unknown range may lie anywhere, also beside a route to everywhere.
        let net = if net == global_v6() { any_v6() } else { net };
        lines.push(line(net, Some(reason)));
    }
    if let Some(reason) = table.unknown {
        lines.extend(anywhere(&table.name, reason));
    }
}

/// A prefix that lies only somewhere in another may be as long as any that lies there: it may take from each.
fn spread(lines: &mut Vec<Line>) {
    let vague: Vec<Line> = lines.iter().filter(|line| line.vague.is_some()).cloned().collect();
    let nets: Vec<(IpNet, bool)> =
        lines.iter().map(|line| (line.net, matches!(line.to, To::Local))).collect();
    for line in vague.iter().take(VAGUE_MAX) {
        let inside = |net: &IpNet| line.net.contains(net) && *net != line.net;
        let mut inner: Vec<IpNet> =
            nets.iter().filter(|(net, local)| !local && inside(net)).map(|(net, _)| *net).collect();
        inner.sort_unstable();
        inner.dedup();
        lines.extend(inner.into_iter().map(|net| Line { net, ..line.clone() }));
    }
}

/// Vague routes of one table that are laid beside each of its other routes; beyond that they stand at their own prefix.
const VAGUE_MAX: usize = 64;

fn write(cloud: &mut Cloud<'_, '_>, table: &Table, lines: &mut Vec<Line>) {
    // What is written wins over what is propagated; the local route over both.
    let mut rank: BTreeMap<IpNet, u8> = BTreeMap::new();
    let rank_of = |line: &Line| match (&line.to, line.propagated) {
        (To::Local, _) => 0,
        (_, false) => 1,
        (_, true) => 2,
    };
    for line in lines.iter().filter(|line| line.vague.is_none()) {
        let best = rank.entry(line.net).or_insert(u8::MAX);
        *best = (*best).min(rank_of(line));
    }
    lines
        .retain(|line| line.vague.is_some() || rank.get(&line.net).is_none_or(|best| rank_of(line) <= *best));
    let vpc = cloud.vpc(table.vpc).router;
    for line in lines.iter() {
        let (next, doubt) = match &line.to {
            To::Local => (Next::Node(vpc), None),
            To::Gateway(_, edge) => (Next::Node(edge.to), edge.maybe),
            To::Undecided(reason, among) => (Next::Undecided(*reason, among.clone()), None),
            To::Blackhole => (Next::Blackhole, None),
        };
        // That a gateway may not pass packets on is no doubt about the route itself: it hides no other.
        let next = match (next, doubt) {
            (Next::Node(node), Some(reason)) => Next::Undecided(reason, vec![node]),
            (next, _) => next,
        };
        let route = Route::new(line.net, next).named(format!("{} {}", line.name, line.net));
        let route = line.vague.map_or(route.clone(), |reason| route.maybe(reason));
        cloud.sketch.draft.route(table.router, route);
    }
}

/// What a gateway lets in: packets to the network, of TCP those that are answered by the same gateway.
fn let_in(cloud: &mut Cloud<'_, '_>, vpc: VpcId, gateway: &str, node: NodeId, lines: &[Vec<Line>]) {
    let network = cloud.vpc(vpc).clone();
    let rule = Rule::allow(network.name.clone(), Match::all().to(network.range.addresses()));
    let doubt = cloud.routed_in.get(gateway).copied();
    cloud.sketch.draft.rule(node, doubt.map_or(rule.clone(), |reason| rule.maybe(reason)));
    let mut by_table: BTreeMap<(TableId, Option<ReasonId>), Vec<IpNet>> = BTreeMap::new();
    for (_, subnet) in cloud.subnets_of(vpc) {
        for table in &subnet.tables {
            let doubt = subnet.tables_doubt.or(subnet.doubt);
            by_table.entry((*table, doubt)).or_default().extend(subnet.range.all());
        }
    }
    for ((table, doubt), nets) in by_table {
        let Some(own) = lines.get(table.0) else { continue };
        let answers = answers(own, gateway, &Addresses::from_nets(nets), doubt);
        for rule in answers {
            cloud.sketch.draft.answer_rule(node, rule);
        }
    }
}

/// Which answers of these subnets go by the gateway. The longest prefix decides, so it comes first; what only may go by it
/// is a maybe.
fn answers(lines: &[Line], gateway: &str, from: &Addresses, doubt: Option<ReasonId>) -> Vec<Rule> {
    let by_gateway = |line: &Line| match &line.to {
        To::Gateway(name, _) => name == gateway,
        To::Undecided(..) => true,
        To::Local | To::Blackhole => false,
    };
    let taken: Vec<IpNet> = lines.iter().filter(|line| by_gateway(line)).map(|line| line.net).collect();
    let matters = |line: &&Line| by_gateway(line) || taken.iter().any(|net| net.contains(&line.net));
    let mut sorted: Vec<&Line> =
        if taken.is_empty() { Vec::new() } else { lines.iter().filter(matters).collect() };
    // Of the same length, what goes by the gateway comes first: a doubtful route elsewhere does not take it away.
    sorted.sort_by_key(|line| (std::cmp::Reverse(line.net.prefix_len()), !by_gateway(line)));
    let rules = |line: &Line| {
        let matching = Match::all().from(from.clone()).to(line.net);
        let name = format!("{} {}", line.name, line.net);
        let there = |rule: Rule| match doubt.or(line.vague) {
            Some(reason) => rule.maybe(reason),
            None => rule,
        };
        match &line.to {
            // Nobody knows where this route leads: if not by the gateway, the answer is lost.
            To::Undecided(reason, _) => {
                vec![
                    Rule::allow(name.clone(), matching.clone()).maybe(*reason),
                    there(Rule::deny(name, matching)),
                ]
            }
            _ if by_gateway(line) => vec![there(Rule::allow(name, matching))],
            _ => vec![there(Rule::deny(name, matching))],
        }
    };
    sorted.into_iter().flat_map(rules).collect()
}
