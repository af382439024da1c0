//! TLS as the server speaks it: version 1.3 only, HTTP/2 or HTTP/1.1 by ALPN, resumption by tickets.

use crate::codes;
use base::Problem;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
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
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, Problem> {
    let started = |error: rustls::Error| Problem::new(&codes::START_FAILED).log(error.to_string());
    let mut settings = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(started)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| Problem::new(&codes::KEY_MISMATCH).log(error.to_string()))?;
    settings.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
    settings.ticketer = aws_lc_rs::Ticketer::new().map_err(started)?;
    Ok(Arc::new(settings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::development_certificates;
    use base::Time;

    #[test]
    fn development_certificates_can_be_loaded_and_belong_together() {
        let made = development_certificates(&[], Time::from_microseconds(0)).unwrap();
        let chain = load_chain(made.certificate_chain.as_bytes()).unwrap();
        let key = load_key(made.private_key.reveal().as_bytes()).unwrap();
        settings(chain, key).unwrap();
    }

    #[test]
    fn the_key_of_another_certificate_is_refused() {
        let made = development_certificates(&[], Time::from_microseconds(0)).unwrap();
        let chain = load_chain(made.certificate_chain.as_bytes()).unwrap();
        let other = load_key(made.ca_key.reveal().as_bytes()).unwrap();
        assert_eq!(settings(chain, other).unwrap_err().code().id, "SV-0022");
    }

    #[test]
    fn what_is_no_pem_is_refused() {
        assert_eq!(load_chain(b"no certificate").unwrap_err().code().id, "SV-0020");
        assert_eq!(load_key(b"no key").unwrap_err().code().id, "SV-0021");
    }
}
