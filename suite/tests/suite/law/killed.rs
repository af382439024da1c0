//! A server that is killed: whatever was answered has its entry afterwards.

use super::asks::small;
use crate::command_line::Site;
use base::{SystemClock, SystemEntropy};
use records::SearchIndex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;
use store::World;
use testkit::Client;

/// Kills, each after some answers.
const KILLS: usize = 5;
/// Longest wait for those answers.
const PATIENCE: Duration = Duration::from_mins(2);

/// Reads and writes until the connection breaks; the names of what was answered.
fn ask_until_gone(client: &Client, worker: u32, answers: &Sender<String>) -> Vec<String> {
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
                // Nobody counts any more once the server is about to be killed.
                drop(answers.send(id));
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
        let (sender, answers) = channel();
        let workers: Vec<_> = (0..3)
            .map(|worker| {
                let (client, sender) = (client.again(), sender.clone());
                thread::spawn(move || ask_until_gone(&client, worker, &sender))
            })
            .collect();
        for _ in 0..20 + round * 7 {
            answers.recv_timeout(PATIENCE).expect("it answers");
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
