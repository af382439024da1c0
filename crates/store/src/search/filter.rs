//! Asking of one candidate whether it fulfils a condition.

use super::engine::{Engine, RecordRow};
use super::list::List;
use super::plan::Stream;
use super::prepare::{Slot, Target, Wanted};
use crate::snapshot::damaged;
use crate::term_list::TermList;
use base::Problem;
use std::cell::OnceCell;

/// A record that may be a result. What is read of it is kept for the next question.
pub(super) struct Candidate {
    pub(super) record: i64,
    list: OnceCell<TermList>,
    row: OnceCell<RecordRow>,
}

impl Candidate {
    pub(super) fn new(record: i64) -> Self {
        Self { record, list: OnceCell::new(), row: OnceCell::new() }
    }

    pub(super) fn list(&self, engine: &Engine<'_>) -> Result<&TermList, Problem> {
        if let Some(list) = self.list.get() {
            return Ok(list);
        }
        let list = engine.list(self.record)?;
        Ok(self.list.get_or_init(|| list))
    }

    pub(super) fn row(&self, engine: &Engine<'_>) -> Result<&RecordRow, Problem> {
        if let Some(row) = self.row.get() {
            return Ok(row);
        }
        let row = engine.record(self.record)?.ok_or_else(|| damaged("search rows of no record"))?;
        Ok(self.row.get_or_init(|| row))
    }
}

/// Whether the candidate fulfils all conditions.
pub(super) fn accepts_all<'w>(
    engine: &Engine<'_>,
    candidate: &Candidate,
    all: impl IntoIterator<Item = &'w Wanted>,
) -> Result<bool, Problem> {
    for wanted in all {
        if !accepts(engine, candidate, wanted)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn accepts(engine: &Engine<'_>, candidate: &Candidate, wanted: &Wanted) -> Result<bool, Problem> {
    match wanted {
        Wanted::Ids(ids) => {
            let row = candidate.row(engine)?;
            Ok(ids.contains(&row.id))
        }
        Wanted::Positions(spans) => {
            let position = candidate.row(engine)?.position;
            Ok(spans.iter().any(|(from, until)| (*from..*until).contains(&position)))
        }
        Wanted::Terms { any, negated } => Ok(fits_any(engine, candidate, any)? != *negated),
        Wanted::Leads { params, to } => leads(engine, candidate, params, to),
        Wanted::LedTo(params, target) => led_to(engine, candidate, params, target),
        Wanted::Admitted => engine.admits(candidate.record, candidate.row(engine)?.kind),
    }
}

fn fits_any(engine: &Engine<'_>, candidate: &Candidate, any: &[Slot]) -> Result<bool, Problem> {
    if let ([slot], None) = (any, candidate.list.get())
        && let Some(value) = slot.exact()
    {
        return engine.has(slot.param, value, candidate.record);
    }
    Ok(first_fit(engine, candidate, any)?.is_some())
}

/// The first of a candidate's rows that fits a slot, in the order in which slots are walked.
pub(super) fn first_fit(
    engine: &Engine<'_>,
    candidate: &Candidate,
    any: &[Slot],
) -> Result<Option<(usize, Vec<u8>)>, Problem> {
    let mut first: Option<(usize, &[u8])> = None;
    for row in candidate.list(engine)?.rows() {
        let (param, value) = row?;
        if let Some(index) = any.iter().position(|slot| slot.fits(param, value))
            && first.is_none_or(|first| (index, value) < first)
        {
            first = Some((index, value));
        }
    }
    Ok(first.map(|(index, value)| (index, value.to_vec())))
}

/// A chain: one of the candidate's references leads to a record that fulfils what is wanted of it.
fn leads(engine: &Engine<'_>, candidate: &Candidate, params: &[i64], to: &[Target]) -> Result<bool, Problem> {
    for row in candidate.list(engine)?.rows() {
        let (param, value) = row?;
        if !params.contains(&param) {
            continue;
        }
        let Some(key) = engine.links.from(value) else { continue };
        for target in to.iter().filter(|target| *target.name == *key.kind) {
            if let Some(record) = engine.record_of(target.kind, key.id.as_str())?
                && accepts_all(engine, &Candidate::new(record), &target.all)?
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// A reverse chain: some record that fulfils what is wanted of it leads to the candidate.
fn led_to(
    engine: &Engine<'_>,
    candidate: &Candidate,
    params: &[i64],
    target: &Target,
) -> Result<bool, Problem> {
    let values = engine.links.to(&engine.key(candidate.row(engine)?)?);
    let links = params.iter().flat_map(|param| values.iter().map(|value| (*param, value.clone()))).collect();
    let mut stream = Stream::beside(List::of_values(links), &target.all);
    Ok(stream.next(engine)?.is_some())
}
