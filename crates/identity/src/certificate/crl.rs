//! Revocation lists (CRL, RFC 5280, section 5): those of the built-in CA, and those imported from outside.

use super::ca::{self, not_made};
use super::seen::{self, Leave};
use super::signature::{self, Verdict};
use super::{codes, look, moment, since_1970};
use base::{Problem, Secret, Time};
use rcgen::{
    CertificateRevocationListParams, KeyIdMethod, RevocationReason, RevokedCertParams, SerialNumber,
};
use std::collections::{BTreeMap, BTreeSet};
use webpki::{BorrowedCertRevocationList, OwnedCertRevocationList};
use x509_parser::prelude::FromDer as _;
use x509_parser::revocation_list::CertificateRevocationList;

/// Longest revocation list, in bytes (about 200,000 entries).
pub const LIST_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How far in the future a list may begin, for clocks that differ, in seconds.
const AHEAD_SECONDS_MAX: i64 = 3_600;

/// Why a certificate was revoked (RFC 5280, section 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No reason is told.
    Unspecified,
    /// The key may be known to others: the device was lost or stolen.
    KeyCompromise,
    /// The device or organisation belongs to the facility no longer.
    AffiliationChanged,
    /// A newer certificate replaces it.
    Superseded,
    /// The device is not used any more.
    CessationOfOperation,
    /// What it was allowed to do was withdrawn.
    PrivilegeWithdrawn,
}

/// One revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Serial number, hexadecimal, as in [`super::Seen::serial`].
    pub serial: String,
    /// When it was revoked.
    pub time: Time,
    /// Why.
    pub reason: Reason,
}

/// A list to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its number, larger than that of the list before.
    pub number: u64,
    /// From when it holds.
    pub this_update: Time,
    /// When the next one comes at the latest; after `this_update`.
    pub next_update: Time,
    /// The revoked certificates.
    pub entries: Vec<Entry>,
}

/// Makes a list signed by an authority made by [`ca::make`]; DER.
pub fn make(authority_der: &[u8], key: &Secret<Vec<u8>>, draft: &Draft) -> Result<Vec<u8>, Problem> {
    let (issuer, authority) = ca::issuer(authority_der, key)?;
    let unfit = || Problem::new(&codes::LIST_NOT_MADE);
    let serials: BTreeSet<&str> = draft.entries.iter().map(|entry| entry.serial.as_str()).collect();
    // Times in a list have whole seconds.
    let whole = |time: Time| time.microseconds() / 1_000_000;
    if serials.len() != draft.entries.len() || whole(draft.next_update) <= whole(draft.this_update) {
        return Err(unfit());
    }
    let revoked = draft.entries.iter().map(|entry| entry.params().ok_or_else(unfit));
    let date = |time: Time| rcgen::date_time_ymd(1970, 1, 1) + since_1970(time);
    let params = CertificateRevocationListParams {
        this_update: date(draft.this_update),
        next_update: date(draft.next_update),
        crl_number: SerialNumber::from(draft.number),
        issuing_distribution_point: None,
        revoked_certs: revoked.collect::<Result<_, _>>()?,
        key_identifier_method: key_identifier(&authority),
    };
    let list = params.signed_by(&issuer).map_err(|error| not_made(&error))?;
    Ok(list.der().to_vec())
}

/// The identifier that the authority's certificate carries, so that both name the key alike.
fn key_identifier(authority: &super::Seen) -> KeyIdMethod {
    match authority.subject_key.as_deref().and_then(bytes) {
        Some(id) => KeyIdMethod::PreSpecified(id),
        None => KeyIdMethod::Sha256,
    }
}

impl Entry {
    fn params(&self) -> Option<RevokedCertParams> {
        Some(RevokedCertParams {
            serial_number: SerialNumber::from(bytes(&self.serial)?),
            revocation_time: rcgen::date_time_ymd(1970, 1, 1) + since_1970(self.time),
            reason_code: Some(self.reason.code()),
            invalidity_date: None,
        })
    }
}

impl Reason {
    fn code(self) -> RevocationReason {
        match self {
            Self::Unspecified => RevocationReason::Unspecified,
            Self::KeyCompromise => RevocationReason::KeyCompromise,
            Self::AffiliationChanged => RevocationReason::AffiliationChanged,
            Self::Superseded => RevocationReason::Superseded,
            Self::CessationOfOperation => RevocationReason::CessationOfOperation,
            Self::PrivilegeWithdrawn => RevocationReason::PrivilegeWithdrawn,
        }
    }
}

/// Bytes of hexadecimal digits, with a 0 before an odd number of them.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let even = if digits.len().is_multiple_of(2) { digits.to_owned() } else { format!("0{digits}") };
    let pairs = even.as_bytes().chunks(2);
    let read = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    read.collect::<Option<Vec<u8>>>().filter(|bytes| !bytes.is_empty())
}

/// A revocation list as looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Issuer, RFC 4514.
    pub issuer: String,
    /// Its number in big-endian bytes, hexadecimal, without leading zeros.
    pub number: String,
    /// From when it holds.
    pub this_update: Time,
    /// When the next one comes at the latest.
    pub next_update: Time,
    /// Serial numbers of the revoked certificates, and when they were revoked.
    pub revoked: BTreeMap<String, Time>,
    pub(super) raw_issuer: Vec<u8>,
    /// Which part of the authority's certificates it covers (issuingDistributionPoint); empty: all of them.
    pub(super) scope: Vec<u8>,
}

/// Looks at a list in DER. Lists that the judgement could not work with are refused here.
pub fn look_at_list(der: &[u8]) -> Result<List, Problem> {
    let unreadable = || Problem::new(&codes::LIST_UNREADABLE);
    let read = checked(der)?;
    let (_, list) = CertificateRevocationList::from_der(der).map_err(|_| unreadable())?;
    let number =
        list.crl_number().map(|number| seen::serial(&number.to_bytes_be())).ok_or_else(unreadable)?;
    let revoked = list.iter_revoked_certificates();
    Ok(List {
        issuer: super::name::text(list.issuer()),
        number,
        this_update: moment(list.last_update()),
        next_update: moment(list.next_update().ok_or_else(unreadable)?),
        revoked: revoked.map(|one| (seen::serial(one.raw_serial()), moment(one.revocation_date))).collect(),
        raw_issuer: list.issuer().as_raw().to_vec(),
        scope: webpki::CertRevocationList::from(read)
            .issuing_distribution_point()
            .unwrap_or_default()
            .to_vec(),
    })
}

/// The list in the form that the judgement works with.
pub(super) fn checked(der: &[u8]) -> Result<OwnedCertRevocationList, Problem> {
    let unreadable = || Problem::new(&codes::LIST_UNREADABLE);
    if der.len() > LIST_BYTES_MAX {
        return Err(unreadable());
    }
    BorrowedCertRevocationList::from_der(der)
        .and_then(|list| list.to_owned())
        .map_err(|error| unreadable().log(format!("{error:?}")))
}

/// Takes in a list for an authority: `signers` are the authority's certificate and its intermediates, `held` the lists
/// that it has. Gives the lists that it has from now on. The list must be signed by one of the signers, current, and
/// newer than the one it replaces (RFC 5280, section 5.2.3: numbers only grow).
pub fn accept(signers: &[Vec<u8>], held: &[Vec<u8>], new: &[u8], now: Time) -> Result<Vec<Vec<u8>>, Problem> {
    let list = look_at_list(new)?;
    if !signers.iter().any(|signer| signed(new, &list, signer)) {
        return Err(Problem::new(&codes::LIST_FOREIGN));
    }
    if list.this_update > now.plus_seconds(AHEAD_SECONDS_MAX) || list.next_update <= now {
        return Err(Problem::new(&codes::LIST_NOT_CURRENT));
    }
    let mut kept = Vec::new();
    for old in held {
        let seen = look_at_list(old)?;
        if (&seen.raw_issuer, &seen.scope) != (&list.raw_issuer, &list.scope) {
            kept.push(old.clone());
        } else if age(&list) <= age(&seen) {
            return Err(Problem::new(&codes::LIST_OLDER));
        }
    }
    kept.push(new.to_vec());
    Ok(kept)
}

/// By number, which only grows; the length of the digits first, so that they compare as numbers do.
pub(super) fn age(list: &List) -> (usize, &str, Time) {
    (list.number.len(), &list.number, list.this_update)
}

/// Whether the signer made this list, and may (cRLSign, RFC 5280, section 4.2.1.3).
fn signed(der: &[u8], list: &List, signer: &[u8]) -> bool {
    let Ok(authority) = look(signer) else { return false };
    let may = authority.is_strong() && authority.signs_lists != Leave::Withheld;
    let (Some(certificate), Ok((_, read))) = (seen::read(signer), CertificateRevocationList::from_der(der))
    else {
        return false;
    };
    if !may || authority.raw_subject != list.raw_issuer {
        return false;
    }
    let (algorithm, proof) = (&read.signature_algorithm, &read.signature_value.data);
    matches!(
        signature::verify(certificate.public_key(), algorithm, read.tbs_cert_list.as_ref(), proof),
        Verdict::Good
    )
}
