//! Chains in words, with the hops of each leg.

use super::UNCLASSIFIED;
use super::facts::Facts;
use super::graph::{Class, Cost, Graph, opens_something};
use super::stance::Stand;
use super::weakness::Weakness;
use super::{Chain, Leg};
use crate::network::{Known, NodeId, Reason};
use crate::reach::{Answer, Reach, Why};
use crate::rules::Text;
use crate::step::{Step, steps};
use base::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Arrivals that are looked at for a rule that all of them pass.
const ARRIVALS_MAX: usize = 64;

/// A chain as it was found.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// The number of the place where it begins.
    pub(super) stand: usize,
    /// The machines, the store last; none where the attacker has the store in their hands.
    pub(super) nodes: Vec<NodeId>,
    /// What it costs, with what it takes to stand there.
    pub(super) cost: Cost,
    /// How many others of its place and store come before it.
    pub(super) nth: usize,
}

/// A leg, apart from what is assumed at its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Passage {
    steps: Vec<Step>,
    reasons: Vec<Text>,
    decided: bool,
    /// Rules that everything passes that arrives: by the node of the filter and their name.
    pub(super) rules: BTreeSet<(NodeId, String)>,
}

impl Passage {
    /// The nodes that it passes.
    pub(super) fn nodes(&self, facts: &Facts<'_>) -> Vec<NodeId> {
        self.steps.iter().filter_map(|step| facts.model.network.find(&step.node)).collect()
    }
}

/// The passages of legs, by where they begin (the number of the stance, or a machine) and where they end.
pub(super) type Passages = BTreeMap<(usize, Option<NodeId>, NodeId), Passage>;

/// The legs of a way: where each begins and ends.
pub(super) fn legs(way: &Way) -> Vec<(Option<NodeId>, NodeId)> {
    let from = std::iter::once(None).chain(way.nodes.iter().copied().map(Some));
    from.zip(way.nodes.iter().copied()).collect()
}

/// Works out the passages of all legs, one class after the other.
pub(super) fn passages(
    graph: &Graph<'_>,
    stands: &[Stand],
    places: &[Option<usize>],
    ways: &[Way],
) -> Passages {
    let mut wanted: BTreeMap<usize, BTreeSet<(usize, Option<NodeId>, NodeId)>> = BTreeMap::new();
    for way in ways {
        for (from, to) in legs(way) {
            let class = match from {
                Some(node) => graph.class_of(node),
                None => places.get(way.stand).copied().flatten(),
            };
            // A leg between machines is the same, wherever the chain began.
            let stand = if from.is_some() { 0 } else { way.stand };
            if let Some(class) = class {
                wanted.entry(class).or_default().insert((stand, from, to));
            }
        }
    }
    let mut found = Passages::new();
    for (class, legs) in wanted {
        let Some(class) = graph.class(class) else { continue };
        let reach = graph.ask_for(class, legs.iter().map(|(_, _, to)| *to));
        for key in legs {
            let (stand, from, to) = key;
            let begins = from.or_else(|| stands.get(stand).map(|stand| stand.node));
            found.insert(key, passage(graph, class, &reach, begins, to));
        }
    }
    found
}

fn passage(graph: &Graph<'_>, class: &Class, reach: &Reach<'_>, from: Option<NodeId>, to: NodeId) -> Passage {
    match reach.to(to) {
        Answer::Reached(mut reached) => {
            // The run was made for all of a class; this leg begins at this one.
            if let (Some(first), Some(from)) =
                (reached.path.first_mut(), from.filter(|_| !class.members.is_empty()))
            {
                first.node = from;
            }
            Passage {
                steps: steps(graph.facts.model, &reached.path),
                reasons: reached.reasons.iter().map(text_of).collect(),
                decided: reached.decided,
                rules: common_rules(reach, to),
            }
        }
        Answer::Undecided(gaps) => {
            Passage { reasons: gaps.iter().map(|gap| text_of(&gap.reason)).collect(), ..Passage::default() }
        }
        Answer::NoPath => Passage::default(),
    }
}

/// The rules by which filters let through everything that arrives.
fn common_rules(reach: &Reach<'_>, to: NodeId) -> BTreeSet<(NodeId, String)> {
    let mut common: Option<BTreeSet<(NodeId, String)>> = None;
    for (at, arrival) in reach.arrivals(to).filter(|one| opens_something(&one.packets())).enumerate() {
        if at >= ARRIVALS_MAX {
            return BTreeSet::new();
        }
        let allowed = arrival.path().into_iter().filter(|hop| hop.why == Why::Allowed);
        let rules = allowed.filter_map(|hop| Some((hop.node, hop.rule?))).collect();
        common = Some(match common {
            None => rules,
            Some(known) => known.intersection(&rules).cloned().collect(),
        });
    }
    common.unwrap_or_default()
}

fn text_of(reason: &Reason) -> Text {
    Text::new(reason.text(Language::Japanese), reason.text(Language::English))
}

/// A way as a chain.
pub(super) fn chain(graph: &Graph<'_>, stand: &Stand, way: &Way, passages: &Passages) -> Chain {
    let facts = graph.facts;
    let store = way.nodes.last().copied().unwrap_or(stand.node);
    let mut told = Chain {
        from: stand.id.clone(),
        stance: stand.stance,
        to: id_of(facts, store),
        holds: graph.stores.get(&store).cloned().unwrap_or_default(),
        decided: true,
        reasons: Vec::new(),
        legs: entry(facts, stand, way).into_iter().collect(),
    };
    let mut seat = stand.seat.clone();
    for (from, to) in legs(way) {
        let key = (if from.is_some() { 0 } else { way.stand }, from, to);
        let passage = passages.get(&key).cloned().unwrap_or_default();
        let weakness = facts.weakness(&seat, to);
        told.decided &= passage.decided;
        told.reasons.extend(passage.reasons.iter().cloned());
        let doubt = relay_doubt(facts, from.unwrap_or(stand.node));
        told.decided &= doubt.is_none();
        told.reasons.extend(doubt);
        let begins = from.map_or_else(|| id_of(facts, stand.node), |from| id_of(facts, from));
        told.legs.push(leg(facts, begins, to, &weakness, passage.steps));
        seat = facts.seat(to);
    }
    finish(&mut told, facts, store);
    told
}

fn finish(told: &mut Chain, facts: &Facts<'_>, store: NodeId) {
    let mut seen = Vec::new();
    told.reasons.retain(|reason| {
        !seen.contains(reason) && {
            seen.push(reason.clone());
            true
        }
    });
    if told.holds.iter().any(|class| class == UNCLASSIFIED)
        && let Some(last) = told.legs.last_mut()
    {
        let name = facts.name(store);
        last.because = Text::new(
            format!("{}「{name}」に何が保存されているかは書かれていません。", last.because.ja),
            format!("{} It is not said what lies on {name}.", last.because.en),
        );
    }
}

/// What it takes to stand there; or, where the store is in the attacker's hands, that.
fn entry(facts: &Facts<'_>, stand: &Stand, way: &Way) -> Option<Leg> {
    let there = way.nodes.is_empty().then(Weakness::there);
    let weakness = stand.entry.clone().or(there)?;
    let at = if stand.holds { facts.name(stand.node) } else { facts.called(&stand.id) };
    Some(Leg {
        from: stand.id.clone(),
        to: id_of(facts, stand.node),
        assumption: weakness.assumption,
        because: weakness.because(facts, &at),
        said: weakness.said,
        steps: Vec::new(),
    })
}

fn leg(facts: &Facts<'_>, from: String, to: NodeId, weakness: &Weakness, steps: Vec<Step>) -> Leg {
    Leg {
        from,
        to: id_of(facts, to),
        assumption: weakness.assumption,
        because: weakness.because(facts, &facts.name(to)),
        said: weakness.said,
        steps,
    }
}

/// Why it is not known whether connections can be opened from a machine.
fn relay_doubt(facts: &Facts<'_>, node: NodeId) -> Option<Text> {
    match facts.model.network.host(node)?.relays {
        Known::Undecided(reason) => facts.model.network.reason(reason).map(text_of),
        Known::Yes | Known::No => None,
    }
}

fn id_of(facts: &Facts<'_>, node: NodeId) -> String {
    facts.model.network.node(node).map(|node| node.title.id.clone()).unwrap_or_default()
}
