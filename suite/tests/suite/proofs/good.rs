//! Proofs of create, update and delete over the API and by the command line: all good, for both verifiers.

use super::{Candidate, judge, on_one_line, proven};
use crate::material::born;
use serde_json::json;
use std::fs;
use testkit::{Akashi, Clinic, python};

/// A clinic with records of every fate, and the paths of all their versions.
fn written() -> (Clinic, Vec<String>) {
    let clinic = Clinic::start();
    let client = clinic.client();
    let mut paths = Vec::new();
    for number in 0..60 {
        let id = format!("p{number}");
        client.put(&format!("Patient/{id}"), born(&id, "1950")).expect(201);
        paths.push(format!("Patient/{id}/_history/1"));
    }
    for (id, version) in [("p1", 2), ("p2", 2), ("p1", 3)] {
        client.put(&format!("Patient/{id}"), born(id, &format!("195{version}"))).expect(200);
        paths.push(format!("Patient/{id}/_history/{version}"));
    }
    client.delete("Patient/p2").expect(204);
    paths.push("Patient/p2/_history/3".to_owned());
    client.put("Patient/p2", born("p2", "1960")).expect(201);
    paths.push("Patient/p2/_history/4".to_owned());
    client.delete("Patient/p3").expect(204);
    paths.push("Patient/p3/_history/2".to_owned());
    (clinic, paths)
}

#[test]
fn every_version_has_a_proof_that_both_verifiers_take() {
    let (clinic, paths) = written();
    let client = clinic.client();
    let key = client.get("/f/sakura/log/key").expect(200).text();
    let proofs: Vec<Candidate> = paths
        .iter()
        .map(|path| {
            let reply = client.get(&format!("{path}/$proof")).expect(200);
            assert_eq!(reply.field("content-type"), "application/vnd.akashi.proof+json");
            (path.clone(), on_one_line(&reply.body))
        })
        .collect();
    assert!(judge(&proofs, Some(key.trim_end())).into_iter().all(|good| good));
}

#[test]
fn the_proof_of_a_record_is_that_of_its_current_version() {
    let (clinic, _) = written();
    let client = clinic.client();
    for (id, version) in [("p0", 1), ("p1", 3), ("p2", 4), ("p3", 2)] {
        let current = client.get(&format!("Patient/{id}/$proof")).expect(200);
        let named = client.get(&format!("Patient/{id}/_history/{version}/$proof")).expect(200);
        assert_eq!(proven(&current.body), proven(&named.body), "{id}");
        assert_eq!(
            (current.get("record"), current.get("version")),
            (format!("Patient/{id}"), version.to_string())
        );
    }
    let deleted = client.get("Patient/p3/$proof").expect(200);
    assert_eq!((deleted.get("salt"), deleted.get("content")), ("null".to_owned(), "null".to_owned()));
    let stored = client.get("Patient/p1").expect(200).text();
    assert_eq!(
        client.get("Patient/p1/$proof").get("content"),
        stored,
        "the content is what is read, byte for byte"
    );
}

#[test]
fn no_name_and_no_clinical_content_stands_in_an_entry() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let body = r#"{"resourceType":"Patient","id":"p","name":[{"text":"canary-name"}],"birthDate":"1947-03-09","identifier":[{"value":"canary-number"}]}"#;
    client.put("Patient/p", body).expect(201);
    let entry = client.get("Patient/p/$proof").expect(200).get("entry");
    for part in ["canary", "1947"] {
        assert!(!entry.contains(part), "{entry}");
    }
    clinic
        .command(&json!({
            "command": "account-create", "account": "nurse", "kind": "person", "name": "canary-nurse",
            "occupation": "nurse", "phone": "+819000001947"
        }))
        .unwrap();
    let size = clinic.journal().size();
    let bundle = client.get(&format!("/f/sakura/log/tile/entries/000.p/{size}")).expect(200);
    let entries = String::from_utf8_lossy(&bundle.body);
    assert!(entries.contains(r#""id":"nurse""#) && entries.contains(r#""type":"Patient""#), "{entries}");
    for part in ["canary", "1947", clinic.key_of("sakura").unwrap()] {
        assert!(!entries.contains(part), "{entries}");
    }
}

#[test]
fn a_proof_by_the_command_line_is_one_by_the_api() {
    let (mut clinic, _) = written();
    let data = clinic.data().to_owned();
    let by_api = clinic.client().get("Patient/p1/$proof").expect(200).body;
    let by_api_version = clinic.client().get("Patient/p1/_history/2/$proof").expect(200).body;
    clinic.close();
    let out = data.join("p1.akashi-proof.json");
    let run = |more: &[&str]| {
        let arguments = ["proof", "Patient/p1", "--data", data.to_str().unwrap()];
        Akashi::new(arguments.iter().chain(more)).run()
    };
    assert_eq!(run(&["--out", out.to_str().unwrap()]).code, Some(0));
    assert_eq!(proven(&fs::read(&out).unwrap()), proven(&by_api));
    let shown = run(&["--version-id", "2"]);
    assert_eq!(proven(shown.out.as_bytes()), proven(&by_api_version));
    let checked = Akashi::new(["verify", out.to_str().unwrap()]).run();
    assert_eq!(checked.code, Some(0), "{checked:?}");
    assert!(checked.out.contains("genuine") && checked.err.contains("--key"), "{checked:?}");
    let verdict = python::verify(&["proof", out.to_str().unwrap()]);
    assert_eq!(verdict[0].good, Some(true), "{verdict:?}");
}

#[test]
fn an_old_proof_stays_good_while_the_journal_grows() {
    let (mut clinic, _) = written();
    let client = clinic.client();
    let old = client.get("Patient/p1/$proof").expect(200).body;
    for number in 0..300 {
        let id = format!("q{number}");
        client.put(&format!("Patient/{id}"), born(&id, "1950")).expect(201);
    }
    clinic.restart();
    let new = clinic.client().get("Patient/p1/$proof").expect(200).body;
    assert_ne!(old, new, "the newer proof leads to the newest checkpoint");
    let proofs = [("old".to_owned(), on_one_line(&old)), ("new".to_owned(), on_one_line(&new))];
    assert_eq!(judge(&proofs, None), [true, true]);
}
