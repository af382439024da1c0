//! A Composition with what it refers to, as a document to hand out: only what somebody answers for goes out.

use super::Entry;
use super::references::{Reference, references};
use crate::asking::absent;
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::status;
use access::Action;
use base::limits::INCLUDED_MAX;
use base::{Problem, RecordKey};
use fhir::Node;
use fhir::definitions;
use std::collections::BTreeSet;
use store::{Found, Is, Snapshot, State};

/// A document that this one replaces or adds to is another document.
const OTHER_DOCUMENTS: [&str; 1] = ["relatesTo"];

/// The elements by which a record of the same patient is a part of another: without it that would say only half.
const PARTS: [&str; 5] = ["derivedFrom", "hasMember", "item", "media", "result"];

/// The entries of the document, the Composition first.
pub(super) fn document(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
) -> Result<Vec<Entry>, Problem> {
    caller.trail.read(facility, |snapshot| {
        let Some(found) = snapshot.current(key)? else {
            caller.may(Action::READ, &key.kind)?;
            return Err(absent(key));
        };
        caller.permit(snapshot, Action::READ, (key, &found), || absent(key))?;
        if found.content.is_none() {
            return Err(Problem::new(&codes::DELETED).with("record", key).with("version", found.version));
        }
        let mut collected = Collected { snapshot, caller, seen: BTreeSet::new(), records: Vec::new() };
        let own = Reference { key: key.clone(), version: None, member: String::new() };
        collected.take(&own)?;
        collected.all()?;
        collected.finished()?;
        let records = collected.records.into_iter();
        Ok(records.map(|record| Entry::of(caller, &record.key, record.content)).collect())
    })
}

/// A record that goes into the document.
struct Record {
    key: RecordKey,
    content: Vec<u8>,
    node: Node,
    /// The patients whom it names.
    patients: Vec<String>,
    state: Option<State>,
}

/// What goes into the document, in the order found.
struct Collected<'a> {
    snapshot: &'a Snapshot<'a>,
    caller: &'a Caller<'a>,
    seen: BTreeSet<RecordKey>,
    records: Vec<Record>,
}

impl Collected<'_> {
    /// What the Composition refers to, all of which must be there, and what those need to be understood.
    fn all(&mut self) -> Result<(), Problem> {
        let base_url = self.caller.base_url;
        let Some((direct, patients)) = self
            .records
            .first()
            .map(|own| (references(&own.node, base_url, &OTHER_DOCUMENTS), own.patients.clone()))
        else {
            return Ok(());
        };
        let mut missing = Vec::new();
        for reference in &direct {
            if !self.take(reference)? {
                missing.push(reference.key.to_string());
            }
        }
        if !missing.is_empty() {
            return Err(Problem::new(&codes::DOCUMENT_INCOMPLETE).with("records", missing.join(", ")));
        }
        let mut next = 1;
        while let Some(record) = self.records.get(next) {
            let further = references(&record.node, base_url, &[]);
            for reference in further.iter().filter(|one| belongs(one)) {
                self.take_part(reference, &patients)?;
            }
            if self.records.len() > INCLUDED_MAX {
                return Err(Problem::new(&codes::TOO_MANY_INCLUDED).with("limit", INCLUDED_MAX));
            }
            next = next.saturating_add(1);
        }
        Ok(())
    }

    /// A record, if it is there and may be seen; says whether it is.
    fn take(&mut self, reference: &Reference) -> Result<bool, Problem> {
        if self.seen.contains(&reference.key) {
            return Ok(true);
        }
        let Some(record) = self.record(reference)? else { return Ok(false) };
        self.seen.insert(record.key.clone());
        self.records.push(record);
        Ok(true)
    }

    /// What a record of the document refers to, as far as it is there and of no other patient.
    fn take_part(&mut self, reference: &Reference, patients: &[String]) -> Result<(), Problem> {
        if self.seen.contains(&reference.key) {
            return Ok(());
        }
        if let Some(record) = self.record(reference)?
            && record.patients.iter().all(|patient| patients.contains(patient))
        {
            self.seen.insert(record.key.clone());
            self.records.push(record);
        }
        Ok(())
    }

    fn record(&self, reference: &Reference) -> Result<Option<Record>, Problem> {
        let (snapshot, key) = (self.snapshot, &reference.key);
        let found = match reference.version {
            Some(version) => snapshot.version(key, version)?,
            None => snapshot.current(key)?,
        };
        let Some(found) = found.filter(|found| found.content.is_some()) else { return Ok(None) };
        let Some((permit, facts)) = self.caller.version(snapshot, Action::READ, key, &found)? else {
            return Ok(None);
        };
        self.caller.show(&permit, &facts, Some(found.version.number()));
        let state = state(snapshot, key, &found)?;
        let Some(content) = found.content else { return Ok(None) };
        let content = content.open(&permit)?;
        let node = fhir::json::parse(&content)?;
        Ok(Some(Record { key: key.clone(), content, node, patients: facts.patients, state }))
    }

    /// Refuses what nobody answers for, and what was taken back; names each.
    fn finished(&self) -> Result<(), Problem> {
        let told: Vec<String> = self.records.iter().filter_map(unfinished).collect();
        if told.is_empty() {
            return Ok(());
        }
        Err(Problem::new(&codes::DOCUMENT_UNFINISHED).with("records", told.join(", ")))
    }
}

/// Whether a reference leads to who, where or with what, or to a part of the record in which it stands.
fn belongs(reference: &Reference) -> bool {
    let of_patients = || {
        let kind = definitions::resource_kind(&reference.key.kind);
        let patient = definitions::resource_kind("Patient");
        kind.zip(patient).is_some_and(|(kind, patient)| {
            kind == patient || !definitions::compartment(patient, kind).is_empty()
        })
    };
    PARTS.contains(&reference.member.as_str()) || !of_patients()
}

/// The state that the entry of a version tells; only governed types have one.
fn state(snapshot: &Snapshot<'_>, key: &RecordKey, found: &Found) -> Result<Option<State>, Problem> {
    if status::governed(&key.kind).is_none() {
        return Ok(None);
    }
    let entry = snapshot.entry(found.position)?;
    let entry = store::Entry::parse(&entry)
        .map_err(|what| Problem::new(&store::codes::CORRUPT).with("what", what))?;
    Ok(entry.state)
}

/// What is to be said of a record that cannot go out; none where it can. Those from before there were states are what
/// their status says.
fn unfinished(record: &Record) -> Option<String> {
    let governed = status::governed(&record.key.kind)?;
    let by_status = || governed.said(&record.node).and_then(|says| says.fits.first().copied());
    let is = record.state.as_ref().map(|state| state.is).or_else(by_status)?;
    let why = match (is, record.state.as_ref().and_then(|state| state.entered.as_deref())) {
        (Is::Final | Is::Amended, _) => return None,
        (Is::Draft, Some(entered)) => format!("draft entered by {entered}, not approved / 代行入力・未承認"),
        (Is::Draft, None) => "draft / 下書き".to_owned(),
        (Is::Withdrawn, _) => "withdrawn / 取消".to_owned(),
    };
    Some(format!("{} ({why})", record.key))
}
