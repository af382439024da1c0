//! Readers keep what they have in memory from one request to the next, and nobody sees anything outdated for it.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod kit;

use access::{Access, AuditPermit, Context, Who};
use base::{FacilityId, Problem, RecordKey, SeededEntropy, SystemClock};
use kit::{Desk, change};
use seal::MasterKey;
use std::sync::{Arc, Barrier};
use store::{AccessFilter, Act, Actor, ActorKind, Batch, Expected, Indexer, Store, Term, World};

/// As many readers as a store lends at once.
const READERS: usize = 8;

/// Nothing is searched here.
#[derive(Debug)]
struct Nothing;

impl Indexer for Nothing {
    fn edition(&self) -> &'static str {
        "nothing-1"
    }

    fn terms(&self, _: &[u8]) -> Result<Vec<Term>, Problem> {
        Ok(Vec::new())
    }
}

fn opened(folder: &tempfile::TempDir) -> Store {
    let entropy = Arc::new(SeededEntropy::new(1));
    let master = MasterKey::generate(&*entropy).unwrap();
    let world = World { clock: Arc::new(SystemClock), entropy, indexer: Arc::new(Nothing) };
    let facility = FacilityId::parse("sakura").unwrap();
    Store::create(folder.path(), &facility, &master, &world).unwrap();
    Store::open(folder.path(), &facility, &master, &world).unwrap()
}

fn key() -> RecordKey {
    RecordKey::parse("Note/a").unwrap()
}

async fn put(desk: &Desk, bytes: usize) {
    let render = Box::new(move |version, time| {
        format!(
            r#"{{"resourceType":"Note","id":"a","meta":{{"versionId":"{version}","lastUpdated":"{time}"}},"text":"{}"}}"#,
            "x".repeat(bytes)
        )
        .into_bytes()
    });
    let change = change(key(), Expected::Anything, Act::Put { render, terms: Vec::new() });
    desk.append(Batch::new(Actor::new(ActorKind::Person, "hana"), vec![change])).await.unwrap();
}

/// The version of the record as each of the readers sees it, all of them out at the same time.
fn seen_by_all(store: &Store) -> Vec<u64> {
    let together = Barrier::new(READERS);
    std::thread::scope(|scope| {
        let look = || {
            let ticket = kit::ticket(store);
            store.read(&ticket, |snapshot| {
                together.wait();
                snapshot.current(&key())
            })
        };
        let threads: Vec<_> = (0..READERS).map(|_| scope.spawn(look)).collect();
        let version = |found: Result<Option<store::Found>, Problem>| found.unwrap().unwrap().version.number();
        threads.into_iter().map(|thread| version(thread.join().unwrap())).collect()
    })
}

fn permit() -> AuditPermit {
    kit::LAW.audit(&Who::system("sakura", "test"), &Context::default()).unwrap()
}

#[tokio::test]
async fn every_reader_sees_what_was_acknowledged_though_it_kept_an_earlier_moment() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::at(opened(&folder));
    for version in 1..=5 {
        put(&desk, 10).await;
        for _ in 0..2 {
            assert_eq!(seen_by_all(&desk), [version; READERS]);
            // An access entry alone overtakes nothing that is read here.
            let access = Access { v: 1, ..Access::default() };
            desk.close(desk.ticket(Actor::new(ActorKind::Person, "hana"), access).unwrap()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn whoever_asks_for_the_newest_moment_sees_the_access_that_was_entered_last() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::at(opened(&folder));
    put(&desk, 10).await;
    for number in 0..20 {
        assert_eq!(seen_by_all(&desk), [1; READERS]);
        let access = Access { v: 1, request: format!("r-{number}"), ..Access::default() };
        let receipt = desk.close(desk.ticket(Actor::new(ActorKind::Person, "hana"), access).unwrap()).await;
        let newest = desk.look(|snapshot| snapshot.accesses(&permit(), &AccessFilter::default(), 1)).unwrap();
        assert_eq!(newest.first().map(|one| one.position), receipt.unwrap().access);
    }
}

#[tokio::test]
async fn the_write_ahead_log_begins_anew_though_readers_keep_their_moments() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::at(opened(&folder));
    let log = folder.path().join("facilities/sakura/journal.db-wal");
    let mut written = 0;
    while written < 200 * 1_024 * 1_024 {
        put(&desk, 1_000_000).await;
        written += 1_000_000;
        if written % 10_000_000 == 0 {
            seen_by_all(&desk);
        }
    }
    let length = log.metadata().unwrap().len();
    assert!((1..90 * 1_024 * 1_024).contains(&length), "{length}");
    drop(desk);
    assert!(log.metadata().is_err(), "nothing is left beside the database of a store that was closed");
}
