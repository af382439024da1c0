//! Certificates for development and demonstration: a CA of its own and a server certificate below it.

use crate::codes;
use base::{Problem, Secret, Time};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::time::Duration;

/// How long the CA is valid, in days (ten years).
const CA_DAYS: u64 = 3_652;
/// How long the server certificate is valid, in days: the longest that clients commonly take.
const SERVER_DAYS: u64 = 397;
/// How long before `now` both become valid, for clients whose clock is slow, in seconds.
const BACKDATED_SECONDS: i64 = 3_600;
const DAY_SECONDS: u64 = 86_400;

/// Names that the server certificate always carries.
const OWN_NAMES: [&str; 3] = ["127.0.0.1", "::1", "localhost"];

/// A CA and a server certificate, as PEM texts.
#[derive(Debug)]
pub struct DevelopmentCertificates {
    /// The CA's certificate, for clients to trust.
    pub ca_certificate: String,
    /// The CA's key.
    pub ca_key: Secret<String>,
    /// The server's certificate, then that of the CA.
    pub certificate_chain: String,
    /// The server's key.
    pub private_key: Secret<String>,
}

/// Makes a CA (valid ten years) and a server certificate (397 days) for this machine's loopback names and `names`
/// (host names or IP addresses). Fails when a name cannot stand in a certificate.
pub fn development_certificates(names: &[String], now: Time) -> Result<DevelopmentCertificates, Problem> {
    make(names, now).map_err(|error| Problem::new(&codes::CERTIFICATES_NOT_MADE).log(error.to_string()))
}

fn make(names: &[String], now: Time) -> Result<DevelopmentCertificates, rcgen::Error> {
    let ca_key = KeyPair::generate()?;
    let ca_params = ca(now);
    let ca_certificate = ca_params.self_signed(&ca_key)?.pem();
    let issuer = Issuer::from_params(&ca_params, &ca_key);
    let private_key = KeyPair::generate()?;
    let certificate = server(names, now)?.signed_by(&private_key, &issuer)?.pem();
    Ok(DevelopmentCertificates {
        certificate_chain: format!("{certificate}{ca_certificate}"),
        ca_certificate,
        ca_key: Secret::new(ca_key.serialize_pem()),
        private_key: Secret::new(private_key.serialize_pem()),
    })
}

fn ca(now: Time) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Akashi development CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid(&mut params, now, CA_DAYS);
    params
}

fn server(names: &[String], now: Time) -> Result<CertificateParams, rcgen::Error> {
    let mut all: Vec<String> = OWN_NAMES.iter().map(|name| (*name).to_owned()).collect();
    all.extend(names.iter().filter(|name| !OWN_NAMES.contains(&name.as_str())).cloned());
    let mut params = CertificateParams::new(all)?;
    params.distinguished_name.push(DnType::CommonName, "Akashi development server");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    valid(&mut params, now, SERVER_DAYS);
    Ok(params)
}

fn valid(params: &mut CertificateParams, now: Time, days: u64) {
    let from = now.plus_seconds(-BACKDATED_SECONDS).microseconds().unsigned_abs();
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(from / 1_000_000);
    params.not_after = params.not_before + Duration::from_secs(days.saturating_mul(DAY_SECONDS));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_new_keys_are_made() {
        let now = Time::parse("2026-04-01T00:00:00Z").unwrap();
        let (one, two) =
            (development_certificates(&[], now).unwrap(), development_certificates(&[], now).unwrap());
        assert_ne!(one.private_key.reveal(), two.private_key.reveal());
        assert!(one.certificate_chain.ends_with(&one.ca_certificate));
        assert!(!format!("{one:?}").contains("PRIVATE KEY"));
    }

    #[test]
    fn a_name_that_cannot_stand_in_a_certificate_is_refused() {
        let problem = development_certificates(&["山".to_owned()], Time::from_microseconds(0)).unwrap_err();
        assert_eq!(problem.code().id, "SV-0024");
    }
}
