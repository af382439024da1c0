//! What stands between two nodes: whole ways, with what on each would have to change.
//!
//! Ways are tried in the order of how much stands on them. Where a filter stops all that came, or no route leads on, the way
//! goes on as if it were opened, and that is noted. So the least that would have to change is found first; for whoever wants
//! the way closed, it is what keeps it so.

use super::Question;
use super::sift::{Judged, TooMany};
use super::step::{Judgement, Onward, Step, Traveller};
use crate::network::{Compiled, Inside, Kind, Labels, Memory, Network, NodeId, Onto};
use crate::packet::{Addresses, Cube, Family, PacketSet};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Steps after which the search ends.
const STEPS_MAX: usize = 20_000;
/// Boxes that one way carries on; of more only the first are asked about.
const CARRIED_MAX: usize = 256;

/// What stands between two nodes.
#[derive(Clone, Debug)]
pub struct Blocked {
    /// Whether a way is open as it is, for certain or maybe.
    pub open: bool,
    /// The ways that are not, those first on which least would have to change.
    pub routes: Vec<BlockedRoute>,
    /// Whether these are all.
    pub complete: bool,
}

/// A way that is not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockedRoute {
    /// The nodes on it.
    pub nodes: Vec<NodeId>,
    /// What would have to change, in the order of the way. The first one is where everything is stopped now.
    pub changes: Vec<Change>,
}

/// Something that stops all packets on a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub node: NodeId,
    /// What is lacking there.
    pub lacks: Lack,
    /// Where packets would go on.
    pub next: NodeId,
    /// Some of the packets that are stopped.
    pub packets: Cube,
}

/// What a way lacks at a node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// A rule that lets packets through; nothing denies them but the lack of it.
    Rule,
    /// This rule stops them.
    DeniedBy(String),
    /// A rule that lets their answers back; this rule stops them, if one does.
    Answer(Option<String>),
    /// A route for them to the next node.
    Route,
}

pub(super) fn blocked(question: Question<'_>, from: NodeId, to: NodeId, routes_max: usize) -> Blocked {
    let among = question.network.before(to);
    let mut search = Search { question, to, among, open: BinaryHeap::new(), made: 0 };
    let mut found = Blocked { open: false, routes: Vec::new(), complete: true };
    search.begin(from);
    for _ in 0..STEPS_MAX {
        let Some(Reverse(way)) = search.open.pop() else { break };
        if way.nodes.last() == Some(&to) && way.nodes.len() > 1 {
            if way.changes.is_empty() {
                found.open = true;
            } else if !found.routes.iter().any(|known| is_part(&known.changes, &way.changes)) {
                if found.routes.len() >= routes_max {
                    found.complete = false;
                    return found;
                }
                found.routes.push(BlockedRoute { nodes: way.nodes, changes: way.changes });
            }
            continue;
        }
        match search.follow(&way) {
            Ok(is_whole) => found.complete &= is_whole,
            Err(TooMany) => found.complete = false,
        }
    }
    found.complete &= search.open.is_empty();
    found
}

/// Whether all of these changes are among the others.
fn is_part(changes: &[Change], others: &[Change]) -> bool {
    let is_in = |change: &Change| {
        others
            .iter()
            .any(|other| (other.node, &other.lacks, other.next) == (change.node, &change.lacks, change.next))
    };
    changes.iter().all(is_in)
}

/// A way as far as it was tried.
#[derive(Clone, Debug)]
struct Way {
    nodes: Vec<NodeId>,
    changes: Vec<Change>,
    carried: Vec<Traveller>,
    /// In which order it was made, so that the answer is always the same.
    made: usize,
}

impl Way {
    fn rank(&self) -> (usize, usize, usize) {
        (self.changes.len(), self.nodes.len(), self.made)
    }
}

impl PartialEq for Way {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}
impl Eq for Way {}
impl PartialOrd for Way {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Way {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

struct Search<'a> {
    question: Question<'a>,
    to: NodeId,
    among: BTreeSet<NodeId>,
    open: BinaryHeap<Reverse<Way>>,
    made: usize,
}

impl Search<'_> {
    /// One way for each thing that packets may be addressed to: the target itself, and whatever stands before it and rewrites.
    fn begin(&mut self, from: NodeId) {
        let network = self.question.network;
        let sources = PacketSet::from_sources(&network.sources(from));
        for aim in aims(network, self.to, &self.among) {
            let packets = sources.intersect(&PacketSet::to_destinations(&aim));
            let traveller = |cube: &Cube| Traveller { cube: *cube, labels: Labels::none(), sender: from };
            let carried: Vec<Traveller> = packets.cubes().iter().take(CARRIED_MAX).map(traveller).collect();
            if !carried.is_empty() {
                self.push(Way { nodes: vec![from], changes: Vec::new(), carried, made: 0 });
            }
        }
    }

    /// The next steps of a way; whether all that it carries was looked at.
    fn follow(&mut self, way: &Way) -> Result<bool, TooMany> {
        let Some(&node) = way.nodes.last() else { return Ok(true) };
        let network = self.question.network;
        let mut through: BTreeMap<NodeId, Vec<Traveller>> = BTreeMap::new();
        for step in way.carried.iter().map(|traveller| self.step(node, *traveller)) {
            for found in step.moves()? {
                if let Onward::Node(next) = found.onward {
                    through.entry(next).or_default().push(found.traveller);
                }
            }
        }
        let mut is_whole = true;
        for &next in network.next(node) {
            if !self.among.contains(&next) || way.nodes.contains(&next) {
                continue;
            }
            let (mut carried, mut changes) = (through.remove(&next).unwrap_or_default(), way.changes.clone());
            if carried.is_empty() {
                let Some(change) = self.lacking(node, next, way)? else { continue };
                changes.push(change);
                carried.clone_from(&way.carried);
            }
            carried = carried.into_iter().flat_map(|traveller| self.received(next, traveller)).collect();
            is_whole &= carried.len() <= CARRIED_MAX;
            carried.truncate(CARRIED_MAX);
            if !carried.is_empty() {
                let nodes = way.nodes.iter().copied().chain([next]).collect();
                self.push(Way { nodes, changes, carried, made: 0 });
            }
        }
        Ok(is_whole)
    }

    /// What keeps all of a way's packets from a next node.
    fn lacking(&self, node: NodeId, next: NodeId, way: &Way) -> Result<Option<Change>, TooMany> {
        let (Some(Inside { edges, kind }), Some(first)) =
            (self.question.network.inside(node), way.carried.first())
        else {
            return Ok(None);
        };
        let lacks = match kind {
            Kind::Router { .. } => Lack::Route,
            Kind::Filter { rules, memory, .. } if edges.iter().any(|edge| edge.to == next) => {
                let Judgement { stopped, unanswered, .. } = self.step(node, *first).judged()?;
                let named = |list: &[Judged], rules: &Compiled<()>| {
                    list.iter().find_map(|judged| rules.name(judged.rule?)).map(str::to_owned)
                };
                match memory {
                    Memory::Stateless { answers, .. } if !unanswered.is_empty() => {
                        Lack::Answer(named(&unanswered, answers))
                    }
                    _ => named(&stopped, rules).map_or(Lack::Rule, Lack::DeniedBy),
                }
            }
            // What a rewriting is not about cannot be made its matter; the way by which it is has an aim of its own.
            Kind::Filter { .. } | Kind::Host(_) | Kind::Translator { .. } | Kind::Link { .. } => {
                return Ok(None);
            }
        };
        Ok(Some(Change { node, lacks, next, packets: first.cube }))
    }

    fn step(&self, node: NodeId, traveller: Traveller) -> Step<'_> {
        let Question { network, limits, .. } = self.question;
        Step { network, node, traveller, pieces_max: limits.pieces_per_node_max, among: None }
    }

    fn received(&self, node: NodeId, traveller: Traveller) -> Vec<Traveller> {
        let Some(host) = self.question.network.host(node) else { return vec![traveller] };
        let cube = traveller.cube;
        let own = host.placement.addresses().of(cube.family).filter(|_| node == self.to);
        own.filter_map(|span| {
            let destination = cube.destination.intersect(span)?;
            Some(Traveller { cube: Cube { destination, ..cube }, ..traveller })
        })
        .collect()
    }

    fn push(&mut self, way: Way) {
        self.made += 1;
        self.open.push(Reverse(Way { made: self.made, ..way }));
    }
}

/// What packets may be addressed to that are to come to a node: its own addresses, or all where it is no host, and the
/// fronts of the rewritings before it that change the destination.
pub(crate) fn aims(network: &Network, to: NodeId, among: &BTreeSet<NodeId>) -> Vec<Addresses> {
    let own = network.host(to).map_or_else(Addresses::all, |host| host.placement.addresses().clone());
    let mut aims = vec![own];
    for node in among {
        let Some(Inside { kind: Kind::Translator { rewrites, .. }, .. }) = network.inside(*node) else {
            continue;
        };
        let [v4, v6] = [Family::V4, Family::V6].map(Cube::all);
        let slots = [v4, v6].into_iter().flat_map(|all| rewrites.boxes.overlapping(&all));
        let mut fronts: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for (cube, entry) in slots.filter_map(|slot| rewrites.boxes.at(slot)) {
            fronts.entry(entry.rule).or_default().push((cube.family, cube.destination));
        }
        for (rule, spans) in fronts {
            let onto = rewrites.rules.get(rule).map(|(_, onto)| onto);
            let is_new = |onto: &Onto| onto.targets.iter().any(|target| target.addresses.is_some());
            if onto.is_some_and(is_new) {
                aims.push(Addresses::from_spans(spans));
            }
        }
    }
    aims.sort();
    aims.dedup();
    aims
}
