//! The network of a site, of whatever make: nodes that hold, send on, judge, rewrite or carry packets.
//!
//! Readers of plans and of the site file write a [`Draft`]; from it a [`Network`] is built that [`crate::reach`] walks. A
//! network knows no vendor: a security group, an access list and a firewall are filters, a subnet and a transit gateway are
//! routers, a load balancer and a private endpoint are translators.
//!
//! Every edge, rule and route may be a *maybe*, with the attribute that nobody knows. Address ranges of several hospitals may
//! overlap: packets are told apart by the node at which they are, so ranges that must not mix have routers of their own.

mod circles;
mod compile;
mod draft;
mod label;
mod node;
mod reason;
mod rule;
mod set;
mod table;
mod translator;

pub(crate) use compile::{Compiled, Entry};
pub use draft::Draft;
pub use label::{Carrier, Labels, Protection};
pub use node::{Edge, Host, Known, Node, NodeId, Placement, Title};
pub(crate) use node::{Inside, Kind, Memory};
pub use reason::{Doubt, Reason, ReasonId};
pub use rule::{Action, Group, GroupId, Match, Party, Rule, Service};
pub(crate) use set::NodeSet;
pub(crate) use table::{Lot, Table};
pub use table::{Next, Route};
pub(crate) use translator::Onto;
pub use translator::{NewSource, Rewrite, Target};

use crate::packet::Addresses;
use circles::Circles;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// A network that can be walked. It does not change any more.
#[derive(Debug)]
pub struct Network {
    pub(crate) nodes: Vec<Node>,
    pub(crate) inside: Vec<Inside>,
    pub(crate) groups: Vec<Group>,
    pub(crate) reasons: Vec<Reason>,
    /// Where packets may go next from each node, routes and rewritings included; sorted.
    pub(crate) next: Vec<Vec<NodeId>>,
    /// Routers from which packets may go nobody knows where.
    pub(crate) lost: Vec<NodeId>,
    ids: BTreeMap<String, NodeId>,
    /// Which nodes lead to each other; worked out when it is asked for.
    circles: OnceLock<Circles>,
}

impl Network {
    /// All nodes, in the order in which they were added.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// The node with this id.
    pub fn find(&self, id: &str) -> Option<NodeId> {
        self.ids.get(id).copied()
    }

    /// What a node is called and where it stands. Nothing for a node of another network.
    pub fn node(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(node.at())
    }

    /// The host that a node is, if it is one.
    pub fn host(&self, node: NodeId) -> Option<&Host> {
        match self.inside(node)?.kind {
            Kind::Host(ref host) => Some(host),
            Kind::Router { .. } | Kind::Filter { .. } | Kind::Translator { .. } | Kind::Link { .. } => None,
        }
    }

    /// All hosts.
    pub fn hosts(&self) -> impl Iterator<Item = (NodeId, &Host)> {
        self.nodes().filter_map(|node| Some((node, self.host(node)?)))
    }

    /// Why something is not known.
    pub fn reason(&self, reason: ReasonId) -> Option<&Reason> {
        self.reasons.get(reason.at())
    }

    /// Where packets may go from a node, whatever they are.
    pub fn next(&self, node: NodeId) -> &[NodeId] {
        self.next.get(node.at()).map_or(&[], Vec::as_slice)
    }

    /// The nodes from which a packet could come to this one if no filter stopped it and every route led everywhere; itself
    /// included. A route that leads nobody knows where may lead here.
    pub fn before(&self, node: NodeId) -> BTreeSet<NodeId> {
        self.before_all([node])
    }

    /// The same for any of several nodes.
    pub(crate) fn before_all(&self, nodes: impl IntoIterator<Item = NodeId>) -> BTreeSet<NodeId> {
        let mut before: Vec<Vec<NodeId>> = vec![Vec::new(); self.nodes.len()];
        for from in self.nodes() {
            for to in self.next(from) {
                if let Some(list) = before.get_mut(to.at()) {
                    list.push(from);
                }
            }
        }
        let mut open: Vec<NodeId> = self.lost.iter().copied().chain(nodes).collect();
        let mut seen: BTreeSet<NodeId> = open.iter().copied().collect();
        while let Some(node) = open.pop() {
            let from = before.get(node.at()).map_or(&[][..], Vec::as_slice);
            open.extend(from.iter().copied().filter(|from| seen.insert(*from)));
        }
        seen
    }

    /// Whether packets could come from each of two nodes to the other, if no filter stopped them; `false` also where only one
    /// leads to the other.
    pub(crate) fn lead_to_each_other(&self, one: NodeId, other: NodeId) -> bool {
        self.circles.get_or_init(|| Circles::of(&self.next)).joins(one, other)
    }

    /// The sources of packets that begin at a node: a host's addresses, a router's own; nothing else begins packets.
    pub fn sources(&self, node: NodeId) -> Addresses {
        match self.inside(node).map(|inside| &inside.kind) {
            Some(Kind::Host(host)) => host.placement.addresses().clone(),
            Some(Kind::Router { own, .. }) => own.clone(),
            Some(Kind::Filter { .. } | Kind::Translator { .. } | Kind::Link { .. }) | None => {
                Addresses::none()
            }
        }
    }

    /// The sets in each of which one address lies by which a node sends, and why nobody knows which; nothing where its
    /// addresses are known.
    pub(crate) fn unsure(&self, node: NodeId) -> Option<(&[Addresses], ReasonId)> {
        match &self.inside(node)?.kind {
            Kind::Host(host) => host.placement.unsure(),
            Kind::Translator { unsure, .. } => {
                unsure.as_ref().map(|(span, reason)| (std::slice::from_ref(span), *reason))
            }
            Kind::Router { .. } | Kind::Filter { .. } | Kind::Link { .. } => None,
        }
    }

    pub(crate) fn inside(&self, node: NodeId) -> Option<&Inside> {
        self.inside.get(node.at())
    }

    pub(crate) fn is_member(&self, node: NodeId, group: GroupId) -> bool {
        self.groups.get(group.at()).is_some_and(|group| group.nodes.contains(&node))
    }
}
