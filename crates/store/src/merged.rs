//! Patients that were merged: whom of them the index says that they are one person.
//!
//! A patient who turned out to be registered twice is replaced by the other; the records of both stay as they were
//! written. The rows [`REPLACED_BY`] and [`REPLACES`] say so; they change by a merge, its undoing and an import alone, which the
//! writer sees to. See `docs/decisions/045-duplicate-patients.md`.

use crate::belonging::{Proposed, number};
use crate::codes;
use crate::database::problem as db;
use crate::snapshot::Snapshot;
use crate::views;
use base::limits::MERGED_PATIENTS_MAX;
use base::{Problem, RecordKey};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// The name of the rows that say into whom a patient was merged: a reference, `01 Patient/id`.
pub const REPLACED_BY: &str = "~replaced-by";
/// The name of the rows that say who was merged into a patient, in the same form.
pub const REPLACES: &str = "~replaces";

const PATIENT_KIND: &str = "Patient";
/// The first byte of a reference to `Type/id`.
const LOCAL: u8 = 1;

/// Whom patients were merged into, as a batch leaves it; with an empty one, as it is.
pub(crate) struct Merges<'a> {
    connection: &'a Connection,
    /// What the batch makes of patients: into whom each is merged.
    written: BTreeMap<RecordKey, BTreeSet<RecordKey>>,
    /// Patients who are no longer merged into whom they were, each with these.
    pub(crate) parted: Vec<(RecordKey, BTreeSet<RecordKey>)>,
}

/// Which of the two rows.
#[derive(Default, PartialEq, Eq)]
struct Rows {
    replaced_by: BTreeSet<RecordKey>,
    replaces: BTreeSet<RecordKey>,
}

/// Refuses changes of merges by whom they are not permitted, and merges that follow themselves or join too many.
///
/// # Errors
/// [`codes::MERGED_AWAY`], [`codes::MERGE_BY_HAND`], [`codes::MERGED_FAR`], or the database fails.
pub(crate) fn agree<'a, 'p>(
    connection: &'a Connection,
    proposed: impl Iterator<Item = Proposed<'p>>,
) -> Result<Merges<'a>, Problem> {
    let mut merges = Merges::new(connection);
    let mut changed = Vec::new();
    for one in proposed.filter(|one| *one.key.kind == *PATIENT_KIND) {
        let record = one.current.filter(|current| !current.deleted).map(|current| current.record);
        let old = record.map(|record| Rows::stored(connection, record)).transpose()?.unwrap_or_default();
        let terms = one.terms.unwrap_or_default();
        let new = Rows::of(terms.iter().map(|term| (term.param, term.value.as_slice())));
        if !one.merges {
            by_hand(one.key, &old, &new)?;
        }
        if old.replaced_by != new.replaced_by {
            changed.push(one.key.clone());
            let left: BTreeSet<RecordKey> = old.replaced_by.difference(&new.replaced_by).cloned().collect();
            if !left.is_empty() {
                merges.parted.push((one.key.clone(), left));
            }
        }
        merges.written.insert(one.key.clone(), new.replaced_by);
    }
    changed.iter().try_for_each(|patient| merges.stays_small(patient))?;
    Ok(merges)
}

/// A plain write leaves merges as they are, and a patient who was merged away as a whole.
fn by_hand(patient: &RecordKey, old: &Rows, new: &Rows) -> Result<(), Problem> {
    if let Some(into) = old.replaced_by.first() {
        return Err(Problem::new(&codes::MERGED_AWAY).with("record", patient).with("into", into));
    }
    if old != new {
        return Err(Problem::new(&codes::MERGE_BY_HAND).with("record", patient));
    }
    Ok(())
}

impl Rows {
    fn stored(connection: &Connection, record: i64) -> Result<Self, Problem> {
        let (by, of) = (number(connection, REPLACED_BY)?, number(connection, REPLACES)?);
        let mut found = Self::default();
        if by.is_none() && of.is_none() {
            return Ok(found);
        }
        let list = views::stored_terms(connection, record)?;
        for row in list.rows() {
            let (param, value) = row?;
            match Some(param) {
                param if param == by => found.replaced_by.extend(patient_of(value)),
                param if param == of => found.replaces.extend(patient_of(value)),
                _ => {}
            }
        }
        Ok(found)
    }

    fn of<'t>(rows: impl Iterator<Item = (&'t str, &'t [u8])>) -> Self {
        let mut found = Self::default();
        for (param, value) in rows {
            match param {
                REPLACED_BY => found.replaced_by.extend(patient_of(value)),
                REPLACES => found.replaces.extend(patient_of(value)),
                _ => {}
            }
        }
        found
    }
}

/// The patient of this facility whom a row names.
fn patient_of(value: &[u8]) -> Option<RecordKey> {
    let text = value.split_first().filter(|(class, _)| **class == LOCAL)?.1;
    RecordKey::parse(std::str::from_utf8(text).ok()?).filter(|key| *key.kind == *PATIENT_KIND)
}

impl<'a> Merges<'a> {
    pub(crate) fn new(connection: &'a Connection) -> Self {
        Self { connection, written: BTreeMap::new(), parted: Vec::new() }
    }

    /// Whether two patients are one person.
    pub(crate) fn one_person(&self, one: &RecordKey, other: &RecordKey) -> Result<bool, Problem> {
        Ok(one == other || self.person(one)?.contains(other))
    }

    /// All patients who are one person with this one, who is among them.
    pub(crate) fn person(&self, patient: &RecordKey) -> Result<BTreeSet<RecordKey>, Problem> {
        self.walked(patient, |merges, one| {
            let mut near = merges.targets(one)?;
            near.extend(merges.sources(one)?);
            Ok(near)
        })
    }

    /// The patient and all who were merged into them, also by way of others.
    pub(crate) fn below(&self, patient: &RecordKey) -> Result<BTreeSet<RecordKey>, Problem> {
        self.walked(patient, Self::sources)
    }

    fn walked(
        &self,
        start: &RecordKey,
        near: impl Fn(&Self, &RecordKey) -> Result<BTreeSet<RecordKey>, Problem>,
    ) -> Result<BTreeSet<RecordKey>, Problem> {
        let mut seen = BTreeSet::from([start.clone()]);
        if self.written.is_empty() && number(self.connection, REPLACED_BY)?.is_none() {
            return Ok(seen);
        }
        let mut next = vec![start.clone()];
        while let Some(one) = next.pop() {
            for other in near(self, &one)? {
                if seen.insert(other.clone()) {
                    next.push(other);
                }
            }
            if seen.len() > MERGED_PATIENTS_MAX {
                return Err(too_far(start));
            }
        }
        Ok(seen)
    }

    /// Into whom a patient was merged.
    fn targets(&self, patient: &RecordKey) -> Result<BTreeSet<RecordKey>, Problem> {
        if let Some(written) = self.written.get(patient) {
            return Ok(written.clone());
        }
        let current = views::current(self.connection, patient)?.filter(|current| !current.deleted);
        let rows = current.map(|current| Rows::stored(self.connection, current.record)).transpose()?;
        Ok(rows.unwrap_or_default().replaced_by)
    }

    /// Who was merged into a patient.
    fn sources(&self, patient: &RecordKey) -> Result<BTreeSet<RecordKey>, Problem> {
        let sql = "SELECT r.id FROM term t JOIN record r ON r.key = t.record
             WHERE t.param = (SELECT id FROM name WHERE text = ?1) AND t.value = ?2 AND r.kind = (SELECT id FROM name WHERE text = ?3)
             LIMIT ?4";
        let value = [&[LOCAL], patient.to_string().as_bytes()].concat();
        let most = i64::try_from(MERGED_PATIENTS_MAX.saturating_add(1)).unwrap_or(i64::MAX);
        let ids: Vec<String> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                let rows =
                    statement.query_map(params![REPLACED_BY, value, PATIENT_KIND, most], |row| row.get(0))?;
                rows.collect()
            })
            .map_err(|error| db(&error))?;
        let mut found = BTreeSet::new();
        for id in ids {
            let key = RecordKey::parse(&format!("{PATIENT_KIND}/{id}"));
            let key = key.ok_or_else(|| Problem::new(&codes::CORRUPT).with("what", "a record's name"))?;
            if !self.written.contains_key(&key) {
                found.insert(key);
            }
        }
        let written = self.written.iter().filter(|(_, into)| into.contains(patient));
        found.extend(written.map(|(key, _)| key.clone()));
        Ok(found)
    }

    /// Whether the patient is one of few, and does not come back to themselves.
    fn stays_small(&self, patient: &RecordKey) -> Result<(), Problem> {
        self.person(patient)?;
        let above = self.walked(patient, Self::targets)?;
        for one in above {
            if self.targets(&one)?.contains(patient) {
                return Err(too_far(patient));
            }
        }
        Ok(())
    }
}

fn too_far(patient: &RecordKey) -> Problem {
    Problem::new(&codes::MERGED_FAR).with("record", patient).with("limit", MERGED_PATIENTS_MAX)
}

impl Snapshot<'_> {
    /// All patients who are one person with this one, who is among them.
    ///
    /// # Errors
    /// The database fails.
    pub fn person(&self, patient: &RecordKey) -> Result<BTreeSet<RecordKey>, Problem> {
        Merges::new(self.connection).person(patient)
    }

    /// The patient and all who were merged into them, also by way of others; of any other record, the record.
    ///
    /// # Errors
    /// The database fails.
    pub fn with_merged(&self, record: &RecordKey) -> Result<BTreeSet<RecordKey>, Problem> {
        if *record.kind != *PATIENT_KIND {
            return Ok(BTreeSet::from([record.clone()]));
        }
        Merges::new(self.connection).below(record)
    }

    /// Into whom a patient was merged; none where they were not.
    ///
    /// # Errors
    /// The database fails.
    pub fn merged_into(&self, patient: &RecordKey) -> Result<Option<RecordKey>, Problem> {
        Ok(Merges::new(self.connection).targets(patient)?.pop_first())
    }
}
