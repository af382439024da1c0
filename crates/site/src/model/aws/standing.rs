//! Where something stands: its subnets, its security groups, and whether the internet can address it.

use super::cloud::{GroupNo, SubnetId};
use crate::network::{Known, ReasonId};
use std::net::IpAddr;

/// Security groups that hold together; one interface lets through what any of them does.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Set {
    /// The groups, sorted.
    pub(crate) groups: Vec<GroupNo>,
    /// Why nobody knows whether there are others.
    pub(crate) open: Option<ReasonId>,
    /// No group judges what comes and goes here, as at a network load balancer without groups.
    pub(crate) free: bool,
}

impl Set {
    /// No groups apply.
    pub(crate) fn free() -> Self {
        Self { free: true, ..Self::default() }
    }
}

/// Where something stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// Its subnets.
    pub(crate) subnets: Vec<SubnetId>,
    /// Why nobody knows whether it stands in these subnets.
    pub(crate) doubt: Option<ReasonId>,
    /// Its groups.
    pub(crate) set: Set,
    /// Whether it has a public address of IPv4.
    pub(crate) public: Known,
    /// Its public address where that is known.
    pub(crate) public_address: Option<IpAddr>,
    /// Its private addresses where they are known.
    pub(crate) addresses: Vec<IpAddr>,
    /// Whether it has an address of IPv6.
    pub(crate) v6: Known,
    /// Whether it has an address in each of its subnets, rather than in one of them.
    pub(crate) in_each: bool,
}

impl Standing {
    /// In these subnets with these groups, with no public address and no IPv6.
    pub(crate) fn new(subnets: Vec<SubnetId>, set: Set) -> Self {
        Self {
            subnets,
            doubt: None,
            set,
            public: Known::No,
            public_address: None,
            addresses: Vec::new(),
            v6: Known::No,
            in_each: false,
        }
    }

    /// Whether it has a public address.
    #[must_use]
    pub(crate) fn public(self, public: Known) -> Self {
        Self { public, ..self }
    }
}
