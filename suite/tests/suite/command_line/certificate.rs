//! `akashi certificate`: what is issued and where it goes, what is taken back, and whom a facility trusts.

use super::{Site, good, mode};
use base::{Clock, SystemClock};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use testkit::authority::{Authority, Cell};

fn with_tablet() -> Site {
    let site = Site::sakura();
    site.good("account create tablet --kind device --name Tablet --data data");
    site
}

fn certificates(site: &Site) -> Vec<serde_json::Value> {
    site.json("certificate list")["certificates"].as_array().unwrap().clone()
}

#[test]
fn what_is_issued_lies_in_files_for_the_owner_only() {
    let site = with_tablet();
    let ended = site.good("certificate issue --account tablet --out t.p12 --pem pem --data data");
    for name in ["t.p12", "pem/tablet.pem", "pem/tablet.key"] {
        assert_eq!(mode(&site.path(name)), 0o600, "{name}");
    }
    assert_eq!(fs::read(site.path("t.p12")).unwrap()[0], 0x30, "DER");
    assert!(site.text("pem/tablet.pem").starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(site.text("pem/tablet.key").contains("PRIVATE KEY"));
    let passphrase = ended.out.lines().find_map(|line| line.strip_prefix("passphrase (shown this once): "));
    assert!(passphrase.unwrap().len() >= 12 && !ended.out.contains("PRIVATE KEY"), "{ended:?}");
    let listed = certificates(&site);
    assert_eq!((listed.len(), &listed[0]["account"]), (1, &"tablet".into()));
}

#[test]
fn nothing_is_issued_where_a_file_would_be_overwritten_and_nothing_is_left_of_a_refusal() {
    let site = with_tablet();
    site.write("t.p12", "mine");
    site.write("pem/tablet.key", "mine");
    site.refused("certificate issue --account tablet --out t.p12 --data data", "AK-0010", "t.p12");
    site.refused("certificate issue --account tablet --pem pem --data data", "AK-0010", "tablet.key");
    assert!(!site.path("pem/tablet.pem").exists());
    assert_eq!((site.text("t.p12"), site.text("pem/tablet.key")), ("mine".into(), "mine".into()));
    assert!(certificates(&site).is_empty());
    site.refused("certificate issue --account nobody --out n.p12 --data data", "ID-0010", "nobody");
    assert!(!site.path("n.p12").exists());
}

#[test]
fn a_passphrase_from_a_file_is_taken_and_not_shown() {
    let site = with_tablet();
    site.write("secret", "correct horse battery\n");
    let line = "certificate issue --account tablet --out t.p12 --passphrase-file secret --data data";
    let ended = site.good(line);
    assert!(!ended.out.contains("passphrase") && !ended.out.contains("horse"), "{ended:?}");
    site.write("short", "short\n");
    let line = "certificate issue --account tablet --out u.p12 --passphrase-file short --data data";
    let ended = site.akashi(line).run();
    assert!(ended.code == Some(1) && !site.path("u.p12").exists(), "{ended:?}");
}

#[test]
fn a_download_link_comes_from_a_server_that_knows_its_address_and_from_nobody_else() {
    let site = with_tablet();
    let base = "https://records.example.jp";
    let issue = |name: &str| {
        let line = format!("certificate issue --account tablet --out {name} --qr --data data");
        let ended = site.akashi(&line).env("AKASHI_SERVER_BASE_URL", base).run();
        good(&line, ended)
    };
    let alone = issue("1.p12");
    assert!(alone.err.contains("needs the running server") && !alone.out.contains(base), "{alone:?}");
    let server = site.akashi("serve --data data --listen 127.0.0.1:0");
    let (process, _) = server.serve();
    let unknown = issue("2.p12");
    assert!(unknown.err.contains("server.base_url") && !unknown.out.contains('█'), "{unknown:?}");
    process.signal("TERM");
    good("serve", process.wait());
    let (process, _) = server.env("AKASHI_SERVER_BASE_URL", base).env("AKASHI_LOG_LEVEL", "trace").serve();
    let served = issue("3.p12");
    let link =
        served.out.lines().find(|line| line.trim().starts_with(base)).unwrap_or_else(|| panic!("{served:?}"));
    assert!(link.contains("/f/sakura/certificate/") && served.out.contains('█'), "{served:?}");
    let passphrase =
        served.out.lines().find_map(|line| line.strip_prefix("passphrase (shown this once): ")).unwrap();
    process.signal("TERM");
    let log = good("serve", process.wait()).err;
    let handle = link.rsplit('/').next().unwrap();
    assert!(!log.contains(handle) && !log.contains(passphrase) && !log.contains("PRIVATE"), "{log}");
}

#[test]
fn a_certificate_is_revoked_by_serial_or_fingerprint_and_stands_on_the_list_of_the_authority() {
    let site = with_tablet();
    let serials: Vec<String> = ["1.p12", "2.p12"]
        .map(|name| {
            let line = format!("certificate issue --account tablet --out {name}");
            site.json(&line)["serial"].as_str().unwrap().to_owned()
        })
        .to_vec();
    site.good(&format!("certificate revoke {} --reason lost --data data", serials[0]));
    let of = |serial: &str| certificates(&site).into_iter().find(|one| one["serial"] == *serial).unwrap();
    assert_eq!((&of(&serials[0])["state"], &of(&serials[1])["state"]), (&"revoked".into(), &"good".into()));
    let fingerprint = of(&serials[1])["fingerprint"].as_str().unwrap()[..8].to_owned();
    site.good(&format!("certificate revoke {fingerprint} --reason left --data data"));
    assert_eq!(of(&serials[1])["state"], "revoked");
    site.refused("certificate revoke 00000000 --data data", "ID-0023", "00000000");
    let printed = site.good("certificate crl --data data").out;
    assert!(printed.starts_with("-----BEGIN X509 CRL-----"), "{printed}");
    site.good("certificate crl --out sakura.crl --data data");
    site.good("certificate crl --out sakura.crl --data data");
    assert!(site.text("sakura.crl").starts_with("-----BEGIN X509 CRL-----"));
    let mode = fs::metadata(site.path("sakura.crl")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o644, "a list is no secret");
}

#[test]
fn an_outside_authority_is_trusted_with_its_list_and_its_clients_are_admitted() {
    let site = Site::sakura();
    site.good("account create lab --kind service --name Laboratory --data data");
    let authority = Authority::new(SystemClock.now());
    let client = authority.client("lab", Cell::Good);
    site.write("ca.pem", format!("{}{}", authority.root(), authority.intermediate()));
    site.write("lists.pem", authority.lists(&[], 1, 7));
    site.write("lab.pem", &client.chain);
    let trusted = site.json("certificate trust ca.pem --list lists.pem --name Outside");
    assert_eq!((&trusted["name"], &trusted["own"]), (&"Outside".into(), &false.into()));
    site.refused("certificate trust ca.pem --list lists.pem --data data", "ID-0022", "");
    let admitted = site.json("certificate admit lab.pem --account lab");
    assert_eq!(admitted["account"], "lab");
    let id = trusted["authority"].as_str().unwrap();
    site.good(&format!("certificate distrust {id} --data data"));
    site.refused(&format!("certificate distrust {id} --data data"), "ID-0021", id);
    site.refused("certificate admit nothing.pem --account lab --data data", "ST-0013", "nothing.pem");
}

#[test]
fn the_list_of_authorities_and_certificates_is_for_people_too() {
    let site = with_tablet();
    site.good("certificate issue --account tablet --out t.p12 --data data");
    let out = site.good("certificate list --data data --language ja").out;
    for part in ["Akashi CA sakura", "施設で管理", "tablet", "有効期限"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    assert!(site.good("certificate list --account nobody --data data").out.contains("no certificates"));
    site.refused("certificate ca --data data", "ID-0022", "");
}
