//! The evidence of a facility, through its door: documents, answers, decisions, disclosures, assessments.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]
#![expect(clippy::indexing_slicing, reason = "what is not there is null")]

mod assessments;
mod bench;
mod changes;
mod disclosures;
mod documents;
mod forms;
mod guidelines;
mod people;
mod reports;
mod risks;
mod sites;
