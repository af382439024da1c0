//! Dates, times and periods as spans of microseconds, and their bytes.
//!
//! `2026-04` means the whole month. What has no zone is meant in Japan Standard Time.

use crate::definitions::Leaf;
use crate::json::Node;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
/// A day, in microseconds.
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;

/// A span of time: its first moment and the first moment after it, in microseconds since 1970. An open side is the
/// extreme of `i64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moments {
    pub(crate) from: i64,
    pub(crate) until: i64,
}

impl Moments {
    /// `01 from until`
    pub(crate) fn by_start(self) -> Vec<u8> {
        [&[1], ordered(self.from).as_slice(), &ordered(self.until)].concat()
    }

    /// `02 until from`
    pub(crate) fn by_end(self) -> Vec<u8> {
        [&[2], ordered(self.until).as_slice(), &ordered(self.from)].concat()
    }

    /// Reads either form back.
    pub(crate) fn of_term(term: &[u8]) -> Option<Self> {
        let (class, rest) = term.split_first()?;
        let (first, second) = rest.split_first_chunk::<8>()?;
        let (first, second) = (moment(*first), moment(second.try_into().ok()?));
        match class {
            1 => Some(Self { from: first, until: second }),
            2 => Some(Self { from: second, until: first }),
            _ => None,
        }
    }

    pub(crate) fn is_long(self) -> bool {
        self.until.saturating_sub(self.from) > DAY
    }

    fn read(text: &str) -> Option<Self> {
        period(text).map(|(from, until)| Self { from, until })
    }
}

/// A moment as bytes in the order of time.
pub(crate) fn ordered(moment: i64) -> [u8; 8] {
    (moment ^ i64::MIN).to_be_bytes()
}

fn moment(bytes: [u8; 8]) -> i64 {
    i64::from_be_bytes(bytes) ^ i64::MIN
}

/// The terms of a date, a period, or the outer limits of a timing.
pub(super) fn terms(leaf: Leaf, node: &Node, out: &mut Vec<Vec<u8>>) {
    let moments = match leaf {
        Leaf::Period => of_period(node),
        Leaf::Timing => of_timing(node),
        _ => node.as_str().and_then(Moments::read),
    };
    if let Some(moments) = moments {
        out.push(moments.by_start());
        if moments.is_long() {
            out.push(moments.by_end());
        }
    }
}

/// A period that ends before it starts is its start.
fn of_period(node: &Node) -> Option<Moments> {
    let side = |name: &str| node.get(name).and_then(Node::as_str).and_then(Moments::read);
    match (side("start"), side("end")) {
        (None, None) => None,
        (Some(start), None) => Some(Moments { from: start.from, until: i64::MAX }),
        (None, Some(end)) => Some(Moments { from: i64::MIN, until: end.until }),
        (Some(start), Some(end)) => Some(Moments { from: start.from, until: end.until.max(start.until) }),
    }
}

/// From the first event or the beginning of the bounds to the last event or the end of the bounds.
fn of_timing(node: &Node) -> Option<Moments> {
    let events = node.get("event").and_then(Node::as_array).unwrap_or_default();
    let events = events.iter().filter_map(Node::as_str).filter_map(Moments::read);
    let bounds = node.get("repeat").and_then(|repeat| repeat.get("boundsPeriod")).and_then(of_period);
    events
        .chain(bounds)
        .reduce(|all, one| Moments { from: all.from.min(one.from), until: all.until.max(one.until) })
}

/// First moment of a date and first moment after it, in microseconds since 1970.
pub(crate) fn period(text: &str) -> Option<(i64, i64)> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map(|part| digits(part, 2));
    let day = parts.next().map(|part| digits(part, 2));
    if parts.next().is_some() {
        return None;
    }
    match (month, day, time) {
        (None, None, None) => {
            Some((in_japan(start(year, 1, 1)?), in_japan(start(year.saturating_add(1), 1, 1)?)))
        }
        (Some(month), None, None) => {
            let from = in_japan(start(year, month?, 1)?);
            Some((from, from.saturating_add(days_in(year, month?)?.saturating_mul(DAY))))
        }
        (Some(month), Some(day), None) => {
            let from = in_japan(start(year, month?, day?)?);
            Some((from, from.saturating_add(DAY)))
        }
        (Some(month), Some(day), Some(time)) => {
            let (from, length) = time_of_day(time)?;
            let from = start(year, month?, day?)?.saturating_add(from);
            Some((from, from.saturating_add(length)))
        }
        _ => None,
    }
}

/// Minutes by which Japan is ahead of UTC, all year round.
const JAPAN_MINUTES: i64 = 9 * 60;

/// The moment at which a day that begins at `midnight` in UTC begins in Japan.
fn in_japan(midnight: i64) -> i64 {
    midnight.saturating_sub(JAPAN_MINUTES.saturating_mul(MINUTE))
}

/// `09:30`, `09:30:15`, `09:30:15.123`, with or without zone: microseconds into the day (UTC), and the precision.
fn time_of_day(text: &str) -> Option<(i64, i64)> {
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => {
            let (clock, zone) = text.split_at_checked(at)?;
            (clock, offset(zone)?)
        }
        None => (text, JAPAN_MINUTES),
    };
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2).filter(|hour| *hour < 24)?;
    let minute = digits(parts.next()?, 2).filter(|minute| *minute < 60)?;
    let (seconds, length) = match parts.next() {
        Some(seconds) => seconds_of(seconds)?,
        None => (0, MINUTE),
    };
    let minutes = hour.saturating_mul(60).saturating_add(minute).saturating_sub(offset);
    parts.next().is_none().then_some((minutes.saturating_mul(MINUTE).saturating_add(seconds), length))
}

/// `15` or `15.123`: microseconds, and the precision. Digits beyond the sixth are finer than any stored time.
fn seconds_of(text: &str) -> Option<(i64, i64)> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let whole = digits(whole, 2).filter(|second| *second <= 60)?.saturating_mul(SECOND);
    let Some(fraction) = fraction else { return Some((whole, SECOND)) };
    if fraction.is_empty() || fraction.len() > 12 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let places: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let unit = 10_i64.checked_pow(6_u32.saturating_sub(u32::try_from(fraction.len()).ok()?))?;
    Some((whole.saturating_add(digits(&places, 6)?), unit))
}

/// `Z`, `+09:00`: minutes to subtract for UTC.
fn offset(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None if zone == "Z" => return Some(0),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let hours = digits(hours, 2).filter(|hours| *hours <= 14)?;
    let minutes = digits(minutes, 2).filter(|minutes| *minutes < 60)?;
    Some(hours.saturating_mul(60).saturating_add(minutes).saturating_mul(sign))
}

/// A number of exactly `length` decimal digits.
fn digits(text: &str, length: usize) -> Option<i64> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn days_in(year: i64, month: i64) -> Option<i64> {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if leap => Some(29),
        2 => Some(28),
        _ => None,
    }
}

/// Microseconds from 1970 to the start of a day of the Gregorian calendar.
fn start(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=days_in(year, month)?).contains(&day) {
        return None;
    }
    let before_year =
        |year: i64| year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let years = before_year(year - 1) - before_year(1969);
    let months: i64 = (1..month).filter_map(|month| days_in(year, month)).sum();
    Some((years + months + day - 1).saturating_mul(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Time;

    fn texts(value: &str) -> (String, String) {
        let (from, until) = period(value).unwrap_or_else(|| panic!("{value}"));
        (Time::from_microseconds(from).to_string(), Time::from_microseconds(until).to_string())
    }

    #[test]
    fn a_partial_date_is_the_whole_period() {
        for (value, from, until) in [
            ("2026", "2025-12-31T15:00:00.000000Z", "2026-12-31T15:00:00.000000Z"),
            ("2024-02", "2024-01-31T15:00:00.000000Z", "2024-02-29T15:00:00.000000Z"),
            ("2026-12", "2026-11-30T15:00:00.000000Z", "2026-12-31T15:00:00.000000Z"),
            ("2026-04-01", "2026-03-31T15:00:00.000000Z", "2026-04-01T15:00:00.000000Z"),
            ("2026-04-01T09:30+09:00", "2026-04-01T00:30:00.000000Z", "2026-04-01T00:31:00.000000Z"),
            ("2026-04-01T00:30-09:30", "2026-04-01T10:00:00.000000Z", "2026-04-01T10:01:00.000000Z"),
            ("2026-04-01T09:30:15Z", "2026-04-01T09:30:15.000000Z", "2026-04-01T09:30:16.000000Z"),
            ("2026-04-01T09:30:15.25", "2026-04-01T00:30:15.250000Z", "2026-04-01T00:30:15.260000Z"),
            ("2026-04-01T09:30:15.123456789Z", "2026-04-01T09:30:15.123456Z", "2026-04-01T09:30:15.123457Z"),
        ] {
            assert_eq!(texts(value), (from.to_owned(), until.to_owned()), "{value}");
        }
    }

    #[test]
    fn every_day_starts_where_the_time_room_says() {
        for year in [1970, 1972, 1999, 2000, 2001, 2024, 2026, 2100, 9998] {
            for month in 1..=12 {
                for day in [1, days_in(year, month).unwrap()] {
                    let time = Time::parse(&format!("{year:04}-{month:02}-{day:02}T00:00:00Z"));
                    let time = time.unwrap_or_else(|| panic!("{year}-{month}-{day}"));
                    assert_eq!(start(year, month, day), Some(time.microseconds()), "{year}-{month}-{day}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_date_has_no_period() {
        let bad = [
            "",
            "26",
            "20260401",
            "2026-4",
            "2026-13",
            "2026-00",
            "2026-02-30",
            "2026-04-01-01",
            "2026-04T09:00",
            "2026-04-01T09",
            "2026-04-01T24:00",
            "2026-04-01T09:60",
            "2026-04-01T09:00:61",
            "2026-04-01T09:00:00.",
            "2026-04-01T09:00 09:00",
            "2026-04-01T09:00+9:00",
            "2026-04-01T09:00+15:00",
            "2026-04-01 09:00",
            "２０２６",
            "2026-04-01T09:00:00:00",
            "+2026",
        ];
        for value in bad {
            assert_eq!(period(value), None, "{value}");
        }
    }

    #[test]
    fn a_period_that_ends_before_it_starts_is_its_start() {
        let node = crate::json::parse(br#"{"start":"2026-04-01","end":"2025"}"#).unwrap();
        let (from, until) = period("2026-04-01").unwrap();
        assert_eq!(of_period(&node), Some(Moments { from, until }));
    }
}
