//! The matrix: every way in which a chain can be wrong has its fault, and what is right is taken.

use super::*;
use crate::certificate::trust::{Fault, Judged, Trust};
use crate::certificate::{Seen, look};
use std::collections::BTreeSet;

fn trust(authorities: &[Authority]) -> Trust {
    Trust::new(authorities, BTreeSet::new()).unwrap()
}

fn fault(trust: &Trust, ders: &[&[u8]], at: Time) -> Fault {
    trust.judge(&chain(ders), at).unwrap_err()
}

fn seen(der: &[u8]) -> Seen {
    look(der).unwrap()
}

#[test]
fn a_certificate_of_the_built_in_authority_is_taken() {
    let made = made("施設 CA", "demo");
    let issued = issued(&made, 7);
    let judged = trust(&[built_in(&made)]).judge(&chain(&[&issued.certificate_der]), now()).unwrap();
    let seen = seen(&issued.certificate_der);
    let expected = Judged {
        authority_id: "built-in".into(),
        fingerprint: seen.fingerprint,
        serial: seen.serial,
        subject: "CN=tablet-3,OU=外来 3 番,O=demo".into(),
        good_until: days(397),
    };
    assert_eq!(judged, expected);
}

#[test]
fn no_certificate_is_missing() {
    assert_eq!(fault(&trust(&[built_in(&made("CA", "demo"))]), &[], now()), Fault::Missing);
}

#[test]
fn without_any_authority_nothing_is_taken() {
    let issued = issued(&made("CA", "demo"), 1);
    assert_eq!(fault(&trust(&[]), &[&issued.certificate_der], now()), Fault::UnknownAuthority);
}

#[test]
fn what_cannot_be_read_or_is_too_much_is_unreadable() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    let trust = trust(&[built_in(&made)]);
    assert_eq!(fault(&trust, &[b"x"], now()), Fault::Unreadable);
    assert_eq!(fault(&trust, &[&issued.certificate_der, b""], now()), Fault::Unreadable);
    let mut longer = issued.certificate_der.clone();
    longer.push(0);
    assert_eq!(fault(&trust, &[&longer], now()), Fault::Unreadable);
    assert_eq!(fault(&trust, &[&issued.certificate_der[..]; 11], now()), Fault::Unreadable);
}

#[test]
fn every_changed_byte_is_refused() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    let trust = trust(&[built_in(&made)]);
    for at in 0..issued.certificate_der.len() {
        let mut changed = issued.certificate_der.clone();
        changed[at] ^= 1;
        assert!(trust.judge(&chain(&[&changed]), now()).is_err(), "byte {at}");
    }
}

#[test]
fn a_self_signed_certificate_is_of_no_known_authority() {
    let trust = trust(&[built_in(&made("CA", "demo"))]);
    assert_eq!(fault(&trust, &[&root(client_params()).der], now()), Fault::UnknownAuthority);
}

#[test]
fn an_authority_with_the_same_name_and_another_key_is_not_ours() {
    let (ours, theirs) = (made("CA", "demo"), made("CA", "demo"));
    let issued = issued(&theirs, 1);
    let trust = trust(&[built_in(&ours)]);
    assert_eq!(fault(&trust, &[&issued.certificate_der], now()), Fault::UnknownAuthority);
    let with_root = [&issued.certificate_der[..], &theirs.certificate_der];
    assert_eq!(fault(&trust, &with_root, now()), Fault::UnknownAuthority);
}

#[test]
fn the_certificate_of_another_facility_is_not_taken() {
    let (here, there) = (made("CA", "demo"), made("CA", "other"));
    let issued = issued(&there, 1);
    assert_eq!(fault(&trust(&[built_in(&here)]), &[&issued.certificate_der], now()), Fault::UnknownAuthority);
}

#[test]
fn validity_begins_and_ends_with_the_second() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    let trust = trust(&[built_in(&made)]);
    let ders = [&issued.certificate_der[..]];
    let seen = seen(&issued.certificate_der);
    assert!(trust.judge(&chain(&ders), seen.not_before).is_ok());
    assert!(trust.judge(&chain(&ders), seen.not_after).is_ok());
    assert_eq!(fault(&trust, &ders, seen.not_before.plus_seconds(-1)), Fault::NotYetValid);
    assert_eq!(fault(&trust, &ders, seen.not_after.plus_seconds(1)), Fault::Expired);
    assert_eq!(fault(&trust, &ders, Time::from_microseconds(0)), Fault::NotYetValid);
    assert_eq!(fault(&trust, &ders, Time::from_microseconds(i64::MAX)), Fault::Expired);
}

#[test]
fn nothing_outlives_the_authority() {
    let mut short = authority_params("Short", None);
    short.not_before = rcgen::date_time_ymd(2026, 6, 1);
    short.not_after = rcgen::date_time_ymd(2027, 6, 1);
    let root = root(short);
    let client = below(&root, client_params());
    let trust = trust(&[outside(&root, Revocation::NotOffered)]);
    let end = Time::parse("2027-06-01T00:00:00Z").unwrap();
    assert_eq!(trust.judge(&chain(&[&client.der]), now()).unwrap().good_until, end);
    assert_eq!(fault(&trust, &[&client.der], end.plus_seconds(1)), Fault::Expired);
    assert_eq!(
        fault(&trust, &[&client.der], Time::parse("2026-05-31T00:00:00Z").unwrap()),
        Fault::NotYetValid
    );
}

#[test]
fn an_expired_intermediate_spoils_the_chain() {
    let root = root(authority_params("Root", None));
    let mut old = authority_params("Middle", None);
    old.not_after = rcgen::date_time_ymd(2026, 10, 1);
    let middle = below(&root, old);
    let client = below(&middle, client_params());
    let trust = trust(&[outside(&root, Revocation::NotOffered)]);
    assert_eq!(fault(&trust, &[&client.der, &middle.der], now()), Fault::Expired);
}

#[test]
fn a_revoked_fingerprint_is_refused_wherever_it_stands() {
    let root = root(authority_params("Root", None));
    let middle = below(&root, authority_params("Middle", None));
    let client = below(&middle, client_params());
    let mut authority = outside(&root, Revocation::NotOffered);
    authority.intermediates = vec![middle.der.clone()];
    for revoked in [&client, &middle, &root] {
        let trust =
            Trust::new(std::slice::from_ref(&authority), [seen(&revoked.der).fingerprint].into()).unwrap();
        assert_eq!(fault(&trust, &[&client.der], now()), Fault::Revoked);
    }
    assert!(trust(&[authority]).judge(&chain(&[&client.der]), now()).is_ok());
}

#[test]
fn a_certificate_for_another_use_is_refused() {
    type Change = fn(&mut CertificateParams);
    let changes: [(&str, Change); 7] = [
        ("for servers", |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]),
        ("for mail", |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection]),
        ("for anything", |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any]),
        ("not said", |params| params.extended_key_usages = Vec::new()),
        ("to encrypt", |params| params.key_usages = vec![KeyUsagePurpose::KeyEncipherment]),
        ("an authority", |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
        ("one that signs", |params| {
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign];
        }),
    ];
    let root = root(authority_params("Root", None));
    let trust = trust(&[outside(&root, Revocation::NotOffered)]);
    for (name, change) in changes {
        let mut params = client_params();
        change(&mut params);
        assert_eq!(fault(&trust, &[&below(&root, params).der], now()), Fault::WrongUsage, "{name}");
    }
    assert_eq!(fault(&trust, &[&root.der], now()), Fault::WrongUsage, "the authority itself");
}

#[test]
fn without_key_usage_the_extended_one_decides() {
    let root = root(authority_params("Root", None));
    let mut params = client_params();
    params.key_usages = Vec::new();
    let trust = trust(&[outside(&root, Revocation::NotOffered)]);
    assert!(trust.judge(&chain(&[&below(&root, params).der]), now()).is_ok());
}

#[test]
fn a_client_certificate_cannot_issue_others() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    let key = rustls_pki_types::PrivatePkcs8KeyDer::from(issued.key.as_ref().unwrap().reveal().clone());
    let mut params = client_params();
    params.distinguished_name.push(DnType::CommonName, "tablet-3");
    let issuer = Issuer::from_ca_cert_der(
        &CertificateDer::from(issued.certificate_der.clone()),
        KeyPair::try_from(&key).unwrap(),
    )
    .unwrap();
    let forged = params.signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap();
    let trust = trust(&[built_in(&made)]);
    assert_eq!(fault(&trust, &[forged.der(), &issued.certificate_der], now()), Fault::WrongUsage);
}

#[test]
fn the_depth_that_the_trusted_authority_allows_is_kept() {
    let root = root(authority_params("Root", Some(0)));
    let middle = below(&root, authority_params("Middle", None));
    let client = below(&middle, client_params());
    let trust = trust(&[outside(&root, Revocation::NotOffered)]);
    assert_eq!(fault(&trust, &[&client.der, &middle.der], now()), Fault::WrongUsage);
}

#[test]
fn an_intermediate_that_may_not_sign_certificates_is_refused() {
    let root = root(authority_params("Root", None));
    let mut params = authority_params("Middle", None);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let middle = below(&root, params);
    let client = below(&middle, client_params());
    let trust = trust(&[outside(&root, Revocation::NotOffered)]);
    assert_eq!(fault(&trust, &[&client.der, &middle.der], now()), Fault::WrongUsage);
}

#[test]
fn a_missing_intermediate_is_told_apart_from_a_foreign_authority() {
    let root = root(authority_params("Root", None));
    let middle = below(&root, authority_params("Middle", None));
    let client = below(&middle, client_params());
    let mut authority = outside(&root, Revocation::NotOffered);
    let judge = trust(std::slice::from_ref(&authority));
    assert_eq!(fault(&judge, &[&client.der], now()), Fault::IncompleteChain);
    assert_eq!(fault(&judge, &[&client.der, &root.der], now()), Fault::IncompleteChain);
    assert!(judge.judge(&chain(&[&client.der, &middle.der]), now()).is_ok());
    assert!(judge.judge(&chain(&[&client.der, &root.der, &middle.der]), now()).is_ok(), "in any order");
    authority.intermediates = vec![middle.der.clone()];
    assert!(trust(&[authority]).judge(&chain(&[&client.der]), now()).is_ok(), "held by the facility");

    let foreign = super::root(params("Middle", "別の組織"));
    let client = below(&foreign, client_params());
    assert_eq!(fault(&judge, &[&client.der], now()), Fault::UnknownAuthority);
}

#[test]
fn no_link_is_said_to_be_missing_where_there_can_be_none() {
    // The facility's CA of former years has the same organisation, and may have no authority below it.
    let (former, present) = (made("CA 2020", "demo"), made("CA 2027", "demo"));
    let issued = issued(&former, 1);
    let judge = trust(&[built_in(&present)]);
    assert_eq!(fault(&judge, &[&issued.certificate_der], now()), Fault::UnknownAuthority);

    let root = root(authority_params("Root", None));
    let mut params = client_params();
    params.distinguished_name.push(DnType::OrganizationName, "地域医療ネットワーク");
    let self_signed = super::root(params);
    let judge = trust(&[outside(&root, Revocation::NotOffered)]);
    assert_eq!(fault(&judge, &[&self_signed.der], now()), Fault::UnknownAuthority);
}

#[test]
fn of_several_authorities_the_one_that_knows_most_says_the_fault() {
    let (ours, other) = (made("CA", "demo"), made("Other", "demo"));
    let issued = issued(&ours, 1);
    for authorities in [[&ours, &other], [&other, &ours]] {
        let judge = trust(&authorities.map(built_in));
        assert_eq!(fault(&judge, &[&issued.certificate_der], days(398)), Fault::Expired);
    }
}

#[test]
fn weak_keys_are_refused_in_every_place() {
    // RSA with 1024 bits, made with OpenSSL; the library here neither makes nor signs with such keys.
    let root_der = pem_file(include_bytes!("weak_root.pem"));
    let (of_weak, weak) =
        (pem_file(include_bytes!("client_of_weak_root.pem")), pem_file(include_bytes!("weak_client.pem")));
    let strong_root = pem_file(include_bytes!("strong_root.pem"));
    let mut authority = outside(&root(authority_params("x", None)), Revocation::NotOffered);
    authority.certificate = strong_root;
    let trust = trust(std::slice::from_ref(&authority));
    assert_eq!(fault(&trust, &[&weak], now()), Fault::WeakKey);
    let weak_middle = pem_file(include_bytes!("weak_middle.pem"));
    let of_weak_middle = pem_file(include_bytes!("client_of_weak_middle.pem"));
    assert_eq!(fault(&trust, &[&of_weak_middle, &weak_middle], now()), Fault::WeakKey);

    authority.certificate = root_der;
    assert_eq!(Trust::new(&[authority], BTreeSet::new()).unwrap_err().code().id, "ID-0116");
    assert_eq!(fault(&trust, &[&of_weak], now()), Fault::UnknownAuthority);
}

#[test]
fn every_strong_kind_of_key_is_taken() {
    let root = root(authority_params("Root", None));
    let trust = trust(&[outside(&root, Revocation::NotOffered)]);
    let kinds = [
        &rcgen::PKCS_ECDSA_P256_SHA256,
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ECDSA_P521_SHA512,
        &rcgen::PKCS_ED25519,
    ];
    for kind in kinds {
        let key = KeyPair::generate_for(kind).unwrap();
        let client = below_with(&root, client_params(), key);
        assert!(trust.judge(&chain(&[&client.der]), now()).is_ok(), "{kind:?}");
    }
    let key = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
    assert!(trust.judge(&chain(&[&below_with(&root, client_params(), key).der]), now()).is_ok());
}

#[test]
fn a_signature_with_sha_1_is_refused() {
    let mut authority = outside(&root(authority_params("x", None)), Revocation::NotOffered);
    authority.certificate = pem_file(include_bytes!("strong_root.pem"));
    let client = pem_file(include_bytes!("client_by_sha1.pem"));
    assert_eq!(fault(&trust(&[authority]), &[&client], now()), Fault::WeakKey);
}

#[test]
fn of_two_authorities_one_that_takes_the_chain_is_enough() {
    let (old, new) = (made("CA", "demo"), made("CA", "demo"));
    let trust = trust(&[built_in(&old), Authority { id: "new".into(), ..built_in(&new) }]);
    let issued = issued(&new, 1);
    assert_eq!(trust.judge(&chain(&[&issued.certificate_der]), now()).unwrap().authority_id, "new");
    assert_eq!(trust.names().len(), 2);
}

#[test]
fn a_revocation_list_decides() {
    let root = root(authority_params("Root", None));
    let client = below(&root, client_params());
    let serial = seen(&client.der).serial;
    let authority = outside(&root, Revocation::Required);
    let with = |list: Vec<u8>| trust(&[Authority { lists: vec![list], ..authority.clone() }]);
    let week = (now(), days(7));

    let good = with(list(&root, &["5", "77"], 1, week)).judge(&chain(&[&client.der]), now()).unwrap();
    assert_eq!(good.good_until, days(7), "until the next list");
    assert_eq!(fault(&with(list(&root, &["5", &serial], 2, week)), &[&client.der], now()), Fault::Revoked);
    assert_eq!(fault(&with(list(&root, &[], 1, week)), &[&client.der], days(7)), Fault::ListStale);
    assert_eq!(
        fault(&trust(std::slice::from_ref(&authority)), &[&client.der], now()),
        Fault::ListStale,
        "no list at all"
    );
}

#[test]
fn a_list_that_is_not_signed_by_the_authority_vouches_for_nothing() {
    let root = root(authority_params("Root", None));
    let impostor = super::root(authority_params("Root", None));
    let client = below(&root, client_params());
    let mut authority = outside(&root, Revocation::Required);
    authority.lists = vec![list(&impostor, &[], 1, (now(), days(7)))];
    assert_eq!(fault(&trust(&[authority]), &[&client.der], now()), Fault::ListStale);
}

#[test]
fn every_level_below_an_authority_that_requires_lists_needs_one() {
    let root = root(authority_params("Root", None));
    let middle = below(&root, authority_params("Middle", None));
    let client = below(&middle, client_params());
    let week = (now(), days(7));
    let mut authority = outside(&root, Revocation::Required);
    authority.lists = vec![list(&middle, &[], 1, week)];
    let ders = [&client.der[..], &middle.der];
    assert_eq!(fault(&trust(std::slice::from_ref(&authority)), &ders, now()), Fault::ListStale);
    authority.lists.push(list(&root, &[], 1, (now(), days(3))));
    let judged = trust(std::slice::from_ref(&authority)).judge(&chain(&ders), now()).unwrap();
    assert_eq!(judged.good_until, days(3), "the list that ends first");
    authority.lists = vec![list(&middle, &[], 1, week), list(&root, &[&seen(&middle.der).serial], 1, week)];
    assert_eq!(fault(&trust(&[authority]), &ders, now()), Fault::Revoked, "the intermediate");
}

#[test]
fn a_list_that_is_there_counts_even_where_none_is_offered() {
    let root = root(authority_params("Root", None));
    let client = below(&root, client_params());
    let mut authority = outside(&root, Revocation::NotOffered);
    authority.lists = vec![list(&root, &[&seen(&client.der).serial], 1, (now(), days(7)))];
    assert_eq!(fault(&trust(std::slice::from_ref(&authority)), &[&client.der], now()), Fault::Revoked);
    authority.lists = vec![list(&root, &[], 1, (now(), days(7)))];
    let trust = trust(&[authority]);
    assert_eq!(fault(&trust, &[&client.der], days(8)), Fault::ListStale, "unknown is never shown as good");
}

#[test]
fn of_two_lists_held_the_newer_one_counts() {
    let root = root(authority_params("Root", None));
    let client = below(&root, client_params());
    let week = (now(), days(7));
    let old = list(&root, &[], 9, week);
    let new = list(&root, &[&seen(&client.der).serial], 10, week);
    for lists in [[old.clone(), new.clone()], [new, old]] {
        let authority = Authority { lists: lists.to_vec(), ..outside(&root, Revocation::Required) };
        assert_eq!(fault(&trust(&[authority]), &[&client.der], now()), Fault::Revoked);
    }
}

#[test]
fn every_fault_has_a_code_of_its_own() {
    let ids: BTreeSet<&str> = Fault::ALL.iter().map(|fault| fault.code().id).collect();
    assert_eq!(ids.len(), Fault::ALL.len());
}

fn pem_file(file: &[u8]) -> Vec<u8> {
    ::pem::parse(file).unwrap().into_contents()
}
