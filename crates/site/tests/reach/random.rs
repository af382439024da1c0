//! Random networks of the small world, and the same as the product reads them.

use crate::simulator::{About, Change, Hop, Law, Members, PORTS, PROTOCOLS, Thing, To, Way, Who, World};
use base::{Entropy, SeededEntropy};
use ipnet::IpNet;
use site::network::{
    Action, Carrier, Draft, Edge, Group, GroupId, Host, Match, Network, NewSource, Next, NodeId, Party,
    Placement, Protection, Reason, ReasonId, Rewrite, Route, Rule, Service, Target,
};
use site::packet::{Addresses, Family, Span};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Choices from a seed.
pub(crate) struct Choices(SeededEntropy);

impl Choices {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    pub(crate) fn below(&mut self, end: u32) -> u32 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes).unwrap();
        u32::try_from(u64::from_le_bytes(bytes) % u64::from(end)).unwrap()
    }

    fn at(&mut self, end: usize) -> usize {
        self.below(u32::try_from(end).unwrap()) as usize
    }

    /// Once in so many times.
    fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    fn some<T>(&mut self, least: u32, more: u32, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..least + self.below(more + 1)).map(|_| one(self)).collect()
    }

    fn range(&mut self) -> (u32, u32) {
        let (one, other) = (self.below(16), self.below(16));
        (one.min(other), one.max(other))
    }

    /// A network of four to nine nodes; the first two are hosts.
    pub(crate) fn world(&mut self) -> World {
        let count = 4 + self.at(6);
        let kinds: Vec<u32> = (0..count).map(|at| if at < 2 { 0 } else { self.below(9) }).collect();
        let hosts: Vec<usize> = (0..count).filter(|at| kinds[*at] == 0).collect();
        let senders: Vec<usize> = (0..count).filter(|at| matches!(kinds[*at], 0 | 7 | 8)).collect();
        let mut groups = self.some(2, 0, |choices| Members {
            nodes: choices.some(0, 2, |choices| hosts[choices.at(hosts.len())]),
            addresses: choices.some(0, 1, Self::range),
            others: choices.once_in(6),
        });
        // Only as a source may a group have members that rewrite.
        groups.push(Members {
            nodes: self.some(1, 1, |choices| senders[choices.at(senders.len())]),
            ..Members::default()
        });
        let nodes = kinds.into_iter().map(|kind| self.thing(kind, count)).collect();
        World { nodes, groups, six: self.once_in(2) }
    }

    fn thing(&mut self, kind: u32, count: usize) -> Thing {
        let ways = self.some(1, u32::from(kind == 0), |choices| choices.way(count));
        match kind {
            0 => Thing::Host { addresses: self.some(1, 1, |choices| choices.below(16)), ways },
            1..=3 => Thing::Router { routes: self.some(1, 5, |choices| choices.hop(count)) },
            4 | 5 => Thing::Filter {
                rules: self.some(0, 4, |choices| choices.law(3)),
                allows: self.once_in(3),
                answers: self.once_in(2).then(|| self.some(0, 3, |choices| choices.law(2))),
                ways,
            },
            6 => Thing::Link {
                carrier: Carrier::ALL[self.at(2)],
                protection: Protection::ALL[self.at(2)],
                ways,
            },
            _ => Thing::Translator { rewrites: self.some(1, 2, |choices| choices.change(count)), ways },
        }
    }

    fn way(&mut self, count: usize) -> Way {
        Way { to: self.at(count), maybe: self.once_in(12) }
    }

    fn hop(&mut self, count: usize) -> Hop {
        let bits = u8::try_from(self.below(5)).unwrap();
        let first = self.below(16) >> (4 - bits) << (4 - bits);
        let next = match self.below(12) {
            0 => To::Here,
            1 => To::Nowhere,
            2 => To::OneOf(self.some(1, 1, |choices| choices.at(count))),
            _ => To::Node(self.at(count)),
        };
        Hop { first, bits, next, maybe: self.once_in(8) }
    }

    /// What a rule is about; its source is anybody or one of the first groups.
    fn about(&mut self, groups: usize) -> About {
        let source = self.who(groups);
        let destination = self.who(2);
        About {
            source,
            destination,
            protocol: self.once_in(2).then(|| PROTOCOLS[self.at(2)]),
            source_port: self.once_in(5).then(|| u16::try_from(self.below(2)).unwrap()),
            port: self.once_in(2).then(|| u16::try_from(self.below(2)).unwrap()),
        }
    }

    fn who(&mut self, groups: usize) -> Who {
        match self.below(4) {
            0 | 1 => Who::Anybody,
            2 => Who::Group(self.at(groups)),
            _ => {
                let (first, last) = self.range();
                Who::From(first, last)
            }
        }
    }

    fn law(&mut self, groups: usize) -> Law {
        Law { about: self.about(groups), allows: !self.once_in(3), maybe: self.once_in(6) }
    }

    fn change(&mut self, count: usize) -> Change {
        let source = self.once_in(2).then(|| self.range());
        let targets = self.some(1, 1, |choices| {
            let addresses = (!choices.once_in(3)).then(|| choices.range());
            let port = choices.once_in(3).then(|| u16::try_from(choices.below(2)).unwrap());
            (addresses, port, choices.way(count))
        });
        Change { about: self.about(3), maybe: self.once_in(6), source, targets }
    }
}

/// The same network as the product reads it, with its nodes in the same order.
pub(crate) fn network(world: &World) -> (Network, Vec<NodeId>) {
    let mut draft = Draft::new();
    let maybe = draft.reason(Reason::attribute("somewhere", "something"));
    let read = Reading { six: world.six, maybe };
    let ids: Vec<NodeId> =
        world.nodes.iter().enumerate().map(|(at, thing)| read.node(&mut draft, at, thing)).collect();
    let groups: Vec<GroupId> = world
        .groups
        .iter()
        .map(|members| {
            draft.group(Group {
                nodes: members.nodes.iter().map(|node| ids[*node]).collect(),
                addresses: read.ranges(members.addresses.iter().copied()),
                others: members.others.then_some(maybe),
            })
        })
        .collect();
    for (id, thing) in ids.iter().zip(&world.nodes) {
        read.fill(&mut draft, (*id, thing), &ids, &groups);
    }
    (draft.build().unwrap(), ids)
}

struct Reading {
    six: bool,
    maybe: ReasonId,
}

impl Reading {
    fn family(&self) -> Family {
        if self.six { Family::V6 } else { Family::V4 }
    }

    fn address(&self, number: u32) -> IpAddr {
        if self.six {
            Ipv6Addr::from_bits(u128::from(number)).into()
        } else {
            Ipv4Addr::from_bits(number).into()
        }
    }

    fn ranges(&self, ranges: impl IntoIterator<Item = (u32, u32)>) -> Addresses {
        let span = |(first, last)| (self.family(), Span::between(u128::from(first), u128::from(last)));
        Addresses::from_spans(ranges.into_iter().map(span))
    }

    fn edge(&self, way: &Way, ids: &[NodeId]) -> Edge {
        if way.maybe { Edge::maybe(ids[way.to], self.maybe) } else { Edge::to(ids[way.to]) }
    }

    fn node(&self, draft: &mut Draft, at: usize, thing: &Thing) -> NodeId {
        let title = format!("node {at}");
        let title = title.as_str();
        match thing {
            Thing::Host { addresses, .. } => {
                let own = Addresses::from_hosts(addresses.iter().map(|number| self.address(*number)));
                draft.host(title, Host::new(Placement::At(own)))
            }
            Thing::Router { .. } => draft.router(title),
            Thing::Filter { answers: None, .. } => draft.filter(title),
            Thing::Filter { answers: Some(_), .. } => draft.stateless_filter(title),
            Thing::Translator { .. } => draft.translator(title),
            Thing::Link { carrier, protection, .. } => draft.link(title, *carrier, *protection),
        }
    }

    fn fill(&self, draft: &mut Draft, (id, thing): (NodeId, &Thing), ids: &[NodeId], groups: &[GroupId]) {
        match thing {
            Thing::Host { ways, .. } | Thing::Link { ways, .. } => self.ways(draft, id, ways, ids),
            Thing::Router { routes } => {
                for hop in routes {
                    draft.route(id, self.route(hop, ids));
                }
            }
            Thing::Filter { rules, allows, answers, ways } => {
                self.ways(draft, id, ways, ids);
                draft.otherwise(id, if *allows { Action::Allow } else { Action::Deny });
                for law in rules {
                    draft.rule(id, self.rule(law, groups));
                }
                answers.iter().flatten().for_each(|law| draft.answer_rule(id, self.rule(law, groups)));
            }
            Thing::Translator { rewrites, ways } => {
                self.ways(draft, id, ways, ids);
                for change in rewrites {
                    draft.rewrite(id, self.rewrite(change, ids, groups));
                }
            }
        }
    }

    fn ways(&self, draft: &mut Draft, id: NodeId, ways: &[Way], ids: &[NodeId]) {
        for way in ways {
            draft.edge(id, self.edge(way, ids));
        }
    }

    fn route(&self, hop: &Hop, ids: &[NodeId]) -> Route {
        let bits = if self.six { 124 } else { 28 } + hop.bits;
        let prefix = IpNet::new(self.address(hop.first), bits).unwrap();
        let next = match &hop.next {
            To::Node(node) => Next::Node(ids[*node]),
            To::Here => Next::Here,
            To::Nowhere => Next::Blackhole,
            To::OneOf(nodes) => Next::Undecided(self.maybe, nodes.iter().map(|node| ids[*node]).collect()),
        };
        let route = Route::new(prefix, next);
        if hop.maybe { route.maybe(self.maybe) } else { route }
    }

    fn party(&self, who: &Who, groups: &[GroupId]) -> Party {
        match who {
            Who::Anybody => Party::Any,
            Who::From(first, last) => self.ranges([(*first, *last)]).into(),
            Who::Group(group) => groups[*group].into(),
        }
    }

    fn matching(&self, about: &About, groups: &[GroupId]) -> Match {
        let service = Service {
            protocol: about.protocol.map_or(Span::all(), Span::one),
            source_port: about.source_port.map_or(Span::all(), Span::one),
            port: about.port.map_or(Span::all(), Span::one),
        };
        Match::all()
            .from(self.party(&about.source, groups))
            .to(self.party(&about.destination, groups))
            .by([service])
    }

    fn rule(&self, law: &Law, groups: &[GroupId]) -> Rule {
        let matching = self.matching(&law.about, groups);
        let rule = if law.allows { Rule::allow("rule", matching) } else { Rule::deny("rule", matching) };
        if law.maybe { rule.maybe(self.maybe) } else { rule }
    }

    fn rewrite(&self, change: &Change, ids: &[NodeId], groups: &[GroupId]) -> Rewrite {
        let targets = change.targets.iter().map(|(addresses, port, way)| Target {
            addresses: addresses.map(|range| self.ranges([range])),
            port: *port,
            next: self.edge(way, ids),
        });
        let mut rewrite = Rewrite::destination("rewrite", self.matching(&change.about, groups), targets);
        rewrite.source = change.source.map(|range| NewSource {
            ports: Span::between(0, PORTS - 1),
            ..NewSource::any_of(self.ranges([range]))
        });
        if change.maybe { rewrite.maybe(self.maybe) } else { rewrite }
    }
}
