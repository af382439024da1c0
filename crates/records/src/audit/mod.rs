//! The audit trail as others read it: access entries of the journal as FHIR AuditEvents, searched, and counted by who
//! looked at a patient.
//!
//! An AuditEvent is a view of one access entry. Its id is the place of the entry in the journal; nobody can write one.

mod agents;
mod dicom;
mod door;
pub(crate) mod element;
mod entities;
mod event;
mod lookers;
mod nature;
mod outcome;
mod query;
mod search;
mod seen;
mod treating;
mod xml;

pub use dicom::{MESSAGE_BYTES_MAX, audit_message};
pub use door::{Following, Trailing};
pub(crate) use door::{perform, permitted_to};
pub use event::{Names, Unnamed, audit_event};
pub use lookers::{Charts, Looker, Report, Span, Treating, json as lookers_json, lookers, report};
pub(crate) use query::position;
pub use search::{Accesses, Desk, read, search};
pub use store::{AccessFilter, Accessed, Deed, Deeds};
pub use treating::{Basis, RELATED, Relation, relations};

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
