//! The server's own certificate: exchanged while the server runs, without ending a connection.

use crate::codes;
use base::Problem;
use rustls::crypto::aws_lc_rs;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// A handle on the certificate that new handshakes see. Clones are handles on the same one.
#[derive(Clone)]
pub struct ServerCertificate(Arc<Current>);

struct Current(RwLock<Arc<CertifiedKey>>);

impl ServerCertificate {
    /// Takes the server's certificate, the intermediate ones behind it, and the key of the first. Fails when they
    /// cannot be used or do not belong together.
    pub fn new(
        chain: Vec<CertificateDer<'static>>,
        private_key: PrivateKeyDer<'static>,
    ) -> Result<Self, Problem> {
        let pair = pair(chain, private_key)?;
        Ok(Self(Arc::new(Current(RwLock::new(pair)))))
    }

    /// From now on new handshakes see this certificate; connections that stand go on. A pair that [`Self::new`] would
    /// refuse is refused here too, and the old one stays.
    pub fn replace(
        &self,
        chain: Vec<CertificateDer<'static>>,
        private_key: PrivateKeyDer<'static>,
    ) -> Result<(), Problem> {
        let pair = pair(chain, private_key)?;
        *self.0.0.write().unwrap_or_else(PoisonError::into_inner) = pair;
        Ok(())
    }

    /// What rustls asks in each handshake.
    pub(crate) fn resolver(&self) -> Arc<dyn ResolvesServerCert> {
        Arc::clone(&self.0) as Arc<dyn ResolvesServerCert>
    }
}

fn pair(
    chain: Vec<CertificateDer<'static>>,
    private_key: PrivateKeyDer<'static>,
) -> Result<Arc<CertifiedKey>, Problem> {
    if chain.is_empty() {
        return Err(Problem::new(&codes::CERTIFICATE_UNREADABLE));
    }
    let pair = CertifiedKey::from_der(chain, private_key, &aws_lc_rs::default_provider());
    pair.map(Arc::new).map_err(|error| Problem::new(&codes::KEY_MISMATCH).log(error.to_string()))
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl fmt::Debug for ServerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerCertificate").finish_non_exhaustive()
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DevelopmentCertificates, development_certificates, load_chain, load_key};
    use base::Time;

    fn made() -> DevelopmentCertificates {
        development_certificates(&[], Time::from_microseconds(0)).unwrap()
    }

    fn chain(made: &DevelopmentCertificates) -> Vec<CertificateDer<'static>> {
        load_chain(made.certificate_chain.as_bytes()).unwrap()
    }

    fn key(pem: &base::Secret<String>) -> PrivateKeyDer<'static> {
        load_key(pem.reveal().as_bytes()).unwrap()
    }

    fn leaf(certificate: &ServerCertificate) -> CertificateDer<'static> {
        certificate.0.0.read().unwrap().cert[0].clone()
    }

    #[test]
    fn the_key_of_another_certificate_is_refused() {
        let made = made();
        let problem = ServerCertificate::new(chain(&made), key(&made.ca_key)).unwrap_err();
        assert_eq!(problem.code().id, "SV-0022");
    }

    #[test]
    fn a_new_pair_takes_the_place_of_the_old_and_a_bad_one_does_not() {
        let (old, new) = (made(), made());
        let certificate = ServerCertificate::new(chain(&old), key(&old.private_key)).unwrap();
        let problem = certificate.replace(chain(&new), key(&old.private_key)).unwrap_err();
        assert_eq!(problem.code().id, "SV-0022");
        assert_eq!(certificate.replace(Vec::new(), key(&new.private_key)).unwrap_err().code().id, "SV-0020");
        assert_eq!(leaf(&certificate), chain(&old)[0]);
        certificate.clone().replace(chain(&new), key(&new.private_key)).unwrap();
        assert_eq!(leaf(&certificate), chain(&new)[0], "a clone is a handle on the same certificate");
    }
}
