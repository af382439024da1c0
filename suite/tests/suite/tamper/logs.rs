//! Logs that were damaged on the way, or that were never good though properly signed: both verifiers say the same.

use crate::material::born;
use crate::proofs::forge::{Forge, TIME, account, content, entry, identity, opening};
use crate::proofs::{LogCase, judge_logs};
use merkle::tile::{decode_bundle, encode_bundle};
use std::fs;
use std::path::Path;
use testkit::damage::{copy, edit, flipped};
use testkit::{Akashi, Clinic};

/// Exports a log of so many entries into a folder: its opening, then identities, then records, each with the request that
/// wrote it, and at the end the export.
fn exported(folder: &Path, entries: u64) {
    let mut clinic = Clinic::start();
    let client = clinic.client();
    let records = (entries - 1 - Clinic::ENTRIES_AT_START) / 2;
    for number in 0..records {
        let id = format!("p{}", number % 90);
        client.put(&format!("Patient/{id}"), born(&id, "1950"));
    }
    clinic.close();
    let data = clinic.data().to_str().unwrap();
    let ended = Akashi::new(["export", "--data", data, "--log", folder.to_str().unwrap()]).run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

/// Copies of a good log with one file damaged in every way.
fn damaged_copies(good: &Path, folder: &Path, files: &[&str]) -> Vec<LogCase> {
    let mut cases = Vec::new();
    let mut damaged = |name: String, change: &dyn Fn(&Path)| {
        let log = folder.join(cases.len().to_string());
        copy(good, &log);
        change(&log);
        cases.push(LogCase::new(name, log));
    };
    for file in files {
        let length = fs::read(good.join(file)).unwrap().len();
        for place in [0, length / 3, length / 2, length - 1] {
            let bit = u8::try_from(place % 7).unwrap();
            let change = |bytes: &mut Vec<u8>| *bytes = flipped(bytes, place, bit);
            damaged(format!("{file}: byte {place}"), &|log| edit(&log.join(file), change));
        }
        damaged(format!("{file}: missing"), &|log| fs::remove_file(log.join(file)).unwrap());
        damaged(format!("{file}: empty"), &|log| edit(&log.join(file), Vec::clear));
        damaged(format!("{file}: one byte short"), &|log| {
            edit(&log.join(file), |bytes| bytes.truncate(length - 1));
        });
        damaged(format!("{file}: one byte more"), &|log| edit(&log.join(file), |bytes| bytes.push(0)));
        damaged(format!("{file}: 32 bytes more"), &|log| {
            edit(&log.join(file), |bytes| bytes.extend([0; 32]));
        });
    }
    cases
}

/// The bundle of a log of nine entries.
const BUNDLE: &str = "tile/entries/000.p/9";

/// The entries of a bundle, changed and written as a bundle again.
fn with_entries(bundle: &[u8], change: &EntriesChange) -> Vec<u8> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let before: Vec<String> = decode_bundle(bundle).unwrap().into_iter().map(text).collect();
    let mut entries = before.clone();
    change(&mut entries);
    assert_ne!(entries, before, "something was changed");
    encode_bundle(entries).unwrap()
}

/// What is done to the entries of a log.
type EntriesChange = dyn Fn(&mut Vec<String>);

/// What an attacker with a pen does to the entries of a log: 1 is the policy, 2 an account, 3 its key, 4 a record, 5 the
/// request that wrote it.
const ENTRY_CASES: &[(&str, &EntriesChange)] = &[
    ("an account was made by somebody else", &|entries| entries[2] = entries[2].replace("console", "nobody")),
    ("an account has another id", &|entries| entries[2] = entries[2].replace("tester", "nobody")),
    ("an account is called a record", &|entries| entries[2] = entries[2].replace("identity.", "record.")),
    ("a factor is called an account", &|entries| entries[3] = entries[3].replace("Factor", "Account")),
    ("a record was made by somebody else", &|entries| entries[4] = entries[4].replace("tester", "nobody")),
    ("a record is called an identity", &|entries| entries[4] = entries[4].replace("record.", "identity.")),
    ("a request was somebody else's", &|entries| entries[5] = entries[5].replace("tester", "nobody")),
    ("a request is called a creation", &|entries| {
        entries[5] = entries[5].replace("\"access\"", "\"record.create\"");
    }),
    ("a request is gone", &|entries| drop(entries.remove(5))),
    ("a request stands twice", &|entries| entries.insert(5, entries[5].clone())),
    ("the policy is gone", &|entries| drop(entries.remove(1))),
    ("an account is gone", &|entries| drop(entries.remove(2))),
    ("a factor is gone", &|entries| drop(entries.remove(3))),
    ("a factor is a record", &|entries| entries[3] = entries[4].clone()),
    ("an account stands twice", &|entries| entries.insert(3, entries[2].clone())),
    ("account and factor are swapped", &|entries| entries.swap(2, 3)),
    ("factor and record are swapped", &|entries| entries.swap(3, 4)),
];

/// Both verifiers refuse all cases but the first, which is good.
fn all_are_refused(good: &Path, cases: Vec<LogCase>) {
    let cases = [vec![LogCase::new("good", good)], cases].concat();
    let results = judge_logs(&cases);
    assert_eq!(results[0], Ok(()));
    let taken: Vec<&str> = cases
        .iter()
        .zip(&results)
        .skip(1)
        .filter(|(_, result)| result.is_ok())
        .map(|(case, _)| case.name.as_str())
        .collect();
    assert!(taken.is_empty(), "{taken:?}");
}

#[test]
fn a_log_damaged_on_the_way_is_refused_by_both_verifiers() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good");
    exported(&good, 9);
    let files = ["checkpoint", "key", BUNDLE, "tile/0/000.p/9"];
    let mut cases = damaged_copies(&good, folder.path(), &files);
    // The line end of the key may be missing.
    cases.retain(|case| case.name != "key: one byte short");
    let mut changed = |name: &str, change: &dyn Fn(&Path)| {
        let log = folder.path().join(name);
        copy(&good, &log);
        change(&log);
        cases.push(LogCase::new(name, log));
    };
    for (name, edit_entries) in ENTRY_CASES {
        changed(name, &|log| edit(&log.join(BUNDLE), |bytes| *bytes = with_entries(bytes, edit_entries)));
    }
    let tile = "tile/0/000.p/9";
    changed("two leaves swapped", &|log| edit(&log.join(tile), |bytes| bytes[..64].rotate_left(32)));
    changed("a full tile in place of a partial one", &|log| {
        fs::rename(log.join(tile), log.join("tile/0/000")).unwrap();
    });
    all_are_refused(&good, cases);
}

#[test]
fn a_larger_log_damaged_on_the_way_is_refused_by_both_verifiers() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good");
    exported(&good, 259);
    all_are_refused(&good, damaged_copies(&good, folder.path(), &["tile/0/000", "tile/1/000.p/1"]));
}

fn record(kind: &str, id: &str, version: u64) -> String {
    let text = content(id, version);
    entry(kind, id, version, (kind != "delete").then_some(text.as_str()))
}

fn of_account(kind: &str, id: &str, version: u64) -> String {
    let text = account(id, version);
    identity(kind, id, version, (kind != "delete").then_some(text.as_str()))
}

fn later(entry: &str) -> String {
    entry.replacen(TIME, "2026-04-01T00:00:00.000001Z", 1)
}

/// What is said of a sequence of entries, all signed: whether the log is good.
type Sequence = (&'static str, Vec<String>, bool);

/// Sequences of identities, and of records that pretend to be.
fn identities() -> Vec<Sequence> {
    let open = opening("sakura");
    let (create, update, delete) =
        (record("create", "a", 1), record("update", "a", 2), record("delete", "a", 3));
    let (made, changed) = (of_account("create", "a", 1), of_account("update", "a", 2));
    let (ended, ended_at_once) = (of_account("delete", "a", 3), of_account("delete", "a", 2));
    let start =
        |more: &[&String]| std::iter::once(&open).chain(more.iter().copied()).cloned().collect::<Vec<_>>();
    vec![
        (
            "lives of an account and a record with one id",
            start(&[&made, &create, &changed, &update, &ended, &delete, &of_account("create", "a", 4)]),
            true,
        ),
        ("an account twice", start(&[&made, &made]), false),
        ("an account changed that never was", start(&[&changed]), false),
        ("an account ended that never was", start(&[&create, &of_account("delete", "a", 2)]), false),
        (
            "an account changed after its end",
            start(&[&made, &ended_at_once, &of_account("update", "a", 3)]),
            false,
        ),
        ("an account's version left out", start(&[&made, &ended]), false),
        ("an account as a record", start(&[&made.replace("identity.", "record.")]), false),
        ("a record as an identity", start(&[&create.replace("record.", "identity.")]), false),
        ("an account before the opening", vec![made.clone(), open.clone()], false),
    ]
}

/// Sequences of records.
fn sequences() -> Vec<Sequence> {
    let open = opening("sakura");
    let (create, update, delete) =
        (record("create", "a", 1), record("update", "a", 2), record("delete", "a", 3));
    let start =
        |more: &[&String]| std::iter::once(&open).chain(more.iter().copied()).cloned().collect::<Vec<_>>();
    vec![
        ("only the opening", start(&[]), true),
        (
            "a life",
            start(&[&create, &update, &delete, &record("create", "a", 4), &record("update", "a", 5)]),
            true,
        ),
        ("two records", start(&[&create, &record("create", "b", 1), &update]), true),
        ("the same id under another type", start(&[&create, &create.replace("Patient", "Group")]), true),
        ("the same time", start(&[&create, &record("create", "b", 1)]), true),
        ("time goes on", start(&[&create, &later(&record("create", "b", 1))]), true),
        ("time runs back", start(&[&later(&create), &record("create", "b", 1)]), false),
        ("created twice", start(&[&create, &create]), false),
        ("created twice, counted on", start(&[&create, &record("create", "a", 2)]), false),
        ("a gap", start(&[&create, &record("update", "a", 3)]), false),
        ("a version twice", start(&[&create, &update, &update]), false),
        ("a version back", start(&[&create, &update, &delete, &record("create", "a", 2)]), false),
        ("begins with 2", start(&[&record("create", "a", 2)]), false),
        ("begins with an update", start(&[&update]), false),
        ("updated after its deletion", start(&[&create, &update, &delete, &record("update", "a", 4)]), false),
        ("deleted twice", start(&[&create, &update, &delete, &record("delete", "a", 4)]), false),
        ("created again with version 1", start(&[&create, &update, &delete, &create]), false),
        ("opened twice", start(&[&open]), false),
        ("never opened", vec![create.clone()], false),
        ("opened later", vec![create.clone(), open.clone()], false),
        ("opened for another facility", vec![opening("fuji"), create.clone()], false),
        ("opened for no facility", vec![open.replace("Facility", "Clinic"), create.clone()], false),
        (
            "opened with a version",
            vec![open.replace(r#""id":"sakura""#, r#""id":"sakura","version":1"#)],
            false,
        ),
        (
            "opened with a digest",
            vec![open.replacen(r#""v":1"#, &format!(r#""v":1,"digest":"{}""#, "0".repeat(64)), 1)],
            false,
        ),
        ("an entry that is empty", start(&[&String::new()]), false),
        ("an entry that is no JSON", start(&[&"x".to_owned()]), false),
        ("an unknown kind", start(&[&create.replace("record.create", "access.read")]), false),
        ("a later version of the format", start(&[&create.replacen(r#""v":1"#, r#""v":2"#, 1)]), false),
        ("a member twice", start(&[&create.replacen(r#""v":1"#, r#""v":1,"x":1,"x":2"#, 1)]), false),
        (
            "a huge version",
            start(&[&create.replace(r#""version":1"#, r#""version":18446744073709551616"#)]),
            false,
        ),
    ]
}

#[test]
fn signed_logs_are_judged_by_the_rules_of_their_entries() {
    let folder = tempfile::tempdir().unwrap();
    let mut cases = Vec::new();
    let mut expected = Vec::new();
    for (name, entries, good) in [sequences(), identities()].concat() {
        let mut forge = Forge::empty("akashi.local/f/sakura/00000001");
        forge.entries = entries.into_iter().map(String::into_bytes).collect();
        let log = folder.path().join(cases.len().to_string());
        forge.save(&log);
        cases.push(LogCase { key: Some(forge.verifier.to_string()), ..LogCase::new(name, log) });
        expected.push(good);
    }
    let results = judge_logs(&cases);
    let other: Vec<_> = cases
        .iter()
        .zip(results.iter().zip(&expected))
        .filter(|(_, (result, expected))| result.is_ok() != **expected)
        .map(|(case, (result, _))| (case.name.as_str(), result))
        .collect();
    assert!(other.is_empty(), "{other:#?}");
}

#[test]
fn keys_and_checkpoints_of_a_log_are_judged_alike() {
    let folder = tempfile::tempdir().unwrap();
    let mut forge = Forge::new();
    forge.entries.extend(["a", "b", "c"].map(|id| record("create", id, 1).into_bytes()));
    let key = forge.verifier.to_string();
    let root = |size| forge.root(size).to_base64();
    let note = |text: &str| forge.signed(text);
    let origin = forge.verifier.name.to_string();
    let good = forge.checkpoint(4);
    let other_key = Clinic::start().client().get("/f/sakura/log/key").text();
    let mut cases = Vec::new();
    let mut case = |name: &str, checkpoint: Option<&str>, key_file: Option<&str>, given: Option<&str>| {
        let log = folder.path().join(cases.len().to_string());
        forge.save(&log);
        for (file, text) in [("checkpoint", checkpoint), ("key", key_file)] {
            if let Some(text) = text {
                fs::write(log.join(file), text).unwrap();
            }
        }
        cases.push(LogCase { key: given.map(str::to_owned), ..LogCase::new(name, log) });
    };
    case("good", None, None, None);
    case("good with the key", None, None, Some(&key));
    case("another key beside it", None, Some(&other_key), None);
    case("another key beside it, the right one given", None, Some(&other_key), Some(&key));
    case("a malformed key beside it, the right one given", None, Some("x"), Some(&key));
    case("another key given", None, None, Some(other_key.trim_end()));
    case("key without line end", None, Some(&key), None);
    case("key with two line ends", None, Some(&format!("{key}\n\n")), None);
    case("key with a blank", None, Some(&format!(" {key}\n")), None);
    case("smaller size, root of that size", Some(&forge.checkpoint(3)), None, None);
    case("larger size", Some(&note(&format!("{origin}\n5\n{}\n", root(4)))), None, None);
    case("another root", Some(&note(&format!("{origin}\n4\n{}\n", root(3)))), None, None);
    case("size 0", Some(&note(&format!("{origin}\n0\n{}\n", merkle::empty_root().to_base64()))), None, None);
    case("another origin", Some(&note(&format!("x/f/sakura/y\n4\n{}\n", root(4)))), None, None);
    case("an extension line", Some(&note(&format!("{origin}\n4\n{}\nmore\n", root(4)))), None, None);
    case("a size with a zero", Some(&note(&format!("{origin}\n04\n{}\n", root(4)))), None, None);
    case("a size with a sign", Some(&note(&format!("{origin}\n+4\n{}\n", root(4)))), None, None);
    case(
        "a root without padding",
        Some(&note(&format!("{origin}\n4\n{}\n", root(4).trim_end_matches('=')))),
        None,
        None,
    );
    case("no signature", Some(good.split_inclusive("\n\n").next().unwrap()), None, None);
    case("carriage returns", Some(&good.replace('\n', "\r\n")), None, None);
    case("something behind", Some(&format!("{good}\nx")), None, None);
    case("no line end", Some(good.trim_end()), None, None);
    case("the signature twice", Some(&format!("{good}{}\n", good.lines().last().unwrap())), None, None);
    let results = judge_logs(&cases);
    assert_eq!(results[..2], [Ok(()), Ok(())]);
}

#[test]
fn an_older_checkpoint_that_is_no_prefix_is_refused_by_both_verifiers() {
    let folder = tempfile::tempdir().unwrap();
    let mut forge = Forge::new();
    forge.entries.extend(["a", "b", "c", "d"].map(|id| record("create", id, 1).into_bytes()));
    let mut other = Forge::new();
    other.entries.extend(["a", "x", "c", "d", "e", "f"].map(|id| record("create", id, 1).into_bytes()));
    let log = folder.path().join("log");
    forge.save(&log);
    let empty = |root: String| forge.signed(&format!("{}\n0\n{root}\n", forge.verifier.name));
    let mut rows: Vec<(String, String, bool)> = Vec::new();
    for size in 1..=5 {
        rows.push((format!("its own of size {size}"), forge.checkpoint(size), true));
    }
    for size in 3..=7 {
        rows.push((format!("another history's of size {size}"), other.checkpoint(size), false));
    }
    rows.push(("of the empty tree".to_owned(), empty(merkle::empty_root().to_base64()), true));
    rows.push(("of an empty tree with another root".to_owned(), empty(forge.root(1).to_base64()), false));
    rows.push(("unsigned".to_owned(), "x\n1\nx\n".to_owned(), false));
    rows.push(("nothing".to_owned(), String::new(), false));
    let case = |(number, (name, since, _)): (usize, &(String, String, bool))| {
        let file = folder.path().join(format!("since-{number}"));
        fs::write(&file, since).unwrap();
        LogCase { key: Some(forge.verifier.to_string()), since: Some(file), ..LogCase::new(name, &log) }
    };
    let cases: Vec<LogCase> = rows.iter().enumerate().map(case).collect();
    for ((name, _, good), result) in rows.iter().zip(judge_logs(&cases)) {
        assert_eq!(result.is_ok(), *good, "{name}: {result:?}");
    }
}
