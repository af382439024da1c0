//! Keeps the records of two patients apart: what a change ties together must belong to one patient.
//!
//! The index says of each record whose it is ([`PATIENT`]) and what ties it to others ([`TIE`]); both are made by the
//! indexer, so a change brings them with its other rows. The writer looks where nothing can come in between, and at all
//! changes of a batch as if they were made. A record of which nobody says whose it is belongs to whomever the records
//! belong to that it is tied to. See `docs/decisions/044-one-patient-per-record.md`.

use crate::change::Term;
use crate::codes;
use crate::database::problem as db;
use crate::entry::IDENTITY_PREFIX;
use crate::merged::Merges;
use crate::search::Links;
use crate::term_list::TermList;
use crate::views::{self, Current};
use base::limits::{TIED_RECORDS_MAX, UNMERGED_RECORDS_MAX};
use base::{Code, Problem, RecordKey};
use rusqlite::{Connection, OptionalExtension, params};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// The name of the rows that say whose a record is: a reference, `01 Type/id` or what else [`Links`] read.
pub const PATIENT: &str = "~patient";
/// The name of the rows that say what a record is tied to, in the same form.
pub const TIE: &str = "~tie";

/// The first byte of a reference to `Type/id`.
const LOCAL: u8 = 1;
/// Records that are read at a time of those which refer to another.
const CHUNK: usize = 16;

/// What a batch is going to make of a record.
pub(crate) struct Proposed<'a> {
    pub(crate) key: &'a RecordKey,
    /// The record as it stands.
    pub(crate) current: Option<Current>,
    /// The rows it is going to have; none when it is deleted.
    pub(crate) terms: Option<&'a [Term]>,
    /// Whether it may change who is merged into whom.
    pub(crate) merges: bool,
}

/// Whose a record is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Owner {
    /// Nobody says.
    #[default]
    Nobody,
    /// A patient of this facility.
    Patient(RecordKey),
    /// A group, a device, somebody who has no record here; or there is no such record: there is nothing to compare.
    Other,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Belonging {
    owner: Owner,
    ties: BTreeSet<RecordKey>,
}

/// A record, and the patient whose it is.
struct Holder {
    record: RecordKey,
    patient: RecordKey,
}

/// One change, with what was before it.
struct Turn<'a> {
    key: &'a RecordKey,
    alive: bool,
    old: Belonging,
    new: Belonging,
}

/// Refuses changes that would join the records of two patients. Both are named.
///
/// # Errors
/// [`codes::MIXED`], [`codes::MOVED`], [`codes::TANGLED`], or the database fails.
pub(crate) fn agree<'a>(
    connection: &Connection,
    links: Option<&dyn Links>,
    proposed: impl Iterator<Item = Proposed<'a>>,
    merges: &Merges<'_>,
) -> Result<(), Problem> {
    let mut turns = Vec::new();
    let (written, leading, anew) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    let left = Cell::new(TIED_RECORDS_MAX);
    let mut after = After { connection, links, merges, written, leading, anew, left };
    for one in proposed.filter(|one| !one.key.kind.starts_with(IDENTITY_PREFIX)) {
        let record = one.current.filter(|current| !current.deleted).map(|current| current.record);
        let old = record.map(|record| after.stored(record)).transpose()?.unwrap_or_default();
        let new = one.terms.map_or_else(Belonging::absent, |terms| {
            after.understood(terms.iter().map(|term| (term.param, term.value.as_slice())))
        });
        for tie in &new.ties {
            after.leading.entry(tie.clone()).or_default().push(one.key.clone());
        }
        after.written.insert(one.key.clone(), new.clone());
        turns.push(Turn { key: one.key, alive: record.is_some(), old, new });
    }
    after.anew = turns.iter().filter(|turn| turn.ties_anew()).map(|turn| turn.key.clone()).collect();
    turns.iter().filter(|turn| turn.ties_anew()).try_for_each(|turn| turn.take(&after))?;
    merges.parted.iter().try_for_each(|(patient, from)| parted(&after, patient, from))
}

/// Whether a problem says that a write would join, or may join, the records of two patients.
pub fn is_of_two_patients(problem: &Problem) -> bool {
    [&codes::MIXED, &codes::MOVED, &codes::TANGLED].contains(&problem.code())
}

impl Belonging {
    /// Of a record that is not there.
    fn absent() -> Self {
        Self { owner: Owner::Other, ties: BTreeSet::new() }
    }
}

impl Turn<'_> {
    /// Whether it may tie what was not tied before. A new record may even without a reference: others may await it.
    fn ties_anew(&self) -> bool {
        !self.alive || self.old != self.new
    }

    fn take(&self, after: &After<'_>) -> Result<(), Problem> {
        let walk = Walk { after, from: self.key };
        let mut whose = match &self.new.owner {
            Owner::Other => return Ok(()),
            Owner::Nobody => None,
            Owner::Patient(patient) => Some(Holder { record: self.key.clone(), patient: patient.clone() }),
        };
        for tie in &self.new.ties {
            self.meet(after, walk.holder(tie)?, &mut whose, &codes::MIXED)?;
        }
        // What refers to a record that stays with its patient was compared when it was written.
        if self.new.owner == self.old.owner && self.new.owner != Owner::Nobody {
            return Ok(());
        }
        let code = if self.alive && self.new.owner != self.old.owner { &codes::MOVED } else { &codes::MIXED };
        if whose.is_none() {
            whose = walk.holder(self.key)?;
        }
        let Some(patient) = whose.as_ref().map(|holder| holder.patient.clone()) else { return Ok(()) };
        walk.each_of_others(self.key, &patient, &mut |found| self.meet(after, found, &mut whose, code))
    }

    /// Holds one patient against the other. Patients who were merged are one.
    fn meet(
        &self,
        after: &After<'_>,
        found: Option<Holder>,
        whose: &mut Option<Holder>,
        code: &'static Code,
    ) -> Result<(), Problem> {
        let Some(found) = found else { return Ok(()) };
        let Some(one) = whose else {
            *whose = Some(found);
            return Ok(());
        };
        if after.merges.one_person(&one.patient, &found.patient)? {
            return Ok(());
        }
        Err(Problem::new(code)
            .with("record", self.key)
            .with("one", &one.record)
            .with("patient", &one.patient)
            .with("other", &found.record)
            .with("other_patient", &found.patient))
    }
}

/// The records as they will be once the batch is written.
struct After<'a> {
    connection: &'a Connection,
    links: Option<&'a dyn Links>,
    /// Who is one person.
    merges: &'a Merges<'a>,
    /// What the batch writes.
    written: BTreeMap<RecordKey, Belonging>,
    /// What of it is tied to a record.
    leading: BTreeMap<RecordKey, Vec<RecordKey>>,
    /// What of it may tie what was not tied before: each has a turn of its own.
    anew: BTreeSet<RecordKey>,
    /// Records of nobody that may still be looked at.
    left: Cell<usize>,
}

impl After<'_> {
    fn belonging(&self, key: &RecordKey) -> Result<Belonging, Problem> {
        if let Some(written) = self.written.get(key) {
            return Ok(written.clone());
        }
        let current = views::current(self.connection, key)?.filter(|current| !current.deleted);
        current.map_or_else(|| Ok(Belonging::absent()), |current| self.stored(current.record))
    }

    /// What the index says of a record.
    fn stored(&self, record: i64) -> Result<Belonging, Problem> {
        let (patient, tie) = (number(self.connection, PATIENT)?, number(self.connection, TIE)?);
        let list: TermList = views::stored_terms(self.connection, record)?;
        let mut rows = Vec::new();
        for row in list.rows() {
            let (param, value) = row?;
            match Some(param) {
                found if found == patient => rows.push((PATIENT, value)),
                found if found == tie => rows.push((TIE, value)),
                _ => {}
            }
        }
        Ok(self.understood(rows.into_iter()))
    }

    fn understood<'t>(&self, rows: impl Iterator<Item = (&'t str, &'t [u8])>) -> Belonging {
        let mut found = Belonging::default();
        for (param, value) in rows {
            match (param, self.led_to(value)) {
                (PATIENT, Some(key)) if &*key.kind == "Patient" => found.owner = Owner::Patient(key),
                (PATIENT, _) if found.owner == Owner::Nobody => found.owner = Owner::Other,
                (TIE, Some(key)) => drop(found.ties.insert(key)),
                _ => {}
            }
        }
        found
    }

    /// The record that a reference leads to, if it is one of this facility.
    fn led_to(&self, value: &[u8]) -> Option<RecordKey> {
        match value.split_first()? {
            (&LOCAL, text) => RecordKey::parse(std::str::from_utf8(text).ok()?),
            _ => self.links?.from(value),
        }
    }

    /// The forms in which references to a record are kept.
    fn values(&self, key: &RecordKey) -> Vec<Vec<u8>> {
        let local = || vec![[&[LOCAL], key.to_string().as_bytes()].concat()];
        self.links.map_or_else(local, |links| links.to(key))
    }

    /// Some stored records with a reference to another, after one of them, in their order.
    fn referring(&self, value: &[u8], after: i64) -> Result<Vec<(i64, RecordKey)>, Problem> {
        let sql = "SELECT t.record, n.text, r.id FROM term t JOIN record r ON r.key = t.record JOIN name n ON n.id = r.kind
             WHERE t.param = (SELECT id FROM name WHERE text = ?1) AND t.value = ?2 AND t.record > ?3 ORDER BY t.record LIMIT ?4";
        self.keys(sql, params![TIE, value, after, i64::try_from(CHUNK).unwrap_or(i64::MAX)])
    }

    /// Those of them of which the index does not say that they are of a patient.
    fn referring_others(
        &self,
        value: &[u8],
        patient: &RecordKey,
        after: i64,
    ) -> Result<Vec<(i64, RecordKey)>, Problem> {
        let sql = "SELECT t.record, n.text, r.id FROM term t JOIN record r ON r.key = t.record JOIN name n ON n.id = r.kind
             WHERE t.param = (SELECT id FROM name WHERE text = ?1) AND t.value = ?2 AND t.record > ?3
             AND NOT EXISTS (SELECT 1 FROM term p WHERE p.param = (SELECT id FROM name WHERE text = ?5) AND p.value = ?6 AND p.record = t.record)
             ORDER BY t.record LIMIT ?4";
        let own = [&[LOCAL], patient.to_string().as_bytes()].concat();
        let count = i64::try_from(CHUNK).unwrap_or(i64::MAX);
        self.keys(sql, params![TIE, value, after, count, PATIENT, own])
    }

    fn keys(&self, sql: &str, params: &[&dyn rusqlite::ToSql]) -> Result<Vec<(i64, RecordKey)>, Problem> {
        let read = |row: &rusqlite::Row<'_>| {
            let (record, kind, id): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((record, format!("{kind}/{id}")))
        };
        let rows: Vec<(i64, String)> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(params, read)?.collect())
            .map_err(|error| db(&error))?;
        let key = |(record, text): (i64, String)| {
            let key = RecordKey::parse(&text)
                .ok_or_else(|| Problem::new(&codes::CORRUPT).with("what", "a record's name"))?;
            Ok((record, key))
        };
        rows.into_iter().map(key).collect()
    }
}

/// The number that stands for a name in the index; none while no record has such a row.
pub(crate) fn number(connection: &Connection, name: &str) -> Result<Option<i64>, Problem> {
    connection
        .prepare_cached("SELECT id FROM name WHERE text = ?1")
        .and_then(|mut statement| statement.query_row([name], |row| row.get(0)).optional())
        .map_err(|error| db(&error))
}

/// A way from one record along its ties.
struct Walk<'a> {
    after: &'a After<'a>,
    /// Where it began: it does not come back.
    from: &'a RecordKey,
}

/// What is still to be looked at.
enum Next {
    Record(RecordKey),
    /// What of the stored records refers by a value, from a record on.
    Referring(Vec<u8>, i64),
}

impl Walk<'_> {
    /// The first patient on the way from a record over those of which nobody says whose they are. One is enough: what
    /// the others on the way belong to was compared when they were written, or is when their turn comes.
    fn holder(&self, start: &RecordKey) -> Result<Option<Holder>, Problem> {
        let mut seen = BTreeSet::from([self.from.clone()]);
        let mut next = Vec::new();
        if start == self.from {
            self.around(start, &mut next);
        } else {
            next.push(Next::Record(start.clone()));
        }
        while let Some(step) = next.pop() {
            let record = match step {
                Next::Record(record) => record,
                Next::Referring(value, after) => {
                    self.take_up(self.after.referring(&value, after)?, value, &mut next);
                    continue;
                }
            };
            if !seen.insert(record.clone()) {
                continue;
            }
            let belonging = self.after.belonging(&record)?;
            match belonging.owner {
                Owner::Patient(patient) => return Ok(Some(Holder { record, patient })),
                Owner::Other => {}
                Owner::Nobody => {
                    self.count()?;
                    self.around(&record, &mut next);
                    next.extend(belonging.ties.into_iter().map(Next::Record));
                }
            }
        }
        Ok(None)
    }

    /// What refers to a record.
    fn around(&self, record: &RecordKey, next: &mut Vec<Next>) {
        next.extend(self.after.values(record).into_iter().map(|value| Next::Referring(value, 0)));
        let written = self.after.leading.get(record).into_iter().flatten();
        next.extend(written.cloned().map(Next::Record));
    }

    /// Puts records that were found before the rest of those that refer by the same value.
    fn take_up(&self, found: Vec<(i64, RecordKey)>, value: Vec<u8>, next: &mut Vec<Next>) {
        if let Some((last, _)) = found.last().filter(|_| found.len() == CHUNK) {
            next.push(Next::Referring(value, *last));
        }
        // Of what the batch writes, the index tells what was.
        let stored = found.into_iter().filter(|(_, key)| !self.after.written.contains_key(key));
        next.extend(stored.map(|(_, key)| Next::Record(key)));
    }

    /// Hands on whose each record is that refers to this one and does not say that it is of the patient.
    fn each_of_others(
        &self,
        record: &RecordKey,
        patient: &RecordKey,
        hand: &mut dyn FnMut(Option<Holder>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let leading = self.after.leading.get(record).into_iter().flatten();
        for key in leading.filter(|key| !self.after.anew.contains(*key)) {
            hand(self.holder(key)?)?;
        }
        for value in self.after.values(record) {
            let mut after = 0;
            loop {
                let found = self.after.referring_others(&value, patient, after)?;
                for (_, key) in found.iter().filter(|(_, key)| !self.after.written.contains_key(key)) {
                    hand(self.holder(key)?)?;
                }
                match found.last().filter(|_| found.len() == CHUNK) {
                    Some((last, _)) => after = *last,
                    None => break,
                }
            }
        }
        Ok(())
    }

    fn count(&self) -> Result<(), Problem> {
        let left = self.after.left.get().checked_sub(1);
        let tangled =
            || Problem::new(&codes::TANGLED).with("record", self.from).with("limit", TIED_RECORDS_MAX);
        self.after.left.set(left.ok_or_else(tangled)?);
        Ok(())
    }
}

/// Most pairs of records that a refusal names.
const NAMED_MAX: usize = 20;

/// Refuses to part a patient from those into whom they were merged while records tie them together.
fn parted(after: &After<'_>, patient: &RecordKey, from: &BTreeSet<RecordKey>) -> Result<(), Problem> {
    let own = after.merges.below(patient)?;
    let mut others = BTreeSet::new();
    for other in from {
        others.extend(after.merges.person(other)?);
    }
    let mut parting = Parting {
        after,
        own: &own,
        others: &others,
        seen: BTreeSet::new(),
        next: Vec::new(),
        found: Vec::new(),
    };
    for one in &own {
        parting.begin_with_records_of(one)?;
    }
    parting.go_on(patient)?;
    if parting.found.is_empty() {
        return Ok(());
    }
    let pairs: Vec<String> = parting.found.iter().map(|(one, other)| format!("{one} - {other}")).collect();
    let other = from.first().map(ToString::to_string).unwrap_or_default();
    let problem = Problem::new(&codes::ENTWINED).with("patient", patient).with("other_patient", other);
    Err(problem.with("found", pairs.join(", ")))
}

/// A walk from all records of one side over those of nobody, to records of the other side.
struct Parting<'a> {
    after: &'a After<'a>,
    own: &'a BTreeSet<RecordKey>,
    others: &'a BTreeSet<RecordKey>,
    seen: BTreeSet<RecordKey>,
    /// What is to be looked at, and the record from which the way began.
    next: Vec<(RecordKey, Next)>,
    found: Vec<(RecordKey, RecordKey)>,
}

impl Parting<'_> {
    fn begin_with_records_of(&mut self, patient: &RecordKey) -> Result<(), Problem> {
        let sql = "SELECT t.record, n.text, r.id FROM term t JOIN record r ON r.key = t.record JOIN name n ON n.id = r.kind
             WHERE t.param = (SELECT id FROM name WHERE text = ?1) AND t.value = ?2 AND t.record > ?3 ORDER BY t.record LIMIT ?4";
        let many = i64::try_from(CHUNK.saturating_mul(CHUNK)).unwrap_or(i64::MAX);
        for value in self.after.values(patient) {
            let mut last = 0;
            loop {
                let found = self.after.keys(sql, params![PATIENT, value, last, many])?;
                let Some((end, _)) = found.last() else { break };
                last = *end;
                for (_, record) in found {
                    self.look_around(&record, &record)?;
                    self.see(record, patient)?;
                }
            }
        }
        Ok(())
    }

    fn go_on(&mut self, patient: &RecordKey) -> Result<(), Problem> {
        while let Some((origin, step)) = self.next.pop() {
            if self.found.len() >= NAMED_MAX {
                return Ok(());
            }
            match step {
                Next::Record(record) => self.visit(origin, record, patient)?,
                Next::Referring(value, after) => {
                    let found = self.after.referring(&value, after)?;
                    if let Some((last, _)) = found.last().filter(|_| found.len() == CHUNK) {
                        self.next.push((origin.clone(), Next::Referring(value, *last)));
                    }
                    self.next.extend(found.into_iter().map(|(_, key)| (origin.clone(), Next::Record(key))));
                }
            }
        }
        Ok(())
    }

    fn visit(&mut self, origin: RecordKey, record: RecordKey, patient: &RecordKey) -> Result<(), Problem> {
        if !self.see(record.clone(), patient)? {
            return Ok(());
        }
        match self.after.belonging(&record)?.owner {
            Owner::Patient(of) if self.others.contains(&of) => self.found.push((origin, record)),
            Owner::Nobody => self.look_around(&origin, &record)?,
            // What is of this side has its own beginning.
            Owner::Patient(_) | Owner::Other => {}
        }
        Ok(())
    }

    /// What a record is tied to, and what is tied to it.
    fn look_around(&mut self, origin: &RecordKey, record: &RecordKey) -> Result<(), Problem> {
        let belonging = self.after.belonging(record)?;
        // The index says what was; a batch that undoes a merge writes patients only.
        if matches!(&belonging.owner, Owner::Patient(of) if !self.own.contains(of)) {
            return Ok(());
        }
        let ties = belonging.ties.into_iter().map(Next::Record);
        let around = self.after.values(record).into_iter().map(|value| Next::Referring(value, 0));
        self.next.extend(ties.chain(around).map(|step| (origin.clone(), step)));
        Ok(())
    }

    /// Whether a record was not seen yet.
    fn see(&mut self, record: RecordKey, patient: &RecordKey) -> Result<bool, Problem> {
        let new = self.seen.insert(record);
        if self.seen.len() > UNMERGED_RECORDS_MAX {
            let problem = Problem::new(&codes::UNMERGED_MANY).with("patient", patient);
            return Err(problem.with("limit", UNMERGED_RECORDS_MAX));
        }
        Ok(new)
    }
}
