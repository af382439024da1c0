//! The nodes of a network.

use super::compile::Compiled;
use super::label::{Carrier, Protection};
use super::reason::ReasonId;
use super::table::Table;
use super::translator::Onto;
use crate::packet::Addresses;

/// A node of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    pub(crate) fn at(self) -> usize {
        self.0 as usize
    }
}

/// What a node is called and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// Its id, once in a network: the address of a resource, or what the site file calls it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it is written: the address of a resource, or a line of the site file.
    pub place: String,
    /// The zone it lies in; empty where none was said.
    pub zone: String,
}

impl Title {
    /// A node that is called and placed as its id.
    pub fn new(id: impl Into<String>) -> Self {
        let id = id.into();
        Self { name: id.clone(), place: id.clone(), id, zone: String::new() }
    }

    /// What people call it.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// Where it is written.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Self {
        Self { place: place.into(), ..self }
    }

    /// The zone it lies in.
    #[must_use]
    pub fn zone(self, zone: impl Into<String>) -> Self {
        Self { zone: zone.into(), ..self }
    }
}

impl From<&str> for Title {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

/// A node, as others may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is called and where it stands.
    pub title: Title,
}

/// Yes, no, or nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// Nobody knows, and why.
    Undecided(ReasonId),
}

/// Which addresses a host has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// It has all of these.
    At(Addresses),
    /// It has one of these in each family, and nobody knows which: a host in a subnet of which only the range is known.
    Within(Addresses, ReasonId),
    /// It stands in several places and has one address of each of these sets, and nobody knows which: what is started in
    /// several subnets. What one of its addresses may do, it may.
    InEach {
        /// The sets, none of them empty.
        each: Vec<Addresses>,
        /// All of them together.
        all: Addresses,
        /// Why nobody knows which.
        reason: ReasonId,
    },
}

impl Placement {
    /// One address of each of these sets.
    pub fn in_each(each: impl IntoIterator<Item = Addresses>, reason: ReasonId) -> Self {
        let each: Vec<Addresses> = each.into_iter().filter(|set| !set.is_empty()).collect();
        let all = Addresses::from_spans(each.iter().flat_map(|set| set.spans().iter().copied()));
        Self::InEach { each, all, reason }
    }

    /// The sets of which one address is had each, and why nobody knows which; nothing where the addresses are known.
    pub(crate) fn unsure(&self) -> Option<(&[Addresses], ReasonId)> {
        match self {
            Self::At(_) => None,
            Self::Within(addresses, reason) => Some((std::slice::from_ref(addresses), *reason)),
            Self::InEach { each, reason, .. } => Some((each, *reason)),
        }
    }

    /// The addresses that it has or may have.
    pub fn addresses(&self) -> &Addresses {
        match self {
            Self::At(addresses) | Self::Within(addresses, _) | Self::InEach { all: addresses, .. } => {
                addresses
            }
        }
    }
}

/// Where packets begin and end: a machine, an interface, a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its addresses.
    pub placement: Placement,
    /// The classes of data that lie on it.
    pub holds: Vec<String>,
    /// Whether somebody who is on it can open connections of their own.
    pub relays: Known,
}

impl Host {
    /// A host that holds nothing and from which connections can be opened.
    pub fn new(placement: Placement) -> Self {
        Self { placement, holds: Vec::new(), relays: Known::Yes }
    }

    /// A host that has all these addresses.
    pub fn at(addresses: impl Into<Addresses>) -> Self {
        Self::new(Placement::At(addresses.into()))
    }

    /// A class of data lies on it.
    #[must_use]
    pub fn holding(mut self, class: impl Into<String>) -> Self {
        self.holds.push(class.into());
        self
    }

    /// Whether somebody who is on it can open connections of their own.
    #[must_use]
    pub fn relaying(self, relays: Known) -> Self {
        Self { relays, ..self }
    }
}

/// A way to a node, for sure or maybe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Where it leads.
    pub to: NodeId,
    /// Why nobody knows whether it is there; nothing where it is.
    pub maybe: Option<ReasonId>,
}

impl Edge {
    /// A way that is there.
    pub fn to(to: NodeId) -> Self {
        Self { to, maybe: None }
    }

    /// A way that may be there.
    pub fn maybe(to: NodeId, reason: ReasonId) -> Self {
        Self { to, maybe: Some(reason) }
    }
}

/// A node as it is walked.
#[derive(Debug)]
pub(crate) struct Inside {
    /// Where packets go on; for a router its routes say so.
    pub(crate) edges: Vec<Edge>,
    pub(crate) kind: Kind,
}

/// The kinds of nodes.
#[derive(Debug)]
pub(crate) enum Kind {
    Host(Host),
    Router {
        table: Table,
        /// The sources of packets that begin here.
        own: Addresses,
    },
    Filter {
        rules: Compiled<()>,
        otherwise: super::rule::Action,
        memory: Memory,
    },
    Translator {
        rewrites: Compiled<Onto>,
        /// Where the address lies by which it sends, if nobody knows which it is.
        unsure: Option<(Addresses, ReasonId)>,
    },
    Link {
        carrier: Carrier,
        protection: Protection,
    },
}

/// Whether a filter remembers what it let through.
#[derive(Debug)]
pub(crate) enum Memory {
    /// It lets the answers pass.
    Stateful,
    /// It judges the answers by this list.
    Stateless { answers: Compiled<()>, otherwise: super::rule::Action },
}
