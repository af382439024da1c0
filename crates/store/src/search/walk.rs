//! Walking a wide span of values in their order: what a page costs does not depend on how wide the span is.

use super::cursor::Place;
use super::engine::Engine;
use super::filter::{self, Candidate};
use super::prepare::{Slot, Wanted};
use base::Problem;

/// Rows read at a time.
const CHUNK: usize = 128;

/// A walk through the rows of a condition's slots. A record is met at the first of its rows only.
pub(super) struct Walk<'w> {
    /// The number of the condition.
    condition: usize,
    slots: &'w [Slot],
    filters: Vec<&'w Wanted>,
    slot: usize,
    after: Option<(Vec<u8>, i64)>,
    rows: std::vec::IntoIter<(Vec<u8>, i64)>,
    /// Nothing comes in this slot after the rows that were read.
    last: bool,
}

impl<'w> Walk<'w> {
    /// A walk through the rows of the condition with this number, behind a row of one of its slots. None when the
    /// condition is not one of rows.
    pub(super) fn new(
        all: &'w [Wanted],
        condition: usize,
        after: Option<(usize, Vec<u8>, i64)>,
    ) -> Option<Self> {
        let slots = all.get(condition)?.slots()?;
        let others = all.iter().enumerate().filter(|(number, _)| *number != condition);
        let filters = others.map(|(_, wanted)| wanted).collect();
        let (slot, after) = match after {
            Some((slot, value, record)) => (slot, Some((value, record))),
            None => (0, None),
        };
        Some(Self { condition, slots, filters, slot, after, rows: Vec::new().into_iter(), last: false })
    }

    /// The next record, and the place to go on from.
    pub(super) fn next(&mut self, engine: &Engine<'_>) -> Result<Option<(Candidate, Place)>, Problem> {
        while let Some(slot) = self.slots.get(self.slot) {
            let Some((value, record)) = self.rows.next() else {
                self.read_on(engine, slot)?;
                continue;
            };
            let place = (self.slot, value);
            if slot.fits(slot.param, &place.1) {
                let candidate = Candidate::new(record);
                if filter::first_fit(engine, &candidate, self.slots)?.as_ref() == Some(&place)
                    && filter::accepts_all(engine, &candidate, self.filters.iter().copied())?
                {
                    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
                    let (condition, slot) = (number(self.condition), number(place.0));
                    return Ok(Some((candidate, Place::Value { condition, slot, value: place.1, record })));
                }
            }
        }
        Ok(None)
    }

    fn read_on(&mut self, engine: &Engine<'_>, slot: &Slot) -> Result<(), Problem> {
        if self.last {
            self.slot = self.slot.saturating_add(1);
            (self.after, self.last) = (None, false);
            return Ok(());
        }
        let after = self.after.as_ref().map(|(value, record)| (value.as_slice(), *record));
        let rows = engine.slot_rows(slot, after, CHUNK)?;
        self.last = rows.len() < CHUNK;
        self.after = rows.last().cloned().or_else(|| self.after.take());
        self.rows = rows.into_iter();
        Ok(())
    }
}
