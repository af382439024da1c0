//! How a search is walked: which conditions become lists of records, and which are asked of each candidate.

use super::Span;
use super::engine::Engine;
use super::filter::{self, Candidate};
use super::list::{List, leap};
use super::prepare::{Slot, Target, Wanted};
use super::walk::Walk;
use crate::snapshot::limit;
use base::Problem;
use rusqlite::params;

/// Different values in a span that are still walked as lists, one for each.
const VALUES_MOST: usize = 8;
/// Records at the other end of a chain that are still turned into lists.
const CHAINED_MOST: usize = 512;
/// Rows looked at for that before it is given up.
const CHAINED_WORK: u64 = 2_048;
/// Sizes at which lists and spans are compared, smallest first: a span becomes a list as soon as it is known to be
/// small, or not at all when another list is found to be smaller.
const SIZES: [usize; 3] = [256, 4_096, 32_768];

/// Conditions that are neither lists nor questions yet, with their numbers.
type Open<'w> = Vec<(usize, &'w Wanted)>;
/// Single values, each of a parameter.
type Values = Vec<(i64, Vec<u8>)>;

/// Rows looked at to choose between wide spans.
const SAMPLE: usize = 16;
/// How many of them must fit to be called many.
const SAMPLE_FITTING: usize = 3;
/// Rows of a span that are gathered although they could be walked in their order.
const SPAN_GATHERED_MOST: usize = 256;

/// Lists that all hold a result, and what else is asked of it.
pub(super) struct Stream<'w> {
    lists: Vec<List>,
    filters: Vec<&'w Wanted>,
    at: i64,
}

/// A search thought through.
pub(super) struct Plan<'w> {
    pub(super) lists: Vec<List>,
    pub(super) filters: Vec<&'w Wanted>,
    /// The number of a condition that names a wide span of values: its rows can be walked in their order.
    pub(super) wide: Option<usize>,
}

impl<'w> Stream<'w> {
    /// Walks a plan from a record on. Without a list of its own it goes through all records of the types.
    pub(super) fn of(plan: Plan<'w>, kinds: &[i64], at: i64) -> Self {
        let Plan { mut lists, filters, .. } = plan;
        if lists.is_empty() && !kinds.is_empty() {
            lists.push(List::of_kinds(kinds));
        }
        Self { lists, filters, at }
    }

    /// Walks a list beside the conditions that are lists without being looked at.
    pub(super) fn beside(list: List, all: &'w [Wanted]) -> Self {
        let mut stream = Self { lists: vec![list], filters: Vec::new(), at: i64::MIN };
        for wanted in all {
            match exact_list(wanted) {
                Some(list) => stream.lists.push(list),
                None => stream.filters.push(wanted),
            }
        }
        stream
    }

    /// The next record that fulfils everything, in the order of numbers.
    pub(super) fn next(&mut self, engine: &Engine<'_>) -> Result<Option<Candidate>, Problem> {
        while let Some(record) = leap(engine, &mut self.lists, self.at)? {
            self.at = record.saturating_add(1);
            let candidate = Candidate::new(record);
            if filter::accepts_all(engine, &candidate, self.filters.iter().copied())? {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }
}

/// The list of a condition that names single values.
fn exact_list(wanted: &Wanted) -> Option<List> {
    let slots = wanted.slots()?;
    let values: Option<Vec<(i64, Vec<u8>)>> =
        slots.iter().map(|slot| Some((slot.param, slot.exact()?.to_vec()))).collect();
    Some(List::of_values(values?))
}

/// Thinks a search through. `kinds` are the types searched; none where the conditions say which.
pub(super) fn plan<'w>(engine: &Engine<'_>, kinds: &[i64], all: &'w [Wanted]) -> Result<Plan<'w>, Problem> {
    let mut plan = Plan { lists: Vec::new(), filters: Vec::new(), wide: None };
    let mut open = Vec::new();
    let mut last = None;
    for (number, wanted) in all.iter().enumerate() {
        if matches!(wanted, Wanted::Admitted) {
            last = Some(wanted);
            continue;
        }
        match list_of(engine, kinds, wanted)? {
            Some(list) => plan.lists.push(list),
            None if matches!(wanted, Wanted::Terms { negated: false, .. } | Wanted::Positions(_)) => {
                open.push((number, wanted));
            }
            None => plan.filters.push(wanted),
        }
    }
    // A single span is walked as it is: how many rows it has does not matter.
    if let ([(number, only)], true, true) = (open.as_slice(), plan.lists.is_empty(), plan.filters.is_empty())
        && only.slots().is_some()
    {
        let filters = [Some(*only), last].into_iter().flatten().collect();
        return Ok(Plan { wide: Some(*number), filters, ..plan });
    }
    for size in SIZES {
        // Without any list, a span too wide to be gathered soon is walked in its own order instead.
        let enough = plan.lists.is_empty() && size > SPAN_GATHERED_MOST;
        if open.is_empty() || enough || shortest_within(engine, &plan.lists, size)? {
            break;
        }
        if size > SPAN_GATHERED_MOST && often_fits(engine, &plan.lists, &open)? {
            break;
        }
        let (small, large) = gather_small(engine, kinds, open, size)?;
        plan.lists.extend(small);
        open = large;
    }
    if plan.lists.is_empty() {
        plan.wide = densest(engine, all, &open)?;
    }
    plan.filters.extend(open.into_iter().map(|(_, wanted)| wanted));
    // What costs most is asked last.
    plan.filters.extend(last);
    Ok(plan)
}

/// Whether records of the lists often fulfil the open conditions too: then a page is soon full without more lists.
fn often_fits(engine: &Engine<'_>, lists: &[List], open: &[(usize, &Wanted)]) -> Result<bool, Problem> {
    let mut lists = lists.to_vec();
    let (mut at, mut fitting) = (i64::MIN, 0_usize);
    for _ in 0..SAMPLE {
        let Some(record) = leap(engine, &mut lists, at)? else { return Ok(true) };
        at = record.saturating_add(1);
        let fits =
            filter::accepts_all(engine, &Candidate::new(record), open.iter().map(|(_, wanted)| *wanted))?;
        fitting = fitting.saturating_add(usize::from(fits));
    }
    Ok(fitting >= SAMPLE_FITTING)
}

/// Of several wide spans, the number of the one at whose beginning most rows fulfil all conditions: from there a page
/// is soon full. `date=ge2024-05-01&date=lt2024-06-01` is walked from May on, not from the oldest date on.
fn densest(engine: &Engine<'_>, all: &[Wanted], open: &[(usize, &Wanted)]) -> Result<Option<usize>, Problem> {
    let mut spans = open.iter().filter(|(_, wanted)| wanted.slots().is_some()).map(|(number, _)| *number);
    if let (Some(only), None) = (spans.next(), spans.next()) {
        return Ok(Some(only));
    }
    let mut best: Option<(usize, usize)> = None;
    for (number, wanted) in open {
        let Some(slot) = wanted.slots().and_then(<[Slot]>::first) else { continue };
        let mut fitting = 0_usize;
        for (_, record) in engine.slot_rows(slot, None, SAMPLE)? {
            let fits = filter::accepts_all(engine, &Candidate::new(record), all)?;
            fitting = fitting.saturating_add(usize::from(fits));
        }
        if best.is_none_or(|(most, _)| fitting > most) {
            best = Some((fitting, *number));
        }
    }
    Ok(best.map(|(_, number)| number))
}

/// Whether one of the lists is known to hold no more than `size` records.
fn shortest_within(engine: &Engine<'_>, lists: &[List], size: usize) -> Result<bool, Problem> {
    for list in lists {
        if list.size(engine, size.saturating_add(1))? <= size {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Turns the spans with at most `size` rows into lists; the others come back.
fn gather_small<'w>(
    engine: &Engine<'_>,
    kinds: &[i64],
    open: Open<'w>,
    size: usize,
) -> Result<(Vec<List>, Open<'w>), Problem> {
    let (mut small, mut large) = (Vec::new(), Vec::new());
    for (number, wanted) in open {
        let records = match wanted {
            Wanted::Positions(spans) => in_positions(engine, kinds, spans, size)?,
            other => in_slots(engine, other.slots().unwrap_or_default(), size)?,
        };
        match records {
            Some(records) => small.push(List::of_set(records)),
            None => large.push((number, wanted)),
        }
    }
    Ok((small, large))
}

/// The records with a row in the slots, if there are at most `size` rows.
fn in_slots(engine: &Engine<'_>, slots: &[Slot], size: usize) -> Result<Option<Vec<i64>>, Problem> {
    let mut seen = 0_usize;
    for slot in slots {
        // Counting first is cheap: most spans that are met here are too wide.
        let most = size.saturating_sub(seen).saturating_add(1);
        seen = seen.saturating_add(engine.count_rows(slot, most)?);
        if seen > size {
            return Ok(None);
        }
    }
    let mut records = Vec::new();
    for slot in slots {
        let rows = engine.slot_rows(slot, None, size)?;
        let fitting = rows.into_iter().filter(|(value, _)| slot.fits(slot.param, value));
        records.extend(fitting.map(|(_, record)| record));
    }
    Ok(Some(records))
}

/// The records of these types whose current versions stand at these positions, if there are at most `size`.
fn in_positions(
    engine: &Engine<'_>,
    kinds: &[i64],
    spans: &[(i64, i64)],
    size: usize,
) -> Result<Option<Vec<i64>>, Problem> {
    if kinds.is_empty() {
        return Ok(None);
    }
    let mut records: Vec<i64> = Vec::new();
    for (kind, (from, until)) in kinds.iter().flat_map(|kind| spans.iter().map(move |span| (kind, span))) {
        records.extend(engine.rows(
            "SELECT key FROM record WHERE kind = ?1 AND position >= ?2 AND position < ?3 AND deleted = 0 LIMIT ?4",
            params![kind, from, until, limit(size.saturating_sub(records.len()).saturating_add(1))],
            |row| row.get::<_, i64>(0),
        )?);
        if records.len() > size {
            return Ok(None);
        }
    }
    Ok(Some(records))
}

/// The list of a condition, where one can be had without much looking.
fn list_of(engine: &Engine<'_>, kinds: &[i64], wanted: &Wanted) -> Result<Option<List>, Problem> {
    match wanted {
        Wanted::Ids(ids) => {
            if kinds.is_empty() {
                return Ok(None);
            }
            let named = kinds.iter().flat_map(|kind| ids.iter().map(move |id| (*kind, id)));
            let records: Vec<Option<i64>> =
                named.map(|(kind, id)| engine.record_of(kind, id)).collect::<Result<_, _>>()?;
            Ok(Some(List::of_set(records.into_iter().flatten().collect())))
        }
        Wanted::Terms { any, negated: false } => match exact_list(wanted) {
            Some(list) => Ok(Some(list)),
            None => few_values(engine, any).map(|values| values.map(List::of_values)),
        },
        Wanted::Leads { params, to } => chained(engine, params, to),
        Wanted::LedTo(params, target) => reversed(engine, kinds, params, target),
        Wanted::Terms { .. } | Wanted::Positions(_) | Wanted::Admitted => Ok(None),
    }
}

/// The different values in the slots, when they are few: codes without their system, mostly.
fn few_values(engine: &Engine<'_>, slots: &[Slot]) -> Result<Option<Values>, Problem> {
    let mut values = Vec::new();
    for slot in slots {
        if let Some(value) = slot.exact() {
            values.push((slot.param, value.to_vec()));
            continue;
        }
        if matches!(slot.span, Span::Exact(_)) {
            return Ok(None);
        }
        let (mut from, until) = slot.bounds();
        let mut seen = 0_usize;
        while let Some(value) = engine.row(
            "SELECT value FROM term WHERE param = ?1 AND value >= ?2 AND value < ?3 ORDER BY value LIMIT 1",
            params![slot.param, from, until],
            |row| row.get::<_, Vec<u8>>(0),
        )? {
            seen = seen.saturating_add(1);
            if seen > VALUES_MOST {
                return Ok(None);
            }
            from = [value.as_slice(), &[0]].concat();
            if slot.fits(slot.param, &value) {
                values.push((slot.param, value));
            }
        }
    }
    Ok(Some(values))
}

/// Records at the end of a chain, when they are found quickly: each is a value of the references.
fn chained(engine: &Engine<'_>, params: &[i64], to: &[Target]) -> Result<Option<List>, Problem> {
    let mut values = Vec::new();
    for target in to {
        let Some(found) = gather_few(engine, target)? else { return Ok(None) };
        for candidate in found {
            let links = engine.links.to(&engine.key(candidate.row(engine)?)?);
            values.extend(params.iter().flat_map(|param| links.iter().map(|link| (*param, link.clone()))));
        }
    }
    Ok(Some(if values.is_empty() { List::of_set(Vec::new()) } else { List::of_values(values) }))
}

/// Records that records at the end of a reverse chain lead to, when those are found quickly.
fn reversed(
    engine: &Engine<'_>,
    kinds: &[i64],
    params: &[i64],
    target: &Target,
) -> Result<Option<List>, Problem> {
    // What leads to records of one type need not lead to those of another.
    let &[kind] = kinds else { return Ok(None) };
    let Some(found) = gather_few(engine, target)? else { return Ok(None) };
    let name = engine.kind(kind)?;
    let mut records = Vec::new();
    for candidate in found {
        for row in candidate.list(engine)?.rows() {
            let (param, value) = row?;
            if params.contains(&param)
                && let Some(key) = engine.links.from(value)
                && *key.kind == *name
            {
                records.extend(engine.record_of(kind, key.id.as_str())?);
            }
        }
    }
    Ok(Some(List::of_set(records)))
}

/// The records that a chain ends at, when they are few and found quickly.
fn gather_few(engine: &Engine<'_>, target: &Target) -> Result<Option<Vec<Candidate>>, Problem> {
    let start = engine.work();
    let inner = plan(engine, &[target.kind], &target.all)?;
    let mut way = Way::of(inner, &target.all, &[target.kind]);
    let mut found = Vec::new();
    while let Some(candidate) = way.next(engine)? {
        found.push(candidate);
        let work = engine.work().saturating_sub(start);
        if found.len() > CHAINED_MOST || work > CHAINED_WORK {
            return Ok(None);
        }
    }
    Ok(Some(found))
}

/// One of the two ways to go through all results, where their order does not matter.
pub(super) enum Way<'w> {
    Stream(Stream<'w>),
    Walk(Walk<'w>),
}

impl<'w> Way<'w> {
    /// The way that a plan takes.
    pub(super) fn of(plan: Plan<'w>, all: &'w [Wanted], kinds: &[i64]) -> Self {
        let walk = plan.wide.filter(|_| plan.lists.is_empty());
        match walk.and_then(|condition| Walk::new(all, condition, None)) {
            Some(walk) => Self::Walk(walk),
            None => Self::Stream(Stream::of(plan, kinds, i64::MIN)),
        }
    }

    pub(super) fn next(&mut self, engine: &Engine<'_>) -> Result<Option<Candidate>, Problem> {
        match self {
            Self::Stream(stream) => stream.next(engine),
            Self::Walk(walk) => Ok(walk.next(engine)?.map(|(candidate, _)| candidate)),
        }
    }
}
