//! Texts of bounded length, and how they are refused.

use crate::codes;
use base::Problem;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_bounded_and_of_one_line() {
        assert_eq!(text(" 規程 ", 10, "a title", "題名").unwrap(), "規程");
        for bad in ["", "   ", "a\nb", &"長".repeat(11)] {
            assert!(text(bad, 10, "a title", "題名").is_err(), "{bad:?}");
        }
    }
}
