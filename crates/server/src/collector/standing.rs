//! How a sender stands with its collector, for facts and metrics.

use base::{Problem, Time};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How a sender stands. It says nothing about what is sent.
#[derive(Debug, Default)]
pub struct Standing {
    connected: AtomicBool,
    behind: AtomicU64,
    sent: AtomicU64,
    waiting_since: Mutex<Option<Time>>,
    problem: Mutex<Option<&'static str>>,
}

impl Standing {
    /// Whether there is a connection.
    pub fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Relaxed)
    }

    /// How many entries of the journal have come since the last that was sent; 0 once all were.
    pub fn behind(&self) -> u64 {
        self.behind.load(Ordering::Relaxed)
    }

    /// The time of the oldest access entry that is known to wait; none once all were sent.
    pub fn waiting_since(&self) -> Option<Time> {
        *self.waiting_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many messages were sent since the start, those sent twice counted twice.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The code of the last problem, while it lasts.
    pub fn last_problem(&self) -> Option<&'static str> {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same as facts.
    pub fn facts(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("audit.collector.connected", json!(self.is_connected())),
            ("audit.collector.behind", json!(self.behind())),
            ("audit.collector.sent", json!(self.sent())),
            ("audit.collector.last_error", json!(self.last_problem())),
        ]
    }

    pub(super) fn connected(&self) {
        self.connected.store(true, Ordering::Relaxed);
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn failed(&self, problem: &Problem) {
        self.connected.store(false, Ordering::Relaxed);
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem.code().id);
    }

    pub(super) fn stopped(&self) {
        self.connected.store(false, Ordering::Relaxed);
    }

    pub(super) fn count(&self, sent: usize) {
        self.sent.fetch_add(u64::try_from(sent).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn waits(&self, behind: u64, since: Option<Time>) {
        self.behind.store(behind, Ordering::Relaxed);
        *self.waiting_since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}
