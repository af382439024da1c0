//! `akashi report`: reports as files, who got which, and bundles that both verifiers check.

use super::{Site, mode};
use serde_json::Value;
use std::fs;
use testkit::python;

const FORMS: [&str; 8] =
    ["checklist", "sds", "matrix", "gaps", "risk", "inspection", "director", "service-spec"];

/// A facility of which something is known.
fn clinic() -> Site {
    let site = Site::sakura();
    site.good("risk propose --data data");
    site.good("attest answer training_held はい --name 佐藤 --data data");
    site
}

/// The verifier key of the facility.
fn key(site: &Site) -> String {
    site.good("verify --data data").out.lines().last().unwrap().trim().to_owned()
}

#[test]
fn every_report_is_written_in_every_form_for_its_owner_alone() {
    let site = clinic();
    for form in FORMS {
        let quick = [("json", &b"{\n"[..]), ("html", b"<!doctype html>"), ("xlsx", b"PK\x03\x04")];
        // What sets papers has tests of its own; here each kind of page is set once.
        let set = ["director", "risk", "checklist"].contains(&form).then_some(("pdf", &b"%PDF-"[..]));
        for (ending, begins) in quick.into_iter().chain(set) {
            let file = format!("{form}.{ending}");
            let ended = site.good(&format!("report {form} --data data --out {file} --language en"));
            assert!(ended.out.contains("version 1") && ended.out.contains("SHA-256"), "{ended:?}");
            let bytes = fs::read(site.path(&file)).unwrap();
            let start = bytes.get(..begins.len()).unwrap().to_ascii_lowercase();
            assert_eq!(start, begins.to_ascii_lowercase(), "{file}");
            assert!(bytes.len() < 2 * 1024 * 1024, "{file} has {} bytes", bytes.len());
            assert_eq!(mode(&site.path(&file)), 0o600, "{file}");
        }
        let paper: Value = serde_json::from_str(&site.text(&format!("{form}.json"))).unwrap();
        assert_eq!((&paper["facility"], &paper["language"]), (&"sakura".into(), &"ja".into()), "{form}");
    }
}

#[test]
fn the_same_evidence_gives_the_same_bytes_and_the_journal_says_who_got_them() {
    let site = clinic();
    site.good("report director --data data --out one.pdf --to 保健所");
    site.good("report director --data data --out two.pdf --to 監査法人");
    assert!(fs::read(site.path("one.pdf")).unwrap() == fs::read(site.path("two.pdf")).unwrap());
    site.good("attest exclude mhlw-7.0/control/13-1 --reason 使わない --name 院長 --data data");
    site.good("report director --data data --out three.xlsx --to 保健所 --compare one.pdf");
    let listed = site.json("report list");
    let told = |member: &str| -> Vec<String> {
        listed["reports"].as_array().unwrap().iter().map(|one| one[member].to_string()).collect()
    };
    assert_eq!(told("recipient"), ["\"保健所\"", "\"監査法人\"", "\"保健所\""]);
    assert_eq!(told("output"), ["\"xlsx\"", "\"pdf\"", "\"pdf\""]);
    assert_eq!(told("version"), ["2", "1", "1"]);
    assert_eq!(listed["reports"][0]["compared_with"], 1);
    let shown = site.good("report list --data data --language ja");
    assert!(shown.out.contains("監査法人") && shown.out.contains("director"), "{shown:?}");
    let accesses = site.good("audit list --data data --json").out;
    assert!(accesses.contains("director mhlw-7.0 all ja 2"), "the access says which version: {accesses}");
}

#[test]
fn without_a_file_a_summary_is_shown_and_names_come_from_the_configuration() {
    let site = clinic();
    let summary = site.good("report director --data data --language ja");
    assert!(summary.out.contains("第 1 版") && summary.err.contains("--out director.pdf"), "{summary:?}");
    let named = site
        .text("data/akashi.toml")
        .replace("# sakura-clinic = \"医療法人 さくら診療所\"", "sakura = \"さくら診療所\"");
    site.write("data/akashi.toml", named);
    let paper = site.good("report director --data data --json").out;
    let paper: Value = serde_json::from_str(&paper).unwrap();
    assert_eq!(paper["facility"], "さくら診療所");
    let other = site.good("report director --data data --json --facility-name みどり医院 --lang en").out;
    let other: Value = serde_json::from_str(&other).unwrap();
    assert_eq!((&other["facility"], &other["language"]), (&"みどり医院".into(), &"en".into()));
}

#[test]
fn what_cannot_be_written_or_compared_is_refused_before_anything_leaves() {
    let site = Site::sakura();
    let before = site.journal().size();
    for file in ["report", "report.docx", "report.pdf.exe"] {
        site.refused(&format!("report gaps --data data --out {file}"), "AK-0033", file);
        assert!(!site.path(file).exists());
    }
    site.write("there.pdf", "mine");
    site.refused("report gaps --data data --out there.pdf", "AK-0010", "there.pdf");
    assert_eq!(site.text("there.pdf"), "mine");
    site.refused("report gaps --data data --compare nowhere.pdf --out a.pdf", "AK-0035", "nowhere.pdf");
    for folder in ["nowhere", "there.pdf"] {
        let line = format!("report gaps --data data --out {folder}/a.pdf");
        site.refused(&line, "AK-0034", &format!("{folder}/a.pdf"));
    }
    assert_eq!(site.journal().size(), before, "nobody was asked");
    for (line, code) in [
        ("report gaps --compare 7 --out a.pdf", "EV-0017"),
        ("report gaps --compare there.pdf --out a.pdf", "EV-0017"),
        ("report gaps --edition mhlw-5.0 --out a.pdf", "GL-0004"),
        ("report risk --at 2026-01-01T00:00:00Z --out a.pdf", "EV-0019"),
        ("report gaps --at 2020-01-01T00:00:00Z --out a.pdf", "EV-0008"),
    ] {
        site.refused(&format!("{line} --data data"), code, "");
        assert!(!site.path("a.pdf").exists(), "{line}");
    }
    let empty = site.good("report list --data data --language en");
    assert!(empty.err.contains("no report was handed out yet"), "{empty:?}");
}

#[test]
fn a_running_server_hands_out_reports_too() {
    let site = clinic();
    let (process, _client) = site.serve();
    site.good("report checklist --data data --out checklist.xlsx");
    site.good("report director --data data --out director.zip");
    process.signal("TERM");
    super::good("serve", process.wait());
    site.good("verify director.zip");
}

#[test]
fn a_bundle_is_good_for_both_verifiers() {
    let site = clinic();
    let key = key(&site);
    for form in ["director", "inspection", "risk"] {
        let file = format!("{form}.zip");
        site.good(&format!("report {form} --data data --out {file} --to 監査法人"));
        let verified = site.good(&format!("verify {file} --key {key} --language en"));
        assert!(verified.out.contains("every file is as it was handed out"), "{verified:?}");
        assert!(verified.err.is_empty(), "{verified:?}");
        let path = site.path(&file).display().to_string();
        let theirs = python::verify(&["bundle", &path, "--key", &key]);
        assert_eq!(theirs[0].good, Some(true), "{form}: {theirs:?}");
        // Any program opens it.
        let listed =
            std::process::Command::new("python3").args(["-m", "zipfile", "-t", &path]).output().unwrap();
        assert!(listed.status.success(), "{listed:?}");
    }
    let without_key = site.good("verify director.zip --language en");
    assert!(without_key.err.contains("Compare it with the facility's key"), "{without_key:?}");
    let other = Site::sakura();
    let others = self::key(&other);
    site.refused(&format!("verify director.zip --key {others}"), "ST-0017", "");
    let path = site.path("director.zip").display().to_string();
    assert_eq!(python::verify(&["bundle", &path, "--key", &others])[0].good, Some(false));
}

/// Where the members of a bundle lie: name, first byte of the content, and how long it is.
fn members(bytes: &[u8]) -> Vec<(String, usize, usize)> {
    let number = |at: usize, length: usize| {
        bytes[at..at + length].iter().rev().fold(0, |sum, byte| sum * 256 + usize::from(*byte))
    };
    let (mut found, mut at) = (Vec::new(), 0);
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let (length, name) = (number(at + 22, 4), number(at + 26, 2));
        let begins = at + 30 + name;
        found.push((String::from_utf8(bytes[at + 30..begins].to_vec()).unwrap(), begins, length));
        at = begins + length;
    }
    found
}

#[test]
fn a_bundle_with_one_changed_byte_anywhere_is_refused_by_both_verifiers() {
    let site = clinic();
    site.good("report director --data data --out good.zip");
    let good = fs::read(site.path("good.zip")).unwrap();
    let members = members(&good);
    assert_eq!(members.len(), 8, "six files and two proofs: {members:?}");
    let mut places: Vec<(String, usize)> = Vec::new();
    for (name, begins, length) in &members {
        // Within the content, at its first and last byte, in the header with its moment, sum and name.
        for at in [*begins, begins + length / 2, begins + length - 1, begins - 1, begins - name.len() - 18] {
            places.push((name.clone(), at));
        }
    }
    places.push(("the directory".to_owned(), good.len() - 40));
    places.push(("the end".to_owned(), good.len() - 1));
    let mut lines = Vec::new();
    for (number, (name, at)) in places.iter().enumerate() {
        let mut changed = good.clone();
        changed[*at] ^= 1;
        let file = format!("changed-{number}.zip");
        site.write(&file, &changed);
        lines.push((name.clone(), file));
    }
    // Members dropped and added, and what comes after the end.
    let head = |place: usize| members[place].1 - 30 - members[place].0.len();
    let last = members.len() - 1;
    site.write("shorter.zip", [&good[..head(last)], &good[members[last].1 + members[last].2..]].concat());
    site.write("longer.zip", [&good[..], b"x"].concat());
    let mut extra = good[..head(1)].to_vec();
    extra[30..40].copy_from_slice(b"extras.pdf");
    site.write("added.zip", [&extra[..], &good[..]].concat());
    for file in ["shorter.zip", "longer.zip", "added.zip"] {
        lines.push((file.to_owned(), file.to_owned()));
    }
    let all: Vec<&str> = lines.iter().map(|(_, file)| file.as_str()).collect();
    let ended = site.akashi(&format!("verify {} --language en", all.join(" "))).run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let refused: Vec<&str> = ended.out.lines().filter(|line| line.contains("not genuine")).collect();
    assert_eq!(refused.len(), lines.len(), "{ended:?}");
    let commands: Vec<Vec<String>> = lines
        .iter()
        .map(|(_, file)| vec!["bundle".to_owned(), site.path(file).display().to_string()])
        .collect();
    for ((name, file), verdicts) in lines.iter().zip(python::verify_all(&commands)) {
        assert_eq!(verdicts[0].good, Some(false), "{name} in {file}");
    }
}

#[test]
fn the_check_of_a_site_brings_its_picture_and_its_open_paths_into_the_pack() {
    let site = Site::sakura();
    let template = site.good("check --template small-hospital").out;
    site.write("site.yaml", template);
    let ended = site.akashi("check site.yaml --keep --data data").run();
    assert!(matches!(ended.code, Some(0 | 3 | 4)) && ended.err.contains("kept"), "{ended:?}");
    let paper: Value = serde_json::from_str(&site.good("report inspection --data data --json").out).unwrap();
    let text = paper.to_string();
    assert!(text.contains("<svg "), "the picture");
    assert!(text.contains("ネットワーク構成図"), "{text}");
}
