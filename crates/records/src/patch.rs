//! `PATCH [type]/[id]` and `PATCH [type]?…`: a JSON Patch applied to the current version, and the result written as the next.
//!
//! The write expects the version that was read. Where the client demands none, another version makes it begin anew.

use crate::call::{Answer, Condition, Problems, Target};
use crate::codes;
use crate::conditional::{self, Criteria, Deed, TRIES_MAX};
use crate::facility::{Caller, Facility};
use crate::write::{self, Planned};
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
    for _ in 0..TRIES_MAX {
        let planned = plan(facility, key.clone(), patch, condition)?;
        let written = write::guarded(facility, caller, planned, Vec::new()).await;
        match written.map_err(|problem| Problems::from(conditional::softened(problem, condition))) {
            Err(problems) if conditional::is_outdated(&problems) => {}
            done => return done,
        }
    }
    Err(conditional::contended().into())
}

/// The write of what the patch makes of the current version.
pub(crate) fn plan(
    facility: &Facility,
    key: RecordKey,
    patch: &Patch,
    condition: Condition,
) -> Result<Planned, Problems> {
    let (checked, version) = applied(facility, &key, patch, condition)?;
    Ok(write::put(&checked, key, Expected::Version(version)))
}

/// What the patch makes of the current version, and which version that is.
pub(crate) fn applied(
    facility: &Facility,
    key: &RecordKey,
    patch: &Patch,
    condition: Condition,
) -> Result<(Checked, VersionNumber), Problems> {
    write::known_type(&key.kind)?;
    let found = facility.store().read(|snapshot| snapshot.current(key))?;
    let found = found.ok_or_else(|| Problem::new(&codes::ABSENT).with("record", key))?;
    let Some(content) = found.content else {
        return Err(Problem::new(&codes::DELETED).with("record", key).with("version", found.version).into());
    };
    match condition {
        Condition::Version(version) if version != found.version => Err(stale(key, version, found.version)),
        _ => {
            let node = patch.apply(fhir::json::parse(&content)?)?;
            keeps_identity(&node, key)?;
            Ok((write::check(node)?, found.version))
        }
    }
}

fn stale(key: &RecordKey, expected: VersionNumber, current: VersionNumber) -> Problems {
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
