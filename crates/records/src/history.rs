//! `_history` of a record, of a type, of the facility: versions, newest first.

use crate::call::{Answer, HistoryScope, Media, Outcome, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::page::{Page, SHOWN_ELSEWHERE, Wanted, cursor};
use crate::reply::quoted;
use crate::write;
use base::{Position, Problem, Time};
use store::{EntryKind, HistoryOf, Step, TimeRange};

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    scope: &HistoryScope,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    let (of, address) = match scope {
        HistoryScope::Record(key) => (HistoryOf::Record(key), format!("/{key}/_history")),
        HistoryScope::Kind(kind) => (HistoryOf::Kind(kind), format!("/{kind}/_history")),
        HistoryScope::Facility => (HistoryOf::Facility, "/_history".to_owned()),
    };
    check_scope(facility, scope)?;
    let (wanted, since) = read_query(query)?;
    let more = wanted.count().saturating_add(1);
    let times = TimeRange { from: since, until: None };
    let before = wanted.cursor().map(Position);
    let mut steps = facility.store().read(|snapshot| snapshot.history(of, before, times, more))?;
    let next = (steps.len() == more)
        .then(|| {
            steps.pop();
            steps.last().map(|last| last.found.position.0)
        })
        .flatten();
    let total = (next.is_none() && before.is_none()).then_some(steps.len());
    let next = next.map(cursor);
    let total = total.and_then(|total| u64::try_from(total).ok());
    let page = Page { kind: "history", address: &address, query, next, total };
    let entries: Vec<Vec<u8>> = steps.into_iter().map(|step| entry(caller, step)).collect();
    let body = page.write(caller, &entries);
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::FhirJson, body })
}

fn check_scope(facility: &Facility, scope: &HistoryScope) -> Result<(), Problems> {
    match scope {
        HistoryScope::Facility => Ok(()),
        HistoryScope::Kind(kind) => Ok(write::known_type(kind)?),
        HistoryScope::Record(key) => {
            write::known_type(&key.kind)?;
            let exists = facility.store().read(|snapshot| snapshot.current(key))?.is_some();
            if exists { Ok(()) } else { Err(Problem::new(&codes::ABSENT).with("record", key).into()) }
        }
    }
}

fn read_query(query: &[(String, String)]) -> Result<(Wanted, Option<Time>), Problem> {
    let mut wanted = Wanted::default();
    let mut since = None;
    for (name, value) in query {
        if SHOWN_ELSEWHERE.contains(&name.as_str()) || wanted.take(name, value)? {
            continue;
        }
        if name != "_since" {
            return Err(Problem::new(&codes::HISTORY_PARAMETER).with("name", name));
        }
        let moment = Time::parse(value)
            .ok_or_else(|| Problem::new(&codes::MOMENT).with("name", name).with("value", value))?;
        if since.replace(moment).is_some() {
            return Err(Problem::new(&codes::REPEATED).with("name", name));
        }
    }
    Ok((wanted, since))
}

fn entry(caller: &Caller<'_>, step: Step) -> Vec<u8> {
    let (method, status) = match step.found.kind {
        EntryKind::RecordCreate => ("PUT", "201 Created"),
        EntryKind::RecordDelete => ("DELETE", "204 No Content"),
        EntryKind::RecordUpdate | EntryKind::JournalOpen => ("PUT", "200 OK"),
    };
    let full_url = quoted(&format!("{}/{}", caller.base_url, step.key));
    let mut out = format!(r#"{{"fullUrl":{full_url}"#).into_bytes();
    if let Some(content) = step.found.content {
        out.extend(br#","resource":"#);
        out.extend(content);
    }
    out.extend(
        format!(
            r#","request":{{"method":"{method}","url":"{}"}},"response":{{"status":"{status}","etag":"W/\"{}\"","lastModified":"{}"}}}}"#,
            step.key, step.found.version, step.found.time
        )
        .as_bytes(),
    );
    out
}
