//! One version of a record as people are told of it: who wrote it, when, what it is, why, and its content.

use super::reason::reason;
use crate::facility::Caller;
use access::Action;
use base::{Problem, RecordKey, Time};
use store::{Entry, EntryKind, Found, Snapshot, State};

/// One version of a record.
pub(crate) struct Version {
    pub(crate) number: u64,
    pub(crate) position: u64,
    pub(crate) time: Time,
    pub(crate) kind: EntryKind,
    /// Who wrote it, as the journal names them.
    pub(crate) actor: String,
    /// What it is, and who answers for it; none for records without states.
    pub(crate) state: Option<State>,
    /// Why it was corrected or taken back, where somebody had to say so and the caller may know.
    pub(crate) reason: Option<String>,
    /// None for a deletion.
    pub(crate) content: Option<Vec<u8>>,
}

/// A version with its entry, where the caller may see it.
pub(crate) fn version(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    key: &RecordKey,
    found: Found,
    entry: &[u8],
) -> Result<Option<Version>, Problem> {
    let action = caller.asking.looking(Action::HISTORY);
    let Some((permit, facts)) = caller.version(snapshot, action, key, &found)? else {
        return Ok(None);
    };
    caller.show(&permit, &facts, Some(found.version.number()));
    let entry = entry_of(&found, entry)?;
    let reason = entry.state.as_ref().map(|state| reason(snapshot, caller, state)).transpose()?.flatten();
    Ok(Some(Version {
        number: found.version.number(),
        position: found.position.0,
        time: found.time,
        kind: found.kind,
        actor: entry.actor.id,
        state: entry.state,
        reason,
        content: found.content.map(|content| content.open(&permit)).transpose()?,
    }))
}

/// The entry of a version.
pub(super) fn entry_of<'e>(found: &Found, entry: &'e [u8]) -> Result<Entry<'e>, Problem> {
    Entry::parse(entry).map_err(|what| {
        Problem::new(&store::codes::CORRUPT).with("what", format!("position {}: {what}", found.position.0))
    })
}
