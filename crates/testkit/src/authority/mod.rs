//! A CA for tests: client certificates in every way good and bad, each with a key that a TLS client can use.
//!
//! It is made with the library alone, apart from the product's own CA, so that neither vouches for the other.

use base::Time;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
    SubjectPublicKeyInfo,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::time::Duration;

const DAY_SECONDS: i64 = 86_400;
const NETWORK: &str = "Test network";
/// RSA with 1024 bits, and a client below it, made with OpenSSL: the library makes no such keys. The private half of the
/// intermediate does not exist any more.
const WEAK_INTERMEDIATE: &str = include_str!("weak_intermediate.pub.pem");
const WEAK_CLIENT: &str = include_str!("weak_client.pem");
const WEAK_CLIENT_KEY: &str = include_str!("weak_client.key.pem");

/// In which way a client certificate is good or bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Good, with its intermediate.
    Good,
    /// Signed by itself.
    SelfSigned,
    /// Of an authority with the same names and other keys.
    WrongAuthority,
    /// Over since yesterday.
    Expired,
    /// From tomorrow.
    NotYetValid,
    /// For servers.
    WrongUsage,
    /// Good, but shown without its intermediate.
    MissingIntermediate,
    /// Below an intermediate with RSA-1024. The client's own key is strong: no TLS library signs with a weak one.
    WeakKey,
}

impl Cell {
    /// Every cell.
    pub const ALL: [Self; 8] = [
        Self::Good,
        Self::SelfSigned,
        Self::WrongAuthority,
        Self::Expired,
        Self::NotYetValid,
        Self::WrongUsage,
        Self::MissingIntermediate,
        Self::WeakKey,
    ];
}

/// What a client shows, as PEM texts.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its certificate, then those above it as far as it shows them.
    pub chain: String,
    /// Its key, PKCS#8.
    pub key: String,
    /// That of the weak client is not known here; it is not revoked by tests.
    serial: Option<SerialNumber>,
}

impl Shown {
    /// What a facility's own authority has issued: `certificate` and `key` of the command's answer.
    pub fn issued(answer: &serde_json::Value) -> Self {
        let text = |name: &str| answer.get(name).and_then(serde_json::Value::as_str).unwrap().to_owned();
        Self { chain: text("certificate"), key: text("key"), serial: None }
    }

    /// In the form that `rustls::ClientConfig` takes.
    pub fn identity(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let chain = CertificateDer::pem_slice_iter(self.chain.as_bytes()).map(Result::unwrap).collect();
        (chain, PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap())
    }
}

/// A root, an intermediate below it, and the clients of both.
#[derive(Debug)]
pub struct Authority {
    root: Signer,
    intermediate: Signer,
    now: Time,
}

#[derive(Debug)]
struct Signer {
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Makes one. `now` is the time by which its clients are valid, expired or not valid yet.
    pub fn new(now: Time) -> Self {
        let (params, key) = (authority("Test root", now), KeyPair::generate().unwrap());
        let certificate = params.self_signed(&key).unwrap().pem();
        let root = Signer { certificate, issuer: Issuer::new(params, key) };
        let (params, key) = (authority("Test intermediate", now), KeyPair::generate().unwrap());
        let certificate = params.signed_by(&key, &root.issuer).unwrap().pem();
        let intermediate = Signer { certificate, issuer: Issuer::new(params, key) };
        Self { root, intermediate, now }
    }

    /// The root, for the facility to trust; PEM.
    pub fn root(&self) -> String {
        self.root.certificate.clone()
    }

    /// The intermediate; PEM.
    pub fn intermediate(&self) -> String {
        self.intermediate.certificate.clone()
    }

    /// A client of this kind with the common name `name`. Each call makes a new one, but for that of [`Cell::WeakKey`].
    pub fn client(&self, name: &str, cell: Cell) -> Shown {
        let days = |days: i64| self.now.plus_seconds(days * DAY_SECONDS);
        let mut params = client(name, (days(-1), days(30)));
        match cell {
            Cell::Expired => validity(&mut params, (days(-30), days(-1))),
            Cell::NotYetValid => validity(&mut params, (days(1), days(30))),
            Cell::WrongUsage => params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth],
            _ => {}
        }
        match cell {
            Cell::WeakKey => self.weak(),
            Cell::WrongAuthority => Self::new(self.now).client(name, Cell::Good),
            Cell::SelfSigned => {
                let key = KeyPair::generate().unwrap();
                shown(&params, params.self_signed(&key).unwrap().pem(), &key)
            }
            _ => {
                let key = KeyPair::generate().unwrap();
                let own = params.signed_by(&key, &self.intermediate.issuer).unwrap().pem();
                let above =
                    if cell == Cell::MissingIntermediate { String::new() } else { self.intermediate() };
                shown(&params, own + &above, &key)
            }
        }
    }

    /// The root signs the weak key here, so that the chain leads to what the facility trusts.
    fn weak(&self) -> Shown {
        let public = SubjectPublicKeyInfo::from_pem(WEAK_INTERMEDIATE).unwrap();
        let above = authority("Weak intermediate", self.now).signed_by(&public, &self.root.issuer).unwrap();
        let chain = format!("{WEAK_CLIENT}{}", above.pem());
        Shown { chain, key: WEAK_CLIENT_KEY.to_owned(), serial: None }
    }

    /// The revocation lists of root and intermediate, PEM, valid from `now` for these days; `revoked` are on that of the
    /// intermediate.
    pub fn lists(&self, revoked: &[&Shown], number: u64, days: i64) -> String {
        let until = self.now.plus_seconds(days * DAY_SECONDS);
        let list = |serials: Vec<SerialNumber>, by: &Signer| {
            let revoked = serials.into_iter().map(|serial_number| RevokedCertParams {
                serial_number,
                revocation_time: rcgen::date_time_ymd(1970, 1, 1) + since(self.now),
                reason_code: None,
                invalidity_date: None,
            });
            let params = CertificateRevocationListParams {
                this_update: rcgen::date_time_ymd(1970, 1, 1) + since(self.now),
                next_update: rcgen::date_time_ymd(1970, 1, 1) + since(until),
                crl_number: SerialNumber::from(number),
                issuing_distribution_point: None,
                revoked_certs: revoked.collect(),
                key_identifier_method: KeyIdMethod::Sha256,
            };
            params.signed_by(&by.issuer).unwrap().pem().unwrap()
        };
        let serials = revoked.iter().filter_map(|shown| shown.serial.clone()).collect();
        list(Vec::new(), &self.root) + &list(serials, &self.intermediate)
    }
}

fn shown(params: &CertificateParams, chain: String, key: &KeyPair) -> Shown {
    Shown { chain, key: key.serialize_pem(), serial: params.serial_number.clone() }
}

fn authority(name: &str, now: Time) -> CertificateParams {
    let mut params = named(name, NETWORK);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    validity(&mut params, (now.plus_seconds(-365 * DAY_SECONDS), now.plus_seconds(365 * DAY_SECONDS)));
    params
}

fn client(name: &str, during: (Time, Time)) -> CertificateParams {
    let mut params = named(name, "Test clinic");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    validity(&mut params, during);
    params
}

fn named(name: &str, organisation: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, organisation);
    params.distinguished_name.push(DnType::CommonName, name);
    params.use_authority_key_identifier_extension = true;
    params.serial_number = Some(serial());
    params
}

/// Numbers that do not come twice within a process.
fn serial() -> SerialNumber {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1_000);
    SerialNumber::from(NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

fn validity(params: &mut CertificateParams, (from, until): (Time, Time)) {
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since(from);
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since(until);
}

fn since(time: Time) -> Duration {
    Duration::from_secs(time.microseconds().unsigned_abs() / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use identity::certificate::{Authority as Trusted, Bundle, Fault, Revocation, Trust};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    fn now() -> Time {
        Time::parse("2026-04-01T00:00:00Z").unwrap()
    }

    fn trust(authority: &Authority, lists: &str, revocation: Revocation) -> Trust {
        let bundle = Bundle::read((authority.root() + &authority.intermediate() + lists).as_bytes()).unwrap();
        let mut trusted = Trusted::import("test", &bundle, revocation, now()).unwrap();
        trusted.intermediates.clear();
        Trust::new(&[trusted], BTreeSet::new()).unwrap()
    }

    #[test]
    fn every_cell_is_judged_for_what_it_is() {
        let authority = Authority::new(now());
        let trust = trust(&authority, "", Revocation::NotOffered);
        let verdict = |cell| trust.judge(&authority.client("tablet-1", cell).identity().0, now());
        assert_eq!(verdict(Cell::Good).unwrap().subject, "CN=tablet-1,O=Test clinic");
        let expected = [
            (Cell::SelfSigned, Fault::UnknownAuthority),
            (Cell::WrongAuthority, Fault::UnknownAuthority),
            (Cell::Expired, Fault::Expired),
            (Cell::NotYetValid, Fault::NotYetValid),
            (Cell::WrongUsage, Fault::WrongUsage),
            (Cell::MissingIntermediate, Fault::IncompleteChain),
            (Cell::WeakKey, Fault::WeakKey),
        ];
        assert_eq!(expected.len() + 1, Cell::ALL.len());
        for (cell, fault) in expected {
            assert_eq!(verdict(cell), Err(fault), "{cell:?}");
        }
    }

    #[test]
    fn a_tls_client_can_use_every_cell() {
        let authority = Authority::new(now());
        for cell in Cell::ALL {
            let (chain, key) = authority.client("tablet-1", cell).identity();
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let builder = rustls::ClientConfig::builder_with_provider(provider);
            let builder = builder.with_protocol_versions(&[&rustls::version::TLS13]).unwrap();
            let builder = builder.with_root_certificates(rustls::RootCertStore::empty());
            assert!(builder.with_client_auth_cert(chain, key).is_ok(), "{cell:?}");
        }
    }

    #[test]
    fn the_lists_revoke_what_they_are_told_to() {
        let authority = Authority::new(now());
        let (one, two) = (authority.client("one", Cell::Good), authority.client("two", Cell::Good));
        let trust = trust(&authority, &authority.lists(&[&one], 1, 7), Revocation::Required);
        assert_eq!(trust.judge(&one.identity().0, now()), Err(Fault::Revoked));
        let good = trust.judge(&two.identity().0, now()).unwrap();
        assert_eq!(good.good_until, now().plus_seconds(7 * DAY_SECONDS));
    }
}
