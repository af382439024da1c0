//! The lists of security groups as nodes: one for each set of groups in each subnet and direction.

use super::cloud::{Cloud, Group, GroupNo, SubnetId, VpcId};
use super::standing::Set;
use crate::network::{GroupId, Match, NodeId, Party, Route, Rule, Title};
use crate::packet::Addresses;
use std::collections::{BTreeMap, BTreeSet};

/// The addresses that stand for groups as destinations.
pub(super) type Alone = BTreeMap<GroupId, Addresses>;

/// Which way packets pass a list of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Out,
    In,
    InByPublicAddress,
}

impl Cloud<'_, '_> {
    pub(super) fn filter(&mut self, at: SubnetId, way: Way, set: &Set) -> NodeId {
        let key = (at, way, set.clone());
        if let Some(known) = self.filters.get(&key) {
            return *known;
        }
        let node = self.make_filter(at, way, set);
        self.filters.insert(key, node);
        node
    }

    fn make_filter(&mut self, at: SubnetId, way: Way, set: &Set) -> NodeId {
        let subnet = self.subnet(at).clone();
        let zone = self.vpc(subnet.vpc).name.clone();
        let groups: Vec<&Group> = set.groups.iter().filter_map(|group| self.groups.get(group.0)).collect();
        let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
        let called = if names.is_empty() { "no group".to_owned() } else { names.join(" + ") };
        let place = groups.first().map_or_else(|| subnet.name.clone(), |group| group.name.clone());
        let way_name = match way {
            Way::Out => "out of",
            Way::In => "into",
            Way::InByPublicAddress => "by public addresses into",
        };
        let number = self.filters.len();
        let title = Title::new(format!("{called} ({way_name} {}) [{number}]", subnet.name));
        let title = title.named(called).at(place).zone(zone);
        let rules: Vec<Rule> = groups.iter().flat_map(|group| group.ingress.clone()).collect();
        let node = self.sketch.draft.filter(title);
        let [inward, by_public_address] = subnet.inward;
        let router = match way {
            Way::Out => {
                self.sketch.draft.connect(node, subnet.router);
                if let Some(alone) = self.settled.clone() {
                    self.fill_out(node, at, set, &alone);
                }
                return node;
            }
            Way::In => inward,
            Way::InByPublicAddress => by_public_address,
        };
        self.fill(node, rules, set);
        for net in subnet.range.all() {
            self.sketch.draft.route(router, Route::to(net, node));
        }
        node
    }

    /// Writes what is let out. It is called when everything stands where it will.
    pub(super) fn settle(&mut self) {
        let alone = self.alone();
        let out = self.filters.iter().filter(|((_, way, _), _)| *way == Way::Out);
        let out: Vec<(NodeId, SubnetId, Set)> =
            out.map(|((at, _, set), node)| (*node, *at, set.clone())).collect();
        for (node, at, set) in out {
            self.fill_out(node, at, &set, &alone);
        }
        self.settled = Some(alone);
    }

    fn fill_out(&mut self, node: NodeId, at: SubnetId, set: &Set, alone: &Alone) {
        let source = Party::Addresses(self.subnet(at).range.addresses());
        let groups = set.groups.iter().filter_map(|group| self.groups.get(group.0));
        // Of what stands in several subnets, each sends its own.
        let from_here = |rule: &Rule| {
            let destination = match &rule.matching.destination {
                Party::Group(id) => alone.get(id).cloned().map_or(Party::Group(*id), Party::Addresses),
                other => other.clone(),
            };
            let services = rule.matching.services.clone();
            Rule { matching: Match { source: source.clone(), destination, services }, ..rule.clone() }
        };
        let rules: Vec<Rule> = groups.flat_map(|group| group.egress.iter().map(from_here)).collect();
        self.fill(node, rules, set);
    }

    /// The ranges of groups of which the members stand alone in their subnets. Nobody knows the address of a member there, but
    /// whatever is addressed to these subnets can only come to a member.
    fn alone(&self) -> Alone {
        let mut standing: BTreeMap<SubnetId, Vec<&Set>> = BTreeMap::new();
        let mut subnets_of: BTreeMap<GroupNo, BTreeSet<SubnetId>> = BTreeMap::new();
        for (at, _, set) in self.filters.keys().filter(|(_, way, _)| *way == Way::In) {
            standing.entry(*at).or_default().push(set);
            for group in &set.groups {
                subnets_of.entry(*group).or_default().insert(*at);
            }
        }
        // What stands nobody knows where may stand here as well.
        let hidden: BTreeSet<VpcId> =
            self.subnets.iter().filter(|subnet| subnet.unknown.is_some()).map(|subnet| subnet.vpc).collect();
        let anywhere: BTreeSet<usize> = hidden
            .iter()
            .map(|vpc| self.vpc(*vpc))
            .filter(|vpc| vpc.is_elsewhere)
            .map(|vpc| vpc.plan)
            .collect();
        let is_alone = |group: GroupNo, at: &SubnetId| {
            let subnet = self.subnet(*at);
            let all = standing.get(at).map_or(&[][..], Vec::as_slice);
            subnet.range.vague.is_empty()
                && !hidden.contains(&subnet.vpc)
                && !anywhere.contains(&self.vpc(subnet.vpc).plan)
                && all.iter().all(|set| set.groups.contains(&group))
        };
        let mut alone = Alone::new();
        for (group, subnets) in subnets_of {
            let Some(id) = self.groups.get(group.0).map(|group| group.id) else { continue };
            if subnets.iter().all(|at| is_alone(group, at)) {
                let nets = subnets.iter().flat_map(|at| self.subnet(*at).range.nets.clone());
                alone.insert(id, Addresses::from_nets(nets.collect::<Vec<_>>()));
            }
        }
        alone
    }

    fn fill(&mut self, node: NodeId, rules: Vec<Rule>, set: &Set) {
        if set.free {
            self.sketch.draft.rule(node, Rule::allow("no group", Match::all()));
        }
        for rule in rules {
            self.sketch.draft.rule(node, rule);
        }
        if let Some(reason) = set.open {
            self.sketch.draft.rule(node, Rule::allow("other groups", Match::all()).maybe(reason));
        }
    }
}
