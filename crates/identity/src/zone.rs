//! Zones: the names that a facility gives to its networks, so that the law can speak of the ward and the office.

use ipnet::IpNet;
use std::net::IpAddr;

/// The zone of an address that lies in no named network.
pub const ELSEWHERE: &str = "elsewhere";
/// Most networks that are named.
const ZONES_MAX: usize = 100;
/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 40;

/// Named networks, in the order in which they are looked through.
#[derive(Debug, Default)]
pub(crate) struct Zones(Vec<(String, IpNet)>);

impl Zones {
    /// As the policy keeps them. What is not of the form names nothing: it was refused when it was set.
    pub(crate) fn new(texts: &[String]) -> Self {
        Self(texts.iter().filter_map(|text| named(text)).collect())
    }

    /// The name of the first network that an address lies in.
    pub(crate) fn of(&self, address: IpAddr) -> &str {
        // A socket for both families shows IPv4 addresses as IPv6 (RFC 4291, section 2.5.5.2).
        let address = address.to_canonical();
        let found = self.0.iter().find(|(_, net)| net.contains(&address));
        found.map_or(ELSEWHERE, |(name, _)| name)
    }

    /// Every name once, and that of all other addresses.
    pub(crate) fn names(&self) -> std::collections::BTreeSet<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).chain([ELSEWHERE]).collect()
    }
}

/// `ward=10.1.0.0/16,office=192.168.10.0/24`, each as the policy keeps it; none when the text is not of this form.
pub(crate) fn parse(text: &str) -> Option<Vec<String>> {
    let texts = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    let zones: Vec<String> = texts.map(normal).collect::<Option<_>>()?;
    (zones.len() <= ZONES_MAX).then_some(zones)
}

fn normal(text: &str) -> Option<String> {
    named(text).map(|(name, net)| format!("{name}={net}"))
}

fn named(text: &str) -> Option<(String, IpNet)> {
    let (name, net) = text.split_once('=')?;
    let (name, net) = (name.trim(), net.trim());
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let good = (1..=NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(allowed) && name != ELSEWHERE;
    let net = net.parse().ok().or_else(|| net.parse::<IpAddr>().ok().map(IpNet::from))?;
    good.then(|| (name.to_owned(), net))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(zones: &str, address: &str) -> String {
        Zones::new(&parse(zones).unwrap()).of(address.parse().unwrap()).to_owned()
    }

    #[test]
    fn the_first_network_that_an_address_lies_in_is_its_zone() {
        let zones = "icu=10.1.9.0/24, ward=10.1.0.0/16,ward=2001:db8::/32,desk=192.0.2.7";
        for (address, name) in [
            ("10.1.9.3", "icu"),
            ("10.1.8.3", "ward"),
            ("::ffff:10.1.8.3", "ward"),
            ("2001:db8::1", "ward"),
            ("192.0.2.7", "desk"),
            ("192.0.2.8", "elsewhere"),
            ("10.2.0.1", "elsewhere"),
        ] {
            assert_eq!(zone(zones, address), name, "{address}");
        }
        assert_eq!(zone("", "10.1.9.3"), "elsewhere");
    }

    #[test]
    fn what_is_no_named_network_is_refused() {
        let many = vec!["a=10.0.0.0/8"; 101].join(",");
        for bad in
            ["ward", "ward=", "=10.0.0.0/8", "Ward=10.0.0.0/8", "病棟=10.0.0.0/8", "elsewhere=10.0.0.0/8"]
        {
            assert!(parse(bad).is_none(), "{bad}");
        }
        assert!(parse("ward=10.0.0.0/33").is_none() && parse("ward=ten").is_none() && parse(&many).is_none());
        assert_eq!(parse(" ward = 10.0.0.1 ,").unwrap(), ["ward=10.0.0.1/32"]);
    }
}
