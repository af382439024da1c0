//! Tampering by somebody who has the master key and so can write into the database: the first wrong position is named.

use super::{ENTRIES, Scene, ends_a_commit, placed};
use rusqlite::Connection;
use std::path::Path;
use tempfile::TempDir;
use testkit::open_database;

/// Opens the database of a copy, lets `change` write into it, and closes it.
pub(super) fn change(scene: &Scene, copy: &Path, change: impl FnOnce(&Connection)) {
    let connection = open_database(copy, scene.clinic.facility(), scene.clinic.master());
    change(&connection);
    connection.close().unwrap();
}

/// A copy in which SQL was run by the attacker.
pub(super) fn tampered(scene: &Scene, sql: &str) -> TempDir {
    let copy = scene.copy();
    change(scene, copy.path(), |connection| connection.execute_batch(&placed(sql)).unwrap());
    copy
}

/// What it is called, what is done, in SQL, and what the verdict must say; nothing where it must be harmless instead.
pub(super) type Case = (&'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    (
        "an entry has another actor",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'tester', 'nobody') AS BLOB) WHERE position = @3",
        "position @by3:",
    ),
    (
        "an entry is dated back",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '2026-04-01', '2026-03-31') AS BLOB) WHERE position = @4",
        "position @4:",
    ),
    ("an entry is no JSON", "UPDATE entry SET body = CAST('x' AS BLOB) WHERE position = @4", "position @4:"),
    ("an entry is empty", "UPDATE entry SET body = x'' WHERE position = @8", "position @8:"),
    (
        "an entry has one blank more",
        "UPDATE entry SET body = CAST(CAST(body AS TEXT) || ' ' AS BLOB) WHERE position = @6",
        "position @by6:",
    ),
    (
        "an update is called a creation",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'record.update', 'record.create') AS BLOB) WHERE position = @4",
        "position @4:",
    ),
    (
        "the first entry is another",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'akashi', 'nobody') AS BLOB) WHERE position = 0",
        "position 0:",
    ),
    ("an entry in the middle is gone", "DELETE FROM entry WHERE position = @3", "position @3:"),
    (
        "an entry in the middle is gone with its content",
        "DELETE FROM entry WHERE position = @3; DELETE FROM content WHERE position = @3",
        "position @3:",
    ),
    ("the first entry is gone", "DELETE FROM entry WHERE position = 0", "position 0:"),
    ("the last entry is gone", "DELETE FROM entry WHERE position = @8", "position @8:"),
    (
        "the last entry is gone with all that belongs to it",
        "DELETE FROM entry WHERE position = @8; DELETE FROM content WHERE position = @8",
        "position @8:",
    ),
    (
        "a deletion is gone, the rest moved up",
        "DELETE FROM entry WHERE position = @5; UPDATE entry SET position = -position WHERE position > @5; UPDATE entry SET position = -position - 1 WHERE position < 0",
        "position @5:",
    ),
    (
        "two entries are swapped",
        "UPDATE entry SET position = 100 WHERE position = @1; UPDATE entry SET position = @1 WHERE position = @2; UPDATE entry SET position = @2 WHERE position = 100",
        "position @1:",
    ),
    (
        "two entries are swapped with their contents",
        "UPDATE entry SET position = 100 WHERE position = @2; UPDATE entry SET position = @2 WHERE position = @3; UPDATE entry SET position = @3 WHERE position = 100; UPDATE content SET position = 100 WHERE position = @2; UPDATE content SET position = @2 WHERE position = @3; UPDATE content SET position = @3 WHERE position = 100",
        "position @by2:",
    ),
    ("an entry has another number", "UPDATE entry SET position = 100 WHERE position = @4", "position @4:"),
    (
        "all entries have another number",
        "UPDATE entry SET position = -position - 1; UPDATE entry SET position = -position",
        "position 0:",
    ),
    (
        "an entry stands twice",
        "INSERT INTO entry SELECT @9, body FROM entry WHERE position = @8",
        "position @9:",
    ),
    // Not found: nothing that reads looks at positions below 0.
    ("an entry was put in front", "INSERT INTO entry SELECT -1, body FROM entry WHERE position = 0", ""),
    (
        "content is another",
        "UPDATE content SET body = CAST(replace(CAST(body AS TEXT), '1951', '1941') AS BLOB) WHERE position = @4",
        "position @4:",
    ),
    (
        "content has one blank more",
        "UPDATE content SET body = CAST(CAST(body AS TEXT) || ' ' AS BLOB) WHERE position = @1",
        "position @1:",
    ),
    (
        "content is that of another version",
        "UPDATE content SET body = (SELECT body FROM content WHERE position = @1), salt = (SELECT salt FROM content WHERE position = @1) WHERE position = @4",
        "position @4:",
    ),
    ("a salt is another", "UPDATE content SET salt = zeroblob(32) WHERE position = @6", "position @6:"),
    ("a salt is too short", "UPDATE content SET salt = x'00' WHERE position = @6", "position @6:"),
    ("content is gone", "DELETE FROM content WHERE position = @2", "position @2:"),
    (
        "a deletion has content",
        "INSERT INTO content SELECT @5, salt, body FROM content WHERE position = @2",
        "position @5:",
    ),
    (
        "the opening has content",
        "INSERT INTO content SELECT 0, salt, body FROM content WHERE position = @2",
        "position 0:",
    ),
    (
        "content belongs to no entry",
        "INSERT INTO content SELECT 77, salt, body FROM content WHERE position = @2",
        "contents without an entry",
    ),
    (
        "contents are swapped",
        "UPDATE content SET position = 100 WHERE position = @1; UPDATE content SET position = @1 WHERE position = @2; UPDATE content SET position = @2 WHERE position = 100",
        "position @1:",
    ),
    (
        "a checkpoint is another",
        "UPDATE checkpoint SET note = CAST(replace(CAST(note AS TEXT), '/f/sakura/', '/f/sakure/') AS BLOB) WHERE size = @5",
        "position @by4:",
    ),
    (
        "the signature of a checkpoint is that of another",
        "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = @4) WHERE size = @5",
        "position @by4:",
    ),
    ("a checkpoint is no text", "UPDATE checkpoint SET note = x'ff' WHERE size = @5", "position @by4:"),
    (
        "the newest checkpoint is no text",
        "UPDATE checkpoint SET note = x'ff' WHERE size = @9",
        "position @by8:",
    ),
    (
        "a checkpoint has another time",
        "UPDATE checkpoint SET time = time + 1 WHERE size = @5",
        "position @by4:",
    ),
    ("a checkpoint in the middle is gone", "DELETE FROM checkpoint WHERE size = @5", "position @by4:"),
    ("the first checkpoint is gone", "DELETE FROM checkpoint WHERE size = 1", "position 0:"),
    ("the newest checkpoint is gone", "DELETE FROM checkpoint WHERE size = @9", "position @8:"),
    ("all checkpoints are gone", "DELETE FROM checkpoint", "position 0:"),
    (
        "a checkpoint of a larger tree",
        "INSERT INTO checkpoint SELECT 77, time, note FROM checkpoint WHERE size = @9",
        "checkpoint",
    ),
    (
        "a checkpoint of no tree",
        "INSERT INTO checkpoint SELECT 0, time, note FROM checkpoint WHERE size = @9",
        "checkpoint",
    ),
    ("an access is gone", "DELETE FROM entry WHERE position = @by3", "position @by3:"),
    (
        "an access is gone, the rest moved up with its contents",
        "DELETE FROM entry WHERE position = @by3; UPDATE entry SET position = -position WHERE position > @by3; UPDATE entry SET position = -position - 1 WHERE position < 0;
         DELETE FROM content WHERE position = @by3; UPDATE content SET position = -position WHERE position > @by3; UPDATE content SET position = -position - 1 WHERE position < 0",
        "position @3:",
    ),
    (
        "an access was somebody else's",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'tester', 'nobody') AS BLOB) WHERE position = @by4",
        "position @by4:",
    ),
    (
        "an access was to another patient",
        "UPDATE content SET body = CAST(replace(CAST(body AS TEXT), 'Patient/p1', 'Patient/p3') AS BLOB) WHERE position = @by1",
        "position @by1:",
    ),
    (
        "an access is called a creation",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '\"access\"', '\"record.create\"') AS BLOB) WHERE position = @by5",
        "position @by5:",
    ),
    ("what an access says is gone", "DELETE FROM content WHERE position = @by2", "position @by2:"),
    ("a subtree that is none", "INSERT INTO subtree VALUES (1, 0, zeroblob(32))", "subtrees"),
];

#[test]
fn every_change_of_the_journal_is_found_and_its_first_position_named() {
    each_is_found_at_its_position(&Scene::small(), CASES);
}

/// Tries each case on a copy of the scene.
pub(super) fn each_is_found_at_its_position(scene: &Scene, cases: &[Case]) {
    let mut missed = Vec::new();
    for (name, sql, expected) in cases {
        let expected = placed(expected);
        let copy = tampered(scene, sql);
        match scene.verify(copy.path(), None) {
            Err(told) if told.contains(&expected) && !expected.is_empty() => {}
            Err(told) => missed.push(format!("{name}: `{told}` instead of `{expected}`")),
            Ok(()) => match scene.found_or_harmless(copy.path(), None) {
                Ok(()) if expected.is_empty() => {}
                Ok(()) => missed.push(format!("{name}: not found, though it changes no answer")),
                Err(told) => missed.push(format!("{name}: {}", told.chars().take(200).collect::<String>())),
            },
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Everything from this position on is taken out, as if it had never been written.
fn rolled_back_to(size: u64) -> String {
    let last = size - 1;
    format!(
        "DELETE FROM entry WHERE position > {last}; DELETE FROM content WHERE position > {last};
         DELETE FROM checkpoint WHERE size > {size}; DELETE FROM version WHERE position > {last};"
    )
}

#[test]
fn a_journal_without_its_end_is_found_by_a_kept_checkpoint() {
    let scene = Scene::small();
    for size in 1..ENTRIES {
        let copy = scene.copy();
        change(&scene, copy.path(), |connection| connection.execute_batch(&rolled_back_to(size)).unwrap());
        // The attacker also has the views built again, so that nothing is left to be seen without the checkpoint.
        let (facility, master) = (scene.clinic.facility(), scene.clinic.master());
        store::Store::reindex(copy.path(), facility, master, &records::SearchIndex, &|_, _| ()).unwrap();
        let found = scene.verify(copy.path(), None);
        if !ends_a_commit(size) {
            // A record without the request that wrote it was never signed.
            assert!(found.is_err(), "{size}");
            continue;
        }
        found.unwrap();
        let told = scene.verify(copy.path(), Some(&scene.kept)).unwrap_err();
        assert!(
            told.contains(&format!("rolled back: {size} entries now, {ENTRIES} were signed earlier")),
            "{told}"
        );
    }
}

#[test]
fn a_kept_checkpoint_must_be_of_this_journal() {
    let scene = Scene::small();
    let other = Scene::over({
        let clinic = testkit::Clinic::with(testkit::Plan {
            chance: testkit::Chance::Seeded(2),
            ..testkit::Plan::default()
        });
        clinic.client().put("Patient/p1", crate::material::born("p1", "1950")).expect(201);
        clinic
    });
    for since in [
        other.kept.as_str(),
        "",
        "nonsense",
        &scene.kept.replacen(&format!("\n{ENTRIES}\n"), &format!("\n{}\n", ENTRIES - 1), 1),
        scene.kept.trim_end(),
    ] {
        let told = scene.verify(scene.copy().path(), Some(since)).unwrap_err();
        assert!(told.starts_with("ST-0017"), "{told}");
    }
    scene.verify(scene.copy().path(), Some(&scene.kept)).unwrap();
}

#[test]
fn a_changed_subtree_of_a_larger_journal_is_found() {
    let mut clinic = testkit::Clinic::start();
    let entries: Vec<String> = (0..600)
        .map(|id| {
            crate::material::writes(
                "PUT",
                &format!("Patient/p{id}"),
                &crate::material::born(&format!("p{id}"), "1950"),
            )
        })
        .collect();
    clinic.client().post("", crate::material::bundle("transaction", &entries)).expect(200);
    clinic.close();
    let scene = Scene::over(clinic);
    for (name, sql, expected) in [
        ("another hash", "UPDATE subtree SET hash = zeroblob(32) WHERE idx = 1", "subtrees"),
        (
            "swapped",
            "UPDATE subtree SET idx = 7 WHERE idx = 0; UPDATE subtree SET idx = 0 WHERE idx = 1; UPDATE subtree SET idx = 1 WHERE idx = 7",
            "subtrees",
        ),
        ("gone", "DELETE FROM subtree WHERE idx = 0", "subtrees"),
        ("of a higher level", "INSERT INTO subtree SELECT 2, 0, hash FROM subtree WHERE idx = 0", "subtrees"),
        (
            "an entry within it",
            "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'tester', 'nobody') AS BLOB) WHERE position = 300",
            "position",
        ),
        (
            "content within it",
            "UPDATE content SET body = CAST(CAST(body AS TEXT) || ' ' AS BLOB) WHERE position = 300",
            "position 300:",
        ),
        ("an entry within it is gone", "DELETE FROM entry WHERE position = 300", "position 300:"),
    ] {
        let told = scene.verify(tampered(&scene, sql).path(), None).unwrap_err();
        assert!(told.contains(expected), "{name}: {told}");
    }
}
