//! Address ranges of networks and subnets, known or vague.

use super::book::texts;
use crate::network::ReasonId;
use crate::packet::Addresses;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde_json::Value;

/// The range of a network or a subnet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Range {
    /// Prefixes that belong to it.
    pub(crate) nets: Vec<IpNet>,
    /// Prefixes within which an unknown one lies, and why it is unknown.
    pub(crate) vague: Vec<(IpNet, ReasonId)>,
}

impl Range {
    /// All addresses that belong to it or may.
    pub(crate) fn addresses(&self) -> Addresses {
        Addresses::from_nets(self.all())
    }

    /// All its prefixes.
    pub(crate) fn all(&self) -> impl Iterator<Item = IpNet> + '_ {
        self.nets.iter().copied().chain(self.vague.iter().map(|(net, _)| *net))
    }

    /// Of it, the prefixes of IPv4, or of IPv6.
    #[must_use]
    pub(crate) fn of(&self, is_v4: bool) -> Self {
        let same = |net: &IpNet| matches!(net, IpNet::V4(_)) == is_v4;
        Self {
            nets: self.nets.iter().copied().filter(same).collect(),
            vague: self.vague.iter().copied().filter(|(net, _)| same(net)).collect(),
        }
    }

    /// Whether it has no prefix.
    pub(crate) fn is_empty(&self) -> bool {
        self.nets.is_empty() && self.vague.is_empty()
    }
}

/// Every address of IPv4: where an unknown range of a network lies.
pub(crate) fn any_v4() -> IpNet {
    IpNet::V4(Ipv4Net::default())
}

/// Every address of IPv6.
pub(crate) fn any_v6() -> IpNet {
    IpNet::V6(Ipv6Net::default())
}

/// The global addresses of IPv6: where an unknown range that AWS gives lies.
pub(crate) fn global_v6() -> IpNet {
    "2000::/3".parse().unwrap_or_else(|_| any_v6())
}

/// The prefixes in a value: `10.0.0.0/16`, also in lists. A text that is no prefix is left out and counted.
pub(crate) fn nets(value: Option<&Value>) -> (Vec<IpNet>, usize) {
    let texts = value.map(texts).unwrap_or_default();
    let read: Vec<IpNet> = texts.iter().filter_map(|text| net(text)).collect();
    let missed = texts.iter().filter(|text| !text.is_empty()).count().saturating_sub(read.len());
    (read, missed)
}

/// A prefix, or a single address.
pub(crate) fn net(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>()
        .ok()
        .map(|net| net.trunc())
        .or_else(|| Some(IpNet::from(text.parse::<std::net::IpAddr>().ok()?)))
}
