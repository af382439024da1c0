//! A server that is killed: whatever was answered has its entry afterwards.

use super::asks::small;
use crate::command_line::Site;
use base::{SystemClock, SystemEntropy};
use records::SearchIndex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use store::World;
use testkit::Client;

/// Kills, each after some answers.
const KILLS: usize = 5;
/// Longest wait for those answers.
const PATIENCE: Duration = Duration::from_mins(2);

/// Reads and writes until the connection breaks; the names of what was answered.
fn ask_until_gone(client: &Client, worker: u32, count: &AtomicUsize) -> Vec<String> {
    let mut answered = Vec::new();
    for number in 0_u32.. {
        let id = format!("k{worker}-{number}");
        let path = format!("Patient/{id}");
        let ask = match number % 3 {
            0 => client.ask(http::Method::PUT, &path).resource(small("Patient", &id)),
            1 => client.ask(http::Method::GET, "Patient?_count=3"),
            _ => client.ask(http::Method::GET, &path),
        };
        match ask.try_send() {
            Ok(reply) => {
                count.fetch_add(1, Ordering::SeqCst);
                answered.push(reply.field("x-request-id").to_owned());
            }
            Err(_) => break,
        }
    }
    answered
}

#[test]
fn every_answer_of_a_server_that_was_killed_has_its_entry() {
    let site = Site::with_tester();
    let mut answered = Vec::new();
    for round in 0..KILLS {
        let (process, client) = site.serve();
        let count = Arc::new(AtomicUsize::new(0));
        let workers: Vec<_> = (0..3)
            .map(|worker| {
                let (client, count) = (client.again(), Arc::clone(&count));
                thread::spawn(move || ask_until_gone(&client, worker, &count))
            })
            .collect();
        let begin = Instant::now();
        while count.load(Ordering::SeqCst) < 20 + round * 7 {
            assert!(begin.elapsed() < PATIENCE, "it answers");
            thread::sleep(Duration::from_millis(1));
        }
        process.kill();
        for worker in workers {
            answered.extend(worker.join().unwrap());
        }
    }
    assert!(answered.len() > 50, "something was answered: {}", answered.len());
    site.good("verify --data data");
    let world = World {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        indexer: Arc::new(SearchIndex),
    };
    let mut entries: BTreeMap<String, usize> = BTreeMap::new();
    for one in testkit::accesses_at(&site.path("data"), "sakura", &world) {
        *entries.entry(one.access.request).or_default() += 1;
    }
    for name in &answered {
        assert_eq!(entries.get(name), Some(&1), "{name}");
    }
}
