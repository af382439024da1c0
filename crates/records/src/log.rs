//! Files of the journal, for whoever verifies it: they tell who wrote which record when, so not everybody may fetch them.

use crate::call::{Answer, Media, Outcome, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use access::Action;
use base::Problem;

/// What is asked for is no record.
const KIND: &str = "Facility";

pub(crate) fn perform(facility: &Facility, caller: &Caller<'_>, path: &str) -> Result<Answer, Problems> {
    caller.may(Action::LOG, KIND)?;
    let file = caller.trail.with_ticket(|ticket| facility.store().log_file(ticket, path))?;
    let file = file.ok_or_else(|| Problem::new(&codes::NO_LOG_FILE))?;
    let media = Media::Log { text: file.text, immutable: file.immutable };
    Ok(Answer { outcome: Outcome::Found, stamp: None, media, body: file.bytes })
}
