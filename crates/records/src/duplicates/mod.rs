//! Patients who were registered twice (二重登録): found and shown, merged, parted again, said to be two people.
//!
//! What is compared and what it weighs is the matter of [`fhir::alike`]; here candidates are gathered by the keys that they
//! share, as far as whoever asks may see them, and people's decisions are written. Nothing is merged by itself.

mod gather;
mod listed;
mod matched;
mod unite;

pub(crate) use listed::perform as list;
pub(crate) use matched::perform as matches;
pub(crate) use unite::perform as unite;

use crate::codes;
use base::Problem;

/// The type that these operations are about.
pub const PATIENTS: [&str; 1] = ["Patient"];

/// Refuses an operation on another type.
fn of_patients(operation: &str, kind: &str) -> Result<(), Problem> {
    if PATIENTS.contains(&kind) {
        return Ok(());
    }
    Err(Problem::new(&codes::OF_PATIENTS).with("operation", operation).with("type", kind))
}
