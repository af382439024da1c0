//! Drafts that wait for longer than the facility lets them: counted over all records, and nothing else of them is told.

use crate::links::Addresses;
use crate::matching;
use base::{Problem, Time};
use fhir::search::Asking;
use fhir::{ResourceKind, definitions};
use store::{Search, Snapshot};

/// Drafts that have been drafts since before this are overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// All of them.
    pub final_since: Time,
    /// Those that somebody entered for another, who has to approve them.
    pub approved_since: Time,
}

/// How many drafts are overdue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    /// Drafts that should be final, whoever entered them.
    pub unfinalised: u64,
    /// Drafts that were entered for another and should be approved.
    pub unapproved: u64,
}

/// Counts by the searches that anybody can make, without a judge: the facility is asked, not a person.
///
/// # Errors
/// There are more drafts than one search looks at.
pub(super) fn overdue(snapshot: &Snapshot<'_>, deadlines: Deadlines) -> Result<Overdue, Problem> {
    let Deadlines { final_since, approved_since } = deadlines;
    let before = |moment: Time| ("record-state-since", format!("lt{moment}"));
    Ok(Overdue {
        unfinalised: drafts(snapshot, &[before(final_since)])?,
        unapproved: drafts(
            snapshot,
            &[before(approved_since), ("record-enterer:missing", "false".to_owned())],
        )?,
    })
}

/// How many drafts of all types fulfil conditions.
fn drafts(snapshot: &Snapshot<'_>, more: &[(&str, String)]) -> Result<u64, Problem> {
    let all = [("record-state", "draft".to_owned())];
    let pairs: Vec<(String, String)> =
        all.iter().chain(more).map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    // Neither a reference nor a date that depends on the present is among the conditions.
    let asking = Asking { base_url: "", now: Time::from_microseconds(0), lenient: false };
    let links = Addresses::of("");
    let kinds = definitions::STATED_TYPES.iter().filter_map(|name| definitions::resource_kind(name));
    let kinds: Vec<ResourceKind> = kinds.collect();
    let all = matching::all(fhir::search::query_of_several(&kinds, &pairs, &asking)?.all);
    let kinds = &definitions::STATED_TYPES;
    snapshot.count(&Search { kinds, all: &all, sort: &[], links: &links, judge: None, after: None, count: 0 })
}
