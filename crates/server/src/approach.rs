//! How a request comes: over which connection, and with which header fields.

use crate::peer::Peer;
use http::HeaderMap;
use http::request::Parts;
use identity::Approach;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// How a request comes, as the connection knows it.
pub(crate) fn approach<'a>(
    parts: &'a Parts,
    header: &'a (dyn Fn(&str) -> Vec<&'a str> + Send + Sync),
) -> Approach<'a> {
    const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    match parts.extensions.get::<Arc<Peer>>() {
        Some(peer) => {
            Approach { address: peer.address, socket: peer.socket.ip(), chain: &peer.certificates, header }
        }
        None => Approach { address: NOWHERE, socket: NOWHERE, chain: &[], header },
    }
}

/// The values of a header field. One that is no text counts as an empty one: it is there, and says nothing.
pub(crate) fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("")).collect()
}
