//! Files as people have them, going in and coming out.

use super::*;
use crate::certificate::pkcs12::{Contents, Form, pkcs12};
use crate::certificate::{Bundle, Trust, pem};
use base::Secret;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use std::collections::BTreeSet;

const PASSPHRASE: &str = "correct horse 7 battery";

fn read(file: &[u8]) -> Result<Bundle, &'static str> {
    Bundle::read(file).map_err(|problem| problem.code().id)
}

fn written(made: &Made, issued: &Issued, form: Form) -> Vec<u8> {
    let above = [made.certificate_der.clone()];
    let contents = Contents { issued, chain: &above, friendly_name: "外来 3 番 𠮷" };
    pkcs12(contents, &Secret::new(PASSPHRASE.into()), form).unwrap()
}

#[test]
fn certificate_key_and_chain_come_back_from_a_pkcs12_file() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    for form in [Form::Modern, Form::Compatible] {
        let file = written(&made, &issued, form);
        let store = KeyStore::from_pkcs12(&file, PASSPHRASE, Pkcs12ImportPolicy::Strict).unwrap();
        let (name, entry) = store.private_key_chain().unwrap();
        assert_eq!(name, "外来 3 番 ");
        assert_eq!(entry.key().as_der(), issued.key.as_ref().unwrap().reveal());
        let chain: Vec<&[u8]> = entry.certs().iter().map(p12_keystore::Certificate::as_der).collect();
        assert_eq!(chain, [&issued.certificate_der[..], &made.certificate_der]);
    }
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    for form in [Form::Modern, Form::Compatible] {
        let file = written(&made, &issued, form);
        for wrong in ["", "correct horse 7 batter", "Correct horse 7 battery"] {
            assert!(KeyStore::from_pkcs12(&file, wrong, Pkcs12ImportPolicy::Relaxed).is_err());
        }
        let key = issued.key.as_ref().unwrap().reveal();
        assert!(!file.windows(32).any(|window| key.windows(32).any(|part| part == window)));
    }
}

#[test]
fn each_form_says_how_it_is_encrypted() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    let holds = |file: &[u8], oid: &[u8]| file.windows(oid.len()).any(|window| window == oid);
    // aes256-CBC-PAD 2.16.840.1.101.3.4.1.42 and pbeWithSHAAnd3-KeyTripleDES-CBC 1.2.840.113549.1.12.1.3
    let (aes, des) =
        ([0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2A], [0x2A, 0x86, 0x48, 0x86, 0xF7, 0xD, 1, 0xC, 1, 3]);
    let (modern, old) = (written(&made, &issued, Form::Modern), written(&made, &issued, Form::Compatible));
    assert!(holds(&modern, &aes) && !holds(&modern, &des));
    assert!(holds(&old, &des) && !holds(&old, &aes));
}

#[test]
fn a_passphrase_that_devices_disagree_about_is_refused() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    let contents = Contents { issued: &issued, chain: &[], friendly_name: "x" };
    for unfit in ["", "elevenchars", "パスフレーズは日本語です", "with\nnew line here", &"x".repeat(65)]
    {
        let problem = pkcs12(contents, &Secret::new(unfit.into()), Form::Modern).unwrap_err();
        assert_eq!(problem.code().id, "ID-0130", "{unfit:?}");
        assert!(unfit.is_empty() || !problem.text(base::Language::English).contains(unfit));
    }
}

#[test]
fn without_a_key_of_ours_there_is_no_pkcs12_file() {
    let issued = Issued { key: None, ..issued(&made("CA", "demo"), 1) };
    let contents = Contents { issued: &issued, chain: &[], friendly_name: "x" };
    let problem = pkcs12(contents, &Secret::new(PASSPHRASE.into()), Form::Modern).unwrap_err();
    assert_eq!(problem.code().id, "ID-0131");
}

#[test]
fn what_is_written_as_pem_is_read_again() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    let text = pem::certificates([&issued.certificate_der[..], &made.certificate_der]);
    let expected = vec![issued.certificate_der.clone(), made.certificate_der.clone()];
    assert_eq!(read(text.as_bytes()).unwrap().certificates, expected);
    let key = pem::key(issued.key.as_ref().unwrap());
    let pair = KeyPair::from_pem(key.reveal()).unwrap();
    assert_eq!(pair.serialized_der(), issued.key.as_ref().unwrap().reveal());
}

#[test]
fn certificates_and_lists_are_found_in_all_usual_forms() {
    let root = root(authority_params("Root", None));
    let list = list(&root, &["1"], 1, (now(), days(7)));
    let text = pem::certificates([&root.der[..]]) + &pem::list(&list);
    let both = Bundle { certificates: vec![root.der.clone()], lists: vec![list.clone()] };
    let remarks = format!("\u{FEFF}subject=CN = Root\r\n{}\r\n# end\r\n", text.replace('\n', "\r\n"));
    assert_eq!(read(text.as_bytes()), Ok(both.clone()));
    assert_eq!(read(remarks.as_bytes()), Ok(both));
    assert_eq!(read(&root.der).unwrap().certificates, std::slice::from_ref(&root.der));
    assert_eq!(read(&list).unwrap().lists, [list]);
}

#[test]
fn what_does_not_belong_there_is_refused_by_name() {
    let made = made("CA", "demo");
    let issued = issued(&made, 1);
    let key = issued.key.as_ref().unwrap();
    let certificate = pem::certificates([&issued.certificate_der[..]]);
    let labelled = |label: &str| certificate.replace("CERTIFICATE", label).into_bytes();
    let both = format!("{certificate}{}", pem::key(key).reveal());
    let cut = certificate.split_at(200).0;
    let cases: [(&str, Vec<u8>, &str); 16] = [
        ("empty", Vec::new(), "ID-0111"),
        ("blank", b" \r\n\0".to_vec(), "ID-0111"),
        ("a key", pem::key(key).reveal().clone().into_bytes(), "ID-0112"),
        ("a key behind the certificate", both.into_bytes(), "ID-0112"),
        ("an RSA key", labelled("RSA PRIVATE KEY"), "ID-0112"),
        ("an encrypted key", labelled("ENCRYPTED PRIVATE KEY"), "ID-0112"),
        ("half a key", b"-----BEGIN PRIVATE KEY-----\nAAAA".to_vec(), "ID-0112"),
        ("a key in DER", key.reveal().clone(), "ID-0112"),
        ("PKCS#7", include_bytes!("container.pem").to_vec(), "ID-0113"),
        ("PKCS#7 in DER", ::pem::parse(include_bytes!("container.pem")).unwrap().into_contents(), "ID-0113"),
        ("PKCS#12", written(&made, &issued, Form::Compatible), "ID-0113"),
        ("a request", include_bytes!("weak_request.pem").to_vec(), "ID-0114"),
        ("a cut certificate", cut.as_bytes().to_vec(), "ID-0114"),
        ("a certificate and a cut one", format!("{certificate}{cut}").into_bytes(), "ID-0114"),
        ("a text", "証明書".as_bytes().to_vec(), "ID-0114"),
        ("too many", certificate.repeat(65).into_bytes(), "ID-0115"),
    ];
    for (name, file, id) in cases {
        assert_eq!(read(&file).unwrap_err(), id, "{name}");
    }
    assert_eq!(read(&labelled("X509 CRL")).unwrap_err(), "ID-0117");
}

#[test]
fn an_encrypted_key_and_old_forms_of_keys_are_known_in_der() {
    let pkcs1 = [0x30, 0x08, 2, 1, 0, 2, 3, 1, 0, 1];
    let sec1 = [0x30, 0x07, 2, 1, 1, 4, 2, 1, 2];
    let encrypted = [0x30, 0x0F, 0x30, 0x0B, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, 0x0D, 4, 0];
    for der in [&pkcs1[..], &sec1, &encrypted] {
        assert_eq!(read(der).unwrap_err(), "ID-0112");
    }
}

#[test]
fn an_outside_authority_is_taken_in_from_one_file() {
    let root = root(authority_params("Root", None));
    let middle = below(&root, authority_params("Middle", None));
    let client = below(&middle, client_params());
    let week = (now(), days(7));
    let lists = [list(&middle, &[], 1, week), list(&root, &[], 1, week)];
    let file =
        pem::certificates([&middle.der[..], &root.der]) + &pem::list(&lists[0]) + &pem::list(&lists[1]);
    let bundle = Bundle::read(file.as_bytes()).unwrap();
    let authority = Authority::import("net", &bundle, Revocation::Required, now()).unwrap();
    assert_eq!(
        (&authority.certificate, &authority.intermediates[..]),
        (&root.der, &[middle.der.clone()][..])
    );
    let trust = Trust::new(&[authority], BTreeSet::new()).unwrap();
    assert!(trust.judge(&chain(&[&client.der]), now()).is_ok());

    let only_middle = Bundle { certificates: vec![middle.der.clone()], lists: lists[..1].to_vec() };
    let authority = Authority::import("net", &only_middle, Revocation::Required, now()).unwrap();
    let trust = Trust::new(&[authority], BTreeSet::new()).unwrap();
    assert!(trust.judge(&chain(&[&client.der]), now()).is_ok(), "trust may begin below the root");
}

#[test]
fn a_file_that_names_no_single_authority_is_refused() {
    let root = root(authority_params("Root", None));
    let other = super::root(authority_params("Other", None));
    let client = below(&root, client_params());
    let unsaid = super::root(params("Neither authority nor client", "x"));
    let cases = [
        ("none", vec![], "ID-0116"),
        ("nothing said", vec![unsaid.der], "ID-0116"),
        ("two", vec![root.der.clone(), other.der.clone()], "ID-0116"),
        ("a client", vec![client.der.clone()], "ID-0116"),
        ("a client beside it", vec![root.der.clone(), client.der], "ID-0116"),
    ];
    for (name, certificates, id) in cases {
        let bundle = Bundle { certificates, lists: Vec::new() };
        let problem = Authority::import("x", &bundle, Revocation::NotOffered, now()).unwrap_err();
        assert_eq!(problem.code().id, id, "{name}");
    }
    let foreign = list(&other, &[], 1, (now(), days(7)));
    let bundle = Bundle { certificates: vec![root.der], lists: vec![foreign] };
    let problem = Authority::import("x", &bundle, Revocation::Required, now()).unwrap_err();
    assert_eq!(problem.code().id, "ID-0118");
}
