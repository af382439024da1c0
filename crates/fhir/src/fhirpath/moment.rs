//! Dates, times of day and moments with partial precision: `2026`, `2026-04`, `2026-04-01T09:00+09:00`, `09:30`.

use super::calendar;
use std::cmp::Ordering;
use std::fmt;

/// Furthest zones from UTC, in seconds: +14:00 and -12:00.
const EAST_SECONDS_MAX: i64 = 14 * 3_600;
const WEST_SECONDS_MAX: i64 = 12 * 3_600;
/// Most digits behind the second that are kept.
const FRACTION_DIGITS_MAX: u8 = 9;

/// How much of a moment is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precision {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    /// With or without digits behind it: both count as the same precision (FHIRPath 6.2).
    Second,
}

/// A date, a date with time, or a time of day, as far as it is known.
///
/// A time of day has the fields of the date at 0. Fields beyond the precision are at their lowest value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    /// Digits behind the second.
    pub(super) digits: u8,
    pub(super) nanoseconds: u32,
    /// Minutes east of UTC.
    pub(super) offset: Option<i16>,
    pub(super) precision: Precision,
}

impl Moment {
    /// What nothing is known of but that it is in the year 1, or begins at midnight.
    const START: Self = Self {
        year: 1,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        digits: 0,
        nanoseconds: 0,
        offset: None,
        precision: Precision::Year,
    };

    /// Reads a date: year, year and month, or a whole date that exists.
    pub(super) fn date(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut moment = Self { year: number(parts.next()?, 4)?, ..Self::START };
        if let Some(month) = parts.next() {
            moment.month = number(month, 2)?;
            moment.precision = Precision::Month;
        }
        if let Some(day) = parts.next() {
            moment.day = number(day, 2)?;
            moment.precision = Precision::Day;
        }
        let days = calendar::days_in(moment.year.into(), moment.month.into())?;
        let exists = moment.year > 0 && (1..=days).contains(&i64::from(moment.day));
        (parts.next().is_none() && exists).then_some(moment)
    }

    /// Reads a date, or a date with `T` and as much of a time as is known, with or without zone.
    pub(super) fn date_time(text: &str) -> Option<Self> {
        let Some((date, rest)) = text.split_once('T') else { return Self::date(text) };
        let date = Self::date(date)?;
        if rest.is_empty() {
            return Some(date);
        }
        let (clock, zone) = match rest.find(['Z', '+', '-']) {
            Some(at) => rest.split_at_checked(at)?,
            None => (rest, ""),
        };
        let mut moment = Self::time(clock)?;
        if date.precision < Precision::Day {
            return None;
        }
        (moment.year, moment.month, moment.day) = (date.year, date.month, date.day);
        if !zone.is_empty() {
            moment.offset = Some(offset(zone)?);
        }
        Some(moment)
    }

    /// Reads a time of day: hour, minute, second, digits behind it, as many as are known.
    pub(super) fn time(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let hour = number(parts.next()?, 2).filter(|hour| *hour < 24)?;
        let mut moment = Self { year: 0, month: 0, day: 0, hour, precision: Precision::Hour, ..Self::START };
        if let Some(minute) = parts.next() {
            moment.minute = number(minute, 2).filter(|minute| *minute < 60)?;
            moment.precision = Precision::Minute;
        }
        if let Some(second) = parts.next() {
            let (whole, fraction) = second.split_once('.').map_or((second, None), |(w, f)| (w, Some(f)));
            moment.second = number(whole, 2).filter(|second| *second <= 60)?;
            moment.precision = Precision::Second;
            if let Some(fraction) = fraction {
                (moment.nanoseconds, moment.digits) = nanoseconds(fraction)?;
            }
        }
        parts.next().is_none().then_some(moment)
    }

    /// A moment `microseconds` after 1970, as a clock in the zone shows it, to the millisecond.
    pub(super) fn present(microseconds: i64, offset_minutes: i16) -> Self {
        let local = microseconds.saturating_add(i64::from(offset_minutes).saturating_mul(60_000_000));
        let seconds =
            local.div_euclid(1_000_000).saturating_add(calendar::number(1970, 1, 1).saturating_mul(86_400));
        let milliseconds = local.rem_euclid(1_000_000).div_euclid(1_000);
        let mut moment =
            Self { precision: Precision::Second, offset: Some(offset_minutes), digits: 3, ..Self::START };
        moment.nanoseconds = u32::try_from(milliseconds.saturating_mul(1_000_000)).unwrap_or_default();
        moment.with_seconds(seconds).unwrap_or(moment)
    }

    /// The date of a moment alone.
    pub(super) fn to_date(self) -> Self {
        let precision = self.precision.min(Precision::Day);
        Self { year: self.year, month: self.month, day: self.day, precision, ..Self::START }
    }

    /// The time of day of a moment alone.
    pub(super) fn to_time(self) -> Self {
        Self { year: 0, month: 0, day: 0, offset: None, ..self }
    }

    /// True for a time of day.
    pub(super) fn is_time(self) -> bool {
        self.year == 0
    }

    /// Seconds from 0001-01-01 (or midnight) to the moment, by its own clock.
    pub(super) fn seconds(self) -> i64 {
        let date = || calendar::number(self.year.into(), self.month.into(), self.day.into());
        let days = if self.is_time() { 0 } else { date() };
        let minutes = i64::from(self.hour).saturating_mul(60).saturating_add(self.minute.into());
        let seconds = minutes.saturating_mul(60).saturating_add(self.second.into());
        days.saturating_mul(86_400).saturating_add(seconds)
    }

    /// The same by a clock in UTC; what has no zone counts as it stands.
    pub(super) fn utc_seconds(self) -> i64 {
        self.seconds().saturating_sub(i64::from(self.offset.unwrap_or_default()).saturating_mul(60))
    }

    /// The same precision and zone, at other seconds. A time of day stays within its day.
    pub(super) fn with_seconds(self, seconds: i64) -> Option<Self> {
        let mut moment = self;
        if !self.is_time() {
            let (year, month, day) = calendar::date(seconds.div_euclid(86_400))?;
            moment.year = u16::try_from(year).ok()?;
            moment.month = u8::try_from(month).ok()?;
            moment.day = u8::try_from(day).ok()?;
        }
        let rest = seconds.rem_euclid(86_400);
        moment.hour = u8::try_from(rest.div_euclid(3_600)).ok()?;
        moment.minute = u8::try_from(rest.rem_euclid(3_600).div_euclid(60)).ok()?;
        moment.second = u8::try_from(rest.rem_euclid(60)).ok()?;
        Some(moment)
    }

    /// Fields in the order of their weight; those beyond the precision are cut off by the caller.
    fn fields(self) -> [u32; 7] {
        [
            self.year.into(),
            self.month.into(),
            self.day.into(),
            self.hour.into(),
            self.minute.into(),
            self.second.into(),
            self.nanoseconds,
        ]
    }

    /// The same moment by a clock in UTC.
    fn in_utc(self) -> Option<Self> {
        self.offset?;
        Self { offset: Some(0), ..self }.with_seconds(self.utc_seconds())
    }

    /// The order of two moments; `None` when their precision or zones do not decide it (FHIRPath 6.1, 6.2).
    pub(super) fn order(self, other: Self) -> Option<Ordering> {
        let timed = |moment: Self| moment.precision >= Precision::Hour && !moment.is_time();
        match (self.offset, other.offset) {
            (Some(left), Some(right)) if left != right && timed(self) && timed(other) => {
                self.in_utc()?.order_of_fields(other.in_utc()?)
            }
            (Some(_), None) if timed(other) => order_across_zones(self.in_utc()?, other),
            (None, Some(_)) if timed(self) => {
                order_across_zones(other.in_utc()?, self).map(Ordering::reverse)
            }
            _ => self.order_of_fields(other),
        }
    }

    fn order_of_fields(self, other: Self) -> Option<Ordering> {
        let shared = self.precision.min(other.precision);
        // Seconds bring their digits with them.
        let count = if shared == Precision::Second { 7 } else { usize::from(shared as u8).saturating_add(1) };
        let pairs = self.fields().into_iter().zip(other.fields()).take(count);
        let decided = pairs.map(|(left, right)| left.cmp(&right)).find(|order| order.is_ne());
        match decided {
            Some(order) => Some(order),
            None => (self.precision == other.precision).then_some(Ordering::Equal),
        }
    }
}

/// A moment in UTC against one whose zone is not known: decided when no zone could turn it round.
fn order_across_zones(known: Moment, local: Moment) -> Option<Ordering> {
    let (known, local) = (known.seconds(), local.seconds());
    // The unknown one took place between these moments, and within the hour its precision may leave open.
    let earliest = local.saturating_sub(EAST_SECONDS_MAX);
    let latest = local.saturating_add(WEST_SECONDS_MAX).saturating_add(3_600);
    match known {
        _ if known.saturating_add(3_600) < earliest => Some(Ordering::Less),
        _ if known > latest => Some(Ordering::Greater),
        _ => None,
    }
}

/// A number of exactly `length` decimal digits.
fn number<N: std::str::FromStr>(text: &str, length: usize) -> Option<N> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Digits behind the second: nanoseconds, and how many digits; those beyond the ninth are cut off.
fn nanoseconds(fraction: &str) -> Option<(u32, u8)> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept = fraction.get(..fraction.len().min(FRACTION_DIGITS_MAX.into()))?;
    let digits = u8::try_from(kept.len()).ok()?;
    let unit = 10_u32.checked_pow(u32::from(FRACTION_DIGITS_MAX.saturating_sub(digits)))?;
    Some((kept.parse::<u32>().ok()?.checked_mul(unit)?, digits))
}

/// `Z`, `+09:00`: minutes east of UTC.
fn offset(zone: &str) -> Option<i16> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match zone.strip_prefix('-') {
        Some(rest) => (-1_i16, rest),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let hours = number::<i16>(hours, 2).filter(|hours| *hours <= 14)?;
    let minutes = number::<i16>(minutes, 2).filter(|minutes| *minutes < 60)?;
    hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(sign)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_time() {
            write!(f, "{:04}", self.year)?;
            if self.precision >= Precision::Month {
                write!(f, "-{:02}", self.month)?;
            }
            if self.precision >= Precision::Day {
                write!(f, "-{:02}", self.day)?;
            }
            if self.precision >= Precision::Hour {
                f.write_str("T")?;
            }
        }
        if self.precision >= Precision::Hour {
            write!(f, "{:02}", self.hour)?;
        }
        if self.precision >= Precision::Minute {
            write!(f, ":{:02}", self.minute)?;
        }
        if self.precision >= Precision::Second {
            write!(f, ":{:02}", self.second)?;
            if self.digits > 0 {
                let all = format!("{:09}", self.nanoseconds);
                write!(f, ".{}", all.get(..usize::from(self.digits)).unwrap_or(&all))?;
            }
        }
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let minutes = offset.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
            }
        }
    }
}

/// The shape only: a date may be patient data.
impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "moment to the {:?}", self.precision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(left: &str, right: &str) -> Option<Ordering> {
        Moment::date_time(left).unwrap().order(Moment::date_time(right).unwrap())
    }

    #[test]
    fn what_is_read_is_written_the_same() {
        for text in [
            "2026",
            "2026-04",
            "2024-02-29",
            "2026-04-01T09",
            "2026-04-01T09:30",
            "2026-04-01T09:30:15.120+09:00",
        ] {
            assert_eq!(Moment::date_time(text).unwrap().to_string(), text);
        }
        for text in ["09", "09:30", "23:59:59.999"] {
            assert_eq!(Moment::time(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_does_not_exist_is_not_read() {
        for text in [
            "",
            "26",
            "2026-4",
            "2026-13",
            "2026-02-29",
            "0000",
            "2026T09",
            "2026-04-01T24",
            "2026-04-01T09:00 ",
            "2026-04-01T09:00+9:00",
            "2026-04-01T09:00:00.",
        ] {
            assert!(Moment::date_time(text).is_none(), "{text}");
        }
        assert!(Moment::time("09:30Z").is_none());
    }

    #[test]
    fn precision_decides_the_order_only_as_far_as_it_goes() {
        assert_eq!(order("2026", "2026-04"), None);
        assert_eq!(order("2025", "2026-04"), Some(Ordering::Less));
        assert_eq!(order("2026-04-01T09:00:00", "2026-04-01T09:00:00.0"), Some(Ordering::Equal));
        assert_eq!(order("2026-04-01T09:00", "2026-04-01T09:00:00"), None);
    }

    #[test]
    fn zones_are_counted() {
        assert_eq!(order("2026-04-01T09:00:00+09:00", "2026-04-01T00:00:00Z"), Some(Ordering::Equal));
        assert_eq!(order("2026-04-01T09:00:00+09:00", "2026-04-01T00:00:01Z"), Some(Ordering::Less));
        assert_eq!(order("2026-04-01T09:00:00", "2026-04-01T00:00:01Z"), None);
        assert_eq!(order("2026-04-01T09:00:00", "2026-04-03T00:00:01Z"), Some(Ordering::Less));
        assert_eq!(order("2026-04-03T00:00:01Z", "2026-04-01T09:00:00"), Some(Ordering::Greater));
    }

    #[test]
    fn the_present_is_shown_by_the_clock_of_the_zone() {
        assert_eq!(Moment::present(0, 540).to_string(), "1970-01-01T09:00:00.000+09:00");
        assert_eq!(Moment::present(1_775_001_600_123_456, 0).to_string(), "2026-04-01T00:00:00.123Z");
    }
}
