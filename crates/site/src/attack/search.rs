//! The chains from a place to a store, what costs an attacker least first.
//!
//! A chain is left out when another one passes only machines of it, needs nothing less likely at any of them, and has no more
//! legs of which it is not certain that packets get through. Such a shorter one exists exactly when a machine of the chain, or
//! the place where it begins, leads straight to a later one than the next on such terms; so each step is held against those
//! before it, and no two chains have to be compared.

use super::Limits;
use super::graph::{ClassId, Cost, Graph, Lead};
use crate::network::NodeId;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// The chains of one pair of place and store.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// The machines of each chain, the store last, with what the chain costs.
    pub(super) chains: Vec<(Cost, Vec<NodeId>)>,
    /// Whether there may be others.
    pub(super) more: bool,
    /// How many steps the search took.
    pub(super) steps: usize,
    /// How many machines were looked at for it.
    pub(super) looked: usize,
}

/// A chain, as far as it matters for how it goes on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    classes: Vec<ClassId>,
    decided: Vec<bool>,
}

/// What a store costs from each class of machines, at least.
pub(super) struct Distances<'g, 'a> {
    graph: &'g Graph<'a>,
    to: NodeId,
    /// Whether ways count on which packets were lost sight of.
    lost: bool,
    /// Ways that are looked at as if they were gone.
    gone: &'g BTreeSet<(ClassId, NodeId)>,
    least: BTreeMap<ClassId, Cost>,
    /// How many ways were looked at for it.
    pub(super) looked: usize,
}

/// No way is gone.
pub(super) static NONE_GONE: BTreeSet<(ClassId, NodeId)> = BTreeSet::new();

impl<'g, 'a> Distances<'g, 'a> {
    /// From all classes that lead to the store.
    pub(super) fn to(
        graph: &'g Graph<'a>,
        to: NodeId,
        lost: bool,
        gone: &'g BTreeSet<(ClassId, NodeId)>,
    ) -> Self {
        let mut found = Self { graph, to, lost, gone, least: BTreeMap::new(), looked: 0 };
        let mut open = BinaryHeap::new();
        found.relax(to, Cost::default(), &mut open);
        while let Some(Reverse((cost, class))) = open.pop() {
            if found.least.contains_key(&class) {
                continue;
            }
            found.least.insert(class, cost);
            let Some(class) = graph.class(class) else { continue };
            for &member in class.members.iter().filter(|member| **member != to) {
                found.relax(member, cost, &mut open);
            }
        }
        found
    }

    fn relax(&mut self, node: NodeId, rest: Cost, open: &mut BinaryHeap<Reverse<(Cost, ClassId)>>) {
        let comes = self.graph.comes.get(&self.graph.walked(node)).map_or(&[][..], Vec::as_slice);
        self.looked = self.looked.saturating_add(comes.len());
        for &class in comes {
            if let Some(lead) = self.lead(class, node).filter(|_| !self.least.contains_key(&class)) {
                open.push(Reverse((lead.cost.with(rest), class)));
            }
        }
    }

    fn lead(&self, class: ClassId, node: NodeId) -> Option<Lead> {
        let lead = self.graph.lead(class, node)?;
        ((self.lost || !lead.lost) && !self.gone.contains(&(class, node))).then_some(lead)
    }

    /// The least cost from a class.
    pub(super) fn from(&self, class: ClassId) -> Option<Cost> {
        self.least.get(&class).copied()
    }

    /// The chains from a place. `at` is the machine on which the attacker is already, or the place itself.
    pub(super) fn chains(&self, place: ClassId, at: NodeId, limits: Limits) -> Found {
        let mut found = Found::default();
        let Some(least) = self.from(place) else { return found };
        let steps = self.candidates();
        found.looked = steps.len();
        let mut known: BTreeMap<Line, Vec<(NodeId, Cost, Cost)>> = BTreeMap::new();
        let mut open = BinaryHeap::from([Reverse((least, Vec::new(), Cost::default()))]);
        while let Some(Reverse((_, chain, cost))) = open.pop() {
            if chain.last() == Some(&self.to) {
                if found.chains.len() >= limits.chains_per_pair_max {
                    found.more = true;
                    break;
                }
                found.chains.push((cost, chain));
                continue;
            }
            if chain.len() >= limits.legs_max {
                found.more = true;
                continue;
            }
            let Some(line) = self.line(place, &chain) else { continue };
            let onward = known.entry(line).or_insert_with_key(|line| {
                found.looked = found.looked.saturating_add(steps.len());
                self.onward(line, &steps)
            });
            for &(node, leg, rest) in onward.iter().filter(|(node, ..)| *node != at && !chain.contains(node))
            {
                if found.steps >= limits.steps_per_pair_max {
                    found.more = true;
                    return found;
                }
                found.steps += 1;
                let cost = cost.with(leg);
                let chain: Vec<NodeId> = chain.iter().copied().chain([node]).collect();
                open.push(Reverse((cost.with(rest), chain, cost)));
            }
        }
        found
    }

    /// The classes of a chain, each with whether the leg to the next machine is certain; the last one has none.
    fn line(&self, place: ClassId, chain: &[NodeId]) -> Option<Line> {
        let passed = chain.iter().map(|node| self.graph.class_of(*node));
        let classes: Vec<ClassId> = std::iter::once(Some(place)).chain(passed).collect::<Option<_>>()?;
        let is_decided = |(class, node): (&ClassId, &NodeId)| Some(self.lead(*class, *node)?.decided);
        let decided: Vec<bool> = classes.iter().zip(chain).map(is_decided).collect::<Option<_>>()?;
        Some(Line { classes, decided })
    }

    /// Where a chain goes on: machines, what the leg costs, and what it costs at least from there. Chains over machines of the
    /// same classes go on alike.
    fn onward(&self, line: &Line, candidates: &BTreeSet<NodeId>) -> Vec<(NodeId, Cost, Cost)> {
        let Some((class, earlier)) = line.classes.split_last() else { return Vec::new() };
        let next = self.next(*class, candidates);
        let minimal = next.filter(|(node, lead, _)| !self.is_chord(earlier, &line.decided, *node, *lead));
        minimal.map(|(node, lead, rest)| (node, lead.cost, rest)).collect()
    }

    /// Whether a shorter way to this machine makes a chain superfluous: an earlier machine leads to it on terms that are no
    /// less likely, and no less certainly than the chain comes here from there.
    fn is_chord(&self, earlier: &[ClassId], decided: &[bool], node: NodeId, lead: Lead) -> bool {
        let mut is_sure = lead.decided;
        earlier.iter().zip(decided).rev().any(|(class, leg)| {
            is_sure &= leg;
            self.lead(*class, node).is_some_and(|other| {
                other.rank <= lead.rank && (other.decided || !is_sure) && (!other.lost || lead.lost)
            })
        })
    }

    /// All machines that lead to the store, and the store.
    fn candidates(&self) -> BTreeSet<NodeId> {
        let classes = self.least.keys().filter_map(|class| self.graph.class(*class));
        classes.flat_map(|class| class.members.iter().copied()).chain([self.to]).collect()
    }

    fn next<'s>(
        &'s self,
        class: ClassId,
        candidates: &'s BTreeSet<NodeId>,
    ) -> impl Iterator<Item = (NodeId, Lead, Cost)> + 's {
        let leads = self.graph.class(class).map(|class| &class.leads);
        let few = leads.is_some_and(|leads| leads.len() < candidates.len());
        let walked = self.graph.walked(self.to);
        let meant = move |node: NodeId| if node == walked { self.to } else { node };
        let from_leads = leads.filter(|_| few).into_iter().flatten().map(move |(node, _)| meant(*node));
        let from_candidates = leads.filter(|_| !few).into_iter().flat_map(|_| candidates.iter().copied());
        from_leads.chain(from_candidates).filter_map(move |node| {
            let lead = self.lead(class, node)?;
            if node == self.to {
                return Some((node, lead, Cost::default()));
            }
            Some((node, lead, self.from(self.graph.class_of(node)?)?))
        })
    }
}
