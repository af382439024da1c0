//! Over what packets were carried, and how they were protected there.

/// What carries packets from one place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// A line of the facility's own premises.
    Lan,
    /// Radio on the premises.
    Wireless,
    /// A leased line.
    LeasedLine,
    /// A carrier's closed network (IP-VPN, wide-area Ethernet).
    IpVpn,
    /// A cloud provider's own network.
    Provider,
    /// A mobile network with a closed access of its own.
    Mobile,
    /// The internet.
    Internet,
    /// Nobody said.
    Unknown,
}

/// How packets are protected while a carrier has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protection {
    /// Not at all by the link.
    Clear,
    /// IPsec with IKE.
    Ipsec,
    /// Another tunnel that encrypts (TLS, WireGuard …).
    Tunnel,
    /// On the link itself: MACsec, WPA2 or WPA3.
    Link,
    /// Nobody said.
    Unknown,
}

impl Carrier {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Lan,
        Self::Wireless,
        Self::LeasedLine,
        Self::IpVpn,
        Self::Provider,
        Self::Mobile,
        Self::Internet,
        Self::Unknown,
    ];
}

impl Protection {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Clear, Self::Ipsec, Self::Tunnel, Self::Link, Self::Unknown];
}

/// The pairs of carrier and protection that packets went through. It only grows on the way.
///
/// Packets that came in the clear and packets that came protected are kept apart all the way, so a way in the clear is found
/// also where a protected one is shorter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Labels(u64);

impl Labels {
    /// Of packets that no link carried.
    pub fn none() -> Self {
        Self::default()
    }

    /// One more link.
    #[must_use]
    pub fn through(self, carrier: Carrier, protection: Protection) -> Self {
        Self(self.0 | bit(carrier, protection))
    }

    /// Whether some link was of this kind.
    pub fn has(self, carrier: Carrier, protection: Protection) -> bool {
        self.0 & bit(carrier, protection) != 0
    }

    /// The kinds of links, sorted.
    pub fn links(self) -> impl Iterator<Item = (Carrier, Protection)> {
        Carrier::ALL
            .into_iter()
            .flat_map(|carrier| Protection::ALL.map(|protection| (carrier, protection)))
            .filter(move |(carrier, protection)| self.has(*carrier, *protection))
    }
}

fn bit(carrier: Carrier, protection: Protection) -> u64 {
    1 << (carrier as u64 * 5 + protection as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_a_place_of_its_own() {
        let pairs: Vec<_> = Carrier::ALL
            .into_iter()
            .flat_map(|carrier| Protection::ALL.map(|protection| (carrier, protection)))
            .collect();
        for &(carrier, protection) in &pairs {
            let labels = Labels::none().through(carrier, protection);
            assert_eq!(labels.links().collect::<Vec<_>>(), [(carrier, protection)]);
        }
        let all = pairs
            .iter()
            .fold(Labels::none(), |labels, (carrier, protection)| labels.through(*carrier, *protection));
        assert_eq!(all.links().collect::<Vec<_>>(), pairs);
    }
}
