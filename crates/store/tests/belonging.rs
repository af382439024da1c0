//! The records of two patients stay apart: what a batch ties together belongs to one of them.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod kit;

use base::{FacilityId, ManualClock, Problem, RecordKey, SeededEntropy, Time, VersionNumber};
use kit::{Desk, change};
use seal::MasterKey;
use std::sync::Arc;
use store::{
    Act, Actor, ActorKind, Batch, Change, Expected, Indexer, Links, PATIENT, Store, TIE, Term, World, codes,
};

/// A content is a list of references, the first of which says whose it is (or `-`); the others tie.
#[derive(Debug)]
struct References;

impl Indexer for References {
    fn edition(&self) -> &'static str {
        "references-1"
    }

    fn terms(&self, content: &[u8]) -> Result<Vec<Term>, Problem> {
        let text = String::from_utf8_lossy(content).into_owned();
        Ok(text.lines().last().map(rows).unwrap_or_default())
    }
}

fn rows(text: &str) -> Vec<Term> {
    let value = |word: &str| match word.strip_prefix("https:") {
        Some(_) => format!("\u{2}{word}").into_bytes(),
        None => format!("\u{1}{word}").into_bytes(),
    };
    let words = text.split(' ').enumerate().filter(|(_, word)| *word != "-");
    words
        .map(|(place, word)| Term { param: if place == 0 { PATIENT } else { TIE }, value: value(word) })
        .collect()
}

/// References that name the facility by its address.
struct At;

impl Links for At {
    fn to(&self, key: &RecordKey) -> Vec<Vec<u8>> {
        vec![format!("\u{1}{key}").into_bytes(), format!("\u{2}https://here/{key}").into_bytes()]
    }

    fn from(&self, value: &[u8]) -> Option<RecordKey> {
        let text = std::str::from_utf8(value).ok()?.strip_prefix("\u{2}https://here/")?;
        RecordKey::parse(text)
    }
}

struct Place {
    folder: tempfile::TempDir,
    master: MasterKey,
    world: World,
}

impl Place {
    fn new() -> Self {
        let entropy = Arc::new(SeededEntropy::new(1));
        let clock = Arc::new(ManualClock::new(Time::parse("2026-04-01T00:00:00Z").unwrap(), 1));
        let master = MasterKey::generate(&*entropy).unwrap();
        let world = World { clock, entropy, indexer: Arc::new(References) };
        let place = Self { folder: tempfile::tempdir().unwrap(), master, world };
        Store::create(place.folder.path(), &facility(), &place.master, &place.world).unwrap();
        place
    }

    fn open(&self) -> Desk {
        Desk::at(Store::open(self.folder.path(), &facility(), &self.master, &self.world).unwrap())
    }
}

fn facility() -> FacilityId {
    FacilityId::parse("sakura").unwrap()
}

fn put(key: &str, references: &str) -> Change {
    let text = references.to_owned();
    let render =
        Box::new(move |version: VersionNumber, time: Time| format!("{version} {time}\n{text}").into_bytes());
    let key = RecordKey::parse(key).unwrap();
    change(key, Expected::Anything, Act::Put { render, terms: rows(references) })
}

fn delete(key: &str) -> Change {
    change(RecordKey::parse(key).unwrap(), Expected::Anything, Act::Delete)
}

async fn write(desk: &Desk, changes: Vec<Change>) -> Result<(), Problem> {
    let batch = Batch::new(Actor::new(ActorKind::Service, "test"), changes);
    desk.append(Batch { links: Some(Arc::new(At)), ..batch }).await.map(|_| ())
}

async fn ok(desk: &Desk, key: &str, references: &str) {
    write(desk, vec![put(key, references)]).await.unwrap();
}

async fn refused(desk: &Desk, changes: Vec<Change>) -> Problem {
    write(desk, changes).await.unwrap_err()
}

#[tokio::test]
async fn a_record_is_not_tied_to_one_of_another_patient_and_both_are_named() {
    let place = Place::new();
    let desk = place.open();
    ok(&desk, "Encounter/e", "Patient/a").await;
    let problem = refused(&desk, vec![put("Observation/o", "Patient/b Encounter/e")]).await;
    assert_eq!(problem.code(), &codes::MIXED);
    let named = ["record", "patient", "other", "other_patient"].map(|name| problem.value(name).unwrap());
    assert_eq!(named, ["Observation/o", "Patient/b", "Encounter/e", "Patient/a"]);
    ok(&desk, "Observation/o", "Patient/a Encounter/e").await;
}

#[tokio::test]
async fn nothing_of_a_batch_that_mixes_is_written() {
    let place = Place::new();
    let desk = place.open();
    let size = desk.size();
    let mixing = vec![put("Encounter/e", "Patient/a"), put("Observation/o", "Patient/b Encounter/e")];
    assert_eq!(refused(&desk, mixing).await.code(), &codes::MIXED);
    let key = RecordKey::parse("Encounter/e").unwrap();
    assert!(desk.look(|snapshot| snapshot.current(&key)).unwrap().is_none());
    // What stands in the journal is the entry of the refused request.
    assert_eq!(desk.size(), size + 1);
    ok(&desk, "Observation/o", "Patient/b Encounter/e").await;
}

#[tokio::test]
async fn a_record_does_not_move_to_another_patient_while_others_stay() {
    let place = Place::new();
    let desk = place.open();
    ok(&desk, "Encounter/e", "Patient/a").await;
    ok(&desk, "Observation/o", "Patient/a Encounter/e").await;
    let problem = refused(&desk, vec![put("Encounter/e", "Patient/b")]).await;
    assert_eq!(problem.code(), &codes::MOVED);
    assert_eq!(
        (problem.value("other"), problem.value("patient")),
        (Some("Observation/o"), Some("Patient/b"))
    );
    write(&desk, vec![put("Encounter/e", "Patient/b"), put("Observation/o", "Patient/b Encounter/e")])
        .await
        .unwrap();
    write(&desk, vec![delete("Observation/o")]).await.unwrap();
    ok(&desk, "Encounter/e", "Patient/a").await;
}

#[tokio::test]
async fn a_record_that_comes_after_those_which_refer_to_it_is_compared_with_them() {
    let place = Place::new();
    let desk = place.open();
    ok(&desk, "Observation/o", "Patient/a Encounter/e").await;
    ok(&desk, "Observation/p", "Patient/b Encounter/e").await;
    for references in ["Patient/a", "Patient/b", "-"] {
        let problem = refused(&desk, vec![put("Encounter/e", references)]).await;
        assert_eq!(problem.code(), &codes::MIXED, "{references}");
    }
    ok(&desk, "Observation/p", "Patient/b").await;
    ok(&desk, "Encounter/e", "Patient/a").await;
}

#[tokio::test]
async fn records_that_do_not_say_whose_they_are_join_no_two_patients() {
    let place = Place::new();
    let desk = place.open();
    ok(&desk, "Specimen/s", "-").await;
    ok(&desk, "Specimen/t", "- Specimen/s").await;
    ok(&desk, "Observation/o", "Patient/a Specimen/t").await;
    ok(&desk, "Observation/p", "Patient/a Specimen/s").await;
    let problem = refused(&desk, vec![put("Observation/q", "Patient/b Specimen/s")]).await;
    assert_eq!(problem.code(), &codes::MIXED);
    ok(&desk, "Observation/z", "Patient/b").await;
    let report = refused(&desk, vec![put("Report/r", "- Observation/o Observation/z")]).await;
    assert_eq!((report.code(), report.value("one")), (&codes::MIXED, Some("Observation/o")));
    // A tie from one of nobody to another of nobody.
    ok(&desk, "Specimen/u", "-").await;
    ok(&desk, "Observation/y", "Patient/b Specimen/u").await;
    let joining = refused(&desk, vec![put("Specimen/u", "- Specimen/s")]).await;
    assert_eq!(joining.code(), &codes::MIXED);
}

#[tokio::test]
async fn what_is_of_a_group_elsewhere_or_not_there_is_not_compared() {
    let place = Place::new();
    let desk = place.open();
    ok(&desk, "CarePlan/c", "Group/g").await;
    ok(&desk, "Observation/o", "Patient/a CarePlan/c Encounter/none https://other/Encounter/e").await;
    ok(&desk, "Observation/p", "Patient/b CarePlan/c Encounter/none https://other/Encounter/e").await;
    ok(&desk, "List/l", "Group/g Observation/o Observation/p").await;
    ok(&desk, "Encounter/x", "https://other/Patient/a").await;
    ok(&desk, "Observation/q", "Patient/b Encounter/x").await;
}

#[tokio::test]
async fn a_reference_by_the_address_of_the_facility_is_one_to_its_record() {
    let place = Place::new();
    let desk = place.open();
    ok(&desk, "Encounter/e", "https://here/Patient/a").await;
    ok(&desk, "Observation/o", "Patient/a https://here/Encounter/e").await;
    let problem = refused(&desk, vec![put("Observation/p", "Patient/b https://here/Encounter/e")]).await;
    assert_eq!(problem.code(), &codes::MIXED);
    let moved = refused(&desk, vec![put("Encounter/e", "Patient/b")]).await;
    assert_eq!((moved.code(), moved.value("other")), (&codes::MOVED, Some("Observation/o")));
}

#[tokio::test]
async fn many_records_are_looked_through_for_the_one_that_is_of_another() {
    let place = Place::new();
    let desk = place.open();
    for number in 0..50 {
        let patient = if number == 40 { "Patient/b" } else { "Patient/a" };
        ok(&desk, &format!("Observation/o{number}"), &format!("{patient} Encounter/e")).await;
    }
    let problem = refused(&desk, vec![put("Encounter/e", "Patient/a")]).await;
    assert_eq!((problem.code(), problem.value("other")), (&codes::MIXED, Some("Observation/o40")));
    ok(&desk, "Observation/o40", "Patient/a Encounter/e").await;
    ok(&desk, "Encounter/e", "Patient/a").await;
}

#[tokio::test]
async fn of_two_writers_at_once_one_is_refused() {
    let place = Place::new();
    let desk = place.open();
    for round in 0..20 {
        let (key, specimen) = (format!("Observation/o{round}"), format!("Specimen/s{round}"));
        ok(&desk, &specimen, "-").await;
        let (one, other) = tokio::join!(
            write(&desk, vec![put(&key, &format!("Patient/a {specimen}"))]),
            write(&desk, vec![put(&format!("{key}x"), &format!("Patient/b {specimen}"))]),
        );
        let refused: Vec<Problem> = [one, other].into_iter().filter_map(Result::err).collect();
        assert_eq!(refused.iter().map(Problem::code).collect::<Vec<_>>(), [&codes::MIXED]);
    }
}

#[tokio::test]
async fn the_index_keeps_them_apart_when_it_was_built_again() {
    let place = Place::new();
    let desk = place.open();
    ok(&desk, "Encounter/e", "Patient/a").await;
    ok(&desk, "Observation/o", "Patient/a Encounter/e").await;
    drop(desk);
    Store::reindex(place.folder.path(), &facility(), &place.master, &References, &|_, _| ()).unwrap();
    let desk = place.open();
    let mixing = refused(&desk, vec![put("Observation/p", "Patient/b Encounter/e")]).await;
    assert_eq!(mixing.code(), &codes::MIXED);
    assert_eq!(refused(&desk, vec![put("Encounter/e", "Patient/b")]).await.code(), &codes::MOVED);
}

#[tokio::test]
async fn a_record_that_keeps_its_patient_and_its_ties_is_written_although_others_mix() {
    // As a journal of before may have it: the rule did not stand when they were written.
    let place = Place::new();
    let desk = place.open();
    ok(&desk, "Observation/o", "Patient/a Encounter/e").await;
    ok(&desk, "Observation/p", "Patient/b Encounter/e").await;
    ok(&desk, "Observation/p", "Patient/b Encounter/e").await;
}

#[tokio::test]
async fn exactly_so_many_records_of_nobody_are_looked_at() {
    const CLUSTER: usize = 50;
    let place = Place::new();
    let desk = place.open();
    let clusters = base::limits::TIED_RECORDS_MAX / CLUSTER;
    for cluster in 0..clusters {
        let root = format!("Specimen/c{cluster}");
        let mut changes = vec![put(&root, "-")];
        changes.extend((1..CLUSTER).map(|leaf| put(&format!("{root}-{leaf}"), &format!("- {root}"))));
        write(&desk, changes).await.unwrap();
    }
    ok(&desk, "Specimen/more", "-").await;
    let all: Vec<String> = (0..clusters).map(|cluster| format!("Specimen/c{cluster}")).collect();
    let (most, beyond) = (format!("- {}", all.join(" ")), format!("- {} Specimen/more", all.join(" ")));
    assert_eq!(refused(&desk, vec![put("Observation/o", &beyond)]).await.code(), &codes::TANGLED);
    ok(&desk, "Observation/o", &most).await;
}
