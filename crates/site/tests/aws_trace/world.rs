//! The resources of a plan as the interpreter sees them: networks, subnets, tables, lists, groups, hosts and gateways.

use crate::blocks::{entry, route, rules};
use crate::fact::{Fact, Net};
use crate::hubs::{Hub, hubs};
use crate::named::{Link, Names, flag, places, texts};
use serde_json::Value;
use site::resource::{Attribute, Resource};
use std::collections::BTreeMap;

pub(crate) const VPCS: &[&str] = &["aws_vpc", "aws_default_vpc", "data.aws_vpc"];
const SUBNETS: &[&str] = &["aws_subnet", "aws_default_subnet", "data.aws_subnet"];
const TABLES: &[&str] = &["aws_route_table", "aws_default_route_table", "data.aws_route_table"];
const ACLS: &[&str] = &["aws_network_acl", "aws_default_network_acl"];
pub(crate) const GROUPS: &[&str] =
    &["aws_security_group", "aws_default_security_group", "data.aws_security_group"];
pub(crate) const GATEWAYS: &[&str] = &["aws_internet_gateway"];
pub(crate) const HUBS: &[&str] = &["aws_ec2_transit_gateway"];

/// All of it.
#[derive(Default)]
pub(crate) struct World {
    /// What names a network is not known in the plan, which has only one: what follows from that is no more than a maybe.
    pub(crate) guessed: bool,
    pub(crate) vpcs: BTreeMap<String, Vpc>,
    pub(crate) subnets: BTreeMap<String, Subnet>,
    pub(crate) tables: BTreeMap<String, Table>,
    pub(crate) acls: BTreeMap<String, [Vec<Entry>; 2]>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) hosts: BTreeMap<String, Host>,
    pub(crate) nats: BTreeMap<String, Nat>,
    pub(crate) peerings: BTreeMap<String, Peering>,
    pub(crate) hubs: BTreeMap<String, Hub>,
    /// Internet gateways and their networks.
    pub(crate) gateways: BTreeMap<String, Link>,
    /// Something routes what comes in by gateways.
    pub(crate) routed_in: bool,
}

#[derive(Default)]
pub(crate) struct Vpc {
    /// Its ranges; nothing where not all are known.
    pub(crate) nets: Option<Vec<Net>>,
    /// Others manage it as well.
    pub(crate) foreign: bool,
    pub(crate) main: Option<Link>,
    pub(crate) default_acl: Option<Link>,
    default_group: Option<Link>,
}

pub(crate) struct Subnet {
    pub(crate) vpc: Link,
    pub(crate) net: Option<Net>,
    pub(crate) table: Option<Link>,
    pub(crate) acl: Option<Link>,
    maps_public: Option<bool>,
}

pub(crate) struct Table {
    pub(crate) vpc: Link,
    /// Nothing is known of its routes.
    pub(crate) foreign: bool,
    pub(crate) routes: Vec<Route>,
}

#[derive(Clone)]
pub(crate) struct Route {
    /// Nothing where it is not known.
    pub(crate) net: Option<Net>,
    pub(crate) to: To,
    /// Whether it is in this table for sure.
    pub(crate) sure: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Local,
    Internet(String),
    Nat(String),
    Peering(String),
    Hub(String),
    Unknown,
    /// The interpreter does not follow there.
    Beyond,
}

/// Protocol and ports; nothing where they are not known.
#[derive(Clone, Copy)]
pub(crate) struct Service {
    pub(crate) protocol: Option<u8>,
    pub(crate) ports: (u16, u16),
}

pub(crate) struct Entry {
    pub(crate) number: i64,
    pub(crate) allows: bool,
    pub(crate) service: Service,
    /// Its service is not known.
    pub(crate) vague: bool,
    /// Of IPv4; none of IPv6.
    pub(crate) net: Option<Net>,
    /// Something of it is not known.
    pub(crate) open: bool,
}

#[derive(Default)]
pub(crate) struct Group {
    /// What it lets in, and out.
    pub(crate) rules: [Vec<Rule>; 2],
    pub(crate) foreign: bool,
}

#[derive(Clone)]
pub(crate) struct Rule {
    pub(crate) service: Service,
    /// It is not known.
    pub(crate) vague: bool,
    pub(crate) end: End,
    /// Nobody knows whether the rule is one of the group.
    pub(crate) open: bool,
}

#[derive(Clone)]
pub(crate) enum End {
    Net(Net),
    Group(Link),
    /// Any address, perhaps.
    Unknown,
    Beyond,
}

pub(crate) struct Host {
    pub(crate) subnet: Link,
    pub(crate) groups: Link,
    pub(crate) address: Option<u32>,
    pub(crate) public: Fact,
}

pub(crate) struct Nat {
    pub(crate) subnet: Link,
    pub(crate) address: Option<u32>,
    pub(crate) private: bool,
}

pub(crate) struct Peering {
    pub(crate) ends: [Link; 2],
    pub(crate) active: Option<bool>,
}

impl World {
    pub(crate) fn of(resources: &[Resource]) -> Self {
        let names = Names::of(resources);
        let mut world = Self::default();
        world.networks(&names);
        world.subnets(&names);
        world.tables(&names);
        world.lists(&names);
        world.groups(&names);
        world.default_groups(&names);
        world.hosts(&names);
        world.doors(&names);
        world.hubs = hubs(&names);
        world.guessed = names.guessed.get();
        world
    }

    fn networks(&mut self, names: &Names<'_>) {
        for kind in VPCS {
            for one in names.kind(kind) {
                let net = one.values.get("cidr_block").and_then(Value::as_str).and_then(Net::read);
                let foreign = *kind != "aws_vpc";
                let vpc = Vpc { nets: net.map(|net| vec![net]), foreign, ..Vpc::default() };
                self.vpcs.insert(one.address.clone(), vpc);
            }
        }
        for more in names.kind("aws_vpc_ipv4_cidr_block_association") {
            let of = names.link(more, "vpc_id", VPCS);
            let net = more.values.get("cidr_block").and_then(Value::as_str).and_then(Net::read);
            for vpc in of.these {
                let Some(vpc) = self.vpcs.get_mut(&vpc) else { continue };
                match (net, &mut vpc.nets, of.sure) {
                    (Some(net), Some(nets), true) => nets.push(net),
                    (_, nets, _) => *nets = None,
                }
            }
        }
    }

    fn subnets(&mut self, names: &Names<'_>) {
        for one in SUBNETS.iter().flat_map(|kind| names.kind(kind)) {
            let mut vpc = names.link(one, "vpc_id", VPCS);
            vpc.sure &= !vpc.these.is_empty();
            let net = one.values.get("cidr_block").and_then(Value::as_str).and_then(Net::read);
            let maps_public = flag(one, "map_public_ip_on_launch", one.kind == "aws_default_subnet");
            self.subnets
                .insert(one.address.clone(), Subnet { vpc, net, table: None, acl: None, maps_public });
        }
    }

    fn tables(&mut self, names: &Names<'_>) {
        for one in TABLES.iter().flat_map(|kind| names.kind(kind)) {
            let mut vpc = names.link(one, "vpc_id", VPCS);
            if !vpc.is_set() {
                vpc = names.link(one, "default_route_table_id", VPCS);
            }
            if let ("aws_default_route_table", Some(vpc)) =
                (one.kind.as_str(), vpc.one().and_then(|one| self.vpcs.get_mut(one)))
            {
                vpc.main = Some(Link::sure(&one.address));
            }
            let foreign = one.is_data();
            let mut table = Table { vpc, foreign, routes: Vec::new() };
            let gateways = names.link(one, "propagating_vgws", &["aws_vpn_gateway"]);
            if gateways.is_set() {
                table.routes.push(Route { net: None, to: To::Beyond, sure: false });
            }
            match one.attribute("route") {
                Attribute::Known(Value::Array(blocks)) => {
                    let none = Value::Null;
                    let unknown = one.unknown.get("route").unwrap_or(&none);
                    for (at, block) in blocks.iter().enumerate() {
                        let part = (block, unknown.get(at).unwrap_or(&none));
                        table.routes.push(route(names, one, part, "route."));
                    }
                }
                Attribute::Unknown | Attribute::Sensitive => {
                    table.routes.push(Route { net: None, to: To::Unknown, sure: false });
                }
                _ => {}
            }
            self.tables.insert(one.address.clone(), table);
        }
        for one in names.kind("aws_route") {
            let of = names.link(one, "route_table_id", TABLES);
            let route = route(names, one, (&one.values, &one.unknown), "");
            let meant: Vec<String> =
                if of.these.is_empty() { self.tables.keys().cloned().collect() } else { of.these.clone() };
            for table in meant {
                let Some(table) = self.tables.get_mut(&table) else { continue };
                table.routes.push(Route { sure: route.sure && of.sure, ..route.clone() });
            }
        }
        for one in names.kind("aws_vpn_gateway_route_propagation") {
            for table in names.link(one, "route_table_id", TABLES).these {
                let Some(table) = self.tables.get_mut(&table) else { continue };
                table.routes.push(Route { net: None, to: To::Beyond, sure: false });
            }
        }
        self.associations(names);
    }

    fn associations(&mut self, names: &Names<'_>) {
        for one in names.kind("aws_main_route_table_association") {
            let (vpc, table) = (names.link(one, "vpc_id", VPCS), names.link(one, "route_table_id", TABLES));
            for of in &vpc.these {
                let Some(of) = self.vpcs.get_mut(of) else { continue };
                of.main = Some(Link { sure: table.sure && vpc.sure, ..table.clone() });
            }
        }
        for one in names.kind("aws_route_table_association") {
            let (subnets, table) =
                (names.link(one, "subnet_id", SUBNETS), names.link(one, "route_table_id", TABLES));
            self.routed_in |= names.link(one, "gateway_id", GATEWAYS).is_set();
            for of in &subnets.these {
                let Some(of) = self.subnets.get_mut(of) else { continue };
                of.table = Some(Link { sure: table.sure && subnets.sure, ..table.clone() });
            }
        }
    }

    fn lists(&mut self, names: &Names<'_>) {
        for one in ACLS.iter().flat_map(|kind| names.kind(kind)) {
            let lists = ["ingress", "egress"].map(|block| {
                let none = Value::Null;
                let unknown = one.unknown.get(block).unwrap_or(&none);
                match one.attribute(block) {
                    Attribute::Known(Value::Array(blocks)) => {
                        let of = |(at, value)| {
                            entry((value, unknown.get(at).unwrap_or(&none)), ["rule_no", "action"])
                        };
                        blocks.iter().enumerate().map(of).collect()
                    }
                    Attribute::Unknown | Attribute::Sensitive => {
                        let service = Service { protocol: None, ports: (0, u16::MAX) };
                        vec![Entry {
                            number: 0,
                            allows: true,
                            service,
                            vague: true,
                            net: Net::read("0.0.0.0/0"),
                            open: true,
                        }]
                    }
                    _ => Vec::new(),
                }
            });
            self.acls.insert(one.address.clone(), lists);
        }
        for one in names.kind("aws_network_acl_rule") {
            let of = names.link(one, "network_acl_id", ACLS);
            let egress = one.values.get("egress") == Some(&Value::Bool(true));
            for acl in &of.these {
                let mut entry = entry((&one.values, &one.unknown), ["rule_number", "rule_action"]);
                entry.open |= !of.sure;
                self.acls
                    .get_mut(acl)
                    .into_iter()
                    .for_each(|lists| lists[usize::from(egress)].push(entry_of(&entry)));
            }
        }
        for lists in self.acls.values_mut().flatten() {
            lists.sort_by_key(|entry| entry.number);
        }
        for one in names.kind("aws_default_network_acl") {
            let vpc = names.link(one, "default_network_acl_id", VPCS);
            for of in &vpc.these {
                let acl = Link { sure: vpc.sure, ..Link::sure(&one.address) };
                self.vpcs.get_mut(of).into_iter().for_each(|of| of.default_acl = Some(acl.clone()));
            }
        }
        for one in ACLS.iter().flat_map(|kind| names.kind(kind)) {
            self.give_acl(&names.link(one, "subnet_ids", SUBNETS), &Link::sure(&one.address));
        }
        for one in names.kind("aws_network_acl_association") {
            self.give_acl(&names.link(one, "subnet_id", SUBNETS), &names.link(one, "network_acl_id", ACLS));
        }
    }

    fn give_acl(&mut self, subnets: &Link, acl: &Link) {
        for of in &subnets.these {
            let acl = Link { sure: acl.sure && subnets.sure, ..acl.clone() };
            self.subnets.get_mut(of).into_iter().for_each(|of| of.acl = Some(acl.clone()));
        }
    }

    fn groups(&mut self, names: &Names<'_>) {
        for one in GROUPS.iter().flat_map(|kind| names.kind(kind)) {
            let rules = ["ingress", "egress"].map(|block| {
                let none = Value::Null;
                let unknown = one.unknown.get(block).unwrap_or(&none);
                match one.attribute(block) {
                    Attribute::Known(Value::Array(blocks)) => {
                        let part = |(at, value)| (value, unknown.get(at).unwrap_or(&none));
                        let prefix = format!("{block}.");
                        blocks
                            .iter()
                            .enumerate()
                            .map(part)
                            .flat_map(|part| rules(names, one, part, (&prefix, &one.address)))
                            .collect()
                    }
                    Attribute::Unknown | Attribute::Sensitive => {
                        let service = Service { protocol: None, ports: (0, u16::MAX) };
                        vec![Rule { service, vague: true, end: End::Unknown, open: false }]
                    }
                    _ => Vec::new(),
                }
            });
            self.groups.insert(one.address.clone(), Group { rules, foreign: one.is_data() });
        }
        let egress = |one: &Resource| one.values.get("type").and_then(Value::as_str) == Some("egress");
        let olds = names.kind("aws_security_group_rule").map(|one| (one, egress(one)));
        let ins = names.kind("aws_vpc_security_group_ingress_rule").map(|one| (one, false));
        let outs = names.kind("aws_vpc_security_group_egress_rule").map(|one| (one, true));
        for (one, egress) in olds.chain(ins).chain(outs) {
            let of = names.link(one, "security_group_id", GROUPS);
            let meant: Vec<String> =
                if of.these.is_empty() { self.groups.keys().cloned().collect() } else { of.these.clone() };
            for group in meant {
                let mut rules = rules(names, one, (&one.values, &one.unknown), ("", &group));
                for rule in &mut rules {
                    rule.open |= !of.sure;
                }
                self.groups
                    .get_mut(&group)
                    .into_iter()
                    .for_each(|group| group.rules[usize::from(egress)].extend(rules.iter().cloned()));
            }
        }
    }

    fn hosts(&mut self, names: &Names<'_>) {
        let interfaces = &["aws_network_interface"][..];
        let mut taken = Link::nothing();
        for one in names.kind("aws_instance") {
            taken = taken.with(names.link(one, "network_interface.network_interface_id", interfaces));
            taken = taken.with(names.link(one, "primary_network_interface.network_interface_id", interfaces));
        }
        for one in names.kind("aws_network_interface_attachment") {
            taken = taken.with(names.link(one, "network_interface_id", interfaces));
            taken = taken.with(names.link(one, "instance_id", &["aws_instance"]));
        }
        for one in names.kind("aws_instance").chain(names.kind("aws_network_interface")) {
            let has = |path: &str| {
                !places(&one.values, path).is_empty()
                    && one.values.get(path).and_then(Value::as_array).is_none_or(|all| !all.is_empty())
            };
            let is_plain =
                !has("network_interface") && !has("primary_network_interface") && !has("launch_template");
            if is_plain && !taken.these.contains(&one.address) {
                let host = self.host(names, one);
                self.hosts.insert(one.address.clone(), host);
            }
        }
        for one in names.kind("aws_network_interface_sg_attachment") {
            let of = names.link(one, "network_interface_id", &["aws_network_interface", "aws_instance"]);
            let groups = names.link(one, "security_group_id", GROUPS);
            for host in &of.these {
                let Some(host) = self.hosts.get_mut(host) else { continue };
                host.groups =
                    host.groups.clone().with(Link { sure: groups.sure && of.sure, ..groups.clone() });
            }
        }
    }

    fn host(&self, names: &Names<'_>, one: &Resource) -> Host {
        let subnet = names.link(one, "subnet_id", SUBNETS);
        let is_instance = one.kind == "aws_instance";
        let paths: &[&str] =
            if is_instance { &["vpc_security_group_ids", "security_groups"] } else { &["security_groups"] };
        let groups =
            paths.iter().fold(Link::nothing(), |link, path| link.with(names.link(one, path, GROUPS)));
        let groups = if groups.is_set() { groups } else { self.default_group(&subnet) };
        let text = ["private_ip", "private_ips"]
            .iter()
            .flat_map(|path| places(&one.values, path))
            .flat_map(texts)
            .next();
        let address = text.and_then(Net::read).map(|net| net.base);
        let by_subnet = || match subnet.one().and_then(|subnet| self.subnets.get(subnet)) {
            Some(subnet) => subnet.maps_public.map_or(Fact::Maybe, Fact::of),
            None => Fact::Maybe,
        };
        let mut public = match (is_instance, one.attribute("associate_public_ip_address")) {
            (false, _) => Fact::No,
            (true, Attribute::Unset) => by_subnet(),
            (true, _) => flag(one, "associate_public_ip_address", false).map_or(Fact::Maybe, Fact::of),
        };
        if places(&one.values, "public_ip").into_iter().flat_map(texts).next().is_some() {
            public = Fact::Yes;
        }
        for (kind, attributes) in [
            ("aws_eip", ["instance", "network_interface"]),
            ("aws_eip_association", ["instance_id", "network_interface_id"]),
        ] {
            for eip in names.kind(kind) {
                for attribute in attributes {
                    let of = names.link(eip, attribute, &["aws_instance", "aws_network_interface"]);
                    if of.is_set() && of.may_be(&one.address) {
                        public = public.or(|| if of.sure { Fact::Yes } else { Fact::Maybe });
                    }
                }
            }
        }
        Host {
            subnet: Link { sure: subnet.sure && !subnet.these.is_empty(), ..subnet },
            groups,
            address,
            public,
        }
    }

    /// The group of a host that names none.
    fn default_group(&self, subnet: &Link) -> Link {
        let vpc = subnet.one().and_then(|subnet| self.subnets.get(subnet)?.vpc.one());
        let unknown = Link { these: Vec::new(), sure: false };
        let Some((name, vpc)) = vpc.and_then(|name| Some((name, self.vpcs.get(name)?))) else {
            return unknown;
        };
        match &vpc.default_group {
            Some(group) => group.clone(),
            None if vpc.foreign => unknown,
            None => Link::sure(&format!("{name} default")),
        }
    }

    /// Every network has a group in which all reach each other and everything else.
    fn default_groups(&mut self, names: &Names<'_>) {
        for one in names.kind("aws_default_security_group") {
            let of = names.link(one, "vpc_id", VPCS);
            let group = Link { sure: of.sure, ..Link::sure(&one.address) };
            for vpc in &of.these {
                self.vpcs.get_mut(vpc).into_iter().for_each(|vpc| vpc.default_group = Some(group.clone()));
            }
        }
        let service = Service { protocol: None, ports: (0, u16::MAX) };
        let rule = |end| vec![Rule { service, vague: false, end, open: false }];
        for vpc in self.vpcs.keys() {
            let name = format!("{vpc} default");
            let (own, all) = (End::Group(Link::sure(&name)), Net { base: 0, length: 0 });
            self.groups.insert(name, Group { rules: [rule(own), rule(End::Net(all))], foreign: false });
        }
    }

    fn doors(&mut self, names: &Names<'_>) {
        for one in names.kind("aws_internet_gateway") {
            let mut vpc = names.link(one, "vpc_id", VPCS);
            for more in names.kind("aws_internet_gateway_attachment") {
                if names.link(more, "internet_gateway_id", GATEWAYS).may_be(&one.address) {
                    vpc = vpc.with(names.link(more, "vpc_id", VPCS));
                }
            }
            self.gateways.insert(one.address.clone(), vpc);
        }
        for one in names.kind("aws_nat_gateway") {
            let text = |name: &str| one.values.get(name).and_then(Value::as_str);
            let nat = Nat {
                subnet: names.link(one, "subnet_id", SUBNETS),
                address: text("private_ip").and_then(Net::read).map(|net| net.base),
                private: text("connectivity_type") == Some("private"),
            };
            self.nats.insert(one.address.clone(), nat);
        }
        for one in names.kind("aws_vpc_peering_connection") {
            let accepted = names.kind("aws_vpc_peering_connection_accepter").any(|by| {
                names.link(by, "vpc_peering_connection_id", &["aws_vpc_peering_connection"]).one()
                    == Some(&one.address)
            });
            let active = one.values.get("accept_status").and_then(Value::as_str) == Some("active");
            let own = flag(one, "auto_accept", false).filter(|is| *is);
            let active = if accepted || active { Some(true) } else { own };
            let ends = ["vpc_id", "peer_vpc_id"].map(|path| names.link(one, path, VPCS));
            self.peerings.insert(one.address.clone(), Peering { ends, active });
        }
    }
}

fn entry_of(entry: &Entry) -> Entry {
    Entry { ..*entry }
}
