//! `$proof`: one self-contained file that proves a version of a record.

use crate::call::{Answer, Media, Outcome, Problems};
use crate::codes;
use crate::facility::Facility;
use crate::write;
use base::{Problem, RecordKey, VersionNumber};

pub(crate) fn perform(
    facility: &Facility,
    key: &RecordKey,
    version: Option<VersionNumber>,
) -> Result<Answer, Problems> {
    write::known_type(&key.kind)?;
    let file = facility.store().proof(key, version)?;
    let file = file.ok_or_else(|| match version {
        Some(version) => Problem::new(&codes::VERSION_ABSENT).with("record", key).with("version", version),
        None => Problem::new(&codes::ABSENT).with("record", key),
    })?;
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::Proof, body: file.to_bytes()? })
}
