//! The ticket of a request: whoever holds one will leave an access entry, whatever becomes of the request.
//!
//! A ticket is taken when a request comes, before anything is looked at. It ends in one of three ways: with the changes
//! it was handed in with, in one commit ([`Store::append`]); by itself, when nothing was written ([`Store::close`]); or
//! abandoned, when it is dropped because the caller left. Each of them writes the entry, and only one of them can happen.

use crate::accesses::Names;
use crate::actor::Actor;
use crate::change::{Batch, Receipt, Written};
use crate::codes;
use crate::emergency::{Emergency, Proven};
use crate::open::Store;
use crate::snapshot::{Newest, Snapshot};
use crate::writer::Queue;
use access::{Access, Ended, Touched};
use base::Problem;
use std::fmt;
use std::sync::Arc;

/// The right to look and to write once, and the duty to say so in the journal.
pub struct Ticket {
    way: Way,
    /// None once it was handed in.
    noted: Option<Box<Noted>>,
}

/// Where what it owes goes.
#[derive(Clone)]
enum Way {
    /// Into the journal.
    Journal(Queue),
    /// Into the emergency log, since nothing can be written into the journal.
    Emergency(Emergency),
}

/// What the entry is going to say.
#[derive(Debug)]
pub(crate) struct Noted {
    pub(crate) actor: Actor,
    pub(crate) access: Access,
}

/// An access entry that says all it has to say: the writer only gives it a place and a time.
#[derive(Debug)]
pub(crate) struct Owed {
    pub(crate) actor: Actor,
    pub(crate) body: Vec<u8>,
    pub(crate) names: Names,
}

/// Changes that were not made, with the ticket they were handed in with.
pub struct Refused {
    /// Why.
    pub problem: Problem,
    /// For another try, or for the end.
    pub ticket: Ticket,
}

impl Ticket {
    pub(crate) fn new(queue: Queue, noted: Box<Noted>) -> Self {
        Self { way: Way::Journal(queue), noted: Some(noted) }
    }

    pub(crate) fn of_emergency(emergency: Emergency, noted: Box<Noted>) -> Self {
        Self { way: Way::Emergency(emergency), noted: Some(noted) }
    }

    /// What was proven and what was not, of a ticket for a look while writing is stopped.
    pub fn proven(&self) -> Option<Proven> {
        match &self.way {
            Way::Journal(_) => None,
            Way::Emergency(emergency) => Some(emergency.proving.standing()),
        }
    }

    /// One whose entry can no longer be written, because the writer has ended.
    pub(crate) fn spent(queue: Queue) -> Self {
        Self { way: Way::Journal(queue), noted: None }
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
    #[must_use = "a part that is dropped is abandoned"]
    pub fn part(&self, number: u32) -> Self {
        let part = |noted: &Noted| {
            let access = Access { part: Some(number), ..noted.access.clone() };
            Box::new(Noted { actor: noted.actor.clone(), access })
        };
        let noted = self.noted.as_deref().map(part);
        Self { way: self.way.clone(), noted }
    }

    pub(crate) fn take(&mut self) -> Option<Box<Noted>> {
        self.noted.take()
    }

    /// Whether it will leave an entry in the journal that this is the way to.
    ///
    /// # Errors
    /// It is of another facility, or spent.
    pub(crate) fn holds(&self, queue: &Queue) -> Result<(), Problem> {
        let Way::Journal(own) = &self.way else {
            return Err(Problem::new(&codes::HALTED).log("an emergency ticket leads to no journal"));
        };
        if !own.is(queue) {
            return Err(Problem::new(&codes::NO_PERMIT).log("a ticket of another journal was shown"));
        }
        if self.noted.is_none() {
            return Err(Problem::new(&codes::HALTED).log("the ticket's entry can no longer be written"));
        }
        Ok(())
    }
}

impl Noted {
    /// As it stands.
    pub(crate) fn owed(self) -> Result<Owed, Problem> {
        Owed::new(self.actor, &self.access)
    }

    /// With what was written in the same commit. It stays as it was, for the case that the commit is not made.
    pub(crate) fn after(&self, written: &[Written], status: u16) -> Result<Owed, Problem> {
        let actor = self.actor.clone();
        if written.is_empty() {
            return Owed::new(actor, &self.access);
        }
        let mut access = Access { status, ..self.access.clone() };
        access.touched.extend(written.iter().filter_map(|one| {
            let version = one.version?;
            Some(Touched { record: one.key.to_string(), version: Some(version.number()) })
        }));
        Owed::new(actor, &access)
    }
}

impl Owed {
    pub(crate) fn new(actor: Actor, access: &Access) -> Result<Self, Problem> {
        let body = serde_json::to_vec(access)
            .map_err(|_| Problem::new(&codes::DATABASE).log("access not written"))?;
        Ok(Self { names: Names::of(&actor, access), actor, body })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(mut noted) = self.take() {
            noted.access.ended = Ended::Abandoned;
            match &self.way {
                Way::Journal(queue) => queue.abandon(noted),
                Way::Emergency(emergency) => {
                    if let Err(problem) = emergency.note(&noted) {
                        tracing::error!(%problem, "an abandoned emergency look left no line");
                    }
                }
            }
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
        Ok(Ticket::new(self.writer()?.queue().clone(), Box::new(Noted { actor, access })))
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
    pub async fn close(&self, mut ticket: Ticket) -> Result<Receipt, Problem> {
        let Way::Emergency(emergency) = &ticket.way else { return self.writer()?.close(ticket).await };
        self.holds_emergency(&ticket, emergency)?;
        let emergency = emergency.clone();
        if let Some(noted) = ticket.take() {
            emergency.note(&noted)?;
        }
        Ok(Receipt { written: Vec::new(), access: None, size: self.size() })
    }

    /// Whether a ticket will leave a line in the emergency log of this store.
    fn holds_emergency(&self, ticket: &Ticket, emergency: &Emergency) -> Result<(), Problem> {
        if !Arc::ptr_eq(&emergency.log, self.emergency_log()?) {
            return Err(Problem::new(&codes::NO_PERMIT).log("an emergency ticket of another store was shown"));
        }
        if ticket.noted.is_none() {
            return Err(Problem::new(&codes::NO_PERMIT).log("an emergency ticket was used after its end"));
        }
        Ok(())
    }

    /// Changes what says who may come in, and keeps notes, beside the access entry of the request.
    ///
    /// # Errors
    /// Nothing can be written.
    pub async fn append_identities(&self, batch: Batch) -> Result<Receipt, Problem> {
        let of_record =
            batch.changes.iter().find(|change| !change.key.kind.starts_with(crate::IDENTITY_PREFIX));
        if let Some(change) = of_record {
            let log = format!("a change of a {} came without a ticket", change.key.kind);
            return Err(Problem::new(&codes::NO_PERMIT).log(log));
        }
        self.writer()?.append_alone(batch).await
    }

    /// Shows the store as it is at this moment to whoever will leave an entry. Everything acknowledged before the call
    /// is in it, except perhaps access entries and the checkpoints over them, for which there is [`Store::read_newest`].
    ///
    /// With a ticket a record is seen, as far as it is under seal:
    ///
    /// ```
    /// # use {access::Access, base::{Problem, RecordKey}, store::{Actor, Found, Store}};
    /// fn sealed(store: &Store, actor: Actor, asked: Access, key: &RecordKey) -> Result<Option<Found>, Problem> {
    ///     let ticket = store.ticket(actor, asked)?;
    ///     store.read(&ticket, |snapshot| snapshot.current(key))
    /// }
    /// ```
    ///
    /// Without one there is no snapshot:
    ///
    /// ```compile_fail,E0061
    /// # use {base::Problem, store::{Found, Snapshot, Store}};
    /// type Look = fn(&Snapshot<'_>) -> Result<Option<Found>, Problem>;
    /// fn sealed(store: &Store, look: Look) -> Result<Option<Found>, Problem> {
    ///     store.read(look)
    /// }
    /// ```
    ///
    /// and what is shown without one holds no records:
    ///
    /// ```compile_fail,E0599
    /// # use {base::{Problem, RecordKey}, store::{Found, Store}};
    /// fn sealed(store: &Store, key: &RecordKey) -> Result<Option<Found>, Problem> {
    ///     store.inspect(|inside| inside.current(key))
    /// }
    /// ```
    ///
    /// A ticket comes from [`Store::ticket`] and from nowhere else:
    ///
    /// ```compile_fail,E0451
    /// # use store::Ticket;
    /// fn forged() -> Ticket {
    ///     Ticket { way: unreachable!(), noted: None }
    /// }
    /// ```
    ///
    /// ```compile_fail,E0308
    /// # use store::Ticket;
    /// fn twice(ticket: &Ticket) -> Ticket {
    ///     ticket.clone()
    /// }
    /// ```
    ///
    /// # Errors
    /// The ticket is of another facility, or its entry can no longer be written; or what `look` says.
    pub fn read<T, E: From<Problem>>(
        &self,
        ticket: &Ticket,
        look: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if let Way::Emergency(emergency) = &ticket.way {
            self.holds_emergency(ticket, emergency)?;
            return self.readers().with_newest(|newest| look(&newest.proven_by(&emergency.proving)));
        }
        ticket.holds(self.writer()?.queue())?;
        self.readers().with(look)
    }

    /// The same with everything acknowledged before the call, access entries too. It costs more: caches are filled anew.
    ///
    /// # Errors
    /// As for [`Store::read`].
    pub fn read_newest<T, E: From<Problem>>(
        &self,
        ticket: &Ticket,
        look: impl FnOnce(&Newest<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        ticket.holds(self.writer()?.queue())?;
        self.look(look)
    }
}
