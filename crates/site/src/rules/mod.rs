//! The attribute rules of cloud services: data, read once, and evaluated on the resources of a plan.
//!
//! A rule says of one attribute of one type of resource which values keep a topic of the guidelines. Every answer has
//! three values: a rule holds, is violated, or is undecided with the reason. A value known only after apply, one that the
//! plan hides, and one of a kind that the rule does not expect are undecided; a secret is never shown.

pub mod catalogue;
mod document;
mod element;
pub mod finding;
mod form;
pub mod judge;
pub mod page;
mod place;
mod presence;
pub mod remedy;
pub mod rule;
mod test;
mod wording;

pub use catalogue::Catalogue;
pub use finding::{Advice, Finding, Report};
pub use judge::{Judged, Verdict, Why};
pub use rule::{Rule, Text};
