//! Conditions made ready: names replaced by their numbers, spans of time by positions of the journal.

use super::engine::Engine;
use super::{Alternative, Matching, Sort, SortBy, Span, TermTest};
use base::Problem;

/// A condition, ready to be walked or asked.
pub(super) enum Wanted {
    Ids(Vec<String>),
    /// Position of the current version: from, and before.
    Positions(Vec<(i64, i64)>),
    Terms {
        any: Vec<Slot>,
        negated: bool,
    },
    Leads {
        params: Vec<i64>,
        to: Vec<Target>,
    },
    LedTo(Vec<i64>, Target),
    /// The judge lets it be found. Always the last condition, since asking costs reading the record.
    Admitted,
}

/// Records of a type that fulfil conditions, at the other end of a reference.
pub(super) struct Target {
    /// The type, as a name and as a number.
    pub(super) name: String,
    pub(super) kind: i64,
    pub(super) all: Vec<Wanted>,
}

/// A span of rows of one parameter.
pub(super) struct Slot {
    pub(super) param: i64,
    pub(super) span: Span,
    pub(super) test: Option<TermTest>,
}

impl Slot {
    pub(super) fn fits(&self, param: i64, value: &[u8]) -> bool {
        self.param == param && self.span.holds(value) && self.test.as_ref().is_none_or(|test| test(value))
    }

    /// The value, where there is just one.
    pub(super) fn exact(&self) -> Option<&[u8]> {
        match &self.span {
            Span::Exact(value) if self.test.is_none() => Some(value),
            _ => None,
        }
    }

    /// The first value inside, and the end.
    pub(super) fn bounds(&self) -> (Vec<u8>, Vec<u8>) {
        match &self.span {
            Span::Exact(value) => (value.clone(), [value.as_slice(), &[0]].concat()),
            Span::Between { from, until } => (from.clone(), until.clone()),
        }
    }
}

impl Wanted {
    /// The slots of a condition that some row must fit.
    pub(super) fn slots(&self) -> Option<&[Slot]> {
        match self {
            Self::Terms { any, negated: false } => Some(any),
            _ => None,
        }
    }

    /// Whether no record can fulfil it.
    fn is_void(&self) -> bool {
        match self {
            Self::Ids(ids) => ids.is_empty(),
            Self::Positions(spans) => spans.is_empty(),
            Self::Terms { any, negated } => any.is_empty() && !negated,
            Self::Leads { params, to } => params.is_empty() || to.is_empty(),
            Self::LedTo(params, _) => params.is_empty(),
            Self::Admitted => false,
        }
    }
}

/// The conditions on records of these types made ready; none when no record can fulfil them all, because nothing of the kind
/// was ever stored. Where records may have to be left out, that is a condition like any other: so it holds for hits,
/// counts, orders and both ends of chains alike.
pub(super) fn conditions(
    engine: &Engine<'_>,
    kinds: &[&str],
    all: &[Matching],
) -> Result<Option<Vec<Wanted>>, Problem> {
    let mut wanted = Vec::with_capacity(all.len());
    for matching in all {
        match condition(engine, matching)? {
            Some(one) if !one.is_void() => wanted.push(one),
            _ => return Ok(None),
        }
    }
    if engine.leaves_out(kinds) {
        wanted.push(Wanted::Admitted);
    }
    Ok(Some(wanted))
}

fn condition(engine: &Engine<'_>, matching: &Matching) -> Result<Option<Wanted>, Problem> {
    Ok(Some(match matching {
        Matching::Ids(ids) => Wanted::Ids(ids.clone()),
        Matching::Updated(spans) => {
            let spans = spans.iter().map(|span| engine.snapshot().positions(*span));
            Wanted::Positions(spans.collect::<Result<_, _>>()?)
        }
        Matching::Terms { any, negated } => Wanted::Terms { any: slots(engine, any)?, negated: *negated },
        Matching::Leads { params, to } => {
            let to = to.iter().map(|(kind, all)| target(engine, kind, all));
            let to: Vec<Option<Target>> = to.collect::<Result<_, _>>()?;
            Wanted::Leads { params: names(engine, params)?, to: to.into_iter().flatten().collect() }
        }
        Matching::LedTo { kind, params, all } => match target(engine, kind, all)? {
            Some(target) => Wanted::LedTo(names(engine, params)?, target),
            None => return Ok(None),
        },
    }))
}

fn target(engine: &Engine<'_>, name: &str, all: &[Matching]) -> Result<Option<Target>, Problem> {
    let Some(kind) = engine.name(name)? else { return Ok(None) };
    let all = conditions(engine, &[name], all)?;
    Ok(all.map(|all| Target { name: name.to_owned(), kind, all }))
}

fn names(engine: &Engine<'_>, names: &[&'static str]) -> Result<Vec<i64>, Problem> {
    let numbers: Vec<Option<i64>> = names.iter().map(|name| engine.name(name)).collect::<Result<_, _>>()?;
    Ok(numbers.into_iter().flatten().collect())
}

/// The slots in the order in which they are walked. A parameter that was never stored has no rows.
fn slots(engine: &Engine<'_>, any: &[Alternative]) -> Result<Vec<Slot>, Problem> {
    let mut slots = Vec::with_capacity(any.len());
    for one in any {
        if let Some(param) = engine.name(one.param)? {
            slots.push(Slot { param, span: one.span.clone(), test: one.test.clone() });
        }
    }
    slots.sort_by_cached_key(|slot| (slot.param, slot.bounds()));
    Ok(slots)
}

/// A key of an order, ready.
pub(super) struct Key {
    pub(super) by: KeyBy,
    pub(super) descending: bool,
}

pub(super) enum KeyBy {
    Id,
    Updated,
    /// By the rows in these slots, in the order in which they are walked: all of one span.
    Rows(Vec<Slot>),
    /// The parameter was never stored: no record has a row.
    Nothing,
}

pub(super) fn keys(engine: &Engine<'_>, sort: &[Sort]) -> Result<Vec<Key>, Problem> {
    let key = |sort: &Sort| -> Result<Key, Problem> {
        let by = match &sort.by {
            SortBy::Id => KeyBy::Id,
            SortBy::Updated => KeyBy::Updated,
            SortBy::Term { params, from, until } => {
                let span = || Span::Between { from: from.clone(), until: until.clone() };
                let slot = |param| Slot { param, span: span(), test: None };
                let slots: Vec<Slot> = names(engine, params)?.into_iter().map(slot).collect();
                if slots.is_empty() { KeyBy::Nothing } else { KeyBy::Rows(slots) }
            }
        };
        Ok(Key { by, descending: sort.descending })
    };
    sort.iter().map(key).collect()
}
