//! The journal as a log: read over the API, exported, and continued across restarts.

use super::{LogCase, judge_logs};
use crate::material::born;
use std::fs;
use std::path::Path;
use testkit::{Akashi, Client, Clinic, python};

fn write(client: &Client, from: usize, to: usize) {
    for number in from..to {
        let id = format!("p{number}");
        client.put(&format!("Patient/{id}"), born(&id, "1950")).expect(201);
    }
}

/// Downloads the log by the independent verifier, which checks it on the way.
fn download(clinic: &Clinic, client: &Client, to: &Path) -> python::Verdict {
    let data = clinic.data();
    let arguments = [
        "log".to_owned(),
        client.base().replace("/fhir", "/log"),
        "--token-file".to_owned(),
        data.join(testkit::TESTER_KEY).display().to_string(),
        "--ca".to_owned(),
        data.join("tls/ca.pem").display().to_string(),
        "--save".to_owned(),
        to.display().to_string(),
        "--key".to_owned(),
        client.get("/f/sakura/log/key").text().trim_end().to_owned(),
    ];
    python::verify(&arguments).pop().unwrap()
}

#[test]
fn a_log_downloaded_over_the_api_is_good_and_equal_to_an_export() {
    let mut clinic = Clinic::start();
    let client = clinic.client();
    write(&client, 0, 270);
    let folder = tempfile::tempdir().unwrap();
    let (downloaded, exported) = (folder.path().join("downloaded"), folder.path().join("exported"));
    let verdict = download(&clinic, &client, &downloaded);
    assert_eq!(verdict.good, Some(true), "{verdict:?}");
    clinic.close();
    let data = clinic.data().to_str().unwrap().to_owned();
    let ended = Akashi::new(["export", "--data", &data, "--log", exported.to_str().unwrap()]).run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let size = Clinic::ENTRIES_AT_START + 270;
    assert!(ended.out.contains(&size.to_string()), "{ended:?}");
    let cases = [LogCase::new("downloaded", &downloaded), LogCase::new("exported", &exported)];
    assert_eq!(judge_logs(&cases), [Ok(()), Ok(())]);
    let rest = size - 256;
    let (entries, hashes) = (format!("tile/entries/001.p/{rest}"), format!("tile/0/001.p/{rest}"));
    for path in ["checkpoint", "key", "tile/entries/000", &entries, "tile/0/000", &hashes, "tile/1/000.p/1"] {
        let (left, right) =
            (fs::read(downloaded.join(path)).unwrap(), fs::read(exported.join(path)).unwrap());
        assert!(left == right, "{path}");
    }
    let checked = Akashi::new(["verify", "--log", exported.to_str().unwrap()]).run();
    assert_eq!(checked.code, Some(0), "{checked:?}");
    assert!(checked.out.contains(&size.to_string()), "{checked:?}");
}

#[test]
fn a_log_continues_every_checkpoint_kept_from_before_across_restarts() {
    let mut clinic = Clinic::start();
    let folder = tempfile::tempdir().unwrap();
    let mut kept = Vec::new();
    for round in 0..4 {
        let client = clinic.client();
        write(&client, round * 70, (round + 1) * 70);
        let file = folder.path().join(format!("checkpoint-{round}"));
        fs::write(&file, client.get("/f/sakura/log/checkpoint").expect(200).body).unwrap();
        kept.push(file);
        clinic.restart();
    }
    let client = clinic.client();
    let log = folder.path().join("log");
    assert_eq!(download(&clinic, &client, &log).good, Some(true));
    let key = client.get("/f/sakura/log/key").text().trim_end().to_owned();
    let verifier = merkle::note::VerifierKey::parse(&key).unwrap();
    let mut cases = Vec::new();
    let mut proofs = Vec::new();
    for (round, file) in kept.iter().enumerate() {
        let case = LogCase::new(format!("since {round}"), &log);
        cases.push(LogCase { key: Some(key.clone()), since: Some(file.clone()), ..case });
        let note = fs::read_to_string(file).unwrap();
        clinic.verify_since(Some(&note)).unwrap();
        let size = Clinic::ENTRIES_AT_START + (u64::try_from(round).unwrap() + 1) * 70;
        assert_eq!(note.lines().nth(1), Some(size.to_string().as_str()));
        let proof = client.get(&format!("/f/sakura/log/consistency/{size}")).expect(200);
        store::verify_consistency(&proof.body, &note, &verifier).unwrap();
        let path = folder.path().join(format!("consistency-{round}"));
        fs::write(&path, &proof.body).unwrap();
        let words = ["consistency", path.to_str().unwrap(), "--old", file.to_str().unwrap(), "--key", &key];
        proofs.push(words.map(str::to_owned).to_vec());
    }
    assert!(judge_logs(&cases).iter().all(Result::is_ok));
    assert!(python::verify_all(&proofs).iter().all(|verdicts| verdicts[0].good == Some(true)));
}

#[test]
fn only_what_the_tree_has_is_served_below_the_log() {
    let clinic = Clinic::start();
    let client = clinic.client();
    write(&client, 0, 4);
    let size = Clinic::ENTRIES_AT_START + 4;
    let of_size =
        |text: &str| text.replace("SIZE", &size.to_string()).replace("MORE", &(size + 1).to_string());
    for path in [
        "checkpoint",
        "key",
        "tile/0/000.p/SIZE",
        "tile/0/000.p/1",
        "tile/entries/000.p/SIZE",
        "tile/entries/000.p/3",
        "consistency/SIZE",
    ]
    .map(of_size)
    {
        client.get(&format!("/f/sakura/log/{path}")).expect(200);
    }
    for path in [
        "tile/0/000",
        "tile/0/000.p/MORE",
        "tile/0/000.p/0",
        "tile/0/000.p/0SIZE",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/0/0.p/1",
        "tile/entries/000",
        "tile/entries/000.p/MORE",
        "tile/-1/000.p/1",
        "tile/0/x000/000.p/1",
        "nothing",
        "checkpoint/",
        "../../tester.key",
        "%2e%2e/%2e%2e/tester.key",
        "tile/0/000.p/SIZE?x=1",
        "facility.json",
        "consistency/MORE",
        "consistency/x",
        "consistency/01",
    ]
    .map(of_size)
    {
        let reply = client.get(&format!("/f/sakura/log/{path}"));
        assert!(matches!(reply.status(), 400 | 404), "{path}: {}", reply.status());
    }
}

#[test]
fn the_checkpoint_grows_with_every_commit_and_names_its_facility() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for number in 0..5 {
        let size = Clinic::ENTRIES_AT_START + u64::try_from(number).unwrap();
        let text = client.get("/f/sakura/log/checkpoint").expect(200).text();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("/f/sakura/"), "{text}");
        assert_eq!(lines[1], size.to_string());
        write(&client, number, number + 1);
    }
}
