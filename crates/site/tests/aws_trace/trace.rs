//! One packet, hop by hop, as Amazon's documentation says: whether it arrives and, of TCP, whether its answer comes back.
//!
//! Amazon VPC User Guide: *Security groups* (with memory, any rule allows, a group named by a rule stands for the private
//! addresses of its members), *Network ACLs* (without memory, the first entry by number decides, only between subnets),
//! *Route tables* (the longest prefix, the local route), *Internet gateways* (a public address is needed), *NAT gateways*;
//! Amazon VPC Peering Guide (not transitive); Amazon VPC Transit Gateways (association, propagation, static routes first).

use crate::fact::Fact::{Beyond, Maybe, No, Yes};
use crate::fact::{Fact, Net, Packet, TCP, is_public};
use crate::named::Link;
use crate::world::{End, Entry, Host, Rule, Service, Subnet, Table, To, Vpc, World};

/// The ports from which a NAT gateway sends.
const NAT_PORTS: [u16; 2] = [1024, u16::MAX];

impl World {
    /// Whether what a host sends arrives at another one. Both have the addresses that the packet names.
    pub(crate) fn between(&self, from: &str, to: &str, packet: Packet) -> Fact {
        let (sender, taker) = (&self.hosts[from], &self.hosts[to]);
        let out = self.passes_groups(sender, 1, packet, Some(taker));
        self.told(out.and(|| {
            self.subnet_of(sender, |name, subnet| self.from_subnet((sender, taker), (name, subnet), packet))
        }))
    }

    fn told(&self, fact: Fact) -> Fact {
        if self.guessed { unsure(fact) } else { fact }
    }

    fn from_subnet(&self, ends: (&Host, &Host), (name, subnet): (&str, &Subnet), packet: Packet) -> Fact {
        let Some(net) = subnet.net else { return Beyond };
        if net.has(packet.to) {
            let same = ends.1.subnet.one().map_or(Beyond, |other| Fact::of(other == name));
            return same.and(|| self.passes_groups(ends.1, 0, packet, Some(ends.0)));
        }
        let there = self.passes_list(subnet, 1, packet);
        let back = || self.answered(packet, |answer| self.passes_list(subnet, 0, answer));
        let on = || self.routed(subnet, packet.to, |to| self.by_route(ends, subnet, to, packet));
        there.and(back).and(on)
    }

    /// What leaves the subnet of the sender by a route, to a host of the plan.
    fn by_route(&self, (sender, taker): (&Host, &Host), from: &Subnet, to: &To, packet: Packet) -> Fact {
        let Some(near) = from.vpc.one() else { return Beyond };
        let ends = (sender, taker);
        match to {
            To::Local => self.delivered(ends, (near, true), packet, |back| Fact::of(*back == To::Local)),
            To::Internet(_) if !is_public(packet.to) => No,
            To::Unknown => Maybe,
            To::Internet(_) | To::Beyond => Beyond,
            To::Nat(nat) => match self.nats[nat].subnet.one().map(|subnet| &self.subnets[subnet]) {
                Some(subnet) => self
                    .routed(subnet, packet.to, |to| if matches!(to, To::Internet(_)) { No } else { Beyond }),
                None => Beyond,
            },
            To::Peering(name) => {
                let peering = &self.peerings[name];
                let [Some(one), Some(other)] = peering.ends.each_ref().map(Link::one) else { return Beyond };
                let far = if one == near { other } else { one };
                let active = peering.active.map_or(Maybe, Fact::of);
                active.and(|| {
                    self.delivered(ends, (far, true), packet, |back| by(back, &To::Peering(name.clone())))
                })
            }
            To::Hub(name) => {
                let hub = &self.hubs[name];
                let Some(entry) = hub.of_vpc(near).filter(|_| !hub.beyond) else { return Beyond };
                let Some(far) = hub.next(entry, packet.to) else { return No };
                if far.vpc == near {
                    return Beyond;
                }
                let returns = hub.next(far, packet.from).is_some_and(|back| back.vpc == near);
                let back = |back: &To| by(back, &To::Hub(name.clone())).and(|| Fact::of(returns));
                self.delivered(ends, (&far.vpc, hub.shares_groups), packet, back)
            }
        }
    }

    /// What comes into a network: through the list of the subnet and the groups of the host. The answer has to leave by
    /// the same way. `groups` says whether groups are known by name where it comes from.
    fn delivered(
        &self,
        (sender, taker): (&Host, &Host),
        (vpc, groups): (&str, bool),
        packet: Packet,
        back: impl Fn(&To) -> Fact,
    ) -> Fact {
        let Some(nets) = &self.vpcs[vpc].nets else { return Beyond };
        if !nets.iter().any(|net| net.has(packet.to)) {
            return No;
        }
        self.subnet_of(taker, |_, subnet| {
            let there = subnet.vpc.one().map_or(Maybe, |of| Fact::of(of == vpc));
            there
                .and(|| self.passes_list(subnet, 0, packet))
                .and(|| self.answered(packet, |answer| self.passes_list(subnet, 1, answer)))
                .and(|| self.answered(packet, |answer| self.routed(subnet, answer.to, &back)))
                .and(|| self.passes_groups(taker, 0, packet, Some(sender).filter(|_| groups)))
        })
    }

    /// Whether what comes from the internet for the public address of a host arrives there.
    pub(crate) fn from_internet(&self, to: &str, packet: Packet) -> Fact {
        let taker = &self.hosts[to];
        let arrives = |subnet: &Subnet| {
            let door = |back: &To| match back {
                To::Internet(_) => Yes,
                To::Unknown => Maybe,
                To::Beyond => Beyond,
                _ => No,
            };
            self.attached(subnet)
                .and(|| self.passes_list(subnet, 0, packet))
                .and(|| self.answered(packet, |answer| self.passes_list(subnet, 1, answer)))
                .and(|| self.answered(packet, |answer| self.routed(subnet, answer.to, door)))
        };
        let groups = || self.passes_groups(taker, 0, packet, None);
        let found = taker.public.and(groups).and(|| self.subnet_of(taker, |_, subnet| arrives(subnet)));
        self.told(found.and(|| if self.routed_in { Beyond } else { Yes }))
    }

    /// Whether what a host sends arrives at an address of the internet.
    pub(crate) fn to_internet(&self, from: &str, packet: Packet) -> Fact {
        let sender = &self.hosts[from];
        let leaves = |subnet: &Subnet| {
            self.passes_list(subnet, 1, packet)
                .and(|| self.answered(packet, |answer| self.passes_list(subnet, 0, answer)))
                .and(|| self.routed(subnet, packet.to, |to| self.outward(sender, subnet, to, packet)))
        };
        self.told(
            self.passes_groups(sender, 1, packet, None)
                .and(|| self.subnet_of(sender, |_, subnet| leaves(subnet))),
        )
    }

    fn outward(&self, sender: &Host, from: &Subnet, to: &To, packet: Packet) -> Fact {
        match to {
            To::Local => No,
            To::Internet(gateway) => sender.public.and(|| self.gateway_of(gateway, from)),
            To::Nat(nat) => self.through_nat(nat, from, packet),
            // A packet for the internet does not pass a peering; by a transit gateway it may go on.
            To::Peering(name) => match self.peerings[name].ends.each_ref().map(Link::one) {
                [Some(_), Some(_)] => No,
                _ => Beyond,
            },
            To::Unknown => Maybe,
            To::Hub(_) | To::Beyond => Beyond,
        }
    }

    /// The gateway sends with an address of its own, from any of its ports.
    fn through_nat(&self, nat: &str, from: &Subnet, packet: Packet) -> Fact {
        let nat = &self.nats[nat];
        let Some(name) = nat.subnet.one() else { return Maybe };
        let subnet = &self.subnets[name];
        if nat.private {
            return Beyond;
        }
        let between = if subnet.net == from.net {
            Yes
        } else {
            let back = || self.answered(packet, |answer| self.passes_list(subnet, 1, answer));
            self.passes_list(subnet, 0, packet).and(back)
        };
        let own = nat.address.or_else(|| Some(subnet.net?.at(4)));
        let Some(own) = own else { return Beyond };
        let out = |port: u16| {
            let sent = Packet { from: own, from_port: port, ..packet };
            let there = self.passes_list(subnet, 1, sent);
            there.and(|| self.answered(sent, |answer| self.passes_list(subnet, 0, answer)))
        };
        // Of its ports only some may be answered: then nobody knows.
        let out = || match NAT_PORTS.map(out) {
            [Yes, Yes] => self.answered(packet, |answer| self.whole_range(subnet, answer)),
            [one, other] if one == other => one,
            _ => Beyond,
        };
        let leaves = |to: &To| match to {
            To::Internet(gateway) => self.gateway_of(gateway, subnet),
            To::Unknown => Maybe,
            To::Local => No,
            _ => Beyond,
        };
        between.and(out).and(|| self.routed(subnet, packet.to, leaves))
    }

    /// Whether no entry of a list cuts the ports to which a NAT gateway is answered.
    fn whole_range(&self, subnet: &Subnet, answer: Packet) -> Fact {
        let ports = (2000..=65000).step_by(500).chain([32_767, 32_768, 61_000]);
        let all = ports.map(|to_port| self.passes_list(subnet, 0, Packet { to_port, ..answer }));
        if all.into_iter().all(|one| one == Yes) { Yes } else { Beyond }
    }

    fn attached(&self, subnet: &Subnet) -> Fact {
        let Some(vpc) = subnet.vpc.one() else { return Beyond };
        if self.vpcs[vpc].foreign {
            return Maybe;
        }
        let own = self.gateways.values().map(|of| match of.one() {
            Some(one) => Fact::of(one == vpc),
            None if of.may_be(vpc) => Maybe,
            None => No,
        });
        Fact::any(own)
    }

    fn gateway_of(&self, gateway: &str, subnet: &Subnet) -> Fact {
        match (self.gateways[gateway].one(), subnet.vpc.one()) {
            (Some(one), Some(other)) => Fact::of(one == other),
            _ => Beyond,
        }
    }

    /// Of TCP the answer has to come back.
    fn answered(&self, packet: Packet, way: impl FnOnce(Packet) -> Fact) -> Fact {
        let _ = self;
        if packet.protocol == TCP { way(packet.answer()) } else { Yes }
    }

    fn subnet_of(&self, host: &Host, then: impl Fn(&str, &Subnet) -> Fact) -> Fact {
        let found = host.subnet.these.iter().filter_map(|name| Some(then(name, self.subnets.get(name)?)));
        match (host.subnet.one(), Fact::whichever(found)) {
            (Some(_), found) => found,
            (None, _) => Maybe,
        }
    }

    /// What the routes of a subnet say of an address.
    fn routed(&self, subnet: &Subnet, to: u32, then: impl Fn(&To) -> Fact) -> Fact {
        let Some(vpc) = subnet.vpc.one().and_then(|vpc| self.vpcs.get(vpc)) else { return Beyond };
        let table = subnet.table.as_ref().or(vpc.main.as_ref());
        let Some(table) = table else {
            // The main table of a network has only the local route, unless others changed it.
            let to = if is_local(vpc, to) { then(&To::Local) } else { No };
            return if vpc.foreign { Maybe } else { to };
        };
        let by_table = |table: &String| Some(self.by_table(vpc, self.tables.get(table)?, to, &then));
        let found = Fact::whichever(table.these.iter().filter_map(by_table));
        match table.one() {
            Some(_) => found,
            None => unsure(found),
        }
    }

    fn by_table(&self, vpc: &Vpc, table: &Table, to: u32, then: &impl Fn(&To) -> Fact) -> Fact {
        let _ = self;
        let Some(nets) = vpc.nets.as_ref().filter(|_| !table.foreign && table.vpc.one().is_some()) else {
            return Maybe;
        };
        let local = nets.iter().filter(|net| net.has(to)).map(|net| (*net, To::Local));
        let sure = table.routes.iter().filter(|route| route.sure);
        let written = sure.filter_map(|route| Some((route.net.filter(|net| net.has(to))?, route.to.clone())));
        let best = written.chain(local).max_by_key(|(net, to)| (net.length, *to == To::Local));
        let length = best.as_ref().map_or(0, |(net, _)| net.length);
        let vague = table
            .routes
            .iter()
            .filter(|route| !route.sure)
            .filter(|route| route.net.is_none_or(|net| net.has(to) && net.length >= length));
        let found = best.map_or(No, |(_, to)| then(&to));
        Fact::whichever(std::iter::once(found).chain(vague.map(|route| then(&route.to))))
    }

    /// What the list of a subnet says: of what comes in (0) or goes out (1).
    fn passes_list(&self, subnet: &Subnet, way: usize, packet: Packet) -> Fact {
        let Some(vpc) = subnet.vpc.one().and_then(|vpc| self.vpcs.get(vpc)) else { return Beyond };
        let acl = subnet.acl.as_ref().or(vpc.default_acl.as_ref());
        let Some(acl) = acl else { return if vpc.foreign { Maybe } else { Yes } };
        let Some(lists) = acl.one().and_then(|acl| self.acls.get(acl)) else { return Maybe };
        decide(&lists[way], if way == 0 { packet.from } else { packet.to }, packet)
    }

    fn passes_groups(&self, host: &Host, way: usize, packet: Packet, other: Option<&Host>) -> Fact {
        let groups = host.groups.these.iter().map(|name| {
            let group = &self.groups[name];
            let found = Fact::any(group.rules[way].iter().map(|rule| self.allows(rule, way, packet, other)));
            if group.foreign { found.or(|| Maybe) } else { found }
        });
        let found = Fact::any(groups);
        match host.groups.sure {
            true => found,
            false if host.groups.these.is_empty() => Maybe,
            false => found.and(|| Maybe).or(|| Maybe),
        }
    }

    fn allows(&self, rule: &Rule, way: usize, packet: Packet, other: Option<&Host>) -> Fact {
        let end = if way == 0 { packet.from } else { packet.to };
        let end = match &rule.end {
            End::Net(net) => Fact::of(net.has(end)),
            End::Unknown => Maybe,
            End::Beyond => Beyond,
            End::Group(group) => self.is_member(group, end, other),
        };
        let service = if rule.vague { Maybe } else { Fact::of(serves(rule.service, packet)) };
        service.and(|| end).and(|| if rule.open { Maybe } else { Yes })
    }

    fn is_member(&self, group: &Link, end: u32, other: Option<&Host>) -> Fact {
        if is_public(end) {
            return No;
        }
        let Some(name) = group.these.first() else { return Maybe };
        let known = match other {
            None => No,
            Some(host) if host.groups.these.contains(name) => {
                if host.groups.sure {
                    Yes
                } else {
                    Maybe
                }
            }
            Some(host) if host.groups.sure => No,
            Some(_) => Maybe,
        };
        let known = if group.sure { known } else { Maybe };
        if self.groups.get(name).is_none_or(|group| group.foreign) { known.or(|| Maybe) } else { known }
    }
}

/// What follows from a guess.
fn unsure(fact: Fact) -> Fact {
    match fact {
        Yes | Maybe => Maybe,
        No | Beyond => Beyond,
    }
}

/// Whether the way back is the way there.
fn by(back: &To, there: &To) -> Fact {
    match back {
        To::Unknown => Maybe,
        To::Beyond => Beyond,
        back => Fact::of(back == there),
    }
}

fn is_local(vpc: &Vpc, to: u32) -> bool {
    vpc.nets.iter().flatten().any(|net: &Net| net.has(to))
}

fn serves(service: Service, packet: Packet) -> bool {
    let has_ports = matches!(packet.protocol, 6 | 17);
    let (first, last) = service.ports;
    service.protocol.is_none_or(|protocol| {
        protocol == packet.protocol && (!has_ports || (first <= packet.to_port && packet.to_port <= last))
    })
}

/// The first entry by number that matches decides; without one the packet is refused.
fn decide(entries: &[Entry], other: u32, packet: Packet) -> Fact {
    let Some((entry, rest)) = entries.split_first() else { return No };
    let is_meant =
        entry.net.is_some_and(|net| net.has(other)) && (entry.vague || serves(entry.service, packet));
    match (is_meant, entry.open) {
        (false, _) => decide(rest, other, packet),
        (true, false) => Fact::of(entry.allows),
        (true, true) => Fact::whichever([Fact::of(entry.allows), decide(rest, other, packet)]),
    }
}
