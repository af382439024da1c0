//! Date values with prefix and partial precision, compared as periods (FHIR R4, search, date).
//!
//! `2026-04` means the whole month, and what is kept is a period as well. With V kept and Q asked for: `eq` Q contains V;
//! `ne` it does not; `gt` V reaches beyond the end of Q; `lt` V begins before Q; `ge` and `le` these or `eq`; `sa` V begins
//! after Q ended; `eb` V ended before Q begins; `ap` V overlaps Q made wider by a tenth of its distance to the present.

use super::TimeRange;
use super::prefix::Prefix;
use super::value::{Match, bad};
use crate::codes::search as codes;
use crate::terms::date::{DAY, Moments, ordered, period};
use base::{Problem, Time};

/// The matches for one value.
pub(super) fn matches(code: &str, value: &str, now: Time) -> Result<Vec<Match>, Problem> {
    let (prefix, asked) = read(code, value, now)?;
    let tested = move |term: &[u8]| Moments::of_term(term).is_some_and(|kept| fulfils(prefix, kept, asked));
    let Moments { from, until } = asked;
    // A period that is kept by its start only is no longer than a day.
    let since = |moment: i64| Match::between(start(moment.saturating_sub(DAY)), vec![2]).tested(tested);
    let until_then = |moment: i64| Match::between(vec![1], start(moment));
    let long_after = |moment: i64| Match::between(end(moment.saturating_add(1)), vec![3]).tested(tested);
    Ok(match prefix {
        Prefix::Equal => vec![Match::between(start(from), start(until)).tested(tested)],
        Prefix::NotEqual => vec![Match::class(1).tested(tested)],
        Prefix::Greater => vec![since(until), long_after(until)],
        Prefix::GreaterOrEqual => vec![since(from), long_after(until)],
        Prefix::Less => vec![until_then(from)],
        Prefix::LessOrEqual => vec![until_then(until).tested(tested)],
        Prefix::StartsAfter => vec![Match::between(start(until), vec![2])],
        Prefix::EndsBefore => vec![until_then(from).tested(tested)],
        Prefix::Approximately => {
            let near = start(from.saturating_sub(DAY));
            vec![Match::between(near, start(until)).tested(tested), long_after(from)]
        }
    })
}

/// The ranges of single moments for one value, in order.
pub(super) fn ranges(code: &str, value: &str, now: Time) -> Result<Vec<TimeRange>, Problem> {
    let (prefix, Moments { from, until }) = read(code, value, now)?;
    let range = |from: Option<i64>, until: Option<i64>| TimeRange {
        from: from.map(Time::from_microseconds),
        until: until.map(Time::from_microseconds),
    };
    Ok(match prefix {
        Prefix::Equal | Prefix::Approximately => vec![range(Some(from), Some(until))],
        Prefix::NotEqual => vec![range(None, Some(from)), range(Some(until), None)],
        Prefix::Greater | Prefix::StartsAfter => vec![range(Some(until), None)],
        Prefix::GreaterOrEqual => vec![range(Some(from), None)],
        Prefix::Less | Prefix::EndsBefore => vec![range(None, Some(from))],
        Prefix::LessOrEqual => vec![range(None, Some(until))],
    })
}

/// Prefix and period of one value; for `ap` the period made wider.
fn read(code: &str, value: &str, now: Time) -> Result<(Prefix, Moments), Problem> {
    let (prefix, date) = Prefix::split(code, value)?;
    let (from, until) = period(date).ok_or_else(|| bad(&codes::BAD_DATE, code, value))?;
    let now = now.microseconds();
    let distance = from.saturating_sub(now).max(now.saturating_sub(until)).max(0);
    let wider = if prefix == Prefix::Approximately { distance / 10 } else { 0 };
    Ok((prefix, Moments { from: from.saturating_sub(wider), until: until.saturating_add(wider) }))
}

fn fulfils(prefix: Prefix, kept: Moments, asked: Moments) -> bool {
    let inside = asked.from <= kept.from && kept.until <= asked.until;
    match prefix {
        Prefix::Equal => inside,
        Prefix::NotEqual => !inside,
        Prefix::Greater => kept.until > asked.until,
        Prefix::Less => kept.from < asked.from,
        Prefix::GreaterOrEqual => kept.until > asked.until || inside,
        Prefix::LessOrEqual => kept.from < asked.from || inside,
        Prefix::StartsAfter => kept.from >= asked.until,
        Prefix::EndsBefore => kept.until <= asked.from,
        Prefix::Approximately => kept.from < asked.until && asked.from < kept.until,
    }
}

/// Where terms of periods that start at a moment begin.
fn start(moment: i64) -> Vec<u8> {
    [&[1], ordered(moment).as_slice()].concat()
}

/// Where terms of long periods that end at a moment begin.
fn end(moment: i64) -> Vec<u8> {
    [&[2], ordered(moment).as_slice()].concat()
}
