//! The views: which version is current, the history, whose record each version belongs to, the search rows. Derived from the journal, here and nowhere else.

use crate::change::Term;
use crate::codes;
use crate::database::problem as db;
use crate::entry::{self, EntryKind};
use crate::past::MEMBER;
use crate::term_list::{self, TermList};
use base::{Problem, RecordKey, VersionNumber};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// The current state of a record, as its view row has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Current {
    pub(crate) record: i64,
    pub(crate) version: VersionNumber,
    pub(crate) deleted: bool,
    /// Where the entry of its version stands.
    pub(crate) position: i64,
}

/// One version of one record, as the views see it.
pub(crate) struct Step<'a> {
    pub(crate) key: &'a RecordKey,
    pub(crate) version: VersionNumber,
    pub(crate) position: i64,
    pub(crate) kind: EntryKind,
}

/// The current state of a record; none when it never existed.
pub(crate) fn current(connection: &Connection, key: &RecordKey) -> Result<Option<Current>, Problem> {
    let row = connection
        .prepare_cached(
            "SELECT key, version, deleted, position FROM record WHERE kind = (SELECT id FROM name WHERE text = ?1) AND id = ?2",
        )
        .and_then(|mut statement| {
            statement
                .query_row(params![key.kind, key.id.as_str()], |row| {
                    Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?))
                })
                .optional()
        })
        .map_err(|error| db(&error))?;
    row.map(|(record, version, deleted, position)| {
        let version = u64::try_from(version).ok().and_then(VersionNumber::new);
        let version =
            version.ok_or_else(|| Problem::new(&codes::CORRUPT).with("what", "a version number"))?;
        Ok(Current { record, version, deleted, position })
    })
    .transpose()
}

/// Brings the views up to a new version. `record` is the record's number when it existed before.
pub(crate) fn record_step(
    connection: &Connection,
    names: &mut BTreeMap<String, i64>,
    step: &Step<'_>,
    record: Option<i64>,
    terms: Vec<Term>,
) -> Result<(), Problem> {
    let kind = name(connection, names, &step.key.kind)?;
    let version = i64::try_from(step.version.number()).unwrap_or(i64::MAX);
    let deleted = step.kind.step() == Some(entry::Step::Delete);
    let record = match record {
        Some(record) => {
            connection
                .prepare_cached("UPDATE record SET version = ?2, position = ?3, deleted = ?4 WHERE key = ?1")
                .and_then(|mut statement| statement.execute(params![record, version, step.position, deleted]))
                .map_err(|error| db(&error))?;
            record
        }
        None => connection
            .prepare_cached(
                "INSERT INTO record (kind, id, version, position, deleted) VALUES (?1, ?2, ?3, ?4, ?5)",
            )
            .and_then(|mut statement| {
                statement.insert(params![kind, step.key.id.as_str(), version, step.position, deleted])
            })
            .map_err(|error| db(&error))?,
    };
    connection
        .prepare_cached(
            "INSERT INTO version (position, record, kind, version, act) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .and_then(|mut statement| {
            statement.execute(params![step.position, record, kind, version, step.kind.number()])
        })
        .map_err(|error| db(&error))?;
    let (members, terms) = apart(terms);
    put_members(connection, step.position, &members)?;
    put_terms(connection, names, record, terms)
}

/// What says to whose record a version belongs, apart from the search rows.
pub(crate) fn apart(terms: Vec<Term>) -> (Vec<Vec<u8>>, Vec<Term>) {
    let (members, terms): (Vec<Term>, Vec<Term>) = terms.into_iter().partition(|term| term.param == MEMBER);
    (members.into_iter().map(|term| term.value).collect(), terms)
}

/// Notes to whose records the version at a position belongs. Unlike search rows this stays when other versions follow.
pub(crate) fn put_members(
    connection: &Connection,
    position: i64,
    patients: &[Vec<u8>],
) -> Result<(), Problem> {
    for patient in patients {
        connection
            .prepare_cached("INSERT OR IGNORE INTO version_by_patient (patient, position) VALUES (?1, ?2)")
            .and_then(|mut statement| statement.execute(params![patient, position]))
            .map_err(|error| db(&error))?;
    }
    Ok(())
}

/// Makes these terms the search rows of a record: rows it had and keeps are not touched.
pub(crate) fn put_terms(
    connection: &Connection,
    names: &mut BTreeMap<String, i64>,
    record: i64,
    terms: Vec<Term>,
) -> Result<(), Problem> {
    let rows = term_list::numbered(terms, |param| name(connection, names, param))?;
    let (old, new) = (stored_terms(connection, record)?, TermList::encode(rows));
    if old.bytes() == new.bytes() {
        return Ok(());
    }
    change_rows(connection, record, &old, &new)?;
    let sql = if new.bytes().is_empty() {
        "DELETE FROM term_list WHERE record = ?1 AND ?2 IS NOT NULL"
    } else {
        "INSERT INTO term_list (record, body) VALUES (?1, ?2) ON CONFLICT (record) DO UPDATE SET body = excluded.body"
    };
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params![record, new.bytes()]))
        .map_err(|error| db(&error))?;
    Ok(())
}

/// Takes out of the index what a record no longer has, and puts in what is new.
fn change_rows(connection: &Connection, record: i64, old: &TermList, new: &TermList) -> Result<(), Problem> {
    let change = |sql: &str, row: (i64, &[u8])| {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params![row.0, row.1, record]))
            .map_err(|error| db(&error))
    };
    // A new record has nothing to compare with, and most writes are of new records.
    let old_rows: BTreeSet<(i64, &[u8])> = old.rows().collect::<Result<_, _>>()?;
    let mut kept = BTreeSet::new();
    for row in new.rows() {
        let row = row?;
        if old_rows.contains(&row) {
            kept.insert(row);
        } else {
            change("INSERT INTO term (param, value, record) VALUES (?1, ?2, ?3)", row)?;
        }
    }
    for gone in old_rows.difference(&kept) {
        change("DELETE FROM term WHERE param = ?1 AND value = ?2 AND record = ?3", *gone)?;
    }
    Ok(())
}

/// The search rows that a record has.
pub(crate) fn stored_terms(connection: &Connection, record: i64) -> Result<TermList, Problem> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM term_list WHERE record = ?1")
        .and_then(|mut statement| statement.query_row([record], |row| row.get(0)).optional())
        .map_err(|error| db(&error))?;
    Ok(body.map(TermList::from_bytes).unwrap_or_default())
}

/// The number that stands for a name (a resource type, a search parameter) in the views.
fn name(connection: &Connection, names: &mut BTreeMap<String, i64>, text: &str) -> Result<i64, Problem> {
    if let Some(id) = names.get(text) {
        return Ok(*id);
    }
    let id = connection
        .prepare_cached(
            "INSERT INTO name (text) VALUES (?1) ON CONFLICT (text) DO UPDATE SET text = text RETURNING id",
        )
        .and_then(|mut statement| statement.query_row([text], |row| row.get(0)))
        .map_err(|error| db(&error))?;
    names.insert(text.to_owned(), id);
    Ok(id)
}
