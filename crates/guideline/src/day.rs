//! Days of the calendar as people in Japan write them: `2027-03-31`, without a time and without a zone.

use base::Time;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Hours by which Japan is ahead of UTC, all year.
const JAPAN: Offset = jiff::tz::offset(9);

/// A day in Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// Reads `2027-03-31`, and nothing looser.
    pub fn parse(text: &str) -> Option<Self> {
        let day = Self(text.parse().ok()?);
        (text.len() == 10 && day.to_string() == text).then_some(day)
    }

    /// The day that it is in Japan at a moment.
    pub fn of(moment: Time) -> Self {
        let stamp = jiff::Timestamp::from_microsecond(moment.microseconds()).unwrap_or_default();
        Self(JAPAN.to_datetime(stamp).date())
    }

    /// When it begins in Japan.
    pub fn begins(self) -> Time {
        let begins = JAPAN.to_timestamp(self.0.to_datetime(jiff::civil::Time::midnight()));
        Time::from_microseconds(begins.map_or(0, jiff::Timestamp::as_microsecond))
    }

    /// When it is over in Japan: with the beginning of the next.
    pub fn ends(self) -> Time {
        self.begins().plus_seconds(24 * 3_600)
    }

    /// As documents write it: `2027年3月31日`.
    pub fn in_japanese(self) -> String {
        format!("{}年{}月{}日", self.0.year(), self.0.month(), self.0.day())
    }

    /// So many days later, at most the last day there is.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        let span = jiff::Span::new().try_days(days);
        Self(span.map_or(Date::MAX, |span| self.0.saturating_add(span)))
    }

    /// How many days after `earlier` this is; 0 when it is before.
    pub fn days_since(self, earlier: Self) -> i64 {
        let days = self.0.duration_since(earlier.0).as_hours().checked_div(24).unwrap_or(0);
        days.max(0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not a day such as 2027-03-31"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_japan() {
        let day = |text| Day::of(Time::parse(text).unwrap()).to_string();
        assert_eq!(day("2026-03-31T14:59:59Z"), "2026-03-31");
        assert_eq!(day("2026-03-31T15:00:00Z"), "2026-04-01");
    }

    #[test]
    fn only_the_plain_form_of_a_day_is_read() {
        assert_eq!(
            Day::parse("2028-02-29").map(|day| day.plus_days(1).to_string()),
            Some("2028-03-01".into())
        );
        for wrong in
            ["2027-02-29", "20270331", "2027-3-31", "2027-03-31T00:00:00", "", "2027-03-31 ", "-002027-03-31"]
        {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_are_counted_across_years_and_never_below_zero() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(day("2028-03-01").days_since(day("2027-03-01")), 366);
        assert_eq!(day("2027-03-01").days_since(day("2028-03-01")), 0);
        assert_eq!(day("2027-03-01").plus_days(u32::MAX), day("9999-12-31"));
    }
}
