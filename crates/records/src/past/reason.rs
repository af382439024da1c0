//! Why a version was corrected or taken back: that stands in a Provenance, which the entry names.

use crate::facility::Caller;
use access::Action;
use base::{Problem, RecordKey, ResourceId};
use fhir::Node;
use store::{Snapshot, State, StateAct};

/// The reason in words; none where none was asked for, or where the caller may not read it.
pub(super) fn reason(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    state: &State,
) -> Result<Option<String>, Problem> {
    // Only these must be given a reason: to look for others would cost a look-up for each version.
    if !matches!(
        state.act,
        StateAct::Amend | StateAct::Withdraw | StateAct::Return | StateAct::Assign | StateAct::Lapse
    ) {
        return Ok(None);
    }
    let Some(id) = state.provenance.as_deref().and_then(ResourceId::parse) else { return Ok(None) };
    let key = RecordKey::new("Provenance", id);
    let Some(found) = snapshot.current(&key)? else { return Ok(None) };
    let Some((permit, facts)) =
        caller.version(snapshot, caller.asking.looking(Action::READ), &key, &found)?
    else {
        return Ok(None);
    };
    caller.show(&permit, &facts, Some(found.version.number()));
    let content = found.content.map(|content| content.open(&permit)).transpose()?;
    content.map_or(Ok(None), |content| said(&content))
}

fn said(provenance: &[u8]) -> Result<Option<String>, Problem> {
    let node = fhir::json::parse(provenance)?;
    let reasons = node.get("reason").and_then(Node::as_array).unwrap_or_default();
    let texts: Vec<&str> = reasons.iter().filter_map(|one| one.get("text").and_then(Node::as_str)).collect();
    Ok((!texts.is_empty()).then(|| texts.join(" / ")))
}
