//! `GET [type]/[id]`: the current version of a record.

use crate::call::{Answer, Outcome, Problems};
use crate::codes;
use crate::facility::Facility;
use crate::reply;
use crate::write;
use base::{Problem, RecordKey, VersionNumber};

pub(crate) fn perform(
    facility: &Facility,
    key: RecordKey,
    known: Option<VersionNumber>,
) -> Result<Answer, Problems> {
    write::known_type(&key.kind)?;
    let found = facility.store().read(|snapshot| snapshot.current(&key))?;
    let found = found.ok_or_else(|| Problem::new(&codes::ABSENT).with("record", &key))?;
    let unchanged = known == Some(found.version) && found.content.is_some();
    let answer = reply::from_found(key, found)?;
    Ok(if unchanged { Answer { outcome: Outcome::Unchanged, body: Vec::new(), ..answer } } else { answer })
}
