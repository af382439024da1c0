//! Revocation lists: our own, and those that are taken in from outside.

use super::*;
use crate::certificate::crl::{self, Draft, Entry, Reason, accept, look_at_list};
use crate::certificate::look;

fn accepted(root: &Hand, held: &[Vec<u8>], new: &[u8], at: Time) -> Result<Vec<Vec<u8>>, &'static str> {
    accept(std::slice::from_ref(&root.der), held, new, at).map_err(|problem| problem.code().id)
}

#[test]
fn a_list_says_what_was_put_in() {
    let made = made("施設 CA", "demo");
    let (one, two) = (issued(&made, 1), issued(&made, 2));
    let serial = |der: &[u8]| look(der).unwrap().serial;
    let entry = |der: &[u8], reason| Entry { serial: serial(der), time: now(), reason };
    let entries = vec![
        entry(&one.certificate_der, Reason::KeyCompromise),
        entry(&two.certificate_der, Reason::Unspecified),
        Entry { serial: "a".into(), time: now(), reason: Reason::Superseded },
    ];
    let draft = Draft { number: 258, this_update: now(), next_update: days(7), entries };
    let list = look_at_list(&crl::make(&made.certificate_der, &made.key, &draft).unwrap()).unwrap();
    assert_eq!((list.issuer.as_str(), list.number.as_str()), ("CN=施設 CA,O=demo", "102"));
    assert_eq!((list.this_update, list.next_update), (now(), days(7)));
    let expected = [serial(&one.certificate_der), serial(&two.certificate_der), "a".into()];
    assert_eq!(list.revoked, expected.map(|serial| (serial, now())).into());
}

#[test]
fn an_empty_list_is_a_list() {
    let root = root(authority_params("Root", None));
    assert!(look_at_list(&list(&root, &[], 1, (now(), days(1)))).unwrap().revoked.is_empty());
}

#[test]
fn a_list_that_contradicts_itself_is_not_made() {
    let made = made("CA", "demo");
    let entry = |serial: &str| Entry { serial: serial.into(), time: now(), reason: Reason::Unspecified };
    let good = Draft { number: 1, this_update: now(), next_update: days(1), entries: vec![entry("1")] };
    let cases = [
        Draft { next_update: now(), ..good.clone() },
        Draft { next_update: now().plus_microseconds(999_999), ..good.clone() },
        Draft { next_update: days(-1), ..good.clone() },
        Draft { entries: vec![entry("1"), entry("1")], ..good.clone() },
        Draft { entries: vec![entry("x")], ..good.clone() },
        Draft { entries: vec![entry("")], ..good.clone() },
        Draft { entries: vec![entry("あ")], ..good.clone() },
    ];
    for draft in cases {
        let problem = crl::make(&made.certificate_der, &made.key, &draft).unwrap_err();
        assert_eq!(problem.code().id, "ID-0133", "{draft:?}");
    }
    let client = issued(&made, 1);
    let problem = crl::make(&client.certificate_der, client.key.as_ref().unwrap(), &good).unwrap_err();
    assert_eq!(problem.code().id, "ID-0116");
}

#[test]
fn only_a_newer_list_replaces_one() {
    let root = root(authority_params("Root", None));
    let week = (now(), days(7));
    let [nine, ten] = [9, 10].map(|number| list(&root, &[], number, week));
    let sixteen = list(&root, &["1"], 256, week);
    let held = accepted(&root, &[], &nine, now()).unwrap();
    assert_eq!(accepted(&root, &held, &nine, now()), Err("ID-0119"), "the same once more");
    let held = accepted(&root, &held, &ten, now()).unwrap();
    assert_eq!(held, std::slice::from_ref(&ten));
    assert_eq!(accepted(&root, &held, &nine, now()), Err("ID-0119"), "an older one");
    assert_eq!(
        accepted(&root, &held, &sixteen, now()).unwrap(),
        [sixteen],
        "numbers are compared as numbers"
    );
}

#[test]
fn a_list_of_another_authority_is_refused() {
    let root = root(authority_params("Root", None));
    let same_name = super::root(authority_params("Root", None));
    let other = super::root(authority_params("Other", None));
    for foreign in [&same_name, &other] {
        assert_eq!(accepted(&root, &[], &list(foreign, &[], 1, (now(), days(7))), now()), Err("ID-0118"));
    }
    let mut changed = list(&root, &[], 1, (now(), days(7)));
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(accepted(&root, &[], &changed, now()), Err("ID-0118"), "a broken signature");
}

#[test]
fn a_list_must_carry_the_name_of_its_authority() {
    let root = root(authority_params("Root", None));
    let renamed = authority_params("Renamed", None).self_signed(&root.key).unwrap().der().to_vec();
    let list = list(&root, &[], 1, (now(), days(7)));
    assert_eq!(accept(&[renamed], &[], &list, now()).unwrap_err().code().id, "ID-0118");
}

#[test]
fn an_authority_that_may_not_sign_lists_signs_none() {
    let with = root(authority_params("Root", None));
    let mut params = authority_params("Root", None);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let der = params.self_signed(&with.key).unwrap().der().to_vec();
    let list = list(&with, &[], 1, (now(), days(7)));
    assert_eq!(accept(&[der], &[], &list, now()).unwrap_err().code().id, "ID-0118");
}

#[test]
fn a_list_must_be_current_when_it_is_taken_in() {
    let root = root(authority_params("Root", None));
    let list = |from, until| list(&root, &[], 1, (from, until));
    assert_eq!(accepted(&root, &[], &list(days(-7), now()), now()), Err("ID-0120"), "just over");
    assert_eq!(accepted(&root, &[], &list(days(1), days(2)), now()), Err("ID-0120"), "not begun");
    assert!(accepted(&root, &[], &list(now().plus_seconds(3_600), days(2)), now()).is_ok(), "clocks differ");
    assert!(accepted(&root, &[], &list(days(-7), now().plus_seconds(1)), now()).is_ok());
}

#[test]
fn lists_of_root_and_intermediate_stand_side_by_side() {
    let root = root(authority_params("Root", None));
    let middle = below(&root, authority_params("Middle", None));
    let signers = [root.der.clone(), middle.der.clone()];
    let week = (now(), days(7));
    let held = accept(&signers, &[], &list(&root, &[], 5, week), now()).unwrap();
    let held = accept(&signers, &held, &list(&middle, &[], 1, week), now()).unwrap();
    assert_eq!(held.len(), 2);
    let held = accept(&signers, &held, &list(&middle, &[], 2, week), now()).unwrap();
    assert_eq!(held.len(), 2);
}

#[test]
fn what_is_no_list_is_refused() {
    let root = root(authority_params("Root", None));
    for bytes in [&b""[..], b"x", &root.der, &vec![0x30; crl::LIST_BYTES_MAX + 1]] {
        assert_eq!(look_at_list(bytes).unwrap_err().code().id, "ID-0117");
    }
}
