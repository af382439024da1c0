//! `PATCH [type]/[id]` and `PATCH [type]?…`: a JSON Patch applied to the current version, and the result written as the next.
//!
//! The write expects the version that was read. Where the client demands none, another version makes it begin anew.

use crate::call::{Answer, Condition, Problems, Target};
use crate::codes;
use crate::conditional::{self, Criteria, Deed};
use crate::facility::{Caller, Facility};
use crate::read;
use crate::write::{self, Planned, Wish};
use access::Action;
use base::{Problem, RecordKey, VersionNumber};
use fhir::{Checked, Node, Patch};
use store::Expected;

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    target: &Target,
    body: &[u8],
    condition: Condition,
) -> Result<Answer, Problems> {
    write::known_type(target.kind())?;
    understood(facility, caller, target, &Patch::read(body)?, condition).await
}

/// The same for a patch that was read already.
pub(crate) async fn understood(
    facility: &Facility,
    caller: &Caller<'_>,
    target: &Target,
    patch: &Patch,
    condition: Condition,
) -> Result<Answer, Problems> {
    let key = match target {
        Target::Record(key) => key,
        Target::Only { kind, criteria } => {
            let criteria = Criteria::read(facility, caller, kind, criteria)?;
            return conditional::perform(facility, caller, &criteria, &Deed::Patch(patch, condition)).await;
        }
    };
    write::write(facility, caller, || plan(facility, caller, key, patch, condition)).await
}

/// The write of what the patch makes of the current version.
pub(crate) fn plan(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    patch: &Patch,
    condition: Condition,
) -> Result<Planned, Problems> {
    let (checked, version) = applied(facility, caller, key, patch, condition)?;
    write::plan(facility, caller, key, Wish::Put(Action::PATCH, &checked), Expected::Version(version))
}

/// What the patch makes of the current version, and which version that is. A patch can ask what a record says, so it is
/// for those who may read it.
pub(crate) fn applied(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    patch: &Patch,
    condition: Condition,
) -> Result<(Checked, VersionNumber), Problems> {
    write::known_type(&key.kind)?;
    read::current(facility, caller, Action::PATCH, key)?;
    let (found, permit) = read::current(facility, caller, Action::READ, key)?;
    let Some(content) = found.content else {
        return Err(Problem::new(&codes::DELETED).with("record", key).with("version", found.version).into());
    };
    match condition {
        Condition::Version(version) if version != found.version => Err(stale(key, version, found.version)),
        _ => {
            let node = patch.apply(fhir::json::parse(&content.open(&permit)?)?)?;
            keeps_identity(&node, key)?;
            Ok((write::check(node)?, found.version))
        }
    }
}

/// The version that the client demands is not the current one.
pub(crate) fn stale(key: &RecordKey, expected: VersionNumber, current: VersionNumber) -> Problems {
    let problem = Problem::new(&store::codes::STALE).with("record", key);
    problem.with("current", current).with("expected", expected).into()
}

fn keeps_identity(node: &Node, key: &RecordKey) -> Result<(), Problem> {
    let is = |name: &str, value: &str| node.get(name).and_then(Node::as_str) == Some(value);
    let changed = [("resourceType", &*key.kind), ("id", key.id.as_str())]
        .into_iter()
        .find(|(name, value)| !is(name, value));
    match changed {
        Some((name, _)) => {
            Err(Problem::new(&codes::PATCH_IDENTITY).with("element", name).at(format!("{}.{name}", key.kind)))
        }
        None => Ok(()),
    }
}
