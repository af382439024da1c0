//! What single change cuts most chains.
//!
//! Candidates come from the chains themselves: lines, rules, segments, machines on them. Each is tried: the description is
//! changed, or the ways are taken away that the change closes, and everything is computed again. A leg for which there is
//! another way stays, and so do the chains over it.

use super::change::{Candidate, candidates};
use super::find::entry_cost;
use super::graph::{ClassId, Graph};
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
/// In larger networks a change of the description is not tried, only the loss of single legs.
const RUNS_TRIED_MAX: usize = 400;

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
pub(super) fn cuts(
    graph: &Graph<'_>,
    stands: &[Stand],
    places: &[Option<ClassId>],
    ways: &[Way],
    passages: &Passages,
    site: Option<&Site>,
    limits: Limits,
) -> Vec<Cut> {
    let counted = counted(ways);
    let emptied = BTreeSet::new();
    let now = After { graph, stands, places, gone: &NONE_GONE, emptied: &emptied };
    let trial = Trial { now: &now, site, limits, is_small: graph.runs <= RUNS_TRIED_MAX };
    let known = counted.iter().any(|way| way.cost.is_known());
    let mut found: Vec<(Candidate, usize, usize)> = Vec::new();
    for candidate in candidates(&now, &counted, passages).into_iter().take(TRIED_MAX) {
        let score = trial.after(&candidate.kind, |after| score(after, stands, &counted, known));
        if let Some((chains, closes)) = score.filter(|(chains, _)| *chains > 0) {
            found.push((candidate, chains, closes));
        }
    }
    // Of changes that do as much, the one that is named first is the easier one.
    found.sort_by(|(left, left_chains, left_closes), (right, right_chains, right_closes)| {
        let done = (right_closes, right_chains).cmp(&(left_closes, left_chains));
        done.then_with(|| left.kind.cmp(&right.kind))
    });
    found
        .into_iter()
        .take(CUTS_MAX)
        .map(|(candidate, chains, closes)| Cut {
            element: candidate.element,
            change: candidate.text,
            chains,
            closes,
        })
        .collect()
}

/// The chains that count: those that need no unknown flaw; where there are none, all.
fn counted(ways: &[Way]) -> Vec<Way> {
    let known: Vec<Way> = ways.iter().filter(|way| way.cost.is_known()).cloned().collect();
    let mut counted = if known.is_empty() { ways.to_vec() } else { known };
    counted.truncate(WAYS_MAX);
    counted
}

/// How many chains a change cuts, and how many pairs of place and store it closes.
fn score(after: &After<'_, '_>, stands: &[Stand], ways: &[Way], known: bool) -> (usize, usize) {
    let again: BTreeMap<_, usize> = after
        .stands
        .iter()
        .enumerate()
        .map(|(at, stand)| ((stand.stance, &stand.id, stand.node), at))
        .collect();
    let stand_after = |at: usize| {
        let stand = stands.get(at)?;
        let at = *again.get(&(stand.stance, &stand.id, stand.node))?;
        let entry = after.stands.get(at)?;
        (!known || entry_cost(entry).is_known()).then_some(at)
    };
    let is_cut = |way: &&Way| stand_after(way.stand).is_none_or(|at| !after.stands_way(way, at, known));
    let chains = ways.iter().filter(is_cut).count();
    let mut pairs: BTreeSet<(usize, Option<NodeId>)> = BTreeSet::new();
    pairs.extend(ways.iter().map(|way| (way.stand, way.nodes.last().copied())));
    let mut closed = 0;
    let mut distances: BTreeMap<NodeId, Distances<'_, '_>> = BTreeMap::new();
    for (stand, store) in pairs {
        let Some(at) = stand_after(stand) else {
            closed += 1;
            continue;
        };
        let Some(store) = store else {
            closed += usize::from(!after.holds(at));
            continue;
        };
        let to = || Distances::to(after.graph, store, true, after.gone);
        let distances = distances.entry(store).or_insert_with(to);
        let place = after.places.get(at).copied().flatten();
        let rest = place.and_then(|place| distances.from(place));
        let is_open = after.is_store(store) && rest.is_some_and(|rest| !known || rest.is_known());
        closed += usize::from(!is_open);
    }
    (chains, closed)
}

impl After<'_, '_> {
    /// Whether a chain is still there, from the place of this number.
    fn stands_way(&self, way: &Way, at: usize, known: bool) -> bool {
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
                let lead = self.graph.class(class).and_then(|class| class.leads.get(&to));
                lead.is_some_and(|lead| !known || lead.cost.is_known())
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
