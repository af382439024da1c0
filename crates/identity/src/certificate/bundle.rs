//! Certificates and revocation lists out of files as people have them: PEM or DER, one or several.

use super::crl::{LIST_BYTES_MAX, look_at_list};
use super::{codes, look};
use base::Problem;

/// Longest file, in bytes.
pub const FILE_BYTES_MAX: usize = LIST_BYTES_MAX.saturating_mul(2);
/// Most certificates and lists in one file.
pub const FILE_PARTS_MAX: usize = 64;

/// What a file held, in its order. Every part was looked at; nothing was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// Certificates, in DER.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists, in DER.
    pub lists: Vec<Vec<u8>>,
}

impl Bundle {
    /// Reads a file.
    pub fn read(file: &[u8]) -> Result<Self, Problem> {
        if file.len() > FILE_BYTES_MAX {
            return Err(too_large());
        }
        if file.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
            return Err(Problem::new(&codes::FILE_EMPTY));
        }
        if holds(file, b"-----BEGIN ") { Self::from_pem(file) } else { Self::from_der(file) }
    }

    fn from_pem(file: &[u8]) -> Result<Self, Problem> {
        // Looked for before anything is parsed: also a damaged key is a key.
        if holds(file, b"PRIVATE KEY-----") {
            return Err(Problem::new(&codes::PRIVATE_KEY_FOUND));
        }
        let parts = ::pem::parse_many(file).map_err(|_| unreadable())?;
        // A part that is cut off is passed over by the parser; it must not be passed over here.
        let begun = file.windows(11).filter(|window| *window == b"-----BEGIN ").count();
        if parts.len() != begun {
            return Err(unreadable());
        }
        if parts.len() > FILE_PARTS_MAX {
            return Err(too_large());
        }
        let mut bundle = Self::default();
        for part in parts {
            bundle.take(part.tag(), part.contents())?;
        }
        Ok(bundle)
    }

    fn take(&mut self, label: &str, der: &[u8]) -> Result<(), Problem> {
        match label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
                look(der).map_err(|_| unreadable())?;
                self.certificates.push(der.to_vec());
                Ok(())
            }
            "X509 CRL" | "CRL" => {
                look_at_list(der)?;
                self.lists.push(der.to_vec());
                Ok(())
            }
            "PKCS7" | "CMS" => Err(container("PKCS#7")),
            _ => Err(unreadable()),
        }
    }

    fn from_der(file: &[u8]) -> Result<Self, Problem> {
        if look(file).is_ok() {
            return Ok(Self { certificates: vec![file.to_vec()], lists: Vec::new() });
        }
        match shape(file) {
            Shape::List => {
                look_at_list(file)?;
                Ok(Self { certificates: Vec::new(), lists: vec![file.to_vec()] })
            }
            Shape::Key => Err(Problem::new(&codes::PRIVATE_KEY_FOUND)),
            Shape::Pkcs7 => Err(container("PKCS#7")),
            Shape::Pkcs12 => Err(container("PKCS#12")),
            Shape::Other => Err(unreadable()),
        }
    }
}

enum Shape {
    List,
    Key,
    Pkcs7,
    Pkcs12,
    Other,
}

/// What a DER file is, told by how it begins: `SEQUENCE { …`.
fn shape(file: &[u8]) -> Shape {
    use x509_parser::der_parser::asn1_rs::{Any, FromDer as _};
    if x509_parser::revocation_list::CertificateRevocationList::from_der(file).is_ok() {
        return Shape::List;
    }
    let Ok((_, outer)) = Any::from_der(file) else { return Shape::Other };
    let Ok((rest, first)) = Any::from_der(outer.data) else { return Shape::Other };
    let second = Any::from_der(rest).map(|(_, any)| (any.tag().0, any.data));
    match (outer.tag().0, first.tag().0, first.data, second) {
        // signedData, 1.2.840.113549.1.7.2
        (16, 6, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2], _) => Shape::Pkcs7,
        // PFX: INTEGER 3, then a SEQUENCE with an OID (RFC 7292, section 4).
        (16, 2, [3], Ok((16, [6, ..]))) => Shape::Pkcs12,
        // PKCS#1 (INTEGER 0, INTEGER n), SEC 1 (INTEGER 1, OCTET STRING), PKCS#8 (INTEGER 0 or 1, SEQUENCE); encrypted
        // PKCS#8 is a SEQUENCE with PBES2 or a password-based scheme of PKCS#12, then an OCTET STRING.
        (16, 2, [0 | 1], Ok((2 | 4 | 16, _)))
        | (16, 16, [6, _, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5 | 12, ..], Ok((4, _))) => Shape::Key,
        _ => Shape::Other,
    }
}

fn holds(file: &[u8], what: &[u8]) -> bool {
    file.windows(what.len()).any(|window| window == what)
}

fn unreadable() -> Problem {
    Problem::new(&codes::FILE_UNREADABLE)
}

fn container(kind: &'static str) -> Problem {
    Problem::new(&codes::CONTAINER_FOUND).with("kind", kind)
}

fn too_large() -> Problem {
    Problem::new(&codes::FILE_TOO_LARGE).with("limit", FILE_BYTES_MAX).with("count", FILE_PARTS_MAX)
}
