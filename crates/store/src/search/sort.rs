//! Pages in an order asked for.
//!
//! Few results are gathered and sorted. Many are met in their order by walking the index that the order is of, so that
//! a page does not cost all of them. Both agree on one order: by the keys, records without a key last, then by record
//! number, downwards when the first key goes downwards and is there.

use super::cursor::Place;
use super::engine::Engine;
use super::filter::{self, Candidate};
use super::plan::{Stream, plan};
use super::prepare::{Key, KeyBy, Slot, Wanted};
use crate::codes;
use crate::snapshot::limit;
use base::Problem;
use base::limits::SORTED_RECORDS_MAX;
use rusqlite::params;
use std::cmp::Ordering;

/// Results that are gathered and sorted although an index in the order wanted could be walked.
const GATHERED_MOST: usize = 2_048;
/// Rows read at a time.
const CHUNK: usize = 128;

/// A result with its place.
type Sorted = (Vec<Option<Vec<u8>>>, i64);

/// A search for a page in an order.
pub(super) struct Order<'a> {
    pub(super) kinds: &'a [i64],
    pub(super) all: &'a [Wanted],
    pub(super) keys: &'a [Key],
    pub(super) after: Option<Sorted>,
    pub(super) count: usize,
}

impl Order<'_> {
    /// The results of the page and one more, if there is one.
    pub(super) fn page(&self, engine: &Engine<'_>) -> Result<Vec<(i64, Place)>, Problem> {
        let plan = plan(engine, self.kinds, self.all)?;
        let walkable = self.is_walkable();
        let most = if walkable { GATHERED_MOST } else { SORTED_RECORDS_MAX };
        if !walkable || !plan.lists.is_empty() {
            let mut stream = Stream::of(plan, self.kinds, i64::MIN);
            if let Some(gathered) = self.gather(engine, &mut stream, most)? {
                return Ok(self.cut(gathered));
            }
            if !walkable {
                return Err(Problem::new(&codes::SORTED_TOO_MANY).with("limit", SORTED_RECORDS_MAX));
            }
        }
        match self.keys {
            [key @ Key { by: KeyBy::Rows(slots), .. }] => self.walk_rows(engine, slots, key.descending),
            [Key { by, descending }] => self.walk_records(engine, by, *descending),
            _ => Ok(Vec::new()),
        }
    }

    /// Whether there is an index in this order. Records of several types may have one id: none goes on behind it.
    fn is_walkable(&self) -> bool {
        match self.keys {
            [Key { by: KeyBy::Rows(_) | KeyBy::Updated, .. }] => !self.kinds.is_empty(),
            [Key { by: KeyBy::Id, .. }] => self.kinds.len() == 1,
            _ => false,
        }
    }

    /// All results, if there are at most `most`.
    fn gather(
        &self,
        engine: &Engine<'_>,
        stream: &mut Stream<'_>,
        most: usize,
    ) -> Result<Option<Vec<Sorted>>, Problem> {
        let mut gathered = Vec::new();
        while let Some(candidate) = stream.next(engine)? {
            if gathered.len() >= most {
                return Ok(None);
            }
            gathered.push((self.keys_of(engine, &candidate)?, candidate.record));
        }
        Ok(Some(gathered))
    }

    fn keys_of(&self, engine: &Engine<'_>, candidate: &Candidate) -> Result<Vec<Option<Vec<u8>>>, Problem> {
        // Records of one commit have one time: further keys decide among them.
        let timed = |key: &Key| matches!(key.by, KeyBy::Updated) && self.keys.len() > 1;
        let key = |key: &Key| {
            if timed(key) {
                let time = engine.written(candidate.row(engine)?.position)?;
                return Ok(Some(time.to_be_bytes().to_vec()));
            }
            key_of(engine, candidate, key)
        };
        self.keys.iter().map(key).collect()
    }

    /// The page out of all results.
    fn cut(&self, mut gathered: Vec<Sorted>) -> Vec<(i64, Place)> {
        if let Some(after) = &self.after {
            gathered.retain(|one| self.compare(one, after) == Ordering::Greater);
        }
        gathered.sort_unstable_by(|left, right| self.compare(left, right));
        gathered.truncate(self.count.saturating_add(1));
        gathered.into_iter().map(|(keys, record)| (record, Place::Sorted { keys, record })).collect()
    }

    fn compare(&self, left: &Sorted, right: &Sorted) -> Ordering {
        for (key, (one, other)) in self.keys.iter().zip(left.0.iter().zip(&right.0)) {
            let order = match (one, other) {
                (Some(one), Some(other)) if key.descending => other.cmp(one),
                (Some(one), Some(other)) => one.cmp(other),
                (one, other) => other.is_some().cmp(&one.is_some()),
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        let downwards = self.keys.first().is_some_and(|key| key.descending)
            && left.0.first().is_some_and(Option::is_some);
        if downwards { right.1.cmp(&left.1) } else { left.1.cmp(&right.1) }
    }

    /// Walks the rows of the parameter, then the records that have none.
    fn walk_rows(
        &self,
        engine: &Engine<'_>,
        slots: &[Slot],
        descending: bool,
    ) -> Result<Vec<(i64, Place)>, Problem> {
        let mut page = Vec::new();
        let mut without_from = i64::MIN;
        match &self.after {
            Some((keys, record)) if keys.first().is_some_and(Option::is_none) => {
                without_from = record.saturating_add(1);
            }
            after => {
                let after = after
                    .as_ref()
                    .and_then(|(keys, record)| Some((keys.first().cloned().flatten()?, *record)));
                page = self.with_rows(engine, slots, descending, after)?;
            }
        }
        if page.len() <= self.count {
            self.without_rows(engine, slots, without_from, &mut page)?;
        }
        Ok(page)
    }

    fn with_rows(
        &self,
        engine: &Engine<'_>,
        slots: &[Slot],
        descending: bool,
        mut after: Option<(Vec<u8>, i64)>,
    ) -> Result<Vec<(i64, Place)>, Problem> {
        let mut page = Vec::new();
        loop {
            let rows = sort_rows(engine, slots, descending, after.as_ref())?;
            let last = rows.len() < CHUNK;
            after = rows.last().cloned().or(after);
            for (value, record) in rows {
                let candidate = Candidate::new(record);
                let first = end_row(engine, &candidate, slots, descending)?;
                if first.as_ref() != Some(&value) || !filter::accepts_all(engine, &candidate, self.all)? {
                    continue;
                }
                page.push((record, Place::Sorted { keys: vec![Some(value)], record }));
                if page.len() > self.count {
                    return Ok(page);
                }
            }
            if last {
                return Ok(page);
            }
        }
    }

    /// Records that have no row to sort by, in the order of their numbers.
    fn without_rows(
        &self,
        engine: &Engine<'_>,
        slots: &[Slot],
        from: i64,
        page: &mut Vec<(i64, Place)>,
    ) -> Result<(), Problem> {
        let mut stream = Stream::of(plan(engine, self.kinds, self.all)?, self.kinds, from);
        while let Some(candidate) = stream.next(engine)? {
            if end_row(engine, &candidate, slots, false)?.is_some() {
                continue;
            }
            let record = candidate.record;
            page.push((record, Place::Sorted { keys: vec![None], record }));
            if page.len() > self.count {
                break;
            }
        }
        Ok(())
    }

    /// Walks the records themselves by id or by the position of their current versions.
    fn walk_records(
        &self,
        engine: &Engine<'_>,
        by: &KeyBy,
        descending: bool,
    ) -> Result<Vec<(i64, Place)>, Problem> {
        let mut page = Vec::new();
        let mut after = self.after.as_ref().and_then(|(keys, _)| keys.first().cloned().flatten());
        loop {
            let rows = record_rows(engine, self.kinds, by, descending, after.as_deref())?;
            let last = rows.len() < CHUNK;
            after = rows.last().map(|(key, _)| key.clone()).or(after);
            for (key, record) in rows {
                if !filter::accepts_all(engine, &Candidate::new(record), self.all)? {
                    continue;
                }
                page.push((record, Place::Sorted { keys: vec![Some(key)], record }));
                if page.len() > self.count {
                    return Ok(page);
                }
            }
            if last {
                return Ok(page);
            }
        }
    }
}

fn key_of(engine: &Engine<'_>, candidate: &Candidate, key: &Key) -> Result<Option<Vec<u8>>, Problem> {
    match &key.by {
        KeyBy::Id => Ok(Some(candidate.row(engine)?.id.clone().into_bytes())),
        KeyBy::Updated => Ok(Some(candidate.row(engine)?.position.to_be_bytes().to_vec())),
        KeyBy::Rows(slots) => end_row(engine, candidate, slots, key.descending),
        KeyBy::Nothing => Ok(None),
    }
}

/// The smallest (or largest) of a candidate's rows in the slots.
fn end_row(
    engine: &Engine<'_>,
    candidate: &Candidate,
    slots: &[Slot],
    largest: bool,
) -> Result<Option<Vec<u8>>, Problem> {
    let mut end: Option<&[u8]> = None;
    for row in candidate.list(engine)?.rows() {
        let (param, value) = row?;
        if slots.iter().any(|slot| slot.fits(param, value)) && end.is_none_or(|end| (value < end) != largest)
        {
            end = Some(value);
        }
    }
    Ok(end.map(<[u8]>::to_vec))
}

/// The next rows of all slots in one order: the first of all are among the first of each.
fn sort_rows(
    engine: &Engine<'_>,
    slots: &[Slot],
    descending: bool,
    after: Option<&(Vec<u8>, i64)>,
) -> Result<Vec<(Vec<u8>, i64)>, Problem> {
    let rows = slots.iter().map(|slot| slot_rows(engine, slot, descending, after));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(first_of_all(rows, descending))
}

/// The first rows of several chunks that are each in order, as many as one chunk holds.
fn first_of_all(mut chunks: Vec<Vec<(Vec<u8>, i64)>>, descending: bool) -> Vec<(Vec<u8>, i64)> {
    if chunks.len() == 1 {
        return chunks.pop().unwrap_or_default();
    }
    let mut rows = chunks.concat();
    rows.sort_unstable();
    if descending {
        rows.reverse();
    }
    rows.truncate(CHUNK);
    rows
}

fn slot_rows(
    engine: &Engine<'_>,
    slot: &Slot,
    descending: bool,
    after: Option<&(Vec<u8>, i64)>,
) -> Result<Vec<(Vec<u8>, i64)>, Problem> {
    if !descending {
        return engine.slot_rows(slot, after.map(|(value, record)| (value.as_slice(), *record)), CHUNK);
    }
    let (from, until) = slot.bounds();
    let (until, record) = match after {
        Some((value, record)) => (value.clone(), *record),
        None => (until, i64::MIN),
    };
    engine.rows(
        "SELECT value, record FROM term WHERE param = ?1 AND value >= ?2 AND value <= ?3 AND (value < ?3 OR record < ?4)
         ORDER BY value DESC, record DESC LIMIT ?5",
        params![slot.param, from, until, record, limit(CHUNK)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The next records of all types in one order.
fn record_rows(
    engine: &Engine<'_>,
    kinds: &[i64],
    by: &KeyBy,
    descending: bool,
    after: Option<&[u8]>,
) -> Result<Vec<(Vec<u8>, i64)>, Problem> {
    let rows = kinds.iter().map(|kind| kind_rows(engine, *kind, by, descending, after));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(first_of_all(rows, descending))
}

fn kind_rows(
    engine: &Engine<'_>,
    kind: i64,
    by: &KeyBy,
    descending: bool,
    after: Option<&[u8]>,
) -> Result<Vec<(Vec<u8>, i64)>, Problem> {
    let (compare, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    if matches!(by, KeyBy::Id) {
        let after = after.map(|id| String::from_utf8_lossy(id).into_owned());
        let from = after.unwrap_or_else(|| if descending { "~".to_owned() } else { String::new() });
        let sql = format!(
            "SELECT id, key FROM record WHERE kind = ?1 AND id {compare} ?2 AND deleted = 0 ORDER BY id {direction} LIMIT ?3"
        );
        return engine.rows(&sql, params![kind, from, limit(CHUNK)], |row| {
            Ok((row.get::<_, String>(0)?.into_bytes(), row.get(1)?))
        });
    }
    let after = after.and_then(|bytes| Some(i64::from_be_bytes(bytes.try_into().ok()?)));
    let from = after.unwrap_or(if descending { i64::MAX } else { -1 });
    let sql = format!(
        "SELECT position, key FROM record WHERE kind = ?1 AND position {compare} ?2 AND deleted = 0 ORDER BY position {direction} LIMIT ?3"
    );
    engine.rows(&sql, params![kind, from, limit(CHUNK)], |row| {
        Ok((row.get::<_, i64>(0)?.to_be_bytes().to_vec(), row.get(1)?))
    })
}
