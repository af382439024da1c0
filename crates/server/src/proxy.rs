//! The header by which a proxy before us says whose connection it passes on: PROXY protocol, version 2
//! (HAProxy, "The PROXY protocol", section 2.2).
//!
//! ```text
//! 12 bytes signature | version 2, command | family, transport | length (2 bytes) | addresses, further data
//! ```

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use tokio::io::{AsyncRead, AsyncReadExt};

/// How every such header begins.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// Signature, version and command, family and transport, length.
const FIXED_BYTES: usize = 16;
/// Longest header, fixed part included, in bytes: what arrives in one segment on any network.
const HEADER_BYTES_MAX: usize = 536;
const LOCAL: u8 = 0x20;
const PROXY: u8 = 0x21;
const TCP_OVER_IPV4: u8 = 0x11;
const TCP_OVER_IPV6: u8 = 0x21;

/// Whose connection it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The proxy's own, a check of health.
    Proxy,
    /// That of a client at this address.
    Client(IpAddr),
}

/// Reads the header and not a byte more. None when it is not one, not one of ours, too long, or cut short.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Source> {
    let mut fixed = [0; FIXED_BYTES];
    stream.read_exact(&mut fixed).await.ok()?;
    let (family, length) = fixed_part(&fixed)?;
    let mut rest = vec![0; length];
    stream.read_exact(&mut rest).await.ok()?;
    match family {
        None => Some(Source::Proxy),
        Some(family) => source(family, &rest).map(Source::Client),
    }
}

/// The family (none for `LOCAL`, whose addresses are to be skipped) and how many bytes follow.
fn fixed_part(fixed: &[u8; FIXED_BYTES]) -> Option<(Option<u8>, usize)> {
    let (signature, rest) = fixed.split_first_chunk::<12>()?;
    let [command, family, high, low] = rest else {
        return None;
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if *signature != SIGNATURE || length.saturating_add(FIXED_BYTES) > HEADER_BYTES_MAX {
        return None;
    }
    match (*command, *family) {
        (LOCAL, _) => Some((None, length)),
        (PROXY, family @ (TCP_OVER_IPV4 | TCP_OVER_IPV6)) => Some((Some(family), length)),
        _ => None,
    }
}

/// The client's address. Behind it stand ours, both ports and further data, all skipped.
fn source(family: u8, rest: &[u8]) -> Option<IpAddr> {
    if family == TCP_OVER_IPV4 {
        let (addresses, _) = rest.split_first_chunk::<12>()?;
        let octets: &[u8; 4] = addresses.first_chunk()?;
        return Some(IpAddr::V4(Ipv4Addr::from(*octets)));
    }
    let (addresses, _) = rest.split_first_chunk::<36>()?;
    let octets: &[u8; 16] = addresses.first_chunk()?;
    Some(IpAddr::V6(Ipv6Addr::from(*octets)).to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, rest].concat()
    }

    const V4: [u8; 12] = [192, 0, 2, 7, 10, 0, 0, 1, 0x80, 0, 1, 0xBB];

    fn v6(source: Ipv6Addr) -> Vec<u8> {
        [&source.octets()[..], &[0; 16], &[0x80, 0, 1, 0xBB]].concat()
    }

    /// What is read, and how many bytes are left behind the header.
    async fn take(bytes: &[u8]) -> (Option<Source>, usize) {
        let mut rest = bytes;
        let source = read(&mut rest).await;
        (source, rest.len())
    }

    #[tokio::test]
    async fn the_address_is_read_and_nothing_behind_the_header() {
        let client = |text: &str| Some(Source::Client(text.parse().unwrap()));
        let with_more = [&V4[..], &[0x04, 0, 2, 9, 9]].concat();
        let real = v6("2001:db8::7".parse().unwrap());
        let mapped = v6("::ffff:192.0.2.7".parse().unwrap());
        let cases = [
            (header(PROXY, TCP_OVER_IPV4, &V4), client("192.0.2.7")),
            (header(PROXY, TCP_OVER_IPV4, &with_more), client("192.0.2.7")),
            (header(PROXY, TCP_OVER_IPV6, &real), client("2001:db8::7")),
            (header(PROXY, TCP_OVER_IPV6, &mapped), client("192.0.2.7")),
            (header(LOCAL, 0, &[]), Some(Source::Proxy)),
            (header(LOCAL, TCP_OVER_IPV4, &V4), Some(Source::Proxy)),
        ];
        for (bytes, expected) in cases {
            let followed = [&bytes[..], b"hello"].concat();
            assert_eq!(take(&followed).await, (expected, 5), "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn what_is_no_such_header_is_refused() {
        let mut other_signature = header(PROXY, TCP_OVER_IPV4, &V4);
        other_signature[11] = b'\r';
        let cases = [
            ("version 1", b"PROXY TCP4 192.0.2.7 10.0.0.1 32768 443\r\n".to_vec()),
            ("TLS at once", [&[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3][..], &[0; 32]].concat()),
            ("other signature", other_signature),
            ("version 3", header(0x31, TCP_OVER_IPV4, &V4)),
            ("unknown command", header(0x22, TCP_OVER_IPV4, &V4)),
            ("UDP over IPv4", header(PROXY, 0x12, &V4)),
            ("UDP over IPv6", header(PROXY, 0x22, &[0; 36])),
            ("UNIX", header(PROXY, 0x31, &[0; 216])),
            ("no family", header(PROXY, 0, &[])),
            ("addresses too short for IPv4", header(PROXY, TCP_OVER_IPV4, &V4[..11])),
            ("addresses too short for IPv6", header(PROXY, TCP_OVER_IPV6, &[0; 35])),
            ("too long", header(PROXY, TCP_OVER_IPV4, &[&V4[..], &[0; 509]].concat())),
            ("cut short", header(PROXY, TCP_OVER_IPV4, &V4)[..20].to_vec()),
            ("empty", Vec::new()),
        ];
        for (name, bytes) in cases {
            assert_eq!(take(&bytes).await.0, None, "{name}");
        }
        let longest = header(PROXY, TCP_OVER_IPV4, &[&V4[..], &[0; 508]].concat());
        assert!(take(&longest).await.0.is_some(), "exactly as long as can be");
    }
}
