//! Who can reach a node: runs from all that could, those that begin alike looked at together first.

use super::answer::{Answer, Reached};
use super::blocked::aims;
use super::{Gap, Question};
use crate::network::{Edge, NodeId, NodeSet};
use crate::packet::{Addresses, PacketSet};
use std::collections::BTreeMap;

/// Who can reach a node.
#[derive(Clone, Debug)]
pub struct Reachers {
    /// Whom packets come from, and how; by node.
    pub reached: BTreeMap<NodeId, Reached>,
    /// Of whom it is not known.
    pub undecided: BTreeMap<NodeId, Vec<Gap>>,
    /// How many runs it took.
    pub runs: usize,
}

/// Of these nodes, those from which packets come to the target. Whoever is not named in the answer has no path.
pub fn who_can_reach(
    question: Question<'_>,
    target: NodeId,
    origins: impl IntoIterator<Item = NodeId>,
) -> Reachers {
    let search = Search::new(question, target);
    let mut found = Reachers { reached: BTreeMap::new(), undecided: BTreeMap::new(), runs: 0 };
    let origins = origins.into_iter().filter(|origin| *origin != target && search.among.contains(*origin));
    for (_, class) in classes(question, origins) {
        // A class together has the packets of all: where these find nothing, none of the members does.
        if class.len() > 1 && matches!(search.ask(&class, &mut found.runs), Answer::NoPath) {
            continue;
        }
        for origin in class {
            match search.ask(&[origin], &mut found.runs) {
                Answer::Reached(reached) => {
                    found.reached.insert(origin, *reached);
                }
                Answer::Undecided(gaps) => {
                    found.undecided.insert(origin, gaps);
                }
                Answer::NoPath => {}
            }
        }
    }
    found
}

struct Search<'a> {
    question: Question<'a>,
    target: NodeId,
    /// The nodes from which packets could come.
    among: NodeSet,
    /// What packets may be addressed to that are to come to the target.
    addressed: PacketSet,
}

impl<'a> Search<'a> {
    fn new(question: Question<'a>, target: NodeId) -> Self {
        let among = question.network.before(target);
        let aims = aims(question.network, target, &among).into_iter().reduce(|all, aim| all.with(&aim));
        // What is lost sight of may be rewritten by what is not modelled: then any address may lead to the target.
        let aims = aims.filter(|_| question.network.lost.is_empty()).unwrap_or_else(Addresses::all);
        Self {
            question,
            target,
            among: among.into_iter().collect(),
            addressed: PacketSet::to_destinations(&aims),
        }
    }

    fn ask(&self, origins: &[NodeId], runs: &mut usize) -> Answer {
        *runs += 1;
        let Some(first) = origins.first() else { return Answer::NoPath };
        let sources = origins.iter().map(|origin| self.question.network.sources(*origin));
        let sources = sources.reduce(|all, some| all.with(&some)).unwrap_or_default();
        let packets = PacketSet::from_sources(&sources).intersect(&self.addressed);
        self.question.among(*first, &packets, &self.among).to(self.target)
    }
}

/// What origins of a class have in common: the router they are, if they are one; by what ways they send; their groups.
type Class = (Option<NodeId>, Vec<Edge>, Vec<usize>);

/// Origins whose packets take the same first steps and count as sent by members of the same groups. They differ in their
/// addresses only.
fn classes(question: Question<'_>, origins: impl Iterator<Item = NodeId>) -> BTreeMap<Class, Vec<NodeId>> {
    let mut groups: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
    for (at, group) in question.network.groups.iter().enumerate() {
        for node in &group.nodes {
            groups.entry(*node).or_default().push(at);
        }
    }
    let mut classes: BTreeMap<_, Vec<NodeId>> = BTreeMap::new();
    for origin in origins {
        let Some(inside) = question.network.inside(origin) else { continue };
        // A router begins packets and sends others on as well: it is a class of its own.
        let alone = question.network.host(origin).is_none().then_some(origin);
        let member = groups.get(&origin).cloned().unwrap_or_default();
        classes.entry((alone, inside.edges.clone(), member)).or_default().push(origin);
    }
    classes
}
