//! By when records should be finished, as the facility has laid it down.

use crate::codes;
use base::Problem;
use serde::Deserialize;
use serde_json::Value;

/// The facts that tell the deadlines.
pub(crate) const FINAL_WITHIN: &str = "records.final_within_days";
pub(crate) const APPROVED_WITHIN: &str = "records.approved_within_days";

/// Days until a draft should be final, and until what was entered for somebody should be approved by them, where nothing
/// is said: a facility's own rules are mostly stricter.
const FINAL_WITHIN_DAYS: u32 = 7;
const APPROVED_WITHIN_DAYS: u32 = 3;
/// Bounds of both.
const DAYS_MIN: u32 = 1;
const DAYS_MAX: u32 = 92;

/// The deadlines.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordsSection {
    final_within_days: Option<u32>,
    approved_within_days: Option<u32>,
}

impl RecordsSection {
    /// Refuses deadlines that are none.
    pub(super) fn check(self) -> Result<(), Problem> {
        let told = [
            ("final_within_days", self.final_within_days),
            ("approved_within_days", self.approved_within_days),
        ];
        let outside = |days: &u32| !(DAYS_MIN..=DAYS_MAX).contains(days);
        let wrong = told.into_iter().find_map(|(key, days)| Some((key, days.filter(outside)?)));
        wrong.map_or(Ok(()), |(key, days)| {
            Err(Problem::new(&codes::DEADLINE)
                .with("key", key)
                .with("days", days)
                .with("min", DAYS_MIN)
                .with("max", DAYS_MAX)
                .log("a deadline of the configuration is out of bounds"))
        })
    }

    /// The deadlines as facts.
    pub(super) fn facts(self) -> [(&'static str, Value); 2] {
        [
            (FINAL_WITHIN, self.final_within_days.unwrap_or(FINAL_WITHIN_DAYS).into()),
            (APPROVED_WITHIN, self.approved_within_days.unwrap_or(APPROVED_WITHIN_DAYS).into()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> RecordsSection {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn deadlines_lie_between_a_day_and_a_quarter_and_have_a_default() {
        assert!(RecordsSection::default().check().is_ok());
        let told = |section: RecordsSection| section.facts().map(|(_, days)| days.as_u64().unwrap());
        assert_eq!(told(RecordsSection::default()), [7, 3]);
        assert_eq!(told(read("final_within_days = 1\napproved_within_days = 92")), [1, 92]);
        for key in ["final_within_days", "approved_within_days"] {
            for days in [1, 92] {
                read(&format!("{key} = {days}")).check().unwrap();
            }
            for days in [0, 93] {
                let refused = read(&format!("{key} = {days}")).check().unwrap_err();
                assert_eq!(refused.code().id, "AK-0027");
                assert!(refused.text(base::Language::English).contains(key), "{key}");
            }
        }
    }
}
