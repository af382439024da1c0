//! What all writing use cases share: the checked resource, the planned change, the write and its answer.

use crate::call::{Answer, Condition, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::index::from_fhir;
use crate::look::AUDIT_EVENT;
use crate::permits::Current;
use crate::proxy::{self, Draft};
use crate::status;
use crate::{reply, ties};
use access::{Action, Permit};
use base::{Problem, RecordKey, ResourceId, VersionNumber};
use fhir::{Checked, Template};
use std::sync::Arc;
use store::{Act, Batch, Change, Effect, Expected, Guard, Is, Mark, Written};

/// Reads and checks a resource that must be of the type of the address.
pub(crate) fn checked(kind: &str, body: &[u8]) -> Result<Checked, Problems> {
    known_type(kind)?;
    of_type(kind, check(fhir::json::parse(body)?)?)
}

pub(crate) fn check(node: fhir::Node) -> Result<Checked, Problems> {
    fhir::check(node).map_err(|problems| {
        let mut problems = problems.into_iter();
        match problems.next() {
            Some(first) => Problems::new(first, problems.collect()),
            None => Problem::new(&store::codes::DATABASE).log("a check failed without a problem").into(),
        }
    })
}

pub(crate) fn of_type(kind: &str, checked: Checked) -> Result<Checked, Problems> {
    let found = checked.kind().as_str();
    if found == kind {
        return Ok(checked);
    }
    Err(Problem::new(&codes::OTHER_TYPE).with("found", found).with("expected", kind).at(found).into())
}

pub(crate) fn known_type(kind: &str) -> Result<(), Problem> {
    match fhir::definitions::resource_kind(kind) {
        Some(_) => Ok(()),
        None => Err(Problem::new(&codes::UNKNOWN_TYPE).with("type", kind)),
    }
}

/// A change that writes a version of a record, and the means to write the same bytes for the answer.
pub(crate) struct Planned {
    pub(crate) change: Change,
    /// None for a deletion.
    pub(crate) template: Option<Arc<Template>>,
    /// What is written with it, directly after.
    pub(crate) beside: Option<Change>,
}

/// What is to be written to a record.
#[derive(Clone, Copy)]
pub(crate) enum Wish<'a> {
    Put(Action, &'a Checked),
    Delete,
}

/// Thinks a write through: it is permitted both for the record as it stands and for what becomes of it, and it expects
/// the version that this was decided on.
pub(crate) fn plan(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    wish: Wish<'_>,
    expected: Expected,
) -> Result<Planned, Problems> {
    let action = match wish {
        Wish::Put(action, _) => action,
        Wish::Delete => Action::DELETE,
    };
    only_records(&key.kind)?;
    let current = caller.permit_current(facility, action, key)?;
    let expected = pinned(key, current.as_ref(), expected)?;
    let Wish::Put(_, checked) = wish else {
        let permit = match current {
            Some(current) => current.permit,
            None => caller.permit_content(facility, Action::DELETE, key, b"{}")?,
        };
        let change = Change::new(&permit, expected, Act::Delete)?;
        return Ok(Planned { change, template: None, beside: None });
    };
    // Something that is not there is created, by whichever interaction.
    let action = if current.is_some() { action } else { Action::CREATE };
    caller.trail.becomes(action);
    let template = Arc::new(checked.template(&key.id));
    let content = template.render(VersionNumber::FIRST, facility.now());
    let permit = caller.permit_content(facility, action, key, &content)?;
    let draft = Draft { key, checked, content: &content, current: current.as_ref() };
    let (mark, beside) = mark(facility, caller, draft)?;
    let mark = match mark {
        Some(mark) if progressed(facility, caller, draft)? => Some(mark.progressing()),
        mark => mark,
    };
    let planned = put(checked, (&permit, mark), expected, template)?;
    Ok(Planned { beside, ..planned })
}

/// What a write does to the state of its record, and what tells of it. To finish something by it is to finalise it, and
/// needs the permit.
fn mark(
    facility: &Facility,
    caller: &Caller<'_>,
    draft: Draft<'_>,
) -> Result<(Option<Mark>, Option<Change>), Problems> {
    let Draft { key, checked, content, .. } = draft;
    let Some(governed) = status::governed(&key.kind) else { return Ok((None, None)) };
    if let Some((mark, telling)) = proxy::entered(facility, caller, governed, draft)? {
        return Ok((Some(mark), Some(telling)));
    }
    let says = governed.said(checked.node());
    let Some(finished) = says.filter(|says| says.named && says.fits.contains(&Is::Final)) else {
        if says.is_some() {
            proxy::expect_to_finish(facility, caller, draft)?;
        }
        return Ok((Some(Mark::write(key, says, None)), None));
    };
    let permit = caller.permit_content(facility, Action::FINALIZE, key, content).map_err(|refused| {
        if !caller.asking.is_machine() {
            return refused;
        }
        let problem = Problem::new(&codes::MACHINE_FINAL).with("type", &key.kind);
        let problem = problem.with("status", finished.status).with("draft", governed.draft);
        problem.at(format!("{}.{}", key.kind, governed.element))
    })?;
    Ok((Some(Mark::write(key, says, Some(&permit))), None))
}

/// Whether a write changes nothing of a record that stands but how far the thing is that it is about. That tells what the
/// record says, so it is asked only for those who may read it; and of people only those tell it who could answer for it.
fn progressed(facility: &Facility, caller: &Caller<'_>, draft: Draft<'_>) -> Result<bool, Problems> {
    let Draft { key, content, .. } = draft;
    let Some(governed) = status::governed(&key.kind).filter(|governed| governed.goes_on()) else {
        return Ok(false);
    };
    let before = caller.trail.read(facility, |snapshot| {
        let Some(found) = snapshot.current(key)? else { return Ok(None) };
        let Some((permit, _)) = caller.version(snapshot, Action::READ, key, &found)? else { return Ok(None) };
        found.content.map(|content| content.open(&permit)).transpose()
    })?;
    let Some(before) = before else { return Ok(false) };
    let progressed = governed.only_progressed(&fhir::json::parse(&before)?, &fhir::json::parse(content)?);
    Ok(progressed && (caller.asking.is_machine() || caller.could_finalise(facility, key, content)?))
}

/// AuditEvents are written by the journal itself.
pub(crate) fn only_records(kind: &str) -> Result<(), Problem> {
    if kind == AUDIT_EVENT { Err(Problem::new(&codes::AUDIT_WRITTEN_BY_NOBODY)) } else { Ok(()) }
}

/// The change that puts a content.
pub(crate) fn put(
    checked: &Checked,
    (permit, mark): (&Permit, Option<Mark>),
    expected: Expected,
    template: Arc<Template>,
) -> Result<Planned, Problems> {
    let shared = Arc::clone(&template);
    let terms = checked.terms().into_iter().map(from_fhir).collect();
    let render = Box::new(move |version, time| shared.render(version, time));
    let change = Change::new(permit, expected, Act::Put { render, terms })?;
    let change = match mark {
        Some(mark) => change.marked(permit, mark)?,
        None => change,
    };
    Ok(Planned { change, template: Some(template), beside: None })
}

/// The version that a decision was made on, provided that it is what the client demands.
fn pinned(key: &RecordKey, current: Option<&Current>, expected: Expected) -> Result<Expected, Problem> {
    let alive = current.filter(|current| !current.deleted).map(|current| current.version);
    match (expected, alive) {
        (Expected::Anything | Expected::Absent, None) => Ok(Expected::Absent),
        (Expected::Anything, Some(version)) => Ok(Expected::Version(version)),
        (Expected::Version(version), Some(current)) if current == version => Ok(expected),
        (Expected::Version(version), Some(current)) => {
            let stale = Problem::new(&store::codes::STALE).with("record", key);
            Err(stale.with("current", current).with("expected", version))
        }
        (Expected::Version(version), None) => {
            Err(Problem::new(&store::codes::MISSING).with("record", key).with("expected", version))
        }
        (Expected::Absent, Some(current)) => {
            Err(Problem::new(&store::codes::EXISTS).with("record", key).with("current", current))
        }
    }
}

/// Writes what `plan` plans. Where others come in between, it is planned and decided upon anew.
pub(crate) async fn write(
    facility: &Facility,
    caller: &Caller<'_>,
    plan: impl Fn() -> Result<Planned, Problems>,
) -> Result<Answer, Problems> {
    let mut told = Stale::default();
    for _ in 0..TRIES_MAX {
        let planned = match plan() {
            Err(problems) if told.anew(&problems) => continue,
            planned => planned?,
        };
        match guarded(facility, caller, planned, Vec::new()).await {
            Err(problem) if came_between(&problem) => {}
            done => return Ok(done?),
        }
    }
    Err(contended().into())
}

/// What was told of a state that is not the expected one. Between two looks while something is planned others may write:
/// told anew and differently, it is looked at again; told twice alike, it is so.
#[derive(Default)]
pub(crate) struct Stale(Option<Problem>);

impl Stale {
    /// Whether these problems may be gone at another look.
    pub(crate) fn anew(&mut self, problems: &Problems) -> bool {
        let Some(first) = problems.all().first().filter(|first| came_between(first)) else { return false };
        self.0.replace(first.clone()).is_none_or(|before| before != *first)
    }
}

/// Writes one planned change and answers with what was written, provided that searches still find what they found.
pub(crate) async fn guarded(
    facility: &Facility,
    caller: &Caller<'_>,
    planned: Planned,
    guards: Vec<Guard>,
) -> Result<Answer, Problem> {
    let Planned { change, template, beside } = planned;
    let changes = std::iter::once(change).chain(beside).collect();
    let batch = Batch { guards, status, ..ties::batch(caller, changes) };
    let receipt = caller.trail.append(facility, batch).await;
    let receipt = receipt.map_err(|problem| ties::told(facility, caller, problem))?;
    reply::from_written(receipt.written.first(), template.as_deref())
}

/// The HTTP status by which a single write is answered.
fn status(written: &[Written]) -> u16 {
    match written.first().map(|written| written.effect) {
        Some(Effect::Created) => 201,
        Some(Effect::Deleted | Effect::Nothing) => 204,
        Some(Effect::Updated) | None => 200,
    }
}

/// How often a wish is thought through again because others wrote in between.
pub(crate) const TRIES_MAX: u32 = 16;

/// Whether others have written since it was decided: what the client demands was held against the state then.
pub(crate) fn came_between(problem: &Problem) -> bool {
    use store::codes::{EXISTS, MISSING, OUTDATED, STALE};
    [&STALE, &MISSING, &EXISTS, &OUTDATED].contains(&problem.code())
}

/// Others have come in between too often.
pub(crate) fn contended() -> Problem {
    Problem::new(&codes::CONTENDED).with("tries", TRIES_MAX)
}

/// The id that a resource carries, when it is one.
pub(crate) fn own_id(checked: &Checked) -> Option<ResourceId> {
    checked.id().and_then(ResourceId::parse)
}

/// A resource from which parts were left out must not replace the whole one.
pub(crate) fn whole(checked: &Checked) -> Result<(), Problem> {
    if fhir::subset::is_subset(checked.node()) {
        let place = format!("{}.meta.tag", checked.kind());
        return Err(Problem::new(&codes::SUBSETTED).at(place));
    }
    Ok(())
}

/// The id in the resource must be that of the address (FHIR R4, RESTful API, update).
pub(crate) fn same_id(checked: &Checked, key: &RecordKey) -> Result<(), Problem> {
    if checked.id() == Some(key.id.as_str()) {
        return Ok(());
    }
    let place = format!("{}.id", key.kind);
    Err(Problem::new(&codes::OTHER_ID).with("record", key).with("id", &key.id).at(place))
}

pub(crate) fn expected(condition: Condition) -> Expected {
    match condition {
        Condition::Always => Expected::Anything,
        Condition::Version(version) => Expected::Version(version),
        Condition::Absent => Expected::Absent,
    }
}
