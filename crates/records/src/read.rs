//! `GET [type]/[id]`: the current version of a record.

use crate::asking::absent;
use crate::call::{Answer, Known, Outcome, Problems};
use crate::facility::{Caller, Facility};
use crate::reply;
use crate::shape;
use crate::write;
use access::{Action, Permit};
use base::{Problem, RecordKey, Time};
use store::Found;

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    key: RecordKey,
    known: Known,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    write::known_type(&key.kind)?;
    let shape = shape::of_reading(&key.kind, query)?;
    let (found, permit) = current(facility, caller, Action::READ, &key)?;
    let unchanged = found.content.is_some() && has(known, &found);
    if found.content.is_some() {
        caller.trail.touched(&key, Some(found.version.number()));
    }
    let answer = reply::from_found(key, found, &permit)?;
    if unchanged {
        return Ok(Answer { outcome: Outcome::Unchanged, body: Vec::new(), ..answer });
    }
    Ok(Answer { body: shape::shaped(answer.body, shape.as_ref())?, ..answer })
}

/// The current version of a record, and the permit for an action on it.
pub(crate) fn current(
    facility: &Facility,
    caller: &Caller<'_>,
    action: Action,
    key: &RecordKey,
) -> Result<(Found, Permit), Problem> {
    caller.trail.read(facility, |snapshot| {
        let Some(found) = snapshot.current(key)? else {
            caller.may(action, &key.kind)?;
            return Err(absent(key));
        };
        let permit = caller.permit(snapshot, action, (key, &found), || absent(key))?;
        Ok((found, permit))
    })
}

/// Whether the caller has what was found.
fn has(known: Known, found: &Found) -> bool {
    match (known.version, known.moment) {
        (Some(version), _) => version == found.version,
        (None, Some(moment)) => seconds(found.time) <= seconds(moment),
        (None, None) => false,
    }
}

/// `Last-Modified` tells whole seconds, and that is what callers send back.
fn seconds(time: Time) -> i64 {
    time.microseconds().div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Position, VersionNumber};
    use store::EntryKind;

    #[test]
    fn a_version_counts_more_than_a_moment_and_a_moment_in_whole_seconds() {
        let time = |text: &str| Time::parse(text).unwrap();
        let found = Found {
            version: VersionNumber::new(2).unwrap(),
            position: Position(7),
            time: time("2026-04-01T00:00:05.7Z"),
            kind: EntryKind::RecordUpdate,
            content: None,
        };
        let known = |version: Option<u64>, moment: Option<&str>| Known {
            version: version.and_then(VersionNumber::new),
            moment: moment.map(time),
        };
        for (known, expected) in [
            (known(None, None), false),
            (known(Some(2), None), true),
            (known(Some(1), None), false),
            (known(Some(1), Some("2026-04-02T00:00:00Z")), false),
            (known(None, Some("2026-04-01T00:00:05Z")), true),
            (known(None, Some("2026-04-01T00:00:04Z")), false),
        ] {
            assert_eq!(has(known, &found), expected, "{known:?}");
        }
    }
}
