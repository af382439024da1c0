//! Every ticket leaves exactly one access entry, whatever becomes of it, and what it says is found again.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod kit;

use access::{Access, AccessWho, AuditPermit, Context, Decided, Ended, Touched, Who};
use base::{FacilityId, ManualClock, Position, Problem, RecordKey, SeededEntropy, Time};
use kit::{Desk, change};
use seal::MasterKey;
use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::task::Waker;
use store::{
    AccessFilter, Accessed, Act, Actor, ActorKind, Batch, Change, Deed, Deeds, Expected, Indexer, Store,
    Term, VerifyOptions, World, verify_data, verify_proof,
};

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

struct Bench {
    folder: tempfile::TempDir,
    master: MasterKey,
    world: World,
    facility: FacilityId,
}

impl Bench {
    fn new() -> Self {
        let entropy = Arc::new(SeededEntropy::new(1));
        let clock = Arc::new(ManualClock::new(Time::parse("2026-04-01T00:00:00Z").unwrap(), 1_000));
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
            master: MasterKey::generate(&*entropy).unwrap(),
            world: World { clock, entropy, indexer: Arc::new(Nothing) },
            facility: FacilityId::parse("sakura").unwrap(),
        };
        Store::create(bench.data(), &bench.facility, &bench.master, &bench.world).unwrap();
        bench
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn open(&self) -> Store {
        Store::open(self.data(), &self.facility, &self.master, &self.world).unwrap()
    }

    fn verify(&self) -> Result<store::Report, Problem> {
        let options = VerifyOptions { since: None, progress: &|_, _| () };
        verify_data(self.data(), &self.facility, &self.master, &Nothing, &options)
    }

    /// All access entries there are after a restart, oldest first, without that of the desk itself.
    fn left(&self) -> Vec<Accessed> {
        let mut all = accesses(&Desk::at(self.open()), &AccessFilter::default(), usize::MAX);
        all.reverse();
        all
    }
}

fn permit() -> AuditPermit {
    kit::LAW.audit(&Who::system("sakura", "test"), &Context::default()).unwrap()
}

fn accesses(desk: &Desk, filter: &AccessFilter<'_>, count: usize) -> Vec<Accessed> {
    desk.look(|snapshot| snapshot.accesses(&permit(), filter, count)).unwrap()
}

fn put(id: &str, expected: Expected) -> Change {
    let key = RecordKey::parse(&format!("Note/{id}")).unwrap();
    let own = key.clone();
    let render = Box::new(move |version, time| {
        format!(r#"{{"resourceType":"Note","id":"{}","meta":{{"versionId":"{version}","lastUpdated":"{time}"}}}}"#, own.id)
            .into_bytes()
    });
    change(key, expected, Act::Put { render, terms: Vec::new() })
}

fn batch(changes: Vec<Change>) -> Batch {
    Batch { status: |_| 201, ..Batch::new(Actor::new(ActorKind::Person, "hana"), changes) }
}

fn ticket_of(store: &Store, request: &str) -> store::Ticket {
    let access = Access { v: 1, request: request.to_owned(), status: 200, ..Access::default() };
    store.ticket(Actor::new(ActorKind::Person, "hana"), access).unwrap()
}

/// The requests of entries, with how they ended.
fn ends(entries: &[Accessed]) -> Vec<(&str, Ended)> {
    entries.iter().map(|one| (one.access.request.as_str(), one.access.ended)).collect()
}

#[tokio::test]
async fn every_way_in_which_a_ticket_ends_leaves_one_entry() {
    let bench = Bench::new();
    let store = bench.open();
    let closed = store.close(ticket_of(&store, "closed")).await.unwrap();
    assert_eq!((closed.written.len(), closed.access), (0, Some(Position(1))));
    let written =
        store.append(ticket_of(&store, "written"), batch(vec![put("a", Expected::Absent)])).await.unwrap();
    assert_eq!((written.written[0].position, written.access), (Some(Position(2)), Some(Position(3))));
    let refused = store.append(ticket_of(&store, "refused"), batch(vec![put("a", Expected::Absent)])).await;
    let mut refused = refused.unwrap_err();
    assert_eq!(refused.problem.code(), &store::codes::EXISTS);
    refused.ticket.note(|access| access.status = 412);
    store.close(refused.ticket).await.unwrap();
    drop(ticket_of(&store, "dropped"));
    let given_up = store.append(ticket_of(&store, "given up"), batch(vec![put("a", Expected::Absent)])).await;
    assert_eq!(Problem::from(given_up.unwrap_err()).code(), &store::codes::EXISTS);
    drop(store);
    let left = bench.left();
    assert_eq!(
        ends(&left),
        [
            ("closed", Ended::Answered),
            ("written", Ended::Answered),
            ("refused", Ended::Answered),
            ("dropped", Ended::Abandoned),
            ("given up", Ended::Abandoned)
        ]
    );
    let statuses: Vec<u16> = left.iter().map(|one| one.access.status).collect();
    assert_eq!(statuses, [200, 201, 412, 200, 200]);
    let touched = Touched { record: "Note/a".to_owned(), version: Some(1) };
    assert_eq!(left[1].access.touched, [touched]);
    assert_eq!(left[1].actor, Actor::new(ActorKind::Person, "hana"));
    bench.verify().unwrap();
}

#[tokio::test]
async fn a_caller_who_leaves_at_any_moment_leaves_one_entry() {
    let bench = Bench::new();
    let store = bench.open();
    store.append(ticket_of(&store, "first"), batch(vec![put("a", Expected::Absent)])).await.unwrap();
    for number in 0..90_u64 {
        let name = format!("r{number}");
        let changes = vec![put(if number % 2 == 0 { "a" } else { &name }, Expected::Absent)];
        let mut sent = Box::pin(store.append(ticket_of(&store, &name), batch(changes)));
        // Before it is sent, while it waits, and after the answer has come but before it was taken.
        if number % 3 > 0 {
            let mut context = std::task::Context::from_waker(Waker::noop());
            drop(sent.as_mut().poll(&mut context));
        }
        if number % 3 > 1 {
            store.close(ticket_of(&store, &format!("after {number}"))).await.unwrap();
        }
        drop(sent);
    }
    drop(store);
    let left = bench.left();
    let requests: BTreeSet<&str> = left.iter().map(|one| one.access.request.as_str()).collect();
    assert_eq!((left.len(), requests.len()), (121, 121));
    for one in left.iter().skip(1).filter(|one| !one.access.request.starts_with("after")) {
        let made = !one.access.touched.is_empty();
        assert_eq!(one.access.ended, if made { Ended::Answered } else { Ended::Abandoned });
        assert_eq!(one.access.status, if made { 201 } else { 200 });
    }
    assert!(left.iter().filter(|one| !one.access.touched.is_empty()).count() > 10);
    bench.verify().unwrap();
}

#[tokio::test]
async fn closing_the_store_waits_for_no_ticket() {
    let bench = Bench::new();
    let store = bench.open();
    let (early, late) = (ticket_of(&store, "early"), ticket_of(&store, "late"));
    drop(early);
    drop(store);
    drop(late);
    assert_eq!(ends(&bench.left()), [("early", Ended::Abandoned)]);
}

#[tokio::test]
async fn a_part_of_a_request_leaves_an_entry_of_its_own() {
    let bench = Bench::new();
    let store = bench.open();
    let whole = ticket_of(&store, "batch");
    for number in 0..2 {
        store.close(whole.part(number)).await.unwrap();
    }
    store.close(whole).await.unwrap();
    drop(store);
    let parts: Vec<Option<u32>> = bench.left().iter().map(|one| one.access.part).collect();
    assert_eq!(parts, [Some(0), Some(1), None]);
}

#[tokio::test]
async fn a_ticket_opens_its_own_journal_only() {
    let (here, elsewhere) = (Bench::new(), Bench::new());
    let (store, other) = (here.open(), elsewhere.open());
    let ticket = ticket_of(&other, "stray");
    let looked: Result<(), Problem> = store.read(&ticket, |_| Ok(()));
    assert_eq!(looked.unwrap_err().code(), &store::codes::NO_PERMIT);
    let refused = store.append(ticket, batch(vec![put("a", Expected::Absent)])).await.unwrap_err();
    assert_eq!(refused.problem.code(), &store::codes::NO_PERMIT);
    assert_eq!(store.close(refused.ticket).await.unwrap_err().code(), &store::codes::NO_PERMIT);
    drop((store, other));
    assert!(here.left().is_empty());
    assert_eq!(ends(&elsewhere.left()), [("stray", Ended::Abandoned)]);
}

#[tokio::test]
async fn what_is_refused_does_not_stop_others_in_the_same_commit() {
    let bench = Bench::new();
    let store = bench.open();
    let sent = (0..40).map(|number| {
        let expected = if number % 2 == 0 { Expected::Absent } else { Expected::Anything };
        store.append(ticket_of(&store, &number.to_string()), batch(vec![put("a", expected)]))
    });
    let answers = futures_util::future::join_all(sent).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 21);
    drop(answers);
    drop(store);
    assert_eq!(bench.left().len(), 40);
}

/// An access with what the indexes look at, from a number.
fn some_access(number: usize) -> (Actor, Access) {
    let patients =
        (0..number % 4).map(|step| format!("p{}", (number * 7 + step * 5) % 11)).collect::<BTreeSet<_>>();
    let device = number.is_multiple_of(5).then(|| format!("tablet{}", number % 3));
    let who = AccessWho { device, ..AccessWho::default() };
    let access = Access {
        v: 1,
        request: format!("r{number}"),
        who,
        patients: patients.into_iter().collect(),
        action: if number.is_multiple_of(101) { "delete" } else { "read" }.to_owned(),
        decided: Decided::Permitted,
        status: if number.is_multiple_of(7) { 404 } else { 200 },
        ..Access::default()
    };
    (Actor::new(ActorKind::Person, format!("a{}", number % 6)), access)
}

/// All pages of a filter, one after the other.
fn paged(desk: &Desk, filter: &AccessFilter<'_>, count: usize) -> Vec<Accessed> {
    let (mut all, mut filter) = (Vec::new(), *filter);
    loop {
        let page = accesses(desk, &filter, count);
        let full = page.len() == count;
        filter.before = page.last().map(|one| one.position);
        all.extend(page);
        if !full {
            return all;
        }
    }
}

fn fits(one: &Accessed, filter: &AccessFilter<'_>) -> bool {
    let device = one.access.who.device.as_deref();
    let names = |patient: &str| one.access.patients.iter().any(|named| named == patient);
    filter.patient.is_none_or(names)
        && filter.account.is_none_or(|account| one.actor.id == account || device == Some(account))
        && filter.deeds.is_none_or(|deeds| deeds.0(Deed::of(&one.access)))
        && filter.from.is_none_or(|from| one.time >= from)
        && filter.until.is_none_or(|until| one.time < until)
}

fn compare(desk: &Desk, model: &[Accessed]) {
    let rare = |deed: Deed<'_>| matches!(deed.action, "delete" | "export");
    let failed = |deed: Deed<'_>| deed.failed;
    let nothing = |deed: Deed<'_>| deed.action == "never";
    let late = model.iter().rev().nth(90).unwrap().time;
    for patient in [None, Some("p3"), Some("p10"), Some("p99")] {
        for account in [None, Some("a1"), Some("tablet0"), Some("nobody")] {
            for (from, until) in
                [(None, None), (None, Some(late)), (Some(late), None), (Some(late), Some(late))]
            {
                let apart = if patient.is_none() && account.is_none() { 4 } else { 2 };
                let all = [None, Some(Deeds(&failed)), Some(Deeds(&rare)), Some(Deeds(&nothing))];
                for deeds in all.into_iter().take(apart) {
                    let filter = AccessFilter { patient, account, deeds, from, until, before: None };
                    let expected: Vec<&Accessed> =
                        model.iter().rev().filter(|one| fits(one, &filter)).collect();
                    assert_eq!(paged(desk, &filter, 250).iter().collect::<Vec<_>>(), expected, "{filter:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn accesses_are_found_by_patient_account_and_time_wherever_the_index_ends() {
    let bench = Bench::new();
    let desk = Desk::at(bench.open());
    let mut model = Vec::new();
    for group in 0..32_usize {
        let numbers: Vec<usize> = (group * 50..group * 50 + 50).collect();
        desk.append(batch(vec![put(&format!("n{group}"), Expected::Absent)])).await.unwrap();
        let closed = numbers.iter().map(|number| {
            let (actor, access) = some_access(*number);
            desk.close(desk.ticket(actor, access).unwrap())
        });
        let receipts = futures_util::future::join_all(closed).await;
        model.extend(receipts.into_iter().map(|receipt| receipt.unwrap().access.unwrap()));
    }
    let model: Vec<Accessed> = model
        .iter()
        .map(|position| desk.look(|snapshot| snapshot.access(&permit(), *position)).unwrap().unwrap())
        .collect();
    for (number, one) in model.iter().enumerate() {
        assert_eq!((&one.actor, &one.access), (&some_access(number).0, &some_access(number).1));
    }
    // Those of the writes are not of the model.
    let own =
        |all: Vec<Accessed>| all.into_iter().filter(|one| one.access.request != "r-1").collect::<Vec<_>>();
    let mut newest_first = model.clone();
    newest_first.reverse();
    assert_eq!(own(paged(&desk, &AccessFilter::default(), 70)), newest_first);
    let mut with_writes = paged(&desk, &AccessFilter::default(), 70);
    with_writes.reverse();
    compare(&desk, &with_writes);
    drop(desk);
    bench.verify().unwrap();
    Store::reindex(bench.data(), &bench.facility, &bench.master, &Nothing, &|_, _| ()).unwrap();
    bench.verify().unwrap();
    let desk = Desk::at(bench.open());
    let mut again = paged(&desk, &AccessFilter::default(), 70);
    again.reverse();
    compare(&desk, &again);
}

#[tokio::test]
async fn no_record_and_no_beginning_is_an_access() {
    let bench = Bench::new();
    let desk = Desk::at(bench.open());
    desk.append(batch(vec![put("a", Expected::Absent)])).await.unwrap();
    for (position, is) in [(0, false), (1, false), (2, true), (3, false), (u64::MAX >> 1, false)] {
        let found = desk.look(|snapshot| snapshot.access(&permit(), Position(position))).unwrap();
        assert_eq!(found.is_some(), is, "{position}");
    }
}

#[tokio::test]
async fn an_access_is_proven_as_the_audit_event_that_it_is_shown_as() {
    let bench = Bench::new();
    let store = bench.open();
    let mut position = Position(0);
    for number in 0..20 {
        let (actor, access) = some_access(number);
        position = store.close(store.ticket(actor, access).unwrap()).await.unwrap().access.unwrap();
    }
    let ticket = ticket_of(&store, "proof");
    let file = store.proof_of_access(&ticket, &permit(), position).unwrap().unwrap();
    assert_eq!((file.record.as_str(), file.version), (format!("AuditEvent/{position}").as_str(), 1));
    let report = verify_proof(&file.to_bytes().unwrap(), Some(store.verifier())).unwrap();
    assert_eq!((report.position, report.contents), (Some(position), 1));
    let changed = [
        store::ProofFile { record: "AuditEvent/3".to_owned(), ..file.clone() },
        store::ProofFile { record: "Facility/sakura".to_owned(), ..file.clone() },
        store::ProofFile { version: 2, ..file.clone() },
        store::ProofFile {
            content: file.content.as_ref().map(|text| text.replace('p', "q")),
            ..file.clone()
        },
        store::ProofFile { content: None, ..file.clone() },
    ];
    for file in changed {
        assert!(verify_proof(&file.to_bytes().unwrap(), None).is_err(), "{}", file.record);
    }
    assert!(store.proof_of_access(&ticket, &permit(), Position(0)).unwrap().is_none());
}
