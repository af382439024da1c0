//! TLS as the server speaks it: version 1.3, and 1.2 only where the configuration says so; HTTP/2 or HTTP/1.1 by ALPN;
//! resumption by tickets. Of the suites of 1.2 the provider has those with ECDHE and an AEAD alone.

use crate::client_certificates::{ClientCertificates, Requested};
use crate::codes;
use crate::configuration::TlsVersions;
use crate::server_certificate::ServerCertificate;
use base::Problem;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::version::{TLS12, TLS13};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;

/// The name of HTTP/2 in ALPN.
pub(crate) const HTTP_2: &[u8] = b"h2";

/// Reads a certificate chain in PEM, the server's own certificate first.
pub fn load_chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let unreadable = || Problem::new(&codes::CERTIFICATE_UNREADABLE);
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| unreadable())?;
    if chain.is_empty() { Err(unreadable()) } else { Ok(chain) }
}

/// Reads an unencrypted private key in PEM (PKCS#8, PKCS#1 or SEC1).
pub fn load_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, Problem> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| Problem::new(&codes::KEY_UNREADABLE))
}

/// The settings of every connection.
pub(crate) fn settings(
    certificate: &ServerCertificate,
    clients: Option<Arc<dyn ClientCertificates>>,
    versions: TlsVersions,
) -> Result<Arc<ServerConfig>, Problem> {
    let started = |error: rustls::Error| Problem::new(&codes::START_FAILED).log(error.to_string());
    let spoken = match versions {
        TlsVersions::Tls13 => &[&TLS13][..],
        TlsVersions::Tls12And13 => &[&TLS13, &TLS12],
    };
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(spoken)
        .map_err(started)?;
    let builder = match clients {
        Some(judge) => builder.with_client_cert_verifier(Arc::new(Requested::new(judge))),
        None => builder.with_no_client_auth(),
    };
    let mut settings = builder.with_cert_resolver(certificate.resolver());
    settings.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
    settings.ticketer = aws_lc_rs::Ticketer::new().map_err(started)?;
    Ok(Arc::new(settings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::development_certificates;
    use base::Time;

    fn certificate() -> ServerCertificate {
        let made = development_certificates(&[], Time::from_microseconds(0)).unwrap();
        let chain = load_chain(made.certificate_chain.as_bytes()).unwrap();
        ServerCertificate::new(chain, load_key(made.private_key.reveal().as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn only_suites_with_ecdhe_and_an_aead_are_offered() {
        let settings = settings(&certificate(), None, TlsVersions::Tls12And13).unwrap();
        for suite in &settings.crypto_provider().cipher_suites {
            let name = format!("{:?}", suite.suite());
            let good = name.starts_with("TLS13_") || name.starts_with("TLS_ECDHE_");
            let aead = name.contains("_GCM_") || name.contains("_CHACHA20_POLY1305");
            assert!(good && aead, "{name}");
        }
    }

    #[test]
    fn what_is_no_pem_is_refused() {
        assert_eq!(load_chain(b"no certificate").unwrap_err().code().id, "SV-0020");
        assert_eq!(load_key(b"no key").unwrap_err().code().id, "SV-0021");
    }
}
