//! `_history` of a record, of a type, of the facility: versions, newest first.

use crate::call::{Answer, HistoryScope, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::page::{Page, SHOWN_ELSEWHERE, Wanted, cursor};
use crate::reply::quoted;
use crate::shape::{self, Shaping};
use crate::write;
use base::{Position, Problem, Time};
use fhir::{ResourceKind, Shape};
use store::{EntryKind, HistoryOf, HistorySpan, Step, TimeRange};

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    scope: &HistoryScope,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    let (of, address, kind) = match scope {
        HistoryScope::Record(key) => (HistoryOf::Record(key), format!("/{key}/_history"), Some(&*key.kind)),
        HistoryScope::Kind(kind) => (HistoryOf::Kind(kind), format!("/{kind}/_history"), Some(kind.as_str())),
        HistoryScope::Facility => (HistoryOf::Facility, "/_history".to_owned(), None),
    };
    check_scope(facility, scope)?;
    let asked = Asked::read(query, kind.and_then(fhir::definitions::resource_kind))?;
    let page = Page { kind: "history", address: &address, query, next: None, total: None };
    if asked.counts {
        let total = facility.store().read(|snapshot| snapshot.history_count(of, asked.span))?;
        let page = Page { total: Some(total), ..page };
        return Ok(Answer::found(page.write(caller, &[])));
    }
    let more = asked.wanted.count().saturating_add(1);
    let before = asked.wanted.cursor().map(Position);
    let mut steps = facility.store().read(|snapshot| snapshot.history(of, before, asked.span, more))?;
    let next = (steps.len() == more)
        .then(|| {
            steps.pop();
            steps.last().map(|last| last.found.position.0)
        })
        .flatten();
    let whole = next.is_none() && before.is_none();
    let total = whole.then(|| u64::try_from(steps.len()).ok()).flatten();
    let next = next.map(cursor);
    let entries = steps.into_iter().map(|step| entry(caller, step, asked.shape.as_ref()));
    let entries = entries.collect::<Result<Vec<Vec<u8>>, _>>()?;
    Ok(Answer::found(Page { next, total, ..page }.write(caller, &entries)))
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

/// What a query asks for.
struct Asked {
    wanted: Wanted,
    span: HistorySpan,
    shape: Option<Shape>,
    /// Only how many there are.
    counts: bool,
}

impl Asked {
    fn read(query: &[(String, String)], kind: Option<ResourceKind>) -> Result<Self, Problem> {
        let (mut wanted, mut shaping) = (Wanted::default(), Shaping::default());
        let (mut since, mut at, mut none) = (None, None, false);
        for (name, value) in query {
            if SHOWN_ELSEWHERE.contains(&name.as_str()) || shaping.take(name, value)? {
                continue;
            }
            let twice = match name.as_str() {
                "_count" if value == "0" => std::mem::replace(&mut none, true),
                "_since" => since.replace(moment(name, value)?).is_some(),
                "_at" => at.replace(period(value)?).is_some(),
                _ if wanted.take(name, value)? => false,
                _ => return Err(Problem::new(&codes::HISTORY_PARAMETER).with("name", name)),
            };
            if twice {
                return Err(Problem::new(&codes::REPEATED).with("name", name));
            }
        }
        let span = match (since, at) {
            (Some(_), Some(_)) => return Err(Problem::new(&codes::AT_AND_SINCE)),
            (_, Some(at)) => HistorySpan::Current(at),
            (since, None) => HistorySpan::Written(TimeRange { from: since, until: None }),
        };
        let counts = none || shaping.counts();
        Ok(Self { wanted, span, counts, shape: shaping.finish(kind, true)? })
    }
}

fn moment(name: &str, value: &str) -> Result<Time, Problem> {
    Time::parse(value).ok_or_else(|| Problem::new(&codes::MOMENT).with("name", name).with("value", value))
}

fn period(value: &str) -> Result<TimeRange, Problem> {
    let range = fhir::search::period(value).ok_or_else(|| Problem::new(&codes::AT).with("value", value))?;
    Ok(TimeRange { from: range.from, until: range.until })
}

fn entry(caller: &Caller<'_>, step: Step, shape: Option<&Shape>) -> Result<Vec<u8>, Problems> {
    let (method, status) = match step.found.kind {
        EntryKind::RecordCreate => ("PUT", "201 Created"),
        EntryKind::RecordDelete => ("DELETE", "204 No Content"),
        // The others never come in a history of records.
        EntryKind::RecordUpdate
        | EntryKind::JournalOpen
        | EntryKind::IdentityCreate
        | EntryKind::IdentityUpdate
        | EntryKind::IdentityDelete => ("PUT", "200 OK"),
    };
    let full_url = quoted(&format!("{}/{}", caller.base_url, step.key));
    let mut out = format!(r#"{{"fullUrl":{full_url}"#).into_bytes();
    if let Some(content) = step.found.content {
        out.extend(br#","resource":"#);
        out.extend(shape::shaped(content, shape)?);
    }
    out.extend(
        format!(
            r#","request":{{"method":"{method}","url":"{}"}},"response":{{"status":"{status}","etag":"W/\"{}\"","lastModified":"{}"}}}}"#,
            step.key, step.found.version, step.found.time
        )
        .as_bytes(),
    );
    Ok(out)
}
