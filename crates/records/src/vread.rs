//! `GET [type]/[id]/_history/[vid]`: one version of a record.

use crate::call::{Answer, Problems};
use crate::codes;
use crate::facility::Facility;
use crate::reply;
use crate::shape;
use crate::write;
use base::{Problem, RecordKey, VersionNumber};

pub(crate) fn perform(
    facility: &Facility,
    key: RecordKey,
    version: VersionNumber,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    write::known_type(&key.kind)?;
    let shape = shape::of_reading(&key.kind, query)?;
    let found = facility.store().read(|snapshot| snapshot.version(&key, version))?;
    let found = found
        .ok_or_else(|| Problem::new(&codes::VERSION_ABSENT).with("record", &key).with("version", version))?;
    let answer = reply::from_found(key, found)?;
    Ok(Answer { body: shape::shaped(answer.body, shape.as_ref())?, ..answer })
}
