//! What the server is told at its start: addresses, certificate, callers, bounds.

use base::limits;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;
use store::Actor;

/// Who a bearer token belongs to.
pub trait Callers: Send + Sync + 'static {
    /// The owner of `token`; none when nobody owns it. Must take the same time for every wrong token.
    fn actor(&self, token: &str) -> Option<Actor>;
}

impl<F: Fn(&str) -> Option<Actor> + Send + Sync + 'static> Callers for F {
    fn actor(&self, token: &str) -> Option<Actor> {
        self(token)
    }
}

/// Everything the server needs beside the facilities.
pub struct Configuration {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The server's certificate, then the intermediate ones.
    pub certificate_chain: Vec<CertificateDer<'static>>,
    /// The key of the first certificate.
    pub private_key: PrivateKeyDer<'static>,
    /// Who the bearer tokens belong to.
    pub callers: Box<dyn Callers>,
    /// The address by which clients reach the server, `https://records.example.jp`; from each request's `Host` when
    /// absent.
    pub base_url: Option<String>,
    /// Deadlines and sizes.
    pub bounds: Bounds,
}

impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Configuration")
            .field("listen", &self.listen)
            .field("base_url", &self.base_url)
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}

/// Deadlines and sizes of the edge. The defaults are those of [`base::limits`]; tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Time for the TLS handshake.
    pub handshake: Duration,
    /// Time for the header section of a request.
    pub header: Duration,
    /// Time after which a connection without traffic is closed; it may live up to twice as long.
    pub idle: Duration,
    /// Time for one request, body included.
    pub request: Duration,
    /// Time that running requests have left when the server stops.
    pub closing: Duration,
    /// Longest request body, in bytes.
    pub body_bytes_max: usize,
    /// Longest header section, in bytes.
    pub header_bytes_max: usize,
    /// Most header fields.
    pub header_fields_max: usize,
    /// Longest request target, in bytes.
    pub target_bytes_max: usize,
    /// Most open connections; further ones wait unaccepted.
    pub connections_max: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(limits::HANDSHAKE_SECONDS_MAX),
            header: Duration::from_secs(limits::HEADER_SECONDS_MAX),
            idle: Duration::from_secs(limits::HEADER_SECONDS_MAX),
            request: Duration::from_secs(limits::REQUEST_SECONDS_MAX),
            closing: Duration::from_secs(CLOSING_SECONDS_MAX),
            body_bytes_max: limits::BODY_BYTES_MAX,
            header_bytes_max: limits::HEADER_BYTES_MAX,
            header_fields_max: limits::HEADER_FIELDS_MAX,
            target_bytes_max: limits::TARGET_BYTES_MAX,
            connections_max: limits::CONNECTIONS_MAX,
        }
    }
}

/// Time that running requests have left when the server stops, in seconds.
const CLOSING_SECONDS_MAX: u64 = 10;
