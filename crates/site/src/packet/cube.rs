//! One box of packets: a span in each field.

use super::addresses::{number, span_of, span_text};
use super::span::{Span, Whole};
use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;

/// The number of TCP (IANA, *Assigned Internet Protocol Numbers*).
pub const TCP: u8 = 6;
/// The number of UDP.
pub const UDP: u8 = 17;
/// The number of ICMP of IPv4.
pub const ICMP: u8 = 1;
/// The number of ICMP of IPv6.
pub const ICMP6: u8 = 58;

/// The family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4; its addresses are the numbers up to 2^32 - 1.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// All its addresses.
    pub fn addresses(self) -> Span<u128> {
        match self {
            Self::V4 => Span::between(0, u128::from(u32::MAX)),
            Self::V6 => Span::all(),
        }
    }
}

/// One packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Packet {
    /// The family of both addresses.
    pub family: Family,
    /// Where it comes from.
    pub source: u128,
    /// Where it goes.
    pub destination: u128,
    /// Its protocol, as IANA numbers them.
    pub protocol: u8,
    /// The port it comes from. For protocols without ports it has no meaning, and no rule looks at it.
    pub source_port: u16,
    /// The port it goes to.
    pub destination_port: u16,
}

/// A box of packets: those whose fields all lie in its spans. It is never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cube {
    /// The family of both addresses.
    pub family: Family,
    /// Sources.
    pub source: Span<u128>,
    /// Destinations.
    pub destination: Span<u128>,
    /// Protocols.
    pub protocol: Span<u8>,
    /// Ports they come from.
    pub source_port: Span<u16>,
    /// Ports they go to.
    pub destination_port: Span<u16>,
}

impl Cube {
    /// All packets of a family.
    pub fn all(family: Family) -> Self {
        Self {
            family,
            source: family.addresses(),
            destination: family.addresses(),
            protocol: Span::all(),
            source_port: Span::all(),
            destination_port: Span::all(),
        }
    }

    /// All packets that go to an address.
    pub fn to(address: IpAddr) -> Self {
        let (family, number) = number(address);
        Self { destination: Span::one(number), ..Self::all(family) }
    }

    /// All packets that go to a prefix.
    pub fn to_net(net: IpNet) -> Self {
        let (family, span) = span_of(net);
        Self { destination: span, ..Self::all(family) }
    }

    /// All packets that come from a prefix.
    pub fn from_net(net: IpNet) -> Self {
        Self::to_net(net).answer()
    }

    /// Of these packets, those of TCP to the port.
    #[must_use]
    pub fn tcp(self, port: u16) -> Self {
        Self { protocol: Span::one(TCP), destination_port: Span::one(port), ..self }
    }

    /// Whether the packet is in it.
    pub fn contains(&self, packet: &Packet) -> bool {
        self.family == packet.family
            && self.source.contains(packet.source)
            && self.destination.contains(packet.destination)
            && self.protocol.contains(packet.protocol)
            && self.source_port.contains(packet.source_port)
            && self.destination_port.contains(packet.destination_port)
    }

    /// Whether all of the other is in it.
    pub fn covers(&self, other: &Self) -> bool {
        self.family == other.family
            && self.source.covers(other.source)
            && self.destination.covers(other.destination)
            && self.protocol.covers(other.protocol)
            && self.source_port.covers(other.source_port)
            && self.destination_port.covers(other.destination_port)
    }

    /// What both have.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        if self.family != other.family {
            return None;
        }
        Some(Self {
            family: self.family,
            destination: self.destination.intersect(other.destination)?,
            source: self.source.intersect(other.source)?,
            protocol: self.protocol.intersect(other.protocol)?,
            destination_port: self.destination_port.intersect(other.destination_port)?,
            source_port: self.source_port.intersect(other.source_port)?,
        })
    }

    /// What it has and the other has not: at most ten boxes, none overlapping another.
    pub fn subtract(&self, other: &Self) -> Vec<Self> {
        let mut parts = Vec::new();
        self.subtract_into(other, &mut parts);
        parts
    }

    /// The same, added to a list.
    pub(super) fn subtract_into(&self, other: &Self, parts: &mut Vec<Self>) {
        if self.intersect(other).is_none() {
            parts.push(*self);
            return;
        }
        // The fields that vary most are cut first: what is left of the others then stays whole.
        let mut rest = *self;
        cut(&mut rest, parts, |cube| &mut cube.destination, other.destination);
        cut(&mut rest, parts, |cube| &mut cube.source, other.source);
        cut(&mut rest, parts, |cube| &mut cube.protocol, other.protocol);
        cut(&mut rest, parts, |cube| &mut cube.destination_port, other.destination_port);
        cut(&mut rest, parts, |cube| &mut cube.source_port, other.source_port);
    }

    /// The packets that answer these: both ends change places.
    #[must_use]
    pub fn answer(&self) -> Self {
        Self {
            source: self.destination,
            destination: self.source,
            source_port: self.destination_port,
            destination_port: self.source_port,
            ..*self
        }
    }
}

/// Moves what lies outside of `other` in one field to the parts, and leaves the rest inside.
fn cut<T: Whole>(
    rest: &mut Cube,
    parts: &mut Vec<Cube>,
    field: impl Fn(&mut Cube) -> &mut Span<T>,
    other: Span<T>,
) {
    let span = *field(rest);
    for outside in [span.below(other), span.above(other)].into_iter().flatten() {
        let mut part = *rest;
        *field(&mut part) = outside;
        parts.push(part);
    }
    if let Some(inside) = span.intersect(other) {
        *field(rest) = inside;
    }
}

/// `10.0.0.0/16 -> 10.1.2.3, TCP 443`; `*` stands for all. A source port is shown where not all are meant.
impl fmt::Display for Cube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&span_text(self.family, self.source))?;
        if self.source_port != Span::all() {
            write!(f, " ({})", ports(self.source_port))?;
        }
        write!(f, " -> {}, {}", span_text(self.family, self.destination), protocols(self.protocol))?;
        if self.destination_port != Span::all() {
            write!(f, " {}", ports(self.destination_port))?;
        }
        Ok(())
    }
}

fn ports(span: Span<u16>) -> String {
    if span.first() == span.last() {
        return span.first().to_string();
    }
    format!("{}-{}", span.first(), span.last())
}

fn protocols(span: Span<u8>) -> String {
    match (span.first(), span.last()) {
        (0, u8::MAX) => "*".to_owned(),
        (TCP, TCP) => "TCP".to_owned(),
        (UDP, UDP) => "UDP".to_owned(),
        (ICMP, ICMP) | (ICMP6, ICMP6) => "ICMP".to_owned(),
        (first, last) if first == last => format!("IP {first}"),
        (first, last) => format!("IP {first}-{last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_written_as_people_write_it() {
        let cube = Cube::to("10.1.2.3".parse().unwrap()).tcp(443);
        assert_eq!(cube.to_string(), "0.0.0.0/0 -> 10.1.2.3, TCP 443");
        assert_eq!(cube.answer().to_string(), "10.1.2.3 (443) -> 0.0.0.0/0, TCP");
        assert_eq!(Cube::to_net("fd00::/8".parse().unwrap()).to_string(), "::/0 -> fd00::/8, *");
    }

    #[test]
    fn the_parts_outside_and_the_part_inside_are_disjoint() {
        let whole = Cube::all(Family::V4);
        let hole = Cube::to_net("10.0.0.0/8".parse().unwrap()).tcp(443);
        let parts = whole.subtract(&hole);
        assert_eq!(parts.len(), 6);
        for (index, part) in parts.iter().enumerate() {
            assert!(part.intersect(&hole).is_none());
            assert!(parts.iter().skip(index + 1).all(|other| other.intersect(part).is_none()));
        }
    }

    #[test]
    fn families_never_meet() {
        assert!(Cube::all(Family::V4).intersect(&Cube::all(Family::V6)).is_none());
        assert!(!Cube::all(Family::V6).covers(&Cube::all(Family::V4)));
    }
}
