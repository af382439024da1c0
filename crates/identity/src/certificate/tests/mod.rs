//! Authorities and certificates of every kind, good and bad, for the tests of this room.

mod files;
mod issue;
mod lists;
mod matrix;

use super::ca::{self, Chosen, Issued, KeyOrder, Made, Order};
use super::trust::{Authority, Revocation};
use crate::AccountId;
use base::{FacilityId, SeededEntropy, Time};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};
use rustls_pki_types::CertificateDer;

pub(super) fn now() -> Time {
    Time::parse("2027-01-01T00:00:00Z").unwrap()
}

pub(super) fn days(days: i64) -> Time {
    now().plus_seconds(days * 86_400)
}

pub(super) fn facility(id: &str) -> FacilityId {
    FacilityId::parse(id).unwrap()
}

pub(super) fn made(name: &str, id: &str) -> Made {
    ca::make(name, &facility(id), (10, Chosen::P256), now(), &SeededEntropy::new(1)).unwrap()
}

pub(super) fn order(key: KeyOrder) -> Order {
    let account = AccountId::parse("tablet-3").unwrap();
    Order { account, facility: facility("demo"), label: "外来 3 番".into(), days: 397, key }
}

pub(super) fn issued(authority: &Made, seed: u64) -> Issued {
    let order = order(KeyOrder::New);
    ca::issue(&authority.certificate_der, &authority.key, &order, now(), &SeededEntropy::new(seed)).unwrap()
}

pub(super) fn built_in(made: &Made) -> Authority {
    Authority {
        id: "built-in".into(),
        certificate: made.certificate_der.clone(),
        intermediates: Vec::new(),
        lists: Vec::new(),
        revocation: Revocation::Register,
    }
}

pub(super) fn chain(ders: &[&[u8]]) -> Vec<CertificateDer<'static>> {
    ders.iter().map(|der| CertificateDer::from(der.to_vec())).collect()
}

/// A certificate with its key, made freely by the library: what our own CA would never issue.
pub(super) struct Hand {
    pub(super) params: CertificateParams,
    pub(super) key: KeyPair,
    pub(super) der: Vec<u8>,
}

pub(super) fn params(name: &str, organisation: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, organisation);
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2028, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params
}

pub(super) fn authority_params(name: &str, below: Option<u8>) -> CertificateParams {
    let mut params = params(name, "地域医療ネットワーク");
    params.is_ca = IsCa::Ca(below.map_or(BasicConstraints::Unconstrained, BasicConstraints::Constrained));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

pub(super) fn client_params() -> CertificateParams {
    let mut params = params("tablet-9", "外部クリニック");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}

pub(super) fn root(params: CertificateParams) -> Hand {
    let key = KeyPair::generate().unwrap();
    let der = params.self_signed(&key).unwrap().der().to_vec();
    Hand { params, key, der }
}

pub(super) fn below(above: &Hand, params: CertificateParams) -> Hand {
    below_with(above, params, KeyPair::generate().unwrap())
}

pub(super) fn below_with(above: &Hand, params: CertificateParams, key: KeyPair) -> Hand {
    let issuer = Issuer::from_params(&above.params, &above.key);
    let der = params.signed_by(&key, &issuer).unwrap().der().to_vec();
    Hand { params, key, der }
}

pub(super) fn outside(root: &Hand, revocation: Revocation) -> Authority {
    Authority {
        id: "outside".into(),
        certificate: root.der.clone(),
        intermediates: Vec::new(),
        lists: Vec::new(),
        revocation,
    }
}

/// A list by hand: these serial numbers, this number, from `from` to `until`.
pub(super) fn list(by: &Hand, serials: &[&str], number: u64, (from, until): (Time, Time)) -> Vec<u8> {
    let draft = super::crl::Draft {
        number,
        this_update: from,
        next_update: until,
        entries: serials
            .iter()
            .map(|serial| super::crl::Entry {
                serial: (*serial).to_owned(),
                time: from,
                reason: super::crl::Reason::KeyCompromise,
            })
            .collect(),
    };
    super::crl::make(&by.der, &base::Secret::new(by.key.serialize_der()), &draft).unwrap()
}
