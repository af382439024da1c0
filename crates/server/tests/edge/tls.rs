//! Which TLS the server speaks, and for which names.

use crate::client::{Raw, connect};
use crate::site::{GIVEN_NAME, Site};
use rustls::client::Resumption;
use rustls::{ClientConfig, HandshakeKind, ProtocolVersion, SupportedProtocolVersion};
use rustls_pki_types::ServerName;
use server::TlsVersions;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

async fn handshake(
    site: &Site,
    settings: ClientConfig,
    name: &'static str,
) -> std::io::Result<ProtocolVersion> {
    let socket = TcpStream::connect(site.address).await?;
    let name = ServerName::try_from(name).unwrap();
    let stream = TlsConnector::from(Arc::new(settings)).connect(name, socket).await?;
    Ok(stream.get_ref().1.protocol_version().unwrap())
}

/// A client that trusts the server's CA and speaks only these versions.
fn speaking(site: &Site, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    builder.with_root_certificates(site.roots.clone()).with_no_client_auth()
}

#[tokio::test]
async fn tls_1_3_is_spoken_and_tls_1_2_is_not() {
    let site = Site::start().await;
    let newer = handshake(&site, speaking(&site, &[&rustls::version::TLS13]), "localhost").await;
    assert_eq!(newer.unwrap(), ProtocolVersion::TLSv1_3);
    let older = handshake(&site, speaking(&site, &[&rustls::version::TLS12]), "localhost").await;
    assert!(older.unwrap_err().to_string().contains("ProtocolVersion"));
}

#[tokio::test]
async fn the_development_certificate_stands_for_loopback_and_the_names_given() {
    let site = Site::start().await;
    let settings = ClientConfig::clone(&site.tls);
    for name in ["localhost", "127.0.0.1", "::1", GIVEN_NAME] {
        assert!(handshake(&site, settings.clone(), name).await.is_ok(), "{name}");
    }
    assert!(handshake(&site, settings, "other.example.jp").await.is_err());
}

async fn site_with_both_versions() -> Site {
    Site::with(|start| start.transport.tls_versions = TlsVersions::Tls12And13).await
}

#[tokio::test]
async fn tls_1_2_is_spoken_when_the_configuration_says_so() {
    let site = site_with_both_versions().await;
    let older = handshake(&site, speaking(&site, &[&rustls::version::TLS12]), "localhost").await;
    assert_eq!(older.unwrap(), ProtocolVersion::TLSv1_2);
    let both = &[&rustls::version::TLS12, &rustls::version::TLS13];
    let best = handshake(&site, speaking(&site, both), "localhost").await;
    assert_eq!(best.unwrap(), ProtocolVersion::TLSv1_3, "the newer one is chosen where both can");
}

#[tokio::test]
async fn every_suite_of_tls_1_2_has_ecdhe_and_an_aead() {
    let site = site_with_both_versions().await;
    let stream =
        connect(&site, &speaking(&site, &[&rustls::version::TLS12]), b"http/1.1", b"").await.unwrap();
    let suite = format!("{:?}", stream.get_ref().1.negotiated_cipher_suite().unwrap().suite());
    assert!(suite.starts_with("TLS_ECDHE_"), "{suite}");
}

/// A greeting of TLS 1.2 that offers these suites, P-256, and signatures with ECDSA and RSA.
fn hello(version: u16, suites: &[u16]) -> Vec<u8> {
    fn sized(bytes: &[u8]) -> Vec<u8> {
        let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
        [&length[..], bytes].concat()
    }
    let extension = |kind: u16, bytes: &[u8]| [&kind.to_be_bytes()[..], &sized(bytes)].concat();
    let suites: Vec<u8> = suites.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    let extensions = [
        extension(10, &sized(&[0, 23])),
        extension(11, &[1, 0]),
        extension(13, &sized(&[4, 3, 8, 4, 4, 1, 2, 1])),
        extension(23, &[]),
    ]
    .concat();
    let version = version.to_be_bytes();
    let body = [&version[..], &[7; 32], &[0], &sized(&suites), &[1, 0], &sized(&extensions)].concat();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let message = [&[1][..], &length[1..], &body].concat();
    [&[22, 3, 1][..], &sized(&message)].concat()
}

/// The kind of the first record that answers a greeting, and of what is in it: (22, 2) is a hello, (21, 2) a fatal alert.
async fn answer(site: &Site, greeting: &[u8]) -> (u8, u8) {
    let mut socket = TcpStream::connect(site.address).await.unwrap();
    socket.write_all(greeting).await.unwrap();
    let mut record = [0; 6];
    socket.read_exact(&mut record).await.unwrap();
    (record[0], record[5])
}

#[tokio::test]
async fn weak_suites_and_older_versions_are_refused_whatever_the_configuration_says() {
    let site = site_with_both_versions().await;
    assert_eq!(answer(&site, &hello(0x0303, &[0xC02B, 0x00FF])).await, (22, 2), "a good one is taken");
    let weak = [
        ("RSA key exchange", 0x009C),
        ("RSA with CBC", 0x002F),
        ("RSA with 3DES", 0x000A),
        ("RC4", 0x0005),
        ("ECDHE with CBC", 0xC009),
        ("ECDHE with CBC and SHA-256", 0xC023),
        ("finite field", 0x009E),
        ("anonymous", 0xC018),
        ("export", 0x0003),
        ("no encryption", 0xC006),
        ("CCM with a short tag", 0xC0AE),
    ];
    for (name, suite) in weak {
        assert_eq!(answer(&site, &hello(0x0303, &[suite, 0x00FF])).await, (21, 2), "{name}");
    }
    for version in [0x0302, 0x0301, 0x0300] {
        assert_eq!(answer(&site, &hello(version, &[0xC02B, 0xC009])).await, (21, 2), "{version:x}");
    }
}

#[tokio::test]
async fn a_session_is_resumed_and_carries_no_early_data() {
    let site = site_with_both_versions().await;
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let mut settings = speaking(&site, &[version]);
        settings.resumption = Resumption::in_memory_sessions(8);
        settings.enable_early_data = true;
        for expected in [HandshakeKind::Full, HandshakeKind::Resumed] {
            let mut raw = Raw(connect(&site, &settings, b"http/1.1", b"").await.unwrap());
            assert!(!raw.0.get_ref().1.is_early_data_accepted());
            raw.write(b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
            let kind = raw.0.get_ref().1.handshake_kind();
            assert!(raw.rest().await.starts_with("HTTP/1.1 200"));
            assert_eq!(kind, Some(expected));
        }
    }
}
