//! A server for one test: certificate, port and door of its own.

use crate::client::{Client, Raw};
use crate::door::Fake;
use base::Time;
use identity::session::Quotas;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use server::{
    Bounds, Configuration, DevelopmentCertificates, Metrics, Server, ServerCertificate, Transport,
    development_certificates, load_chain, load_key,
};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// A name of the server that is not its own.
pub(crate) const GIVEN_NAME: &str = "records.example.jp";
pub(crate) const TOKEN: &str = "test-token";

pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) door: Fake,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) roots: RootCertStore,
    pub(crate) metrics: Metrics,
    stop: Arc<Notify>,
    running: JoinHandle<()>,
}

impl Site {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts with a changed configuration.
    pub(crate) async fn with(change: impl FnOnce(&mut Configuration)) -> Self {
        let made = made();
        let mut configuration = Configuration {
            listen: "127.0.0.1:0".parse().unwrap(),
            certificate: certificate(&made),
            client_certificates: None,
            transport: Transport::default(),
            quotas: Quotas::default(),
            base_url: None,
            bounds: Bounds::default(),
        };
        change(&mut configuration);
        let door = Fake::new("demo");
        let server = Server::bind(configuration, vec![door.clone()]).await.unwrap();
        let (address, metrics) = (server.local_addr(), server.metrics());
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let running = tokio::spawn(server.run(async move { stopped.notified().await }));
        let roots = trusting(&made.ca_certificate);
        Self { address, door, tls: client(roots.clone()), roots, metrics, stop, running }
    }

    pub(crate) async fn http_1(&self) -> Client {
        Client::http_1(self).await
    }

    pub(crate) async fn http_2(&self) -> Client {
        Client::http_2(self).await
    }

    pub(crate) async fn raw(&self) -> Raw {
        Raw::open(self, b"http/1.1").await
    }

    /// From now on clients trust this CA instead.
    pub(crate) fn trust(&mut self, ca: &str) {
        self.roots = trusting(ca);
        self.tls = client(self.roots.clone());
    }

    pub(crate) fn stop(&self) {
        self.stop.notify_one();
    }

    pub(crate) async fn ended(self) {
        self.running.await.unwrap();
    }
}

/// Certificates that are good at present.
pub(crate) fn made() -> DevelopmentCertificates {
    development_certificates(&[GIVEN_NAME.to_owned()], now()).unwrap()
}

/// The server's part of what was made.
pub(crate) fn certificate(made: &DevelopmentCertificates) -> ServerCertificate {
    let chain = load_chain(made.certificate_chain.as_bytes()).unwrap();
    ServerCertificate::new(chain, load_key(made.private_key.reveal().as_bytes()).unwrap()).unwrap()
}

/// The present by the system's clock: TLS clients check certificates against it.
fn now() -> Time {
    use base::Clock;
    base::SystemClock.now()
}

pub(crate) fn trusting(ca: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    roots
}

pub(crate) fn client(roots: RootCertStore) -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}
