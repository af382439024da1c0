//! Wrong input: each command says what is wrong, with a code, and ends with a status that is not 0.

use std::fs;
use std::path::Path;
use testkit::{Akashi, Clinic};

/// A data directory with one facility, `sakura`.
fn directory() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ended = Akashi::new(["init", "--facility", "sakura", "--data", text(folder.path())]).run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn wrong_use_of_the_command_line_is_told_with_the_way_to_help() {
    for arguments in [
        &["nonsense"][..],
        &[],
        &["init"],
        &["init", "--facility", "Sakura"],
        &["init", "--facility", "a/b"],
        &["import"],
        &["export"],
        &["export", "--out", "a", "--log", "b"],
        &["verify"],
        &["verify", "file", "--data", "x"],
        &["verify", "--data", "x", "--key", "k"],
        &["proof"],
        &["proof", "42"],
        &["proof", "Patient/a b"],
        &["proof", "Patient/1", "--version-id", "0"],
        &["demo", "--patients", "many"],
        &["demo", "--listen", "nowhere"],
        &["serve", "--colour", "red"],
        &["--language", "fr", "serve"],
    ] {
        let ended = Akashi::new(arguments.iter().copied()).run();
        assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:?}");
        assert!(ended.err.contains("--help") || ended.err.contains("Usage"), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn every_command_tells_what_is_missing_or_wrong_with_a_code() {
    let folder = directory();
    let data = text(folder.path());
    let files = tempfile::tempdir().unwrap();
    let path = |name: &str| files.path().join(name).display().to_string();
    fs::write(path("bad.json"), "{").unwrap();
    fs::write(path("text.txt"), "x").unwrap();
    fs::write(path("broken.tgz"), "x").unwrap();
    fs::write(path("broken.ndjson.gz"), "x").unwrap();
    fs::write(path("bad.key"), "x").unwrap();
    let empty = path("empty");
    fs::create_dir(&empty).unwrap();
    let mut others = Vec::new();
    for (arguments, code) in [
        (vec!["init", "--facility", "sakura", "--data", data], "ST-0014"),
        (vec!["serve", "--data", &path("nothing")], "AK-0001"),
        (vec!["import", "--data", data, &path("nothing.json")], "ST-0013"),
        (vec!["import", "--data", data, &path("text.txt")], "AK-0004"),
        (vec!["import", "--data", data, &path("bad.json")], "FH-0001"),
        (vec!["import", "--data", data, &path("broken.tgz")], "ST-0013"),
        (vec!["import", "--data", data, &path("broken.ndjson.gz")], "ST-0013"),
        (vec!["import", "--data", data, "--facility", "fuji", &path("bad.json")], "ST-0015"),
        (vec!["import", "--data", &path("nothing"), &path("bad.json")], "AK-0001"),
        (vec!["export", "--data", data, "--out", text(files.path())], "AK-0003"),
        (vec!["export", "--data", data, "--log", text(files.path())], "AK-0003"),
        (vec!["export", "--data", &path("nothing"), "--out", &path("out")], "AK-0001"),
        (vec!["proof", "Patient/nobody", "--data", data], "RC-0002"),
        (vec!["proof", "Patient/nobody", "--data", data, "--version-id", "3"], "RC-0004"),
        (vec!["reindex", "--data", data, "--facility", "fuji"], "ST-0015"),
        (vec!["verify", "--data", data, "--facility", "fuji"], "ST-0015"),
        (vec!["verify", "--data", data, "--since", &path("nothing")], "ST-0013"),
        (vec!["verify", "--data", data, "--since", &path("text.txt")], "ST-0017"),
        (vec!["verify", "--log", &empty], "ST-0017"),
        (vec!["verify", &path("bad.json")], "ST-0017"),
        (vec!["verify", &path("nothing")], "ST-0013"),
        (vec!["verify", &path("bad.json"), "--key", &path("bad.key")], "AK-0005"),
    ] {
        let ended = Akashi::new(arguments.clone()).run();
        let japanese = Akashi::new(["--language", "ja"].iter().chain(&arguments)).run();
        let in_japanese =
            japanese.err.contains(code) && japanese.err.chars().any(|letter| letter > '\u{3000}');
        if ended.code != Some(1)
            || !ended.err.contains(code)
            || ended.err.contains("panicked")
            || !in_japanese
        {
            others.push((arguments.join(" "), code, ended, japanese.err));
        }
    }
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn an_empty_directory_is_not_called_genuine() {
    let folder = tempfile::tempdir().unwrap();
    for data in [folder.path().to_path_buf(), folder.path().join("nothing")] {
        let ended = Akashi::new(["verify", "--data", text(&data)]).run();
        assert_ne!(ended.code, Some(0), "nothing was verified: {ended:?}");
    }
}

#[test]
fn a_damaged_directory_is_not_served() {
    let mut clinic = Clinic::start();
    clinic.close();
    let data = text(clinic.data()).to_owned();
    let change = |name: &str, text: &str| {
        let path = clinic.data().join(name);
        let before = fs::read(&path).unwrap();
        fs::write(&path, text).unwrap();
        (path, before)
    };
    for (name, text, code) in [
        ("master.key", "akashi-master-key-v1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "ST-0011"),
        ("master.key", "x", "SE-0002"),
        ("akashi.toml", "[server]\nlisten = 1\n", "ST-0013"),
        ("akashi.toml", "x", "ST-0013"),
        ("tls/server.pem", "x", "SV-0020"),
        ("tls/server.key", "x", "SV-0021"),
        ("facilities/sakura/facility.json", "{}", "ST-0013"),
        ("facilities/sakura/journal.db", &"x".repeat(8_192), "ST-0011"),
    ] {
        let (path, before) = change(name, text);
        let ended = Akashi::new(["serve", "--data", &data, "--listen", "127.0.0.1:0"]).run();
        assert_eq!(ended.code, Some(1), "{name}: {ended:?}");
        assert!(ended.err.contains(code), "{name}: expected {code}: {ended:?}");
        assert!(!ended.err.contains("AAAA"), "{name}: a secret is shown: {ended:?}");
        fs::write(path, before).unwrap();
    }
}

#[test]
fn a_database_that_was_emptied_is_called_damaged_and_left_as_it_is() {
    let mut clinic = Clinic::start();
    clinic.close();
    let database = clinic.facility_folder().join("journal.db");
    for content in ["", "x"] {
        fs::write(&database, content).unwrap();
        for command in ["serve", "verify"] {
            let ended = Akashi::new([command, "--data", text(clinic.data())]).run();
            assert_eq!(ended.code, Some(1), "{command}: {ended:?}");
            assert!(!ended.err.contains("newer"), "{command}: no newer program wrote this: {ended:?}");
            assert_eq!(
                fs::read(&database).unwrap(),
                content.as_bytes(),
                "{command} wrote into what it could not read"
            );
        }
    }
}

#[test]
fn an_address_in_use_is_told() {
    let folder = directory();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = Akashi::new(["serve", "--data", text(folder.path()), "--listen", &address]).run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("SV-0023") && ended.err.contains(&address), "{ended:?}");
}
