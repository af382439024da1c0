//! Who counts as one sender: an IPv4 address, or the /64 of an IPv6 address.

use std::net::{IpAddr, Ipv4Addr};

/// An IPv4 address (also when written as IPv4-mapped IPv6, RFC 4291 section 2.5.5.2), or the first 64 bits of an IPv6
/// address: whoever has one address of such a network has all 2^64 of them (RFC 4291 section 2.5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Net {
    /// One address.
    V4(Ipv4Addr),
    /// The four 16-bit groups of the network.
    V6([u16; 4]),
}

impl From<IpAddr> for Net {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self::V6([a, b, c, d])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> Net {
        text.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn the_addresses_of_one_sender_are_one() {
        assert_eq!(net("2001:db8:0:1::1"), net("2001:db8:0:1:ffff:ffff:ffff:ffff"));
        assert_ne!(net("2001:db8:0:1::1"), net("2001:db8:0:2::1"));
        assert_eq!(net("::ffff:192.0.2.1"), net("192.0.2.1"));
        assert_ne!(net("192.0.2.1"), net("192.0.2.2"));
    }
}
