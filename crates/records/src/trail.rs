//! The trail of a request: the ticket it holds, and what its access entry is going to say.

use crate::facility::Facility;
use access::{Access, Action, Decided, Policies, Refusal, Touched};
use base::{Position, Problem, RecordKey};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::{Actor, Batch, Newest, Proven, Receipt, Snapshot, Ticket};

/// What a request leaves in the journal, whatever becomes of it. Dropped before its end, it says that the request was
/// abandoned.
#[derive(Debug)]
pub struct Trail {
    /// None once it was handed in.
    ticket: Mutex<Option<Ticket>>,
    access: Mutex<Access>,
    /// Patients for whom the glass is broken, each with the id of the breaking.
    glasses: Mutex<Vec<(String, String)>>,
}

impl Trail {
    /// Begins a trail: from here on there will be an entry.
    ///
    /// # Errors
    /// Nothing can be written, so nothing may be looked at either.
    pub fn open(facility: &Facility, actor: Actor, access: Access) -> Result<Self, Problem> {
        let ticket = facility.store().ticket(actor, Access::default())?;
        Ok(Self::of(Some(ticket), access, Vec::new()))
    }

    /// Begins a trail while writing is stopped: from here on there will be a line in the emergency log. With it only what is
    /// proven is seen, and nothing is written.
    ///
    /// # Errors
    /// Writing goes on; or nothing can be proven, or no line can be written, so nothing may be looked at.
    pub fn open_in_emergency(facility: &Facility, actor: Actor, access: Access) -> Result<Self, Problem> {
        let ticket = facility.store().emergency_ticket(actor, Access::default())?;
        Ok(Self::of(Some(ticket), access, Vec::new()))
    }

    /// What was proven and what was not, of a trail that was begun while writing is stopped.
    pub fn proven(&self) -> Option<Proven> {
        self.ticket().as_ref().and_then(Ticket::proven)
    }

    fn of(ticket: Option<Ticket>, access: Access, glasses: Vec<(String, String)>) -> Self {
        Self { ticket: Mutex::new(ticket), access: Mutex::new(access), glasses: Mutex::new(glasses) }
    }

    /// Says for which patients the glass is broken: the entry names the breaking where one of them is touched.
    pub fn broken(&self, glasses: &[(String, String)]) {
        glasses.clone_into(&mut self.glasses.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// A trail that leaves nothing, for a request that reaches no journal. With it nothing can be looked at.
    pub fn nowhere() -> Self {
        Self::of(None, Access::default(), Vec::new())
    }

    /// Adds to what the entry is going to say.
    pub fn note(&self, add: impl FnOnce(&mut Access)) {
        add(&mut self.access());
    }

    /// Says who it is.
    pub fn name_actor(&self, actor: &Actor) {
        if let Some(ticket) = &mut *self.ticket() {
            ticket.name_actor(actor.clone());
        }
    }

    /// Whether the entry is still to be written.
    pub fn is_open(&self) -> bool {
        self.ticket().is_some()
    }

    /// Ends the trail, and says where its entry stands. When it returns, the entry is durable; where it went with a write, it
    /// is so already, and no place is told.
    ///
    /// # Errors
    /// The entry cannot be written: the answer must not leave.
    pub async fn close(&self, facility: &Facility) -> Result<Option<Position>, Problem> {
        let Some(ticket) = self.take() else { return Ok(None) };
        Ok(facility.store().close(ticket).await?.access)
    }

    /// The trail of a part of the same request, with an entry of its own.
    pub(crate) fn part(&self, number: usize) -> Result<Self, Problem> {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let ticket = self.ticket().as_ref().map(|ticket| ticket.part(number)).ok_or_else(handed_in)?;
        let access = Access {
            part: Some(number),
            action: String::new(),
            target: String::new(),
            query: None,
            touched: Vec::new(),
            patients: Vec::new(),
            policies: Vec::new(),
            decided: Decided::Not,
            ..self.access().clone()
        };
        Ok(Self::of(Some(ticket), access, self.glasses().clone()))
    }

    /// Looks at the store, as long as there will be an entry that says so.
    pub(crate) fn read<T, E: From<Problem>>(
        &self,
        facility: &Facility,
        look: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let ticket = self.ticket();
        let ticket = ticket.as_ref().ok_or_else(handed_in)?;
        facility.store().read(ticket, look)
    }

    /// The same with all access entries that are there.
    pub(crate) fn read_newest<T, E: From<Problem>>(
        &self,
        facility: &Facility,
        look: impl FnOnce(&Newest<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let ticket = self.ticket();
        let ticket = ticket.as_ref().ok_or_else(handed_in)?;
        facility.store().read_newest(ticket, look)
    }

    /// With the ticket, as long as there is one.
    pub(crate) fn with_ticket<T>(
        &self,
        look: impl FnOnce(&Ticket) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.ticket().as_ref().ok_or_else(handed_in).and_then(look)
    }

    /// Writes a batch with the entry. When the batch is refused, the trail goes on.
    pub(crate) async fn append(&self, facility: &Facility, batch: Batch) -> Result<Receipt, Problem> {
        let ticket = self.take().ok_or_else(handed_in)?;
        match facility.store().append(ticket, batch).await {
            Ok(receipt) => Ok(receipt),
            Err(store::Refused { problem, ticket }) => {
                *self.ticket() = Some(ticket);
                Err(problem)
            }
        }
    }

    /// What is asked for.
    pub(crate) fn asked(&self, action: Action, target: &str, query: Option<&[(String, String)]>) {
        self.note(|access| {
            action.name().clone_into(&mut access.action);
            target.clone_into(&mut access.target);
            access.query = query.filter(|query| !query.is_empty()).map(written);
        });
    }

    /// What an interaction turned out to be; a Bundle stays one.
    pub(crate) fn becomes(&self, action: Action) {
        self.note(|access| {
            if access.action != Action::BUNDLE.name() {
                action.name().clone_into(&mut access.action);
            }
        });
    }

    /// What the law said of something that is no record.
    pub fn decided(&self, action: Action, decided: &Result<Policies, Refusal>) {
        self.note(|access| action.name().clone_into(&mut access.action));
        match decided {
            Ok(policies) => self.permitted(policies),
            Err(refusal) => self.refused(refusal),
        }
    }

    /// What the law said of something.
    pub(crate) fn permitted(&self, policies: &Policies) {
        self.note(|access| {
            if access.decided == Decided::Not {
                access.decided = Decided::Permitted;
            }
            add(&mut access.policies, policies.iter());
        });
    }

    /// What the law said of the whole.
    pub(crate) fn refused(&self, refusal: &Refusal) {
        self.note(|access| {
            access.decided = Decided::Refused;
            access.policies.clear();
            add(&mut access.policies, refusal.policies.iter());
        });
    }

    /// A record that is going to be shown.
    pub(crate) fn touched(&self, key: &RecordKey, version: Option<u64>) {
        self.note(|access| access.touched.push(Touched { record: key.to_string(), version }));
    }

    /// Patients whose records are touched.
    pub(crate) fn patients(&self, patients: &[String]) {
        self.note(|access| add(&mut access.patients, patients.iter()));
    }

    /// The ticket with all that is known.
    fn take(&self) -> Option<Ticket> {
        let mut ticket = self.ticket().take()?;
        let mut known = self.access().clone();
        let rests_on = |(patient, _): &&(String, String)| known.patients.contains(patient);
        known.break_glass = self.glasses().iter().find(rests_on).map(|(_, glass)| glass.clone());
        ticket.note(|access| *access = known);
        Some(ticket)
    }

    fn glasses(&self) -> MutexGuard<'_, Vec<(String, String)>> {
        self.glasses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ticket(&self) -> MutexGuard<'_, Option<Ticket>> {
        self.ticket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn access(&self) -> MutexGuard<'_, Access> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Trail {
    /// What is known when a request is abandoned stands in its entry.
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// A query as it is written in an address.
fn written(query: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish()
}

/// Adds what is not there yet, in order.
fn add<'a>(all: &mut Vec<String>, more: impl Iterator<Item = &'a String>) {
    for one in more {
        if let Err(place) = all.binary_search(one) {
            all.insert(place, one.clone());
        }
    }
}

fn handed_in() -> Problem {
    Problem::new(&store::codes::NO_PERMIT).log("a look came after the entry was written")
}
