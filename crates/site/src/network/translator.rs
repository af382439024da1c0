//! What rewrites packets: address translation, load balancers, private endpoints.

use super::node::{Edge, NodeId};
use super::reason::ReasonId;
use super::rule::Match;
use crate::packet::{Addresses, Span};

/// What a translator does with the packets it is about. The first that matches decides; packets that none matches go on by
/// the translator's own edges as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// What it is called, with its place.
    pub name: String,
    /// Which packets it is about.
    pub matching: Match,
    /// Why nobody knows whether it matches; nothing where it does.
    pub maybe: Option<ReasonId>,
    /// Set where the addresses matched are a range in which one unknown address lies (a load balancer in a new stack):
    /// packets of only a part of the range may miss it.
    pub front: Option<ReasonId>,
    /// What becomes of the source; nothing where it stays.
    pub source: Option<NewSource>,
    /// Where they go: to each of these. None takes them out of the network.
    pub targets: Vec<Target>,
}

impl Rewrite {
    /// A translation of the source: packets go on to `next` as if the translator had sent them.
    pub fn source(name: impl Into<String>, matching: Match, source: NewSource, next: Edge) -> Self {
        let targets = vec![Target { addresses: None, port: None, next }];
        Self { name: name.into(), matching, maybe: None, front: None, source: Some(source), targets }
    }

    /// A translation of the destination: packets go to each of the targets, with the source they had.
    pub fn destination(
        name: impl Into<String>,
        matching: Match,
        targets: impl IntoIterator<Item = Target>,
    ) -> Self {
        let targets = targets.into_iter().collect();
        Self { name: name.into(), matching, maybe: None, front: None, source: None, targets }
    }

    /// The same, with a new source as well: a load balancer that ends connections, a private endpoint.
    #[must_use]
    pub fn with_source(self, source: NewSource) -> Self {
        Self { source: Some(source), ..self }
    }

    /// The same, but nobody knows whether it matches.
    #[must_use]
    pub fn maybe(self, reason: ReasonId) -> Self {
        Self { maybe: Some(reason), ..self }
    }

    /// The same, where the addresses matched are a range in which the one address lies.
    #[must_use]
    pub fn somewhere(self, reason: ReasonId) -> Self {
        Self { front: Some(reason), ..self }
    }
}

/// The source that packets are given. They count as sent by the translator from then on, also for groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSource {
    /// Its addresses.
    pub addresses: Addresses,
    /// The ports it sends from.
    pub ports: Span<u16>,
    /// Why nobody knows which of the addresses it is; nothing where it may be any of them.
    pub unsure: Option<ReasonId>,
}

impl NewSource {
    /// Any of these addresses, from any port above the well-known ones.
    pub fn any_of(addresses: impl Into<Addresses>) -> Self {
        Self { addresses: addresses.into(), ports: Span::between(1024, u16::MAX), unsure: None }
    }

    /// One of these addresses, and nobody knows which.
    pub fn one_of(addresses: impl Into<Addresses>, reason: ReasonId) -> Self {
        Self { unsure: Some(reason), ..Self::any_of(addresses) }
    }
}

/// Where rewritten packets go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The new destination; nothing where it stays.
    pub addresses: Option<Addresses>,
    /// The new port; nothing where it stays.
    pub port: Option<u16>,
    /// By what way, so that ranges that overlap go each to their own network.
    pub next: Edge,
}

impl Target {
    /// To these addresses, port unchanged.
    pub fn to(addresses: impl Into<Addresses>, next: Edge) -> Self {
        Self { addresses: Some(addresses.into()), port: None, next }
    }

    /// The same at another port.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port: Some(port), ..self }
    }
}

/// A rewriting as it is walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Onto {
    pub(crate) front: Option<ReasonId>,
    pub(crate) source: Option<NewSource>,
    pub(crate) targets: Vec<Target>,
}

impl Onto {
    pub(crate) fn next(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.targets.iter().map(|target| target.next.to)
    }
}
