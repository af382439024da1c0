//! Certificates of clients: asked for in the handshake, never demanded, and judged by whoever knows the devices.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, SignatureScheme,
};
use rustls_pki_types::{CertificateDer, UnixTime};
use std::fmt;
use std::sync::Arc;

/// Whose certificates are good. Asked in every handshake in which a client shows one, again before the first request
/// (also when the session is resumed), and again and again while the connection lives.
pub trait ClientCertificates: Send + Sync + fmt::Debug + 'static {
    /// Names of issuers (X.501 names in DER), by which clients choose the certificate to show; a client shows any when
    /// there are none. Asked once, when the server starts: give none where issuers come and go.
    fn roots(&self) -> Vec<Vec<u8>>;

    /// Whether this chain, the client's own certificate first, is good at this moment. Possession of the key is
    /// checked elsewhere. Must answer at once: it runs between the messages of a handshake.
    fn judge(&self, chain: &[CertificateDer<'_>]) -> Result<(), CertificateFault>;
}

/// Why a client's certificate is not good. Each has a TLS alert that tells the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateFault {
    /// No known root issued it (alert `unknown_ca`).
    UnknownIssuer,
    /// Its time is over (alert `certificate_expired`).
    Expired,
    /// Its time has not come (alert `certificate_expired`, as RFC 8446 has it for both).
    NotYetValid,
    /// Its issuer took it back (alert `certificate_revoked`).
    Revoked,
    /// It is not meant for clients of TLS (alert `unsupported_certificate`).
    WrongUsage,
    /// Its key or signature is too weak (alert `certificate_unknown`).
    Weak,
    /// It is no certificate (alert `bad_certificate`).
    Unreadable,
}

impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownIssuer => "unknown issuer",
            Self::Expired => "expired",
            Self::NotYetValid => "not yet valid",
            Self::Revoked => "revoked",
            Self::WrongUsage => "not for clients",
            Self::Weak => "too weak",
            Self::Unreadable => "unreadable",
        })
    }
}

impl std::error::Error for CertificateFault {}

impl From<CertificateFault> for CertificateError {
    fn from(fault: CertificateFault) -> Self {
        match fault {
            CertificateFault::UnknownIssuer => Self::UnknownIssuer,
            CertificateFault::Expired => Self::Expired,
            CertificateFault::NotYetValid => Self::NotValidYet,
            CertificateFault::Revoked => Self::Revoked,
            CertificateFault::WrongUsage => Self::InvalidPurpose,
            CertificateFault::Weak => Self::Other(OtherError(Arc::new(fault))),
            CertificateFault::Unreadable => Self::BadEncoding,
        }
    }
}

/// Asks for certificates, takes connections without, and has the others judged.
#[derive(Debug)]
pub(crate) struct Requested {
    judge: Arc<dyn ClientCertificates>,
    hints: Vec<DistinguishedName>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Requested {
    /// Asks `judge` about every certificate shown.
    pub(crate) fn new(judge: Arc<dyn ClientCertificates>) -> Self {
        let hints = judge.roots().into_iter().map(DistinguishedName::from).collect();
        let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms;
        Self { judge, hints, algorithms }
    }
}

impl ClientCertVerifier for Requested {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.hints
    }

    fn verify_client_cert(
        &self,
        own: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let chain: Vec<_> = std::iter::once(own).chain(intermediates).cloned().collect();
        match self.judge.judge(&chain) {
            Ok(()) => Ok(ClientCertVerified::assertion()),
            Err(fault) => Err(Error::InvalidCertificate(fault.into())),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, own, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, own, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::AlertDescription;

    #[test]
    fn every_fault_has_its_alert() {
        let alert = |fault: CertificateFault| AlertDescription::from(CertificateError::from(fault));
        assert_eq!(alert(CertificateFault::UnknownIssuer), AlertDescription::UnknownCA);
        assert_eq!(alert(CertificateFault::Expired), AlertDescription::CertificateExpired);
        assert_eq!(alert(CertificateFault::NotYetValid), AlertDescription::CertificateExpired);
        assert_eq!(alert(CertificateFault::Revoked), AlertDescription::CertificateRevoked);
        assert_eq!(alert(CertificateFault::WrongUsage), AlertDescription::UnsupportedCertificate);
        assert_eq!(alert(CertificateFault::Weak), AlertDescription::CertificateUnknown);
        assert_eq!(alert(CertificateFault::Unreadable), AlertDescription::BadCertificate);
    }
}
