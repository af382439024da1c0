//! Looking while writing is stopped: only at what is proven, and only if the look is noted beside the journal.
//!
//! When nothing can be written, a look leaves no entry in the journal. So that a patient's record can be read all the same,
//! [`Store::emergency_ticket`] gives a ticket whose end is a line in the emergency log (formats, section 21): a file of its
//! own, on another disk if the operator so wishes. With it nothing can be written, and nothing is shown that cannot be
//! proven against the newest checkpoint. Once the journal is written again, the writer takes the lines in.

mod log;
mod proving;
mod taken;
#[cfg(test)]
mod tests;

pub(crate) use log::EmergencyLog;
pub(crate) use proving::{Claim, Proving};
pub use taken::verify_emergency_logs;
pub(crate) use taken::{Look, folders};

use crate::actor::Actor;
use crate::codes;
use crate::open::Store;
use crate::ticket::{Noted, Ticket};
use access::Access;
use base::{Problem, Time};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is shown in an emergency, and what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// How many entries the checkpoint covers that everything shown is proven against.
    pub entries: u64,
    /// The time of the last of them.
    pub time: Time,
    /// How many records of each type were not shown because they could not be proven.
    pub unproven: BTreeMap<String, usize>,
}

/// Where the note of an emergency look goes, and what it is proven by.
#[derive(Clone, Debug)]
pub(crate) struct Emergency {
    pub(crate) log: Arc<EmergencyLog>,
    pub(crate) proving: Arc<Proving>,
}

impl Emergency {
    /// Writes the line of a look. When it returns, the line is durable.
    pub(crate) fn note(&self, noted: &Noted) -> Result<(), Problem> {
        self.log.append(&self.proving.checkpoint, noted)
    }
}

impl Store {
    /// Whether writing is stopped: by an unknown state of the disk, by those who run the system, by a clock behind the
    /// journal, or because the last attempt failed.
    pub fn stopped(&self) -> bool {
        self.halted() || self.clock_behind() || self.failing()
    }

    /// A ticket for a look while writing is stopped. It ends in a line of the emergency log and never in the journal: with
    /// it nothing is written, and nothing is shown that is not proven.
    ///
    /// # Errors
    /// Writing goes on, so that ordinary tickets are to be had; or nothing can be proven; or no line can be written
    /// (ST-0063).
    pub fn emergency_ticket(&self, actor: Actor, access: Access) -> Result<Ticket, Problem> {
        if !self.stopped() {
            return Err(Problem::new(&codes::NO_PERMIT).log("an emergency look while writing goes on"));
        }
        let log = self.emergency_log()?;
        log.ready()?;
        let proving = self.look(|snapshot| Proving::newest(snapshot, self.lineage()))?;
        let emergency = Emergency { log: Arc::clone(log), proving: Arc::new(proving) };
        Ok(Ticket::of_emergency(emergency, Box::new(Noted { actor, access })))
    }
}
