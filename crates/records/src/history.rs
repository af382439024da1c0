//! `_history` of a record, of a type, of the facility: versions, newest first.

use crate::call::{Answer, HistoryScope, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::page::{Page, SHOWN_ELSEWHERE, Wanted, cursor};
use crate::reply::quoted;
use crate::shape::{self, Shaping};
use crate::{read, write};
use access::{Action, Facts, Permit};
use base::{Position, Problem, Time};
use fhir::{ResourceKind, Shape};
use store::{EntryKind, HistoryOf, HistorySpan, Snapshot, Step, TimeRange};

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
    check_scope(facility, caller, scope)?;
    let asked = Asked::read(query, kind.and_then(fhir::definitions::resource_kind))?;
    let page = Page { kind: "history", address: &address, query, next: None, total: None };
    let versions = Versions { facility, caller, of, span: asked.span };
    if asked.counts {
        let total = versions.count()?;
        let page = Page { total: Some(total), ..page };
        return Ok(Answer::found(page.write(caller.base_url, &[])));
    }
    let more = asked.wanted.count().saturating_add(1);
    let before = asked.wanted.cursor().map(Position);
    let mut steps = versions.page(before, more)?;
    let next = (steps.len() == more)
        .then(|| {
            steps.pop();
            steps.last().map(|last| last.step.found.position.0)
        })
        .flatten();
    let whole = next.is_none() && before.is_none();
    let total = whole.then(|| u64::try_from(steps.len()).ok()).flatten();
    let next = next.map(cursor);
    let entries = steps.into_iter().map(|shown| {
        caller.show(&shown.permit, &shown.facts, Some(shown.step.found.version.number()));
        entry(caller, shown, asked.shape.as_ref())
    });
    let entries = entries.collect::<Result<Vec<Vec<u8>>, _>>()?;
    Ok(Answer::found(Page { next, total, ..page }.write(caller.base_url, &entries)))
}

/// A history of many records is for whoever may see those of the type; each version is decided upon for itself. That of a
/// record is for whoever may see the record as it is.
fn check_scope(facility: &Facility, caller: &Caller<'_>, scope: &HistoryScope) -> Result<(), Problems> {
    match scope {
        HistoryScope::Facility => Ok(caller.may(Action::HISTORY, "Facility")?),
        HistoryScope::Kind(kind) => {
            write::known_type(kind)?;
            Ok(caller.may(Action::HISTORY, kind)?)
        }
        HistoryScope::Record(key) => {
            write::known_type(&key.kind)?;
            Ok(read::current(facility, caller, Action::HISTORY, key).map(|_| ())?)
        }
    }
}

/// The versions of a history that may be shown.
struct Versions<'a> {
    facility: &'a Facility,
    caller: &'a Caller<'a>,
    of: HistoryOf<'a>,
    span: HistorySpan,
}

/// A version that may be shown, and the permit for it.
struct Shown {
    step: Step,
    permit: Permit,
    facts: Facts,
}

impl Versions<'_> {
    /// How many there are. They are counted by the database where all of them may be shown.
    fn count(&self) -> Result<u64, Problem> {
        if self.all() {
            return self
                .caller
                .trail
                .read(self.facility, |snapshot| snapshot.history_count(self.of, self.span));
        }
        let found = self.page(None, usize::MAX)?;
        Ok(u64::try_from(found.len()).unwrap_or(u64::MAX))
    }

    /// The newest `most` before a position.
    fn page(&self, before: Option<Position>, most: usize) -> Result<Vec<Shown>, Problem> {
        let chunk = most.min(CHUNK_MOST);
        self.caller.trail.read(self.facility, |snapshot| {
            let (mut shown, mut before) = (Vec::new(), before);
            while shown.len() < most {
                let steps = snapshot.history(self.of, before, self.span, chunk)?;
                let last = steps.len() < chunk;
                before = steps.last().map(|step| step.found.position);
                for step in steps {
                    shown.extend(self.shown(snapshot, step)?);
                }
                if last {
                    break;
                }
            }
            shown.truncate(most);
            Ok(shown)
        })
    }

    fn shown(&self, snapshot: &Snapshot<'_>, step: Step) -> Result<Option<Shown>, Problem> {
        let caller = self.caller;
        let permitted = caller.version(snapshot, Action::HISTORY, &step.key, &step.found)?;
        Ok(permitted.map(|(permit, facts)| Shown { step, permit, facts }))
    }

    /// Whether every version may be shown.
    fn all(&self) -> bool {
        match self.of {
            HistoryOf::Record(key) => self.caller.asking.sees_all(Action::HISTORY, &key.kind),
            HistoryOf::Kind(kind) => self.caller.asking.sees_all(Action::HISTORY, kind),
            HistoryOf::Facility => false,
        }
    }
}

/// Versions read at a time.
const CHUNK_MOST: usize = 1_024;

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

fn entry(caller: &Caller<'_>, shown: Shown, shape: Option<&Shape>) -> Result<Vec<u8>, Problems> {
    let Shown { step, permit, .. } = shown;
    let (method, status) = match step.found.kind {
        EntryKind::RecordCreate => ("PUT", "201 Created"),
        EntryKind::RecordDelete => ("DELETE", "204 No Content"),
        // The others never come in a history of records.
        EntryKind::RecordUpdate
        | EntryKind::JournalOpen
        | EntryKind::JournalSuccession
        | EntryKind::Access
        | EntryKind::IdentityCreate
        | EntryKind::IdentityUpdate
        | EntryKind::IdentityDelete => ("PUT", "200 OK"),
    };
    let full_url = quoted(&format!("{}/{}", caller.base_url, step.key));
    let mut out = format!(r#"{{"fullUrl":{full_url}"#).into_bytes();
    if let Some(content) = step.found.content {
        out.extend(br#","resource":"#);
        out.extend(shape::shaped(content.open(&permit)?, shape)?);
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
