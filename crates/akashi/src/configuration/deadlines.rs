//! By when records should be finished, as the facility has laid it down.

use crate::codes;
use base::Problem;
use serde::Deserialize;
use serde_json::Value;

/// The facts that tell the deadlines.
pub(crate) const FINAL_WITHIN: &str = "records.final_within_days";
pub(crate) const APPROVED_WITHIN: &str = "records.approved_within_days";
const LAPSE_AFTER: &str = "records.lapse_after_days";

/// Days until a draft should be final, and until what was entered for somebody should be approved by them, where nothing
/// is said: a facility's own rules are mostly stricter.
const FINAL_WITHIN_DAYS: u32 = 7;
const APPROVED_WITHIN_DAYS: u32 = 3;
/// Bounds of all.
const DAYS_MIN: u32 = 1;
const DAYS_MAX: u32 = 92;

/// The deadlines.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "keys of the configuration end with their unit")]
pub(crate) struct RecordsSection {
    final_within_days: Option<u32>,
    approved_within_days: Option<u32>,
    /// Without it nothing is finalised by itself.
    lapse_after_days: Option<u32>,
}

impl RecordsSection {
    /// Refuses deadlines that are none.
    pub(super) fn check(self) -> Result<(), Problem> {
        let told = [
            ("final_within_days", self.final_within_days),
            ("approved_within_days", self.approved_within_days),
            ("lapse_after_days", self.lapse_after_days),
        ];
        let outside = |days: &u32| !(DAYS_MIN..=DAYS_MAX).contains(days);
        let wrong = told.into_iter().find_map(|(key, days)| Some((key, days.filter(outside)?)));
        if let Some((key, days)) = wrong {
            return Err(Problem::new(&codes::DEADLINE)
                .with("key", key)
                .with("days", days)
                .with("min", DAYS_MIN)
                .with("max", DAYS_MAX)
                .log("a deadline of the configuration is out of bounds"));
        }
        match self.lapse_after_days.filter(|days| *days < self.final_within()) {
            Some(days) => Err(Problem::new(&codes::LAPSE_EARLY)
                .with("days", days)
                .with("within", self.final_within())
                .log("drafts would be finalised before their deadline")),
            None => Ok(()),
        }
    }

    /// After how many days the system finalises drafts itself; none where the facility has not laid that down.
    pub(crate) fn lapse_after(self) -> Option<u32> {
        self.lapse_after_days
    }

    fn final_within(self) -> u32 {
        self.final_within_days.unwrap_or(FINAL_WITHIN_DAYS)
    }

    /// The deadlines as facts.
    pub(super) fn facts(self) -> [(&'static str, Value); 3] {
        [
            (FINAL_WITHIN, self.final_within().into()),
            (APPROVED_WITHIN, self.approved_within_days.unwrap_or(APPROVED_WITHIN_DAYS).into()),
            (LAPSE_AFTER, self.lapse_after_days.map_or(Value::Null, Value::from)),
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
        let told = |section: RecordsSection| section.facts().map(|(_, days)| days.as_u64());
        assert_eq!(told(RecordsSection::default()), [Some(7), Some(3), None]);
        assert_eq!(told(read("final_within_days = 1\napproved_within_days = 92")), [Some(1), Some(92), None]);
        for key in ["final_within_days", "approved_within_days", "lapse_after_days"] {
            let least = if key == "lapse_after_days" { 7 } else { 1 };
            for days in [least, 92] {
                read(&format!("{key} = {days}")).check().unwrap();
            }
            for days in [0, 93] {
                let refused = read(&format!("{key} = {days}")).check().unwrap_err();
                assert_eq!(refused.code().id, "AK-0027");
                assert!(refused.text(base::Language::English).contains(key), "{key}");
            }
        }
    }

    #[test]
    fn nothing_is_finalised_by_itself_unless_it_is_said_nor_before_its_deadline() {
        assert_eq!(RecordsSection::default().lapse_after(), None);
        let told = read("final_within_days = 3\nlapse_after_days = 3");
        told.check().unwrap();
        assert_eq!(told.lapse_after(), Some(3));
        for early in ["lapse_after_days = 6", "final_within_days = 3\nlapse_after_days = 2"] {
            assert_eq!(read(early).check().unwrap_err().code().id, "AK-0028", "{early}");
        }
    }
}
