//! What the emergency log keeps, what becomes of it, and what is shown meanwhile.

use super::log::TAKEN;
use super::{Proven, verify_emergency_logs};
use crate::database::{self, Use};
use crate::{
    AccessFilter, Accessed, Act, Actor, ActorKind, Batch, Change, Expected, FacilityKeys, Indexer, Search,
    Store, Term, Ticket, VerifyOptions, World, codes, verify_data,
};
use access::{Access, Action, Context, Law, Resource, Who};
use base::{FacilityId, ManualClock, Problem, RecordKey, SeededEntropy, Time};
use rusqlite::Connection;
use seal::MasterKey;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

static LAW: LazyLock<Law> = LazyLock::new(Law::builtin);

/// Nothing is searched by terms here.
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

/// No references.
struct NoLinks;

impl crate::Links for NoLinks {
    fn to(&self, _: &RecordKey) -> Vec<Vec<u8>> {
        Vec::new()
    }

    fn from(&self, _: &[u8]) -> Option<RecordKey> {
        None
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
        let clock = Arc::new(ManualClock::new(Time::parse("2026-04-01T00:00:00Z").unwrap(), 1_000));
        let world = World {
            clock: Arc::clone(&clock) as _,
            entropy: Arc::clone(&entropy) as _,
            indexer: Arc::new(Nothing),
        };
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
            master: MasterKey::generate(&*entropy).unwrap(),
            clock,
            world,
            facility: FacilityId::parse("sakura").unwrap(),
        };
        let data = bench.data();
        Store::create(&data, &bench.facility, &bench.master, &bench.world).unwrap();
        bench
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder of the facility.
    fn own(&self) -> PathBuf {
        crate::folder(&self.data(), &self.facility)
    }

    fn beside(&self) -> PathBuf {
        self.folder.path().join("beside")
    }

    fn open(&self) -> Store {
        let beside = self.beside();
        Store::open_beside(&self.data(), &self.facility, &self.master, &self.world, Some(&beside)).unwrap()
    }

    /// With the records `Note/a` and `Note/b`, and writing stopped.
    async fn stopped(&self) -> Store {
        let store = self.open();
        for id in ["a", "b"] {
            let ticket = store.ticket(hana(), Access { v: 1, ..Access::default() }).unwrap();
            store.append(ticket, Batch::new(hana(), vec![put(id)])).await.unwrap();
        }
        self.stop();
        store
    }

    fn stop(&self) {
        fs::write(self.own().join("writing-stopped"), "").unwrap();
    }

    fn go_on(&self) {
        fs::remove_file(self.own().join("writing-stopped")).unwrap();
    }

    /// The database itself, for whoever damages it.
    fn connection(&self) -> Connection {
        let keys = FacilityKeys::read(&self.data(), &self.facility, &self.master).unwrap();
        database::open(&self.own().join("journal.db"), &keys.data_key, Use::Write).unwrap()
    }

    /// The files in which looks wait.
    fn waiting(&self) -> Vec<PathBuf> {
        files(&self.beside().join("sakura")).into_iter().chain(files(&self.own().join("emergency"))).collect()
    }

    fn log(&self) -> PathBuf {
        let [log] = self.waiting().try_into().unwrap();
        log
    }

    /// After a restart: the looks that were entered, and what was said of each log as a whole.
    fn entered(&self) -> (Vec<Accessed>, Vec<Access>) {
        let store = self.open();
        let ticket = store.ticket(hana(), Access { v: 1, ..Access::default() }).unwrap();
        let permit = LAW.audit(&Who::system("sakura", "test"), &Context::default()).unwrap();
        let mut all = store
            .read_newest(&ticket, |snapshot| snapshot.accesses(&permit, &AccessFilter::default(), usize::MAX))
            .unwrap();
        all.reverse();
        let logs = all.iter().filter(|one| one.access.route == "emergency-log");
        let logs = logs.map(|one| one.access.clone()).collect();
        all.retain(|one| one.access.emergency.is_some());
        (all, logs)
    }

    fn verify_logs(&self) -> Result<u64, Problem> {
        verify_emergency_logs(&self.data(), &self.facility, &self.master, Some(&self.beside()))
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(names) = fs::read_dir(folder) else { return Vec::new() };
    names.map(|name| name.unwrap().path()).filter(|path| path.is_file()).collect()
}

fn hana() -> Actor {
    Actor::new(ActorKind::Person, "hana")
}

fn key(id: &str) -> RecordKey {
    RecordKey::parse(&format!("Note/{id}")).unwrap()
}

fn put(id: &str) -> Change {
    let (key, own) = (key(id), id.to_owned());
    let permit = LAW
        .permit(
            &Who::system("sakura", "test"),
            Action::IMPORT,
            &key,
            &Resource::of_kind("Note"),
            &Context::default(),
        )
        .unwrap();
    let render = Box::new(move |version, time| {
        format!(
            r#"{{"resourceType":"Note","id":"{own}","meta":{{"versionId":"{version}","lastUpdated":"{time}"}},"text":"花子"}}"#
        )
        .into_bytes()
    });
    Change::new(&permit, Expected::Absent, Act::Put { render, terms: Vec::new() }).unwrap()
}

fn ticket(store: &Store, request: &str) -> Ticket {
    let access = Access {
        v: 1,
        request: request.to_owned(),
        patients: vec!["p-1".to_owned()],
        status: 200,
        ..Access::default()
    };
    store.emergency_ticket(hana(), access).unwrap()
}

async fn look(store: &Store, request: &str) {
    let ticket = ticket(store, request);
    assert!(store.read(&ticket, |snapshot| snapshot.current(&key("a"))).unwrap().is_some());
    store.close(ticket).await.unwrap();
}

fn requests(entered: &[Accessed]) -> Vec<&str> {
    entered.iter().map(|one| one.access.request.as_str()).collect()
}

#[tokio::test]
async fn a_look_while_writing_is_stopped_stands_in_the_journal_after_the_restart() {
    let bench = Bench::new();
    let store = bench.stopped().await;
    let refused = store.ticket(hana(), Access::default()).unwrap_err();
    assert_eq!(refused.code(), &codes::HALTED);
    let size = store.size();
    look(&store, "first").await;
    drop(ticket(&store, "given up"));
    assert_eq!(store.size(), size, "the journal is left alone");
    let log = bench.log();
    assert!(log.starts_with(bench.beside()));
    assert_eq!(fs::metadata(&log).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&log).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(!text.contains("hana") && !text.contains("p-1") && !text.contains("first"), "{text}");
    drop(store);
    drop(bench.open());
    assert!(log.exists(), "still stopped");
    bench.go_on();
    let (entered, logs) = bench.entered();
    assert_eq!(requests(&entered), ["first", "given up"]);
    let first = &entered[0];
    assert_eq!(
        (first.actor.id.as_str(), first.access.patients.as_slice()),
        ("hana", &["p-1".to_owned()][..])
    );
    let noted = first.access.emergency.clone().unwrap();
    assert!(Time::parse(&noted.at).unwrap() < first.time, "when it happened, and when it was entered");
    assert_eq!(noted.line, 0);
    let [whole] = logs.as_slice() else { panic!("{logs:?}") };
    assert_eq!((whole.status, whole.query.as_deref()), (200, Some("lines=2&cut=0&faults=0")));
    assert_eq!((bench.waiting(), bench.verify_logs().unwrap()), (Vec::new(), 2));
    assert_eq!(bench.entered().0.len(), 2, "once");
    let options = VerifyOptions { since: None, progress: &|_, _| () };
    verify_data(&bench.data(), &bench.facility, &bench.master, &Nothing, &options).unwrap();
}

#[tokio::test]
async fn a_log_that_was_taken_in_but_not_put_away_is_not_entered_again() {
    let bench = Bench::new();
    let store = bench.stopped().await;
    look(&store, "first").await;
    look(&store, "second").await;
    drop(store);
    let (log, text) = (bench.log(), fs::read(bench.log()).unwrap());
    bench.go_on();
    assert_eq!(bench.entered().0.len(), 2);
    // As if the machine had stopped between the commit and the rename.
    fs::write(&log, &text).unwrap();
    let (entered, logs) = bench.entered();
    assert_eq!((entered.len(), logs.len()), (2, 1));
    assert!(!log.exists() && log.parent().unwrap().join(TAKEN).join(log.file_name().unwrap()).exists());
    // As if it had stopped between two commits, of which the first entered the first line.
    let name = format!("emergency/{}", log.file_stem().unwrap().to_str().unwrap());
    let connection = bench.connection();
    assert_eq!(connection.execute("UPDATE note SET text = '1' WHERE name = ?1", [name]).unwrap(), 1);
    drop(connection);
    fs::write(&log, &text).unwrap();
    assert_eq!(requests(&bench.entered().0), ["first", "second", "second"]);
}

#[tokio::test]
async fn a_line_that_was_not_written_to_its_end_is_told_and_the_others_are_entered() {
    let bench = Bench::new();
    let store = bench.stopped().await;
    look(&store, "first").await;
    look(&store, "second").await;
    drop(store);
    let text = fs::read(bench.log()).unwrap();
    fs::write(bench.log(), &text[..text.len() - 9]).unwrap();
    bench.go_on();
    let (entered, logs) = bench.entered();
    assert_eq!(requests(&entered), ["first"]);
    assert_eq!((logs[0].status, logs[0].query.as_deref()), (200, Some("lines=1&cut=1&faults=0")));
    assert_eq!(bench.verify_logs().unwrap(), 1);
}

#[tokio::test]
async fn a_chain_that_is_broken_is_told_loudly_and_the_rest_is_entered() {
    for damage in [0, 1, 2] {
        let bench = Bench::new();
        let store = bench.stopped().await;
        for request in ["first", "second", "third"] {
            look(&store, request).await;
        }
        drop(store);
        let text = fs::read_to_string(bench.log()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let (damaged, rest) = match damage {
            // A line is gone; one is there twice; one has another time.
            0 => (vec![lines[0].to_owned(), lines[2].to_owned()], vec!["first", "third"]),
            1 => (
                [0, 1, 1, 2].map(|at: usize| lines[at].to_owned()).to_vec(),
                vec!["first", "second", "third"],
            ),
            _ => {
                let changed = lines[1].replace("\"time\":\"2026", "\"time\":\"2025");
                assert_ne!(changed, lines[1]);
                (vec![lines[0].to_owned(), changed, lines[2].to_owned()], vec!["first", "second", "third"])
            }
        };
        fs::write(bench.log(), format!("{}\n", damaged.join("\n"))).unwrap();
        assert_eq!(bench.verify_logs().unwrap_err().code(), &codes::WRONG, "{damage}");
        bench.go_on();
        let (entered, logs) = bench.entered();
        assert_eq!(requests(&entered), rest, "{damage}");
        assert_eq!((logs[0].status, logs[0].code.as_deref()), (500, Some("ST-0017")), "{damage}");
        assert_eq!(bench.verify_logs().unwrap_err().code(), &codes::WRONG, "also where it was put away");
    }
}

#[tokio::test]
async fn a_line_of_another_hand_is_not_entered() {
    let bench = Bench::new();
    let store = bench.stopped().await;
    look(&store, "first").await;
    drop(store);
    let other = Bench::new();
    let theirs = other.stopped().await;
    look(&theirs, "forged").await;
    drop(theirs);
    let forged = fs::read_to_string(other.log()).unwrap().replace("\"look\":\"", "\"look\":\"A");
    let own = fs::read_to_string(bench.log()).unwrap();
    fs::write(bench.log(), format!("{own}{forged}nonsense\n")).unwrap();
    bench.go_on();
    let (entered, logs) = bench.entered();
    assert_eq!(requests(&entered), ["first"]);
    assert_eq!(logs[0].status, 500);
}

#[tokio::test]
async fn where_no_look_can_be_noted_nothing_is_shown() {
    let bench = Bench::new();
    let store = bench.stopped().await;
    // The first folder fails before anybody looks: the second takes the line.
    fs::write(bench.beside(), "no folder").unwrap();
    look(&store, "first").await;
    assert!(bench.log().starts_with(bench.own()));
    drop(store);
    fs::remove_dir_all(bench.own().join("emergency")).unwrap();
    fs::write(bench.own().join("emergency"), "no folder").unwrap();
    let store = bench.open();
    let refused = store.emergency_ticket(hana(), Access::default()).unwrap_err();
    assert_eq!(refused.code(), &codes::NOT_NOTED);
}

#[tokio::test]
async fn with_an_emergency_ticket_nothing_is_written_and_no_entry_is_read() {
    let bench = Bench::new();
    let store = bench.stopped().await;
    let refused = store.append(ticket(&store, "writes"), Batch::new(hana(), vec![put("c")])).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.problem.code(), &codes::HALTED);
    let newest: Result<(), Problem> = store.read_newest(&refused.ticket, |_| Ok(()));
    assert_eq!(newest.unwrap_err().code(), &codes::HALTED);
    bench.go_on();
    // Nor once writing goes on: it stays a ticket to look.
    let refused = store.append(refused.ticket, Batch::new(hana(), vec![put("c")])).await.unwrap_err();
    assert_eq!(refused.problem.code(), &codes::HALTED);
    let none = store.emergency_ticket(hana(), Access::default()).unwrap_err();
    assert_eq!(none.code(), &codes::NO_PERMIT, "ordinary tickets are to be had");
}

#[tokio::test]
async fn once_the_clock_is_right_the_looks_are_entered_without_a_restart() {
    let bench = Bench::new();
    let store = bench.stopped().await;
    bench.go_on();
    let ordinary = || store.ticket(hana(), Access { v: 1, ..Access::default() }).unwrap();
    bench.clock.set(Time::parse("2020-01-01T00:00:00Z").unwrap());
    assert_eq!(store.close(ordinary()).await.unwrap_err().code(), &codes::CLOCK);
    assert!(store.stopped());
    look(&store, "first").await;
    look(&store, "second").await;
    bench.clock.set(Time::parse("2026-05-01T00:00:00Z").unwrap());
    let before = store.size();
    store.close(ordinary()).await.unwrap();
    assert!(!store.stopped());
    assert_eq!(store.size(), before + 4, "two looks, the log as a whole, and the request itself");
    assert_eq!(bench.waiting(), Vec::<PathBuf>::new());
    drop(store);
    assert_eq!(requests(&bench.entered().0), ["first", "second"]);
}

/// What is shown of `Note/a` and of all notes, with what was not proven.
fn seen(store: &Store) -> (Result<bool, String>, Vec<String>, Proven) {
    let ticket = ticket(store, "seen");
    let one = store.read(&ticket, |snapshot| snapshot.current(&key("a"))).map(|found| found.is_some());
    let search = Search {
        kinds: &["Note"],
        all: &[],
        sort: &[],
        links: &NoLinks,
        after: None,
        count: 10,
        judge: None,
    };
    let hits = store.read(&ticket, |snapshot| snapshot.search(&search)).unwrap().hits;
    let hits = hits.into_iter().map(|hit| hit.key.to_string()).collect();
    (one.map_err(|problem| problem.code().id.to_owned()), hits, ticket.proven().unwrap())
}

#[tokio::test]
async fn what_is_not_proven_is_not_shown_and_is_counted() {
    let unproven = Err("ST-0064".to_owned());
    let position = "(SELECT position FROM record WHERE id = 'a')";
    let other = "(SELECT position FROM record WHERE id = 'b')";
    for damage in [
        format!("UPDATE content SET salt = zeroblob(32) WHERE position = {position}"),
        format!(
            "UPDATE content SET body = (SELECT body FROM content WHERE position = {other}) WHERE position = {position}"
        ),
        format!(
            "UPDATE entry SET body = (SELECT body FROM entry WHERE position = {other}) WHERE position = {position}"
        ),
        format!("UPDATE version SET version = 7 WHERE position = {position}"),
    ] {
        let bench = Bench::new();
        let store = bench.stopped().await;
        let (one, hits, proven) = seen(&store);
        assert_eq!((one, hits.len(), proven.unproven.len(), proven.entries), (Ok(true), 2, 0, 5));
        assert_eq!(bench.connection().execute(&damage, []).unwrap(), 1, "{damage}");
        let (one, hits, proven) = seen(&store);
        assert_eq!(one, unproven, "{damage}");
        let of_index = damage.contains("version SET");
        assert_eq!(
            hits.contains(&"Note/a".to_owned()),
            of_index,
            "a search shows the content that is proven"
        );
        // Another entry under the same tree is damaged with it where the tree has no other way to it.
        assert!(proven.unproven["Note"] >= 1, "{damage}: {proven:?}");
    }
}

#[tokio::test]
async fn no_changed_byte_of_a_content_is_shown() {
    let bench = Bench::new();
    let store = bench.stopped().await;
    let connection = bench.connection();
    let position: i64 =
        connection.query_row("SELECT position FROM record WHERE id = 'a'", [], |row| row.get(0)).unwrap();
    let body: Vec<u8> = connection
        .query_row("SELECT body FROM content WHERE position = ?1", [position], |row| row.get(0))
        .unwrap();
    let put = |body: &[u8]| {
        let sql = "UPDATE content SET body = ?2 WHERE position = ?1";
        assert_eq!(connection.execute(sql, rusqlite::params![position, body]).unwrap(), 1);
    };
    for at in 0..body.len() {
        let mut changed = body.clone();
        changed[at] ^= 1;
        put(&changed);
        let (one, hits, proven) = seen(&store);
        assert_eq!(
            (one, hits, proven.unproven["Note"]),
            (Err("ST-0064".to_owned()), vec!["Note/b".to_owned()], 1)
        );
    }
    put(&body);
    assert_eq!(seen(&store).0, Ok(true));
}

#[tokio::test]
async fn what_comes_after_the_newest_checkpoint_that_verifies_is_not_shown() {
    let bench = Bench::new();
    let store = bench.stopped().await;
    let sql = "UPDATE checkpoint SET note = CAST(replace(CAST(note AS TEXT), char(10), char(10) || ' ') AS BLOB) WHERE size > 3";
    assert!(bench.connection().execute(sql, []).unwrap() >= 1);
    let (one, hits, proven) = seen(&store);
    assert_eq!((one, hits, proven.entries), (Ok(true), vec!["Note/a".to_owned()], 3));
    assert_eq!(proven.unproven["Note"], 1);
    bench.connection().execute("UPDATE checkpoint SET note = x'00'", []).unwrap();
    let refused = store.emergency_ticket(hana(), Access::default()).unwrap_err();
    assert_eq!(refused.code(), &codes::CORRUPT);
}
