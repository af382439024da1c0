//! Certificate requests (PKCS#10, RFC 2986). Of a request only its public key is taken.

use super::signature::{self, Verdict};
use super::{codes, seen};
use base::Problem;
use rcgen::SubjectPublicKeyInfo;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer as _;

/// Longest request, in bytes.
const REQUEST_BYTES_MAX: usize = 64 * 1024;

/// The public key of a request in PEM or DER, once the request has shown that its sender holds the private one.
pub(super) fn public_key(request: &[u8]) -> Result<SubjectPublicKeyInfo, Problem> {
    let unreadable = || Problem::new(&codes::REQUEST_UNREADABLE);
    let der = der_of(request).ok_or_else(unreadable)?;
    let (rest, request) = X509CertificationRequest::from_der(&der).map_err(|_| unreadable())?;
    if !rest.is_empty() {
        return Err(unreadable());
    }
    let info = &request.certification_request_info;
    let (kind, bits) = seen::key_of(&info.subject_pki);
    if !seen::strong(kind, bits) {
        return Err(Problem::new(&codes::REQUEST_KEY_WEAK));
    }
    let proof = &request.signature_value.data;
    match signature::verify(&info.subject_pki, &request.signature_algorithm, info.raw, proof) {
        Verdict::Bad => Err(Problem::new(&codes::REQUEST_NOT_PROVED)),
        Verdict::Good => SubjectPublicKeyInfo::from_der(info.subject_pki.raw)
            .map_err(|error| Problem::new(&codes::REQUEST_UNREADABLE).log(error.to_string())),
    }
}

fn der_of(request: &[u8]) -> Option<Vec<u8>> {
    if request.len() > REQUEST_BYTES_MAX {
        return None;
    }
    if request.first() == Some(&0x30) {
        return Some(request.to_vec());
    }
    let parts = ::pem::parse_many(request).ok()?;
    let [only] = parts.as_slice() else { return None };
    matches!(only.tag(), "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST").then(|| only.contents().to_vec())
}
