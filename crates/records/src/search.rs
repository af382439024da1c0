//! `GET [type]?…` and `POST [type]/_search`: current records that fulfil all conditions.

use crate::call::{Answer, Media, Outcome, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::page::{Page, SHOWN_ELSEWHERE, Wanted};
use crate::reply::quoted;
use base::limits::SEARCH_TERMS_MAX;
use base::{Problem, RecordKey};
use fhir::{Filter, definitions};
use store::{Matching, Step, TermMatch, TimeRange};

/// Where is searched, and how strictly.
#[derive(Clone, Copy)]
pub(crate) struct Within<'a> {
    pub(crate) kind: &'a str,
    /// The record whose compartment is searched.
    pub(crate) compartment: Option<&'a RecordKey>,
    /// Leave out what is not known instead of refusing it.
    pub(crate) lenient: bool,
}

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    within: Within<'_>,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    let kind = within.kind;
    if within.compartment.is_some() || within.lenient {
        return Err(Problem::new(&codes::CONDITIONAL).with("what", "compartment or lenient").into());
    }
    let known = definitions::resource_kind(kind)
        .ok_or_else(|| Problem::new(&codes::UNKNOWN_TYPE).with("type", kind))?;
    within_limit(query)?;
    let mut wanted = Wanted::default();
    let mut conditions = Vec::new();
    for (name, value) in query {
        if SHOWN_ELSEWHERE.contains(&name.as_str()) || wanted.take(name, value)? {
            continue;
        }
        conditions.push(matching(fhir::search::filter(known, name, value, caller.base_url)?));
    }
    let after = wanted.cursor().map_or(0, |cursor| i64::try_from(cursor).unwrap_or(i64::MAX));
    // One more than asked for tells whether there is a next page.
    let more = wanted.count().saturating_add(1);
    let mut steps = facility.store().read(|snapshot| snapshot.search(kind, &conditions, after, more))?;
    let next = (steps.len() == more)
        .then(|| {
            steps.pop();
            steps.last().and_then(|last| u64::try_from(last.record).ok())
        })
        .flatten();
    let total = (next.is_none() && wanted.cursor().is_none()).then_some(steps.len());
    let page = Page { kind: "searchset", address: &format!("/{kind}"), query, next, total };
    let entries: Vec<Vec<u8>> = steps.into_iter().map(|step| entry(caller, step)).collect();
    let body = page.write(caller, &entries);
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::FhirJson, body })
}

/// The criteria of a conditional interaction.
pub(crate) fn criteria(
    _facility: &Facility,
    caller: &Caller<'_>,
    kind: &str,
    query: &[(String, String)],
) -> Result<Vec<Matching>, Problems> {
    let known = definitions::resource_kind(kind)
        .ok_or_else(|| Problem::new(&codes::UNKNOWN_TYPE).with("type", kind))?;
    within_limit(query)?;
    if query.is_empty() {
        return Err(Problem::new(&codes::CONDITIONAL).with("what", "no criteria").into());
    }
    let all = query
        .iter()
        .map(|(name, value)| fhir::search::filter(known, name, value, caller.base_url).map(matching));
    Ok(all.collect::<Result<_, _>>()?)
}

/// The records that fulfil criteria, at most `most`.
pub(crate) fn found(
    facility: &Facility,
    _caller: &Caller<'_>,
    kind: &str,
    all: &[Matching],
    most: usize,
) -> Result<Vec<RecordKey>, Problem> {
    let steps = facility.store().read(|snapshot| snapshot.search(kind, all, 0, most))?;
    Ok(steps.into_iter().map(|step| step.key).collect())
}

fn within_limit(query: &[(String, String)]) -> Result<(), Problem> {
    let found =
        query.iter().fold(0_usize, |found, (_, value)| found.saturating_add(value.split(',').count()));
    if found <= SEARCH_TERMS_MAX {
        return Ok(());
    }
    Err(Problem::new(&codes::TERMS).with("found", found).with("limit", SEARCH_TERMS_MAX))
}

fn matching(filter: Filter) -> Matching {
    match filter {
        Filter::Ids(ids) => Matching::Ids(ids),
        Filter::Updated(ranges) => Matching::Updated(
            ranges.into_iter().map(|range| TimeRange { from: range.from, until: range.until }).collect(),
        ),
        Filter::Terms { param, any } => {
            let any = any.into_iter().map(|one| match one {
                fhir::TermMatch::Exact(value) => TermMatch::Exact(value),
                fhir::TermMatch::Prefix(value) => TermMatch::Prefix(value),
            });
            Matching::Terms { param, any: any.collect() }
        }
    }
}

fn entry(caller: &Caller<'_>, step: Step) -> Vec<u8> {
    let full_url = quoted(&format!("{}/{}", caller.base_url, step.key));
    let mut out = format!(r#"{{"fullUrl":{full_url},"resource":"#).into_bytes();
    out.extend(step.found.content.unwrap_or_else(|| b"{}".to_vec()));
    out.extend(br#","search":{"mode":"match"}}"#);
    out
}
