//! Days and minutes of the clinic, in Japan Standard Time.

use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_DAYS: i32 = 719_468;
/// Days in 400 years.
const CYCLE_DAYS: i32 = 146_097;

impl Date {
    /// The day `year`-`month`-`day`; `None` when there is no such day between 1900 and 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let (year, month, day) = (i32::from(year), i32::from(month), i32::from(day));
        let date = Self::from_parts(year, month, day);
        ((1900..=9999).contains(&year) && date.parts() == (year, month, day)).then_some(date)
    }

    /// The day it is in Japan at the moment `time`.
    pub fn in_japan(time: base::Time) -> Self {
        const JAPAN_SECONDS: i64 = 9 * 3600;
        let seconds = time.microseconds().div_euclid(1_000_000) + JAPAN_SECONDS;
        Self(i32::try_from(seconds.div_euclid(86_400)).unwrap_or(0))
    }

    // Years are counted from March, so that the leap day is the last of its year.
    fn from_parts(year: i32, month: i32, day: i32) -> Self {
        let march_year = if month <= 2 { year - 1 } else { year };
        let march_month = (month + 9) % 12;
        let day_of_year = (153 * march_month + 2) / 5 + day - 1;
        let leap_days = march_year / 4 - march_year / 100 + march_year / 400;
        Self(march_year * 365 + leap_days + day_of_year - EPOCH_DAYS)
    }

    fn parts(self) -> (i32, i32, i32) {
        let days = self.0 + EPOCH_DAYS;
        let cycle = days.div_euclid(CYCLE_DAYS);
        let day_of_cycle = days.rem_euclid(CYCLE_DAYS);
        let year_of_cycle =
            (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = (march_month + 2) % 12 + 1;
        let year = cycle * 400 + year_of_cycle + i32::from(month <= 2);
        (year, month, day)
    }

    pub(crate) fn year(self) -> i32 {
        self.parts().0
    }

    pub(crate) fn month(self) -> i32 {
        self.parts().1
    }

    pub(crate) fn plus_days(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// Whole months from `earlier` to this day.
    pub(crate) fn months_since(self, earlier: Self) -> i32 {
        let ((year, month, day), (earlier_year, earlier_month, earlier_day)) =
            (self.parts(), earlier.parts());
        (year - earlier_year) * 12 + month - earlier_month - i32::from(day < earlier_day)
    }

    /// The same day of the month, `months` later (the 28th at the latest).
    pub(crate) fn plus_months(self, months: i32) -> Self {
        let (year, month, day) = self.parts();
        let count = year * 12 + month - 1 + months;
        Self::from_parts(count.div_euclid(12), count.rem_euclid(12) + 1, day.min(28))
    }

    pub(crate) fn is_sunday(self) -> bool {
        self.weekday() == 0
    }

    pub(crate) fn is_saturday(self) -> bool {
        self.weekday() == 6
    }

    // 1970-01-01 was a Thursday.
    fn weekday(self) -> i32 {
        (self.0 + 4).rem_euclid(7)
    }

    /// The last day up to this one on which the clinic is open: not a Sunday, not the turn of the year.
    pub(crate) fn open_day(self) -> Self {
        let (_, month, day) = self.parts();
        let new_year = (month == 12 && day >= 29) || (month == 1 && day <= 3);
        if new_year || self.is_sunday() { self.plus_days(-1).open_day() } else { self }
    }

    /// The date as it stands in a Japanese letter.
    pub(crate) fn japanese(self) -> String {
        let (year, month, day) = self.parts();
        format!("{year}年{month}月{day}日")
    }

    /// Eight digits, `20260401`.
    pub(crate) fn digits(self) -> String {
        let (year, month, day) = self.parts();
        format!("{year:04}{month:02}{day:02}")
    }
}

/// The FHIR `date`: `2026-04-01`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A minute of a day in Japan; its text is a FHIR `dateTime` and `instant`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) date: Date,
    pub(crate) minute: u32,
}

impl Moment {
    /// This moment, `minutes` later on the same day.
    pub(crate) fn plus(self, minutes: u32) -> Self {
        Self { date: self.date, minute: (self.minute + minutes).min(24 * 60 - 1) }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:{:02}:00+09:00", self.date, self.minute / 60, self.minute % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_comes_back_from_its_parts() {
        for days in -25_000..60_000 {
            let (year, month, day) = Date(days).parts();
            assert_eq!(Date::from_parts(year, month, day), Date(days));
        }
        assert_eq!(Date(0).to_string(), "1970-01-01");
        assert_eq!(Date(20_544).to_string(), "2026-04-01");
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        for (year, month, day) in
            [(2025, 2, 29), (2026, 13, 1), (2026, 0, 1), (2026, 4, 31), (2026, 4, 0), (0, 1, 1)]
        {
            assert_eq!(Date::new(year, month, day), None, "{year}-{month}-{day}");
        }
        assert!(Date::new(2024, 2, 29).is_some());
    }

    #[test]
    fn the_day_in_japan_begins_nine_hours_early() {
        let day = |text| Date::in_japan(base::Time::parse(text).unwrap()).to_string();
        assert_eq!(day("2026-03-31T14:59:59Z"), "2026-03-31");
        assert_eq!(day("2026-03-31T15:00:00Z"), "2026-04-01");
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        let birth = Date::new(1970, 5, 20).unwrap();
        assert_eq!(Date::new(2026, 5, 19).unwrap().months_since(birth), 56 * 12 - 1);
        assert_eq!(Date::new(2026, 5, 20).unwrap().months_since(birth), 56 * 12);
        assert_eq!(birth.plus_months(-5).to_string(), "1969-12-20");
    }

    #[test]
    fn the_clinic_is_closed_on_sundays_and_at_new_year() {
        assert_eq!(Date::new(2026, 3, 29).unwrap().open_day(), Date::new(2026, 3, 28).unwrap());
        assert_eq!(Date::new(2026, 1, 2).unwrap().open_day(), Date::new(2025, 12, 27).unwrap());
        assert_eq!(Date::new(2026, 4, 1).unwrap().open_day(), Date::new(2026, 4, 1).unwrap());
    }
}
