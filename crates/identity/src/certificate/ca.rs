//! The built-in CA of a facility: make it, and issue client certificates below it.

use super::request;
use super::seen::{self, Leave, Seen};
use super::{DAY_SECONDS, codes, look, since_1970};
use crate::AccountId;
use base::{Entropy, FacilityId, Problem, Secret, Time};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SerialNumber, SignatureAlgorithm,
};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// Longest validity of an authority, in years.
pub const AUTHORITY_YEARS_MAX: u32 = 20;
/// Validity of a client certificate when nobody says, in days.
pub const CLIENT_DAYS_DEFAULT: u32 = 397;
/// Longest validity of a client certificate, in days (a little over two years: a lost tablet is noticed at the latest then).
pub const CLIENT_DAYS_MAX: u32 = 825;
/// Longest name or label in a certificate, in characters (RFC 5280, appendix A.1, `ub-common-name`).
pub const TEXT_CHARS_MAX: usize = 64;
/// How long before `now` a certificate becomes valid, for clients whose clock is slow, in seconds.
const BACKDATED_SECONDS: i64 = 3_600;
const YEAR_DAYS: i64 = 365;
/// Bytes of a serial number: 126 of their bits are random (RFC 5280, section 4.1.2.2, allows 20 bytes).
const SERIAL_BYTES: usize = 16;

/// The curve of an authority's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// P-256 with SHA-256: taken by every device.
    P256,
    /// P-384 with SHA-384.
    P384,
}

/// An authority with its key.
#[derive(Debug)]
pub struct Made {
    /// The authority's certificate, in DER.
    pub certificate_der: Vec<u8>,
    /// The authority's key, in PKCS#8 DER.
    pub key: Secret<Vec<u8>>,
}

/// Where the key of a client certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOrder {
    /// It is made here (P-256) and handed out with the certificate.
    New,
    /// It stays on the device, which sends a PKCS#10 request in PEM or DER.
    Request(Vec<u8>),
}

/// A client certificate to be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The account of the device or organisation: the common name.
    pub account: AccountId,
    /// The facility: the organisation.
    pub facility: FacilityId,
    /// What people call it, such as the ward of a tablet: the organisational unit. No person's name.
    pub label: String,
    /// How many days it is valid from now, 1 to [`CLIENT_DAYS_MAX`].
    pub days: u32,
    /// Its key.
    pub key: KeyOrder,
}

/// A client certificate as issued.
#[derive(Debug)]
pub struct Issued {
    /// The certificate, in DER.
    pub certificate_der: Vec<u8>,
    /// Its key in PKCS#8 DER, when it was made here.
    pub key: Option<Secret<Vec<u8>>>,
}

/// Makes an authority for a facility, valid for `years` of 365 days (1 to [`AUTHORITY_YEARS_MAX`]) from now. It may sign
/// client certificates and revocation lists, and no further authority. Its key comes from the cryptographic library,
/// which takes the system's randomness; `entropy` gives the serial number.
pub fn make(
    name: &str,
    facility: &FacilityId,
    (years, chosen): (u32, Chosen),
    now: Time,
    entropy: &dyn Entropy,
) -> Result<Made, Problem> {
    fit(name)?;
    if !(1..=AUTHORITY_YEARS_MAX).contains(&years) {
        return Err(out_of_bounds(AUTHORITY_YEARS_MAX, "years"));
    }
    let key = KeyPair::generate_for(chosen.algorithm()).map_err(|error| not_made(&error))?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, facility.as_str());
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.serial_number = Some(serial_number(entropy)?);
    let until = now.plus_seconds(i64::from(years).saturating_mul(YEAR_DAYS).saturating_mul(DAY_SECONDS));
    valid(&mut params, now, until);
    let certificate = params.self_signed(&key).map_err(|error| not_made(&error))?;
    Ok(Made { certificate_der: certificate.der().to_vec(), key: Secret::new(key.serialize_der()) })
}

/// Issues a client certificate (clientAuth, digitalSignature, CA:FALSE) below an authority made by [`make`]. It never
/// outlives its authority. A new key comes from the cryptographic library, as in [`make`].
pub fn issue(
    authority_der: &[u8],
    key: &Secret<Vec<u8>>,
    order: &Order,
    now: Time,
    entropy: &dyn Entropy,
) -> Result<Issued, Problem> {
    fit(&order.label)?;
    if !(1..=CLIENT_DAYS_MAX).contains(&order.days) {
        return Err(out_of_bounds(CLIENT_DAYS_MAX, "days"));
    }
    let (issuer, authority) = issuer(authority_der, key)?;
    let until = now.plus_seconds(i64::from(order.days).saturating_mul(DAY_SECONDS));
    if until > authority.not_after {
        return Err(Problem::new(&codes::AUTHORITY_ENDS_SOONER).with("until", authority.not_after.in_japan()));
    }
    let params = client(order, now, until, entropy)?;
    match &order.key {
        KeyOrder::New => {
            let own = KeyPair::generate().map_err(|error| not_made(&error))?;
            let certificate = params.signed_by(&own, &issuer).map_err(|error| not_made(&error))?;
            let key = Some(Secret::new(own.serialize_der()));
            Ok(Issued { certificate_der: certificate.der().to_vec(), key })
        }
        KeyOrder::Request(bytes) => {
            let public = request::public_key(bytes)?;
            let certificate = params.signed_by(&public, &issuer).map_err(|error| not_made(&error))?;
            Ok(Issued { certificate_der: certificate.der().to_vec(), key: None })
        }
    }
}

fn client(
    order: &Order,
    now: Time,
    until: Time,
    entropy: &dyn Entropy,
) -> Result<CertificateParams, Problem> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, order.facility.as_str());
    params.distinguished_name.push(DnType::OrganizationalUnitName, order.label.as_str());
    params.distinguished_name.push(DnType::CommonName, order.account.as_str());
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    params.serial_number = Some(serial_number(entropy)?);
    valid(&mut params, now, until);
    Ok(params)
}

/// The authority as a signer, once its certificate and its key are seen to belong together.
pub(super) fn issuer(
    authority_der: &[u8],
    key: &Secret<Vec<u8>>,
) -> Result<(Issuer<'static, KeyPair>, Seen), Problem> {
    let authority = authority(authority_der)?;
    let pair = KeyPair::try_from(&PrivatePkcs8KeyDer::from(key.reveal().as_slice()))
        .map_err(|_| Problem::new(&codes::KEY_OF_ANOTHER))?;
    let certificate = seen::read(authority_der).ok_or_else(|| Problem::new(&codes::NOT_AN_AUTHORITY))?;
    if *certificate.public_key().subject_public_key.data != *pair.public_key_raw() {
        return Err(Problem::new(&codes::KEY_OF_ANOTHER));
    }
    let issuer = Issuer::from_ca_cert_der(&CertificateDer::from(authority_der), pair)
        .map_err(|error| not_made(&error))?;
    Ok((issuer, authority))
}

/// Looks at a certificate that is to sign others: CA:TRUE, keyCertSign unless nothing is said, and a strong key.
pub(super) fn authority(der: &[u8]) -> Result<Seen, Problem> {
    let not_one = || Problem::new(&codes::NOT_AN_AUTHORITY);
    let seen = look(der).map_err(|_| not_one())?;
    let may_sign = seen.is_authority && seen.signs_certificates != Leave::Withheld;
    if may_sign && seen.is_strong() { Ok(seen) } else { Err(not_one()) }
}

impl Chosen {
    fn algorithm(self) -> &'static SignatureAlgorithm {
        match self {
            Self::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Self::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
        }
    }
}

/// Positive and always of the same length: the top bit is 0, the next one 1.
fn serial_number(entropy: &dyn Entropy) -> Result<SerialNumber, Problem> {
    let mut bytes = [0; SERIAL_BYTES];
    entropy.fill(&mut bytes).map_err(|_| Problem::new(&codes::NO_CHANCE))?;
    let [first, rest @ ..] = bytes;
    let mut serial = vec![first & 0x7F | 0x40];
    serial.extend(rest);
    Ok(SerialNumber::from(serial))
}

fn fit(text: &str) -> Result<(), Problem> {
    let length = text.chars().count();
    let fits = (1..=TEXT_CHARS_MAX).contains(&length) && !text.chars().any(super::name::hidden);
    if fits { Ok(()) } else { Err(Problem::new(&codes::TEXT_UNFIT).with("most", TEXT_CHARS_MAX)) }
}

fn out_of_bounds(most: u32, unit: &'static str) -> Problem {
    Problem::new(&codes::VALIDITY_OUT_OF_BOUNDS).with("most", most).with("unit", unit)
}

pub(super) fn not_made(error: &rcgen::Error) -> Problem {
    Problem::new(&codes::NOT_MADE).log(error.to_string())
}

/// A `Time` is within the years 1970 to 9999, so the sums exist.
fn valid(params: &mut CertificateParams, now: Time, until: Time) {
    let from = now.plus_seconds(-BACKDATED_SECONDS);
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since_1970(from);
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since_1970(until);
}
