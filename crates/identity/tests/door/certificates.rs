//! Certificates: the facility's own authority, and those from outside.

use crate::bench::{Bench, Way, ders, id, start, text};
use base::Time;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use identity::Credential;
use identity::certificate::crl::look_at_list;
use identity::certificate::look;
use serde_json::{Value, json};
use testkit::authority::{Authority, Cell};

fn der(pem: &str) -> Vec<u8> {
    let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(text).unwrap()
}

/// Trusts an outside authority.
async fn trust(bench: &Bench, authority: &Authority, more: Value) -> Value {
    let mut command = json!({ "command": "certificate-trust",
        "certificates": authority.root() + &authority.intermediate() });
    for (name, value) in more.as_object().unwrap() {
        command[name] = value.clone();
    }
    bench.run(command).await
}

/// The list of the intermediate alone: the second of the two.
fn second(lists: &str) -> String {
    let at = lists.rfind("-----BEGIN").unwrap();
    lists[at..].to_owned()
}

#[tokio::test]
async fn an_authority_is_made_once_and_again_when_it_is_about_to_end() {
    let bench = Bench::as_made("sakura");
    let made = bench.run(json!({ "command": "certificate-ca", "name": "院内 CA", "years": 3 })).await;
    assert_eq!((text(&made, "/name"), &made["own"]), ("院内 CA", &json!(true)));
    let seen = look(&der(text(&made, "/certificate"))).unwrap();
    assert!(seen.is_authority && seen.is_strong());
    assert_eq!(bench.refused(json!({ "command": "certificate-ca" })).await, "ID-0022");
    bench.pass(366 * 86_400);
    bench.run(json!({ "command": "certificate-ca" })).await;
    let listed = bench.run(json!({ "command": "certificate-list" })).await;
    assert_eq!(listed["authorities"].as_array().unwrap().len(), 2);
    for (bad, code) in [(json!({ "years": 21 }), "ID-0123"), (json!({ "name": "\u{7}" }), "ID-0126")] {
        let other = Bench::as_made("ume");
        let mut command = bad;
        command["command"] = "certificate-ca".into();
        assert_eq!(other.refused(command).await, code);
    }
}

#[tokio::test]
async fn a_certificate_of_the_older_authority_stays_good_when_a_newer_one_is_made() {
    let bench = Bench::as_made("sakura");
    bench.device("tablet-1").await;
    bench.run(json!({ "command": "certificate-ca", "years": 2 })).await;
    let old = Way::bearer().over(&bench.certificate("tablet-1").await);
    bench.pass(86_400);
    bench.run(json!({ "command": "certificate-ca" })).await;
    let new = Way::bearer().over(&bench.certificate("tablet-1").await);
    for way in [old, new] {
        assert_eq!(id(bench.identify(&way, Credential::None)), "none");
    }
}

#[tokio::test]
async fn a_certificate_is_issued_with_its_key_which_is_shown_this_once() {
    let bench = Bench::as_made("sakura");
    bench.device("tablet-1").await;
    let order = json!({ "command": "certificate-issue", "account": "tablet-1", "days": 30 });
    assert_eq!(bench.refused(order.clone()).await, "ID-0021", "without an authority");
    bench.run(json!({ "command": "certificate-ca" })).await;
    let issued = bench.run(order).await;
    assert!(text(&issued, "/key").starts_with("-----BEGIN PRIVATE KEY-----"));
    assert!(text(&issued, "/passphrase").len() >= 16, "80 random bits");
    let file = STANDARD.decode(text(&issued, "/pkcs12")).unwrap();
    let link = text(&issued, "/link").to_owned();
    let handle = link.strip_prefix("https://localhost:8443/f/sakura/certificate/").unwrap();
    assert!(bench.door().fetch_certificate(handle).unwrap() == file);
    assert_eq!(id(bench.door().fetch_certificate(handle)), "ID-0305", "the link works once");
    let chain = ders(text(&issued, "/certificate"));
    assert_eq!(chain.len(), 2);
    assert_eq!(look(&chain[0]).unwrap().not_after, Time::parse("2026-05-01T00:00:00Z").unwrap());
    let judged = bench.door().judge(&chain).unwrap();
    assert_eq!(judged.serial, text(&issued, "/serial"));
    let listed = bench.run(json!({ "command": "certificate-list" })).await.to_string();
    assert!(!listed.contains("PRIVATE KEY") && !listed.contains(text(&issued, "/passphrase")));
}

#[tokio::test]
async fn a_link_to_a_file_ends_after_a_quarter_of_an_hour() {
    let bench = Bench::as_made("sakura");
    bench.device("tablet-1").await;
    bench.run(json!({ "command": "certificate-ca" })).await;
    let issued = bench.run(json!({ "command": "certificate-issue", "account": "tablet-1" })).await;
    bench.pass(900);
    let handle = text(&issued, "/link").rsplit('/').next().unwrap().to_owned();
    assert_eq!(id(bench.door().fetch_certificate(&handle)), "ID-0305");
}

#[tokio::test]
async fn a_certificate_is_issued_for_a_key_that_stays_on_the_device() {
    let bench = Bench::as_made("sakura");
    bench.device("tablet-1").await;
    bench.run(json!({ "command": "certificate-ca" })).await;
    let key = rcgen::KeyPair::generate().unwrap();
    let request = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    let order = json!({ "command": "certificate-issue", "account": "tablet-1", "request": request });
    let issued = bench.run(order).await;
    assert!(issued.get("key").is_none() && issued.get("pkcs12").is_none() && issued.get("link").is_none());
    let way = Way::bearer().over(text(&issued, "/certificate"));
    assert_eq!(id(bench.identify(&way, Credential::None)), "none");
    for (more, code) in [
        (json!({ "request": "garbage" }), "ID-0127"),
        (json!({ "days": 826 }), "ID-0123"),
        (json!({ "days": 0 }), "ID-0123"),
        (json!({ "passphrase": "short" }), "ID-0130"),
    ] {
        let mut order = json!({ "command": "certificate-issue", "account": "tablet-1" });
        order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(bench.refused(order).await, code);
    }
    let nobody = json!({ "command": "certificate-issue", "account": "nobody" });
    assert_eq!(bench.refused(nobody).await, "ID-0010");
}

#[tokio::test]
async fn a_revoked_certificate_is_refused_at_once_and_stands_on_the_list() {
    let mut bench = Bench::as_made("sakura");
    bench.device("tablet-1").await;
    bench.device("tablet-2").await;
    let (lost, good) = (bench.certificate("tablet-1").await, bench.certificate("tablet-2").await);
    let (lost_way, good_way) = (Way::bearer().over(&lost), Way::bearer().over(&good));
    assert_eq!(id(bench.identify(&lost_way, Credential::None)), "none");
    let generation = bench.door().generation();
    let fingerprint = look(&lost_way.chain[0]).unwrap().fingerprint_hex();
    let by = |name: &str, reason: &str| json!({ "command": "certificate-revoke", "certificate": name, "reason": reason });
    for (bad, code) in [(by("00", "lost"), "ID-0023"), (by(&fingerprint, "why not"), "ID-0019")] {
        assert_eq!(bench.refused(bad).await, code);
    }
    assert_eq!(bench.refused(by(&fingerprint[..7], "lost")).await, "ID-0023", "too short a beginning");
    let revoked = bench.run(by(&fingerprint[..12], "lost")).await;
    assert_eq!((text(&revoked, "/state"), text(&revoked, "/revoked_because")), ("revoked", "key-compromise"));
    assert!(bench.door().generation() > generation, "connections are to be judged anew");
    for _ in 0..2 {
        assert_eq!(id(bench.identify(&lost_way, Credential::None)), "ID-0107");
        assert_eq!(id(bench.identify(&good_way, Credential::None)), "none");
        bench.reopen();
    }
    let list = bench.run(json!({ "command": "certificate-crl" })).await;
    let seen = look_at_list(&der(text(&list, "/list"))).unwrap();
    let serial = text(&revoked, "/serial");
    assert_eq!(seen.revoked.keys().map(String::as_str).collect::<Vec<_>>(), [serial]);
    assert_eq!(seen.number, "1");
    assert_eq!(
        seen.next_update.microseconds() / 1_000_000 - seen.this_update.microseconds() / 1_000_000,
        7 * 86_400
    );
    bench.reopen();
    let list = bench.run(json!({ "command": "certificate-crl" })).await;
    assert_eq!(list["number"], 2, "numbers only grow");
}

#[tokio::test]
async fn the_list_of_the_facility_holds_for_another_who_trusts_its_authority() {
    let (here, there) = (Bench::as_made("sakura"), Bench::as_made("ume"));
    here.device("tablet-1").await;
    let made = here.run(json!({ "command": "certificate-ca" })).await;
    let chain = here.certificate("tablet-1").await;
    let list = async || text(&here.run(json!({ "command": "certificate-crl" })).await, "/list").to_owned();
    there.device("guest").await;
    there
        .run(
            json!({ "command": "certificate-trust", "certificates": made["certificate"], "list": list().await,
            "account": "guest" }),
        )
        .await;
    let way = Way::bearer().over(&chain);
    assert_eq!(id(there.identify(&way, Credential::None)), "none");
    let serial = look(&way.chain[0]).unwrap().serial;
    here.run(json!({ "command": "certificate-revoke", "certificate": serial, "reason": "stolen" })).await;
    there.pass(60);
    there.run(json!({ "command": "certificate-trust", "list": list().await })).await;
    assert_eq!(id(there.identify(&way, Credential::None)), "ID-0107");
}

#[tokio::test]
async fn a_list_of_the_facilitys_own_authority_is_not_taken_in() {
    let bench = Bench::as_made("sakura");
    bench.device("tablet-1").await;
    let way = Way::bearer().over(&bench.certificate("tablet-1").await);
    let list = bench.run(json!({ "command": "certificate-crl" })).await;
    let taken = json!({ "command": "certificate-trust", "list": list["list"] });
    assert_eq!(bench.refused(taken).await, "ID-0021");
    // Or it would end in a week, and everybody would stand outside.
    bench.pass(8 * 86_400);
    assert_eq!(id(bench.identify(&way, Credential::None)), "none");
}

#[tokio::test]
async fn an_expired_certificate_is_refused_though_it_was_good_before() {
    let bench = Bench::as_made("sakura");
    bench.device("tablet-1").await;
    bench.run(json!({ "command": "certificate-ca" })).await;
    let order = json!({ "command": "certificate-issue", "account": "tablet-1", "days": 1 });
    let way = Way::bearer().over(text(&bench.run(order).await, "/certificate"));
    assert_eq!(id(bench.identify(&way, Credential::None)), "none");
    bench.pass(86_400 + 2);
    assert_eq!(id(bench.identify(&way, Credential::None)), "ID-0105");
}

#[tokio::test]
async fn an_outside_authority_stands_for_one_organisation() {
    let mut bench = Bench::as_made("sakura");
    bench
        .run(json!({ "command": "account-create", "account": "lab", "kind": "service", "name": "検査会社" }))
        .await;
    let outside = Authority::new(start());
    let shown =
        trust(&bench, &outside, json!({ "account": "lab", "without_list": true, "name": "検査会社 CA" }))
            .await;
    assert_eq!((text(&shown, "/name"), text(&shown, "/revocation")), ("検査会社 CA", "not-offered"));
    bench.set("machine-factors-needed", "1").await;
    let client = outside.client("host-1", Cell::Good);
    let way = Way::bearer().over(&client.chain);
    for _ in 0..2 {
        let caller = bench.identify(&way, Credential::None).unwrap().unwrap();
        assert_eq!(caller.account.id.as_str(), "lab");
        bench.reopen();
    }
    for (cell, code) in [
        (Cell::SelfSigned, "ID-0103"),
        (Cell::WrongAuthority, "ID-0103"),
        (Cell::Expired, "ID-0105"),
        (Cell::NotYetValid, "ID-0106"),
        (Cell::WrongUsage, "ID-0108"),
        (Cell::WeakKey, "ID-0109"),
    ] {
        let way = Way::bearer().over(&outside.client("host-1", cell).chain);
        assert_eq!(id(bench.identify(&way, Credential::None)), code, "{cell:?}");
    }
    assert_eq!(bench.door().authority_names().len(), 1);
    let again =
        json!({ "command": "certificate-trust", "certificates": outside.root(), "without_list": true });
    assert_eq!(bench.refused(again).await, "ID-0022");
    let nobody = json!({ "command": "certificate-trust", "certificates": Authority::new(start()).root(), "account": "nobody" });
    assert_eq!(bench.refused(nobody).await, "ID-0010");
}

#[tokio::test]
async fn an_outside_authority_with_lists_needs_a_current_one() {
    let bench = Bench::as_made("sakura");
    bench.device("lab").await;
    let outside = Authority::new(start());
    trust(&bench, &outside, json!({ "account": "lab" })).await;
    let (good, bad) = (outside.client("good", Cell::Good), outside.client("bad", Cell::Good));
    let asks = |shown: &testkit::authority::Shown| {
        id(bench.identify(&Way::bearer().over(&shown.chain), Credential::None))
    };
    assert_eq!(asks(&good), "ID-0110", "no list yet");
    let both = outside.lists(&[&bad], 5, 7);
    let of_root = both.replace(&second(&both), "");
    for list in [of_root, second(&both)] {
        bench.run(json!({ "command": "certificate-trust", "list": list })).await;
    }
    assert_eq!((asks(&good), asks(&bad)), ("none", "ID-0107"));
    let older = json!({ "command": "certificate-trust", "list": second(&outside.lists(&[], 4, 7)) });
    assert_eq!(bench.refused(older).await, "ID-0119");
    let foreign = Authority::new(start());
    let foreign = json!({ "command": "certificate-trust", "list": second(&foreign.lists(&[], 9, 7)) });
    assert_eq!(bench.refused(foreign).await, "ID-0021");
    assert_eq!((asks(&good), asks(&bad)), ("none", "ID-0107"), "the list held stays in use");
    let newer =
        json!({ "command": "certificate-trust", "list": second(&outside.lists(&[&bad, &good], 6, 7)) });
    bench.run(newer).await;
    assert_eq!(asks(&good), "ID-0107", "at once, though it was good a moment ago");
    for (list, code) in [("garbage", "ID-0114"), ("", "ID-0111")] {
        assert_eq!(bench.refused(json!({ "command": "certificate-trust", "list": list })).await, code);
    }
    assert_eq!(bench.refused(json!({ "command": "certificate-trust" })).await, "ID-0019");
}

#[tokio::test]
async fn a_list_that_runs_out_closes_the_door_by_itself() {
    let bench = Bench::as_made("sakura");
    bench.device("lab").await;
    let outside = Authority::new(start());
    trust(&bench, &outside, json!({ "account": "lab", "list": outside.lists(&[], 1, 7) })).await;
    let way = Way::bearer().over(&outside.client("host-1", Cell::Good).chain);
    assert_eq!(id(bench.identify(&way, Credential::None)), "none");
    bench.pass(7 * 86_400 + 1);
    assert_eq!(id(bench.identify(&way, Credential::None)), "ID-0110");
}

#[tokio::test]
async fn an_outside_certificate_stands_for_nobody_until_it_is_admitted() {
    let mut bench = Bench::as_made("sakura");
    bench.device("tablet-1").await;
    bench.set("machine-factors-needed", "1").await;
    let outside = Authority::new(start());
    trust(&bench, &outside, json!({ "without_list": true })).await;
    let client = outside.client("host-1", Cell::Good);
    let way = Way::bearer().over(&client.chain);
    assert_eq!(id(bench.identify(&way, Credential::None)), "ID-0005");
    let admit =
        |chain: &str| json!({ "command": "certificate-admit", "account": "tablet-1", "certificate": chain });
    let stranger = Authority::new(start()).client("host-1", Cell::Good);
    assert_eq!(bench.refused(admit(&stranger.chain)).await, "ID-0103");
    assert_eq!(bench.refused(admit(&client.key)).await, "ID-0112", "a key belongs nowhere");
    let admitted = bench.run(admit(&client.chain)).await;
    for _ in 0..2 {
        assert_eq!(bench.identify(&way, Credential::None).unwrap().unwrap().account.id.as_str(), "tablet-1");
        bench.reopen();
    }
    let revoke =
        json!({ "command": "certificate-revoke", "certificate": admitted["fingerprint"], "reason": "left" });
    bench.run(revoke).await;
    assert_eq!(id(bench.identify(&way, Credential::None)), "ID-0107");
    assert_eq!(bench.refused(admit(&client.chain)).await, "ID-0107", "a revoked one is not admitted again");
}

#[tokio::test]
async fn an_authority_that_is_trusted_no_longer_opens_nothing() {
    let mut bench = Bench::as_made("sakura");
    let sato = bench.person("sato").await;
    bench.device("lab").await;
    let outside = Authority::new(start());
    let shown = trust(&bench, &outside, json!({ "account": "lab", "without_list": true })).await;
    let way = Way::bearer().over(&outside.client("host-1", Cell::Good).chain);
    let (_, token) = sato.session(&bench, &way).await;
    bench.run(json!({ "command": "certificate-distrust", "authority": shown["authority"] })).await;
    for _ in 0..2 {
        assert_eq!(id(bench.caller(&way, &token)), "ID-0103");
        bench.reopen();
    }
    let again = json!({ "command": "certificate-distrust", "authority": shown["authority"] });
    assert_eq!(bench.refused(again).await, "ID-0021");
}

#[tokio::test]
async fn the_certificate_of_a_work_order_that_is_over_carries_nobody() {
    let bench = Bench::as_made("sakura");
    let sato = bench.person("sato").await;
    bench.technician("m-1", 600).await;
    let way = Way::bearer().over(&bench.certificate("m-1").await);
    assert_eq!(id(sato.login(&bench, &way).await), "none");
    bench.pass(600);
    assert_eq!(id(sato.login(&bench, &way).await), "ID-0005");
}

#[tokio::test]
async fn a_certificate_is_not_moved_to_another_account() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    bench.device("tablet-1").await;
    let certificate = bench.certificate("tablet-1").await;
    let admit = |account: &str| json!({ "command": "certificate-admit", "account": account, "certificate": certificate });
    assert_eq!(bench.refused(admit("sato")).await, "ID-0032");
    bench.run(admit("tablet-1")).await;
    let shown = bench.run(json!({ "command": "certificate-list" })).await;
    assert_eq!(shown["certificates"][0]["account"], "tablet-1");
}
