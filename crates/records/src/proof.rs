//! `$proof`: one self-contained file that proves a version of a record.

use crate::asking::absent;
use crate::audit;
use crate::call::{Answer, Media, Outcome, Problems};
use crate::facility::{Caller, Facility};
use crate::look::AUDIT_EVENT;
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
    if *key.kind == *AUDIT_EVENT {
        return of_access(facility, caller, key, version);
    }
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

/// The proof of an access entry, for whoever may read those.
fn of_access(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    version: Option<VersionNumber>,
) -> Result<Answer, Problems> {
    let permit = audit::permitted_to(caller)?;
    let place =
        audit::position(key.id.as_str()).filter(|_| version.is_none_or(|one| one == VersionNumber::FIRST));
    let file = match place {
        Some(place) => {
            caller.trail.with_ticket(|ticket| facility.store().proof_of_access(ticket, &permit, place))?
        }
        None => None,
    };
    let file = file.ok_or_else(|| absent(key))?;
    caller.trail.touched(key, Some(VersionNumber::FIRST.number()));
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::Proof, body: file.to_bytes()? })
}
