//! The model while it is drawn.

use super::Model;
use super::coverage::Coverage;
use super::thing::Thing;
use crate::network::{Draft, Host, Known, NodeId, Reason, Route, Title};
use crate::packet::Addresses;
use base::Problem;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::collections::BTreeMap;

/// What the internet is called.
pub(super) const INTERNET: &str = "internet";

/// A place where a cloud hands packets over to a line, a tunnel or another network, and takes them from there.
#[derive(Clone, Debug)]
pub struct Handoff {
    /// The number of its plan.
    pub plan: usize,
    /// The address of its resource: a VPN connection, a gateway, an endpoint service.
    pub address: String,
    /// The router that is given what leaves the cloud here; who joins it adds its routes. None where nothing leaves, as at
    /// an endpoint service.
    pub out: Option<NodeId>,
    /// The node to which is given what comes in here.
    pub into: NodeId,
    /// Whether something of the description is joined to it.
    pub joined: bool,
}

/// The model while it is drawn.
#[derive(Debug, Default)]
pub struct Sketch {
    /// The network.
    pub draft: Draft,
    /// What became of the resources.
    pub coverage: Coverage,
    /// Where clouds end.
    pub handoffs: Vec<Handoff>,
    things: BTreeMap<NodeId, Thing>,
    names: BTreeMap<String, NodeId>,
    internet: Option<NodeId>,
}

impl Sketch {
    /// Nothing drawn.
    pub fn new() -> Self {
        Self::default()
    }

    /// The internet: one for the whole site.
    pub fn internet(&mut self) -> NodeId {
        if let Some(internet) = self.internet {
            return internet;
        }
        let title = Title::new(INTERNET).zone(INTERNET);
        let internet = self.draft.internet(title);
        self.internet = Some(internet);
        self.stands_for(internet, Thing::Internet);
        internet
    }

    /// Says what a node stands for.
    pub fn stands_for(&mut self, node: NodeId, thing: Thing) {
        self.things.insert(node, thing);
    }

    /// What a node stands for.
    pub fn thing(&self, node: NodeId) -> Option<&Thing> {
        self.things.get(&node)
    }

    /// All nodes that stand for something, in order.
    pub fn things(&self) -> impl Iterator<Item = (NodeId, &Thing)> {
        self.things.iter().map(|(node, thing)| (*node, thing))
    }

    /// Another name by which a node can be found.
    pub fn call(&mut self, name: impl Into<String>, node: NodeId) {
        self.names.insert(name.into(), node);
    }

    /// The model, with what nobody described behind the handoffs that are not joined.
    ///
    /// # Errors
    ///
    /// SI-0010 and SI-0011 where parts do not fit together.
    pub fn finish(mut self) -> Result<Model, Problem> {
        for handoff in std::mem::take(&mut self.handoffs) {
            if !handoff.joined {
                self.leave_open(&handoff);
            }
        }
        let Self { draft, coverage, things, names, .. } = self;
        Ok(Model { network: draft.build()?, coverage, things, names })
    }

    /// Behind this handoff lies what nobody described: anything may come from there, and goes there as to any place.
    fn leave_open(&mut self, handoff: &Handoff) {
        let Handoff { plan, address, .. } = handoff;
        let name = Thing::name_of(*plan, address);
        let title = Title::new(format!("{name} (beyond)")).named(name.clone()).at(name.clone());
        let relays = Known::Undecided(self.draft.reason(Reason::attribute(name, "what lies beyond it")));
        let beyond = self.draft.host(title, Host::at(Addresses::all()).relaying(relays));
        self.draft.connect(beyond, handoff.into);
        self.stands_for(beyond, Thing::Undescribed { plan: *plan, address: address.clone() });
        for prefix in [IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())] {
            if let Some(out) = handoff.out {
                self.draft.route(out, Route::to(prefix, beyond));
            }
        }
    }
}
