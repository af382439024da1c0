//! Stores that nobody on the way tells apart: one of them is walked to for all.
//!
//! The account of a service holds buckets by the thousand. Each is entered by a door of its own, the doors are the same, and
//! all stand at the same place. Who comes to one comes to each of them, so a run that walks to all costs their number and
//! tells nothing more.

use super::facts::Facts;
use crate::model::Thing;
use crate::network::{
    Action, Compiled, Edge, GroupId, Inside, Kind, Known, Memory, Network, NodeId, NodeSet, Placement,
};
use crate::packet::{Addresses, Cube};
use std::collections::{BTreeMap, BTreeSet};

/// Doors that are looked at one behind the other.
const DOORS_MAX: usize = 8;

/// A store for which another one is walked to.
#[derive(Clone, Debug)]
pub(super) struct Likeness {
    /// The other one.
    pub(super) to: NodeId,
    /// The nodes that lead to this one only, itself included.
    pub(super) own: Vec<NodeId>,
}

/// What decides who comes to a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    addresses: Addresses,
    /// Whether a policy says who may use it.
    judged: bool,
    doors: Vec<Door>,
    /// What leads to its first door and to others as well, with whether each edge is certain.
    from: Vec<(NodeId, Vec<bool>)>,
}

/// A node that leads to one other only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Door {
    Filter { boxes: Vec<Box>, otherwise: Action, edges: Vec<bool> },
    Translator { boxes: Vec<Box>, rewrites: Vec<(bool, Vec<Onto>)>, edges: Vec<bool> },
}

/// A box of a rule: of which rule, what that does, whether that is certain, and for whom.
type Box = (Cube, usize, Action, bool, Option<GroupId>);

/// A target of a rewriting: the new address and port, and whether the way there is certain.
type Onto = (Option<Addresses>, Option<u16>, bool);

/// Of these stores, those for which another one is walked to. Where somebody stands on one (`apart`), it stays by itself.
pub(super) fn alike(
    facts: &Facts<'_>,
    among: &BTreeSet<NodeId>,
    stores: impl IntoIterator<Item = NodeId>,
    apart: &BTreeSet<NodeId>,
) -> BTreeMap<NodeId, Likeness> {
    let network = &facts.model.network;
    let ways = Ways::of(network, among);
    let mut first: BTreeMap<Look, NodeId> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for store in stores.into_iter().filter(|store| !apart.contains(store)) {
        // What is described has flaws of its own.
        if !matches!(facts.model.thing(store), Some(Thing::Resource { .. })) {
            continue;
        }
        let Some((look, own)) = ways.look(store, facts.is_judged_by_policy(store)) else { continue };
        let to = *first.entry(look).or_insert(store);
        if to != store {
            found.insert(store, Likeness { to, own });
        }
    }
    found
}

/// Which nodes lead to which.
struct Ways<'a> {
    network: &'a Network,
    among: NodeSet,
    before: BTreeMap<NodeId, Vec<NodeId>>,
}

impl<'a> Ways<'a> {
    fn of(network: &'a Network, among: &BTreeSet<NodeId>) -> Self {
        let among: NodeSet = among.iter().copied().collect();
        let mut before: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
        for from in network.nodes().filter(|node| among.contains(*node)) {
            for to in network.next(from).iter().filter(|to| among.contains(**to)) {
                before.entry(*to).or_default().push(from);
            }
        }
        Self { network, among, before }
    }

    /// What decides who comes to a store, and the nodes that lead there only; nothing where that is more than is compared.
    fn look(&self, store: NodeId, judged: bool) -> Option<(Look, Vec<NodeId>)> {
        let host = self.network.host(store).filter(|host| host.relays == Known::No)?;
        let Placement::At(addresses) = &host.placement else { return None };
        let (mut own, mut doors, mut at) = (vec![store], Vec::new(), store);
        while let Some(door) = self.door_before(at) {
            if own.len() > DOORS_MAX {
                return None;
            }
            doors.push(self.door(door, at)?);
            own.push(door);
            at = door;
        }
        let before = self.before.get(&at).map_or(&[][..], Vec::as_slice);
        let from = before.iter().map(|from| Some((*from, self.edges(*from, at)?))).collect::<Option<_>>()?;
        Some((Look { addresses: addresses.clone(), judged, doors, from }, own))
    }

    /// The node that alone leads to this one, and to no other.
    fn door_before(&self, node: NodeId) -> Option<NodeId> {
        let [door] = self.before.get(&node)?.as_slice() else { return None };
        let mut next = self.network.next(*door).iter().filter(|next| self.among.contains(**next));
        (next.next().is_some() && next.next().is_none() && self.network.host(*door).is_none())
            .then_some(*door)
    }

    fn door(&self, door: NodeId, to: NodeId) -> Option<Door> {
        let Inside { edges, kind } = self.network.inside(door)?;
        let edges = flags(edges, to);
        match kind {
            Kind::Filter { rules, otherwise, memory: Memory::Stateful } => {
                Some(Door::Filter { boxes: boxes(rules)?, otherwise: *otherwise, edges })
            }
            Kind::Translator { rewrites, .. } => {
                let onto = |(_, onto): &(String, crate::network::Onto)| {
                    // Who gives packets another source is the sender from there on.
                    let is_plain = onto.source.is_none();
                    let targets = onto.targets.iter().filter(|target| target.next.to == to);
                    let target =
                        targets.map(|one| (one.addresses.clone(), one.port, one.next.maybe.is_none()));
                    is_plain.then(|| (onto.front.is_none(), target.collect()))
                };
                let rewritten = rewrites.rules.iter().map(onto).collect::<Option<_>>()?;
                Some(Door::Translator { boxes: boxes(rewrites)?, rewrites: rewritten, edges })
            }
            Kind::Filter { .. } | Kind::Host(_) | Kind::Router { .. } | Kind::Link { .. } => None,
        }
    }

    /// The edges by which a node leads to another, each with whether it is certain; nothing where it leads there otherwise.
    fn edges(&self, from: NodeId, to: NodeId) -> Option<Vec<bool>> {
        let Inside { edges, kind } = self.network.inside(from)?;
        matches!(kind, Kind::Filter { .. } | Kind::Link { .. }).then(|| flags(edges, to))
    }
}

fn flags(edges: &[Edge], to: NodeId) -> Vec<bool> {
    edges.iter().filter(|edge| edge.to == to).map(|edge| edge.maybe.is_none()).collect()
}

fn boxes<T>(rules: &Compiled<T>) -> Option<Vec<Box>> {
    let kept = rules.boxes.boxes();
    let told = kept.map(|(cube, one)| (*cube, one.rule, one.action, one.maybe.is_none(), one.sender));
    (!rules.too_many).then(|| told.collect())
}
