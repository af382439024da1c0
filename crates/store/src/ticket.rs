//! The ticket of a request: whoever holds one will leave an access entry, whatever becomes of the request.
//!
//! A ticket is taken when a request comes, before anything is looked at. It ends in one of three ways: with the changes
//! it was handed in with, in one commit ([`Store::append`]); by itself, when nothing was written ([`Store::close`]); or
//! abandoned, when it is dropped because the caller left. Each of them writes the entry, and only one of them can happen.

use crate::actor::Actor;
use crate::change::{Batch, Receipt, Written};
use crate::codes;
use crate::open::Store;
use crate::snapshot::Snapshot;
use crate::writer::Queue;
use access::{Access, Ended, Touched};
use base::Problem;
use std::fmt;

/// The right to look and to write once, and the duty to say so in the journal.
pub struct Ticket {
    queue: Queue,
    /// None once it was handed in.
    noted: Option<Noted>,
}

/// What the entry is going to say.
#[derive(Debug)]
pub(crate) struct Noted {
    pub(crate) actor: Actor,
    pub(crate) access: Access,
}

/// Changes that were not made, with the ticket they were handed in with.
pub struct Refused {
    /// Why.
    pub problem: Problem,
    /// For another try, or for the end.
    pub ticket: Ticket,
}

impl Ticket {
    pub(crate) fn new(queue: Queue, actor: Actor, access: Access) -> Self {
        Self { queue, noted: Some(Noted { actor, access }) }
    }

    /// Adds to what the entry is going to say.
    pub fn note(&mut self, add: impl FnOnce(&mut Access)) {
        if let Some(noted) = &mut self.noted {
            add(&mut noted.access);
        }
    }

    /// Says who it is.
    pub fn name_actor(&mut self, actor: Actor) {
        if let Some(noted) = &mut self.noted {
            noted.actor = actor;
        }
    }

    /// A ticket for a part of the same request, which leaves an entry of its own.
    pub fn part(&self, number: u32) -> Self {
        let noted = self.noted.as_ref().map(|noted| Noted {
            actor: noted.actor.clone(),
            access: Access { part: Some(number), ..noted.access.clone() },
        });
        Self { queue: self.queue.clone(), noted }
    }

    pub(crate) fn take(&mut self) -> Option<Noted> {
        self.noted.take()
    }

    pub(crate) fn give_back(&mut self, noted: Noted) {
        self.noted = Some(noted);
    }
}

impl Noted {
    /// The same once more, for the case that the changes are refused.
    pub(crate) fn again(&self) -> Self {
        Self { actor: self.actor.clone(), access: self.access.clone() }
    }

    /// What was written is said in the same commit.
    pub(crate) fn written(&mut self, written: &[Written], status: u16) {
        self.access.status = status;
        self.access.touched.extend(written.iter().filter_map(|one| {
            let version = one.version?;
            Some(Touched { record: one.key.to_string(), version: Some(version.number()) })
        }));
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(mut noted) = self.noted.take() {
            noted.access.ended = Ended::Abandoned;
            self.queue.abandon(noted);
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket")
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refused({})", self.problem)
    }
}

impl From<Refused> for Problem {
    /// Gives up: the ticket is dropped, and its entry says that the request was abandoned.
    fn from(refused: Refused) -> Self {
        refused.problem
    }
}

impl Store {
    /// A ticket for a request.
    ///
    /// # Errors
    /// Nothing can be written, so nothing may be looked at either.
    pub fn ticket(&self, actor: Actor, access: Access) -> Result<Ticket, Problem> {
        if self.halted() {
            return Err(Problem::new(&codes::HALTED).log("writes are halted"));
        }
        let queue = self.writer()?.queue()?;
        Ok(Ticket::new(queue, actor, access))
    }

    /// Makes the changes of a batch, all or none, and writes the access entry of the request, in one commit. When it
    /// returns, they are durable, journaled and signed. When the changes are refused, the ticket comes back.
    pub async fn append(&self, ticket: Ticket, batch: Batch) -> Result<Receipt, Refused> {
        match self.writer() {
            Ok(writer) => writer.append(ticket, batch).await,
            Err(problem) => Err(Refused { problem, ticket }),
        }
    }

    /// Writes the access entry of a request that wrote nothing. When it returns, the entry is durable.
    ///
    /// # Errors
    /// It cannot be written: the answer must not leave.
    pub async fn close(&self, ticket: Ticket) -> Result<Receipt, Problem> {
        let batch = Batch::new(Actor::unknown(), Vec::new());
        self.writer()?.close(ticket, batch).await
    }

    /// Changes what says who may come in, and keeps notes, beside the access entry of the request.
    ///
    /// # Errors
    /// Nothing can be written.
    pub async fn append_identities(&self, batch: Batch) -> Result<Receipt, Problem> {
        if let Some(change) =
            batch.changes.iter().find(|change| !change.key.kind.starts_with(crate::IDENTITY_PREFIX))
        {
            let log = format!("a change of a {} came without a ticket", change.key.kind);
            return Err(Problem::new(&codes::NO_PERMIT).log(log));
        }
        self.writer()?.append_alone(batch).await
    }

    /// Shows the store as it is at this moment to whoever will leave an entry. Everything acknowledged before the call
    /// is in it.
    pub fn read<T, E: From<Problem>>(
        &self,
        _ticket: &Ticket,
        look: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.look(look)
    }
}
