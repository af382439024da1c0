//! The whole record of a patient as it stood at a moment: every version of everything that belonged to it by then, what was
//! deleted, taken back or moved away among it, and what became of each since.

mod bundle;
mod console;
mod moment;
mod reason;
mod text;
mod version;

pub(crate) use bundle::bundle;
pub use console::{AtMoment, Form};
pub(crate) use moment::moment;
pub(crate) use version::{Version, version};

use crate::asking::absent;
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::links::Addresses;
use crate::write;
use access::Action;
use base::limits::CHART_RECORDS_MAX;
use base::{Position, Problem, RecordKey, Time};
use store::{EntryKind, HistoryOf, Is, Past, Snapshot, TimeRange};

/// The record of a patient, or one other record, at one moment, as far as the caller may see it.
pub(crate) struct Whole {
    /// The moment; none for the present.
    pub(crate) at: Option<Time>,
    /// Everything that belonged to it, the patient's own record first, then in the order of creation.
    pub(crate) records: Vec<Charted>,
    /// The newest signed checkpoint by then, as it stands in the journal.
    pub(crate) checkpoint: String,
}

/// One record with its versions.
pub(crate) struct Charted {
    pub(crate) key: RecordKey,
    /// Those that belong to the patient and may be shown, newest first; never empty.
    pub(crate) versions: Vec<Version>,
    /// What became of it after them.
    pub(crate) since: Option<Since>,
    /// Whether it had left the patient's record by then, so that none of them stood.
    pub(crate) left: bool,
}

/// What became of a record after the versions that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Since {
    pub(crate) fate: Fate,
    pub(crate) time: Time,
}

/// What happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was deleted.
    Deleted,
    /// It was taken back as entered in error.
    Withdrawn,
    /// It has other versions, the newest of this number.
    Changed(u64),
    /// It no longer belongs to this patient.
    Left,
}

impl Charted {
    /// The version that stands.
    pub(crate) fn newest(&self) -> Option<&Version> {
        self.versions.first()
    }

    /// What stands, or stood before the deletion.
    pub(crate) fn content(&self) -> Option<&[u8]> {
        self.versions.iter().find_map(|version| version.content.as_deref())
    }

    /// Whether the version that stands is a deletion.
    pub(crate) fn deleted(&self) -> bool {
        self.newest().is_some_and(|version| version.content.is_none())
    }
}

/// The whole record of a patient, now or as it stood at a moment. Each record is decided upon, and each of its versions.
///
/// # Errors
/// There is no such patient for the caller, or was none then; the moment is in the future; there are more records than can be
/// shown; or the store cannot be read.
pub(crate) fn whole(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    at: Option<Time>,
) -> Result<Whole, Problem> {
    let links = Addresses::of(caller.base_url);
    not_in_the_future(at, facility.now())?;
    caller.trail.read(facility, |snapshot| {
        may_see(snapshot, caller, key, at)?;
        let end = at.map(|at| snapshot.after(at)).transpose()?;
        let all = snapshot.whole(key, &links, CHART_RECORDS_MAX)?;
        let all = all.ok_or_else(|| Problem::new(&codes::CHART_LARGE).with("limit", CHART_RECORDS_MAX))?;
        let mut records = Vec::new();
        for versions in apart(all) {
            records.extend(charted(snapshot, caller, versions, end)?);
        }
        let own = records.iter().position(|record: &Charted| record.key == *key);
        let own = own.ok_or_else(|| not_yet(key, at))?;
        if let Some(records) = records.get_mut(..=own) {
            records.rotate_right(1);
        }
        Ok(Whole { at, records, checkpoint: checkpoint(snapshot, end)? })
    })
}

/// One record by itself as it stood at a moment, whatever it is of.
///
/// # Errors
/// As for [`whole`].
pub(crate) fn single(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    at: Time,
) -> Result<Whole, Problem> {
    write::known_type(&key.kind)?;
    not_in_the_future(Some(at), facility.now())?;
    caller.trail.read(facility, |snapshot| {
        let end = Some(snapshot.after(at)?);
        let always = TimeRange { from: None, until: None };
        let steps = snapshot.history(HistoryOf::Record(key), None, always, usize::MAX)?;
        if steps.is_empty() {
            return Err(absent(key));
        }
        let past = |step: store::Step| {
            let entry = snapshot.entry(step.found.position)?;
            let member = step.found.content.is_some();
            Ok(Past { step, entry, member })
        };
        let versions = steps.into_iter().rev().map(past).collect::<Result<Vec<Past>, Problem>>()?;
        let record = charted(snapshot, caller, versions, end)?;
        let record = record.ok_or_else(|| not_yet(key, Some(at)))?;
        Ok(Whole { at: Some(at), records: vec![record], checkpoint: checkpoint(snapshot, end)? })
    })
}

/// The newest signed checkpoint by the end; empty where there was none.
fn checkpoint(snapshot: &Snapshot<'_>, end: Option<Position>) -> Result<String, Problem> {
    Ok(match end {
        Some(end) => snapshot.checkpoint_before(end)?.map(|(note, _)| note).unwrap_or_default(),
        None => snapshot.newest_checkpoint()?.0,
    })
}

/// Refuses a moment that has not come yet: nothing can be said of it.
pub(crate) fn not_in_the_future(at: Option<Time>, now: Time) -> Result<(), Problem> {
    match at.filter(|at| *at > now) {
        Some(at) => {
            Err(Problem::new(&codes::AT_FUTURE).with("moment", at.in_japan()).with("now", now.in_japan()))
        }
        None => Ok(()),
    }
}

/// A record, or its patient, did not exist at a moment.
pub(crate) fn not_yet(key: &RecordKey, at: Option<Time>) -> Problem {
    match at {
        Some(at) => Problem::new(&codes::AT_BEFORE).with("record", key).with("moment", at.in_japan()),
        None => absent(key),
    }
}

fn may_see(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    key: &RecordKey,
    at: Option<Time>,
) -> Result<(), Problem> {
    let Some(found) = snapshot.current(key)? else {
        caller.may(caller.asking.looking(Action::EVERYTHING), &key.kind)?;
        return Err(absent(key));
    };
    caller.permit(snapshot, caller.asking.looking(Action::EVERYTHING), (key, &found), || absent(key))?;
    if found.content.is_none() && at.is_none() {
        return Err(Problem::new(&codes::DELETED).with("record", key).with("version", found.version));
    }
    Ok(())
}

/// The versions of each record by themselves.
fn apart(all: Vec<Past>) -> Vec<Vec<Past>> {
    let mut records: Vec<Vec<Past>> = Vec::new();
    for one in all {
        match records.last_mut() {
            Some(last) if last.last().is_some_and(|before| before.step.record == one.step.record) => {
                last.push(one);
            }
            _ => records.push(vec![one]),
        }
    }
    records
}

/// One record as far as it was the patient's by the end; none where nothing of it was, or may be shown.
fn charted(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    mut versions: Vec<Past>,
    end: Option<Position>,
) -> Result<Option<Charted>, Problem> {
    let by_then = versions.partition_point(|one| end.is_none_or(|end| one.step.found.position < end));
    let later = versions.split_off(by_then);
    let left = mark_left(&mut versions);
    let since = if left.is_some() { left } else { since(snapshot, caller, &later)? };
    let left = left.is_some();
    let Some(newest) = versions.last() else { return Ok(None) };
    let key = newest.step.key.clone();
    let action = caller.asking.looking(Action::EVERYTHING);
    if caller.version(snapshot, action, &key, &newest.step.found)?.is_none() {
        return Ok(None);
    }
    let mut shown = Vec::with_capacity(versions.len());
    for one in versions.into_iter().rev() {
        shown.extend(version(snapshot, caller, &key, one.step.found, &one.entry)?);
    }
    Ok((!shown.is_empty()).then_some(Charted { key, versions: shown, since, left }))
}

/// Leaves those versions that are the patient's, and the deletions after them. Says so when others came last.
fn mark_left(versions: &mut Vec<Past>) -> Option<Since> {
    let newest = versions.iter().rev().find(|one| one.step.found.content.is_some());
    let left = newest.filter(|one| !one.member).map(|one| one.step.found.time);
    let mut own = false;
    versions.retain(|one| {
        own = one.member || (own && one.step.found.content.is_none());
        own
    });
    left.map(|time| Since { fate: Fate::Left, time })
}

/// What the versions after the moment made of it, where the caller may know.
fn since(snapshot: &Snapshot<'_>, caller: &Caller<'_>, later: &[Past]) -> Result<Option<Since>, Problem> {
    let Some(newest) = later.last() else { return Ok(None) };
    let found = &newest.step.found;
    let action = caller.asking.looking(Action::HISTORY);
    if caller.version(snapshot, action, &newest.step.key, found)?.is_none() {
        return Ok(None);
    }
    let state = version::entry_of(found, &newest.entry)?.state.map(|state| state.is);
    let elsewhere = later.iter().any(|one| !one.member && one.step.found.content.is_some());
    let fate = match (found.kind, state) {
        _ if elsewhere => Fate::Left,
        (EntryKind::RecordDelete, _) => Fate::Deleted,
        (_, Some(Is::Withdrawn)) => Fate::Withdrawn,
        _ => Fate::Changed(found.version.number()),
    };
    Ok(Some(Since { fate, time: found.time }))
}
