//! The audit trail through the doors: for callers over the network, for whoever is at the server, and for the sender to a
//! collector outside. Each look leaves an access entry itself.

use super::search::{Desk, read, rows, search};
use super::seen::Seen;
use super::{Accessed, Span, Unnamed, lookers, lookers_json};
use crate::asking::refused;
use crate::call::{Answer, Problems, Query};
use crate::facility::{Caller, Facility};
use crate::trail::Trail;
use access::{Access, Action, AuditPermit, Context, Decided, Ended, Refusal, Who};
use base::{Position, Problem, ResourceId};
use serde_json::Value;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};
use store::{Actor, ActorKind, Batch, Newest, Note};

/// The account under which the journal names whoever is at the server.
const CONSOLE: &str = "console";

/// The account under which the journal names the sender to a collector.
const COLLECTOR: &str = "collector";

/// Where the sender keeps how far it has come.
const MARK: &str = "collector/mark";

/// What is asked of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trailing {
    /// `GET AuditEvent/[id]`.
    Event(ResourceId),
    /// `GET AuditEvent?…`.
    Events,
    /// `GET Patient/[id]/$lookers`.
    Lookers(ResourceId),
}

impl Trailing {
    fn target(&self) -> String {
        match self {
            Self::Event(id) => format!("AuditEvent/{id}"),
            Self::Events => "AuditEvent".to_owned(),
            Self::Lookers(id) => format!("Patient/{id}"),
        }
    }
}

/// Answers a caller.
pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    trailing: &Trailing,
    query: &Query,
) -> Result<Answer, Problems> {
    caller.trail.asked(Action::AUDIT, &trailing.target(), Some(query));
    let permit = permitted_to(caller)?;
    if let Trailing::Lookers(patient) = trailing {
        caller.trail.patients(&[patient.as_str().to_owned()]);
    }
    caller.trail.read_newest(facility, |snapshot| {
        let seen = Seen { snapshot, permit: &permit, base_url: caller.base_url, now: facility.now() };
        let desk = desk(&seen);
        match trailing {
            Trailing::Event(id) => read(&desk, id, query),
            Trailing::Events => search(&desk, query),
            Trailing::Lookers(patient) => lookers(&desk, &seen, patient, query),
        }
    })
}

/// The permit of a caller to read access entries.
pub(crate) fn permitted_to(caller: &Caller<'_>) -> Result<AuditPermit, Problem> {
    permitted(caller.trail, caller.asking.audit())
}

fn permitted(trail: &Trail, decided: Result<AuditPermit, Refusal>) -> Result<AuditPermit, Problem> {
    match decided {
        Ok(permit) => {
            trail.permitted(permit.policies());
            Ok(permit)
        }
        Err(refusal) => {
            trail.refused(&refusal);
            Err(refused(Action::AUDIT, "AuditEvent", &refusal))
        }
    }
}

fn desk<'a>(seen: &'a Seen<'a>) -> Desk<'a> {
    Desk { source: seen, names: &Unnamed, base_url: seen.base_url, now: seen.now }
}

impl Facility {
    /// The newest access entries that a search of AuditEvents means, as rows, for whoever is at the server.
    ///
    /// # Errors
    /// The query asks for something unknown, or nothing can be written.
    pub async fn accesses_at_the_console(&self, query: &Query, base_url: &str) -> Result<Value, Problem> {
        self.audited(&Trailing::Events, query, base_url, |desk, _| rows(desk, query)).await
    }

    /// Who looked at a patient, for whoever is at the server.
    ///
    /// # Errors
    /// There are more accesses than a report is made from, or nothing can be written.
    pub async fn lookers_at_the_console(
        &self,
        patient: &ResourceId,
        span: Span,
        base_url: &str,
    ) -> Result<Value, Problem> {
        let asked = Trailing::Lookers(patient.clone());
        self.audited(&asked, &Query::new(), base_url, |desk, seen| lookers_json(desk, seen, patient, span))
            .await
    }

    async fn audited(
        &self,
        asked: &Trailing,
        query: &Query,
        base_url: &str,
        look: impl FnOnce(&Desk<'_>, &Seen<'_>) -> Result<Value, Problem>,
    ) -> Result<Value, Problem> {
        let (trail, decided) = self.system_trail(CONSOLE, "console")?;
        trail.asked(Action::AUDIT, &asked.target(), Some(query));
        let done = permitted(&trail, decided).and_then(|permit| {
            trail.read_newest(self, |snapshot| {
                let seen = Seen { snapshot, permit: &permit, base_url, now: self.now() };
                look(&desk(&seen), &seen)
            })
        });
        trail.note(|access| match &done {
            Ok(_) => access.status = 200,
            Err(problem) => {
                access.status = fhir::outcome::status(problem.class());
                access.code = Some(problem.code().id.to_owned());
            }
        });
        trail.close(self).await?;
        done
    }

    fn system_trail(
        &self,
        account: &str,
        route: &str,
    ) -> Result<(Trail, Result<AuditPermit, Refusal>), Problem> {
        let access = Access {
            v: 1,
            request: self.new_id()?.as_str().to_owned(),
            route: route.to_owned(),
            purpose: Some("SYSADMIN".to_owned()),
            ..Access::default()
        };
        let actor = Actor::new(ActorKind::System, account);
        let trail = Trail::open(self, actor, access)?;
        let decided = self.law().audit(&Who::system(self.id().as_str(), account), &Context::default());
        Ok((trail, decided))
    }

    /// Begins to follow the journal, for a sender to a collector outside. One access entry stands for all that it reads
    /// until it ends; if each look left one, each would be sent and cause the next.
    ///
    /// # Errors
    /// The law does not permit it, or nothing can be written.
    pub fn follow(&self) -> Result<Following, Problem> {
        let (trail, decided) = self.system_trail(COLLECTOR, "collector")?;
        trail.asked(Action::AUDIT, "AuditEvent", None);
        let permit = permitted(&trail, decided)?;
        Ok(Following { facility: self.clone(), trail, permit, empty: Mutex::new(0..0) })
    }
}

/// Whoever follows the journal entry by entry.
#[derive(Debug)]
pub struct Following {
    facility: Facility,
    trail: Trail,
    permit: AuditPermit,
    /// Where no access entry stands, at the end of the journal as it was: not looked through again at each look.
    empty: Mutex<Range<u64>>,
}

impl Following {
    /// At most `count` access entries after a place, in the order of the journal; fewer when there are no more.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn after(&self, place: Option<Position>, count: usize) -> Result<Vec<Accessed>, Problem> {
        let first = place.map_or(0, |place| place.0.saturating_add(1));
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = if empty.contains(&first) { empty.end } else { first };
        let mut found = Vec::new();
        self.trail.read_newest(&self.facility, |snapshot| {
            let end = size(snapshot)?;
            while found.len() < count && next < end {
                found.extend(snapshot.access(&self.permit, Position(next))?);
                next = next.saturating_add(1);
            }
            Ok::<_, Problem>(())
        })?;
        if found.is_empty() {
            *empty = first..next;
        }
        Ok(found)
    }

    /// How many entries of the journal stand after a place.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn behind(&self, place: Option<Position>) -> Result<u64, Problem> {
        let size = self.trail.read_newest(&self.facility, size)?;
        Ok(size.saturating_sub(place.map_or(0, |place| place.0.saturating_add(1))))
    }

    /// The mark that was kept last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mark(&self) -> Result<Option<Position>, Problem> {
        let notes = self.facility.store().inspect(|inside| inside.notes(MARK))?;
        let place = notes.iter().find(|(name, _)| name == MARK).and_then(|(_, text)| text.parse().ok());
        Ok(place.map(Position))
    }

    /// Keeps the mark beside the journal.
    ///
    /// # Errors
    /// Nothing can be written.
    pub async fn keep(&self, mark: Position) -> Result<(), Problem> {
        let actor = Actor::new(ActorKind::System, COLLECTOR);
        let note = Note { name: MARK.to_owned(), text: Some(mark.to_string()) };
        let batch = Batch { notes: vec![note], ..Batch::new(actor, Vec::new()) };
        self.facility.store().append_identities(batch).await.map(|_| ())
    }

    /// Ends it: the access entry is durable when this returns.
    ///
    /// # Errors
    /// Nothing can be written.
    pub async fn end(&self) -> Result<(), Problem> {
        self.trail.note(|access| {
            access.status = 200;
            access.ended = Ended::Answered;
            access.decided = Decided::Permitted;
        });
        self.trail.close(&self.facility).await.map(|_| ())
    }
}

/// How many entries the newest signed checkpoint speaks of: its second line.
fn size(snapshot: &Newest<'_>) -> Result<u64, Problem> {
    let (checkpoint, _) = snapshot.newest_checkpoint()?;
    Ok(checkpoint.lines().nth(1).and_then(|line| line.parse().ok()).unwrap_or_default())
}
