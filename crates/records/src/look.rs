//! Readings in one place, for the door and for the entries of Bundles.

use crate::bundle_entry::Reading;
use crate::call::{Answer, Problems};
use crate::facility::{Caller, Facility};
use crate::{codes, everything, history, read, search, vread};
use base::{Problem, RecordKey};

/// The types that take `$everything`.
pub const EVERYTHING: [&str; 2] = ["Encounter", "Patient"];

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    reading: Reading,
    lenient: bool,
) -> Result<Answer, Problems> {
    match reading {
        Reading::Record(key, known, query) => read::perform(facility, key, known, &query),
        Reading::Version(key, version, query) => vread::perform(facility, key, version, &query),
        Reading::History(scope, query) => history::perform(facility, caller, &scope, &query),
        Reading::Search { kind, query, compartment } => {
            let within = search::Within { kind: &kind, compartment: compartment.as_ref(), lenient };
            search::perform(facility, caller, within, &query)
        }
        Reading::Everything(key, query) => {
            takes_everything(&key)?;
            everything::perform(facility, caller, &key, &query)
        }
    }
}

fn takes_everything(key: &RecordKey) -> Result<(), Problem> {
    if EVERYTHING.contains(&&*key.kind) {
        return Ok(());
    }
    Err(Problem::new(&codes::EVERYTHING).with("type", &key.kind).with("allowed", EVERYTHING.join(", ")))
}
