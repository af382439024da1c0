//! From an accepted socket to a peer that may send requests: PROXY header, TLS, certificates.

use crate::addresses::{Addresses, Place};
use crate::client_certificates::ClientCertificates;
use crate::metrics::{Handshake, Metrics};
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
    addresses: Arc<Addresses>,
    metrics: Metrics,
}

/// A connection that passed.
pub(crate) struct Entered {
    /// The way to the client.
    pub(crate) stream: TlsStream<TcpStream>,
    /// Who it is.
    pub(crate) standing: Standing,
    /// Its place among those of the same client; a proxy that speaks for itself needs none.
    pub(crate) place: Option<Place>,
}

impl Entrance {
    /// `proxies` are those whose connections begin with a PROXY header.
    pub(crate) fn new(
        tls: Arc<ServerConfig>,
        proxies: Vec<IpNet>,
        judge: Option<Arc<dyn ClientCertificates>>,
        each_max: usize,
        metrics: Metrics,
    ) -> Self {
        let addresses = Addresses::new(each_max);
        Self { tls: TlsAcceptor::from(tls), proxies, judge, addresses, metrics }
    }

    /// Leads a connection in; none when it may not. `socket` is the other end, in canonical form. Takes as long as the
    /// client does: the caller sets the deadline.
    pub(crate) async fn lead_in(&self, mut stream: TcpStream, socket: SocketAddr) -> Option<Entered> {
        let source = self.source(&mut stream, socket.ip()).await?;
        let (address, place) = match source {
            Source::Client(address) => (address, Some(self.place(address)?)),
            Source::Proxy => (socket.ip(), None),
        };
        let stream = match self.tls.accept(stream).await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::debug!(%error, "the TLS handshake failed");
                self.metrics.entered(Handshake::Failed);
                return None;
            }
        };
        let peer = Arc::new(peer(&stream, address, socket)?);
        // A resumed session brings back the certificates of the first handshake, as they were judged then.
        let standing = Standing { peer, judge: self.judge.clone() };
        let good = standing.good();
        self.metrics.entered(match standing.peer.tls {
            _ if !good => Handshake::Certificate,
            TlsVersion::Tls12 => Handshake::Tls12,
            TlsVersion::Tls13 => Handshake::Tls13,
        });
        good.then_some(Entered { stream, standing, place })
    }

    /// Whose connection it is: by the PROXY header where a proxy must send one.
    async fn source(&self, stream: &mut TcpStream, address: IpAddr) -> Option<Source> {
        if !self.proxies.iter().any(|net| net.contains(&address)) {
            return Some(Source::Client(address));
        }
        let source = proxy::read(stream).await;
        if source.is_none() {
            tracing::debug!("a proxy sent no PROXY header, or none that is taken");
            self.metrics.entered(Handshake::Proxy);
        }
        source
    }

    fn place(&self, address: IpAddr) -> Option<Place> {
        let place = self.addresses.take(address);
        if place.is_none() {
            tracing::debug!("a client has too many connections");
            self.metrics.entered(Handshake::Crowded);
        }
        place
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client_certificates::CertificateFault;
    use crate::configuration::TlsVersions;
    use crate::{ServerCertificate, tls};
    use rustls::crypto::aws_lc_rs::default_provider;
    use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
    use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;
    use tokio_rustls::TlsConnector;

    #[derive(Debug)]
    struct Lenient;

    impl ClientCertificates for Lenient {
        fn roots(&self) -> Vec<Vec<u8>> {
            Vec::new()
        }

        fn judge(&self, _chain: &[CertificateDer<'_>]) -> Result<(), CertificateFault> {
            Ok(())
        }
    }

    fn made(name: &str) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        (made.cert.der().clone(), PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into()))
    }

    /// The peer that a client becomes which sends `prefix` first.
    async fn met(
        prefix: &'static [u8],
        version: &'static SupportedProtocolVersion,
        shown: Option<(CertificateDer<'static>, PrivateKeyDer<'static>)>,
    ) -> Arc<Peer> {
        let (own, key) = made("localhost");
        let certificate = ServerCertificate::new(vec![own.clone()], key).unwrap();
        let judge: Arc<dyn ClientCertificates> = Arc::new(Lenient);
        let settings =
            tls::settings(&certificate, Some(Arc::clone(&judge)), TlsVersions::Tls12And13).unwrap();
        let proxies = vec!["127.0.0.0/8".parse().unwrap()];
        let entrance = Entrance::new(settings, proxies, Some(judge), 1, Metrics::new());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let client = async {
            let mut roots = RootCertStore::empty();
            roots.add(own).unwrap();
            let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
                .with_protocol_versions(&[version])
                .unwrap()
                .with_root_certificates(roots);
            let settings = match shown {
                Some((certificate, key)) => builder.with_client_auth_cert(vec![certificate], key).unwrap(),
                None => builder.with_no_client_auth(),
            };
            let mut socket = TcpStream::connect(address).await.unwrap();
            socket.write_all(prefix).await.unwrap();
            let name = ServerName::try_from("localhost").unwrap();
            TlsConnector::from(Arc::new(settings)).connect(name, socket).await.unwrap()
        };
        let server = async {
            let (stream, from) = listener.accept().await.unwrap();
            let entered = entrance.lead_in(stream, from).await.unwrap();
            assert_eq!(entered.standing.peer.socket, from);
            entered.standing.peer
        };
        tokio::join!(client, server).1
    }

    #[tokio::test]
    async fn the_peer_is_who_the_proxy_says_and_what_the_client_shows() {
        const TCP4: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\x0a\0\0\x01\x80\0\x01\xbb";
        let (device, key) = made("device");
        let peer = met(TCP4, &rustls::version::TLS13, Some((device.clone(), key))).await;
        assert_eq!(peer.address.to_string(), "192.0.2.7");
        assert_eq!((peer.tls, &*peer.certificates), (TlsVersion::Tls13, &[device][..]));
    }

    #[tokio::test]
    async fn a_proxy_that_speaks_for_itself_is_the_peer() {
        const LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\x00\0\0";
        let peer = met(LOCAL, &rustls::version::TLS12, None).await;
        assert_eq!((peer.address, peer.tls), (peer.socket.ip(), TlsVersion::Tls12));
        assert!(peer.certificates.is_empty());
    }
}
