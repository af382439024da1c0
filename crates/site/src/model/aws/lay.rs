//! Networks, subnets and route tables as nodes, joined with each other; what the plans do not have as places of which nothing
//! is known.

use super::addresses::{Range, any_v4, any_v6, global_v6, nets};
use super::book::Found;
use super::cloud::{AclOf, Cloud, Subnet, SubnetId, Table, TableId, Vpc, VpcId};
use super::hidden::{elsewhere, unknown_of, unknown_subnet};
use super::name_of;
use crate::model::thing::Thing;
use crate::network::{Edge, Known, Next, NodeId, Reason, ReasonId, Route, Title};
use crate::resource::{Attribute, Resource};
use ipnet::IpNet;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is a network.
pub(super) const VPCS: &[&str] = &["aws_vpc", "aws_default_vpc", "data.aws_vpc"];
/// What is a subnet.
pub(super) const SUBNETS: &[&str] = &["aws_subnet", "aws_default_subnet", "data.aws_subnet"];
/// What is a route table.
pub(super) const TABLES: &[&str] = &["aws_route_table", "aws_default_route_table", "data.aws_route_table"];
/// The range of every default network (Amazon VPC User Guide, *Default VPCs*).
const DEFAULT_RANGE: &str = "172.31.0.0/16";

/// Draws the networks, their subnets and their route tables.
pub(super) fn draw(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    let more = [
        ("cidr_block", any_v4(), book.naming("aws_vpc_ipv4_cidr_block_association", "vpc_id", VPCS)),
        ("ipv6_cidr_block", global_v6(), book.naming("aws_vpc_ipv6_cidr_block_association", "vpc_id", VPCS)),
    ];
    for resource in book.kinds(VPCS) {
        vpc(cloud, resource, &more);
    }
    only(cloud);
    for resource in cloud.book.kinds(TABLES) {
        table(cloud, resource);
    }
    mains(cloud);
    for resource in cloud.book.kinds(SUBNETS) {
        subnet(cloud, resource);
    }
    associations(cloud);
    super::acl::assign(cloud);
    for at in 0..cloud.subnets.len() {
        join(cloud, SubnetId(at));
    }
}

/// Whether an attribute is true, is not, or nobody knows; where it is not set, `unset` holds.
pub(super) fn flag(cloud: &mut Cloud<'_, '_>, resource: &Resource, name: &str, unset: bool) -> Known {
    match resource.attribute(name) {
        Attribute::Known(Value::Bool(true)) => Known::Yes,
        Attribute::Known(Value::Bool(false)) => Known::No,
        Attribute::Known(Value::String(text)) if text == "true" => Known::Yes,
        Attribute::Known(Value::String(text)) if text == "false" => Known::No,
        Attribute::Unset => {
            if unset {
                Known::Yes
            } else {
                Known::No
            }
        }
        Attribute::Known(_) | Attribute::Unknown | Attribute::Sensitive => {
            Known::Undecided(cloud.reason(Reason::attribute(name_of(resource), name)))
        }
    }
}

/// The prefixes that an attribute of a resource gives; what it leaves open lies somewhere in `within`.
pub(super) fn range(
    cloud: &mut Cloud<'_, '_>,
    resource: &Resource,
    name: &str,
    within: &[IpNet],
    range: &mut Range,
) {
    let is_open = match resource.attribute(name) {
        Attribute::Known(value) => {
            let (known, missed) = nets(Some(value));
            range.nets.extend(known);
            missed > 0
        }
        Attribute::Unknown | Attribute::Sensitive => true,
        Attribute::Unset => false,
    };
    if is_open {
        let reason = cloud.reason(Reason::attribute(name_of(resource), name));
        range.vague.extend(within.iter().map(|net| (*net, reason)));
    }
}

fn vpc(cloud: &mut Cloud<'_, '_>, resource: &Resource, more: &[More<'_>]) {
    let name = name_of(resource);
    let (is_data, is_default) = (resource.is_data(), resource.kind == "aws_default_vpc");
    let mut all = Range::default();
    range(cloud, resource, "cidr_block", &[any_v4()], &mut all);
    range(cloud, resource, "ipv6_cidr_block", &[global_v6()], &mut all);
    let is_set = |name: &str| !matches!(resource.attribute(name), Attribute::Unset);
    if all.of(true).is_empty() {
        if let (true, Ok(net)) = (is_default, DEFAULT_RANGE.parse()) {
            all.nets.push(net);
        } else {
            let reason = cloud.reason(Reason::attribute(name.clone(), "cidr_block"));
            all.vague.push((any_v4(), reason));
        }
    }
    let gives_v6 = resource.values.get("assign_generated_ipv6_cidr_block") == Some(&Value::Bool(true));
    if all.of(false).is_empty() && (gives_v6 || is_set("ipv6_ipam_pool_id")) {
        let reason = cloud.reason(Reason::attribute(name.clone(), "ipv6_cidr_block"));
        all.vague.push((global_v6(), reason));
    }
    let foreign = (is_data || is_default).then(|| {
        let attribute = if is_data { "main_route_table_id" } else { "default_route_table_id" };
        cloud.reason(Reason::attribute(name.clone(), attribute))
    });
    more_ranges(cloud, resource, more, &mut all);
    let id = add_vpc(cloud, (resource.plan, &name, tag_name(resource)), all, foreign);
    cloud.vpc_names.insert(name, id);
}

/// Resources that add ranges, by the network: with the attribute that says the range, and where it lies if it does not.
type More<'a> = (&'static str, IpNet, BTreeMap<String, Vec<&'a Resource>>);

/// Ranges that other resources add to a network.
fn more_ranges(cloud: &mut Cloud<'_, '_>, vpc: &Resource, more: &[More<'_>], all: &mut Range) {
    for (attribute, within, of) in more {
        for one in of.get(&name_of(vpc)).into_iter().flatten() {
            let mut own = Range::default();
            range(cloud, one, attribute, &[*within], &mut own);
            if own.is_empty() {
                let reason = cloud.reason(Reason::attribute(name_of(one), *attribute));
                own.vague.push((*within, reason));
            }
            all.nets.extend(own.nets);
            all.vague.extend(own.vague);
        }
    }
}

/// The only network that a module has: the one that is probably meant where nothing tells.
fn only(cloud: &mut Cloud<'_, '_>) {
    let mut only: BTreeMap<(usize, String), Option<VpcId>> = BTreeMap::new();
    for resource in cloud.book.kind("aws_vpc") {
        let id = cloud.vpc_names.get(&name_of(resource)).copied();
        let key = (resource.plan, resource.module.clone());
        only.entry(key).and_modify(|known| *known = None).or_insert(id);
    }
    cloud.only_vpcs = only.into_iter().filter_map(|(key, id)| Some((key, id?))).collect();
}

/// What people call a resource: its tag `Name`, or its address.
pub(super) fn tag_name(resource: &Resource) -> String {
    let tag = ["tags", "tags_all"].iter().find_map(|tags| resource.values.get(tags)?.get("Name")?.as_str());
    let tag = tag.filter(|tag| !tag.is_empty() && *tag != crate::resource::SENSITIVE);
    tag.unwrap_or(&resource.address).to_owned()
}

pub(super) fn add_vpc(
    cloud: &mut Cloud<'_, '_>,
    (plan, name, called): (usize, &str, String),
    range: Range,
    foreign: Option<ReasonId>,
) -> VpcId {
    let title = Title::new(name).named(called.clone()).zone(name);
    let router = cloud.sketch.draft.router(title);
    let title = Title::new(format!("{name} (by public addresses)")).named(called).at(name).zone(name);
    let public_router = cloud.sketch.draft.router(title);
    let (name, internet_gateways, subnets) = (name.to_owned(), Vec::new(), Vec::new());
    let vpc = Vpc {
        subnets,
        plan,
        is_elsewhere: false,
        name,
        range,
        router,
        public_router,
        main: None,
        foreign,
        internet_gateways,
    };
    cloud.vpcs.push(vpc);
    VpcId(cloud.vpcs.len().saturating_sub(1))
}

/// A main route table of which nothing is known.
pub(super) fn unknown_table(cloud: &mut Cloud<'_, '_>, vpc: VpcId, name: &str, reason: ReasonId) -> TableId {
    let title = Title::new(format!("{name} (main route table)")).at(name).zone(name);
    let router = cloud.sketch.draft.router(title.clone());
    let table = Table { name: title.id, vpc, doubt: None, router, unknown: Some(reason) };
    let id = add_table(cloud, table);
    main(cloud, vpc, id);
    id
}

pub(super) fn add_table(cloud: &mut Cloud<'_, '_>, table: Table) -> TableId {
    cloud.tables.push(table);
    TableId(cloud.tables.len().saturating_sub(1))
}

fn main(cloud: &mut Cloud<'_, '_>, vpc: VpcId, table: TableId) {
    if let Some(vpc) = cloud.vpcs.get_mut(vpc.0) {
        vpc.main = Some(table);
    }
}

fn table<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
    let name = name_of(resource);
    let mut found = cloud.book.named(resource, "vpc_id", VPCS);
    let mut path = "vpc_id";
    if found.is_unset() {
        path = "default_route_table_id";
        found = cloud.book.named(resource, path, VPCS);
    }
    let (vpc, doubt) = cloud.vpc_found(resource, path, &found);
    let zone = cloud.vpc(vpc).name.clone();
    let title = Title::new(name.clone()).named(tag_name(resource)).zone(zone);
    let router = cloud.sketch.draft.router(title);
    cloud.sketch.stands_for(router, Thing::resource(resource.plan, &resource.address));
    let is_data = resource.is_data();
    let unknown = is_data.then(|| cloud.reason(Reason::attribute(name.clone(), "routes")));
    let id = add_table(cloud, Table { name: name.clone(), vpc, doubt, router, unknown });
    cloud.tables_beside.entry((resource.plan, resource.module.clone())).or_default().push(id);
    cloud.table_names.insert(name, id);
    if resource.kind == "aws_default_route_table" {
        main(cloud, vpc, id);
    }
}

/// Which table holds for subnets that have none of their own.
fn mains(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    for resource in book.kind("aws_main_route_table_association") {
        let (vpcs, tables) =
            (book.named(resource, "vpc_id", VPCS), book.named(resource, "route_table_id", TABLES));
        let (vpc, doubt) = cloud.vpc_found(resource, "vpc_id", &vpcs);
        let table = tables.one().and_then(|one| cloud.table_names.get(&name_of(one)).copied());
        match (table, doubt) {
            (Some(table), None) => main(cloud, vpc, table),
            (_, doubt) => {
                let reason = || Reason::attribute(name_of(resource), "route_table_id");
                let doubt = doubt.unwrap_or_else(|| cloud.reason(tables.open.clone().unwrap_or_else(reason)));
                let name = name_of(resource);
                unknown_table(cloud, vpc, &name, doubt);
            }
        }
    }
    for id in cloud.vpcs() {
        let vpc = cloud.vpc(id).clone();
        match (vpc.main, vpc.foreign) {
            (Some(_), _) => {}
            (None, Some(reason)) => {
                unknown_table(cloud, id, &vpc.name, reason);
            }
            (None, None) => {
                let title =
                    Title::new(format!("{} (main route table)", vpc.name)).at(&vpc.name).zone(&vpc.name);
                let router = cloud.sketch.draft.router(title.clone());
                let table = Table { name: title.id, vpc: id, doubt: None, router, unknown: None };
                let table = add_table(cloud, table);
                main(cloud, id, table);
            }
        }
    }
}

fn subnet<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
    let name = name_of(resource);
    let mut found = cloud.book.named(resource, "vpc_id", VPCS);
    if found.is_unset() {
        found = default_vpcs(cloud, resource);
    }
    let (vpc, doubt) = cloud.vpc_found(resource, "vpc_id", &found);
    let mut own = Range::default();
    let within = cloud.vpc(vpc).range.clone();
    let (v4, v6): (Vec<IpNet>, Vec<IpNet>) =
        (within.of(true).all().collect(), within.of(false).all().collect());
    range(cloud, resource, "cidr_block", &v4, &mut own);
    range(cloud, resource, "ipv6_cidr_block", if v6.is_empty() { &[] } else { &v6 }, &mut own);
    let only_v6 = resource.values.get("ipv6_native") == Some(&Value::Bool(true));
    if own.of(true).is_empty() && !only_v6 {
        let reason = cloud.reason(Reason::attribute(name.clone(), "cidr_block"));
        own.vague.extend(v4.iter().map(|net| (*net, reason)));
    }
    let maps_public = flag(cloud, resource, "map_public_ip_on_launch", resource.kind == "aws_default_subnet");
    let maps_v6 = flag(cloud, resource, "assign_ipv6_address_on_creation", false);
    let id = add_subnet(cloud, &name, &tag_name(resource), vpc, own);
    if let Some(subnet) = cloud.subnets.get_mut(id.0) {
        (subnet.doubt, subnet.maps_public, subnet.maps_v6) = (doubt, maps_public, maps_v6);
        cloud.sketch.stands_for(subnet.router, Thing::resource(resource.plan, &resource.address));
    }
    let beside = (resource.plan, resource.module.clone());
    cloud.subnets_beside.entry(beside).or_default().push(id);
    cloud.subnet_names.insert(name, id);
}

/// The subnets that were found; where nothing tells which are meant, all of the module.
pub(super) fn subnets_or_beside(
    cloud: &Cloud<'_, '_>,
    resource: &Resource,
    found: &Found<'_>,
) -> Vec<SubnetId> {
    if found.these.is_empty() && found.open.is_some() {
        let beside = cloud.subnets_beside.get(&(resource.plan, resource.module.clone()));
        return beside.cloned().unwrap_or_default();
    }
    found.these.iter().filter_map(|one| cloud.subnet_names.get(&name_of(one)).copied()).collect()
}

/// The route tables that an attribute names: tables, or networks of which the main table is meant; where nothing tells
/// which, all of the module.
pub(super) fn tables_named<'a>(
    cloud: &mut Cloud<'a, '_>,
    resource: &'a Resource,
    path: &str,
) -> (Vec<TableId>, Option<Reason>) {
    let found = cloud.book.named(resource, path, TABLES);
    let tables = found.these.iter().filter_map(|one| cloud.table_names.get(&name_of(one)).copied());
    let tables: Vec<TableId> = tables.collect();
    if !tables.is_empty() {
        return (tables, found.open);
    }
    let mains = cloud.book.named(resource, path, VPCS);
    let main = mains.one().and_then(|one| cloud.vpc(*cloud.vpc_names.get(&name_of(one))?).main);
    if let Some(main) = main {
        return (vec![main], None);
    }
    let open = found
        .open
        .or_else(|| (!found.elsewhere.is_empty()).then(|| Reason::attribute(name_of(resource), path)));
    let beside = cloud.tables_beside.get(&(resource.plan, resource.module.clone())).cloned();
    (beside.filter(|_| found.elsewhere.is_empty()).unwrap_or_default(), open)
}

/// A default subnet lies in the default network of its region, which the configuration does not name.
fn default_vpcs<'a>(cloud: &Cloud<'a, '_>, resource: &Resource) -> Found<'a> {
    let all = cloud.book.kind("aws_default_vpc").filter(|vpc| vpc.plan == resource.plan);
    let mut these: Vec<&'a Resource> = all.filter(|vpc| vpc.module == resource.module).collect();
    let open = (these.len() != 1).then(|| Reason::attribute(name_of(resource), "vpc_id"));
    these.truncate(1);
    Found { these: if open.is_some() { Vec::new() } else { these }, open, elsewhere: Vec::new() }
}

pub(super) fn add_subnet(
    cloud: &mut Cloud<'_, '_>,
    name: &str,
    called: &str,
    vpc: VpcId,
    range: Range,
) -> SubnetId {
    let Vpc { name: zone, main, foreign, .. } = cloud.vpc(vpc).clone();
    let title = |id: String| Title::new(id).named(called).at(name).zone(zone.clone());
    let draft = &mut cloud.sketch.draft;
    let router = draft.router(title(name.to_owned()));
    let inward = [
        draft.router(title(format!("{name} (inward)"))),
        draft.router(title(format!("{name} (inward by public addresses)"))),
    ];
    let acl = match foreign {
        Some(_) => AclOf::Unknown(cloud.reason(Reason::attribute(zone, "default_network_acl_id"))),
        None => AclOf::Open,
    };
    cloud.subnets.push(Subnet {
        name: name.to_owned(),
        vpc,
        doubt: None,
        range,
        router,
        inward,
        tables: main.into_iter().collect(),
        tables_doubt: None,
        unknown: None,
        acl,
        maps_public: Known::No,
        maps_v6: Known::No,
    });
    let id = SubnetId(cloud.subnets.len().saturating_sub(1));
    if let Some(vpc) = cloud.vpcs.get_mut(vpc.0) {
        vpc.subnets.push(id);
    }
    id
}

/// The subnets that were found; for what the plans do not have, one of which nothing is known.
pub(super) fn subnets_found<'a>(
    cloud: &mut Cloud<'a, '_>,
    resource: &Resource,
    path: &str,
    found: &Found<'a>,
) -> (Vec<SubnetId>, Option<ReasonId>) {
    let names = |one: &&Resource| cloud.subnet_names.get(&name_of(one)).copied();
    let mut subnets: Vec<SubnetId> = found.these.iter().filter_map(names).collect();
    let doubt = found.open.clone().map(|reason| cloud.reason(reason));
    let lost = !found.elsewhere.is_empty() || subnets.is_empty() || found.open.is_some();
    if lost {
        let reason = found.open.clone().unwrap_or_else(|| Reason::attribute(name_of(resource), path));
        let mut vpcs: Vec<VpcId> = subnets.iter().map(|subnet| cloud.subnet(*subnet).vpc).collect();
        vpcs.extend(super::groups::vpc_of(cloud, resource));
        vpcs.dedup();
        let vpc = match vpcs.as_slice() {
            [one] => *one,
            _ => elsewhere(cloud, resource.plan, &reason),
        };
        subnets.push(unknown_subnet(cloud, vpc, &reason));
    }
    subnets.sort_unstable();
    subnets.dedup();
    (subnets, doubt)
}

/// Which route table each subnet has.
fn associations(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    for resource in book.kind("aws_route_table_association") {
        let subnets = book.named(resource, "subnet_id", SUBNETS);
        if subnets.is_unset() {
            continue;
        }
        let (candidates, open) = tables_named(cloud, resource, "route_table_id");
        let open = subnets.open.clone().or(open);
        let doubt = open.map(|reason| cloud.reason(reason));
        let meant = subnets_or_beside(cloud, resource, &subnets);
        for subnet in meant {
            associate(cloud, subnet, &candidates, doubt, subnets.open.is_some());
        }
    }
}

/// `may_keep` says that the subnet may not be meant, and then keeps the table that it has.
fn associate(
    cloud: &mut Cloud<'_, '_>,
    subnet: SubnetId,
    tables: &[TableId],
    doubt: Option<ReasonId>,
    may_keep: bool,
) {
    let vpc = cloud.subnet(subnet).vpc;
    let mut all = tables.to_vec();
    if tables.is_empty() {
        let reason = doubt.unwrap_or_else(|| cloud.reason(Reason::attribute("?", "route_table_id")));
        let name = format!("{} (route table that the plan does not have)", cloud.subnet(subnet).name);
        if let Some(known) = cloud.table_names.get(&name) {
            all.push(*known);
        } else {
            let table = unknown_of(cloud, vpc, &name, reason);
            cloud.table_names.insert(name, table);
            all.push(table);
        }
    }
    let Some(subnet) = cloud.subnets.get_mut(subnet.0) else { return };
    if may_keep {
        all.extend(subnet.tables.iter().copied());
    }
    all.sort_unstable();
    all.dedup();
    subnet.tables = all;
    subnet.tables_doubt = doubt;
}

/// Joins a subnet with its network, its list and its route table.
pub(super) fn join(cloud: &mut Cloud<'_, '_>, id: SubnetId) {
    let subnet = cloud.subnet(id).clone();
    let Vpc { router: vpc, public_router, .. } = cloud.vpc(subnet.vpc).clone();
    let [inward, by_public_address] = subnet.inward;
    for net in &subnet.range.nets {
        cloud.sketch.draft.route(subnet.router, Route::to(*net, inward));
    }
    for (net, reason) in &subnet.range.vague {
        cloud.sketch.draft.route(subnet.router, Route::to(*net, inward).maybe(*reason));
    }
    leave(cloud, id);
    let inward = super::acl::before(cloud, id, inward, "into");
    let by_public_address = super::acl::before(cloud, id, by_public_address, "by public addresses into");
    for (from, to) in [(vpc, inward), (public_router, by_public_address)] {
        for net in subnet.range.all() {
            let route = Route::to(net, to.to).named(format!("{} {net}", subnet.name));
            let doubt = subnet.doubt.or(to.maybe);
            cloud.sketch.draft.route(from, doubt.map_or(route.clone(), |doubt| route.maybe(doubt)));
        }
    }
}

/// The way out of a subnet: through its list to its route table.
fn leave(cloud: &mut Cloud<'_, '_>, id: SubnetId) {
    let subnet = cloud.subnet(id).clone();
    let tables = cloud.tables_of(id);
    let doubt = subnet.tables_doubt.or(subnet.doubt);
    let (next, doubt) = match super::acl::out_of(cloud, id) {
        None => (tables, doubt),
        Some(Edge { to, maybe }) if maybe.is_none() || to != subnet.router => {
            for table in tables {
                cloud.sketch.draft.edge(to, Edge { to: table, maybe: doubt });
            }
            (vec![to], maybe)
        }
        Some(Edge { maybe, .. }) => (tables, maybe.or(doubt)),
    };
    for net in [any_v4(), any_v6()] {
        for route in routes(net, &next, doubt) {
            cloud.sketch.draft.route(subnet.router, route.named(format!("out of {}", subnet.name)));
        }
    }
}

fn routes(net: IpNet, next: &[NodeId], doubt: Option<ReasonId>) -> Vec<Route> {
    match (next, doubt) {
        (nodes, Some(reason)) => vec![Route::new(net, Next::Undecided(reason, nodes.to_vec()))],
        (nodes, None) => nodes.iter().map(|node| Route::to(net, *node)).collect(),
    }
}
