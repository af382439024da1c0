//! The parameter `_at` where it means one moment.

use crate::codes;
use base::{Problem, Time};

/// Reads a moment: a date with a time of day, in the time of Japan where no zone is given. A day alone is none, since the
/// record may have changed in the course of it.
pub(crate) fn moment(text: &str) -> Result<Time, Problem> {
    let wrong = || Problem::new(&codes::AT_WRONG).with("value", text);
    let moment = fhir::search::period(text).filter(|_| text.contains('T')).and_then(|range| range.from);
    moment.ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_a_time_of_day_and_is_of_japan_where_nothing_else_is_said() {
        let read =
            |text: &str| moment(text).map(|time| time.to_string()).map_err(|problem| problem.code().id);
        for text in
            ["2026-04-01T09:00+09:00", "2026-04-01T00:00:00Z", "2026-04-01T09:00", "2026-04-01T09:00:00"]
        {
            assert_eq!(read(text), Ok("2026-04-01T00:00:00.000000Z".to_owned()), "{text}");
        }
        for text in ["", "2026-04-01", "2026", "now", "2026-04-01T09:00 09:00", "2026-13-01T00:00Z"] {
            assert_eq!(read(text), Err("RC-0102"), "{text}");
        }
    }
}
