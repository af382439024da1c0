//! Conditional interactions: which record criteria find, what follows from it, and that it still holds when it is written
//! (FHIR R4, RESTful API, "Conditional create" and its like).
//!
//! A caller looks, decides, and writes with a guard; the store's writer looks again where nothing can come in between.
//! When the outcome is another one by then, all of it begins anew.

use crate::call::{Answer, Condition, Outcome, Problems, Query};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::links::Addresses;
use crate::write::{self, Planned, TRIES_MAX, Wish, came_between, contended};
use crate::{patch, read, reply, search};
use access::Action;
use base::{Problem, RecordKey, ResourceId};
use fhir::{Checked, Patch};
use std::sync::Arc;
use store::{Expected, Guard, Matching, Term};

/// Criteria, understood.
#[derive(Clone)]
pub(crate) struct Criteria {
    pub(crate) kind: String,
    /// As written, in one order.
    query: Query,
    all: Vec<Matching>,
}

/// What criteria find at the moment.
pub(crate) struct Sight {
    pub(crate) found: Option<RecordKey>,
    pub(crate) guard: Guard,
}

/// What is to be done to the record that criteria find.
pub(crate) enum Deed<'a> {
    Create(&'a Checked),
    Update(&'a Checked, Condition),
    Patch(&'a Patch, Condition),
    Delete(Condition),
}

impl Criteria {
    pub(crate) fn read(
        facility: &Facility,
        caller: &Caller<'_>,
        kind: &str,
        query: &Query,
    ) -> Result<Self, Problems> {
        write::known_type(kind)?;
        let all = search::criteria(facility, caller, kind, query)?;
        let mut query = query.clone();
        query.sort_unstable();
        Ok(Self { kind: kind.to_owned(), query, all })
    }

    /// Looks for the one record that is meant; more than one is a problem.
    pub(crate) fn look(&self, facility: &Facility, caller: &Caller<'_>) -> Result<Sight, Problem> {
        let (mut found, guard) = self.look_for_two(facility, caller)?;
        if found.len() > 1 {
            return Err(Problem::new(&codes::MANY).with("kind", &self.kind));
        }
        Ok(Sight { found: found.pop(), guard })
    }

    /// The first two records that fulfil the criteria, and the guard that says so.
    pub(crate) fn look_for_two(
        &self,
        facility: &Facility,
        caller: &Caller<'_>,
    ) -> Result<(Vec<RecordKey>, Guard), Problem> {
        let found = search::found(facility, caller, &self.kind, &self.all, 2)?;
        let links = Arc::new(Addresses::of(caller.base_url));
        let guard = Guard {
            kind: self.kind.clone(),
            all: self.all.clone(),
            found: found.clone(),
            links,
            judge: Some(Arc::new(caller.asking.judge_afresh())),
        };
        Ok((found, guard))
    }

    /// Whether both are written alike, whatever their order.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.query == other.query
    }

    /// Whether a record with these search rows fulfils the criteria; none when the rows alone do not tell.
    pub(crate) fn accepts(&self, terms: &[Term]) -> Option<bool> {
        let mut told = Some(true);
        for one in &self.all {
            match one.accepts(terms).filter(|_| !of_state(one)) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => told = None,
            }
        }
        told
    }
}

/// Whether a condition is on the state of a record, which the writer decides: what is going to be written does not tell it.
fn of_state(matching: &Matching) -> bool {
    let Matching::Terms { any, .. } = matching else { return false };
    any.iter().any(|one| fhir::definitions::is_of_state(one.param))
}

/// Does it, however often others come in between (up to [`TRIES_MAX`] times).
pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    criteria: &Criteria,
    deed: &Deed<'_>,
) -> Result<Answer, Problems> {
    for _ in 0..TRIES_MAX {
        match attempt(facility, caller, criteria, deed).await {
            Err(problems) if is_outdated(&problems) => {}
            done => return done,
        }
    }
    Err(contended().into())
}

async fn attempt(
    facility: &Facility,
    caller: &Caller<'_>,
    criteria: &Criteria,
    deed: &Deed<'_>,
) -> Result<Answer, Problems> {
    let sight = criteria.look(facility, caller)?;
    let plan = |key: &RecordKey, wish, expected| write::plan(facility, caller, key, wish, expected);
    let planned: Planned = match deed {
        Deed::Create(checked) => {
            if let Some(key) = sight.found {
                return existing(facility, caller, key);
            }
            let key = RecordKey::new(&criteria.kind, facility.new_id()?);
            plan(&key, Wish::Put(Action::CREATE, checked), Expected::Absent)?
        }
        Deed::Update(checked, condition) => {
            let (key, expected) =
                updated(facility, caller, criteria, &sight, Brought { checked, condition: *condition })?;
            plan(&key, Wish::Put(Action::UPDATE, checked), expected)?
        }
        Deed::Patch(patch, condition) => {
            caller.may(Action::PATCH, &criteria.kind)?;
            let key = patched(criteria, &sight, *condition)?;
            patch::plan(facility, caller, &key, patch, *condition)?
        }
        Deed::Delete(condition) => {
            let Some((key, expected)) = deleted(criteria, sight.found.as_ref(), *condition)? else {
                caller.may(Action::DELETE, &criteria.kind)?;
                return Ok(nothing_deleted());
            };
            plan(&key, Wish::Delete, expected)?
        }
    };
    let written = write::guarded(facility, caller, planned, vec![sight.guard]).await;
    written.map_err(|problem| if came_between(&problem) { outdated() } else { problem }.into())
}

/// The record that exists already, instead of a new one.
pub(crate) fn existing(facility: &Facility, caller: &Caller<'_>, key: RecordKey) -> Result<Answer, Problems> {
    let (found, permit) = read::current(facility, caller, Action::READ, &key)?;
    if found.content.is_none() {
        // Deleted since it was found.
        return Err(outdated().into());
    }
    caller.trail.touched(&key, Some(found.version.number()));
    Ok(Answer { outcome: Outcome::Existing, ..reply::from_found(key, found, &permit)? })
}

/// What an update by criteria brings.
#[derive(Clone, Copy)]
pub(crate) struct Brought<'a> {
    pub(crate) checked: &'a Checked,
    pub(crate) condition: Condition,
}

/// The record that an update by criteria writes: the one found, or a new one (under the id that the resource carries, if any).
pub(crate) fn updated(
    facility: &Facility,
    caller: &Caller<'_>,
    criteria: &Criteria,
    sight: &Sight,
    brought: Brought<'_>,
) -> Result<(RecordKey, Expected), Problems> {
    let Brought { checked, condition } = brought;
    let own = checked.id();
    match (&sight.found, own.and_then(ResourceId::parse)) {
        (Some(key), None) => Ok((key.clone(), write::expected(condition))),
        (Some(key), Some(id)) if key.id == id => Ok((key.clone(), write::expected(condition))),
        (Some(key), Some(id)) => {
            let place = format!("{}.id", key.kind);
            Err(Problem::new(&codes::FOUND_OTHER).with("record", key).with("id", id).at(place).into())
        }
        (None, id) => {
            none_of_version(criteria, condition)?;
            match id {
                None => Ok((RecordKey::new(&criteria.kind, facility.new_id()?), Expected::Absent)),
                Some(id) => free(facility, caller, RecordKey::new(&criteria.kind, id)),
            }
        }
    }
}

/// The record of this key, which must not exist.
fn free(facility: &Facility, caller: &Caller<'_>, key: RecordKey) -> Result<(RecordKey, Expected), Problems> {
    let current = caller.trail.read(facility, |snapshot| snapshot.current(&key))?;
    if current.is_some_and(|current| current.content.is_some()) {
        let place = format!("{}.id", key.kind);
        let problem = Problem::new(&codes::ID_TAKEN).with("kind", &key.kind).with("id", &key.id);
        return Err(problem.at(place).into());
    }
    Ok((key, Expected::Absent))
}

/// The record that a patch by criteria changes.
pub(crate) fn patched(
    criteria: &Criteria,
    sight: &Sight,
    condition: Condition,
) -> Result<RecordKey, Problem> {
    none_of_version(criteria, if sight.found.is_some() { Condition::Always } else { condition })?;
    let none = || Problem::new(&codes::NONE).with("kind", &criteria.kind);
    sight.found.clone().ok_or_else(none)
}

/// The record that a deletion by criteria deletes; none is fine, as it is for a deletion by id.
pub(crate) fn deleted(
    criteria: &Criteria,
    found: Option<&RecordKey>,
    condition: Condition,
) -> Result<Option<(RecordKey, Expected)>, Problem> {
    match found {
        Some(key) => Ok(Some((key.clone(), write::expected(condition)))),
        None => none_of_version(criteria, condition).map(|()| None),
    }
}

/// The answer to a deletion that finds nothing to delete.
pub(crate) fn nothing_deleted() -> Answer {
    Answer { outcome: Outcome::Deleted, ..Answer::found(Vec::new()) }
}

fn none_of_version(criteria: &Criteria, condition: Condition) -> Result<(), Problem> {
    match condition {
        Condition::Version(version) => {
            Err(Problem::new(&codes::NONE_OF_VERSION).with("kind", &criteria.kind).with("version", version))
        }
        Condition::Always | Condition::Absent => Ok(()),
    }
}

/// Whether others have come in between.
pub(crate) fn is_outdated(problems: &Problems) -> bool {
    problems.all().iter().any(|problem| problem.code() == &store::codes::OUTDATED)
}

fn outdated() -> Problem {
    Problem::new(&store::codes::OUTDATED)
}
