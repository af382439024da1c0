//! Reading AuditEvents: one by its id, and pages of those that a search asks for, newest first.

use super::entities::question;
use super::query::{AuditQuery, Narrow, position};
use super::{AccessFilter, Accessed, Deed, Deeds, Names, audit_event};
use crate::call::{Answer, Media, Outcome, Problems, Stamp};
use crate::codes;
use crate::page::{Page, cursor};
use crate::search::{entry, within_limit};
use crate::shape::{of_reading, shaped};
use base::{Position, Problem, RecordKey, ResourceId, Time, VersionNumber};
use fhir::search::Asking;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Entries that are asked of the source at a time.
const BATCH: usize = 256;

/// Entries that are looked at for one page. A page for which that is not enough ends early; its `next` link goes on.
const PAGE_LOOKED_MAX: usize = 10_000;

/// Entries that are looked at to count.
const COUNT_LOOKED_MAX: usize = 100_000;

/// Where access entries come from: a moment of the journal, seen by whoever may.
pub trait Accesses {
    /// At most `count` entries that fulfil the filter, newest first.
    fn newest(&self, filter: &AccessFilter<'_>, count: usize) -> Result<Vec<Accessed>, Problem>;

    /// The entry at a place, when it is an access entry.
    fn at(&self, position: Position) -> Result<Option<Accessed>, Problem>;
}

/// Who reads, and what is needed to answer.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "what it refers to has no text of its own")]
pub struct Desk<'a> {
    /// Where entries come from.
    pub source: &'a dyn Accesses,
    /// What accounts are called.
    pub names: &'a dyn Names,
    /// Base URL of the facility's FHIR API without a slash at the end.
    pub base_url: &'a str,
    /// The present moment.
    pub now: Time,
}

impl Desk<'_> {
    fn content(&self, accessed: &Accessed) -> Vec<u8> {
        let mut content = Vec::with_capacity(4_096);
        audit_event(accessed, self.base_url, self.names).write(&mut content);
        content
    }
}

/// `GET AuditEvent/[id]`, and `GET AuditEvent/[id]/_history/1`.
///
/// # Errors
/// There is no such event, or the query asks for something unknown.
pub fn read(desk: &Desk<'_>, id: &ResourceId, query: &[(String, String)]) -> Result<Answer, Problems> {
    let shape = of_reading("AuditEvent", query)?;
    let found = position(id.as_str()).map(|place| desk.source.at(place)).transpose()?.flatten();
    let key = RecordKey::new("AuditEvent", id.clone());
    let found = found.ok_or_else(|| Problem::new(&codes::ABSENT).with("record", &key))?;
    let body = shaped(desk.content(&found), shape.as_ref())?;
    let stamp = Some(Stamp { key, version: VersionNumber::FIRST, time: found.time });
    Ok(Answer { outcome: Outcome::Found, stamp, media: Media::FhirJson, body })
}

/// `GET AuditEvent?…`.
///
/// # Errors
/// The query asks for something unknown or not offered, or for the number of more than can be looked through.
pub fn search(desk: &Desk<'_>, query: &[(String, String)]) -> Result<Answer, Problems> {
    within_limit(query)?;
    let asking = Asking { base_url: desk.base_url, now: desk.now, lenient: false };
    let asked = AuditQuery::read(query, &asking)?;
    let mut walk = Walk::new(desk, &asked);
    let found = if asked.counts { Found::default() } else { walk.page()? };
    let total = (asked.counts || asked.total).then(|| Walk::new(desk, &asked).count()).transpose()?;
    let next = found.next.map(|place| cursor(place.0));
    let page = Page { kind: "searchset", address: "/AuditEvent", query, next, total };
    let mut entries = Vec::with_capacity(found.entries.len());
    for accessed in &found.entries {
        let content = shaped(desk.content(accessed), asked.shape.as_ref())?;
        let id = ResourceId::parse(&accessed.position.to_string());
        let key = id.map(|id| RecordKey::new("AuditEvent", id));
        entries.extend(key.map(|key| entry(desk.base_url, &key, &content, "match")));
    }
    Ok(Answer::found(page.write(desk.base_url, &entries)))
}

/// The newest entries that a search means, as rows for the console: nothing but what the entries say.
///
/// # Errors
/// As for [`search`].
pub(super) fn rows(desk: &Desk<'_>, query: &[(String, String)]) -> Result<Value, Problem> {
    within_limit(query)?;
    let asking = Asking { base_url: desk.base_url, now: desk.now, lenient: false };
    let asked = AuditQuery::read(query, &asking)?;
    let found = Walk::new(desk, &asked).page()?;
    let rows: Vec<Value> = found.entries.iter().map(row).collect();
    Ok(json!({ "entries": rows, "next": found.next.map(|place| cursor(place.0)) }))
}

fn row(accessed: &Accessed) -> Value {
    let access = &accessed.access;
    json!({
        "entry": accessed.position.0,
        "time": accessed.time.to_string(),
        "kind": accessed.actor.kind,
        "account": accessed.actor.id,
        "address": access.who.address,
        "action": access.action,
        "target": question(access),
        "patients": access.patients,
        "decided": access.decided,
        "status": access.status,
        "code": access.code,
        "ended": access.ended,
    })
}

/// What a page shows, and where the next begins.
#[derive(Default)]
struct Found {
    entries: Vec<Accessed>,
    /// The last entry that was looked at, when there may be more.
    next: Option<Position>,
}

/// A walk through the entries that a search may mean, newest first.
struct Walk<'a> {
    desk: &'a Desk<'a>,
    asked: &'a AuditQuery,
    before: Option<Position>,
    looked: usize,
    /// Of what was done, by action and whether it failed: whether it may be meant.
    may: RefCell<BTreeMap<(String, bool), bool>>,
}

impl<'a> Walk<'a> {
    fn new(desk: &'a Desk<'a>, asked: &'a AuditQuery) -> Self {
        Self { desk, asked, before: None, looked: 0, may: RefCell::default() }
    }

    fn may(&self, deed: Deed<'_>) -> bool {
        if !self.asked.narrow.by_deed {
            return true;
        }
        let mut known = self.may.borrow_mut();
        *known.entry((deed.action.to_owned(), deed.failed)).or_insert_with(|| self.asked.may(deed))
    }

    fn page(&mut self) -> Result<Found, Problem> {
        self.before = self.asked.wanted.cursor().map(Position);
        let count = self.asked.wanted.count();
        let mut found = Found::default();
        while self.looked < PAGE_LOOKED_MAX {
            let batch = self.batch()?;
            let ended = batch.len() < BATCH;
            for accessed in batch {
                if !self.admits(&accessed) {
                    continue;
                }
                if found.entries.len() == count {
                    found.next = found.entries.last().map(|last| last.position);
                    return Ok(found);
                }
                found.entries.push(accessed);
            }
            if ended {
                return Ok(found);
            }
        }
        found.next = self.before;
        Ok(found)
    }

    fn count(&mut self) -> Result<u64, Problem> {
        let mut count = 0_u64;
        loop {
            if self.looked >= COUNT_LOOKED_MAX {
                return Err(Problem::new(&codes::AUDIT_FAR).with("limit", COUNT_LOOKED_MAX));
            }
            let batch = self.batch()?;
            let admitted = batch.iter().filter(|accessed| self.admits(accessed)).count();
            count = count.saturating_add(u64::try_from(admitted).unwrap_or(u64::MAX));
            if batch.len() < BATCH {
                return Ok(count);
            }
        }
    }

    fn admits(&self, accessed: &Accessed) -> bool {
        // An event is made of few entries only where it is known beforehand of most that they are not meant.
        self.may(Deed::of(&accessed.access))
            && self.asked.admits(&audit_event(accessed, self.desk.base_url, self.desk.names), accessed.time)
    }

    /// The next entries; fewer than [`BATCH`] when there are no more.
    fn batch(&mut self) -> Result<Vec<Accessed>, Problem> {
        let narrow = &self.asked.narrow;
        let may = |deed: Deed<'_>| self.may(deed);
        let batch = match &narrow.positions {
            Some(positions) => self.of(positions)?,
            None => self.desk.source.newest(&filter(narrow, &may, self.before), BATCH)?,
        };
        self.looked = self.looked.saturating_add(batch.len());
        self.before = batch.last().map(|last| last.position).or(self.before);
        Ok(batch)
    }

    /// The entries at these places, newest first.
    fn of(&self, positions: &[Position]) -> Result<Vec<Accessed>, Problem> {
        let mut places = positions.to_vec();
        places.sort_unstable();
        places.dedup();
        let wanted =
            places.into_iter().rev().filter(|place| self.before.is_none_or(|before| *place < before));
        wanted.take(BATCH).filter_map(|place| self.desk.source.at(place).transpose()).collect()
    }
}

fn filter<'a>(
    narrow: &'a Narrow,
    may: &'a dyn Fn(Deed<'_>) -> bool,
    before: Option<Position>,
) -> AccessFilter<'a> {
    // The entries of a patient or an account are looked at one by one: each counts for the most that are for a page.
    let apart = narrow.patient.is_none() && narrow.account.is_none() && narrow.by_deed;
    AccessFilter {
        patient: narrow.patient.as_deref(),
        account: narrow.account.as_deref(),
        deeds: apart.then_some(Deeds(may)),
        from: narrow.from,
        until: narrow.until,
        before,
    }
}

#[cfg(test)]
mod tests;
