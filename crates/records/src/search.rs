//! `GET [type]?…` and `POST [type]/_search`: current records that fulfil all conditions.

use crate::call::{Answer, Media, Outcome, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::page::{Page, SHOWN_ELSEWHERE, Wanted};
use crate::reply::quoted;
use base::Problem;
use base::limits::SEARCH_TERMS_MAX;
use fhir::{Filter, definitions};
use store::{Matching, Step, TermMatch, TimeRange};

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    kind: &str,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
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
