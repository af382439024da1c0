//! Who is at the other end of a connection: what a request can know of it.

use crate::client_certificates::ClientCertificates;
use rustls_pki_types::CertificateDer;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// The version of TLS that was agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246), only where the configuration allows it.
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// What the connection knows. Each request carries it as an extension, `Arc<Peer>`.
#[derive(Clone)]
pub struct Peer {
    /// The client's address: that of the PROXY header where a proxy speaks for it. An IPv4 address is one, never one
    /// mapped into IPv6.
    pub address: IpAddr,
    /// The other end of the TCP connection: the client, or the proxy before us.
    pub socket: SocketAddr,
    /// The certificates that the client showed, its own first; empty when it showed none. They were good when the
    /// connection began, and are looked at again while it lives.
    pub certificates: Arc<[CertificateDer<'static>]>,
    /// The version of TLS.
    pub tls: TlsVersion,
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer")
            .field("address", &self.address)
            .field("socket", &self.socket)
            .field("certificates", &self.certificates.len())
            .field("tls", &self.tls)
            .finish()
    }
}

/// A peer, and who says whether its certificates are good.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The peer.
    pub(crate) peer: Arc<Peer>,
    /// None where no certificates are asked for.
    pub(crate) judge: Option<Arc<dyn ClientCertificates>>,
}

impl Standing {
    /// Whether the certificates are good at this moment; a peer without is always in good standing.
    pub(crate) fn good(&self) -> bool {
        let Some(judge) = self.judge.as_ref().filter(|_| !self.peer.certificates.is_empty()) else {
            return true;
        };
        match judge.judge(&self.peer.certificates) {
            Ok(()) => true,
            Err(fault) => {
                tracing::info!(%fault, "a client's certificate is not good any more");
                false
            }
        }
    }
}
