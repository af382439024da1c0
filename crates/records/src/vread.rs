//! `GET [type]/[id]/_history/[vid]`: one version of a record.

use crate::call::{Answer, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::reply;
use crate::shape;
use crate::write;
use access::{Action, Permit};
use base::{Problem, RecordKey, VersionNumber};
use store::Found;

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    key: RecordKey,
    version: VersionNumber,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    write::known_type(&key.kind)?;
    let shape = shape::of_reading(&key.kind, query)?;
    let (found, permit) = one(facility, caller, Action::VERSION_READ, &key, version)?;
    if found.content.is_some() {
        caller.trail.touched(&key, Some(version.number()));
    }
    let answer = reply::from_found(key, found, &permit)?;
    Ok(Answer { body: shape::shaped(answer.body, shape.as_ref())?, ..answer })
}

/// One version of a record, and the permit for an action on it.
pub(crate) fn one(
    facility: &Facility,
    caller: &Caller<'_>,
    action: Action,
    key: &RecordKey,
    version: VersionNumber,
) -> Result<(Found, Permit), Problem> {
    let absent = || Problem::new(&codes::VERSION_ABSENT).with("record", key).with("version", version);
    caller.trail.read(facility, |snapshot| {
        let Some(found) = snapshot.version(key, version)? else {
            caller.may(action, &key.kind)?;
            return Err(absent());
        };
        let permit = caller.permit(snapshot, action, (key, &found), absent)?;
        Ok((found, permit))
    })
}
