//! What the server is told at its start: addresses, certificates, transport, rates, bounds.

use crate::client_certificates::ClientCertificates;
use crate::server_certificate::ServerCertificate;
use base::limits;
use identity::session::Quotas;
use ipnet::IpNet;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Everything the server needs beside the facilities.
pub struct Configuration {
    /// Where to listen; port 0 takes a free one, `[::]` takes IPv6 and IPv4.
    pub listen: SocketAddr,
    /// The server's certificate; a clone of the handle exchanges it while the server runs.
    pub certificate: ServerCertificate,
    /// Who judges the certificates of clients; where nobody does, none are asked for.
    pub client_certificates: Option<Arc<dyn ClientCertificates>>,
    /// What is spoken below HTTP.
    pub transport: Transport,
    /// How many requests facilities, accounts and addresses may make.
    pub quotas: Quotas,
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
            .field("client_certificates", &self.client_certificates)
            .field("transport", &self.transport)
            .field("quotas", &self.quotas)
            .field("base_url", &self.base_url)
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}

/// What is spoken below HTTP. By default TLS 1.3 and nothing before it.
#[derive(Clone, Debug, Default)]
pub struct Transport {
    /// Versions of TLS.
    pub tls_versions: TlsVersions,
    /// Load balancers before us: connections from there must begin with a PROXY header of version 2, and the address
    /// in it is the client's. From everywhere else no such header is taken.
    pub proxy_protocol_from: Vec<IpNet>,
}

/// Which versions of TLS are spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsVersions {
    /// TLS 1.3 alone.
    #[default]
    Tls13,
    /// TLS 1.2 too (suites with ECDHE and an AEAD), for devices that speak nothing newer.
    Tls12And13,
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
    /// Time after which a client's certificate is judged again while its connection lives.
    pub certificate: Duration,
    /// Time between two pieces of news at least.
    pub news: Duration,
    /// Time in which a body need not arrive, and an answer need not be taken, at the least rate.
    pub grace: Duration,
    /// Least rate after that, in bytes per second.
    pub body_bytes_per_second_min: u64,
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
    /// Most open connections of one client (an IPv4 address, or a /64 network of IPv6); further ones are closed at once.
    pub connections_per_address_max: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(limits::HANDSHAKE_SECONDS_MAX),
            header: Duration::from_secs(limits::HEADER_SECONDS_MAX),
            idle: Duration::from_secs(limits::HEADER_SECONDS_MAX),
            request: Duration::from_secs(limits::REQUEST_SECONDS_MAX),
            closing: Duration::from_secs(CLOSING_SECONDS_MAX),
            certificate: Duration::from_secs(CERTIFICATE_SECONDS_MAX),
            news: Duration::from_secs(limits::NEWS_SECONDS_MIN),
            grace: Duration::from_secs(limits::BODY_PAUSE_SECONDS_MAX),
            body_bytes_per_second_min: limits::BODY_BYTES_PER_SECOND_MIN,
            body_bytes_max: limits::BODY_BYTES_MAX,
            header_bytes_max: limits::HEADER_BYTES_MAX,
            header_fields_max: limits::HEADER_FIELDS_MAX,
            target_bytes_max: limits::TARGET_BYTES_MAX,
            connections_max: limits::CONNECTIONS_MAX,
            connections_per_address_max: limits::CONNECTIONS_PER_ADDRESS_MAX,
        }
    }
}

/// Time that running requests have left when the server stops, in seconds.
const CLOSING_SECONDS_MAX: u64 = 10;
/// Time for which the judgement of a client's certificate holds, in seconds.
const CERTIFICATE_SECONDS_MAX: u64 = 30;
