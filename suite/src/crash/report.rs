//! What a run has shown.

use super::write::Stored;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// Figures of a run.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Where all choices came from.
    pub seed: u64,
    /// How often the server was killed under load.
    pub kills: u32,
    /// How often it was killed while it finalised drafts whose deadline was over.
    pub lapse_kills: u32,
    /// What was left of imports that were killed.
    pub imports: Imports,
    /// Acts that are known to be in the journal, by their names.
    pub operations: BTreeMap<&'static str, u64>,
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

/// What was left of imports that were killed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Imports {
    /// A facility, whole.
    pub complete: u64,
    /// None, and the import was made once more.
    pub absent: u64,
}

impl Summary {
    /// Counts acts that are known to be in the journal.
    pub(crate) fn count(&mut self, stored: &[Stored]) {
        for name in stored.iter().filter_map(Stored::operation) {
            *self.operations.entry(name).or_default() += 1;
        }
    }

    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            kills: 0,
            lapse_kills: 0,
            imports: Imports::default(),
            operations: BTreeMap::new(),
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
            "kills_while_drafts_lapsed": self.lapse_kills,
            "kills_of_imports": { "complete": self.imports.complete, "absent": self.imports.absent },
            "operations": self.operations,
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
        let operations: Vec<String> =
            self.operations.iter().map(|(name, count)| format!("{name} {count}")).collect();
        write!(
            f,
            "{} kills under load, {} while drafts lapsed, {} of imports ({} left whole, {} left nothing), {} acknowledged versions, \
             {} answers looked for among the access entries, {} proofs verified, {} states and merges with what tells of them, \
             operations found: {}, unacknowledged writes: {} whole and {} absent, slowest start {} ms, {} violations, seed {}",
            self.kills,
            self.lapse_kills,
            self.imports.complete + self.imports.absent,
            self.imports.complete,
            self.imports.absent,
            self.acknowledged,
            self.answered,
            self.proofs,
            self.states,
            operations.join(", "),
            self.whole,
            self.absent,
            self.start_microseconds_max / 1_000,
            self.violations.len(),
            self.seed
        )
    }
}
