//! Certificates, revocation lists and requests from any bytes.

use base::{FacilityId, SeededEntropy, Time};
use identity::AccountId;
use identity::certificate::ca::{self, Chosen};
use identity::certificate::{Authority, Bundle, KeyOrder, Made, Order, Revocation, Trust, crl, look};
use rustls_pki_types::CertificateDer;
use std::sync::OnceLock;

/// An authority whose key was thrown away: it will never sign anything but what stands in the corpus.
const AUTHORITY: &[u8] = include_bytes!("../corpus/certificate/the_authority_itself");
/// The clients that it signed and that may be taken, by the beginning of their fingerprints.
const CLIENTS: [&str; 2] = ["7fbee99ee5220e84", "96e11d4773064916"];

/// Reads `data` in every way in which it could come in.
///
/// # Panics
/// When a chain is taken that its authority did not sign, when two readings differ, or when something is shown that
/// could rearrange a line: that is the finding.
pub(crate) fn certificate(data: &[u8]) {
    let seen = look(data).ok();
    assert!(seen == look(data).ok(), "two readings differ");
    if let Some(seen) = seen {
        let texts = [&seen.subject, &seen.issuer, &seen.serial].into_iter().chain(&seen.names);
        assert!(!texts.flat_map(|text| text.chars()).any(char::is_control), "a control character is shown");
    }
    judged(data);
    drop(crl::look_at_list(data));
    if let Ok(bundle) = Bundle::read(data) {
        drop(Authority::import("fuzz", &bundle, Revocation::Required, now()));
    }
    requested(data);
}

fn now() -> Time {
    Time::from_microseconds(1_800_000_000_000_000)
}

fn judged(data: &[u8]) {
    static TRUST: OnceLock<Trust> = OnceLock::new();
    let trust = TRUST.get_or_init(|| {
        let bundle = Bundle { certificates: vec![AUTHORITY.to_vec()], lists: Vec::new() };
        let authority = Authority::import("fuzz", &bundle, Revocation::NotOffered, now());
        Trust::new(&[authority.expect("the authority is one")], std::collections::BTreeSet::new())
            .expect("the authority is one")
    });
    let chain = elements(data);
    let verdict = trust.judge(&chain, now());
    assert!(verdict == trust.judge(&chain, now()), "two verdicts differ");
    if let (Ok(judged), Some(first)) = (verdict, chain.first()) {
        let fingerprint = look(first).expect("what was taken can be read").fingerprint_hex();
        assert!(CLIENTS.iter().any(|client| fingerprint.starts_with(client)), "a forged chain was taken");
        assert!(judged.good_until >= now(), "taken, and over already");
    }
}

/// The input as a chain: DER elements one behind the other, or the whole when it is no such thing.
fn elements(data: &[u8]) -> Vec<CertificateDer<'_>> {
    let mut chain = Vec::new();
    let mut rest = data;
    while let Some((element, behind)) = length(rest).and_then(|length| rest.split_at_checked(length)) {
        chain.push(CertificateDer::from(element));
        rest = behind;
    }
    if !rest.is_empty() {
        chain.push(CertificateDer::from(rest));
    }
    chain
}

/// Length of a SEQUENCE whose length stands in two bytes, head included.
fn length(der: &[u8]) -> Option<usize> {
    let [0x30, 0x82, high, low, ..] = der else { return None };
    Some(4 + usize::from(u16::from_be_bytes([*high, *low])))
}

fn requested(data: &[u8]) {
    static MADE: OnceLock<Made> = OnceLock::new();
    let facility = FacilityId::parse("fuzz").expect("an id");
    let made = MADE.get_or_init(|| {
        ca::make("fuzz", &facility, (1, Chosen::P256), now(), &SeededEntropy::new(1)).expect("an authority")
    });
    let key = KeyOrder::Request(data.to_vec());
    let account = AccountId::parse("fuzz").expect("an id");
    let order = Order { account, facility: facility.clone(), label: "fuzz".into(), days: 1, key };
    let issued = ca::issue(&made.certificate_der, &made.key, &order, now(), &SeededEntropy::new(2));
    if let Ok(issued) = issued {
        let seen = look(&issued.certificate_der).expect("what was issued can be read");
        assert!(seen.is_strong() && !seen.is_authority, "a weak key or an authority was issued");
    }
}
