//! What a run has shown.

use serde_json::{Value, json};
use std::fmt;

/// Figures of a run.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Where all choices came from.
    pub seed: u64,
    /// How often the server was killed.
    pub kills: u32,
    /// Versions whose write was acknowledged.
    pub acknowledged: u64,
    /// Requests that were answered, each of which has its access entry.
    pub answered: u64,
    /// Writes without an acknowledgement of which everything was there.
    pub whole: u64,
    /// Writes without an acknowledgement of which nothing was there.
    pub absent: u64,
    /// States of versions that stand in their entries together with what tells of them.
    pub states: u64,
    /// Proofs accepted by the independent verifier.
    pub proofs: u64,
    /// The longest time from start to ready, in microseconds.
    pub start_microseconds_max: i64,
    /// What did not hold.
    pub violations: Vec<String>,
}

impl Summary {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            kills: 0,
            acknowledged: 0,
            answered: 0,
            whole: 0,
            absent: 0,
            states: 0,
            proofs: 0,
            start_microseconds_max: 0,
            violations: Vec::new(),
        }
    }

    /// For the file of evidence. `about` says what was tested: commit, profile, time.
    pub fn json(&self, about: &Value) -> Value {
        json!({
            "test": "kill -9 under load",
            "about": about,
            "seed": self.seed,
            "kills": self.kills,
            "acknowledged_versions": self.acknowledged,
            "answered_requests_looked_for_in_the_trail": self.answered,
            "unacknowledged_writes": { "whole": self.whole, "absent": self.absent },
            "states_with_what_tells_of_them": self.states,
            "proofs_verified": self.proofs,
            "start_microseconds_max": self.start_microseconds_max,
            "violations": self.violations,
        })
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} kills, {} acknowledged versions, {} answers looked for among the access entries, {} proofs verified, {} states with what tells of them, unacknowledged writes: {} whole and {} absent, \
             slowest start {} ms, {} violations, seed {}",
            self.kills,
            self.acknowledged,
            self.answered,
            self.proofs,
            self.states,
            self.whole,
            self.absent,
            self.start_microseconds_max / 1_000,
            self.violations.len(),
            self.seed
        )
    }
}
