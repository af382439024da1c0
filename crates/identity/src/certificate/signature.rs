//! The signatures that are taken, for certificates, revocation lists and requests alike.

use rustls_pki_types::SignatureVerificationAlgorithm;
use webpki::aws_lc_rs as lc;
use x509_parser::der_parser::asn1_rs::ToDer as _;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// No SHA-1, no RSA below 2048 bits, no curve beside the three of NIST and Ed25519.
pub(super) static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    lc::ECDSA_P256_SHA256,
    lc::ECDSA_P256_SHA384,
    lc::ECDSA_P256_SHA512,
    lc::ECDSA_P384_SHA256,
    lc::ECDSA_P384_SHA384,
    lc::ECDSA_P384_SHA512,
    lc::ECDSA_P521_SHA256,
    lc::ECDSA_P521_SHA384,
    lc::ECDSA_P521_SHA512,
    lc::ED25519,
    lc::RSA_PKCS1_2048_8192_SHA256,
    lc::RSA_PKCS1_2048_8192_SHA384,
    lc::RSA_PKCS1_2048_8192_SHA512,
    lc::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    lc::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    lc::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// What a signature said to be made.
pub(super) enum Verdict {
    /// It was made by the key over the message.
    Good,
    /// It was not, or not by an algorithm that is taken.
    Bad,
}

/// Checks a signature whose algorithm stands beside it (RFC 5280, section 4.1.1.2).
pub(super) fn verify(
    key: &SubjectPublicKeyInfo<'_>,
    algorithm: &AlgorithmIdentifier<'_>,
    message: &[u8],
    signature: &[u8],
) -> Verdict {
    let (Some(of_key), Some(of_signature)) = (contents(&key.algorithm), contents(algorithm)) else {
        return Verdict::Bad;
    };
    let good = ALGORITHMS
        .iter()
        .filter(|taken| taken.public_key_alg_id().as_ref() == of_key)
        .filter(|taken| taken.signature_alg_id().as_ref() == of_signature)
        .any(|taken| taken.verify_signature(&key.subject_public_key.data, message, signature).is_ok());
    if good { Verdict::Good } else { Verdict::Bad }
}

/// The bytes inside the SEQUENCE of an AlgorithmIdentifier, the form in which algorithms are named.
fn contents(algorithm: &AlgorithmIdentifier<'_>) -> Option<Vec<u8>> {
    let mut bytes = algorithm.algorithm.to_der_vec().ok()?;
    if let Some(parameters) = &algorithm.parameters {
        bytes.extend(parameters.to_der_vec().ok()?);
    }
    Some(bytes)
}
