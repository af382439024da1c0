//! Patients that were merged: who may change it, that they are one person, that they part only where nothing ties them.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod kit;

use access::Action;
use base::limits::MERGED_PATIENTS_MAX;
use base::{FacilityId, ManualClock, Problem, RecordKey, SeededEntropy, Time, VersionNumber};
use kit::{Desk, change, permit};
use seal::MasterKey;
use std::sync::Arc;
use store::{
    Act, Actor, ActorKind, Batch, Change, Expected, Indexer, PATIENT, REPLACED_BY, REPLACES, Store, TIE,
    Term, World, codes,
};

/// A content is a list of references: `=` says whose it is, `<` who was merged into it, `>` into whom it was; others tie.
#[derive(Debug)]
struct References;

impl Indexer for References {
    fn edition(&self) -> &'static str {
        "references-2"
    }

    fn terms(&self, content: &[u8]) -> Result<Vec<Term>, Problem> {
        let text = String::from_utf8_lossy(content).into_owned();
        Ok(text.lines().last().map(rows).unwrap_or_default())
    }
}

fn rows(text: &str) -> Vec<Term> {
    let row = |word: &str| {
        let (param, to) = match word.split_at(1) {
            ("=", to) => (PATIENT, to),
            ("<", to) => (REPLACES, to),
            (">", to) => (REPLACED_BY, to),
            _ => (TIE, word),
        };
        Term { param, value: format!("\u{1}{to}").into_bytes() }
    };
    text.split_whitespace().map(row).collect()
}

struct Place {
    _folder: tempfile::TempDir,
    desk: Desk,
}

impl Place {
    fn new() -> Self {
        let entropy = Arc::new(SeededEntropy::new(1));
        let clock = Arc::new(ManualClock::new(Time::parse("2026-04-01T00:00:00Z").unwrap(), 1));
        let master = MasterKey::generate(&*entropy).unwrap();
        let world = World { clock, entropy, indexer: Arc::new(References) };
        let (folder, facility) = (tempfile::tempdir().unwrap(), FacilityId::parse("sakura").unwrap());
        Store::create(folder.path(), &facility, &master, &world).unwrap();
        let desk = Desk::at(Store::open(folder.path(), &facility, &master, &world).unwrap());
        Self { _folder: folder, desk }
    }

    /// Writes as somebody who may change records, or import them.
    async fn write(&self, action: Action, records: &[(&str, &str)]) -> Result<(), Problem> {
        let changes = records.iter().map(|(key, references)| put(action, key, references)).collect();
        let batch = Batch::new(Actor::new(ActorKind::Service, "test"), changes);
        self.desk.append(batch).await.map(|_| ())
    }

    async fn update(&self, key: &str, references: &str) -> Result<(), &'static str> {
        self.write(Action::UPDATE, &[(key, references)]).await.map_err(|problem| problem.code().id)
    }

    async fn import(&self, key: &str, references: &str) -> Result<(), Problem> {
        self.write(Action::IMPORT, &[(key, references)]).await
    }

    fn with_merged(&self, patient: &str) -> Vec<String> {
        let key = RecordKey::parse(patient).unwrap();
        let found = self.desk.look(|snapshot| snapshot.with_merged(&key)).unwrap();
        found.into_iter().map(|key| key.to_string()).collect()
    }

    fn person(&self, patient: &str) -> usize {
        let key = RecordKey::parse(patient).unwrap();
        self.desk.look(|snapshot| snapshot.person(&key)).unwrap().len()
    }
}

fn put(action: Action, key: &str, references: &str) -> Change {
    let text = references.to_owned();
    let render =
        Box::new(move |version: VersionNumber, time: Time| format!("{version} {time}\n{text}").into_bytes());
    let key = RecordKey::parse(key).unwrap();
    let act = Act::Put { render, terms: rows(references) };
    if action == Action::IMPORT {
        return change(key, Expected::Anything, act);
    }
    Change::new(&permit(action, &key), Expected::Anything, act).unwrap()
}

/// A patient merged into another, both with a record.
async fn merged() -> Place {
    let place = Place::new();
    for (key, references) in [
        ("Patient/s", ">Patient/t"),
        ("Patient/t", "<Patient/s"),
        ("Encounter/s", "=Patient/s"),
        ("Encounter/t", "=Patient/t"),
    ] {
        place.import(key, references).await.unwrap();
    }
    place
}

#[tokio::test]
async fn a_plain_write_changes_no_merge() {
    let place = merged().await;
    for (key, references, code) in [
        ("Patient/s", "", codes::MERGED_AWAY.id),
        ("Patient/s", ">Patient/t", codes::MERGED_AWAY.id),
        ("Patient/t", "", codes::MERGE_BY_HAND.id),
        ("Patient/t", "<Patient/u", codes::MERGE_BY_HAND.id),
        ("Patient/new", ">Patient/t", codes::MERGE_BY_HAND.id),
        ("Patient/new", "<Patient/t", codes::MERGE_BY_HAND.id),
    ] {
        assert_eq!(place.update(key, references).await, Err(code), "{key} {references}");
    }
    assert_eq!(place.update("Patient/t", "<Patient/s").await, Ok(()), "what is left as it is may be written");
    assert_eq!(place.update("Patient/new", "").await, Ok(()));
    let key = RecordKey::parse("Patient/t").unwrap();
    let deletion = Change::new(&permit(Action::DELETE, &key), Expected::Anything, Act::Delete).unwrap();
    let batch = Batch::new(Actor::new(ActorKind::Service, "test"), vec![deletion]);
    assert_eq!(place.desk.append(batch).await.unwrap_err().code(), &codes::MERGE_BY_HAND);
}

#[tokio::test]
async fn records_of_both_are_of_one_person_and_of_nobody_else() {
    let place = merged().await;
    assert_eq!(place.with_merged("Patient/t"), ["Patient/s", "Patient/t"]);
    assert_eq!(place.with_merged("Patient/s"), ["Patient/s"]);
    assert_eq!((place.person("Patient/s"), place.person("Patient/t"), place.person("Patient/u")), (2, 2, 1));
    place.update("Observation/o", "=Patient/t Encounter/s").await.unwrap();
    place.update("Observation/p", "=Patient/s Encounter/t").await.unwrap();
    let mixed = Err(codes::MIXED.id);
    assert_eq!(place.update("Observation/q", "=Patient/u Encounter/s").await, mixed);
    // A record of one number may be filed under the other.
    place.update("Observation/o", "=Patient/s Encounter/s").await.unwrap();
    assert_eq!(place.update("Encounter/s", "=Patient/u").await, Err(codes::MOVED.id));
}

#[tokio::test]
async fn a_merge_and_what_it_allows_may_come_in_one_batch() {
    let place = Place::new();
    let all = [
        ("Encounter/s", "=Patient/s"),
        ("Observation/o", "=Patient/t Encounter/s"),
        ("Patient/s", ">Patient/t"),
        ("Patient/t", "<Patient/s"),
    ];
    place.write(Action::IMPORT, &all).await.unwrap();
    assert_eq!(place.person("Patient/s"), 2);
}

#[tokio::test]
async fn patients_part_only_where_no_record_ties_them() {
    let place = merged().await;
    place.import("Specimen/n", "").await.unwrap();
    place.import("Specimen/m", "Specimen/n").await.unwrap();
    place.update("Observation/x", "=Patient/t Encounter/s").await.unwrap();
    place.update("Observation/y", "=Patient/s Specimen/n").await.unwrap();
    place.update("Observation/z", "=Patient/t Specimen/m").await.unwrap();
    let part = [("Patient/s", ""), ("Patient/t", "")];
    let problem = place.write(Action::IMPORT, &part).await.unwrap_err();
    assert_eq!(problem.code(), &codes::ENTWINED);
    let found = problem.value("found").unwrap();
    for pair in ["Encounter/s - Observation/x", "Observation/y - Observation/z"] {
        assert!(found.contains(pair), "{found}");
    }
    place.update("Observation/x", "=Patient/t Encounter/t").await.unwrap();
    place.update("Observation/z", "=Patient/t").await.unwrap();
    place.write(Action::IMPORT, &part).await.unwrap();
    assert_eq!((place.person("Patient/s"), place.with_merged("Patient/t").len()), (1, 1));
    assert_eq!(place.update("Observation/q", "=Patient/t Encounter/s").await, Err(codes::MIXED.id));
    assert_eq!(place.update("Patient/s", "").await, Ok(()), "they can be written again");
}

#[tokio::test]
async fn nobody_follows_themselves_and_a_person_has_so_many_numbers() {
    let place = Place::new();
    assert_eq!(place.import("Patient/a", ">Patient/a").await.unwrap_err().code(), &codes::MERGED_FAR);
    place.import("Patient/a", ">Patient/b").await.unwrap();
    place.import("Patient/b", ">Patient/c").await.unwrap();
    assert_eq!(place.import("Patient/c", ">Patient/a").await.unwrap_err().code(), &codes::MERGED_FAR);
    assert_eq!(place.with_merged("Patient/c"), ["Patient/a", "Patient/b", "Patient/c"]);
    for number in 1..MERGED_PATIENTS_MAX {
        place.import(&format!("Patient/m{number}"), ">Patient/m0").await.unwrap();
    }
    assert_eq!(place.person("Patient/m0"), MERGED_PATIENTS_MAX);
    let beyond = place.import("Patient/beyond", ">Patient/m0").await.unwrap_err();
    assert_eq!(beyond.code(), &codes::MERGED_FAR);
    assert_eq!(place.person("Patient/m0"), MERGED_PATIENTS_MAX, "nothing of it was written");
}
