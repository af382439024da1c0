//! What can reach what: exact, with the hops that prove it.
//!
//! Packets are followed from where they begin, as sets. At each node only what was not seen there before goes on, so circles
//! end; each piece remembers the one it came from, so every answer has its hops. That nothing was found means that there is
//! nothing in the model: pieces are never rounded down, and where they would become too many, or something leads nobody knows
//! where, the answer is undecided and names the place (`docs/decisions/038-reach-is-computed-with-boxes.md`).
//!
//! Packets that passed something undecided are followed after all others, so that what is certain is never hidden by what is
//! not.

mod alike;
mod answer;
mod blocked;
mod origins;
mod paths;
mod run;
mod sift;
mod step;
mod walk;

pub(crate) use alike::Alike;
pub use answer::{Answer, Arrival, Gap, Hop, Reach, Reached, Why};
pub(crate) use blocked::aims;
pub use blocked::{Blocked, BlockedRoute, Change, Lack};
pub use origins::{Reachers, who_can_reach};
pub use paths::{Path, Paths};
pub(crate) use walk::Walk;

use crate::network::{Network, NodeId, NodeSet};
use crate::packet::PacketSet;

/// How much is worked out before the answer is undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most boxes of packets kept at one node, and most that one filter makes of one box.
    pub pieces_per_node_max: usize,
    /// Most boxes of packets followed in one run.
    pub pieces_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { pieces_per_node_max: 250_000, pieces_max: 4_000_000 }
    }
}

/// A question to a network.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub(crate) network: &'a Network,
    pub(crate) limits: Limits,
    /// Whether packets are told apart by the kinds of links they came over.
    pub(crate) labels: bool,
}

impl<'a> Question<'a> {
    /// Questions to this network within the usual limits.
    pub fn of(network: &'a Network) -> Self {
        Self { network, limits: Limits::default(), labels: true }
    }

    /// The same within other limits.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same for who does not ask over what links packets come: there are fewer of them to tell apart.
    #[must_use]
    pub(crate) fn without_labels(self) -> Self {
        Self { labels: false, ..self }
    }

    /// All that somebody at a node can reach, by packets from the node's own addresses.
    pub fn from(self, origin: NodeId) -> Reach<'a> {
        self.sending(origin, &PacketSet::from_sources(&self.network.sources(origin)))
    }

    /// All that these packets reach when they begin at a node.
    pub fn sending(self, origin: NodeId, packets: &PacketSet) -> Reach<'a> {
        run::run(self, origin, packets, None)
    }

    /// The same, where only the nodes named are of interest: no others are walked.
    pub(crate) fn among(self, origin: NodeId, packets: &PacketSet, nodes: &NodeSet) -> Reach<'a> {
        run::run(self, origin, packets, Some(nodes))
    }

    /// The paths from one node to another on which something gets through, the shortest first; none of them passes all nodes
    /// of another one and more.
    pub fn paths(self, from: NodeId, to: NodeId, paths_max: usize) -> Paths {
        paths::paths(self, from, to, paths_max)
    }

    /// What stands between two nodes: the ways on which nothing gets through, with what would have to change.
    pub fn blocked(self, from: NodeId, to: NodeId, routes_max: usize) -> Blocked {
        blocked::blocked(self, from, to, routes_max)
    }
}
