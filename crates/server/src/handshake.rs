//! From an accepted socket to a peer that may send requests: PROXY header, TLS, certificates.

use crate::client_certificates::ClientCertificates;
use crate::peer::{Peer, Standing, TlsVersion};
use crate::proxy::{self, Source};
use ipnet::IpNet;
use rustls::{ProtocolVersion, ServerConfig};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What a connection must pass before it may send requests.
pub(crate) struct Entrance {
    tls: TlsAcceptor,
    proxies: Vec<IpNet>,
    judge: Option<Arc<dyn ClientCertificates>>,
}

/// A connection that passed.
pub(crate) struct Entered {
    /// The way to the client.
    pub(crate) stream: TlsStream<TcpStream>,
    /// Who it is.
    pub(crate) standing: Standing,
}

impl Entrance {
    /// `proxies` are those whose connections begin with a PROXY header.
    pub(crate) fn new(
        tls: Arc<ServerConfig>,
        proxies: Vec<IpNet>,
        judge: Option<Arc<dyn ClientCertificates>>,
    ) -> Self {
        Self { tls: TlsAcceptor::from(tls), proxies, judge }
    }

    /// Whether the other end of a TCP connection is a proxy that speaks for others.
    pub(crate) fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|net| net.contains(&address))
    }

    /// Leads a connection in; none when it may not. `socket` is the other end, in canonical form. Takes as long as the
    /// client does: the caller sets the deadline.
    pub(crate) async fn lead_in(&self, mut stream: TcpStream, socket: SocketAddr) -> Option<Entered> {
        let mut address = socket.ip();
        if self.is_proxy(address) {
            match proxy::read(&mut stream).await {
                Some(Source::Client(client)) => address = client,
                Some(Source::Proxy) => (),
                None => {
                    tracing::debug!("a proxy sent no PROXY header, or none that is taken");
                    return None;
                }
            }
        }
        let stream = match self.tls.accept(stream).await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::debug!(%error, "the TLS handshake failed");
                return None;
            }
        };
        let peer = Arc::new(peer(&stream, address, socket)?);
        // A resumed session brings back the certificates of the first handshake, as they were judged then.
        let standing = Standing { peer, judge: self.judge.clone() };
        standing.good().then_some(Entered { stream, standing })
    }
}

/// None where neither of our versions was agreed on, which rustls does not let happen.
fn peer(stream: &TlsStream<TcpStream>, address: IpAddr, socket: SocketAddr) -> Option<Peer> {
    let session = stream.get_ref().1;
    let tls = match session.protocol_version()? {
        ProtocolVersion::TLSv1_3 => TlsVersion::Tls13,
        ProtocolVersion::TLSv1_2 => TlsVersion::Tls12,
        _ => return None,
    };
    let shown = session.peer_certificates().unwrap_or_default();
    let certificates = shown.iter().map(|certificate| certificate.clone().into_owned()).collect();
    Some(Peer { address, socket, certificates, tls })
}
