//! Single packets, prefixes of IPv4, and what is known of a question.

use std::net::Ipv4Addr;

/// One packet of IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packet {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) protocol: u8,
    pub(crate) from_port: u16,
    pub(crate) to_port: u16,
}

pub(crate) const TCP: u8 = 6;

impl Packet {
    /// The answer to it.
    pub(crate) fn answer(self) -> Self {
        Self { from: self.to, to: self.from, from_port: self.to_port, to_port: self.from_port, ..self }
    }

    pub(crate) fn text(self) -> String {
        let Self { from, to, protocol, from_port, to_port } = self;
        format!(
            "{}:{from_port} -> {}:{to_port} protocol {protocol}",
            Ipv4Addr::from(from),
            Ipv4Addr::from(to)
        )
    }
}

/// A prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Net {
    pub(crate) base: u32,
    pub(crate) length: u32,
}

impl Net {
    /// Of `10.0.0.0/8` or `10.0.0.1`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/').unwrap_or((text, "32"));
        let (address, length) = (address.parse::<Ipv4Addr>().ok()?, length.parse::<u32>().ok()?);
        let mask = Self { base: 0, length }.mask();
        Some(Self { base: u32::from(address) & mask, length })
    }

    fn mask(self) -> u32 {
        if self.length == 0 { 0 } else { u32::MAX << (32 - self.length) }
    }

    pub(crate) fn has(self, address: u32) -> bool {
        address & self.mask() == self.base
    }

    /// One of its addresses: the one at this place, counted around.
    pub(crate) fn at(self, place: u32) -> u32 {
        self.base | (place & !self.mask())
    }
}

/// Whether an address is one of the internet (RFC 6890).
pub(crate) fn is_public(address: u32) -> bool {
    let [a, b, c, _] = address.to_be_bytes();
    let reserved = match a {
        0 | 10 | 127 | 224..=255 => true,
        100 => (64..128).contains(&b),
        169 => b == 254,
        172 => (16..32).contains(&b),
        192 => b == 168 || (b == 0 && (c == 0 || c == 2)),
        198 => b == 18 || b == 19 || (b == 51 && c == 100),
        203 => b == 0 && c == 113,
        _ => false,
    };
    !reserved
}

/// Whether something is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fact {
    No,
    /// The plan does not tell.
    Maybe,
    /// The interpreter does not follow here.
    Beyond,
    Yes,
}

use Fact::{Beyond, Maybe, No, Yes};

impl Fact {
    pub(crate) fn of(is: bool) -> Self {
        if is { Yes } else { No }
    }

    pub(crate) fn and(self, other: impl FnOnce() -> Self) -> Self {
        if self == No {
            return No;
        }
        match (self, other()) {
            (_, No) => No,
            (Beyond, _) | (_, Beyond) => Beyond,
            (Maybe, _) | (_, Maybe) => Maybe,
            (_, Yes) => Yes,
        }
    }

    pub(crate) fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self == Yes {
            return Yes;
        }
        match (self, other()) {
            (_, Yes) => Yes,
            (Beyond, _) | (_, Beyond) => Beyond,
            (Maybe, _) | (_, Maybe) => Maybe,
            (_, No) => No,
        }
    }

    pub(crate) fn any(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(No, |found, one| found.or(|| one))
    }

    /// What holds whichever of several cases is the true one.
    pub(crate) fn whichever(all: impl IntoIterator<Item = Self>) -> Self {
        let mut found: Option<Self> = None;
        for one in all {
            found = Some(match found {
                None => one,
                Some(known) if known == one => one,
                Some(known) if known == Beyond || one == Beyond => Beyond,
                Some(_) => Maybe,
            });
        }
        found.unwrap_or(Maybe)
    }
}
