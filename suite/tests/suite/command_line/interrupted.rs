//! An import that is killed at any write to the disk, and started again: every resource is there exactly once.

use super::{Site, column};
use crate::durability::strace;
use crate::material::{born, bundle, patient, writes};

/// Lines of the file; 256 of them go into one commit.
const LINES: usize = 700;
/// Every so many lines there is a Bundle that makes two records whose ids the server chooses.
const BUNDLE_EVERY: usize = 20;

fn lines() -> String {
    let lines = (0..LINES).map(|number| {
        let line = if number % BUNDLE_EVERY == 0 {
            let made = patient(&format!(r#""language":"x{number}""#));
            bundle("transaction", &[writes("POST", "Patient", &made), writes("POST", "Patient", &made)])
        } else {
            born(&format!("p{number}"), "1950")
        };
        line + "\n"
    });
    lines.collect()
}

/// The site of an import that got this far.
fn expect_whole(site: &Site, name: &str) {
    site.good("verify --data data");
    let records = site.exported("out");
    assert_eq!(records.len(), LINES + LINES / BUNDLE_EVERY, "{name}");
    assert!(
        column(&records, "meta.versionId").iter().all(|version| version == "1"),
        "{name}: something was written twice"
    );
}

#[test]
fn an_import_killed_at_any_moment_goes_on_where_it_stopped() {
    // The writer's calls: the head of the write-ahead log, its folder, then one for each commit.
    for (call, nth) in
        [("fsync", 1), ("fsync", 3), ("fsync", 4), ("pwrite64", 2), ("pwrite64", 300), ("fsync", 6)]
    {
        let name = format!("killed at {call} number {nth}");
        let Some(wrapper) = strace(&format!("inject={call}:signal=KILL:when={nth}")) else { return };
        let site = Site::sakura();
        site.write("in.ndjson", lines());
        let killed = site.akashi("import --data data in.ndjson").under(wrapper).run();
        assert_eq!(killed.code, None, "{name}: {killed:?}");
        site.good("verify --data data");
        let out = site.good("import --data data in.ndjson").out;
        assert!(out.contains("resources imported:"), "{name}: {out}");
        expect_whole(&site, &name);
    }
}

#[test]
fn an_import_killed_again_and_again_comes_to_its_end() {
    let Some(wrapper) = strace("inject=fsync:signal=KILL:when=3") else { return };
    let site = Site::sakura();
    site.write("in.ndjson", lines());
    // The first two are killed while they write, the others while they fold in the write-ahead log.
    for round in 0..4 {
        let killed = site.akashi("import --data data in.ndjson").under(wrapper.clone()).run();
        assert_eq!(killed.code, None, "round {round}: {killed:?}");
    }
    site.good("import --data data in.ndjson");
    expect_whole(&site, "killed again and again");
}
