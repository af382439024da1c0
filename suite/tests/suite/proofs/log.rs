//! The journal as a log: read over the API, exported, and continued across restarts.

use super::{LogCase, judge_logs};
use crate::material::born;
use serde_json::json;
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
    let arguments = download_line(clinic, &client.get("/f/sakura/log/key").text(), to);
    python::verify(&arguments).pop().unwrap()
}

/// What the verifier is told for that.
fn download_line(clinic: &Clinic, key: &str, to: &Path) -> Vec<String> {
    let (data, base) = (clinic.data(), clinic.client().base());
    let arguments = [
        "log".to_owned(),
        base.replace("/fhir", "/log"),
        "--token-file".to_owned(),
        data.join(testkit::TESTER_KEY).display().to_string(),
        "--ca".to_owned(),
        data.join("tls/ca.pem").display().to_string(),
        "--save".to_owned(),
        to.display().to_string(),
        "--key".to_owned(),
        key.trim_end().to_owned(),
    ];
    arguments.to_vec()
}

#[test]
fn where_client_certificates_are_asked_for_the_log_is_downloaded_with_one() {
    let clinic = Clinic::start();
    let client = clinic.client();
    write(&client, 0, 3);
    let key = client.get("/f/sakura/log/key").text();
    let command = |command: serde_json::Value| clinic.command(&command).unwrap();
    command(json!({ "command": "certificate-ca" }));
    let issued = command(json!({ "command": "certificate-issue", "account": "tester" }));
    let values = json!({ "client-certificates": "verify", "machine-factors-needed": "2" });
    command(json!({ "command": "policy-set", "values": values }));
    let folder = tempfile::tempdir().unwrap();
    let mut shown = Vec::new();
    for (option, member) in [("--cert", "certificate"), ("--cert-key", "key")] {
        let file = folder.path().join(member);
        fs::write(&file, issued[member].as_str().unwrap()).unwrap();
        shown.extend([option.to_owned(), file.display().to_string()]);
    }
    let without = download_line(&clinic, &key, &folder.path().join("without"));
    let with = [download_line(&clinic, &key, &folder.path().join("with")), shown].concat();
    let verdicts = python::verify_all(&[without, with]);
    assert_eq!(verdicts[0].first().and_then(|verdict| verdict.good), None, "{verdicts:?}");
    assert_eq!(verdicts[1][0].good, Some(true), "{verdicts:?}");
}

/// How many entries a saved log has, by its checkpoint.
fn size_of(log: &Path) -> u64 {
    size(&fs::read_to_string(log.join("checkpoint")).unwrap())
}

/// How many entries a checkpoint is of.
fn size(checkpoint: &str) -> u64 {
    checkpoint.lines().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_log_downloaded_over_the_api_is_good_and_the_beginning_of_an_export() {
    let mut clinic = Clinic::start();
    let client = clinic.client();
    write(&client, 0, 130);
    let folder = tempfile::tempdir().unwrap();
    let (downloaded, exported) = (folder.path().join("downloaded"), folder.path().join("exported"));
    let verdict = download(&clinic, &client, &downloaded);
    assert_eq!(verdict.good, Some(true), "{verdict:?}");
    clinic.close();
    let data = clinic.data().to_str().unwrap().to_owned();
    let ended = Akashi::new(["export", "--data", &data, "--log", exported.to_str().unwrap()]).run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    // Every request for a file is an entry itself: the export goes on where the download ended.
    let (begun, size) = (size_of(&downloaded), size_of(&exported));
    assert!(256 < begun && begun < size && size < 512, "{begun} {size}");
    assert!(ended.out.contains(&size.to_string()), "{ended:?}");
    let since = Some(downloaded.join("checkpoint"));
    let cases =
        [LogCase::new("downloaded", &downloaded), LogCase { since, ..LogCase::new("exported", &exported) }];
    assert_eq!(judge_logs(&cases), [Ok(()), Ok(())]);
    let part = |log: &Path, size: u64| {
        let bundle = fs::read(log.join(format!("tile/entries/001.p/{}", size - 256))).unwrap();
        merkle::tile::decode_bundle(&bundle).unwrap().into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>()
    };
    assert!(part(&exported, size).starts_with(&part(&downloaded, begun)));
    for path in ["key", "tile/entries/000", "tile/0/000", "tile/1/000.p/1"] {
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
        let size = size(&note);
        let records = (u64::try_from(round).unwrap() + 1) * 70;
        assert!(size >= Clinic::ENTRIES_AT_START + records, "{note}");
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
    let size = clinic.journal().size();
    // Each of these requests is an entry too: so many never come.
    let more = 255;
    let of_size = |text: &str| text.replace("SIZE", &size.to_string()).replace("MORE", &more.to_string());
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
    assert!(clinic.journal().size() < more);
}

/// Entries of a round below: a record, the request that wrote it, and the request for the checkpoint before.
const EACH_ROUND: u64 = 3;

#[test]
fn the_checkpoint_grows_with_every_commit_and_names_its_facility() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for number in 0..5 {
        let size = Clinic::ENTRIES_AT_START + u64::try_from(number).unwrap() * EACH_ROUND;
        let text = client.get("/f/sakura/log/checkpoint").expect(200).text();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("/f/sakura/"), "{text}");
        assert_eq!(lines[1], size.to_string());
        write(&client, number, number + 1);
    }
}
