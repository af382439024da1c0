//! `$proof`: one self-contained file that proves a version of a record.

use crate::asking::absent;
use crate::call::{Answer, Media, Outcome, Problems};
use crate::facility::{Caller, Facility};
use crate::{read, vread, write};
use access::Action;
use base::{RecordKey, VersionNumber};

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    version: Option<VersionNumber>,
) -> Result<Answer, Problems> {
    write::known_type(&key.kind)?;
    let (found, permit) = match version {
        Some(version) => vread::one(facility, caller, Action::PROOF, key, version)?,
        None => read::current(facility, caller, Action::PROOF, key)?,
    };
    caller.trail.touched(key, Some(found.version.number()));
    let version = Some(found.version);
    let file = caller.trail.with_ticket(|ticket| facility.store().proof(ticket, &permit, version))?;
    let file = file.ok_or_else(|| absent(key))?;
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::Proof, body: file.to_bytes()? })
}
