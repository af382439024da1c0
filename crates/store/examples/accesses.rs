//! What an access entry costs: `cargo run --release -p store --example accesses [COUNT] [AT ONCE]`.
//!
//! Closes tickets like those of reads, some at once, and prints the time of the wall and of the processors for each.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement ends at the first fault and prints"
)]

use access::{Access, AccessWho, Decided, Touched};
use base::{Clock, FacilityId, Problem, SystemClock, SystemEntropy};
use seal::MasterKey;
use std::sync::Arc;
use store::{Actor, ActorKind, Indexer, Store, Term, World};

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

/// The access of a read as the server tells it.
fn read(number: u64) -> Access {
    let id = number % 5_000;
    Access {
        v: 1,
        request: format!("01J9Z3{number:020}"),
        route: "GET /f/{facility}/fhir/{type}/{id}".to_owned(),
        action: "read".to_owned(),
        who: AccessWho {
            occupation: Some("nurse".to_owned()),
            session: Some("0123456789abcdef0123456789abcdef".to_owned()),
            factors: vec!["password".to_owned(), "totp".to_owned(), "certificate".to_owned()],
            device: Some("tablet-3".to_owned()),
            address: Some("192.0.2.17".to_owned()),
            zone: Some("ward".to_owned()),
            ..AccessWho::default()
        },
        target: format!("Patient/p{id}"),
        touched: vec![Touched { record: format!("Patient/p{id}"), version: Some(3) }],
        patients: vec![format!("p{id}")],
        purpose: Some("TREAT".to_owned()),
        decided: Decided::Permitted,
        policies: vec!["care-reads-records".to_owned()],
        status: 200,
        ..Access::default()
    }
}

/// User and system time of this process in microseconds.
fn processor() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let numbers: Vec<i64> =
        stat.rsplit(')').next().unwrap().split_whitespace().filter_map(|word| word.parse().ok()).collect();
    // utime and stime are fields 14 and 15; the state before them is no number. A tick is a hundredth of a second.
    u64::try_from(numbers.iter().skip(10).take(2).sum::<i64>() * 10_000).unwrap()
}

async fn closed(store: &Store, count: u64, at_once: u64) -> (u64, u64) {
    let (began, used) = (SystemClock.now(), processor());
    let workers = (0..at_once).map(|worker| async move {
        for number in (worker..count).step_by(usize::try_from(at_once).unwrap()) {
            let ticket = store.ticket(Actor::new(ActorKind::Person, "nurse.sato"), read(number)).unwrap();
            store.close(ticket).await.unwrap();
        }
    });
    futures_util::future::join_all(workers).await;
    let wall = SystemClock.now().microseconds() - began.microseconds();
    (u64::try_from(wall).unwrap(), processor() - used)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>().unwrap());
    let (count, at_once) = (arguments.next().unwrap_or(100_000), arguments.next().unwrap_or(64));
    let folder = tempfile::tempdir().unwrap();
    let entropy = Arc::new(SystemEntropy);
    let master = MasterKey::generate(&*entropy).unwrap();
    let world = World { clock: Arc::new(SystemClock), entropy, indexer: Arc::new(Nothing) };
    let facility = FacilityId::parse("sakura").unwrap();
    Store::create(folder.path(), &facility, &master, &world).unwrap();
    let store = Store::open(folder.path(), &facility, &master, &world).unwrap();
    for (count, at_once) in [(count / 50, 1), (count, at_once), (count, at_once)] {
        let (wall, used) = closed(&store, count, at_once).await;
        let each = |total: u64| format!("{}.{:02}", total / count, total % count * 100 / count);
        println!(
            "{count} accesses, {at_once} at once: {} us wall, {} us processor each",
            each(wall),
            each(used)
        );
    }
    drop(store);
    let bytes = std::fs::metadata(store::folder(folder.path(), &facility).join("journal.db")).unwrap().len();
    println!("journal: {} bytes for each access", bytes / (count * 2 + count / 50));
}
