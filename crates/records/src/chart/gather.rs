//! What a chart is made of: the patient's record, what belongs to it, and the versions of each.

use super::{Charted, Version};
use crate::asking::SearchJudge;
use crate::codes;
use crate::compartment;
use crate::facility::Caller;
use access::Action;
use base::limits::{CHART_RECORDS_MAX, PAGE_ENTRIES_MAX};
use base::{Problem, RecordKey, ResourceId};
use fhir::Node;
use fhir::definitions;
use store::{Entry, HistoryOf, Hit, Links, Search, Snapshot, Step, TimeRange};

pub(super) struct Gathered {
    pub(super) patient: Vec<u8>,
    pub(super) records: Vec<Charted>,
}

/// Looks at one moment of the store; every record and every version is decided upon for itself.
pub(super) fn gather(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    key: &RecordKey,
    links: &dyn Links,
) -> Result<Gathered, Problem> {
    let own = snapshot.hit(key, links)?.ok_or_else(|| {
        Problem::new(&store::codes::CORRUPT).with("what", key).log("a record without its views")
    })?;
    let mut hits = vec![own];
    hits.extend(members(snapshot, caller, key, links)?.into_iter().filter(|hit| hit.key != *key));
    let (mut patient, mut records) = (Vec::new(), Vec::with_capacity(hits.len()));
    for hit in hits {
        let Some(opened) = caller.open(snapshot, Action::EVERYTHING, hit)? else { continue };
        caller.show(&opened.permit, &opened.facts, None);
        let versions = versions(snapshot, caller, &opened.key, links)?;
        if opened.key == *key {
            patient = opened.content;
        }
        records.push(Charted { key: opened.key, versions });
    }
    Ok(Gathered { patient, records })
}

/// The records of the compartment, all pages of them.
fn members(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    key: &RecordKey,
    links: &dyn Links,
) -> Result<Vec<Hit>, Problem> {
    let of = snapshot.with_merged(key)?;
    let Some(member) = compartment::membership(&of, definitions::resource_kinds(), links)? else {
        return Ok(Vec::new());
    };
    let (judge, all) = (SearchJudge(&**caller.asking), [member]);
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let search = Search {
            kind: None,
            all: &all,
            sort: &[],
            links,
            after: after.as_ref(),
            count: PAGE_ENTRIES_MAX,
            judge: Some(&judge),
        };
        let page = snapshot.search(&search)?;
        found.extend(page.hits);
        if found.len() > CHART_RECORDS_MAX {
            return Err(Problem::new(&codes::CHART_LARGE).with("limit", CHART_RECORDS_MAX));
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(found),
        }
    }
}

fn versions(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    key: &RecordKey,
    links: &dyn Links,
) -> Result<Vec<Version>, Problem> {
    let always = TimeRange { from: None, until: None };
    let steps = snapshot.history(HistoryOf::Record(key), None, always, usize::MAX)?;
    let mut versions = Vec::with_capacity(steps.len());
    for step in steps {
        versions.extend(version(snapshot, caller, step, links)?);
    }
    Ok(versions)
}

fn version(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    step: Step,
    links: &dyn Links,
) -> Result<Option<Version>, Problem> {
    let Some((permit, facts)) = caller.version(snapshot, Action::HISTORY, &step.key, &step.found)? else {
        return Ok(None);
    };
    caller.show(&permit, &facts, Some(step.found.version.number()));
    let entry = snapshot.entries_from(step.found.position, 1)?.pop().unwrap_or_default();
    let entry = Entry::parse(&entry).map_err(|what| {
        Problem::new(&store::codes::CORRUPT)
            .with("what", format!("position {}: {what}", step.found.position.0))
    })?;
    let provenance = entry.state.as_ref().and_then(|state| state.provenance.as_deref());
    let reason = provenance.map(|id| reason(snapshot, caller, id, links)).transpose()?.flatten();
    Ok(Some(Version {
        number: step.found.version.number(),
        position: step.found.position.0,
        time: step.found.time,
        kind: step.found.kind,
        actor: entry.actor.id,
        state: entry.state,
        reason,
        content: step.found.content.map(|content| content.open(&permit)).transpose()?,
    }))
}

/// The reason that a Provenance tells, where whoever looks may see it.
fn reason(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    id: &str,
    links: &dyn Links,
) -> Result<Option<String>, Problem> {
    let key = ResourceId::parse(id).map(|id| RecordKey::new("Provenance", id));
    let Some(hit) = key.map(|key| snapshot.hit(&key, links)).transpose()?.flatten() else { return Ok(None) };
    let Some(opened) = caller.open(snapshot, Action::EVERYTHING, hit)? else { return Ok(None) };
    caller.show(&opened.permit, &opened.facts, None);
    let told = fhir::json::parse(&opened.content)?;
    let first = told.get("reason").and_then(Node::as_array).and_then(<[Node]>::first);
    Ok(first.and_then(|reason| reason.get("text")).and_then(Node::as_str).map(str::to_owned))
}
