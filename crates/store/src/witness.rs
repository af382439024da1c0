//! The witness of a command that reads in a process of its own: the entry that another process has written for it.
//!
//! Only the process that has the data directory open can write the journal. A command beside it, such as an export, asks
//! that process first to enter what it is about to do, and then shows where that entry stands.

use crate::actor::ActorKind;
use crate::codes;
use crate::commit::number;
use crate::open::Store;
use crate::snapshot::Newest;
use access::{Action, Decided, Ended};
use base::{Position, Problem, Time};

/// How long after its entry an export may begin, in microseconds.
const FRESH_MICROSECONDS: i64 = 600 * 1_000_000;

/// The journal says that all records are being exported. Only [`Store::witness`] makes one.
#[derive(Debug)]
pub struct Witness {
    facility: String,
    position: Position,
}

impl Witness {
    /// Where the entry stands.
    pub fn position(&self) -> Position {
        self.position
    }
}

impl Store {
    /// The witness of an export whose access entry stands at this position.
    ///
    /// # Errors
    /// No entry of an export that was permitted to somebody at the server and answered stands there, or it is older than
    /// ten minutes, or of the future.
    pub fn witness(&self, position: Position, now: Time) -> Result<Witness, Problem> {
        let place = number(position.0)?;
        let found = self.look(|snapshot| snapshot.accessed(place))?;
        let fits = found.is_some_and(|one| {
            let age = now.microseconds().saturating_sub(one.time.microseconds());
            one.actor.kind == ActorKind::System
                && one.access.action == Action::EXPORT.name()
                && one.access.decided == Decided::Permitted
                && one.access.ended == Ended::Answered
                && (200..300).contains(&one.access.status)
                && (0..=FRESH_MICROSECONDS).contains(&age)
        });
        if fits {
            return Ok(Witness { facility: self.facility().to_string(), position });
        }
        Err(Problem::new(&codes::NO_WITNESS).with("position", position).log("an export without its entry"))
    }

    /// The witness of the export by which the journal was handed over, and after which nothing can be entered.
    pub(crate) fn witness_of_handover(
        &self,
        snapshot: &Newest<'_>,
        position: Position,
    ) -> Result<Witness, Problem> {
        let found = snapshot.accessed(number(position.0)?)?;
        if found.is_some_and(|one| one.access.action == Action::EXPORT.name()) {
            return Ok(Witness { facility: self.facility().to_string(), position });
        }
        Err(Problem::new(&codes::NO_WITNESS).with("position", position).log("a handover without its export"))
    }

    /// Shows the store as it is at this moment to whoever has shown that the journal says so.
    ///
    /// # Errors
    /// The witness is of another facility; or what `look` says.
    pub fn read_witnessed<T, E: From<Problem>>(
        &self,
        witness: &Witness,
        look: impl FnOnce(&Newest<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if witness.facility != self.facility().as_str() {
            return Err(Problem::new(&codes::NO_PERMIT)
                .log("a witness of another facility was shown")
                .into());
        }
        self.look(look)
    }
}
