//! Making an authority, issuing below it, and refusing what must not be issued.

use super::*;
use crate::certificate::seen::{KeyKind, Leave};
use crate::certificate::trust::Trust;
use crate::certificate::{Seen, look};
use base::entropy::EntropyFailed;
use base::{Entropy, Secret};
use std::collections::BTreeSet;

fn request(mut params: CertificateParams, key: &KeyPair) -> rcgen::CertificateSigningRequest {
    params.use_authority_key_identifier_extension = false;
    params.serialize_request(key).unwrap()
}

fn refusal(order: &Order) -> &'static str {
    let made = made("CA", "demo");
    let result = ca::issue(&made.certificate_der, &made.key, order, now(), &SeededEntropy::new(1));
    result.unwrap_err().code().id
}

#[test]
fn an_authority_says_what_it_is_for() {
    for (chosen, kind, bits) in [(Chosen::P256, KeyKind::P256, 256), (Chosen::P384, KeyKind::P384, 384)] {
        let entropy = SeededEntropy::new(1);
        let made = ca::make("施設 CA", &facility("demo"), (10, chosen), now(), &entropy).unwrap();
        let seen = look(&made.certificate_der).unwrap();
        assert_eq!((seen.subject.as_str(), &seen.issuer), ("CN=施設 CA,O=demo", &seen.subject));
        assert_eq!((seen.key, seen.key_bits), (kind, bits));
        assert_eq!((seen.is_authority, seen.path_length), (true, Some(0)));
        assert_eq!(seen.usages, ["keyCertSign", "cRLSign"]);
        assert_eq!((seen.not_before, seen.not_after), (now().plus_seconds(-3_600), days(3_650)));
        assert!(seen.subject_key.is_some());
        assert_eq!(format!("{:?}", made.key), "[hidden]");
    }
}

#[test]
fn a_client_certificate_says_what_it_is_for_and_nothing_more() {
    let made = made("CA", "demo");
    let issued = issued(&made, 3);
    let (above, seen) = (look(&made.certificate_der).unwrap(), look(&issued.certificate_der).unwrap());
    assert_eq!(seen.subject, "CN=tablet-3,OU=外来 3 番,O=demo");
    assert_eq!(seen.issuer, above.subject);
    assert_eq!((seen.is_authority, seen.path_length, seen.client), (false, None, Leave::Given));
    assert_eq!(seen.usages, ["digitalSignature", "clientAuth"]);
    assert_eq!(seen.names, Vec::<String>::new());
    assert_eq!(seen.authority_key, above.subject_key);
    assert!(seen.subject_key.is_some() && seen.subject_key != seen.authority_key);
    assert_eq!(seen.fingerprint_hex().len(), 64);
}

#[test]
fn serial_numbers_are_long_random_and_positive() {
    let made = made("CA", "demo");
    let serial = |seed| look(&issued(&made, seed).certificate_der).unwrap().serial;
    let serials: BTreeSet<String> = (0..50).map(serial).collect();
    assert_eq!(serials.len(), 50);
    assert!(serials.iter().all(|serial| serial.len() == 32 && (b'4'..=b'7').contains(&serial.as_bytes()[0])));
}

#[test]
fn the_key_of_a_request_stays_with_its_sender() {
    let made = made("CA", "demo");
    let key = KeyPair::generate().unwrap();
    let mut wishes = params("somebody-else", "another");
    wishes.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    wishes.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let request = request(wishes, &key);
    for bytes in [request.der().to_vec(), request.pem().unwrap().into_bytes()] {
        let order = order(KeyOrder::Request(bytes));
        let issued =
            ca::issue(&made.certificate_der, &made.key, &order, now(), &SeededEntropy::new(1)).unwrap();
        let seen = look(&issued.certificate_der).unwrap();
        assert!(issued.key.is_none());
        assert_eq!(seen.subject, "CN=tablet-3,OU=外来 3 番,O=demo", "nothing but the key is taken");
        assert_eq!(
            (seen.is_authority, seen.usages),
            (false, vec!["digitalSignature".into(), "clientAuth".into()])
        );
        let (_, read) = x509_parser::parse_x509_certificate(&issued.certificate_der).unwrap();
        assert_eq!(&*read.public_key().subject_public_key.data, key.public_key_raw());
    }
}

#[test]
fn requests_with_every_strong_kind_of_key_are_taken() {
    let made = made("CA", "demo");
    let trust = Trust::new(&[built_in(&made)], BTreeSet::new()).unwrap();
    let kinds = [
        &rcgen::PKCS_ECDSA_P256_SHA256,
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ECDSA_P521_SHA512,
        &rcgen::PKCS_ED25519,
    ];
    let mut keys: Vec<KeyPair> = kinds.map(|kind| KeyPair::generate_for(kind).unwrap()).into();
    keys.push(KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap());
    for key in keys {
        let order = order(KeyOrder::Request(request(params("x", "y"), &key).der().to_vec()));
        let issued =
            ca::issue(&made.certificate_der, &made.key, &order, now(), &SeededEntropy::new(1)).unwrap();
        assert!(trust.judge(&chain(&[&issued.certificate_der]), now()).is_ok(), "{:?}", key.algorithm());
    }
}

#[test]
fn a_request_is_refused_with_its_reason() {
    let good = request(params("x", "y"), &KeyPair::generate().unwrap()).der().to_vec();
    let mut forged = good.clone();
    *forged.last_mut().unwrap() ^= 1;
    let mut longer = good.clone();
    longer.push(0);
    let certificate = root(client_params()).der;
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("RSA-1024", include_bytes!("weak_request.pem").to_vec(), "ID-0129"),
        ("a curve that is not taken", include_bytes!("secp256k1_request.pem").to_vec(), "ID-0129"),
        ("SHA-1", include_bytes!("sha1_request.pem").to_vec(), "ID-0128"),
        ("not signed by its key", forged, "ID-0128"),
        ("something behind it", longer, "ID-0127"),
        ("empty", Vec::new(), "ID-0127"),
        ("a certificate", certificate, "ID-0127"),
        ("a certificate in PEM", include_bytes!("strong_root.pem").to_vec(), "ID-0127"),
    ];
    for (name, bytes, id) in cases {
        assert_eq!(refusal(&order(KeyOrder::Request(bytes))), id, "{name}");
    }
}

#[test]
fn validity_is_bounded_and_ends_before_the_authority() {
    for days in [0, ca::CLIENT_DAYS_MAX + 1, u32::MAX] {
        assert_eq!(refusal(&Order { days, ..order(KeyOrder::New) }), "ID-0123");
    }
    for years in [0, ca::AUTHORITY_YEARS_MAX + 1, u32::MAX] {
        let result = ca::make("CA", &facility("demo"), (years, Chosen::P256), now(), &SeededEntropy::new(1));
        assert_eq!(result.unwrap_err().code().id, "ID-0123");
    }
    let made = ca::make("CA", &facility("demo"), (1, Chosen::P256), now(), &SeededEntropy::new(1)).unwrap();
    let issue = |days| {
        let order = Order { days, ..order(KeyOrder::New) };
        ca::issue(&made.certificate_der, &made.key, &order, now(), &SeededEntropy::new(1))
    };
    let sooner = issue(366).unwrap_err();
    assert_eq!(sooner.code().id, "ID-0124");
    assert!(sooner.value("until").unwrap().ends_with("+09:00"), "{:?}", sooner.value("until"));
    assert_eq!(look(&issue(365).unwrap().certificate_der).unwrap().not_after, days(365));
}

#[test]
fn at_the_end_of_time_nothing_breaks() {
    let late = Time::from_microseconds(i64::MAX);
    let made = ca::make("CA", &facility("demo"), (20, Chosen::P256), late, &SeededEntropy::new(1)).unwrap();
    let order = order(KeyOrder::New);
    assert!(ca::issue(&made.certificate_der, &made.key, &order, late, &SeededEntropy::new(1)).is_ok());
    assert!(
        ca::make(
            "CA",
            &facility("demo"),
            (1, Chosen::P256),
            Time::from_microseconds(0),
            &SeededEntropy::new(1)
        )
        .is_ok()
    );
}

#[test]
fn texts_that_cannot_stand_in_a_certificate_are_refused() {
    for label in ["", "a\nb", "a\u{202E}b", &"あ".repeat(65)] {
        assert_eq!(
            refusal(&Order { label: label.to_owned(), ..order(KeyOrder::New) }),
            "ID-0126",
            "{label:?}"
        );
    }
    let longest = "あ".repeat(64);
    assert!(ca::make(&longest, &facility("demo"), (1, Chosen::P256), now(), &SeededEntropy::new(1)).is_ok());
}

#[test]
fn certificate_and_key_of_the_authority_must_belong_together() {
    let (one, two) = (made("CA", "demo"), made("CA", "demo"));
    let order = order(KeyOrder::New);
    let issue = |der: &[u8], key: &Secret<Vec<u8>>| {
        ca::issue(der, key, &order, now(), &SeededEntropy::new(1)).unwrap_err().code().id
    };
    assert_eq!(issue(&one.certificate_der, &two.key), "ID-0125");
    assert_eq!(issue(&one.certificate_der, &Secret::new(vec![0])), "ID-0125");
    let client = issued(&one, 1);
    assert_eq!(issue(&client.certificate_der, client.key.as_ref().unwrap()), "ID-0116");
    assert_eq!(issue(b"", &one.key), "ID-0116");
}

#[test]
fn without_random_bytes_nothing_is_issued() {
    #[derive(Debug)]
    struct Dry;
    impl Entropy for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<(), EntropyFailed> {
            Err(EntropyFailed)
        }
    }
    let made = made("CA", "demo");
    let order = order(KeyOrder::New);
    let result = ca::issue(&made.certificate_der, &made.key, &order, now(), &Dry);
    assert_eq!(result.unwrap_err().code().id, "ID-0122");
    let result = ca::make("CA", &facility("demo"), (1, Chosen::P256), now(), &Dry);
    assert_eq!(result.unwrap_err().code().id, "ID-0122");
}

#[test]
fn all_that_people_look_for_is_seen_in_a_certificate() {
    let mut params = client_params();
    let name = |text: &str| text.try_into().unwrap();
    params.subject_alt_names = vec![
        rcgen::SanType::DnsName(name("tablet.example")),
        rcgen::SanType::Rfc822Name(name("it@example.jp")),
        rcgen::SanType::URI(name("urn:x")),
        rcgen::SanType::IpAddress([192, 0, 2, 1].into()),
    ];
    params.serial_number = Some(rcgen::SerialNumber::from(vec![0, 0xAB, 1]));
    let seen: Seen = look(&root(params).der).unwrap();
    assert_eq!(seen.names, ["DNS:tablet.example", "email:it@example.jp", "URI:urn:x", "IP:192.0.2.1"]);
    assert_eq!(
        (seen.serial.as_str(), seen.key, seen.key.to_string()),
        ("ab01", KeyKind::P256, "P-256".into())
    );
    let weak = look(::pem::parse(include_bytes!("weak_client.pem")).unwrap().contents()).unwrap();
    assert_eq!((weak.key, weak.key_bits, weak.is_strong()), (KeyKind::Rsa, 1_024, false));
}
