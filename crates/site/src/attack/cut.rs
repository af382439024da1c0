//! What single change cuts most chains.
//!
//! Candidates come from the chains themselves: lines, rules, segments, machines on them. Each is tried: the description is
//! changed, or the ways are taken away that the change closes, and everything is computed again. A leg for which there is
//! another way stays, and so do the chains over it.

use super::change::{Candidate, candidates};
use super::find::entry_cost;
use super::graph::{ClassId, Cost, Graph};
use super::search::{Distances, NONE_GONE};
use super::stance::Stand;
use super::tell::{Passages, Way, legs};
use super::trial::Trial;
use super::{Cut, Limits};
use crate::description::Site;
use crate::network::NodeId;
use std::collections::{BTreeMap, BTreeSet};

/// Changes that are named.
const CUTS_MAX: usize = 10;
/// Candidates that are tried.
const TRIED_MAX: usize = 48;
/// Chains from which candidates are taken.
const WAYS_MAX: usize = 400;

/// The network as it is, with what it was worked out from.
#[derive(Clone, Copy)]
pub(super) struct Now<'g, 'a> {
    pub(super) graph: &'g Graph<'a>,
    pub(super) stands: &'g [Stand],
    pub(super) places: &'g [Option<ClassId>],
    pub(super) site: Option<&'g Site>,
    pub(super) limits: Limits,
}

/// A network as it would be after a change.
pub(super) struct After<'g, 'a> {
    pub(super) graph: &'g Graph<'a>,
    pub(super) stands: &'g [Stand],
    pub(super) places: &'g [Option<ClassId>],
    /// Ways that the change closes.
    pub(super) gone: &'g BTreeSet<(ClassId, NodeId)>,
    /// Machines that hold nothing any more.
    pub(super) emptied: &'g BTreeSet<NodeId>,
}

/// The changes that cut most, the best first.
pub(super) fn cuts(now: Now<'_, '_>, ways: &[Way], passages: &Passages) -> Vec<Cut> {
    let Now { graph, stands, places, site, limits } = now;
    let counted = counted(ways);
    let emptied = BTreeSet::new();
    let now = After { graph, stands, places, gone: &NONE_GONE, emptied: &emptied };
    let trial = Trial { now: &now, site, limits, is_small: graph.is_small() };
    let known = counted.iter().any(|way| way.cost.is_known());
    let mut found: Vec<(Score, Candidate)> = Vec::new();
    for candidate in candidates(&now, &counted, passages).into_iter().take(TRIED_MAX) {
        let score = trial.after(&candidate.kind, |after| score(after, &counted, known));
        if let Some(score) = score.filter(|score| score.chains > 0) {
            found.push((score, candidate));
        }
    }
    // Of changes that do as much, the one that is named first is the easier one.
    found.sort_by(|(left_score, left), (right_score, right)| {
        right_score.cmp(left_score).then_with(|| left.kind.cmp(&right.kind))
    });
    let cut = |(score, candidate): (Score, Candidate)| Cut {
        element: candidate.element,
        change: candidate.text,
        chains: score.chains,
        closes: score.closes,
    };
    found.into_iter().take(CUTS_MAX).map(cut).collect()
}

/// What a change does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// By how much the weight sinks of the likeliest chains of all pairs of place and store.
    weight: usize,
    /// Pairs of which no chain is left.
    closes: usize,
    /// Chains that it cuts.
    chains: usize,
}

/// The chains that count: those that need no unknown flaw; where there are none, all.
fn counted(ways: &[Way]) -> Vec<Way> {
    let known: Vec<Way> = ways.iter().filter(|way| way.cost.is_known()).cloned().collect();
    let mut counted = if known.is_empty() { ways.to_vec() } else { known };
    counted.truncate(WAYS_MAX);
    counted
}

/// What a change does to the chains that count. If `known`, those do not count that need an unknown flaw.
fn score(after: &After<'_, '_>, ways: &[Way], known: bool) -> Score {
    let mut score = Score::default();
    let mut pairs: BTreeMap<(usize, Option<NodeId>), Cost> = BTreeMap::new();
    for way in ways {
        score.chains += usize::from(!after.stands_way(way, known));
        let best = pairs.entry((way.stand, way.nodes.last().copied())).or_insert(way.cost);
        *best = way.cost.min(*best);
    }
    let mut distances: BTreeMap<NodeId, Distances<'_, '_>> = BTreeMap::new();
    for ((stand, store), before) in pairs {
        let left = after.least(stand, store, &mut distances);
        let left = left.filter(|cost| !known || cost.is_known());
        let weight = |cost: Cost| if known { cost.weight() } else { 1 };
        score.weight += weight(before).saturating_sub(left.map_or(0, weight));
        score.closes += usize::from(left.is_none());
    }
    score
}

impl<'g, 'a> After<'g, 'a> {
    /// What it costs at least to come from a place to a store, or to what is in the attacker's hands there.
    fn least(
        &self,
        at: usize,
        store: Option<NodeId>,
        distances: &mut BTreeMap<NodeId, Distances<'g, 'a>>,
    ) -> Option<Cost> {
        let entry = entry_cost(self.stands.get(at)?);
        let Some(store) = store else { return self.holds(at).then_some(entry) };
        if !self.is_store(store) {
            return None;
        }
        let to = || Distances::to(self.graph, store, true, self.gone);
        let rest = distances.entry(store).or_insert_with(to).from(self.places.get(at).copied().flatten()?)?;
        Some(rest.with(entry))
    }

    /// Whether a chain is still there.
    fn stands_way(&self, way: &Way, known: bool) -> bool {
        let at = way.stand;
        let is_known = |cost: Cost| !known || cost.is_known();
        if !self.stands.get(at).is_some_and(|stand| is_known(entry_cost(stand))) {
            return false;
        }
        if way.nodes.is_empty() {
            return self.holds(at);
        }
        let is_store = way.nodes.last().is_some_and(|store| self.is_store(*store));
        is_store
            && legs(way).into_iter().all(|(from, to)| {
                let class = match from {
                    Some(node) => self.graph.class_of(node),
                    None => self.places.get(at).copied().flatten(),
                };
                let Some(class) = class.filter(|class| !self.gone.contains(&(*class, to))) else {
                    return false;
                };
                self.graph.lead(class, to).is_some_and(|lead| is_known(lead.cost))
            })
    }

    fn is_store(&self, node: NodeId) -> bool {
        self.graph.stores.contains_key(&node) && !self.emptied.contains(&node)
    }

    /// Whether who stands at a machine has patient data in their hands.
    fn holds(&self, at: usize) -> bool {
        self.stands.get(at).is_some_and(|stand| self.is_store(stand.node))
    }
}
