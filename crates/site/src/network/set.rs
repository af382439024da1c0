//! Sets of nodes of a network, asked at every step of a walk.

use super::node::NodeId;

/// A set of nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NodeSet(Vec<bool>);

impl NodeSet {
    /// Whether a node is in it.
    pub(crate) fn contains(&self, node: NodeId) -> bool {
        self.0.get(node.at()).copied().unwrap_or(false)
    }

    /// Adds a node.
    pub(crate) fn insert(&mut self, node: NodeId) {
        if self.0.len() <= node.at() {
            self.0.resize(node.at().saturating_add(1), false);
        }
        if let Some(is_in) = self.0.get_mut(node.at()) {
            *is_in = true;
        }
    }

    /// Takes a node out.
    pub(crate) fn remove(&mut self, node: NodeId) {
        if let Some(is_in) = self.0.get_mut(node.at()) {
            *is_in = false;
        }
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> Self {
        let mut set = Self::default();
        nodes.into_iter().for_each(|node| set.insert(node));
        set
    }
}
