//! Values of one line: days, ranges of addresses, ports, and who may stand in a filter.

use super::fault::both;
use ipnet::IpNet;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

/// A value that is written as one word.
macro_rules! scalar {
    ($name:ident, $parse:expr, $schema:tt) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let written = String::deserialize(deserializer)?;
                let parse: fn(&str) -> Result<Self, String> = $parse;
                parse(&written).map_err(D::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }

            fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

/// A day in Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Day {
    /// The first day there is.
    pub const FIRST: Self = Self(Date::MIN);

    /// A day written as `2026-10-14`.
    pub fn parse(written: &str) -> Option<Self> {
        parse_day(written).ok()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

scalar!(Day, parse_day, {
    "type": "string",
    "format": "date",
    "description": "A day: 2026-10-14. / 日付。"
});

fn parse_day(written: &str) -> Result<Day, String> {
    // The reader takes times of day as well; here they would be lost silently.
    let is_day = written.len() == 10;
    written.parse().ok().filter(|_| is_day).map(Day).ok_or_else(|| {
        both(
            format_args!("`{written}` is no day. Write it as 2026-10-14"),
            format_args!("`{written}` は日付ではありません。2026-10-14 のように書いてください"),
        )
    })
}

/// A range of addresses, IPv4 or IPv6. An address alone is a range of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range(pub IpNet);

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

scalar!(Range, parse_range, {
    "type": "string",
    "description": "A range of addresses, IPv4 or IPv6: 10.1.0.0/16, fd00:1::/48, or one address. / IPv4 または IPv6 のアドレス範囲。"
});

fn parse_range(written: &str) -> Result<Range, String> {
    let Some(range) = range_of(written) else {
        return Err(both(
            format_args!("`{written}` is no range of addresses. Write it as 10.1.0.0/16 or fd00:1::/48"),
            format_args!(
                "`{written}` はアドレス範囲ではありません。10.1.0.0/16 や fd00:1::/48 のように書いてください"
            ),
        ));
    };
    if range != range.trunc() {
        let meant = range.trunc();
        return Err(both(
            format_args!("`{written}` has bits beyond its prefix. Write {meant}, or the address alone"),
            format_args!(
                "`{written}` はプレフィックスより後のビットが 0 ではありません。{meant} と書くか、アドレスだけを書いてください"
            ),
        ));
    }
    Ok(Range(range))
}

fn range_of(written: &str) -> Option<IpNet> {
    written.parse().ok().or_else(|| written.parse::<IpAddr>().ok().map(IpNet::from))
}

/// One address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(pub IpAddr);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

scalar!(Address, parse_address, {
    "type": "string",
    "description": "An address, IPv4 or IPv6: 10.1.1.10. / IPv4 または IPv6 のアドレス。"
});

fn parse_address(written: &str) -> Result<Address, String> {
    written.parse().map(Address).map_err(|_error| {
        both(
            format_args!("`{written}` is no address. Write it as 10.1.1.10 or fd00:1::10"),
            format_args!(
                "`{written}` は IP アドレスではありません。10.1.1.10 や fd00:1::10 のように書いてください"
            ),
        )
    })
}

/// Ports from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ports {
    /// The first.
    pub first: u16,
    /// The last; not below the first.
    pub last: u16,
}

impl Ports {
    /// All of them.
    pub const ALL: Self = Self { first: 0, last: u16::MAX };
}

scalar!(Ports, parse_ports, {
    "anyOf": [
        { "type": "integer", "minimum": 0, "maximum": 65535 },
        { "type": "string", "pattern": "^(any|[0-9]{1,5}(-[0-9]{1,5})?)$" }
    ],
    "description": "A port (443), ports from and to (\"8000-8100\"), or any. / ポート番号、範囲、または any（すべて）。"
});

fn parse_ports(written: &str) -> Result<Ports, String> {
    if written == "any" {
        return Ok(Ports::ALL);
    }
    let (first, last) = written.split_once('-').unwrap_or((written, written));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok(Ports { first, last }),
        _ => Err(both(
            format_args!("`{written}` are no ports. Write 443, 8000-8100 or any"),
            format_args!("`{written}` はポートではありません。443、8000-8100、any のように書いてください"),
        )),
    }
}

/// One side of a rule of a filter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// Everybody.
    Any,
    /// A range of addresses.
    Range(Range),
    /// A zone, a node or a resource of a cloud, by its id.
    Named(String),
}

scalar!(Peer, parse_peer, {
    "type": "string",
    "description": "The id of a zone, a node or a cloud gateway; a range of addresses; or any. / ゾーン、機器、クラウド接続点の ID、アドレス範囲、または any（すべて）。"
});

fn parse_peer(written: &str) -> Result<Peer, String> {
    if written == "any" {
        return Ok(Peer::Any);
    }
    // No id has one of these, so a range with a slip of the pen is not taken for an id that there is not.
    if written.contains(['.', ':', '/']) {
        return parse_range(written).map(Peer::Range);
    }
    Ok(Peer::Named(written.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_with_bits_beyond_its_prefix_is_refused_with_what_is_meant() {
        assert!(parse_range("10.1.2.3/16").unwrap_err().contains("10.1.0.0/16"));
        assert_eq!(parse_range("10.1.2.3").unwrap().to_string(), "10.1.2.3/32");
        assert_eq!(parse_range("fd00:1::/48").unwrap().to_string(), "fd00:1::/48");
    }

    #[test]
    fn ports_are_one_several_or_any() {
        assert_eq!(parse_ports("443"), Ok(Ports { first: 443, last: 443 }));
        assert_eq!(parse_ports("80-90"), Ok(Ports { first: 80, last: 90 }));
        assert_eq!(parse_ports("any"), Ok(Ports::ALL));
        for wrong in ["90-80", "65536", "-1", "", "https"] {
            assert!(parse_ports(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_has_no_time() {
        assert!(parse_day("2026-02-28").is_ok());
        for wrong in ["2026-02-30", "2026-2-1", "2026-02-28T10:00", "2026/02/28"] {
            assert!(parse_day(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_peer_with_a_slip_in_its_range_is_no_id() {
        assert_eq!(parse_peer("medical"), Ok(Peer::Named("medical".to_owned())));
        assert!(parse_peer("10.1.0/16").is_err());
    }
}
