//! Random stacks, and random packets near the edges of their rules.

use crate::fact::{Net, Packet};
use crate::written::Sheet;
use base::{Entropy, SeededEntropy};
use serde_json::{Value, json};

/// Choices from a seed.
pub(crate) struct Choices(SeededEntropy);

/// Ports that rules name.
const PORTS: [u16; 8] = [22, 80, 443, 1023, 1024, 5432, 32_768, 65_535];
const OUTSIDE: [&str; 6] =
    ["8.0.0.0/8", "8.8.8.0/24", "8.8.8.8/32", "1.1.1.0/25", "0.0.0.0/1", "128.0.0.0/1"];

impl Choices {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes).unwrap();
        usize::try_from(u64::from_le_bytes(bytes) % end as u64).unwrap()
    }

    /// So many times in a hundred.
    fn in_hundred(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    pub(crate) fn one<'v, T>(&mut self, of: &'v [T]) -> &'v T {
        &of[self.below(of.len())]
    }

    fn port(&mut self) -> u16 {
        let port = *self.one(&PORTS);
        match self.below(4) {
            0 => port.saturating_sub(1),
            1 => port.saturating_add(1),
            _ => port,
        }
    }

    /// A packet between these addresses.
    pub(crate) fn packet(&mut self, from: u32, to: u32) -> Packet {
        let protocol = *self.one(&[6, 6, 6, 17, 1]);
        let from_port =
            if self.in_hundred(70) { 1024 + u16::try_from(self.below(64_512)).unwrap() } else { self.port() };
        Packet { from, to, protocol, from_port, to_port: self.port() }
    }

    /// An address of the internet.
    pub(crate) fn public(&mut self) -> u32 {
        let net = Net::read(self.one::<&str>(&OUTSIDE[..4])).unwrap();
        net.at(u32::try_from(self.below(256)).unwrap())
    }
}

/// A random stack while it is made.
struct Maker {
    choices: Choices,
    sheet: Sheet,
    vpcs: usize,
    /// The subnets of each network: the name and the range.
    subnets: Vec<Vec<(String, String)>>,
    /// Something is left open once in so many attributes; never with 0.
    open: usize,
    /// Some hosts have no known address.
    vague: bool,
}

/// A random stack. With `open` some attributes are known only after apply.
pub(crate) fn sheet(seed: u64, open: bool) -> Sheet {
    let mut choices = Choices::new(seed);
    let sheet = Sheet { applied: choices.in_hundred(40), ..Sheet::default() };
    let vpcs = 2 + choices.below(2);
    let mut maker =
        Maker { choices, sheet, vpcs, subnets: Vec::new(), open: if open { 6 } else { 0 }, vague: false };
    maker.vague = maker.choices.in_hundred(25);
    (0..vpcs).for_each(|vpc| maker.network(vpc));
    maker.joints();
    (0..vpcs).for_each(|vpc| maker.routes(vpc));
    (0..vpcs).for_each(|vpc| maker.groups(vpc));
    (0..vpcs).for_each(|vpc| maker.hosts(vpc));
    maker.sheet
}

impl Maker {
    fn network(&mut self, vpc: usize) {
        let of = format!("=aws_vpc.v{vpc}");
        self.sheet.add(format!("aws_vpc.v{vpc}"), json!({"cidr_block": format!("10.{vpc}.0.0/16")}));
        if self.choices.in_hundred(75) {
            self.sheet.add(format!("aws_internet_gateway.g{vpc}"), json!({"vpc_id": of}));
        }
        let mut subnets = Vec::new();
        for at in 0..2 + self.choices.below(2) {
            let (name, net) =
                (format!("s{vpc}_{at}"), format!("10.{vpc}.{at}.0/{}", 24 + self.choices.below(3)));
            let public = self.choices.in_hundred(40);
            self.sheet.add(
                format!("aws_subnet.{name}"),
                json!({"vpc_id": of, "cidr_block": net, "map_public_ip_on_launch": public}),
            );
            subnets.push((name, net));
        }
        self.subnets.push(subnets);
        if self.choices.in_hundred(50) {
            self.sheet.add(
                format!("aws_nat_gateway.n{vpc}"),
                json!({"subnet_id": format!("=aws_subnet.s{vpc}_0"), "private_ip": format!("10.{vpc}.0.5")}),
            );
        }
        for at in 0..self.choices.below(3) {
            self.list(vpc, at);
        }
    }

    fn has(&self, address: &str) -> bool {
        self.sheet.resources.iter().any(|(known, _)| known == address)
    }

    /// Ranges that rules name.
    fn range(&mut self) -> Value {
        if self.open > 0 && self.choices.below(self.open) == 0 {
            return json!("?");
        }
        json!(self.known_range())
    }

    fn known_range(&mut self) -> String {
        let vpc = self.choices.below(self.vpcs);
        let subnet = self.subnets.get(vpc).map(|all| self.choices.one(all).1.clone());
        match self.choices.below(8) {
            0..=2 => "0.0.0.0/0".to_owned(),
            3 => format!("10.{vpc}.0.0/16"),
            4 => "10.0.0.0/8".to_owned(),
            5 => (*self.choices.one(&OUTSIDE)).to_owned(),
            _ => subnet.unwrap_or_else(|| "0.0.0.0/0".to_owned()),
        }
    }

    /// Protocol and ports.
    fn service(&mut self) -> (Value, u16, u16) {
        match self.choices.below(8) {
            0..=2 => (json!("-1"), 0, 0),
            3 => (json!("udp"), 0, u16::MAX),
            4 => (json!("tcp"), 1024, u16::MAX),
            at => {
                let (one, other) = (*self.choices.one(&PORTS), *self.choices.one(&PORTS));
                (json!(if at == 5 { "udp" } else { "tcp" }), one.min(other), one.max(other))
            }
        }
    }

    fn list(&mut self, vpc: usize, at: usize) {
        let name = format!("aws_network_acl.l{vpc}_{at}");
        let mut values =
            json!({"vpc_id": format!("=aws_vpc.v{vpc}"), "subnet_ids": [format!("=aws_subnet.s{vpc}_{at}")]});
        let alone = self.choices.in_hundred(50);
        for block in ["ingress", "egress"] {
            let mut entries = Vec::new();
            let count = 1 + self.choices.below(4);
            for number in 0..=count {
                let (protocol, from, to) = self.service();
                let last = number == count && self.choices.in_hundred(70);
                let action = if last || self.choices.in_hundred(55) { "allow" } else { "deny" };
                let cidr = if last { json!("0.0.0.0/0") } else { self.range() };
                let (protocol, from, to) = if last { (json!("-1"), 0, 0) } else { (protocol, from, to) };
                // They are not written in the order in which they count.
                let number = if number == count { 900 } else { 100 + (number * 370) % 500 };
                entries.push(json!({"rule_no": number, "action": action, "protocol": protocol, "from_port": from, "to_port": to, "cidr_block": cidr}));
            }
            entries.reverse();
            if alone {
                for (at, entry) in entries.into_iter().enumerate() {
                    let mut own = entry.clone();
                    own["rule_number"] = own["rule_no"].take();
                    own["rule_action"] = own["action"].take();
                    own.as_object_mut().unwrap().retain(|_, value| !value.is_null());
                    own["egress"] = json!(block == "egress");
                    own["network_acl_id"] = json!(format!("={name}"));
                    let (_, list) = name.split_once('.').unwrap();
                    self.sheet.add(format!("aws_network_acl_rule.{list}_{block}_{at}"), own);
                }
            } else {
                values[block] = json!(entries);
            }
        }
        self.sheet.add(name, values);
    }

    /// Peerings and a transit gateway.
    fn joints(&mut self) {
        if self.choices.in_hundred(60) {
            let mut values = json!({"vpc_id": "=aws_vpc.v0", "peer_vpc_id": "=aws_vpc.v1"});
            if self.open == 0 || self.choices.in_hundred(80) {
                values["auto_accept"] = json!(true);
            }
            self.sheet.add("aws_vpc_peering_connection.p", values);
        }
        if self.choices.in_hundred(60) {
            self.hub();
        }
    }

    fn hub(&mut self) {
        let plain = self.choices.in_hundred(40);
        let on = if plain { "enable" } else { "disable" };
        self.sheet.add(
            "aws_ec2_transit_gateway.t",
            json!({"default_route_table_association": on, "default_route_table_propagation": on}),
        );
        for vpc in 0..self.vpcs {
            let last = self.subnets[vpc].len() - 1;
            self.sheet.add(
                format!("aws_ec2_transit_gateway_vpc_attachment.a{vpc}"),
                json!({"transit_gateway_id": "=aws_ec2_transit_gateway.t", "vpc_id": format!("=aws_vpc.v{vpc}"), "subnet_ids": [format!("=aws_subnet.s{vpc}_{last}")]}),
            );
        }
        if plain {
            return;
        }
        for table in 0..2 {
            self.sheet.add(
                format!("aws_ec2_transit_gateway_route_table.r{table}"),
                json!({"transit_gateway_id": "=aws_ec2_transit_gateway.t"}),
            );
        }
        for vpc in 0..self.vpcs {
            let table = self.choices.below(2);
            let attachment = format!("=aws_ec2_transit_gateway_vpc_attachment.a{vpc}");
            let pair = |table: usize| json!({"transit_gateway_attachment_id": attachment, "transit_gateway_route_table_id": format!("=aws_ec2_transit_gateway_route_table.r{table}")});
            self.sheet.add(format!("aws_ec2_transit_gateway_route_table_association.o{vpc}"), pair(table));
            for table in 0..2 {
                if self.choices.in_hundred(65) {
                    self.sheet.add(
                        format!("aws_ec2_transit_gateway_route_table_propagation.w{vpc}_{table}"),
                        pair(table),
                    );
                }
                if self.choices.in_hundred(25) {
                    let mut route = pair(table);
                    let to = self.choices.below(self.vpcs);
                    route["destination_cidr_block"] =
                        json!(format!("10.{to}.{}.0/24", self.choices.below(2)));
                    if self.choices.in_hundred(60) {
                        route["blackhole"] = json!(true);
                        route.as_object_mut().unwrap().remove("transit_gateway_attachment_id");
                    }
                    let name = format!(
                        "aws_ec2_transit_gateway_route.b{table}_{}",
                        route["destination_cidr_block"].as_str().unwrap().replace(['.', '/'], "_")
                    );
                    if !self.has(&name) {
                        self.sheet.add(name, route);
                    }
                }
            }
        }
    }

    fn routes(&mut self, vpc: usize) {
        for table in 0..2 {
            let name = format!("aws_route_table.r{vpc}_{table}");
            let mut values = json!({"vpc_id": format!("=aws_vpc.v{vpc}")});
            let mut used: Vec<String> = Vec::new();
            let mut blocks = Vec::new();
            let inline = self.sheet.applied && self.choices.in_hundred(50);
            for at in 0..=self.choices.below(4) {
                let Some(route) = self.route(vpc, &mut used) else { continue };
                if inline {
                    blocks.push(route);
                } else {
                    let mut own = route.clone();
                    own["destination_cidr_block"] = own["cidr_block"].take();
                    own.as_object_mut().unwrap().retain(|_, value| !value.is_null());
                    own["route_table_id"] = json!(format!("={name}"));
                    self.sheet.add(format!("aws_route.r{vpc}_{table}_{at}"), own);
                }
            }
            if inline {
                values["route"] = json!(blocks);
            }
            self.sheet.add(name, values);
        }
        if self.choices.in_hundred(50) {
            self.sheet.add(
                format!("aws_main_route_table_association.m{vpc}"),
                json!({"vpc_id": format!("=aws_vpc.v{vpc}"), "route_table_id": format!("=aws_route_table.r{vpc}_1")}),
            );
        }
        for at in 0..self.subnets[vpc].len() {
            if self.choices.in_hundred(75) {
                let table = self.choices.below(2);
                self.sheet.add(
                    format!("aws_route_table_association.s{vpc}_{at}"),
                    json!({"subnet_id": format!("=aws_subnet.s{vpc}_{at}"), "route_table_id": format!("=aws_route_table.r{vpc}_{table}")}),
                );
            }
        }
    }

    /// A route to a prefix that the table does not have yet.
    fn route(&mut self, vpc: usize, used: &mut Vec<String>) -> Option<Value> {
        let to = (vpc + 1 + self.choices.below(self.vpcs - 1)) % self.vpcs;
        let targets = [
            ("gateway_id", format!("aws_internet_gateway.g{vpc}")),
            ("nat_gateway_id", format!("aws_nat_gateway.n{vpc}")),
            ("vpc_peering_connection_id", "aws_vpc_peering_connection.p".to_owned()),
            ("transit_gateway_id", "aws_ec2_transit_gateway.t".to_owned()),
        ];
        let fits = |(name, address): &(&str, String)| {
            self.has(address) && (*name != "vpc_peering_connection_id" || (vpc < 2 && to < 2))
        };
        let found: Vec<(&str, String)> = targets.iter().filter(|one| fits(one)).cloned().collect();
        if found.is_empty() {
            return None;
        }
        let (attribute, target) = self.choices.one(&found).clone();
        let inner = ["gateway_id", "nat_gateway_id"].contains(&attribute);
        let cidr = match (inner, self.choices.below(4)) {
            (true, 0) => "8.0.0.0/8".to_owned(),
            (true, _) => "0.0.0.0/0".to_owned(),
            (false, 0) => format!("10.{to}.0.0/24"),
            (false, 1) => format!("10.{to}.1.0/24"),
            (false, _) => format!("10.{to}.0.0/16"),
        };
        if used.contains(&cidr) {
            return None;
        }
        used.push(cidr.clone());
        Some(json!({"cidr_block": cidr, attribute: format!("={target}")}))
    }

    fn groups(&mut self, vpc: usize) {
        for at in 0..2 {
            let (name, own) = (format!("k{vpc}_{at}"), format!("=aws_security_group.k{vpc}_{at}"));
            let mut values = json!({"vpc_id": format!("=aws_vpc.v{vpc}")});
            for block in ["ingress", "egress"] {
                let mut blocks = Vec::new();
                let (protocol, from, to) = self.service();
                let all = block == "egress" && self.choices.in_hundred(70);
                let range = if all { json!("0.0.0.0/0") } else { self.range() };
                let (protocol, from, to) = if all { (json!("-1"), 0, 0) } else { (protocol, from, to) };
                let ranges = if range == json!("?") { range } else { json!([range, self.known_range()]) };
                blocks.push(
                    json!({"protocol": protocol, "from_port": from, "to_port": to, "cidr_blocks": ranges}),
                );
                if self.choices.in_hundred(25) {
                    blocks.push(json!({"protocol": "tcp", "from_port": 22, "to_port": 443, "self": true}));
                }
                values[block] = json!(blocks);
            }
            self.sheet.add(format!("aws_security_group.{name}"), values);
            if self.choices.in_hundred(60) {
                let (protocol, from, to) = self.service();
                // A group of another network counts over a peering, and over no transit gateway.
                let peered = vpc < 2
                    && self.has("aws_vpc_peering_connection.p")
                    && !self.has("aws_ec2_transit_gateway.t");
                let of = if peered { self.choices.below(2) } else { vpc };
                let source = format!("=aws_security_group.k{of}_{}", self.choices.below(2));
                let old = self.choices.in_hundred(50);
                let values = if old {
                    json!({"type": "ingress", "security_group_id": own, "protocol": protocol, "from_port": from, "to_port": to, "source_security_group_id": source})
                } else {
                    json!({"security_group_id": own, "ip_protocol": protocol, "from_port": from, "to_port": to, "referenced_security_group_id": source})
                };
                let kind =
                    if old { "aws_security_group_rule" } else { "aws_vpc_security_group_ingress_rule" };
                self.sheet.add(format!("{kind}.{name}"), values);
            }
        }
    }

    fn hosts(&mut self, vpc: usize) {
        for (at, (subnet, net)) in self.subnets[vpc].clone().into_iter().enumerate() {
            for number in 0..=self.choices.below(2) {
                let name = format!("h{vpc}_{at}_{number}");
                let mut groups = vec![format!("=aws_security_group.k{vpc}_{}", self.choices.below(2))];
                if self.choices.in_hundred(30) {
                    let more = format!("=aws_security_group.k{vpc}_{}", self.choices.below(2));
                    if !groups.contains(&more) {
                        groups.push(more);
                    }
                }
                let mut values =
                    json!({"subnet_id": format!("=aws_subnet.{subnet}"), "vpc_security_group_ids": groups});
                if !self.vague || self.choices.in_hundred(60) {
                    let address = Net::read(&net).unwrap().at(10 + 7 * u32::try_from(number).unwrap());
                    values["private_ip"] = json!(std::net::Ipv4Addr::from(address).to_string());
                }
                match self.choices.below(3) {
                    0 => values["associate_public_ip_address"] = json!(true),
                    1 => values["associate_public_ip_address"] = json!(false),
                    _ => {}
                }
                if self.choices.in_hundred(15) {
                    self.sheet.add(
                        format!("aws_eip.e{name}"),
                        json!({"instance": format!("=aws_instance.{name}")}),
                    );
                }
                self.sheet.add(format!("aws_instance.{name}"), values);
            }
        }
    }
}
