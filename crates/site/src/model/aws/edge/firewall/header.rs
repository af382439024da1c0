//! Addresses, ports and protocols as firewall rules write them: plain, in lists, negated, by variables.

use crate::network::{Match, Party, Service};
use crate::packet::{Addresses, ICMP, ICMP6, Span, TCP, UDP};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Lists and variables lie in each other at most so deep.
const DEPTH_MAX: usize = 8;
/// Ports of a rule at most.
const PORTS_MAX: usize = 1_000;

/// What variables stand for. Nothing where nobody knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    pub(super) addresses: BTreeMap<String, Option<Vec<String>>>,
    pub(super) ports: BTreeMap<String, Option<Vec<String>>>,
}

/// Something read, or what of it nobody knows.
pub(super) type Read<T> = Result<T, String>;

/// The head of a rule: protocol, both ends and direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header<'a> {
    pub(super) protocol: &'a str,
    pub(super) source: &'a str,
    pub(super) source_port: &'a str,
    pub(super) destination: &'a str,
    pub(super) port: &'a str,
    pub(super) both_ways: bool,
}

impl Header<'_> {
    /// What it matches, wider where something is not known, and what is not known.
    pub(super) fn matches(&self, variables: &Variables) -> (Vec<Match>, Option<String>) {
        let mut unknown = None;
        let mut note = |what: String| {
            unknown.get_or_insert(what);
        };
        let mut addresses = |text| {
            variables.addresses(text).unwrap_or_else(|what| {
                note(what);
                Addresses::all()
            })
        };
        let (source, destination) = (addresses(self.source), addresses(self.destination));
        let mut ports = |text| {
            variables.ports(text).unwrap_or_else(|what| {
                note(what);
                vec![Span::all()]
            })
        };
        let (source_ports, ports) = (ports(self.source_port), ports(self.port));
        let (protocols, spoken) = protocols(self.protocol);
        if let Some(spoken) = spoken {
            note(spoken);
        }
        let services = |from: &[Span<u16>], to: &[Span<u16>]| services(&protocols, from, to);
        let there = matching(&source, &destination, services(&source_ports, &ports));
        let back = matching(&destination, &source, services(&ports, &source_ports));
        let found = if self.both_ways { vec![there, back] } else { vec![there] };
        (found, unknown)
    }
}

fn matching(source: &Addresses, destination: &Addresses, services: Vec<Service>) -> Match {
    Match { source: party(source), destination: party(destination), services }
}

fn party(addresses: &Addresses) -> Party {
    if *addresses == Addresses::all() { Party::Any } else { addresses.clone().into() }
}

fn services(protocols: &[Span<u8>], from: &[Span<u16>], to: &[Span<u16>]) -> Vec<Service> {
    let mut services = Vec::new();
    for &protocol in protocols {
        for &source_port in from {
            services.extend(to.iter().map(|&port| Service { protocol, source_port, port }));
        }
    }
    services.truncate(PORTS_MAX);
    services
}

/// The numbers of a protocol, and the name where it is told by what is spoken rather than by number.
fn protocols(text: &str) -> (Vec<Span<u8>>, Option<String>) {
    let one = Span::one;
    match text.to_ascii_lowercase().as_str() {
        "ip" | "any" => (vec![Span::all()], None),
        "tcp" | "tcp-pkt" | "tcp-stream" => (vec![one(TCP)], None),
        "udp" => (vec![one(UDP)], None),
        "icmp" => (vec![one(ICMP), one(ICMP6)], None),
        "dns" | "krb5" | "nfs" | "sip" => {
            (vec![one(TCP), one(UDP)], Some(format!("{text} (by what is spoken)")))
        }
        "tftp" | "ntp" | "dhcp" | "ikev2" | "ike" | "snmp" | "quic" => {
            (vec![one(UDP)], Some(format!("{text} (by what is spoken)")))
        }
        _ => (vec![one(TCP)], Some(format!("{text} (by what is spoken)"))),
    }
}

impl Variables {
    /// The addresses that an end stands for.
    pub(super) fn addresses(&self, text: &str) -> Read<Addresses> {
        self.addresses_in(text.trim(), DEPTH_MAX)
    }

    fn addresses_in(&self, text: &str, depth: usize) -> Read<Addresses> {
        let deeper = depth.checked_sub(1).ok_or_else(|| text.to_owned())?;
        if let Some(inner) = text.strip_prefix('!') {
            return Ok(Addresses::all().without(&self.addresses_in(inner.trim(), deeper)?));
        }
        if let Some(list) = list(text) {
            return self.of_list(&list, deeper);
        }
        match text.strip_prefix('$') {
            Some(name) => match self.addresses.get(name) {
                Some(Some(parts)) => {
                    self.of_list(&parts.iter().map(String::as_str).collect::<Vec<_>>(), deeper)
                }
                _ if name == "EXTERNAL_NET" => {
                    Ok(Addresses::all().without(&self.addresses_in("$HOME_NET", deeper)?))
                }
                _ => Err(text.to_owned()),
            },
            None => plain(text).ok_or_else(|| text.to_owned()),
        }
    }

    /// A list: what it names without what it negates; all but that where it only negates.
    fn of_list(&self, parts: &[&str], deeper: usize) -> Read<Addresses> {
        let (mut with, mut without, mut only_negated) = (Addresses::none(), Addresses::none(), true);
        for part in parts.iter().map(|part| part.trim()) {
            if let Some(inner) = part.strip_prefix('!') {
                without = without.with(&self.addresses_in(inner.trim(), deeper)?);
            } else {
                with = with.with(&self.addresses_in(part, deeper)?);
                only_negated = false;
            }
        }
        let with = if only_negated { Addresses::all() } else { with };
        Ok(with.without(&without))
    }

    /// The ports that an end stands for.
    pub(super) fn ports(&self, text: &str) -> Read<Vec<Span<u16>>> {
        self.ports_in(text.trim(), DEPTH_MAX)
    }

    fn ports_in(&self, text: &str, depth: usize) -> Read<Vec<Span<u16>>> {
        let deeper = depth.checked_sub(1).ok_or_else(|| text.to_owned())?;
        if let Some(inner) = text.strip_prefix('!') {
            return Ok(all_but(&self.ports_in(inner.trim(), deeper)?));
        }
        if let Some(list) = list(text) {
            return self.ports_of_list(&list, deeper);
        }
        match text.strip_prefix('$') {
            Some(name) => match self.ports.get(name) {
                Some(Some(parts)) => {
                    self.ports_of_list(&parts.iter().map(String::as_str).collect::<Vec<_>>(), deeper)
                }
                _ => Err(text.to_owned()),
            },
            None => span(text).map(|span| vec![span]).ok_or_else(|| text.to_owned()),
        }
    }

    fn ports_of_list(&self, parts: &[&str], deeper: usize) -> Read<Vec<Span<u16>>> {
        let (mut with, mut without, mut only_negated) = (Vec::new(), Vec::new(), true);
        for part in parts.iter().map(|part| part.trim()) {
            if let Some(inner) = part.strip_prefix('!') {
                without.extend(self.ports_in(inner.trim(), deeper)?);
            } else {
                with.extend(self.ports_in(part, deeper)?);
                only_negated = false;
            }
        }
        let with = if only_negated { vec![Span::all()] } else { with };
        let rest = all_but(&without);
        Ok(with.iter().flat_map(|span| rest.iter().filter_map(|rest| span.intersect(*rest))).collect())
    }
}

/// The parts of a list in brackets, those of inner lists together.
fn list(text: &str) -> Option<Vec<&str>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let (mut depth, mut from, mut parts) = (0_usize, 0_usize, Vec::new());
    for (at, letter) in inner.char_indices() {
        match letter {
            '[' => depth = depth.saturating_add(1),
            ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(inner.get(from..at)?);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inner.get(from..)?);
    Some(parts)
}

fn plain(text: &str) -> Option<Addresses> {
    if text.eq_ignore_ascii_case("any") {
        return Some(Addresses::all());
    }
    let net = text.parse::<ipnet::IpNet>().ok().map(Addresses::from);
    net.or_else(|| text.parse::<IpAddr>().ok().map(Addresses::from))
}

/// `any`, `443`, `1024:65535`, `:1023`, `1024:`; AWS also writes `80-90`.
fn span(text: &str) -> Option<Span<u16>> {
    if text.eq_ignore_ascii_case("any") {
        return Some(Span::all());
    }
    let Some((first, last)) = text.split_once([':', '-']) else { return text.parse().ok().map(Span::one) };
    let end = |text: &str, open: u16| if text.is_empty() { Some(open) } else { text.trim().parse().ok() };
    Span::new(end(first, 0)?, end(last, u16::MAX)?)
}

fn all_but(spans: &[Span<u16>]) -> Vec<Span<u16>> {
    let mut rest = vec![Span::all()];
    for span in spans {
        let cut = |part: Span<u16>| {
            if part.meets(*span) { [part.below(*span), part.above(*span)] } else { [Some(part), None] }
        };
        rest = rest.into_iter().flat_map(cut).flatten().collect();
    }
    rest
}
