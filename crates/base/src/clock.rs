//! Time as a parameter: rooms take a [`Clock`], so that expiry and clock faults can be tested.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A moment in UTC, counted in whole microseconds since 1970-01-01T00:00:00Z (leap seconds not counted).
///
/// Its text is the RFC 3339 form with six decimals, which is also a valid FHIR `instant`:
/// `2026-04-01T00:00:00.000000Z`. The text of a later moment sorts after the text of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// 9999-12-30T22:00:00Z: the last moment whose text has a year of four digits in every time zone.
const MICROSECONDS_MAX: i64 = 253_402_207_200_000_000;

impl Time {
    /// The moment `microseconds` after 1970, held within 1970 to 9999.
    pub fn from_microseconds(microseconds: i64) -> Self {
        Self(microseconds.clamp(0, MICROSECONDS_MAX))
    }

    /// Microseconds since 1970.
    pub fn microseconds(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 moment of any offset and precision (finer than a microsecond is cut off).
    pub fn parse(text: &str) -> Option<Self> {
        let moment: jiff::Timestamp = text.parse().ok()?;
        let microseconds = moment.as_microsecond();
        (0..=MICROSECONDS_MAX).contains(&microseconds).then_some(Self(microseconds))
    }

    /// This moment, `microseconds` later.
    #[must_use]
    pub fn plus_microseconds(self, microseconds: i64) -> Self {
        Self::from_microseconds(self.0.saturating_add(microseconds))
    }

    /// This moment, `seconds` later (or earlier, when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_microseconds(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl Time {
    /// For people: the time of day in Japan to the second, with its offset, `2026-04-01 09:00:00+09:00`.
    pub fn in_japan(self) -> String {
        let there = jiff::tz::TimeZone::fixed(JAPAN);
        let moment = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default().to_zoned(there);
        moment.strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
    }
}

/// Japan is ahead of UTC by nine hours, all year.
const JAPAN: jiff::tz::Offset = jiff::tz::Offset::constant(9);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(moment) => write!(f, "{moment:.6}"),
            // Cannot happen: the constructor holds the value within the writable range.
            Err(_) => f.write_str("1970-01-01T00:00:00.000000Z"),
        }
    }
}

/// Where rooms get the time from.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present moment by the wall clock. It may stand still or run back; callers must cope.
    fn now(&self) -> Time;
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's time comes in")]
    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time::from_microseconds(i64::try_from(since.as_micros()).unwrap_or(MICROSECONDS_MAX))
    }
}

/// A clock that tests and deterministic runs move by hand. Each reading may also move it on by a fixed step.
#[derive(Debug)]
pub struct ManualClock {
    now: AtomicI64,
    step_microseconds: AtomicI64,
}

impl ManualClock {
    /// Starts at `start`; every reading moves it on by `step_microseconds` (0: it stands still).
    pub fn new(start: Time, step_microseconds: i64) -> Self {
        Self { now: AtomicI64::new(start.0), step_microseconds: AtomicI64::new(step_microseconds) }
    }

    /// Sets the clock, forwards or back.
    pub fn set(&self, moment: Time) {
        self.now.store(moment.0, Ordering::SeqCst);
    }

    /// From now on every reading moves the clock by this much.
    pub fn set_step(&self, microseconds: i64) {
        self.step_microseconds.store(microseconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        let step = self.step_microseconds.load(Ordering::SeqCst);
        Time::from_microseconds(self.now.fetch_add(step, Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_comes_back_from_its_text() {
        for text in
            ["1970-01-01T00:00:00.000000Z", "2026-04-01T09:30:00.123456Z", "9999-12-30T22:00:00.000000Z"]
        {
            assert_eq!(Time::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn an_offset_is_turned_into_utc() {
        assert_eq!(Time::parse("2026-04-01T09:00:00+09:00"), Time::parse("2026-04-01T00:00:00Z"));
    }

    #[test]
    fn people_read_the_time_of_day_in_japan() {
        for (moment, read) in [
            ("2026-03-31T15:30:59.999999Z", "2026-04-01 00:30:59+09:00"),
            ("2026-04-01T00:00:00+09:00", "2026-04-01 00:00:00+09:00"),
            ("1970-01-01T00:00:00Z", "1970-01-01 09:00:00+09:00"),
            ("9999-12-30T22:00:00Z", "9999-12-31 07:00:00+09:00"),
        ] {
            assert_eq!(Time::parse(moment).unwrap().in_japan(), read);
        }
    }

    #[test]
    fn texts_sort_as_moments_do() {
        let early = Time::from_microseconds(1).to_string();
        let late = Time::from_microseconds(1_000_001).to_string();
        assert!(early < late);
    }

    #[test]
    fn a_text_that_is_no_moment_is_refused() {
        for text in ["", "2026-04-01", "2026-02-30T00:00:00Z", "1969-12-31T23:59:59Z"] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_manual_clock_moves_by_its_step_and_can_run_back() {
        let clock = ManualClock::new(Time::from_microseconds(10), 5);
        assert_eq!((clock.now().microseconds(), clock.now().microseconds()), (10, 15));
        clock.set(Time::from_microseconds(3));
        assert_eq!(clock.now().microseconds(), 3);
    }
}
