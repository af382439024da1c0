//! What a caller hears when a write would join the records of two patients.
//!
//! The store finds it, and names both patients. Whoever may not read the record that was found must not learn from the
//! refusal whose it is.

use crate::codes;
use crate::facility::{Caller, Facility};
use crate::links::Addresses;
use access::Action;
use base::{Problem, RecordKey};
use std::sync::Arc;
use store::{Batch, Change};

/// A batch of changes by a caller, whose references may name the facility by its address.
pub(crate) fn batch(caller: &Caller<'_>, changes: Vec<Change>) -> Batch {
    Batch {
        links: Some(Arc::new(Addresses::of(caller.base_url))),
        ..Batch::new(caller.actor.clone(), changes)
    }
}

/// The problem as this caller may hear it. Whom it names to them is noted in the access entry.
pub(crate) fn told(facility: &Facility, caller: &Caller<'_>, problem: Problem) -> Problem {
    if ![&store::codes::MIXED, &store::codes::MOVED].contains(&problem.code()) {
        return problem;
    }
    let named: Vec<RecordKey> =
        ["one", "other"].into_iter().filter_map(|name| RecordKey::parse(problem.value(name)?)).collect();
    for key in named {
        match may_be_told(facility, caller, &key) {
            Ok(true) => {}
            Ok(false) => {
                let record = problem.value("record").unwrap_or_default();
                return Problem::new(&codes::MIXED_UNSEEN).with("record", record);
            }
            Err(problem) => return problem,
        }
    }
    problem
}

/// Whether the caller may read a record as it stands; what is not there yet is what they brought themselves.
fn may_be_told(facility: &Facility, caller: &Caller<'_>, key: &RecordKey) -> Result<bool, Problem> {
    caller.trail.read(facility, |snapshot| {
        let Some(found) = snapshot.current(key)? else { return Ok(true) };
        let Some((_, facts)) = caller.version(snapshot, Action::READ, key, &found)? else { return Ok(false) };
        caller.trail.patients(&facts.patients);
        Ok(true)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_rows_by_which_patients_are_kept_apart_have_the_names_that_the_store_looks_for() {
        assert_eq!((fhir::PATIENT, fhir::TIE), (store::PATIENT, store::TIE));
    }
}
