//! The law: who may do what, decided by Cedar policies; the [`Permit`] that proves a decision; and what an access entry
//! of the journal says of a request.
//!
//! A decision is made on what is touched: each record that is read, found, written or shown beside another. Nothing here
//! knows HTTP, FHIR or the disk. Deny by default: what no policy permits is refused, and what one forbids is refused
//! whatever others permit.

mod action;
pub mod codes;
mod entry;
mod law;
mod permit;
mod question;
mod scope;
mod staff;

pub use action::{Action, ActionGroup};
pub use entry::{Access, Decided, Emergency, Ended, Touched, Who as AccessWho};
pub use law::{Allowed, InForce, Law, LawFault, LawTexts, Matrix, Minds, OWN, Situation};
pub use permit::{Answerable, AuditPermit, Permit, Policies, Refusal};
pub use question::{Context, Facts, Resource, Who, WhoKind};
pub use scope::{Reach, ResourceScope, Rights, Scope, ScopeFault, ScopeFlaw, Scopes};
pub use staff::{Named, Staff};
