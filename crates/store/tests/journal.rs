//! The journal on a real encrypted file: written, read, proven, checked, rebuilt.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod kit;
#[path = "kit/witness.rs"]
mod witness;

use access::{Access, Action, Decided, Ended};
use base::{
    Class, Clock, FacilityId, ManualClock, Position, Problem, RecordKey, SeededEntropy, Time, VersionNumber,
};
use kit::{Desk, change};
use seal::MasterKey;
use std::path::Path;
use std::sync::Arc;
use store::{
    Act, Actor, ActorKind, Alternative, Batch, Change, Effect, Expected, Found, HistoryOf, HistorySpan,
    Indexer, Links, Matching, Note, ProofFile, Search, Span, Store, Term, TimeRange, VerifyOptions, World,
    verify_consistency, verify_data, verify_log, verify_proof,
};

/// Every word of a content is a search value.
#[derive(Debug)]
struct Words;

impl Indexer for Words {
    fn edition(&self) -> &'static str {
        "words-1"
    }

    fn terms(&self, content: &[u8]) -> Result<Vec<Term>, Problem> {
        let text = String::from_utf8_lossy(content).into_owned();
        let note = text.split("note\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        Ok(note.split(' ').map(|word| Term { param: "Note.word", value: word.as_bytes().to_vec() }).collect())
    }
}

struct Bench {
    folder: tempfile::TempDir,
    master: MasterKey,
    clock: Arc<ManualClock>,
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
            clock: clock.clone(),
            world: World { clock, entropy, indexer: Arc::new(Words) },
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

    fn verify(&self) -> Result<store::Report, Problem> {
        self.verify_since(None)
    }

    fn verify_since(&self, since: Option<&str>) -> Result<store::Report, Problem> {
        let options = VerifyOptions { since, progress: &|_, _| () };
        verify_data(self.data(), &self.facility, &self.master, &Words, &options)
    }
}

fn key(id: &str) -> RecordKey {
    RecordKey::parse(&format!("Note/{id}")).unwrap()
}

fn put(id: &str, note: &str, expected: Expected) -> Change {
    let (owned_id, owned_note) = (id.to_owned(), note.to_owned());
    let render = move |version: VersionNumber, time: Time| {
        format!(
            r#"{{"resourceType":"Note","id":"{owned_id}","meta":{{"versionId":"{version}","lastUpdated":"{time}"}},"note":"{owned_note}"}}"#
        )
        .into_bytes()
    };
    let terms =
        note.split(' ').map(|word| Term { param: "Note.word", value: word.as_bytes().to_vec() }).collect();
    change(key(id), expected, Act::Put { render: Box::new(render), terms })
}

fn delete(id: &str) -> Change {
    change(key(id), Expected::Anything, Act::Delete)
}

fn batch(changes: Vec<Change>) -> Batch {
    Batch::new(Actor::new(ActorKind::Service, "test"), changes)
}

/// The content of a version of record a.
fn shown(found: Found) -> Vec<u8> {
    found.content.unwrap().open(&kit::permit(Action::READ, &key("a"))).unwrap()
}

fn words(store: &Desk, word: &str) -> Vec<String> {
    let span = Span::Exact(word.as_bytes().to_vec());
    let any = vec![Alternative { param: "Note.word", span, test: None }];
    found(store, &[Matching::Terms { any, negated: false }])
}

/// Notes refer to nothing.
struct NoLinks;

impl Links for NoLinks {
    fn to(&self, _: &RecordKey) -> Vec<Vec<u8>> {
        Vec::new()
    }

    fn from(&self, _: &[u8]) -> Option<RecordKey> {
        None
    }
}

fn found(store: &Desk, all: &[Matching]) -> Vec<String> {
    let search =
        Search { kinds: &["Note"], all, sort: &[], links: &NoLinks, judge: None, after: None, count: 100 };
    let hits = store.look(|snapshot| snapshot.search(&search)).unwrap().hits;
    hits.into_iter().map(|hit| hit.key.id.to_string()).collect()
}

#[tokio::test]
async fn what_was_written_is_read_again_also_after_reopening() {
    let bench = Bench::new();
    let store = bench.open();
    let receipt = store.append(batch(vec![put("a", "red blue", Expected::Anything)])).await.unwrap();
    assert_eq!((receipt.size, receipt.written[0].effect), (3, Effect::Created), "the record and the access");
    let receipt = store.append(batch(vec![put("a", "red green", Expected::Anything)])).await.unwrap();
    assert_eq!(
        (receipt.written[0].effect, receipt.written[0].version.unwrap().number()),
        (Effect::Updated, 2)
    );
    drop(store);
    let store = bench.open();
    let found = store.look(|snapshot| snapshot.current(&key("a"))).unwrap().unwrap();
    assert_eq!(found.version.number(), 2);
    assert!(String::from_utf8(shown(found)).unwrap().contains("red green"));
    let first = store.look(|snapshot| snapshot.version(&key("a"), VersionNumber::FIRST)).unwrap().unwrap();
    assert!(String::from_utf8(shown(first)).unwrap().contains("red blue"));
    assert_eq!((words(&store, "green"), words(&store, "blue")), (vec!["a".to_owned()], vec![]));
    assert_eq!(store.size(), 6, "two writes, each with its access, and a ticket that was abandoned");
}

#[tokio::test]
async fn a_deleted_record_is_found_as_deleted_and_can_come_back_under_the_next_version() {
    let bench = Bench::new();
    let store = bench.open();
    store.append(batch(vec![put("a", "red", Expected::Anything)])).await.unwrap();
    assert_eq!(store.append(batch(vec![delete("a")])).await.unwrap().written[0].effect, Effect::Deleted);
    let again = store.append(batch(vec![delete("a"), delete("never")])).await.unwrap();
    assert!(again.written.iter().all(|written| written.effect == Effect::Nothing));
    assert_eq!(store.size(), 6, "deleting nothing leaves an access and nothing else");
    assert_eq!(words(&store, "red"), Vec::<String>::new());
    let back = store.append(batch(vec![put("a", "blue", Expected::Absent)])).await.unwrap();
    assert_eq!((back.written[0].effect, back.written[0].version.unwrap().number()), (Effect::Created, 3));
    let history = store
        .look(|snapshot| {
            snapshot.history(HistoryOf::Record(&key("a")), None, TimeRange { from: None, until: None }, 10)
        })
        .unwrap();
    let versions: Vec<u64> = history.iter().map(|step| step.found.version.number()).collect();
    assert_eq!(versions, [3, 2, 1]);
    drop(store);
    bench.verify().unwrap();
}

#[tokio::test]
async fn a_batch_with_one_failed_condition_leaves_nothing() {
    let bench = Bench::new();
    let store = bench.open();
    store.append(batch(vec![put("a", "red", Expected::Anything)])).await.unwrap();
    let stale = Expected::Version(VersionNumber::new(7).unwrap());
    let problem = store
        .append(batch(vec![put("b", "blue", Expected::Anything), put("a", "green", stale)]))
        .await
        .unwrap_err();
    assert_eq!(problem.class(), Class::Stale);
    assert_eq!(store.size(), 4, "of the refused batch there is its access");
    assert_eq!(words(&store, "blue"), Vec::<String>::new());
    let twice = batch(vec![put("c", "x", Expected::Anything), put("c", "y", Expected::Anything)]);
    assert_eq!(store.append(twice).await.unwrap_err().code(), &store::codes::TWICE);
}

#[tokio::test]
async fn batches_sent_together_all_get_their_own_answer() {
    let bench = Bench::new();
    let store = bench.open();
    let ids: Vec<String> = (0..50).map(|number| format!("n{number}")).collect();
    let sent = ids.iter().map(|id| store.append(batch(vec![put(id, "same", Expected::Absent)])));
    for answer in futures_util::future::join_all(sent).await {
        assert_eq!(answer.unwrap().written[0].version, Some(VersionNumber::FIRST));
    }
    assert_eq!(words(&store, "same").len(), 50);
}

#[tokio::test]
async fn a_clock_that_stands_still_or_runs_back_stops_signing_until_it_is_right() {
    let bench = Bench::new();
    let store = bench.open();
    store.append(batch(vec![put("a", "red", Expected::Anything)])).await.unwrap();
    bench.clock.set(Time::parse("2020-01-01T00:00:00Z").unwrap());
    let problem = store.append(batch(vec![put("b", "red", Expected::Anything)])).await.unwrap_err();
    assert_eq!((problem.code(), store.size(), store.clock_behind()), (&store::codes::CLOCK, 3, true));
    bench.clock.set(Time::parse("2026-05-01T00:00:00Z").unwrap());
    bench.clock.set_step(0);
    store.append(batch(vec![put("b", "red", Expected::Anything)])).await.unwrap();
    let frozen = store.append(batch(vec![put("c", "red", Expected::Anything)])).await.unwrap_err();
    assert_eq!(frozen.code(), &store::codes::CLOCK);
    bench.clock.set_step(1);
    bench.clock.set(Time::parse("2026-05-02T00:00:00Z").unwrap());
    store.append(batch(vec![put("c", "red", Expected::Anything)])).await.unwrap();
    assert!(!store.clock_behind() && !store.halted());
}

#[tokio::test]
async fn history_and_search_keep_to_a_span_of_time() {
    let bench = Bench::new();
    let store = bench.open();
    for (id, day) in [("a", 10), ("b", 20), ("c", 30)] {
        bench.clock.set(Time::parse(&format!("2026-04-{day}T00:00:00Z")).unwrap());
        store.append(batch(vec![put(id, "x", Expected::Anything)])).await.unwrap();
    }
    let span =
        TimeRange { from: Time::parse("2026-04-20T00:00:00Z"), until: Time::parse("2026-04-30T00:00:00Z") };
    assert_eq!(found(&store, &[Matching::Updated(vec![span])]), ["b"]);
    let history = store.look(|snapshot| snapshot.history(HistoryOf::Kind("Note"), None, span, 10)).unwrap();
    assert_eq!(history.len(), 1);
    let written = HistorySpan::Written(span);
    let count = store.look(|snapshot| snapshot.history_count(HistoryOf::Kind("Note"), written)).unwrap();
    assert_eq!(count, 1);
    let all = TimeRange { from: None, until: None };
    let system = store.look(|snapshot| snapshot.history(HistoryOf::Facility, None, all, 10)).unwrap();
    assert_eq!(system.iter().map(|step| step.key.id.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
}

fn proof(store: &Desk, id: &str, version: Option<VersionNumber>) -> Option<ProofFile> {
    store.proof(&kit::ticket(store), &kit::permit(Action::PROOF, &key(id)), version).unwrap()
}

#[tokio::test]
async fn a_proof_file_checks_offline_and_any_other_key_is_refused() {
    let bench = Bench::new();
    let store = bench.open();
    for number in 0..600 {
        store
            .append(batch(vec![put(&format!("n{}", number % 300), "x y", Expected::Anything)]))
            .await
            .unwrap();
    }
    store.append(batch(vec![delete("n7")])).await.unwrap();
    for (id, version) in [("n0", None), ("n5", Some(1)), ("n7", None), ("n299", Some(2))] {
        let version = version.and_then(VersionNumber::new);
        let file = proof(&store, id, version).unwrap();
        let report = verify_proof(&file.to_bytes().unwrap(), Some(store.verifier())).unwrap();
        assert!(report.entries >= 1_203, "{}", report.entries);
        let mut changed = file.clone();
        changed.version += 1;
        assert!(verify_proof(&changed.to_bytes().unwrap(), None).is_err());
    }
    assert!(proof(&store, "absent", None).is_none());
    let other = Bench::new();
    let file = proof(&store, "n0", None).unwrap().to_bytes().unwrap();
    let mut stranger = store.verifier().clone();
    stranger.public[0] ^= 1;
    assert!(verify_proof(&file, Some(&stranger)).is_err());
    drop(other);
}

#[tokio::test]
async fn a_saved_log_verifies_and_continues_an_earlier_checkpoint() {
    let bench = Bench::new();
    let store = bench.open();
    let mut early = String::new();
    for number in 0..700 {
        if number == 333 {
            early = store.checkpoint().unwrap();
        }
        store.append(batch(vec![put(&format!("n{number}"), "x", Expected::Anything)])).await.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let witness = witness::of_export(&store, &*bench.clock).await;
    assert_eq!(store::save_log(&store, &witness, folder.path()).unwrap(), 1_402);
    let report = verify_log(folder.path(), Some(store.verifier()), Some(&early)).unwrap();
    assert_eq!(report.entries, 1_402);
    drop(store);
    bench.verify_since(Some(&early)).unwrap();
}

fn log_file(store: &Desk, path: &str) -> Option<Vec<u8>> {
    store.log_file(&kit::ticket(store), path).unwrap().map(|file| file.bytes)
}

/// A line of some witness below a checkpoint; whoever keeps it has verified it.
fn with_line(note: &str, name: &str) -> String {
    format!("{note}— {name} AAAAAAAAAAA=\n")
}

#[tokio::test]
async fn a_cosigned_checkpoint_is_served_as_long_as_it_is_of_this_journal() {
    let bench = Bench::new();
    let store = bench.open();
    let first = store.checkpoint().unwrap();
    let keep = async |witness: &str, text: String| {
        let note = Note { name: format!("{}{witness}", store::cosigned::COSIGNED), text: Some(text) };
        let batch = Batch { notes: vec![note], ..Batch::new(Actor::unknown(), Vec::new()) };
        store.append_identities(batch).await.unwrap();
    };
    // One ticket for all looks: each that ends is an entry, and makes a newer checkpoint.
    let ticket = kit::ticket(&store);
    let text = |path: &str| {
        let file = store.log_file(&ticket, path).unwrap();
        file.map(|file| String::from_utf8(file.bytes).unwrap())
    };
    assert_eq!(text("cosigned"), None, "nobody cosigned yet");
    keep("w1+00000000", with_line(&first, "w1")).await;
    keep("w2+00000000", with_line(&first, "w2")).await;
    let both = with_line(&with_line(&first, "w1"), "w2");
    assert_eq!((text("cosigned"), text("checkpoint")), (Some(both.clone()), Some(both.clone())));
    assert_eq!(store.checkpoint().unwrap(), first, "a note makes no new checkpoint");
    store.append(batch(vec![put("n1", "x", Expected::Anything)])).await.unwrap();
    let second = store.checkpoint().unwrap();
    assert_eq!((text("cosigned"), text("checkpoint")), (Some(both.clone()), Some(second.clone())));
    keep("w2+00000000", with_line(&second, "w2")).await;
    assert_eq!(text("cosigned"), Some(with_line(&second, "w2")), "the newest counts");
    for strange in [
        second.replace("\n3\n", "\n2\n"),
        second.replace("\n3\n", "\n900\n"),
        first.replace("\n1\n", "\n3\n"),
        "no checkpoint".to_owned(),
    ] {
        keep("w2+00000000", with_line(&strange, "w2")).await;
        assert_eq!(text("cosigned"), Some(with_line(&first, "w1")), "{strange}");
    }
}

#[tokio::test]
async fn a_consistency_proof_leads_from_every_earlier_checkpoint_to_the_newest() {
    let bench = Bench::new();
    let store = bench.open();
    let mut earlier = vec![store.checkpoint().unwrap()];
    for number in 0..40 {
        store.append(batch(vec![put(&format!("n{number}"), "x", Expected::Anything)])).await.unwrap();
        earlier.push(store.checkpoint().unwrap());
    }
    for (index, older) in earlier.iter().enumerate() {
        let path = format!("consistency/{}", index * 2 + 1);
        let file = log_file(&store, &path).unwrap();
        verify_consistency(&file, older, store.verifier()).unwrap();
        let other = earlier.get(index.wrapping_sub(1)).unwrap_or(&earlier[5]);
        assert!(verify_consistency(&file, other, store.verifier()).is_err(), "from another size");
    }
    for path in ["consistency/9000", "consistency/+1", "consistency/01", "consistency/", "consistency/x"] {
        assert_eq!(log_file(&store, path), None, "{path}");
    }
}

#[tokio::test]
async fn a_store_opened_for_reading_sees_what_another_writes_and_writes_nothing() {
    let bench = Bench::new();
    let store = bench.open();
    let reading = Store::open_for_reading(bench.data(), &bench.facility, &bench.master).unwrap();
    store.append(batch(vec![put("a", "red", Expected::Anything)])).await.unwrap();
    let problem = reading.ticket(Actor::unknown(), Access::default()).unwrap_err();
    assert_eq!(problem.code(), &store::codes::HALTED, "nobody could write what a ticket owes");
    let refused = reading.append(kit::ticket(&store), batch(vec![delete("a")])).await.unwrap_err();
    assert_eq!(refused.problem.code(), &store::codes::HALTED);
    let looked: Result<_, Problem> = reading.read(&refused.ticket, |snapshot| snapshot.current(&key("a")));
    assert_eq!(looked.unwrap_err().code(), &store::codes::HALTED);
    let witness = witness::of_export(&store, &*bench.clock).await;
    let found: Result<_, Problem> = reading.read_witnessed(&witness, |snapshot| snapshot.current(&key("a")));
    assert!(found.unwrap().is_some());
}

#[tokio::test]
async fn a_writer_that_ends_by_a_panic_shows_as_halted() {
    let bench = Bench::new();
    let store = bench.open();
    store.append(batch(vec![put("a", "red", Expected::Anything)])).await.unwrap();
    let render = Box::new(|_, _| panic!("a fault of the program"));
    let act = Act::Put { render, terms: Vec::new() };
    let fault = change(key("b"), Expected::Anything, act);
    let waiting = kit::ticket(&store);
    let refused = Store::append(&store, kit::ticket(&store), batch(vec![fault])).await.unwrap_err();
    assert_eq!(refused.problem.code(), &store::codes::HALTED);
    let looked: Result<_, Problem> = store.read(&refused.ticket, |snapshot| snapshot.current(&key("a")));
    assert_eq!(looked.unwrap_err().code(), &store::codes::HALTED, "its entry cannot be written any more");
    assert_eq!(store.close(waiting).await.unwrap_err().code(), &store::codes::HALTED);
    assert!(store.halted());
    assert_eq!(words(&store, "red"), ["a"], "who has looked before may look on");
    let ticket = store.ticket(Actor::unknown(), Access::default());
    assert_eq!(ticket.unwrap_err().code(), &store::codes::HALTED, "nobody else may: nothing can be entered");
    drop(store);
    bench.verify().unwrap();
    assert_eq!(bench.open().size(), 3);
}

#[tokio::test]
async fn reindexing_arrives_at_the_same_answers() {
    let bench = Bench::new();
    let store = bench.open();
    for number in 0..40 {
        store
            .append(batch(vec![put(
                &format!("n{}", number % 15),
                &format!("w{}", number % 4),
                Expected::Anything,
            )]))
            .await
            .unwrap();
    }
    store.append(batch(vec![delete("n3")])).await.unwrap();
    let before: Vec<_> = (0..4).map(|word| words(&store, &format!("w{word}"))).collect();
    drop(store);
    assert_eq!(Store::reindex(bench.data(), &bench.facility, &bench.master, &Words, &|_, _| ()).unwrap(), 84);
    bench.verify().unwrap();
    let store = bench.open();
    let after: Vec<_> = (0..4).map(|word| words(&store, &format!("w{word}"))).collect();
    assert_eq!(after, before);
    store.append(batch(vec![put("n3", "w1", Expected::Absent)])).await.unwrap();
}

#[tokio::test]
async fn the_wrong_master_key_opens_nothing_and_the_file_shows_nothing() {
    let bench = Bench::new();
    let store = bench.open();
    store.append(batch(vec![put("a", "conspicuous", Expected::Anything)])).await.unwrap();
    drop(store);
    let stranger = MasterKey::generate(&SeededEntropy::new(99)).unwrap();
    let refused = Store::open(bench.data(), &bench.facility, &stranger, &bench.world).unwrap_err();
    assert_eq!(refused.code(), &store::codes::WRONG_KEY);
    let file = std::fs::read(store::folder(bench.data(), &bench.facility).join("journal.db")).unwrap();
    assert!(
        !file.windows(11).any(|window| window == b"conspicuous") && !file.starts_with(b"SQLite format 3")
    );
}

#[tokio::test]
async fn an_import_mark_stands_with_its_batch() {
    let bench = Bench::new();
    let store = bench.open();
    let mut with_mark = batch(vec![put("a", "x", Expected::Anything)]);
    with_mark.mark = Some(store::ImportMark { source: "abc".to_owned(), done: 5 });
    store.append(with_mark).await.unwrap();
    let mut refused = batch(vec![put("a", "x", Expected::Absent)]);
    refused.mark = Some(store::ImportMark { source: "abc".to_owned(), done: 9 });
    store.append(refused).await.unwrap_err();
    assert_eq!(store.inspect::<_, Problem>(|inside| inside.import_done("abc")).unwrap(), 5);
    assert_eq!(store.inspect::<_, Problem>(|inside| inside.import_done("other")).unwrap(), 0);
}

#[tokio::test]
async fn an_export_is_witnessed_by_its_own_fresh_entry_only() {
    let bench = Bench::new();
    let store = bench.open();
    let good = Access {
        v: 1,
        action: "export".to_owned(),
        decided: Decided::Permitted,
        status: 200,
        ..Access::default()
    };
    let console = Actor::new(ActorKind::System, "console");
    let person = Actor::new(ActorKind::Person, "hana");
    let mut positions = Vec::new();
    for (actor, access) in [
        (console.clone(), good.clone()),
        (person, good.clone()),
        (console.clone(), Access { action: "read".to_owned(), ..good.clone() }),
        (console.clone(), Access { decided: Decided::Refused, ..good.clone() }),
        (console.clone(), Access { ended: Ended::TimedOut, ..good.clone() }),
        (console.clone(), Access { status: 503, ..good.clone() }),
    ] {
        let ticket = store.ticket(actor, access).unwrap();
        positions.push(store.close(ticket).await.unwrap().access.unwrap());
    }
    let now = bench.clock.now();
    let witness = store.witness(positions[0], now).unwrap();
    positions.extend([Position(0), Position(1_000)]);
    for position in &positions[1..] {
        assert_eq!(
            store.witness(*position, now).unwrap_err().code(),
            &store::codes::NO_WITNESS,
            "{position}"
        );
    }
    let later = now.plus_microseconds(601 * 1_000_000);
    for wrong in [Time::from_microseconds(0), later] {
        assert_eq!(store.witness(positions[0], wrong).unwrap_err().code(), &store::codes::NO_WITNESS);
    }
    let looked: Result<u64, Problem> = store.read_witnessed(&witness, |_| Ok(7));
    assert_eq!(looked.unwrap(), 7);
    let facility = FacilityId::parse("fuji").unwrap();
    Store::create(bench.data(), &facility, &bench.master, &bench.world).unwrap();
    let other = Store::open_for_reading(bench.data(), &facility, &bench.master).unwrap();
    let looked: Result<u64, Problem> = other.read_witnessed(&witness, |_| Ok(7));
    assert_eq!(looked.unwrap_err().code(), &store::codes::NO_PERMIT);
    assert!(store::save_log(&other, &witness, bench.data()).is_err());
}
