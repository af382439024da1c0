//! What a certificate says of itself, for judgement, for lists and for the register.

use super::codes;
use super::{hex, moment, name};
use base::{Problem, Time};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::net::IpAddr;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{ExtendedKeyUsage, GeneralName, KeyUsage, ParsedExtension};
use x509_parser::oid_registry;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// Longest certificate that is looked at, in bytes (common ones have 1 to 2 KiB).
pub const CERTIFICATE_BYTES_MAX: usize = 64 * 1024;
/// Least bits of an RSA key (CRYPTREC and NIST SP 800-131A: 2048).
pub const RSA_BITS_MIN: usize = 2_048;

/// The kind of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA, of any length.
    Rsa,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// ECDSA on P-521.
    P521,
    /// Ed25519.
    Ed25519,
    /// Anything else; never strong.
    Other,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rsa => "RSA",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Ed25519 => "Ed25519",
            Self::Other => "other",
        })
    }
}

/// What something may be used for. `Unsaid` where the certificate does not say, which is not the same as "no".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// The certificate says yes.
    Given,
    /// The certificate says what it is for, and this is not among it.
    Withheld,
    /// The extension is not there.
    Unsaid,
}

/// A certificate as looked at. Nothing in it is believed before [`super::Trust::judge`] has said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Subject, RFC 4514.
    pub subject: String,
    /// Issuer, RFC 4514.
    pub issuer: String,
    /// Serial number, hexadecimal, without leading zeros.
    pub serial: String,
    /// SHA-256 over the certificate.
    pub fingerprint: [u8; 32],
    /// The first second in which it is valid.
    pub not_before: Time,
    /// The last second in which it is valid.
    pub not_after: Time,
    /// Kind of its public key.
    pub key: KeyKind,
    /// Bits of its public key.
    pub key_bits: usize,
    /// Whether it is an authority's (basicConstraints CA:TRUE).
    pub is_authority: bool,
    /// How many authorities may stand below it (pathLenConstraint).
    pub path_length: Option<u32>,
    /// keyUsage digitalSignature.
    pub signs: Leave,
    /// keyUsage keyCertSign.
    pub signs_certificates: Leave,
    /// keyUsage cRLSign.
    pub signs_lists: Leave,
    /// extendedKeyUsage clientAuth.
    pub client: Leave,
    /// All usages by name, for people to read: `digitalSignature`, `clientAuth`, or the OID.
    pub usages: Vec<String>,
    /// Other names of the subject (subjectAltName) as `kind:value`.
    pub names: Vec<String>,
    /// Key identifier of the subject, hexadecimal.
    pub subject_key: Option<String>,
    /// Key identifier of the issuer, hexadecimal.
    pub authority_key: Option<String>,
    pub(super) raw_subject: Vec<u8>,
    pub(super) raw_issuer: Vec<u8>,
    pub(super) issuer_organisations: Vec<String>,
    pub(super) subject_organisations: Vec<String>,
}

impl Seen {
    /// The fingerprint in lower-case hexadecimal.
    pub fn fingerprint_hex(&self) -> String {
        hex(&self.fingerprint)
    }

    /// RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519.
    pub fn is_strong(&self) -> bool {
        strong(self.key, self.key_bits)
    }
}

pub(super) fn strong(kind: KeyKind, bits: usize) -> bool {
    match kind {
        KeyKind::Rsa => bits >= RSA_BITS_MIN,
        KeyKind::P256 | KeyKind::P384 | KeyKind::P521 | KeyKind::Ed25519 => true,
        KeyKind::Other => false,
    }
}

/// Looks at a certificate in DER (RFC 5280). Nothing may follow it.
pub fn look(der: &[u8]) -> Result<Seen, Problem> {
    let certificate = read(der).ok_or_else(|| Problem::new(&codes::UNREADABLE))?;
    let (key, key_bits) = key_of(certificate.public_key());
    let usages = Usages::of(&certificate).ok_or_else(|| Problem::new(&codes::UNREADABLE))?;
    let (subject, issuer) = (certificate.subject(), certificate.issuer());
    let constraints = certificate.basic_constraints().ok().flatten().map(|found| found.value);
    Ok(Seen {
        subject: name::text(subject),
        issuer: name::text(issuer),
        serial: serial(certificate.raw_serial()),
        fingerprint: Sha256::digest(der).into(),
        not_before: moment(certificate.validity().not_before),
        not_after: moment(certificate.validity().not_after),
        key,
        key_bits,
        is_authority: constraints.is_some_and(|found| found.ca),
        path_length: constraints.and_then(|found| found.path_len_constraint),
        signs: usages.signs,
        signs_certificates: usages.signs_certificates,
        signs_lists: usages.signs_lists,
        client: usages.client,
        usages: usages.names,
        names: other_names(&certificate),
        subject_key: identifier(&certificate, Whose::Subject),
        authority_key: identifier(&certificate, Whose::Issuer),
        raw_subject: subject.as_raw().to_vec(),
        raw_issuer: issuer.as_raw().to_vec(),
        issuer_organisations: name::organisations(issuer),
        subject_organisations: name::organisations(subject),
    })
}

/// The certificate, when it is one and nothing more. Names with an empty part are no names (RFC 5280, section 4.1.2.4).
pub(super) fn read(der: &[u8]) -> Option<X509Certificate<'_>> {
    if der.len() > CERTIFICATE_BYTES_MAX {
        return None;
    }
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    let whole = |name: &x509_parser::x509::X509Name<'_>| name.iter().all(|part| part.iter().next().is_some());
    (rest.is_empty() && whole(certificate.subject()) && whole(certificate.issuer())).then_some(certificate)
}

/// Serial numbers are compared by value, so leading zeros do not count.
pub(super) fn serial(bytes: &[u8]) -> String {
    let digits = hex(bytes);
    let short = digits.trim_start_matches('0');
    if short.is_empty() { "0".to_owned() } else { short.to_owned() }
}

/// Kind and bits of a public key.
pub(super) fn key_of(key: &SubjectPublicKeyInfo<'_>) -> (KeyKind, usize) {
    let algorithm = &key.algorithm.algorithm;
    if *algorithm == oid_registry::OID_SIG_ED25519 {
        return (KeyKind::Ed25519, 256);
    }
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) if *algorithm == oid_registry::OID_PKCS1_RSAENCRYPTION => {
            (KeyKind::Rsa, bits(rsa.modulus))
        }
        Ok(PublicKey::EC(_)) => curve(key),
        _ => (KeyKind::Other, 0),
    }
}

/// The named curves of RFC 5480, section 2.1.1.1.
fn curve(key: &SubjectPublicKeyInfo<'_>) -> (KeyKind, usize) {
    let named = key.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok());
    match named.map(|oid| oid.to_id_string()).as_deref() {
        Some("1.2.840.10045.3.1.7") => (KeyKind::P256, 256),
        Some("1.3.132.0.34") => (KeyKind::P384, 384),
        Some("1.3.132.0.35") => (KeyKind::P521, 521),
        _ => (KeyKind::Other, 0),
    }
}

/// Bits of a number in big-endian bytes.
fn bits(number: &[u8]) -> usize {
    let digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
    let unused = digits.first().map_or(0, |first| first.leading_zeros());
    digits.len().saturating_mul(8).saturating_sub(usize::try_from(unused).unwrap_or(0))
}

struct Usages {
    signs: Leave,
    signs_certificates: Leave,
    signs_lists: Leave,
    client: Leave,
    names: Vec<String>,
}

impl Usages {
    /// `None` when an extension stands twice or cannot be read: what it forbids would not be known.
    fn of(certificate: &X509Certificate<'_>) -> Option<Self> {
        certificate.basic_constraints().ok()?;
        let key = certificate.key_usage().ok()?.map(|found| found.value);
        let extended = certificate.extended_key_usage().ok()?.map(|found| found.value);
        let leave = |said: Option<bool>| match said {
            Some(true) => Leave::Given,
            Some(false) => Leave::Withheld,
            None => Leave::Unsaid,
        };
        let mut names: Vec<String> = key.copied().map(key_names).unwrap_or_default();
        names.extend(extended.map(extended_names).unwrap_or_default());
        Some(Self {
            signs: leave(key.map(KeyUsage::digital_signature)),
            signs_certificates: leave(key.map(KeyUsage::key_cert_sign)),
            signs_lists: leave(key.map(KeyUsage::crl_sign)),
            client: leave(extended.map(|usage| usage.client_auth)),
            names,
        })
    }
}

/// Names as in RFC 5280, section 4.2.1.3.
fn key_names(usage: KeyUsage) -> Vec<String> {
    let known = [
        (usage.digital_signature(), "digitalSignature"),
        (usage.non_repudiation(), "nonRepudiation"),
        (usage.key_encipherment(), "keyEncipherment"),
        (usage.data_encipherment(), "dataEncipherment"),
        (usage.key_agreement(), "keyAgreement"),
        (usage.key_cert_sign(), "keyCertSign"),
        (usage.crl_sign(), "cRLSign"),
        (usage.encipher_only(), "encipherOnly"),
        (usage.decipher_only(), "decipherOnly"),
    ];
    known.into_iter().filter(|(said, _)| *said).map(|(_, name)| name.to_owned()).collect()
}

fn extended_names(usage: &ExtendedKeyUsage<'_>) -> Vec<String> {
    let known = [
        (usage.any, "anyExtendedKeyUsage"),
        (usage.server_auth, "serverAuth"),
        (usage.client_auth, "clientAuth"),
        (usage.code_signing, "codeSigning"),
        (usage.email_protection, "emailProtection"),
        (usage.time_stamping, "timeStamping"),
        (usage.ocsp_signing, "OCSPSigning"),
    ];
    let named = known.into_iter().filter(|(said, _)| *said).map(|(_, name)| name.to_owned());
    named.chain(usage.other.iter().map(x509_parser::der_parser::Oid::to_id_string)).collect()
}

fn other_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let found = certificate.subject_alternative_name().ok().flatten();
    found.map(|found| found.value.general_names.iter().map(other_name).collect()).unwrap_or_default()
}

fn other_name(name: &GeneralName<'_>) -> String {
    let clean = |text: &str| text.chars().filter(|one| !name::hidden(*one)).collect::<String>();
    match name {
        GeneralName::DNSName(text) => format!("DNS:{}", clean(text)),
        GeneralName::RFC822Name(text) => format!("email:{}", clean(text)),
        GeneralName::URI(text) => format!("URI:{}", clean(text)),
        GeneralName::IPAddress(bytes) => match (<[u8; 4]>::try_from(*bytes), <[u8; 16]>::try_from(*bytes)) {
            (Ok(four), _) => format!("IP:{}", IpAddr::from(four)),
            (_, Ok(sixteen)) => format!("IP:{}", IpAddr::from(sixteen)),
            _ => format!("IP:#{}", hex(bytes)),
        },
        GeneralName::DirectoryName(directory) => format!("dirName:{}", name::text(directory)),
        GeneralName::RegisteredID(oid) => format!("RID:{}", oid.to_id_string()),
        GeneralName::OtherName(oid, bytes) => format!("otherName:{};#{}", oid.to_id_string(), hex(bytes)),
        GeneralName::X400Address(_) => "x400Address".to_owned(),
        GeneralName::EDIPartyName(_) => "ediPartyName".to_owned(),
        GeneralName::Invalid(_, bytes) => format!("unreadable:#{}", hex(bytes)),
    }
}

#[derive(Clone, Copy)]
enum Whose {
    Subject,
    Issuer,
}

fn identifier(certificate: &X509Certificate<'_>, whose: Whose) -> Option<String> {
    certificate.iter_extensions().find_map(|extension| match (extension.parsed_extension(), whose) {
        (ParsedExtension::SubjectKeyIdentifier(id), Whose::Subject) => Some(hex(id.0)),
        (ParsedExtension::AuthorityKeyIdentifier(id), Whose::Issuer) => {
            id.key_identifier.as_ref().map(|id| hex(id.0))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_without_leading_zeros() {
        assert_eq!(bits(&[]), 0);
        assert_eq!(bits(&[0, 0]), 0);
        assert_eq!(bits(&[0, 0x80, 0]), 16);
        assert_eq!(bits(&[0x7F, 0xFF]), 15);
    }

    #[test]
    fn a_serial_is_compared_by_its_value() {
        assert_eq!(
            (serial(&[0, 0x0A, 1]), serial(&[0]), serial(&[])),
            ("a01".into(), "0".into(), "0".into())
        );
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        for bytes in [&b""[..], b"x", b"-----BEGIN CERTIFICATE-----", &[0x30, 0x80], &vec![0x30; 70_000]] {
            assert_eq!(look(bytes).unwrap_err().code().id, "ID-0102");
        }
    }
}
