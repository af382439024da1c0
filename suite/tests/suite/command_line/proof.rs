//! `akashi proof`

use super::{Site, good, mode};
use crate::material::born;
use crate::proofs::proven;
use testkit::python;

/// p1 has two versions, p2 was deleted.
fn site() -> Site {
    let site = Site::with_tester();
    let (process, client) = site.serve();
    client.put("Patient/p1", born("p1", "1950")).expect(201);
    client.put("Patient/p1", born("p1", "1951")).expect(200);
    client.put("Patient/p2", born("p2", "1950")).expect(201);
    client.delete("Patient/p2").expect(204);
    process.signal("TERM");
    good("serve", process.wait());
    site
}

#[test]
fn a_proof_of_any_version_is_good_for_both_verifiers() {
    let site = site();
    let key = site.good("verify --data data").out.lines().last().unwrap().trim().to_owned();
    for (name, line, holds) in [
        ("current", "proof Patient/p1", "1951"),
        ("first", "proof Patient/p1 --version-id 1", "1950"),
        ("second", "proof Patient/p1 --version-id 2", "1951"),
        ("before the deletion", "proof Patient/p2 --version-id 1", "1950"),
        ("deletion", "proof Patient/p2 --version-id 2", "record.delete"),
    ] {
        let file = format!("{}.json", name.replace(' ', "-"));
        let ended = site.good(&format!("{line} --data data --out {file}"));
        assert!(ended.out.is_empty(), "{ended:?}");
        assert!(site.text(&file).contains(holds), "{name}");
        assert_eq!(format!("{:o}", mode(&site.path(&file))), "600", "it holds clinical content");
        let shown = site.good(&format!("{line} --data data")).out;
        let (shown, written) = (proven(shown.as_bytes()), proven(site.text(&file).as_bytes()));
        assert_eq!(shown, written, "{name}: the same on standard output");
        let verified = site.good(&format!("verify {file} --key {key}"));
        assert!(verified.out.contains("genuine") && verified.err.is_empty(), "{name}: {verified:?}");
        let path = site.path(&file).display().to_string();
        let theirs = python::verify(&["proof", &path, "--key", &key]);
        assert_eq!(theirs[0].good, Some(true), "{name}: {theirs:?}");
    }
}

#[test]
fn what_is_not_there_is_told_and_no_file_is_made() {
    let site = site();
    for (line, code, says) in [
        ("proof Patient/nobody", "RC-0002", "Patient/nobody"),
        ("proof Nonsense/p1", "RC-0002", "Nonsense/p1"),
        ("proof Patient/p1 --version-id 3", "RC-0004", "3"),
        ("proof Patient/p2 --version-id 999999", "RC-0004", "999999"),
    ] {
        site.refused(&format!("{line} --data data --out proof.json"), code, says);
        let japanese = site.refused(&format!("--language ja {line} --data data"), code, says);
        assert!(japanese.out.is_empty(), "{japanese:?}");
        assert!(!site.path("proof.json").exists(), "{line}");
    }
    site.refused("proof Patient/p1 --data data --out no/such/folder/p.json", "ST-0013", "folder");
}

#[test]
fn the_proof_of_a_deleted_record_without_a_version_is_that_of_its_deletion() {
    let site = site();
    let out = site.good("proof Patient/p2 --data data").out;
    assert!(out.contains("record.delete") && out.contains(r#""version": 2"#), "{out}");
}
