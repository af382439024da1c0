//! How a sender stands with its collector, for facts and metrics.

use base::Problem;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How a sender stands. It says nothing about what is sent.
#[derive(Debug, Default)]
pub struct Standing {
    connected: AtomicBool,
    behind: AtomicU64,
    sent: AtomicU64,
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
            ("collector.connected", json!(self.is_connected())),
            ("collector.behind", json!(self.behind())),
            ("collector.sent", json!(self.sent())),
            ("collector.problem", json!(self.last_problem())),
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

    pub(super) fn count(&self, sent: usize, behind: u64) {
        self.sent.fetch_add(u64::try_from(sent).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.behind.store(behind, Ordering::Relaxed);
    }

    pub(super) fn is_behind(&self, behind: u64) {
        self.behind.store(behind, Ordering::Relaxed);
    }
}
