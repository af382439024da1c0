//! Which TLS the server speaks, and for which names.

use crate::site::{GIVEN_NAME, Site};
use rustls::{ClientConfig, ProtocolVersion, SupportedProtocolVersion};
use rustls_pki_types::ServerName;
use std::sync::Arc;
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
