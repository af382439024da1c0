//! FHIR R4 as strict data: JSON with limits, checks against the definitions, references, search terms, bundles, outcomes.
//!
//! A resource is a [`json::Node`] that keeps every number as it was written. [`check`] turns it into a [`Checked`], the
//! only thing the records accept. All rules about types and elements come from one table, [`definitions`]. Pure
//! functions only: no clock, no files, no network, and no knowledge of facilities or of the journal.

pub mod alike;
pub mod bundle;
mod check;
mod checked;
mod codes;
pub mod definitions;
pub mod difference;
pub mod fhirpath;
mod fuzz;
pub mod json;
pub mod outcome;
pub mod patch;
mod place;
pub mod readable;
pub mod search;
pub mod subset;
mod template;
mod terms;

pub use bundle::{Bundle, BundleKind, Entry, Request};
pub use check::{Findings, check, check_at, validate};
pub use checked::Checked;
pub use codes::CODES;
pub use definitions::ResourceKind;
pub use fuzz::fuzz_logic;
pub use json::Node;
pub use patch::Patch;
pub use search::{Condition, Query, TimeRange};
pub use search::{referenced, references_to};
pub use subset::Shape;
pub use template::Template;
pub use terms::{
    BLOCK, MEMBER, PATIENT, REPLACED_BY, REPLACES, Standing, TERMS_EDITION, TIE, Term, since_term,
    state_terms, terms, terms_of_content,
};
