//! What a facility brings forward for the guideline: documents, answers of people, what it decided not to apply,
//! disclosures of others; and the assessments that were made of it. Each is an entry of the journal.
//!
//! The engine in `guideline` decides; this room keeps what it decides on and what it decided, so that last year's answer
//! can be shown as it was.

pub mod codes;
mod command;
mod door;
mod kept;
mod register;
mod rules;
mod words;

pub use command::{
    COMMANDS, Command, DisclosureForm, Earlier, NewDocument, NewReport, OPEN_PATHS_MAX, Output,
    PICTURE_BYTES_MAX, Page, Place, ReportLanguage, SheetForm, SiteCheck, SiteFact, SiteSource, SiteThreat,
};
pub use door::{Around, Duties, Evidence, Look, Press, digest, named};
pub use kept::{Approved, Attestation, Document, KeptAssessment, Withdrawn};
pub use rules::Rules;
