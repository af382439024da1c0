//! What every part of a search needs: the rows of the views by number, and an account of the work done.

use super::judge::Bench;
use super::prepare::Slot;
use super::{Hit, Judge, Links};
use crate::codes;
use crate::database::problem as db;
use crate::emergency::Claim;
use crate::sealed::Sealed;
use crate::snapshot::{Snapshot, damaged, limit};
use crate::term_list::TermList;
use base::limits::SEARCH_ROWS_MAX;
use base::{Position, Problem, RecordKey, ResourceId};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Numbers and names of types and parameters, kept once they were looked up.
#[derive(Debug, Default)]
pub(crate) struct Names {
    numbers: RefCell<HashMap<String, Option<i64>>>,
    kinds: RefCell<HashMap<i64, String>>,
}

/// One search under way.
pub(super) struct Engine<'s> {
    snapshot: &'s Snapshot<'s>,
    connection: &'s Connection,
    pub(super) links: &'s dyn Links,
    judge: Option<Bench<'s>>,
    /// Rows looked at so far.
    work: Cell<u64>,
}

/// A record's row in the views.
#[derive(Clone)]
pub(super) struct RecordRow {
    pub(super) kind: i64,
    pub(super) id: String,
    pub(super) position: i64,
}

impl<'s> Engine<'s> {
    pub(super) fn new(
        snapshot: &'s Snapshot<'s>,
        links: &'s dyn Links,
        judge: Option<&'s dyn Judge>,
    ) -> Self {
        let judge = judge.map(Bench::new);
        Self { snapshot, connection: snapshot.connection, links, judge, work: Cell::new(0) }
    }

    pub(super) fn snapshot(&self) -> &Snapshot<'s> {
        self.snapshot
    }

    /// Notes rows looked at; refuses when the search has looked at more than one search may.
    pub(super) fn spend(&self, rows: usize) -> Result<(), Problem> {
        let work = self.work.get().saturating_add(u64::try_from(rows).unwrap_or(u64::MAX));
        self.work.set(work);
        if work > SEARCH_ROWS_MAX {
            return Err(Problem::new(&codes::TOO_BROAD).with("limit", SEARCH_ROWS_MAX));
        }
        Ok(())
    }

    /// Rows looked at so far.
    pub(super) fn work(&self) -> u64 {
        self.work.get()
    }

    /// All rows of a query.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Problem> {
        let rows: Vec<T> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(values, read)?.collect())
            .map_err(|error| db(&error))?;
        self.spend(rows.len().saturating_add(1))?;
        Ok(rows)
    }

    /// The first row of a query.
    pub(super) fn row<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Problem> {
        self.spend(1)?;
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(values, read).optional())
            .map_err(|error| db(&error))
    }

    /// The number of a name; none when it was never stored.
    pub(super) fn name(&self, text: &str) -> Result<Option<i64>, Problem> {
        if let Some(known) = self.snapshot.names.numbers.borrow().get(text) {
            return Ok(*known);
        }
        let number = self.row("SELECT id FROM name WHERE text = ?1", [text], |row| row.get(0))?;
        self.snapshot.names.numbers.borrow_mut().insert(text.to_owned(), number);
        Ok(number)
    }

    /// The name of a type's number.
    pub(super) fn kind(&self, number: i64) -> Result<String, Problem> {
        if let Some(known) = self.snapshot.names.kinds.borrow().get(&number) {
            return Ok(known.clone());
        }
        let name: Option<String> =
            self.row("SELECT text FROM name WHERE id = ?1", [number], |row| row.get(0))?;
        let name = name.ok_or_else(|| damaged("a record of a type without a name"))?;
        self.snapshot.names.kinds.borrow_mut().insert(number, name.clone());
        Ok(name)
    }

    /// All search rows of a record.
    pub(super) fn list(&self, record: i64) -> Result<TermList, Problem> {
        let body = self.row("SELECT body FROM term_list WHERE record = ?1", [record], |row| row.get(0))?;
        Ok(body.map(TermList::from_bytes).unwrap_or_default())
    }

    /// A record's row; none when the record is deleted.
    pub(super) fn record(&self, record: i64) -> Result<Option<RecordRow>, Problem> {
        self.row("SELECT kind, id, position FROM record WHERE key = ?1 AND deleted = 0", [record], |row| {
            Ok(RecordRow { kind: row.get(0)?, id: row.get(1)?, position: row.get(2)? })
        })
    }

    /// When the entry at a position was written: the time of its commit.
    pub(super) fn written(&self, position: i64) -> Result<i64, Problem> {
        let time = self.row(
            "SELECT time FROM checkpoint WHERE size > ?1 ORDER BY size LIMIT 1",
            [position],
            |row| row.get(0),
        )?;
        Ok(time.unwrap_or(i64::MAX))
    }

    /// The number of a record that is not deleted.
    pub(super) fn record_of(&self, kind: i64, id: &str) -> Result<Option<i64>, Problem> {
        self.row(
            "SELECT key FROM record WHERE kind = ?1 AND id = ?2 AND deleted = 0",
            params![kind, id],
            |row| row.get(0),
        )
    }

    pub(super) fn key(&self, row: &RecordRow) -> Result<RecordKey, Problem> {
        let id = ResourceId::parse(&row.id).ok_or_else(|| damaged("a malformed id"))?;
        Ok(RecordKey::new(&self.kind(row.kind)?, id))
    }

    /// Whether a record has a row with this value.
    pub(super) fn has(&self, param: i64, value: &[u8], record: i64) -> Result<bool, Problem> {
        let found = self.row(
            "SELECT 1 FROM term WHERE param = ?1 AND value = ?2 AND record = ?3",
            params![param, value, record],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// How many records have a row with this value, counted up to `most`.
    pub(super) fn count_value(&self, param: i64, value: &[u8], most: usize) -> Result<usize, Problem> {
        let count: Option<i64> = self.row(
            "SELECT count(*) FROM (SELECT 1 FROM term WHERE param = ?1 AND value = ?2 LIMIT ?3)",
            params![param, value, limit(most)],
            |row| row.get(0),
        )?;
        Ok(usize::try_from(count.unwrap_or(0)).unwrap_or(usize::MAX))
    }

    /// How many rows a slot has, counted up to `most`; those that fail its test are among them.
    pub(super) fn count_rows(&self, slot: &Slot, most: usize) -> Result<usize, Problem> {
        let (from, until) = slot.bounds();
        let count: Option<i64> = self.row(
            "SELECT count(*) FROM (SELECT 1 FROM term WHERE param = ?1 AND value >= ?2 AND value < ?3 LIMIT ?4)",
            params![slot.param, from, until, limit(most)],
            |row| row.get(0),
        )?;
        Ok(usize::try_from(count.unwrap_or(0)).unwrap_or(usize::MAX))
    }

    /// Rows of a slot after a value and record, in the order of values and records, at most `most`; those that fail
    /// the slot's test are among them.
    pub(super) fn slot_rows(
        &self,
        slot: &Slot,
        after: Option<(&[u8], i64)>,
        most: usize,
    ) -> Result<Vec<(Vec<u8>, i64)>, Problem> {
        let (from, until) = slot.bounds();
        let (from, record) = match after {
            Some((value, record)) => (value.to_vec(), record),
            None => (from, i64::MIN),
        };
        self.rows(
            "SELECT value, record FROM term WHERE param = ?1 AND value >= ?2 AND value < ?3 AND (value > ?2 OR record > ?4)
             ORDER BY value, record LIMIT ?5",
            params![slot.param, from, until, record, limit(most)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// Whether some records of these types may have to be left out; without a type, of whichever.
    pub(super) fn leaves_out(&self, kinds: &[&str]) -> bool {
        let all = |judge: &dyn Judge| !kinds.is_empty() && kinds.iter().all(|kind| judge.all(kind));
        self.judge.as_ref().is_some_and(|bench| !all(bench.judge))
    }

    /// Whether the record may be found at all. It is asked once for each record.
    pub(super) fn admits(&self, record: i64, kind: i64) -> Result<bool, Problem> {
        let Some(bench) = &self.judge else { return Ok(true) };
        if let Some(known) = bench.known(record) {
            return Ok(known);
        }
        if bench.judge.all(&self.kind(kind)?) {
            return Ok(true);
        }
        let hit = match self.load(record) {
            // It is counted where it is proven, and no search tells of it.
            Err(problem) if self.leaves_out_unproven(&problem) => {
                bench.refuse(record);
                return Ok(false);
            }
            loaded => loaded?.ok_or_else(|| damaged("search rows of no record"))?,
        };
        let admitted = bench.judge.admits(self.snapshot, &hit)?;
        bench.note(hit, admitted);
        Ok(admitted)
    }

    /// A record with its content.
    pub(super) fn hit(&self, record: i64) -> Result<Option<Hit>, Problem> {
        match self.judge.as_ref().and_then(|bench| bench.take(record)) {
            Some(hit) => Ok(Some(hit)),
            None => self.load(record),
        }
    }

    /// Whether this says no more than that a version cannot be proven.
    pub(super) fn leaves_out_unproven(&self, problem: &Problem) -> bool {
        self.snapshot.proving.is_some() && problem.code() == &codes::UNPROVEN
    }

    fn load(&self, record: i64) -> Result<Option<Hit>, Problem> {
        let row = self.row(
            "SELECT r.kind, r.id, r.position, c.body FROM record r JOIN content c ON c.position = r.position WHERE r.key = ?1 AND r.deleted = 0",
            [record],
            |row| {
                let place = RecordRow { kind: row.get(0)?, id: row.get(1)?, position: row.get(2)? };
                Ok((place, row.get::<_, Vec<u8>>(3)?))
            },
        )?;
        row.map(|(row, content)| {
            let key = self.key(&row)?;
            let position = u64::try_from(row.position).map_err(|_| damaged("a negative position"))?;
            let (position, version) = (Position(position), None);
            self.snapshot.check_proven(&Claim { key: &key, version, position, content: Some(&content) })?;
            Ok(Hit { content: Sealed::new(key.clone(), content), key, record })
        })
        .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct NoLinks;

    impl Links for NoLinks {
        fn to(&self, _: &RecordKey) -> Vec<Vec<u8>> {
            Vec::new()
        }

        fn from(&self, _: &[u8]) -> Option<RecordKey> {
            None
        }
    }

    #[test]
    fn a_search_that_looks_at_too_many_rows_is_refused() {
        let connection = Connection::open_in_memory().unwrap();
        let snapshot = Snapshot::over(&connection);
        let engine = Engine::new(&snapshot, &NoLinks, None);
        let most = usize::try_from(SEARCH_ROWS_MAX).unwrap();
        engine.spend(most).unwrap();
        let refused = engine.spend(1).unwrap_err();
        assert_eq!(refused.code().id, "ST-0024");
        assert!(refused.text(base::Language::English).contains(&most.to_string()));
    }
}
