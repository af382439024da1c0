//! From stances to stores: what is asked, and in which order it is told.

use super::cut::{Now, cuts};
use super::facts::Facts;
use super::graph::{Cost, Graph};
use super::search::{Distances, NONE_GONE};
use super::stance::{Stand, has_in_hand, stands};
use super::tell::{Way, chain, passages};
use super::{Attacks, Limits};
use crate::description::Site;
use crate::model::Model;
use crate::network::NodeId;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Machines that are looked at in all searches together: thousands of machines that all hold patient data and reach each other
/// have millions of pairs, of which nobody reads more than the first few hundred.
const LOOKS_MAX: usize = 8_000_000;

/// All chains from places where an attacker may stand to stores of patient data, and what cuts most of them.
///
/// `site` is the description from which the model was drawn, of the same phase; `today` is the day in Japan that decides
/// what is still supported.
pub fn find(model: &Model, site: Option<&Site>, today: Date) -> Attacks {
    find_within(model, site, today, Limits::default())
}

/// The same within other limits.
pub fn find_within(model: &Model, site: Option<&Site>, today: Date, limits: Limits) -> Attacks {
    let facts = Facts::new(model, site, today);
    let stands = stands(&facts, site);
    let (graph, places) = Graph::new(&facts, &stands, limits, &BTreeSet::new(), &[]);
    let (ways, more) = ways(&graph, &stands, &places, limits);
    let passages = passages(&graph, &stands, &places, &ways);
    let told = ways.iter().filter_map(|way| Some(chain(&graph, stands.get(way.stand)?, way, &passages)));
    let chains = told.collect();
    let now = Now { graph: &graph, stands: &stands, places: &places, site, limits };
    let cuts = cuts(now, &ways, &passages);
    Attacks { chains, cuts, more: more || graph.more }
}

/// The ways of all pairs of place and store, those pairs first that cost an attacker least.
pub(super) fn ways(
    graph: &Graph<'_>,
    stands: &[Stand],
    places: &[Option<usize>],
    limits: Limits,
) -> (Vec<Way>, bool) {
    let mut search = Search {
        graph,
        stands,
        places,
        limits,
        steps_left: limits.steps_max,
        looks_left: LOOKS_MAX,
        more: false,
    };
    let mut pairs: Vec<Vec<Way>> = Vec::new();
    let mut found: BTreeMap<NodeId, Vec<Vec<Way>>> = BTreeMap::new();
    for &store in graph.stores.keys() {
        let walked = graph.walked(store);
        let known = || found.get(&walked).map(|pairs| pairs.iter().map(|pair| ending(pair, store)).collect());
        let own = known().unwrap_or_else(|| search.to(store));
        if store == walked {
            found.insert(store, own.clone());
        }
        pairs.extend(own);
    }
    pairs.extend(search.in_hand());
    let first = |pair: &Vec<Way>| pair.first().map(|way| (way.cost, way.stand, way.nodes.last().copied()));
    pairs.sort_by_key(first);
    let more = search.more;
    let count: usize = pairs.iter().map(Vec::len).sum();
    let mut ways: Vec<Way> = pairs.into_iter().flatten().collect();
    if count > limits.chains_max {
        // Each pair keeps its first chain before any keeps a second.
        let mut order: Vec<(usize, usize)> = ways.iter().enumerate().map(|(at, way)| (way.nth, at)).collect();
        order.sort_unstable();
        let kept: BTreeSet<usize> = order.into_iter().take(limits.chains_max).map(|(_, at)| at).collect();
        let mut at = 0;
        ways.retain(|_| {
            at += 1;
            kept.contains(&(at - 1))
        });
    }
    (ways, more || count > limits.chains_max)
}

/// The same ways to another store.
fn ending(ways: &[Way], store: NodeId) -> Vec<Way> {
    let mut ways = ways.to_vec();
    ways.iter_mut().filter_map(|way| way.nodes.last_mut()).for_each(|last| *last = store);
    ways
}

struct Search<'g, 'a> {
    graph: &'g Graph<'a>,
    stands: &'g [Stand],
    places: &'g [Option<usize>],
    limits: Limits,
    steps_left: usize,
    looks_left: usize,
    more: bool,
}

impl Search<'_, '_> {
    /// The ways to a store, place by place. Those of which nobody knows whether they are there at all count only where
    /// there are no others.
    fn to(&mut self, store: NodeId) -> Vec<Vec<Way>> {
        let mut found: BTreeMap<usize, Vec<Way>> = BTreeMap::new();
        for lost in [false, true] {
            if self.looks_left == 0 {
                self.more = true;
                break;
            }
            let distances = Distances::to(self.graph, store, lost, &NONE_GONE);
            self.looks_left = self.looks_left.saturating_sub(distances.looked);
            for (at, stand) in self.stands.iter().enumerate() {
                let Some(place) = self.places.get(at).copied().flatten() else { continue };
                let is_there = stand.node == store && stand.packets.is_none();
                if found.contains_key(&at) || is_there || distances.from(place).is_none() {
                    continue;
                }
                let ways = self.ways(&distances, at, place, stand);
                if !ways.is_empty() {
                    found.insert(at, ways);
                }
            }
        }
        found.into_values().collect()
    }

    fn ways(&mut self, distances: &Distances<'_, '_>, at: usize, place: usize, stand: &Stand) -> Vec<Way> {
        let limits =
            Limits { steps_per_pair_max: self.limits.steps_per_pair_max.min(self.steps_left), ..self.limits };
        if self.steps_left == 0 || self.looks_left == 0 {
            self.more = true;
            return Vec::new();
        }
        let found = distances.chains(place, stand.node, limits);
        self.looks_left = self.looks_left.saturating_sub(found.looked);
        self.steps_left = self.steps_left.saturating_sub(found.steps);
        self.more |= found.more;
        let entry = entry_cost(stand);
        let way = |(nth, (cost, nodes)): (usize, (Cost, Vec<NodeId>))| Way {
            stand: at,
            nodes,
            cost: cost.with(entry),
            nth,
        };
        found.chains.into_iter().enumerate().map(way).collect()
    }

    /// Places at which the attacker has patient data in their hands already.
    fn in_hand(&self) -> Vec<Vec<Way>> {
        let stands = self.stands.iter().enumerate();
        let holding = stands.filter(|(_, stand)| has_in_hand(self.graph.facts, stand));
        let way = |(at, stand): (usize, &Stand)| {
            vec![Way { stand: at, nodes: Vec::new(), cost: entry_cost(stand), nth: 0 }]
        };
        holding.map(way).collect()
    }
}

/// What it costs to stand somewhere.
pub(super) fn entry_cost(stand: &Stand) -> Cost {
    stand.entry.as_ref().map_or_else(Cost::default, |entry| Cost::of(entry, true, false))
}
