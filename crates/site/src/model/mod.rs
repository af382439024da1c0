//! The model of a site: its description and its plans drawn into one network, and what each node of it stands for.
//!
//! The clouds are drawn first ([`aws`]), each as far as its plans tell, with handoffs where packets leave it for a line. Then
//! the description is drawn ([`premises`]) and joined to the handoffs that it names. What lies behind the others, nobody
//! described: packets may come from there with any source.

pub mod aws;
mod coverage;
pub mod premises;
mod roads;
mod sketch;
mod thing;

pub use coverage::{Coverage, Treatment};
pub use roads::{Road, Roads, WAYS_MAX, Way};
pub use sketch::{Handoff, Learner, Sketch};
pub use thing::Thing;

use crate::description::Site;
use crate::network::{Network, NodeId};
use crate::plan::Plan;
use base::Problem;
use std::collections::BTreeMap;

/// A site as a network that can be asked.
#[derive(Debug)]
pub struct Model {
    /// The network.
    pub network: Network,
    /// What became of the resources of the plans.
    pub coverage: Coverage,
    things: BTreeMap<NodeId, Thing>,
    names: BTreeMap<String, NodeId>,
}

impl Model {
    /// Draws a description (of one phase, see [`Site::at`]) and the resources of plans into one network.
    ///
    /// # Errors
    ///
    /// SI-0010 and SI-0011 where parts do not fit together.
    pub fn draw(site: Option<&Site>, plans: &[Plan]) -> Result<Self, Problem> {
        let mut sketch = Sketch::new();
        // It is asked about also where nothing leads to it.
        sketch.internet();
        aws::draw(&mut sketch, plans);
        if let Some(site) = site {
            premises::draw(&mut sketch, site, plans);
        }
        sketch.finish()
    }

    /// The node that somebody calls so: an id of the description, the address of a resource, `internet`.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.names.get(name).copied().or_else(|| self.network.find(name))
    }

    /// What a node stands for; none for a node that only helps, such as a rule list before a host.
    pub fn thing(&self, node: NodeId) -> Option<&Thing> {
        self.things.get(&node)
    }

    /// All nodes that stand for something, in order.
    pub fn things(&self) -> impl Iterator<Item = (NodeId, &Thing)> {
        self.things.iter().map(|(node, thing)| (*node, thing))
    }
}
