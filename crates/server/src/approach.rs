//! How a request comes: over which connection, and with which header fields.

use crate::peer::Peer;
use http::HeaderMap;
use http::request::Parts;
use identity::Approach;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// The header field by which a page says that it asks by itself, and not its person. Whoever lies with it only shortens
/// their own session.
const UNATTENDED: &str = "akashi-unattended";

/// How a request comes, as the connection knows it.
pub(crate) fn approach<'a>(
    parts: &'a Parts,
    header: &'a (dyn Fn(&str) -> Vec<&'a str> + Send + Sync),
) -> Approach<'a> {
    const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let unattended = parts.headers.contains_key(UNATTENDED);
    match parts.extensions.get::<Arc<Peer>>() {
        Some(peer) => {
            let (address, socket) = (peer.address, peer.socket.ip());
            Approach { address, socket, chain: &peer.certificates, header, unattended }
        }
        None => Approach { address: NOWHERE, socket: NOWHERE, chain: &[], header, unattended },
    }
}

/// The values of a header field. One that is no text counts as an empty one: it is there, and says nothing.
pub(crate) fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("")).collect()
}
