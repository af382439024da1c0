//! The write-ahead log of a store that was not closed: it holds the newest commits, and nothing else does.

use super::Scene;
use crate::material::born;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testkit::{Clinic, Plan, damage};

/// A store as a crash leaves it, with its newest commits in the write-ahead log only.
struct Crashed {
    scene: Scene,
    copy: TempDir,
}

impl Crashed {
    fn new() -> Self {
        let clinic = Clinic::with(Plan::default());
        let client = clinic.client();
        for (id, date) in [("p1", "1950"), ("p2", "1950"), ("p3", "1950"), ("p1", "1951"), ("p1", "1952")] {
            client.put(&format!("Patient/{id}"), born(id, date));
        }
        let copy = damage::copied(clinic.data());
        Self { scene: Scene::over(clinic), copy }
    }

    fn file(&self, folder: &Path, ending: &str) -> PathBuf {
        self.scene.database(folder).with_extension(ending)
    }

    /// A fresh copy, with the write-ahead log changed.
    fn with(&self, change: impl FnOnce(&mut Vec<u8>)) -> TempDir {
        let copy = damage::copied(self.copy.path());
        damage::edit(&self.file(copy.path(), "db-wal"), change);
        copy
    }
}

#[test]
fn a_crashed_store_holds_everything_that_was_acknowledged() {
    let crashed = Crashed::new();
    let copy = damage::copied(crashed.copy.path());
    assert!(fs::metadata(crashed.file(copy.path(), "db-wal")).unwrap().len() > 10_000);
    crashed.scene.verify(copy.path(), Some(&crashed.scene.kept)).unwrap();
    crashed.scene.found_or_harmless(copy.path(), None).unwrap();
    // The index of the write-ahead log is made again from it.
    let copy = damage::copied(crashed.copy.path());
    fs::remove_file(crashed.file(copy.path(), "db-shm")).unwrap();
    crashed.scene.verify(copy.path(), Some(&crashed.scene.kept)).unwrap();
    crashed.scene.found_or_harmless(copy.path(), None).unwrap();
}

#[test]
fn a_write_ahead_log_that_was_taken_away_is_found_by_a_kept_checkpoint() {
    let crashed = Crashed::new();
    let copy = damage::copied(crashed.copy.path());
    for ending in ["db-wal", "db-shm"] {
        fs::remove_file(crashed.file(copy.path(), ending)).unwrap();
    }
    crashed.scene.verify(copy.path(), Some(&crashed.scene.kept)).unwrap_err();
}

#[test]
fn a_damaged_write_ahead_log_is_found_by_a_kept_checkpoint_or_harmless() {
    let crashed = Crashed::new();
    let length =
        usize::try_from(fs::metadata(crashed.file(crashed.copy.path(), "db-wal")).unwrap().len()).unwrap();
    let mut missed = Vec::new();
    // What does not pass the checksums of the log is a commit that never was: that is going back in time.
    for place in (0..32).step_by(5).chain((32..length).step_by(2_311)) {
        let bit = u8::try_from(place % 8).unwrap();
        let copy = crashed.with(|bytes| *bytes = damage::flipped(bytes, place, bit));
        if let Err(told) = crashed.scene.found_or_harmless(copy.path(), Some(&crashed.scene.kept)) {
            missed.push(format!("byte {place}: {told}"));
        }
    }
    for cut in (0..length).step_by(4_120 * 3) {
        let copy = crashed.with(|bytes| bytes.truncate(cut));
        if let Err(told) = crashed.scene.found_or_harmless(copy.path(), Some(&crashed.scene.kept)) {
            missed.push(format!("cut at {cut}: {told}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
