//! Certificates of clients: asked for, never demanded, judged at the handshake and for as long as the connection lives.

use crate::client::{Raw, connect};
use crate::site::Site;
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, HandshakeKind, SignatureScheme};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use server::{Bounds, CertificateFault, ClientCertificates, TlsVersions};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncReadExt;

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_secs(20);
const ASK: &[u8] = b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n";

/// Finds every certificate as good as it is told.
#[derive(Debug, Default)]
struct Judge {
    fault: Mutex<Option<CertificateFault>>,
    asked: AtomicUsize,
}

impl Judge {
    fn find(&self, fault: CertificateFault) {
        *self.fault.lock().unwrap() = Some(fault);
    }
}

impl ClientCertificates for Judge {
    fn roots(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    fn judge(&self, chain: &[CertificateDer<'_>]) -> Result<(), CertificateFault> {
        assert_eq!(chain.len(), 1);
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.fault.lock().unwrap().map_or(Ok(()), Err)
    }
}

async fn site(bounds: Bounds) -> (Site, Arc<Judge>) {
    let judge = Arc::new(Judge::default());
    let given = Arc::clone(&judge);
    let site = Site::with(|start| {
        start.client_certificates = Some(given);
        start.transport.tls_versions = TlsVersions::Tls12And13;
        start.bounds = bounds;
    })
    .await;
    (site, judge)
}

fn device() -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["device".to_owned()]).unwrap();
    (made.cert.der().clone(), PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into()))
}

/// A client that shows a certificate of its own.
fn showing(site: &Site) -> ClientConfig {
    let (certificate, key) = device();
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap();
    builder.with_root_certificates(site.roots.clone()).with_client_auth_cert(vec![certificate], key).unwrap()
}

async fn served(raw: &mut Raw) -> bool {
    raw.write(ASK).await;
    let mut bytes = [0; 12];
    raw.0.read_exact(&mut bytes).await.unwrap();
    bytes == *b"HTTP/1.1 200"
}

#[tokio::test]
async fn a_client_without_a_certificate_is_served() {
    let (site, judge) = site(Bounds::default()).await;
    judge.find(CertificateFault::Revoked);
    assert!(served(&mut site.raw().await).await);
    assert_eq!(judge.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_with_a_good_certificate_is_served() {
    let (site, judge) = site(Bounds::default()).await;
    let mut raw = Raw(connect(&site, &showing(&site), b"http/1.1", b"").await.unwrap());
    assert!(served(&mut raw).await);
    assert!(judge.asked.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn a_certificate_that_is_not_good_ends_the_handshake_with_its_alert() {
    let cases = [
        (CertificateFault::UnknownIssuer, "UnknownCA"),
        (CertificateFault::Expired, "CertificateExpired"),
        (CertificateFault::NotYetValid, "CertificateExpired"),
        (CertificateFault::Revoked, "CertificateRevoked"),
        (CertificateFault::WrongUsage, "UnsupportedCertificate"),
        (CertificateFault::Weak, "CertificateUnknown"),
        (CertificateFault::Unreadable, "BadCertificate"),
    ];
    let (site, judge) = site(Bounds::default()).await;
    for (fault, alert) in cases {
        judge.find(fault);
        // In TLS 1.3 the client is done before the server has looked at its certificate.
        let error = match connect(&site, &showing(&site), b"http/1.1", b"").await {
            Ok(mut stream) => stream.read(&mut [0; 1]).await.unwrap_err(),
            Err(error) => error,
        };
        assert!(error.to_string().contains(alert), "{fault:?}: {error}");
    }
}

/// Shows a certificate and signs with the key of another.
#[derive(Debug)]
struct Thief(Arc<CertifiedKey>);

impl ResolvesClientCert for Thief {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_certificate_without_its_key_is_worth_nothing() {
    let (site, _judge) = site(Bounds::default()).await;
    let key = default_provider().key_provider.load_private_key(device().1).unwrap();
    let stolen = CertifiedKey::new(vec![device().0], key);
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let settings = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(site.roots.clone())
            .with_client_cert_resolver(Arc::new(Thief(Arc::new(stolen.clone()))));
        let error = match connect(&site, &settings, b"http/1.1", b"").await {
            Ok(mut stream) => stream.read(&mut [0; 1]).await.unwrap_err(),
            Err(error) => error,
        };
        assert!(error.to_string().contains("DecryptError"), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_taken_back_ends_the_live_connection() {
    for protocol in [&b"http/1.1"[..], b"h2"] {
        let (site, judge) = site(Bounds { certificate: SHORT, ..Bounds::default() }).await;
        let mut stream = connect(&site, &showing(&site), protocol, b"").await.unwrap();
        if protocol == b"http/1.1" {
            let mut raw = Raw(stream);
            assert!(served(&mut raw).await);
            stream = raw.0;
        }
        judge.find(CertificateFault::Revoked);
        let mut bytes = Vec::new();
        let end = tokio::time::timeout(LONG / 4, stream.read_to_end(&mut bytes)).await;
        assert!(end.is_ok(), "the connection is kept");
    }
}

#[tokio::test]
async fn a_resumed_session_is_judged_before_its_first_request() {
    let (site, judge) = site(Bounds::default()).await;
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        *judge.fault.lock().unwrap() = None;
        let (certificate, key) = device();
        let mut settings = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(site.roots.clone())
            .with_client_auth_cert(vec![certificate], key)
            .unwrap();
        settings.resumption = Resumption::in_memory_sessions(8);
        for expected in [HandshakeKind::Full, HandshakeKind::Resumed] {
            let mut raw = Raw(connect(&site, &settings, b"http/1.1", b"").await.unwrap());
            assert!(served(&mut raw).await);
            assert_eq!(raw.0.get_ref().1.handshake_kind(), Some(expected));
        }
        judge.find(CertificateFault::Revoked);
        let mut raw = Raw(connect(&site, &settings, b"http/1.1", b"").await.unwrap());
        assert_eq!(raw.0.get_ref().1.handshake_kind(), Some(HandshakeKind::Resumed));
        // The server may be gone before this is written.
        tokio::io::AsyncWriteExt::write_all(&mut raw.0, ASK).await.unwrap_or(());
        let mut bytes = Vec::new();
        raw.0.read_to_end(&mut bytes).await.unwrap_or(0);
        assert!(bytes.is_empty(), "answered: {}", String::from_utf8_lossy(&bytes));
    }
}
