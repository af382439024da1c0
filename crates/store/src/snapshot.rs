//! Reading: one moment of the store, looked at through the views and the journal.

use crate::codes;
use crate::commit::number;
use crate::database::problem as db;
use crate::emergency::{Claim, Proving};
use crate::entry::EntryKind;
use crate::sealed::Sealed;
use crate::search::{Names, TimeRange};
use base::{Position, Problem, RecordKey, ResourceId, Time, VersionNumber};
use merkle::{Hash, Subtrees};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, params_from_iter};
use std::ops::Deref;
use std::sync::Arc;

/// One moment of the store.
#[derive(Debug)]
pub struct Snapshot<'a> {
    pub(crate) connection: &'a Connection,
    /// Numbers and names of types and parameters, as far as they were asked for.
    pub(crate) names: Names,
    /// What each content must be proven against before it is shown; none where the journal is trusted as it stands.
    pub(crate) proving: Option<Arc<Proving>>,
}

/// The newest moment of the store: access entries that were acknowledged before it stand in it too.
#[derive(Debug)]
pub struct Newest<'a>(&'a Snapshot<'a>);

impl<'a> Newest<'a> {
    pub(crate) fn of(snapshot: &'a Snapshot<'a>) -> Self {
        Self(snapshot)
    }
}

impl<'a> Deref for Newest<'a> {
    type Target = Snapshot<'a>;

    fn deref(&self) -> &Snapshot<'a> {
        self.0
    }
}

/// A version that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub version: VersionNumber,
    /// Where its entry stands.
    pub position: Position,
    /// When it was written.
    pub time: Time,
    /// What its entry tells of.
    pub kind: EntryKind,
    /// Its content; none for a deletion.
    pub content: Option<Sealed>,
}

/// A version in a history or a search result, with its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The record.
    pub key: RecordKey,
    /// The version.
    pub found: Found,
    /// The record's place in the order of creation: where a later page goes on.
    pub record: i64,
}

/// Whose history.
#[derive(Clone, Copy, Debug)]
pub enum HistoryOf<'a> {
    /// One record's.
    Record(&'a RecordKey),
    /// All records' of a type.
    Kind(&'a str),
    /// All records'.
    Facility,
}

/// Which versions of a history are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistorySpan {
    /// Those written in this span.
    Written(TimeRange),
    /// Those that were current at some moment of this span.
    Current(TimeRange),
}

impl From<TimeRange> for HistorySpan {
    /// Versions written in a span of time.
    fn from(times: TimeRange) -> Self {
        Self::Written(times)
    }
}

/// A condition in SQL with its values.
type Wanted = (String, Vec<Box<dyn ToSql>>);

/// A content with its salt, in this order.
pub type Salted = ([u8; 32], Vec<u8>);

pub(crate) const FOUND: &str = "v.version, v.position, v.act, (SELECT time FROM checkpoint WHERE size > v.position ORDER BY size LIMIT 1), c.body";

impl<'a> Snapshot<'a> {
    pub(crate) fn over(connection: &'a Connection) -> Self {
        Self { connection, names: Names::default(), proving: None }
    }

    /// The same moment, of which nothing is shown that cannot be proven.
    pub(crate) fn proven_by(&self, proving: &Arc<Proving>) -> Snapshot<'a> {
        Snapshot { proving: Some(Arc::clone(proving)), ..Snapshot::over(self.connection) }
    }

    /// Refuses a version that cannot be proven, where it has to be.
    pub(crate) fn check_proven(&self, claim: &Claim<'_>) -> Result<(), Problem> {
        match &self.proving {
            Some(proving) => proving.check(self, claim),
            None => Ok(()),
        }
    }

    /// The current version of a record, be it a deletion; none when the record never existed.
    pub fn current(&self, key: &RecordKey) -> Result<Option<Found>, Problem> {
        self.one(
            key,
            &format!(
                "SELECT {FOUND} FROM record r JOIN version v ON v.position = r.position LEFT JOIN content c ON c.position = r.position
                 WHERE r.kind = (SELECT id FROM name WHERE text = ?1) AND r.id = ?2"
            ),
            params![key.kind, key.id.as_str()],
        )
    }

    /// One version of a record, be it a deletion; none when there is no such version.
    pub fn version(&self, key: &RecordKey, version: VersionNumber) -> Result<Option<Found>, Problem> {
        self.one(
            key,
            &format!(
                "SELECT {FOUND} FROM record r JOIN version v ON v.record = r.key AND v.version = ?3 LEFT JOIN content c ON c.position = v.position
                 WHERE r.kind = (SELECT id FROM name WHERE text = ?1) AND r.id = ?2"
            ),
            params![key.kind, key.id.as_str(), number(version.number())?],
        )
    }

    fn one(&self, key: &RecordKey, sql: &str, values: &[&dyn ToSql]) -> Result<Option<Found>, Problem> {
        let row = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                statement.query_row(values, |row| Ok(self.found_in(key, row))).optional()
            })
            .map_err(|error| db(&error))?;
        row.transpose()
    }

    /// Versions of a history, newest first: those before `before` and in `span`, at most `count`.
    pub fn history(
        &self,
        of: HistoryOf<'_>,
        before: Option<Position>,
        span: impl Into<HistorySpan>,
        count: usize,
    ) -> Result<Vec<Step>, Problem> {
        let (wanted, mut values) = self.versions(of, before, span.into())?;
        values.push(Box::new(limit(count)));
        let sql = format!(
            "SELECT {FOUND}, n.text, r.id, r.key FROM version v JOIN record r ON r.key = v.record JOIN name n ON n.id = v.kind
             LEFT JOIN content c ON c.position = v.position WHERE {wanted} ORDER BY v.position DESC LIMIT ?"
        );
        self.steps(&sql, &values)
    }

    /// How many versions a history has in `span`.
    pub fn history_count(&self, of: HistoryOf<'_>, span: HistorySpan) -> Result<u64, Problem> {
        let (wanted, values) = self.versions(of, None, span)?;
        let count: i64 = self
            .connection
            .prepare_cached(&format!("SELECT count(*) FROM version v WHERE {wanted}"))
            .and_then(|mut statement| statement.query_row(params_from_iter(values.iter()), |row| row.get(0)))
            .map_err(|error| db(&error))?;
        u64::try_from(count).map_err(|_| damaged("a negative count"))
    }

    /// Which rows of `version` a history has.
    fn versions(
        &self,
        of: HistoryOf<'_>,
        before: Option<Position>,
        span: HistorySpan,
    ) -> Result<Wanted, Problem> {
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        let whose = match of {
            HistoryOf::Record(key) => {
                values.extend([
                    Box::new(key.kind.to_string()) as Box<dyn ToSql>,
                    Box::new(key.id.as_str().to_owned()),
                ]);
                "v.record = (SELECT key FROM record WHERE kind = (SELECT id FROM name WHERE text = ?) AND id = ?)"
            }
            HistoryOf::Kind(kind) => {
                values.push(Box::new(kind.to_owned()));
                "v.kind = (SELECT id FROM name WHERE text = ?)"
            }
            HistoryOf::Facility => "v.act < 4",
        };
        let (HistorySpan::Written(times) | HistorySpan::Current(times)) = span;
        let (from, until) = self.positions(times)?;
        let below =
            before.map(|before| number(before.0)).transpose()?.map_or(until, |before| before.min(until));
        values.push(Box::new(below));
        values.push(Box::new(from));
        let since = match (span, times.from) {
            (HistorySpan::Current(_), Some(first)) => {
                let first = TimeRange { from: None, until: Some(first.plus_microseconds(1)) };
                values.push(Box::new(self.positions(first)?.1));
                // Written before, not a deletion, and not followed by another version by then.
                "(v.position >= ? OR (v.act <> 3 AND NOT EXISTS
                 (SELECT 1 FROM version n WHERE n.record = v.record AND n.version = v.version + 1 AND n.position < ?)))"
            }
            _ => "v.position >= ?",
        };
        Ok((format!("{whose} AND v.position < ? AND {since}"), values))
    }

    fn steps(&self, sql: &str, values: &[Box<dyn ToSql>]) -> Result<Vec<Step>, Problem> {
        let mut statement = self.connection.prepare_cached(sql).map_err(|error| db(&error))?;
        let rows = statement
            .query_map(params_from_iter(values.iter()), |row| Ok(self.step(row)))
            .map_err(|error| db(&error))?;
        rows.map(|row| row.map_err(|error| db(&error))?).collect()
    }

    /// The positions whose entries were written in a span of time. Commits carry the time, so this is exact.
    pub(crate) fn positions(&self, span: TimeRange) -> Result<(i64, i64), Problem> {
        let first_at = |moment: Time| -> Result<i64, Problem> {
            self.connection
                .prepare_cached("SELECT coalesce(max(size), 0) FROM checkpoint WHERE time < ?1")
                .and_then(|mut statement| statement.query_row([moment.microseconds()], |row| row.get(0)))
                .map_err(|error| db(&error))
        };
        let from = span.from.map(first_at).transpose()?.unwrap_or(0);
        let until = span.until.map(first_at).transpose()?.unwrap_or(i64::MAX);
        Ok((from, until))
    }

    /// The first records of every type after `after`, in the order of their creation, for exports.
    pub fn all(&self, after: i64, count: usize) -> Result<Vec<Step>, Problem> {
        let values: [Box<dyn ToSql>; 2] = [Box::new(after), Box::new(limit(count))];
        self.steps(
            &format!(
                "SELECT {FOUND}, n.text, r.id, r.key FROM record r JOIN version v ON v.position = r.position JOIN name n ON n.id = r.kind
                 LEFT JOIN content c ON c.position = r.position WHERE r.deleted = 0 AND v.act < 4 AND r.key > ? ORDER BY r.key LIMIT ?"
            ),
            &values,
        )
    }

    /// Everything that stands of a type of identities, in the order of its creation.
    pub(crate) fn identities(&self, kind: &str) -> Result<Vec<Step>, Problem> {
        let values: [Box<dyn ToSql>; 1] = [Box::new(kind.to_owned())];
        self.steps(
            &format!(
                "SELECT {FOUND}, n.text, r.id, r.key FROM record r JOIN version v ON v.position = r.position JOIN name n ON n.id = r.kind
                 LEFT JOIN content c ON c.position = r.position WHERE r.deleted = 0 AND r.kind = (SELECT id FROM name WHERE text = ?) ORDER BY r.key"
            ),
            &values,
        )
    }

    /// The notes whose names begin with `prefix`, by name.
    pub(crate) fn notes(&self, prefix: &str) -> Result<Vec<(String, String)>, Problem> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT name, text FROM note WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name",
            )
            .map_err(|error| db(&error))?;
        let rows = statement
            .query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(|error| db(&error))?;
        rows.collect::<Result<_, _>>().map_err(|error| db(&error))
    }

    /// Whether any current record has a search row of this parameter.
    pub(crate) fn has_row_of(&self, param: &str) -> Result<bool, Problem> {
        self.connection
            .prepare_cached("SELECT 1 FROM term WHERE param = (SELECT id FROM name WHERE text = ?1) LIMIT 1")
            .and_then(|mut statement| statement.exists([param]))
            .map_err(|error| db(&error))
    }

    /// How far the import of a source has come.
    pub(crate) fn import_done(&self, source: &str) -> Result<u64, Problem> {
        let done: Option<i64> = self
            .connection
            .query_row("SELECT done FROM import_mark WHERE source = ?1", [source], |row| row.get(0))
            .optional()
            .map_err(|error| db(&error))?;
        Ok(done.and_then(|done| u64::try_from(done).ok()).unwrap_or(0))
    }

    /// The bytes of one entry.
    pub fn entry(&self, position: Position) -> Result<Vec<u8>, Problem> {
        self.entries_from(position, 1)?
            .pop()
            .ok_or_else(|| damaged(format!("no entry at position {position}")))
    }

    /// The bytes of `count` entries; all of them must be there.
    pub fn entries_from(&self, first: Position, count: usize) -> Result<Vec<Vec<u8>>, Problem> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT body FROM entry WHERE position >= ?1 ORDER BY position LIMIT ?2")
            .map_err(|error| db(&error))?;
        let rows = statement
            .query_map(params![number(first.0)?, limit(count)], |row| row.get(0))
            .map_err(|error| db(&error))?;
        let bodies = rows.collect::<Result<Vec<Vec<u8>>, _>>().map_err(|error| db(&error))?;
        if bodies.len() == count {
            return Ok(bodies);
        }
        Err(damaged(format!("an entry is missing after position {first}")))
    }

    /// The salt and content of an entry, if it has any.
    pub(crate) fn content(&self, position: Position) -> Result<Option<Salted>, Problem> {
        self.connection
            .prepare_cached("SELECT salt, body FROM content WHERE position = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([i64::try_from(position.0).unwrap_or(-1)], |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })
                    .optional()
            })
            .map_err(|error| db(&error))
    }

    /// How many entries there are.
    pub(crate) fn entries(&self) -> Result<u64, Problem> {
        let last: Option<i64> = self
            .connection
            .query_row("SELECT max(position) FROM entry", [], |row| row.get(0))
            .map_err(|error| db(&error))?;
        last.map_or(Ok(0), |last| {
            u64::try_from(last).map(|last| last.saturating_add(1)).map_err(|_| damaged("a negative position"))
        })
    }

    /// The signed checkpoint of so many entries; none where none was signed.
    pub(crate) fn checkpoint_of(&self, size: u64) -> Result<Option<String>, Problem> {
        let place = number(size)?;
        let note: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT note FROM checkpoint WHERE size = ?1")
            .and_then(|mut statement| statement.query_row([place], |row| row.get(0)).optional())
            .map_err(|error| db(&error))?;
        note.map(String::from_utf8).transpose().map_err(|_| damaged("a checkpoint that is not text"))
    }

    /// The newest signed checkpoint and its time in microseconds.
    pub fn newest_checkpoint(&self) -> Result<(String, i64), Problem> {
        let row: Option<(Vec<u8>, i64)> = self
            .connection
            .prepare_cached("SELECT note, time FROM checkpoint ORDER BY size DESC LIMIT 1")
            .and_then(|mut statement| {
                statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .map_err(|error| db(&error))?;
        let (note, time) = row.ok_or_else(|| damaged("no checkpoint"))?;
        let note = String::from_utf8(note).map_err(|_| damaged("a checkpoint that is not text"))?;
        Ok((note, time))
    }
}

impl Subtrees for Snapshot<'_> {
    type Error = Problem;

    fn hashes(&self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Problem> {
        if level == 0 {
            let entries = self.entries_from(Position(first), count)?;
            return Ok(entries.iter().map(|entry| merkle::leaf_hash(entry)).collect());
        }
        let mut statement = self
            .connection
            .prepare_cached("SELECT hash FROM subtree WHERE level = ?1 AND idx >= ?2 ORDER BY idx LIMIT ?3")
            .map_err(|error| db(&error))?;
        let rows = statement
            .query_map(params![level, number(first)?, limit(count)], |row| row.get(0).map(Hash))
            .map_err(|error| db(&error))?;
        let hashes = rows.collect::<Result<Vec<_>, _>>().map_err(|error| db(&error))?;
        if hashes.len() == count {
            return Ok(hashes);
        }
        Err(damaged(format!("a subtree is missing at level {level} after {first}")))
    }
}

impl Snapshot<'_> {
    /// Reads the columns of [`FOUND`], which come first in every row.
    fn found_in(&self, key: &RecordKey, row: &Row<'_>) -> Result<Found, Problem> {
        let number = |column: usize| row.get::<_, i64>(column).map_err(|error| db(&error));
        let version = u64::try_from(number(0)?).ok().and_then(VersionNumber::new);
        let version = version.ok_or_else(|| damaged("a version number"))?;
        let position = u64::try_from(number(1)?).map_err(|_| damaged("a negative position"))?;
        let position = Position(position);
        let content = row.get::<_, Option<Vec<u8>>>(4).map_err(|error| db(&error))?;
        self.check_proven(&Claim { key, version: Some(version), position, content: content.as_deref() })?;
        Ok(Found {
            version,
            position,
            time: Time::from_microseconds(number(3)?),
            kind: EntryKind::from_number(number(2)?).ok_or_else(|| damaged("an unknown kind of version"))?,
            content: content.map(|bytes| Sealed::new(key.clone(), bytes)),
        })
    }

    pub(crate) fn step(&self, row: &Row<'_>) -> Result<Step, Problem> {
        let read =
            || -> rusqlite::Result<(String, String, i64)> { Ok((row.get(5)?, row.get(6)?, row.get(7)?)) };
        let (kind, id, record) = read().map_err(|error| db(&error))?;
        let id = ResourceId::parse(&id).ok_or_else(|| damaged("a malformed id"))?;
        let key = RecordKey::new(&kind, id);
        let found = self.found_in(&key, row)?;
        Ok(Step { key, found, record })
    }
}

pub(crate) fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) fn damaged(what: impl std::fmt::Display) -> Problem {
    Problem::new(&codes::CORRUPT).with("what", what).log("the journal contradicts itself")
}
