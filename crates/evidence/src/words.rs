//! Small words that every file here uses: texts of bounded length, and days as they count in Japan.

use crate::codes;
use base::{Problem, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest name, title, version or place, in characters.
pub(crate) const NAME_CHARS_MAX: usize = 200;
/// Longest note or reason, in characters.
pub(crate) const NOTE_CHARS_MAX: usize = 1_000;
/// Seconds of a day.
pub(crate) const DAY_SECONDS: i64 = 86_400;

/// A problem with what was given.
pub(crate) fn wrong(en: &str, ja: &str) -> Problem {
    Problem::new(&codes::WRONG).with("what_en", en).with("what_ja", ja)
}

/// A text without spaces at its ends, of 1 to `chars_max` characters and without signs that cannot be seen.
pub(crate) fn text(given: &str, chars_max: usize, name_en: &str, name_ja: &str) -> Result<String, Problem> {
    let given = given.trim();
    if (1..=chars_max).contains(&given.chars().count()) && !given.chars().any(char::is_control) {
        return Ok(given.to_owned());
    }
    Err(wrong(
        &format!("{name_en} has 1 to {chars_max} characters on one line"),
        &format!("{name_ja}は 1 行、1〜{chars_max} 文字です"),
    ))
}

/// The same where nothing may be said.
pub(crate) fn optional(
    given: Option<&str>,
    chars_max: usize,
    name_en: &str,
    name_ja: &str,
) -> Result<Option<String>, Problem> {
    given
        .filter(|given| !given.trim().is_empty())
        .map(|given| text(given, chars_max, name_en, name_ja))
        .transpose()
}

/// A day in Japan, `2026-04-01`. Days of documents are days on paper there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(String);

impl Day {
    /// Reads a day.
    pub fn parse(text: &str) -> Option<Self> {
        let day = Self(text.to_owned());
        (text.len() == 10 && day.moment().is_some()).then_some(day)
    }

    /// The day of a moment.
    pub fn of(moment: Time) -> Self {
        let japan = moment.plus_seconds(9 * 3_600).to_string();
        Self(japan.split('T').next().unwrap_or_default().to_owned())
    }

    /// As documents write it: `2026年4月1日`.
    pub(crate) fn in_japanese(&self) -> String {
        let mut parts = self.0.split('-').map(|part| part.trim_start_matches('0'));
        let mut next = || parts.next().unwrap_or_default();
        format!("{}年{}月{}日", next(), next(), next())
    }

    fn moment(&self) -> Option<Time> {
        Time::parse(&format!("{}T00:00:00+09:00", self.0))
    }

    /// When it begins.
    pub fn begins(&self) -> Time {
        self.moment().unwrap_or(Time::from_microseconds(0))
    }

    /// When it is over.
    pub fn ends(&self) -> Time {
        self.begins().plus_seconds(DAY_SECONDS)
    }
}

impl TryFrom<String> for Day {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a day is written like 2026-04-01")
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_and_ends_in_japan() {
        let day = Day::parse("2026-04-01").unwrap();
        assert_eq!(day.begins(), Time::parse("2026-03-31T15:00:00Z").unwrap());
        assert_eq!(day.ends(), Time::parse("2026-04-01T15:00:00Z").unwrap());
        assert_eq!(Day::of(Time::parse("2026-03-31T15:00:00Z").unwrap()), day);
        assert_eq!(day.in_japanese(), "2026年4月1日");
        assert_eq!(Day::of(Time::parse("2026-03-31T14:59:59Z").unwrap()).to_string(), "2026-03-31");
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "2026-4-1", "2026-02-30", "2026-04-01T00", "20260401  ", "９999-01-01"] {
            assert!(Day::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_text_is_bounded_and_of_one_line() {
        assert_eq!(text(" 規程 ", 10, "a title", "題名").unwrap(), "規程");
        for bad in ["", "   ", "a\nb", &"長".repeat(11)] {
            assert!(text(bad, 10, "a title", "題名").is_err(), "{bad:?}");
        }
    }
}
