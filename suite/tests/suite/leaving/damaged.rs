//! What was changed in a complete export on its way is found, by the product and by the independent verifier.

use super::{Leaving, facilities, files};
use crate::command_line::Site;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use testkit::python;

/// Writes the digests of a folder anew, as somebody would who forges it.
fn digest_anew(folder: &Path) {
    let path = folder.join("SHA256SUMS");
    let listed = fs::read_to_string(&path).unwrap();
    let lines = listed.lines().map(|line| {
        let name = line.split_once("  ").unwrap().1;
        format!("{}  {name}\n", digest(&folder.join(name)))
    });
    fs::write(&path, lines.collect::<Vec<_>>().concat()).unwrap();
    say_sums(folder);
}

/// Has the manifest name the list of digests as it is.
fn say_sums(folder: &Path) {
    let manifest = folder.join("manifest.json");
    let mut said: serde_json::Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    said["sums"] = digest(&folder.join("SHA256SUMS")).into();
    fs::write(manifest, serde_json::to_vec(&said).unwrap()).unwrap();
}

fn digest(path: &Path) -> String {
    merkle::Hash(seal::sha256_of(&mut fs::File::open(path).unwrap()).unwrap()).to_hex()
}

/// A copy of an export with something done to it.
fn changed(site: &Site, change: impl FnOnce(&Path)) {
    let copy = site.path("changed");
    if copy.exists() {
        fs::remove_dir_all(&copy).unwrap();
    }
    let from = site.path("leaving");
    let done = std::process::Command::new("cp").arg("-a").arg(from).arg(&copy).status().unwrap();
    assert!(done.success());
    change(&copy);
}

/// Has import and the independent verifier refuse the changed copy, with nothing left behind.
fn refused_by_both(leaving: &Leaving, what: &str) {
    let site = leaving.site();
    let ended = site.akashi("import --data new --complete changed").run();
    let told = ended.err.lines().any(|line| line.starts_with("ST-0059") || line.starts_with("ST-0017"));
    assert!(ended.code == Some(1) && told, "{what}: {ended:?}");
    assert_eq!(facilities(&site.path("new")), [".successor-sakura"], "{what}");
    let key = &leaving.watched.log;
    let verdict = python::verify(&leaving.placed(&["complete", "changed", "--key", key]));
    assert_eq!(verdict[0].good, Some(false), "{what}: {}", verdict[0].reason);
}

/// Changes a byte of a file that stays what it is.
fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let place = bytes.iter().rposition(u8::is_ascii_alphanumeric).unwrap_or(0);
    bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
    fs::write(path, bytes).unwrap();
}

/// Files that nothing in the journal speaks of, and what only the key of the witness tells from a forgery.
const UNBOUND: [&str; 5] = ["README.md", "verify.py", "imports.ndjson", "witnesses.ndjson", "log/cosigned"];

#[test]
fn a_changed_byte_in_any_kind_of_file_is_found_also_under_fresh_digests() {
    let leaving = Leaving::new();
    let site = leaving.site();
    site.good(&format!("export --data data --complete leaving --to {}", leaving.successor));
    let mut tried = 0;
    for file in files(&site.path("leaving")) {
        let name = file.strip_prefix(site.path("leaving")).unwrap().to_str().unwrap().to_owned();
        let jp_core = name.starts_with("current/") || name.starts_with("history/");
        if jp_core && !name.ends_with("/Patient.ndjson") && !name.ends_with("/Observation.ndjson") {
            continue;
        }
        if fs::metadata(&file).unwrap().len() == 0 {
            continue;
        }
        tried += 1;
        changed(site, |copy| flip(&copy.join(&name)));
        refused_by_both(&leaving, &name);
        if name == "SHA256SUMS" || name == "manifest.json" || UNBOUND.contains(&name.as_str()) {
            continue;
        }
        changed(site, |copy| {
            flip(&copy.join(&name));
            digest_anew(copy);
        });
        refused_by_both(&leaving, &format!("{name} under fresh digests"));
    }
    assert!(tried > 15, "{tried}");
    site.good("import --data new --complete leaving");
}

/// Something that is done to a copy.
type Change = fn(&Path);

fn shorten(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    fs::write(path, lines[..lines.len() - 1].concat()).unwrap();
}

fn climb_out(copy: &Path) {
    let path = copy.join("SHA256SUMS");
    let sums = fs::read_to_string(&path).unwrap();
    fs::write(&path, sums.replace("accesses.ndjson", "../accesses.ndjson")).unwrap();
    say_sums(copy);
}

fn put_a_hash_in(copy: &Path) {
    let path = copy.join("salts.ndjson");
    let salts = fs::read_to_string(&path).unwrap();
    let with = salts.replacen("\"salt\":null", &format!("\"salt\":\"{}\"", "00".repeat(32)), 1);
    assert_ne!(salts, with);
    fs::write(path, with).unwrap();
}

fn link_the_log(copy: &Path) {
    fs::rename(copy.join("log"), copy.with_extension("log")).unwrap();
    symlink(copy.with_extension("log"), copy.join("log")).unwrap();
}

fn link_a_file(copy: &Path) {
    fs::remove_file(copy.join("imports.ndjson")).unwrap();
    symlink("/etc/hostname", copy.join("imports.ndjson")).unwrap();
}

/// Found by the list of digests.
const LISTED: &[(&str, Change)] = &[
    ("a file that is missing", |copy| fs::remove_file(copy.join("history/Patient.ndjson")).unwrap()),
    ("a file too many", |copy| fs::write(copy.join("history/Extra.ndjson"), "{}\n").unwrap()),
    ("a link out of the folder", link_a_file),
    ("a linked folder", link_the_log),
    ("a path that climbs out", climb_out),
];

/// Found also where the digests were made anew.
const FORGED: &[(&str, Change)] = &[
    ("a history that ends too early", |copy| shorten(&copy.join("history/Patient.ndjson"))),
    ("salts that end too early", |copy| shorten(&copy.join("salts.ndjson"))),
    ("the newest checkpoint is missing", |copy| shorten(&copy.join("checkpoints.ndjson"))),
    ("a current record that is missing", |copy| shorten(&copy.join("current/Patient.ndjson"))),
    ("accesses of another export", |copy| {
        let other = copy.with_file_name("other").join("accesses.ndjson");
        fs::copy(other, copy.join("accesses.ndjson")).unwrap();
    }),
    ("a line that never ends", |copy| {
        fs::write(copy.join("accesses.ndjson"), vec![b' '; 17 * 1024 * 1024]).unwrap();
    }),
    ("a password hash that was put in", put_a_hash_in),
];

#[test]
fn an_export_that_is_cut_mixed_or_hostile_leaves_nothing_behind() {
    let leaving = Leaving::new();
    let site = leaving.site();
    site.good("export --data data --complete other");
    site.good(&format!("export --data data --complete leaving --to {}", leaving.successor));
    for (what, change) in LISTED {
        changed(site, change);
        refused_by_both(&leaving, what);
    }
    for (what, change) in FORGED {
        changed(site, |copy| {
            change(copy);
            digest_anew(copy);
        });
        refused_by_both(&leaving, what);
    }
    changed(site, |copy| {
        let manifest = fs::read_to_string(copy.join("manifest.json")).unwrap();
        fs::write(copy.join("manifest.json"), manifest.replace("akashi-complete/1", "akashi-complete/9"))
            .unwrap();
    });
    site.refused("import --data new --complete changed", "ST-0012", "akashi-complete/9");
    changed(site, |copy| fs::remove_file(copy.join("manifest.json")).unwrap());
    site.refused("import --data new --complete changed", "ST-0059", "manifest.json");
    // What an earlier attempt left when it was killed is no facility, and in nobody's way.
    site.write("new/facilities/.new-sakura/journal.db", "half");
    site.refused("verify --data new", "AK-0001", "new");
    site.good("import --data new --complete leaving");
    site.good("verify --data new");
}
