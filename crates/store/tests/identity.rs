//! Who may come in stands in the same journal as the records, and never among them.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod kit;
#[path = "kit/witness.rs"]
mod witness;

use base::{FacilityId, ManualClock, Problem, RecordKey, SeededEntropy, Time, VersionNumber};
use kit::{Desk, change};
use seal::MasterKey;
use std::path::Path;
use std::sync::Arc;
use store::{
    Act, Actor, ActorKind, Batch, Change, Entry, EntryKind, Expected, HistoryOf, HistorySpan, Indexer, Note,
    Part, Store, Term, TimeRange, VerifyOptions, World, verify_data, verify_log,
};

/// Knows notes, and nothing else.
#[derive(Debug)]
struct Notes;

impl Indexer for Notes {
    fn edition(&self) -> &'static str {
        "notes-1"
    }

    fn terms(&self, content: &[u8]) -> Result<Vec<Term>, Problem> {
        assert!(content.starts_with(br#"{"resourceType":"Note""#), "an identity was indexed");
        Ok(vec![Term { param: "Note.any", value: b"x".to_vec() }])
    }
}

struct Bench {
    folder: tempfile::TempDir,
    master: MasterKey,
    world: World,
    facility: FacilityId,
}

impl Bench {
    fn new() -> Self {
        let entropy = Arc::new(SeededEntropy::new(1));
        let clock = Arc::new(ManualClock::new(Time::parse("2026-04-01T00:00:00Z").unwrap(), 1));
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
            master: MasterKey::generate(&*entropy).unwrap(),
            world: World { clock, entropy, indexer: Arc::new(Notes) },
            facility: FacilityId::parse("sakura").unwrap(),
        };
        Store::create(bench.data(), &bench.facility, &bench.master, &bench.world).unwrap();
        bench
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn open(&self) -> Desk {
        Desk::at(Store::open(self.data(), &self.facility, &self.master, &self.world).unwrap())
    }
}

fn put(key: &str) -> Change {
    let key = RecordKey::parse(key).unwrap();
    let (kind, id) = (key.kind.clone(), key.id.clone());
    let terms = match &*kind {
        "Note" => vec![Term { param: "Note.any", value: b"x".to_vec() }],
        _ => Vec::new(),
    };
    let render = move |version: VersionNumber, time: Time| {
        format!(r#"{{"resourceType":"{kind}","id":"{id}","meta":{{"versionId":"{version}","lastUpdated":"{time}"}}}}"#)
            .into_bytes()
    };
    change(key, Expected::Anything, Act::Put { render: Box::new(render), terms })
}

fn end(key: &str) -> Change {
    change(RecordKey::parse(key).unwrap(), Expected::Anything, Act::Delete)
}

fn batch(changes: Vec<Change>) -> Batch {
    Batch::new(Actor::new(ActorKind::System, "test"), changes)
}

async fn filled(bench: &Bench) -> Desk {
    let store = bench.open();
    for key in ["Note/a", "AkashiAccount/a", "AkashiAccount/b", "AkashiAccount/a", "Note/b"] {
        let changes = batch(vec![put(key)]);
        if key.starts_with("Akashi") {
            store.append_identities(changes).await.unwrap();
        } else {
            store.append(changes).await.unwrap();
        }
    }
    store.append_identities(batch(vec![end("AkashiAccount/b")])).await.unwrap();
    store
}

#[tokio::test]
async fn identities_have_kinds_of_their_own() {
    use EntryKind::{Access, IdentityCreate, IdentityDelete, IdentityUpdate, RecordCreate};
    let bench = Bench::new();
    let store = filled(&bench).await;
    let kinds = store.look(|snapshot| {
        let entries = snapshot.entries_from(base::Position(1), 8)?;
        Ok::<_, Problem>(entries.iter().map(|bytes| Entry::parse(bytes).unwrap().kind).collect::<Vec<_>>())
    });
    assert_eq!(
        kinds.unwrap(),
        [
            RecordCreate,
            Access,
            IdentityCreate,
            IdentityCreate,
            IdentityUpdate,
            RecordCreate,
            Access,
            IdentityDelete
        ]
    );
}

#[tokio::test]
async fn it_is_counted_how_often_parts_change_and_looks_change_none() {
    let bench = Bench::new();
    let store = filled(&bench).await;
    let counts = |store: &Desk| {
        let kept = |kind: &'static str| store.changes(&Part::Kept(kind.into()));
        let noted = |word: &'static str| store.changes(&Part::Noted(word.into()));
        [kept("AkashiAccount"), kept("AkashiPolicy"), kept("Note"), noted("verified"), noted("step")]
    };
    assert_eq!(counts(&store), [4, 0, 0, 0, 0], "records are counted by their state, and these have none");
    assert_eq!(store.changes(&Part::States), 0);
    store.look(|snapshot| snapshot.entries_from(base::Position(1), 1).map(drop)).unwrap();
    store.close(kit::ticket(&store)).await.unwrap();
    let note = |name: &str| Note { name: name.to_owned(), text: Some("1".to_owned()) };
    let notes = vec![note("verified/whole"), note("plain")];
    store.append_identities(Batch { notes, ..batch(Vec::new()) }).await.unwrap();
    assert_eq!(counts(&store), [4, 0, 0, 1, 0]);
    let stale = change(RecordKey::parse("AkashiAccount/a").unwrap(), Expected::Absent, Act::Delete);
    store.append_identities(batch(vec![stale])).await.unwrap_err();
    assert_eq!(counts(&store), [4, 0, 0, 1, 0], "what was not made did not change");
    let both = batch(vec![put("AkashiAccount/c"), put("AkashiAccount/d")]);
    store.append_identities(both).await.unwrap();
    assert_eq!(counts(&store), [5, 0, 0, 1, 0], "one batch is one change");
}

#[tokio::test]
async fn identities_that_stand_are_found_and_those_that_ended_are_not() {
    let bench = Bench::new();
    let store = filled(&bench).await;
    let standing = |kind: &str| store.inspect::<_, Problem>(|inside| inside.identities(kind)).unwrap();
    let found = standing("AkashiAccount");
    assert_eq!(found.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["a"]);
    assert!(found[0].content.windows(15).any(|window| window == br#""versionId":"2""#));
    assert!(standing("AkashiPolicy").is_empty());
    assert!(standing("Note").is_empty(), "records are not shown without a ticket");
}

#[tokio::test]
async fn exports_and_histories_of_records_show_no_identities() {
    let bench = Bench::new();
    let store = filled(&bench).await;
    let (all, history, count) = store
        .look(|snapshot| {
            let span = HistorySpan::Written(TimeRange { from: None, until: None });
            Ok::<_, Problem>((
                snapshot.all(0, 100)?,
                snapshot.history(HistoryOf::Facility, None, span, 100)?,
                snapshot.history_count(HistoryOf::Facility, span)?,
            ))
        })
        .unwrap();
    let names = |steps: &[store::Step]| steps.iter().map(|step| step.key.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&all), ["Note/a", "Note/b"]);
    assert_eq!(names(&history), ["Note/b", "Note/a"]);
    assert_eq!(count, 2);
}

#[tokio::test]
async fn a_journal_with_identities_verifies_and_its_views_are_built_again() {
    let bench = Bench::new();
    drop(filled(&bench).await);
    let options = VerifyOptions { since: None, progress: &|_, _| () };
    let verify = || verify_data(bench.data(), &bench.facility, &bench.master, &Notes, &options);
    assert_eq!(verify().unwrap().contents, 8, "three accesses among them");
    Store::reindex(bench.data(), &bench.facility, &bench.master, &Notes, &|_, _| ()).unwrap();
    assert_eq!(verify().unwrap().entries, 10);
    let log = tempfile::tempdir().unwrap();
    let witness = witness::of_export(&bench.open(), &*bench.world.clock).await;
    let store = Store::open_for_reading(bench.data(), &bench.facility, &bench.master).unwrap();
    store::save_log(&store, &witness, log.path()).unwrap();
    assert_eq!(verify_log(log.path(), Some(store.verifier()), None).unwrap().entries, 12);
}

#[tokio::test]
async fn a_note_outlives_a_restart_and_is_forgotten_when_told() {
    let bench = Bench::new();
    let note = |name: &str, text: Option<&str>| Note { name: name.to_owned(), text: text.map(str::to_owned) };
    let store = bench.open();
    let size = store.size();
    let notes = vec![note("lane/a", Some("1")), note("lane/b", Some("2")), note("step/a", Some("3"))];
    store.append_identities(Batch { notes, ..batch(Vec::new()) }).await.unwrap();
    assert_eq!(store.size(), size, "a note is no entry");
    drop(store);
    let store = bench.open();
    let there = |prefix: &str| store.inspect::<_, Problem>(|inside| inside.notes(prefix)).unwrap();
    assert_eq!(
        there("lane/"),
        [("lane/a".to_owned(), "1".to_owned()), ("lane/b".to_owned(), "2".to_owned())]
    );
    let notes = vec![note("lane/a", None), note("lane/b", Some("4"))];
    store.append_identities(Batch { notes, ..batch(Vec::new()) }).await.unwrap();
    assert_eq!(there("lane/"), [("lane/b".to_owned(), "4".to_owned())]);
}

#[tokio::test]
async fn a_secret_opens_in_its_own_place_only() {
    let bench = Bench::new();
    let store = bench.open();
    let sealed = store.seal_secret("AkashiFactor/a", b"secret").unwrap();
    assert_eq!(store.open_secret("AkashiFactor/a", &sealed).unwrap().reveal(), b"secret");
    assert!(store.open_secret("AkashiFactor/b", &sealed).is_none());
    drop(store);
    assert_eq!(bench.open().open_secret("AkashiFactor/a", &sealed).unwrap().reveal(), b"secret");
}
