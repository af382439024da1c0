//! Wrong data directories, facilities and records: each command says so by a code and leaves nothing behind.

use super::Site;
use crate::material::born;

/// Every command that needs a data directory which is there.
const NEEDS_DATA: &[&str] = &[
    "serve --data DATA",
    "import --data DATA in.ndjson",
    "export --data DATA --out out",
    "export --data DATA --log out",
    "verify --data DATA",
    "proof Patient/p1 --data DATA --out out",
    "reindex --data DATA",
    "account list --data DATA",
    "account invite dr-sato --data DATA",
    "certificate list --data DATA",
    "policy show --data DATA",
    "facts --data DATA",
];

/// The line, and the same with a facility where a facility can be named.
fn with_facility(line: &str) -> Vec<String> {
    let named = (!line.starts_with("serve")).then(|| format!("{line} --facility sakura"));
    std::iter::once(line.to_owned()).chain(named).collect()
}

fn site() -> Site {
    let site = Site::sakura();
    site.write("in.ndjson", born("p1", "1950"));
    site.good("import --data data in.ndjson");
    site
}

#[test]
fn a_data_directory_that_is_not_there_is_refused_by_every_command() {
    let site = site();
    let mut passed = Vec::new();
    for line in NEEDS_DATA.iter().flat_map(|line| with_facility(line)) {
        let line = line.replace("DATA", "mistyped");
        let ended = site.akashi(&line).run();
        if ended.code != Some(1) || !ended.err.starts_with("AK-0001") {
            passed.push((line, ended));
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

#[test]
fn a_mistyped_data_directory_is_not_made() {
    let site = site();
    let mut made = Vec::new();
    for line in NEEDS_DATA.iter().flat_map(|line| with_facility(line)) {
        let line = line.replace("DATA", "mistyped");
        site.akashi(&line).run();
        if site.path("mistyped").exists() {
            std::fs::remove_dir_all(site.path("mistyped")).unwrap();
            made.push(line);
        }
    }
    assert!(made.is_empty(), "{made:#?} made the directory");
    assert!(!site.path("out").exists());
}

#[test]
fn a_facility_that_is_not_there_is_refused_by_its_name() {
    let site = site();
    for line in NEEDS_DATA.iter().filter(|line| !line.starts_with("serve")) {
        let line = format!("{} --facility ume", line.replace("DATA", "data"));
        site.refused(&line, "ST-0015", "ume");
        site.refused(&format!("{line} --language ja"), "ST-0015", "施設 ume");
    }
    assert!(!site.path("out").exists());
}

#[test]
fn with_several_facilities_the_one_that_is_meant_must_be_named() {
    let site = site();
    site.good("init --data data --facility ume");
    for line in NEEDS_DATA.iter().filter(|line| !line.starts_with("serve") && !line.starts_with("verify")) {
        site.refused(&line.replace("DATA", "data"), "ST-0022", "sakura, ume");
    }
    assert!(!site.path("out").exists());
    site.good("proof Patient/p1 --data data --facility sakura --out out");
    site.refused("proof Patient/p1 --data data --facility ume", "RC-0002", "Patient/p1");
}

#[test]
fn a_folder_without_a_facility_is_no_data_directory() {
    let site = site();
    std::fs::create_dir(site.path("bare")).unwrap();
    site.refused("export --data bare --out out", "AK-0001", "bare");
    assert!(!site.path("out").exists());
}

#[test]
fn a_damaged_journal_is_refused_by_every_command_that_opens_it() {
    let site = site();
    let file = "data/facilities/sakura/journal.db";
    let mut bytes = std::fs::read(site.path(file)).unwrap();
    bytes.iter_mut().take(64).for_each(|byte| *byte ^= 0x55);
    site.write(file, bytes);
    for line in NEEDS_DATA {
        let line = line
            .replace("serve --data DATA", "serve --data DATA --listen 127.0.0.1:0")
            .replace("DATA", "data");
        let ended = site.akashi(&line).run();
        assert_eq!(ended.code, Some(1), "{line}: {ended:?}");
        let told = ["ST-0010", "ST-0011", "ST-0017"]
            .iter()
            .any(|code| ended.err.lines().any(|line| line.starts_with(code)));
        assert!(told, "{line}: {ended:?}");
    }
}
