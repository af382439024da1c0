//! Searching: which current records fulfil conditions on their search rows, in which order, page by page.
//!
//! A page costs what it shows, not what the store holds. Conditions that name values are walked as lists of records
//! that jump to each other ([`list`]); what cannot be a list is asked of each candidate ([`filter`]); a search that has
//! only a wide span of values is walked in the order of the values ([`walk`]). See `docs/decisions/012`.

mod cursor;
mod engine;
mod filter;
mod judge;
mod list;
mod plan;
mod prepare;
mod sort;
mod walk;

use crate::sealed::Sealed;
use crate::snapshot::{Snapshot, damaged};
use base::{Problem, RecordKey, Time};
use cursor::Place;
use engine::Engine;
use plan::{Stream, Way};
use prepare::Wanted;
use std::fmt;
use std::sync::Arc;
use walk::Walk;

pub use cursor::Cursor;
pub(crate) use engine::Names;
pub use judge::Judge;

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// Not before this.
    pub from: Option<Time>,
    /// Before this.
    pub until: Option<Time>,
}

/// A span of search values, in the order of their bytes.
#[derive(Clone, PartialEq, Eq)]
pub enum Span {
    /// This value.
    Exact(Vec<u8>),
    /// Values from one on, before another.
    Between {
        /// The first value inside.
        from: Vec<u8>,
        /// The first value after.
        until: Vec<u8>,
    },
}

/// A further demand on a value in the span.
pub type TermTest = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// One way to fulfil a condition: the record has a row of this parameter in the span that passes the test.
#[derive(Clone)]
pub struct Alternative {
    /// The parameter.
    pub param: &'static str,
    /// The values.
    pub span: Span,
    /// What else is demanded of the value.
    pub test: Option<TermTest>,
}

/// One condition of a search; a record must fulfil all of them, each by one of its alternatives. `Debug` hides values.
#[derive(Clone)]
pub enum Matching {
    /// Its id is one of these.
    Ids(Vec<String>),
    /// Its current version was written in one of these spans.
    Updated(Vec<TimeRange>),
    /// It has a row that fits an alternative, or, negated, none.
    Terms {
        /// The alternatives.
        any: Vec<Alternative>,
        /// Whether no row may fit.
        negated: bool,
    },
    /// One of these reference parameters leads to a record of one of the types that fulfils that type's conditions.
    Leads {
        /// The reference parameters.
        params: Vec<&'static str>,
        /// Types with their conditions.
        to: Vec<(String, Vec<Matching>)>,
    },
    /// Some record of a type that fulfils all conditions leads here by one of its reference parameters.
    LedTo {
        /// The type.
        kind: String,
        /// Its reference parameters.
        params: Vec<&'static str>,
        /// Its conditions.
        all: Vec<Matching>,
    },
}

/// How references are written as search values. The store knows no addresses; it is told how here.
pub trait Links {
    /// The values by which a reference to a record is found.
    fn to(&self, key: &RecordKey) -> Vec<Vec<u8>>;
    /// The record that a value leads to, if it is one of this facility.
    fn from(&self, value: &[u8]) -> Option<RecordKey>;
}

/// What a search is sorted by.
#[derive(Clone, PartialEq, Eq)]
pub enum SortBy {
    /// The id.
    Id,
    /// When the current version was written.
    Updated,
    /// The smallest (descending: the largest) row of a parameter in a span. Records without one come last.
    Term {
        /// The parameter: of each type that is searched its own.
        params: Vec<&'static str>,
        /// The first value of the span.
        from: Vec<u8>,
        /// The first value after it.
        until: Vec<u8>,
    },
}

/// One key of an order.
#[derive(Clone, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Largest first.
    pub descending: bool,
}

/// A search for one page.
pub struct Search<'a> {
    /// The types; none where conditions name parameters of several and so say which.
    pub kinds: &'a [&'a str],
    /// The conditions.
    pub all: &'a [Matching],
    /// The order; without one the order is stable, and nothing else is said of it.
    pub sort: &'a [Sort],
    /// How references are written.
    pub links: &'a dyn Links,
    /// Who says which records may be found; without one, all.
    pub judge: Option<&'a dyn Judge>,
    /// Where the page before ended.
    pub after: Option<&'a Cursor>,
    /// Most records on the page.
    pub count: usize,
}

/// A record that was found, as it is now.
#[derive(Clone, PartialEq, Eq)]
pub struct Hit {
    /// The record.
    pub key: RecordKey,
    /// Its number in the views.
    pub record: i64,
    /// Its content.
    pub content: Sealed,
}

/// A page of a search.
#[derive(Debug)]
pub struct Hits {
    /// The records, in order.
    pub hits: Vec<Hit>,
    /// Where the next page begins; none on the last one.
    pub next: Option<Cursor>,
}

/// What a caller found when it looked: the writer looks again, and refuses when the outcome is another.
#[derive(Clone)]
pub struct Guard {
    /// The type.
    pub kind: String,
    /// The conditions.
    pub all: Vec<Matching>,
    /// The records found, at most two.
    pub found: Vec<RecordKey>,
    /// How references are written.
    pub links: Arc<dyn Links + Send + Sync>,
    /// Who said which records may be found.
    pub judge: Option<Arc<dyn Judge + Send + Sync>>,
}

impl Snapshot<'_> {
    /// One page of a search.
    ///
    /// # Errors
    /// The search would look at more rows than one search may, or sort more records; the texts say what to do.
    pub fn search(&self, search: &Search<'_>) -> Result<Hits, Problem> {
        let engine = Engine::new(self, search.links, search.judge);
        let found = found(&engine, search)?;
        let mut hits = Vec::with_capacity(found.len().min(search.count));
        for (record, _) in found.iter().take(search.count) {
            match engine.hit(*record) {
                Err(problem) if engine.leaves_out_unproven(&problem) => {}
                hit => hits.push(hit?.ok_or_else(|| damaged("search rows of no record"))?),
            }
        }
        let shown = found.get(search.count.wrapping_sub(1)).filter(|_| found.len() > search.count);
        Ok(Hits { hits, next: shown.map(|(_, place)| Cursor(place.clone())) })
    }

    /// The records that fulfil all conditions, at most `most`, without their contents.
    pub fn found(&self, search: &Search<'_>) -> Result<Vec<(RecordKey, i64)>, Problem> {
        let engine = Engine::new(self, search.links, search.judge);
        let found = found(&engine, search)?.into_iter().take(search.count);
        found
            .map(|(record, _)| {
                let row = engine.record(record)?.ok_or_else(|| damaged("search rows of no record"))?;
                Ok((engine.key(&row)?, record))
            })
            .collect()
    }

    /// How many records fulfil all conditions.
    pub fn count(&self, search: &Search<'_>) -> Result<u64, Problem> {
        let engine = Engine::new(self, search.links, search.judge);
        let Some((kinds, all)) = prepared(&engine, search)? else { return Ok(0) };
        count(&engine, &kinds, &all)
    }

    /// The values of a record's rows of these parameters.
    pub fn values(
        &self,
        record: i64,
        params: &[&'static str],
        links: &dyn Links,
    ) -> Result<Vec<Vec<u8>>, Problem> {
        let engine = Engine::new(self, links, None);
        let numbers: Vec<Option<i64>> =
            params.iter().map(|name| engine.name(name)).collect::<Result<_, _>>()?;
        let list = engine.list(record)?;
        let mut values = Vec::new();
        for row in list.rows() {
            let (param, value) = row?;
            if numbers.contains(&Some(param)) {
                values.push(value.to_vec());
            }
        }
        Ok(values)
    }

    /// A record as it is now; none when there is none.
    pub fn hit(&self, key: &RecordKey, links: &dyn Links) -> Result<Option<Hit>, Problem> {
        let engine = Engine::new(self, links, None);
        let Some(kind) = engine.name(&key.kind)? else { return Ok(None) };
        match engine.record_of(kind, key.id.as_str())? {
            Some(record) => engine.hit(record),
            None => Ok(None),
        }
    }
}

/// The types and the conditions of a search by number.
type Prepared = (Vec<i64>, Vec<Wanted>);

/// The types and the conditions by number; none when nothing can be found.
fn prepared(engine: &Engine<'_>, search: &Search<'_>) -> Result<Option<Prepared>, Problem> {
    let numbers = search.kinds.iter().map(|name| engine.name(name));
    // Of a type that was never stored there is nothing; no number at all would mean whichever type.
    let kinds: Vec<i64> = numbers.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    if kinds.is_empty() && !search.kinds.is_empty() {
        return Ok(None);
    }
    Ok(prepare::conditions(engine, search.kinds, search.all)?.map(|all| (kinds, all)))
}

/// The records of a page and one more, if there is one, each with its place.
fn found(engine: &Engine<'_>, search: &Search<'_>) -> Result<Vec<(i64, Place)>, Problem> {
    let Some((kinds, all)) = prepared(engine, search)? else { return Ok(Vec::new()) };
    let kinds = kinds.as_slice();
    let more = search.count.saturating_add(1);
    let after = search.after.map(|cursor| &cursor.0);
    if !search.sort.is_empty() {
        let keys = prepare::keys(engine, search.sort)?;
        let after = match after {
            Some(Place::Sorted { keys: place, record }) if place.len() == keys.len() => {
                Some((place.clone(), *record))
            }
            _ => None,
        };
        let order = sort::Order { kinds, all: &all, keys: &keys, after, count: search.count };
        return order.page(engine);
    }
    match after {
        Some(Place::Record(record)) => {
            let plan = plan::plan(engine, kinds, &all)?;
            streamed(engine, Stream::of(plan, kinds, record.saturating_add(1)), more)
        }
        Some(Place::Value { condition, slot, value, record }) => {
            let number = |stored: u32| usize::try_from(stored).unwrap_or(usize::MAX);
            let after = (number(*slot), value.clone(), *record);
            walked(engine, Walk::new(&all, number(*condition), Some(after)), more)
        }
        _ => {
            let plan = plan::plan(engine, kinds, &all)?;
            match plan.wide {
                Some(condition) if plan.lists.is_empty() => {
                    walked(engine, Walk::new(&all, condition, None), more)
                }
                _ => streamed(engine, Stream::of(plan, kinds, i64::MIN), more),
            }
        }
    }
}

fn streamed(engine: &Engine<'_>, mut stream: Stream<'_>, most: usize) -> Result<Vec<(i64, Place)>, Problem> {
    let mut found = Vec::new();
    while found.len() < most
        && let Some(candidate) = stream.next(engine)?
    {
        found.push((candidate.record, Place::Record(candidate.record)));
    }
    Ok(found)
}

fn walked(engine: &Engine<'_>, walk: Option<Walk<'_>>, most: usize) -> Result<Vec<(i64, Place)>, Problem> {
    let mut found = Vec::new();
    let Some(mut walk) = walk else { return Ok(found) };
    while found.len() < most
        && let Some((candidate, place)) = walk.next(engine)?
    {
        found.push((candidate.record, place));
    }
    Ok(found)
}

fn count(engine: &Engine<'_>, kinds: &[i64], all: &[Wanted]) -> Result<u64, Problem> {
    if let Some(count) = counted(engine, kinds, all)? {
        return Ok(u64::try_from(count).unwrap_or(0));
    }
    let mut count = 0_u64;
    let plan = plan::plan(engine, kinds, all)?;
    let mut way = Way::of(plan, all, kinds);
    while way.next(engine)?.is_some() {
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// The number, where SQLite can count the rows of an index.
fn counted(engine: &Engine<'_>, kinds: &[i64], all: &[Wanted]) -> Result<Option<i64>, Problem> {
    match all {
        [] if !kinds.is_empty() => {
            let sql = "SELECT count(*) FROM record WHERE kind = ?1 AND deleted = 0";
            let counts = kinds.iter().map(|kind| engine.row(sql, [kind], |row| row.get::<_, i64>(0)));
            let counts: Vec<Option<i64>> = counts.collect::<Result<_, _>>()?;
            Ok(Some(counts.into_iter().flatten().fold(0, i64::saturating_add)))
        }
        [Wanted::Terms { any, negated: false }] => match any.as_slice() {
            [slot] if slot.exact().is_some() => {
                let sql = "SELECT count(*) FROM term WHERE param = ?1 AND value = ?2";
                engine.row(sql, rusqlite::params![slot.param, slot.exact()], |row| row.get(0))
            }
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

impl Span {
    /// Whether a value lies inside.
    pub fn holds(&self, value: &[u8]) -> bool {
        match self {
            Self::Exact(exact) => exact == value,
            Self::Between { from, until } => from.as_slice() <= value && value < until.as_slice(),
        }
    }
}

impl Alternative {
    /// Whether a row fits.
    fn fits(&self, param: &str, value: &[u8]) -> bool {
        self.param == param && self.span.holds(value) && self.test.as_ref().is_none_or(|test| test(value))
    }
}

impl Matching {
    /// Whether a record with these rows fulfils the condition; `None` when that cannot be told from its rows alone.
    pub fn accepts(&self, terms: &[crate::Term]) -> Option<bool> {
        let Self::Terms { any, negated } = self else { return None };
        let fits = |one: &Alternative| terms.iter().any(|term| one.fits(term.param, &term.value));
        Some(any.iter().any(fits) != *negated)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::Exact(_)) { "Exact" } else { "Between" })
    }
}

impl fmt::Debug for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.param, self.span)
    }
}

impl fmt::Debug for Matching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ids(ids) => write!(f, "{} ids", ids.len()),
            Self::Updated(spans) => write!(f, "{} times", spans.len()),
            Self::Terms { any, negated } => write!(f, "negated: {negated}, {any:?}"),
            Self::Leads { params, to } => write!(f, "{params:?} to {} types", to.len()),
            Self::LedTo { kind, params, .. } => write!(f, "from {kind} by {params:?}"),
        }
    }
}

impl fmt::Debug for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match &self.by {
            SortBy::Id => "id",
            SortBy::Updated => "updated",
            SortBy::Term { params, .. } => params.first().copied().unwrap_or_default(),
        };
        write!(f, "{}{by}", if self.descending { "-" } else { "" })
    }
}

impl fmt::Debug for SortBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "Id",
            Self::Updated => "Updated",
            Self::Term { params, .. } => params.first().copied().unwrap_or_default(),
        })
    }
}

impl fmt::Debug for Search<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("kinds", &self.kinds)
            .field("all", &self.all)
            .field("sort", &self.sort)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.key, self.content.bytes())
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}: {} found", self.kind, self.all, self.found.len())
    }
}
