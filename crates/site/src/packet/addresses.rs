//! A set of addresses of both families, and how addresses are written.

use super::cube::Family;
use super::span::Span;
use ipnet::{IpNet, Ipv4Subnets, Ipv6Subnets};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses as spans, sorted, none touching another of its family.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Addresses(Vec<(Family, Span<u128>)>);

/// IPv4 that no host of the internet has: private, shared, local, documentation, multicast and reserved (RFC 6890).
const NOT_PUBLIC: [&str; 14] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

impl Addresses {
    /// No address.
    pub fn none() -> Self {
        Self::default()
    }

    /// Every address of both families.
    pub fn all() -> Self {
        Self::from_spans([Family::V4, Family::V6].map(|family| (family, family.addresses())))
    }

    /// What hosts of the internet have: IPv4 without the ranges of RFC 6890, IPv6 in `2000::/3`.
    pub fn public() -> Self {
        let reserved: Vec<IpNet> = NOT_PUBLIC.iter().filter_map(|text| text.parse().ok()).collect();
        let v4 = Self::from_spans([(Family::V4, Family::V4.addresses())]).without(&Self::from_nets(reserved));
        v4.with(&Self::from_nets("2000::/3".parse()))
    }

    /// The addresses of these prefixes.
    pub fn from_nets(nets: impl IntoIterator<Item = IpNet>) -> Self {
        Self::from_spans(nets.into_iter().map(span_of))
    }

    /// These addresses.
    pub fn from_hosts(hosts: impl IntoIterator<Item = IpAddr>) -> Self {
        Self::from_spans(hosts.into_iter().map(|host| {
            let (family, number) = number(host);
            (family, Span::one(number))
        }))
    }

    /// The union of these spans. What of a span lies beyond the family's addresses is left out.
    pub fn from_spans(spans: impl IntoIterator<Item = (Family, Span<u128>)>) -> Self {
        let inside =
            |(family, span): (Family, Span<u128>)| Some((family, span.intersect(family.addresses())?));
        let mut sorted: Vec<_> = spans.into_iter().filter_map(inside).collect();
        sorted.sort_unstable();
        let mut joined: Vec<(Family, Span<u128>)> = Vec::with_capacity(sorted.len());
        for (family, span) in sorted {
            match joined.last_mut() {
                Some((last_family, last))
                    if *last_family == family && span.first() <= last.last().saturating_add(1) =>
                {
                    *last = Span::between(last.first(), last.last().max(span.last()));
                }
                _ => joined.push((family, span)),
            }
        }
        Self(joined)
    }

    /// Its spans, sorted.
    pub fn spans(&self) -> &[(Family, Span<u128>)] {
        &self.0
    }

    /// Its spans of one family.
    pub fn of(&self, family: Family) -> impl Iterator<Item = Span<u128>> + '_ {
        self.0.iter().filter(move |(found, _)| *found == family).map(|(_, span)| *span)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What either has.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self::from_spans(self.0.iter().chain(&other.0).copied())
    }

    /// What it has and the other has not.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for &(family, span) in &self.0 {
            let mut rest = Some(span);
            for cut in other.near(family, span) {
                let Some(now) = rest else { break };
                left.extend(now.below(cut).map(|below| (family, below)));
                rest = now.above(cut);
            }
            left.extend(rest.map(|rest| (family, rest)));
        }
        Self(left)
    }

    /// What both have.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let both = |&(family, span): &(Family, Span<u128>)| {
            let near = other.near(family, span);
            near.filter_map(move |found| Some((family, span.intersect(found)?))).collect::<Vec<_>>()
        };
        Self::from_spans(self.0.iter().flat_map(both))
    }

    /// Whether it has an address in common with the span.
    pub fn meets(&self, family: Family, span: Span<u128>) -> bool {
        self.near(family, span).next().is_some()
    }

    /// Its spans that have an address in common with this one. They are sorted, so they lie side by side.
    fn near(&self, family: Family, span: Span<u128>) -> impl Iterator<Item = Span<u128>> + '_ {
        let before = |(found, one): &(Family, Span<u128>)| (*found, one.last()) < (family, span.first());
        let from = self.0.get(self.0.partition_point(before)..).unwrap_or_default();
        let meets =
            move |(found, one): &&(Family, Span<u128>)| *found == family && one.first() <= span.last();
        from.iter().take_while(meets).map(|(_, one)| *one)
    }
}

impl From<IpNet> for Addresses {
    fn from(net: IpNet) -> Self {
        Self::from_nets([net])
    }
}

impl From<IpAddr> for Addresses {
    fn from(host: IpAddr) -> Self {
        Self::from_hosts([host])
    }
}

impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (family, span)) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            f.write_str(&span_text(*family, *span))?;
        }
        Ok(())
    }
}

/// The span of a prefix.
pub(super) fn span_of(net: IpNet) -> (Family, Span<u128>) {
    let ((family, first), (_, last)) = (number(net.network()), number(net.broadcast()));
    (family, Span::between(first, last))
}

/// An address as a number of its family.
pub(super) fn number(address: IpAddr) -> (Family, u128) {
    match address {
        IpAddr::V4(address) => (Family::V4, u128::from(address.to_bits())),
        IpAddr::V6(address) => (Family::V6, address.to_bits()),
    }
}

/// `10.0.0.0/16`, `10.0.0.7`, or `10.0.0.7-10.0.0.9` where it is no prefix.
pub(super) fn span_text(family: Family, span: Span<u128>) -> String {
    let (first, last) = (address(family, span.first()), address(family, span.last()));
    if first == last {
        return first.to_string();
    }
    let prefix = match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => only(Ipv4Subnets::new(first, last, 0).map(IpNet::from)),
        (IpAddr::V6(first), IpAddr::V6(last)) => only(Ipv6Subnets::new(first, last, 0).map(IpNet::from)),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => None,
    };
    prefix.map_or_else(|| format!("{first}-{last}"), |prefix| prefix.to_string())
}

fn only(mut nets: impl Iterator<Item = IpNet>) -> Option<IpNet> {
    let first = nets.next()?;
    nets.next().is_none().then_some(first)
}

/// The address that a number stands for. A number beyond IPv4 is shown as the last address; no set holds one.
fn address(family: Family, number: u128) -> IpAddr {
    match family {
        Family::V4 => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(number).unwrap_or(u32::MAX))),
        Family::V6 => IpAddr::V6(Ipv6Addr::from_bits(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nets(texts: &[&str]) -> Addresses {
        Addresses::from_nets(texts.iter().map(|text| text.parse().unwrap()))
    }

    #[test]
    fn halves_become_the_whole_and_are_written_as_a_prefix() {
        assert_eq!(nets(&["0.0.0.0/1", "128.0.0.0/1"]).to_string(), "0.0.0.0/0");
        assert_eq!(nets(&["10.0.0.8/30", "10.0.0.4/30", "::1/128"]).to_string(), "10.0.0.4-10.0.0.11, ::1");
        assert_eq!(nets(&["0.0.0.0/0", "::/0"]), Addresses::all());
    }

    #[test]
    fn what_is_public_has_no_private_address() {
        let public = Addresses::public();
        let private = nets(&["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"]);
        assert!(public.intersect(&private).is_empty());
        assert!(!public.intersect(&nets(&["8.8.8.8/32"])).is_empty());
        assert!(!public.intersect(&nets(&["2606:4700::/32"])).is_empty());
    }

    #[test]
    fn taking_away_and_adding_again_gives_the_same() {
        let (all, some) = (Addresses::all(), nets(&["10.0.0.0/8", "255.0.0.0/8", "ffff::/16", "::/128"]));
        let rest = all.without(&some);
        assert!(rest.intersect(&some).is_empty());
        assert_eq!(rest.with(&some), all);
    }
}
