//! Which machine leads to which: layer 1 run once for all machines that behave alike.
//!
//! Machines are alike when they send by the same ways, count as members of the same groups, and are of one kind for whoever
//! pivots there (zones, administrators). They differ in their addresses only. One run with all their addresses tells whether
//! that matters to anybody on the way: where it does, each is run by itself.

use super::Limits;
use super::alike::{Likeness, alike};
use super::facts::{Facts, Seat};
use super::stance::Stand;
use super::store::stores;
use super::weakness::{Rank, Weakness};
use crate::model::Thing;
use crate::network::{Edge, Known, Network, NodeId, NodeSet, Placement, ReasonId};
use crate::packet::{Addresses, Cube, Family, PacketSet};
use crate::reach::{Answer, Arrival, Question, Reach, aims};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Machines at which what arrives is looked at to tell the machines of a class apart.
const UNEVEN_MAX: usize = 64;

/// Runs and legs up to which changes of the description are tried.
const RUNS_TRIED_MAX: usize = 400;
const LEGS_TRIED_MAX: usize = 40_000;

/// Ranges of destinations that are told apart.
const AIMS_MAX: usize = 64;

/// What a chain costs an attacker, what weighs most first: legs of which nobody knows whether they are there at all; flaws
/// that nobody knows yet; legs that are only not ruled out; legs; how unlikely what is assumed is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost([u32; 5]);

impl Cost {
    pub(super) fn of(weakness: &Weakness, decided: bool, lost: bool) -> Self {
        let (flaw, open, rank) = weakness.rank();
        Self([u32::from(lost), u32::from(flaw), u32::from(!flaw && open || !decided), 1, rank])
    }

    #[must_use]
    pub(super) fn with(self, other: Self) -> Self {
        let mut sum = self;
        sum.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum = sum.saturating_add(more));
        sum
    }

    /// Whether it takes no flaw that nobody knows yet.
    pub(super) fn is_known(self) -> bool {
        let Self([_, flaws, ..]) = self;
        flaws == 0
    }

    /// How much weight a chain of this cost has: one that is said weighs as much as three that are only not ruled out.
    pub(super) fn weight(self) -> usize {
        match self.0 {
            [0, 0, 0, ..] => 3,
            [_, 0, ..] => 1,
            _ => 0,
        }
    }
}

/// A way from the machines of a class to a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lead {
    pub(super) cost: Cost,
    /// How likely it is what is assumed at its end: less is likelier.
    pub(super) rank: Rank,
    /// Whether packets arrive for certain.
    pub(super) decided: bool,
    /// Whether packets were lost sight of that may arrive there.
    pub(super) lost: bool,
}

/// Machines that are alike for an attacker who is on one of them, or a place where an attacker stands.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) seat: Seat,
    /// The node where packets begin in the run for all of them.
    pub(super) origin: NodeId,
    /// The machines; none where it is the place of a stance only.
    pub(super) members: Vec<NodeId>,
    pub(super) packets: PacketSet,
    /// Their addresses of each family of which all of them have some.
    shared: Vec<(Family, Addresses)>,
    /// Whether connections can be opened from there for certain.
    relays: bool,
    was_run: bool,
    pub(super) leads: BTreeMap<NodeId, Lead>,
}

/// The number of a class.
pub(super) type ClassId = usize;

/// Which machine leads to which.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) stores: BTreeMap<NodeId, Vec<String>>,
    /// The nodes from which packets could come to a store, machines between included.
    pub(super) among: BTreeSet<NodeId>,
    /// Of these, those that packets of a run pass: not the internet. A way that leaves for the internet and comes in again
    /// begins there, and is told from there; without this every host that may go out would lead to every one that is open.
    /// Neither those that lead to a store only for which another one is walked to.
    within: NodeSet,
    alike: BTreeMap<NodeId, Likeness>,
    pub(super) classes: Vec<Class>,
    class_of: BTreeMap<NodeId, ClassId>,
    /// From which classes each machine can be come to.
    pub(super) comes: BTreeMap<NodeId, Vec<ClassId>>,
    /// Packets that may come to a machine that matters.
    addressed: PacketSet,
    /// Whether there were more runs than are made.
    pub(super) more: bool,
    pub(super) runs: usize,
    /// Legs that are kept.
    legs: usize,
    limits: Limits,
}

impl<'a> Graph<'a> {
    /// The graph as far as attackers come who stand at these places (and from some machines more), without some nodes; and
    /// the class of each place.
    pub(super) fn new(
        facts: &'a Facts<'a>,
        stands: &[Stand],
        limits: Limits,
        without: &BTreeSet<NodeId>,
        also: &[NodeId],
    ) -> (Self, Vec<Option<ClassId>>) {
        let network = &facts.model.network;
        let stores = stores(facts);
        let mut among = network.before_all(stores.keys().copied());
        among.retain(|node| !without.contains(node));
        let is_inside = |node: &NodeId| !matches!(facts.model.thing(*node), Some(Thing::Internet));
        let mut within: NodeSet = among.iter().copied().filter(is_inside).collect();
        let apart = stands.iter().map(|stand| stand.node).collect();
        let alike = alike(facts, &among, stores.keys().copied(), &apart);
        alike.values().flat_map(|like| &like.own).for_each(|node| within.remove(*node));
        let mut graph = Self {
            facts,
            stores,
            among,
            within,
            alike,
            classes: Vec::new(),
            class_of: BTreeMap::new(),
            comes: BTreeMap::new(),
            addressed: PacketSet::none(),
            more: false,
            runs: 0,
            legs: 0,
            limits,
        };
        graph.sort_into_classes();
        graph.addressed = graph.aims();
        let places: Vec<Option<ClassId>> = stands.iter().map(|stand| graph.place(stand)).collect();
        let also = also.iter().filter_map(|node| graph.class_of(*node));
        let begin = places.iter().flatten().copied().chain(also).collect();
        graph.explore(begin);
        (graph, places)
    }

    /// The same ways with what a changed description says of their ends.
    pub(super) fn priced<'b>(&self, facts: &'b Facts<'b>) -> Graph<'b> {
        let mut graph = Graph {
            facts,
            stores: self.stores.clone(),
            among: self.among.clone(),
            within: self.within.clone(),
            alike: self.alike.clone(),
            classes: self.classes.clone(),
            class_of: self.class_of.clone(),
            comes: self.comes.clone(),
            addressed: self.addressed.clone(),
            more: self.more,
            runs: self.runs,
            legs: self.legs,
            limits: self.limits,
        };
        for class in &mut graph.classes {
            // What is said of one machine is not said of those that are like it.
            if class.seat.device.is_some() && class.members.len() <= 1 {
                let seat = facts.seat(class.origin);
                class.seat.administrators = seat.administrators;
                class.seat.unknown_administrators = seat.unknown_administrators;
            }
            for (node, lead) in &mut class.leads {
                let weakness = facts.weakness(&class.seat, *node);
                *lead = Lead {
                    cost: Cost::of(&weakness, lead.decided, lead.lost),
                    rank: weakness.rank(),
                    ..*lead
                };
            }
        }
        graph
    }

    pub(super) fn network(&self) -> &'a Network {
        &self.facts.model.network
    }

    /// Whether a change of the description can be tried in time; in larger networks only the loss of single legs is.
    pub(super) fn is_small(&self) -> bool {
        self.runs <= RUNS_TRIED_MAX && self.legs <= LEGS_TRIED_MAX
    }

    /// The class of a machine from which attackers go on; none where they do not.
    pub(super) fn class_of(&self, node: NodeId) -> Option<ClassId> {
        self.class_of.get(&node).copied()
    }

    pub(super) fn class(&self, id: ClassId) -> Option<&Class> {
        self.classes.get(id)
    }

    /// The machine that is walked to for this one: itself, or a store that is like it.
    pub(super) fn walked(&self, node: NodeId) -> NodeId {
        self.alike.get(&node).map_or(node, |like| like.to)
    }

    /// The way from a class to a machine, if there is one.
    pub(super) fn lead(&self, class: ClassId, node: NodeId) -> Option<Lead> {
        self.class(class)?.leads.get(&self.walked(node)).copied()
    }

    /// All machines to which ways lead from a class.
    pub(super) fn led_to(&self, class: &Class) -> Vec<NodeId> {
        let others = self.alike.iter().filter(|(_, like)| class.leads.contains_key(&like.to));
        class.leads.keys().copied().chain(others.map(|(node, _)| *node)).collect()
    }

    /// The classes from which attackers were followed.
    pub(super) fn was_run(&self) -> impl Iterator<Item = &Class> {
        self.classes.iter().filter(|class| class.was_run)
    }

    /// All machines from which attackers go on, those together that are alike.
    fn sort_into_classes(&mut self) {
        let network = self.network();
        let groups = groups_of(network);
        let mut classes: BTreeMap<_, Vec<NodeId>> = BTreeMap::new();
        for &node in &self.among {
            let Some(host) = network.host(node).filter(|host| host.relays != Known::No) else { continue };
            if matches!(self.facts.model.thing(node), Some(Thing::Undescribed { .. } | Thing::Internet)) {
                continue;
            }
            let edges: Vec<Edge> =
                network.inside(node).map(|inside| inside.edges.clone()).unwrap_or_default();
            let member = groups.get(&node).cloned().unwrap_or_default();
            let key = (edges, member, self.facts.seat(node), host.relays, somewhere(&host.placement));
            classes.entry(key).or_default().push(node);
        }
        for ((_, _, seat, relays, _), members) in classes {
            self.add_class(seat, members, relays == Known::Yes);
        }
    }

    fn add_class(&mut self, seat: Seat, members: Vec<NodeId>, relays: bool) -> ClassId {
        let id = self.classes.len();
        let packets = self.packets_of(&members);
        self.class_of.extend(members.iter().map(|member| (*member, id)));
        let origin = members.first().copied().unwrap_or(NodeId(u32::MAX));
        let (shared, leads) = (self.shared(&members, &packets), BTreeMap::new());
        self.classes.push(Class { seat, origin, members, packets, shared, relays, was_run: false, leads });
        id
    }

    /// The class of a place where an attacker stands. A machine is of the class of its likes, unless more is open to who
    /// stands there.
    fn place(&mut self, stand: &Stand) -> Option<ClassId> {
        if !self.among.contains(&stand.node) {
            return None;
        }
        let known = self.class_of(stand.node).filter(|_| stand.packets.is_none());
        let is_alike = |class: &ClassId| self.class(*class).is_some_and(|class| class.seat == stand.seat);
        if let Some(class) = known.filter(is_alike) {
            return Some(class);
        }
        let relays = self.network().host(stand.node).map_or(Known::Yes, |host| host.relays);
        if relays == Known::No {
            return None;
        }
        let own = || PacketSet::from_sources(&self.network().sources(stand.node));
        let packets = stand.packets.clone().unwrap_or_else(own);
        let id = self.classes.len();
        self.classes.push(Class {
            seat: stand.seat.clone(),
            origin: stand.node,
            members: Vec::new(),
            packets,
            shared: Vec::new(),
            relays: relays == Known::Yes,
            was_run: false,
            leads: BTreeMap::new(),
        });
        Some(id)
    }

    /// Runs from the places, and from each machine that is come to.
    fn explore(&mut self, mut open: VecDeque<ClassId>) {
        while let Some(id) = open.pop_front() {
            if self.class(id).is_none_or(|class| class.was_run) {
                continue;
            }
            if self.runs >= self.limits.runs_max || self.legs >= self.limits.leads_max {
                self.more = true;
                return;
            }
            self.run(id);
            let Some(class) = self.class(id) else { continue };
            let next: BTreeSet<ClassId> =
                class.leads.keys().filter_map(|node| self.class_of(*node)).collect();
            open.extend(
                next.into_iter().filter(|next| self.class(*next).is_some_and(|class| !class.was_run)),
            );
        }
    }

    fn run(&mut self, id: ClassId) {
        self.runs += 1;
        let Some(class) = self.class(id).cloned() else { return };
        let reach = self.ask(&class);
        if class.members.len() > 1 && !self.is_uniform(&class, &reach) {
            let parts = self.parts(&class, &reach);
            drop(reach);
            self.split(id, &class, parts);
            return self.run(id);
        }
        let leads = self.leads(&class, &reach);
        drop(reach);
        for node in leads.keys() {
            self.comes.entry(*node).or_default().push(id);
        }
        self.legs = self.legs.saturating_add(leads.len());
        if let Some(class) = self.classes.get_mut(id) {
            class.leads = leads;
            class.was_run = true;
        }
    }

    /// All that somebody in this class reaches of what matters.
    fn ask(&self, class: &Class) -> Reach<'a> {
        self.follow(class, &self.within)
    }

    /// The same, where these stores are walked to by themselves.
    pub(super) fn ask_for(&self, class: &Class, stores: impl Iterator<Item = NodeId>) -> Reach<'a> {
        let mut within = self.within.clone();
        let own = stores.filter_map(|store| self.alike.get(&store)).flat_map(|like| &like.own);
        own.for_each(|node| within.insert(*node));
        self.follow(class, &within)
    }

    fn follow(&self, class: &Class, within: &NodeSet) -> Reach<'a> {
        let packets = class.packets.intersect(&self.addressed);
        Question::of(self.network()).without_labels().among(class.origin, &packets, within)
    }

    /// What packets are addressed to that may come to a machine that matters.
    fn aims(&self) -> PacketSet {
        let network = self.network();
        let Some(store) = self.stores.keys().next() else { return PacketSet::none() };
        let fronts = aims(network, *store, &self.among);
        let own = self.class_of.keys().chain(self.stores.keys()).map(|node| network.sources(*node));
        let all = own.chain(fronts).flat_map(|addresses| addresses.spans().to_vec());
        let all = Addresses::from_spans(all);
        // What is lost sight of may be rewritten by what is not modelled: then any address may lead there. And where the
        // addresses lie far apart, all packets together are fewer boxes.
        if !network.lost.is_empty() || all.spans().len() > AIMS_MAX {
            return PacketSet::all();
        }
        PacketSet::to_destinations(&all)
    }

    /// The machines of a class by what arrives from each; all by themselves where that cannot be told of a run for all.
    fn parts(&self, class: &Class, reach: &Reach<'_>) -> Vec<Vec<NodeId>> {
        let uneven = reach.nodes().filter(|node| self.matters(*node) && !self.is_even(class, reach, *node));
        let mut arrived: Vec<Addresses> = Vec::new();
        for node in uneven.take(UNEVEN_MAX) {
            for sure in [true, false] {
                let counted = reach.arrivals(node).filter(|one| one.is_decided() || !sure);
                let spans = counted.map(|one| (one.packets().family, one.packets().source));
                arrived.push(Addresses::from_spans(spans));
            }
        }
        let mut parts: BTreeMap<Vec<bool>, Vec<NodeId>> = BTreeMap::new();
        for &member in &class.members {
            let own = self.network().sources(member);
            let meets = |set: &Addresses| own.spans().iter().any(|(family, span)| set.meets(*family, *span));
            parts.entry(arrived.iter().map(meets).collect()).or_default().push(member);
        }
        if parts.len() > 1 {
            return parts.into_values().collect();
        }
        class.members.iter().map(|member| vec![*member]).collect()
    }

    /// Makes parts of a class classes of their own; the first one keeps the number.
    fn split(&mut self, id: ClassId, class: &Class, parts: Vec<Vec<NodeId>>) {
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else { return };
        for part in parts {
            self.add_class(class.seat.clone(), part, class.relays);
        }
        let packets = self.packets_of(&first);
        let shared = self.shared(&first, &packets);
        if let Some(class) = self.classes.get_mut(id) {
            class.origin = first.first().copied().unwrap_or(class.origin);
            class.members = first;
            class.packets = packets;
            class.shared = shared;
        }
    }

    /// The addresses of machines, of each family of which all of them have some.
    fn shared(&self, members: &[NodeId], packets: &PacketSet) -> Vec<(Family, Addresses)> {
        let has = |member: &NodeId, family| self.network().sources(*member).of(family).next().is_some();
        let families = [Family::V4, Family::V6].into_iter();
        let shared = families.filter(|family| members.iter().all(|member| has(member, *family)));
        shared.map(|family| (family, sources_of(packets.cubes(), family))).collect()
    }

    /// The packets that machines send.
    fn packets_of(&self, members: &[NodeId]) -> PacketSet {
        let sources = members.iter().map(|member| self.network().sources(*member));
        let spans = sources.flat_map(|addresses| addresses.spans().to_vec());
        PacketSet::from_sources(&Addresses::from_spans(spans))
    }

    /// Machines that matter: stores, and those from which attackers go on.
    fn matters(&self, node: NodeId) -> bool {
        self.stores.contains_key(&node) || self.class_of.contains_key(&node)
    }

    /// Whether what arrives anywhere arrives from all machines of a class alike.
    fn is_uniform(&self, class: &Class, reach: &Reach<'_>) -> bool {
        reach.nodes().filter(|node| self.matters(*node)).all(|node| self.is_even(class, reach, node))
    }

    /// Whether what arrives at a machine arrives from all machines of a class alike.
    fn is_even(&self, class: &Class, reach: &Reach<'_>, node: NodeId) -> bool {
        // All of them are somewhere in one range: then they are the same to whoever asks.
        let host = self.network().host(class.origin);
        if host.is_some_and(|host| !matches!(host.placement, Placement::At(_))) {
            return true;
        }
        let arrivals: Vec<_> = reach.arrivals(node).collect();
        let of = |sure: bool| {
            let counted = arrivals.iter().filter(|one| one.is_decided() || !sure);
            counted.map(Arrival::packets).collect::<Vec<Cube>>()
        };
        let counted = if arrivals.iter().any(Arrival::is_decided) { of(true) } else { of(false) };
        let covers =
            |(family, own): &(Family, Addresses)| own.without(&sources_of(&counted, *family)).is_empty();
        arrivals.iter().all(|one| one.sender() == class.origin) && class.shared.iter().any(covers)
    }

    fn rated(&self, class: &Class, node: NodeId, decided: bool, lost: bool) -> Lead {
        let weakness = self.facts.weakness(&class.seat, node);
        Lead { cost: Cost::of(&weakness, decided, lost), rank: weakness.rank(), decided, lost }
    }

    fn leads(&self, class: &Class, reach: &Reach<'_>) -> BTreeMap<NodeId, Lead> {
        let mut leads = BTreeMap::new();
        for node in reach.nodes().filter(|node| self.matters(*node)) {
            let Answer::Reached(reached) = reach.to(node) else { continue };
            if !reached.packets.cubes().iter().any(opens_something) {
                continue;
            }
            let decided = reached.decided && class.relays;
            leads.insert(node, self.rated(class, node, decided, false));
        }
        if !reach.gaps().is_empty() {
            let is_open = |node: &&NodeId| !leads.contains_key(node) && !self.alike.contains_key(node);
            for &node in self.stores.keys().filter(is_open).collect::<Vec<_>>() {
                if matches!(reach.to(node), Answer::Undecided(_)) {
                    leads.insert(node, self.rated(class, node, false, true));
                }
            }
        }
        leads
    }
}

/// Whether packets can do more than ask whether somebody is there (ICMP).
pub(super) fn opens_something(cube: &Cube) -> bool {
    const ICMP: [u8; 2] = [1, 58];
    let (first, last) = (cube.protocol.first(), cube.protocol.last());
    !(first == last && ICMP.contains(&first))
}

fn sources_of(cubes: &[Cube], family: Family) -> Addresses {
    let of_family = cubes.iter().filter(|cube| cube.family == family);
    Addresses::from_spans(of_family.map(|cube| (family, cube.source)))
}

fn groups_of(network: &Network) -> BTreeMap<NodeId, Vec<usize>> {
    let mut groups: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
    for (at, group) in network.groups.iter().enumerate() {
        for node in &group.nodes {
            groups.entry(*node).or_default().push(at);
        }
    }
    groups
}

/// The range in which the address of a machine lies, where only that is known.
fn somewhere(placement: &Placement) -> Option<(Addresses, ReasonId)> {
    match placement {
        Placement::At(_) => None,
        Placement::Within(range, reason) | Placement::InEach { all: range, reason, .. } => {
            Some((range.clone(), *reason))
        }
    }
}
