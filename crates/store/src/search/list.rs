//! Lists of records in the order of their numbers that can jump: to the first record not before a given one.
//!
//! Lists that all must hold a record are walked by letting each jump to where the others are (a leapfrog join), so
//! that the shortest one decides how much is looked at.

use super::engine::Engine;
use crate::snapshot::limit;
use base::Problem;
use rusqlite::params;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Records read at a time: at first, and at most.
const CHUNK_FIRST: usize = 8;
const CHUNK_MOST: usize = 512;

/// One list.
#[derive(Clone)]
pub(super) enum List {
    /// Records with one value of one parameter.
    Value(ValueList),
    /// Records of any of several such lists.
    Union(Union),
    /// All records of these types.
    Kinds(Vec<i64>, Buffer),
    /// Records gathered before, sorted.
    Set(Vec<i64>, usize),
}

/// Records with one value of one parameter.
#[derive(Clone)]
pub(super) struct ValueList {
    param: i64,
    value: Vec<u8>,
    buffer: Buffer,
}

/// Several lists, merged.
#[derive(Clone)]
pub(super) struct Union {
    lists: Vec<ValueList>,
    /// Where each list is that has records left.
    heads: BinaryHeap<Reverse<(i64, usize)>>,
    started: bool,
}

/// A part of a list that was read.
#[derive(Clone)]
pub(super) struct Buffer {
    rows: Vec<i64>,
    at: usize,
    /// Seeks that this part has answered.
    served: usize,
    size: usize,
    /// Nothing comes after this part.
    last: bool,
}

impl List {
    /// The list of records that have any of these values.
    pub(super) fn of_values(mut values: Vec<(i64, Vec<u8>)>) -> Self {
        values.sort_unstable();
        values.dedup();
        let mut lists: Vec<ValueList> = values
            .into_iter()
            .map(|(param, value)| ValueList { param, value, buffer: Buffer::new() })
            .collect();
        match (lists.pop(), lists.is_empty()) {
            (Some(one), true) => Self::Value(one),
            (one, _) => {
                lists.extend(one);
                Self::Union(Union { lists, heads: BinaryHeap::new(), started: false })
            }
        }
    }

    pub(super) fn of_kinds(kinds: &[i64]) -> Self {
        Self::Kinds(kinds.to_vec(), Buffer::new())
    }

    pub(super) fn of_set(mut records: Vec<i64>) -> Self {
        records.sort_unstable();
        records.dedup();
        Self::Set(records, 0)
    }

    /// The first record not before `at`. Calls come with growing `at`.
    fn seek(&mut self, engine: &Engine<'_>, at: i64) -> Result<Option<i64>, Problem> {
        match self {
            Self::Value(list) => list.seek(engine, at),
            Self::Union(union) => union.seek(engine, at),
            Self::Kinds(kinds, buffer) => buffer.seek(at, |size| of_kinds(engine, kinds, at, size)),
            Self::Set(records, place) => {
                let rest = records.get(*place..).unwrap_or_default();
                *place = place.saturating_add(rest.partition_point(|record| *record < at));
                Ok(records.get(*place).copied())
            }
        }
    }

    /// How many records there are at most, as far as it is known without looking.
    pub(super) fn size(&self, engine: &Engine<'_>, most: usize) -> Result<usize, Problem> {
        match self {
            Self::Value(list) => engine.count_value(list.param, &list.value, most),
            Self::Union(union) => {
                let mut size = 0_usize;
                for list in &union.lists {
                    let rest = most.saturating_sub(size);
                    if rest == 0 {
                        break;
                    }
                    size = size.saturating_add(engine.count_value(list.param, &list.value, rest)?);
                }
                Ok(size)
            }
            Self::Kinds(..) => Ok(most),
            Self::Set(records, _) => Ok(records.len()),
        }
    }
}

/// The first records of these types that are not before `at`.
fn of_kinds(engine: &Engine<'_>, kinds: &[i64], at: i64, size: usize) -> Result<Vec<i64>, Problem> {
    let mut records: Vec<i64> = Vec::new();
    for kind in kinds {
        records.extend(engine.rows(
            "SELECT key FROM record WHERE kind = ?1 AND deleted = 0 AND key >= ?2 ORDER BY key LIMIT ?3",
            params![kind, at, limit(size)],
            |row| row.get::<_, i64>(0),
        )?);
    }
    // A record has one type: the first of all are among the first of each.
    records.sort_unstable();
    records.truncate(size);
    Ok(records)
}

impl ValueList {
    fn seek(&mut self, engine: &Engine<'_>, at: i64) -> Result<Option<i64>, Problem> {
        let (param, value) = (self.param, &self.value);
        self.buffer.seek(at, |size| {
            engine.rows(
                "SELECT record FROM term WHERE param = ?1 AND value = ?2 AND record >= ?3 ORDER BY record LIMIT ?4",
                params![param, value, at, limit(size)],
                |row| row.get(0),
            )
        })
    }
}

impl Union {
    fn seek(&mut self, engine: &Engine<'_>, at: i64) -> Result<Option<i64>, Problem> {
        if !self.started {
            self.started = true;
            for (index, list) in self.lists.iter_mut().enumerate() {
                self.heads.extend(list.seek(engine, at)?.map(|record| Reverse((record, index))));
            }
        }
        while let Some(Reverse((record, index))) = self.heads.peek().copied() {
            if record >= at {
                return Ok(Some(record));
            }
            self.heads.pop();
            if let Some(list) = self.lists.get_mut(index) {
                self.heads.extend(list.seek(engine, at)?.map(|record| Reverse((record, index))));
            }
        }
        Ok(None)
    }
}

impl Buffer {
    fn new() -> Self {
        Self { rows: Vec::new(), at: 0, served: 0, size: CHUNK_FIRST, last: false }
    }

    fn seek(
        &mut self,
        at: i64,
        read: impl FnOnce(usize) -> Result<Vec<i64>, Problem>,
    ) -> Result<Option<i64>, Problem> {
        let rest = self.rows.get(self.at..).unwrap_or_default();
        self.at = self.at.saturating_add(rest.partition_point(|record| *record < at));
        if let Some(record) = self.rows.get(self.at) {
            self.served = self.served.saturating_add(1);
            return Ok(Some(*record));
        }
        if self.last {
            return Ok(None);
        }
        // Walked one by one, the next part is larger; jumped over, it is small again.
        let walked = self.served.saturating_mul(2) >= self.rows.len();
        self.size = if walked && !self.rows.is_empty() {
            self.size.saturating_mul(4).min(CHUNK_MOST)
        } else {
            CHUNK_FIRST
        };
        self.rows = read(self.size)?;
        self.last = self.rows.len() < self.size;
        (self.at, self.served) = (0, 1);
        Ok(self.rows.first().copied())
    }
}

/// The first record not before `at` that all lists hold.
pub(super) fn leap(engine: &Engine<'_>, lists: &mut [List], at: i64) -> Result<Option<i64>, Problem> {
    let (mut at, mut agreed) = (at, 0_usize);
    let wanted = lists.len();
    loop {
        for list in lists.iter_mut() {
            let Some(found) = list.seek(engine, at)? else { return Ok(None) };
            agreed = if found == at { agreed.saturating_add(1) } else { 1 };
            at = found;
            if agreed >= wanted {
                return Ok(Some(at));
            }
        }
        if wanted == 0 {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_answers_from_what_it_read_and_reads_on_where_it_must() {
        let all: Vec<i64> = (0..1_000).map(|number| number * 3).collect();
        let mut reads = 0;
        let mut buffer = Buffer::new();
        let mut at = 0;
        let mut found = Vec::new();
        loop {
            let next = buffer.seek(at, |size| {
                reads += 1;
                Ok(all.iter().copied().filter(|record| *record >= at).take(size).collect())
            });
            let Some(record) = next.unwrap() else { break };
            found.push(record);
            at = record + 1;
        }
        assert_eq!(found, all);
        assert!(reads < 10, "{reads}");
    }
}
