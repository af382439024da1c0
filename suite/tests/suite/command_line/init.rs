//! `akashi init`

use super::{Site, mode};
use base::{FacilityId, SystemClock, SystemEntropy};
use seal::MasterKey;
use std::fs;
use std::sync::Arc;
use store::{Store, World};

#[test]
fn a_data_directory_is_made_whole_and_its_secrets_are_for_the_owner_only() {
    let site = Site::empty();
    let ended = site.good("init --data data --facility sakura");
    assert!(ended.out.contains("sakura") && ended.out.contains("data/akashi.toml"), "{ended:?}");
    assert!(ended.err.contains("master.key"), "the operator is told to keep a copy: {ended:?}");
    for (name, secret) in [
        ("akashi.toml", false),
        ("master.key", true),
        ("tls/ca.pem", false),
        ("tls/ca.key", true),
        ("tls/server.pem", false),
        ("tls/server.key", true),
        ("facilities/sakura/facility.json", true),
        ("facilities/sakura/journal.db", false),
    ] {
        let mode = mode(&site.path("data").join(name));
        assert!(!secret || mode == 0o600, "{name}: {mode:o}");
    }
    let said = format!("{}{}", ended.out, ended.err);
    for secret in [site.text("data/master.key"), site.text("data/tls/ca.key")] {
        // Behind the line that says what it is.
        let secret = secret.lines().nth(1).unwrap().to_owned();
        assert!(secret.len() > 30 && !said.contains(&secret), "a secret is shown");
    }
    assert!(site.text("data/master.key").starts_with("akashi-master-key-v1\n"));
    assert!(!site.path("data/token").exists());
    site.good("verify --data data");
}

#[test]
fn a_new_facility_has_an_authority_of_its_own_and_says_how_the_first_person_comes_in() {
    let site = Site::empty();
    let ended = site.good("init --data data --facility sakura");
    let list = site.json("certificate list");
    assert_eq!(list["authorities"][0]["own"], true);
    assert_eq!(list["authorities"][0]["name"], "Akashi CA sakura");
    assert_eq!(site.json("policy show")["policy"]["client_certificates"], "verify");
    for step in ["akashi account create", "--duty operator --invite", "akashi certificate issue --account"] {
        assert!(ended.err.contains(step), "{step}: {ended:?}");
    }
}

#[test]
fn a_facility_is_made_once_and_a_second_one_leaves_the_first_as_it_is() {
    let site = Site::sakura();
    let kept = ["master.key", "tls/ca.pem", "akashi.toml", "facilities/sakura/facility.json"];
    let read = || kept.map(|name| fs::read(site.path("data").join(name)).unwrap());
    let before = read();
    site.refused("init --data data --facility sakura", "ST-0014", "sakura");
    assert!(before == read());
    site.good("init --data data --facility ume");
    assert!(before == read());
    let out = site.good("verify --data data").out;
    assert!(out.contains("sakura: genuine: 2 entries") && out.contains("ume: genuine: 2 entries"), "{out}");
}

#[test]
fn an_interrupted_init_is_completed_by_the_next_one() {
    for missing in ["akashi.toml", "tls/server.key"] {
        let site = Site::empty();
        site.good("init --data data --facility ume");
        fs::remove_file(site.path("data").join(missing)).unwrap();
        site.good("init --data data --facility sakura");
        testkit::let_the_tester_in(&site.path("data"), "sakura");
        let (process, client) = site.serve();
        client.get("metadata").expect(200);
        process.signal("TERM");
        assert_eq!(process.wait().code, Some(0), "{missing}");
    }
}

#[test]
fn an_init_that_was_interrupted_before_the_authority_was_made_is_completed_by_the_next_one() {
    let site = Site::empty();
    site.good("init --data data --facility ume");
    let master = MasterKey::parse(&site.text("data/master.key")).unwrap();
    let world = World {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        indexer: Arc::new(records::SearchIndex),
    };
    let facility = FacilityId::parse("sakura").unwrap();
    Store::create(&site.path("data"), &facility, &master, &world).unwrap();
    let ended = site.good("init --data data --facility sakura");
    assert!(ended.err.contains("akashi account create"), "{ended:?}");
    assert!(site.good("certificate list --data data --facility sakura").out.contains("Akashi CA sakura"));
    site.refused("init --data data --facility sakura", "ST-0014", "sakura");
    site.good("verify --data data");
}

#[test]
fn the_names_given_by_host_stand_in_the_certificate() {
    let site = Site::empty();
    site.good("init --data data --facility sakura --host records.example.jp --host 192.0.2.7");
    let names = certificate_bytes(&site.text("data/tls/server.pem"));
    let holds = |bytes: &[u8]| names.windows(bytes.len()).any(|window| window == bytes);
    assert!(holds(b"records.example.jp") && holds(b"localhost"));
    // An address stands as its four bytes behind the tag of its kind.
    assert!(holds(&[0x87, 4, 192, 0, 2, 7]));
    assert!(!holds(b"other.example.jp"));
}

/// The first certificate of a PEM file.
fn certificate_bytes(pem: &str) -> Vec<u8> {
    let output = std::process::Command::new("python3")
        .args(["-c", "import ssl, sys; sys.stdout.buffer.write(ssl.PEM_cert_to_DER_cert(sys.argv[1]))"])
        .arg(pem.split_inclusive("-----END CERTIFICATE-----").next().unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn init_says_it_in_japanese_too() {
    let site = Site::empty();
    let ended = site.good("--language ja init --data data --facility sakura");
    assert!(ended.out.contains("施設: sakura") && ended.err.contains("写し"), "{ended:?}");
    let again = site.refused("--language ja init --data data --facility sakura", "ST-0014", "施設 sakura");
    assert!(again.err.contains("すでに存在します"), "{again:?}");
}
