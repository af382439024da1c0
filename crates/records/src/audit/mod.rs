//! The audit trail as others read it: access entries of the journal as FHIR AuditEvents, searched, and counted by who
//! looked at a patient.
//!
//! An AuditEvent is a view of one access entry. Its id is the place of the entry in the journal; nobody can write one.

mod agents;
mod element;
mod entities;
mod event;
mod lookers;
mod nature;
mod outcome;
mod query;
mod search;
mod treating;

pub use event::{Names, Unnamed, audit_event};
pub use lookers::{Charts, Looker, Report, Span, Treating, json as lookers_json, lookers, report};
pub use search::{Accesses, Desk, read, search};
pub use treating::{Basis, RELATED, Relation, relations};

use access::Access;
use base::{Position, Time};
use store::Actor;

/// An access entry as it was read from the journal.
#[derive(Clone, Debug)]
pub struct Accessed {
    /// Its place in the journal.
    pub position: Position,
    /// When it was written.
    pub time: Time,
    /// Who acted.
    pub actor: Actor,
    /// What it says.
    pub access: Access,
}

/// Which access entries are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Those that name this patient, by id.
    pub patient: Option<&'a str>,
    /// Those of this account.
    pub account: Option<&'a str>,
    /// First moment inside.
    pub from: Option<Time>,
    /// First moment after.
    pub until: Option<Time>,
    /// Those before this place.
    pub before: Option<Position>,
}

/// Systems of identifiers and codes that are Akashi's own.
pub mod systems {
    /// Ids of accounts who act.
    pub const ACCOUNT: &str = "urn:akashi:account";
    /// Ids of accounts that the client certificate of a connection stands for.
    pub const DEVICE: &str = "urn:akashi:device";
    /// Ids of apps.
    pub const APP: &str = "urn:akashi:app";
    /// Addresses of clients of which nothing else is known.
    pub const ADDRESS: &str = "urn:akashi:address";
    /// Ids of sessions.
    pub const SESSION: &str = "urn:akashi:session";
    /// Words of occupations.
    pub const OCCUPATION: &str = "urn:akashi:occupation";
    /// Words of duties.
    pub const DUTY: &str = "urn:akashi:duty";
    /// What a policy is called in `AuditEvent.agent.policy`, before its id.
    pub const POLICY: &str = "urn:akashi:policy:";
}
