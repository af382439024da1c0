//! What rules say: whom they match, and what is then done.

use super::node::NodeId;
use super::reason::ReasonId;
use crate::packet::{Addresses, Span, TCP, UDP};
use std::collections::BTreeSet;

/// The number of a group within its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub(crate) u32);

impl GroupId {
    pub(crate) fn at(self) -> usize {
        self.0 as usize
    }
}

/// Nodes that rules name together: the members of a security group, of a tag, of a prefix list.
///
/// As a source, a group matches packets that one of its nodes sends or rewrites as its own, whatever their address: new
/// stacks know no addresses, but they know the members. As a destination it matches the addresses of its nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Its members.
    pub nodes: BTreeSet<NodeId>,
    /// Addresses that belong to it, whoever has them.
    pub addresses: Addresses,
    /// Why nobody knows whether there are other members; nothing where these are all.
    pub others: Option<ReasonId>,
}

/// One end of what a rule matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// Anybody.
    Any,
    /// Whoever has one of these addresses.
    Addresses(Addresses),
    /// The members of a group.
    Group(GroupId),
}

impl From<Addresses> for Party {
    fn from(addresses: Addresses) -> Self {
        Self::Addresses(addresses)
    }
}

impl From<ipnet::IpNet> for Party {
    fn from(net: ipnet::IpNet) -> Self {
        Self::Addresses(net.into())
    }
}

impl From<GroupId> for Party {
    fn from(group: GroupId) -> Self {
        Self::Group(group)
    }
}

/// Protocols and ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    /// Protocols, as IANA numbers them.
    pub protocol: Span<u8>,
    /// Ports they come from.
    pub source_port: Span<u16>,
    /// Ports they go to.
    pub port: Span<u16>,
}

impl Service {
    /// All protocols, all ports.
    pub fn all() -> Self {
        Self { protocol: Span::all(), source_port: Span::all(), port: Span::all() }
    }

    /// A protocol, all ports.
    pub fn protocol(protocol: u8) -> Self {
        Self { protocol: Span::one(protocol), ..Self::all() }
    }

    /// TCP to one port.
    pub fn tcp(port: u16) -> Self {
        Self { port: Span::one(port), ..Self::protocol(TCP) }
    }

    /// UDP to one port.
    pub fn udp(port: u16) -> Self {
        Self { port: Span::one(port), ..Self::protocol(UDP) }
    }

    /// The same to these ports.
    #[must_use]
    pub fn ports(self, port: Span<u16>) -> Self {
        Self { port, ..self }
    }
}

/// Which packets a rule is about: every combination of a source, a destination and a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Who sends.
    pub source: Party,
    /// To whom.
    pub destination: Party,
    /// By what; none matches nothing.
    pub services: Vec<Service>,
}

impl Match {
    /// All packets.
    pub fn all() -> Self {
        Self { source: Party::Any, destination: Party::Any, services: vec![Service::all()] }
    }

    /// Of these, those from a party.
    #[must_use]
    pub fn from(self, source: impl Into<Party>) -> Self {
        Self { source: source.into(), ..self }
    }

    /// Of these, those to a party.
    #[must_use]
    pub fn to(self, destination: impl Into<Party>) -> Self {
        Self { destination: destination.into(), ..self }
    }

    /// Of these, those of some services.
    #[must_use]
    pub fn by(self, services: impl IntoIterator<Item = Service>) -> Self {
        Self { services: services.into_iter().collect(), ..self }
    }
}

/// What a filter does with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It lets it through.
    Allow,
    /// It stops it.
    Deny,
}

/// A rule of a filter. The first that matches decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it is called, with its place: `aws_security_group.web ingress[0]`.
    pub name: String,
    /// Which packets it is about.
    pub matching: Match,
    /// What is done with them.
    pub action: Action,
    /// Why nobody knows whether it matches them; nothing where it does.
    pub maybe: Option<ReasonId>,
}

impl Rule {
    /// A rule that lets packets through.
    pub fn allow(name: impl Into<String>, matching: Match) -> Self {
        Self { name: name.into(), matching, action: Action::Allow, maybe: None }
    }

    /// A rule that stops packets.
    pub fn deny(name: impl Into<String>, matching: Match) -> Self {
        Self { name: name.into(), matching, action: Action::Deny, maybe: None }
    }

    /// The same, but nobody knows whether it matches.
    #[must_use]
    pub fn maybe(self, reason: ReasonId) -> Self {
        Self { maybe: Some(reason), ..self }
    }
}
