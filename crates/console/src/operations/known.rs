//! What a page on the state of the system shows, in which order, and what is hoped for: what is not told stands there
//! as not known.

use crate::reading::{in_words, items, measured, text};
use crate::words::Words;
use serde_json::Value;

/// How a value is said, and which one calls for a look.
#[derive(Clone, Copy)]
enum Said {
    /// Yes is what is hoped for.
    Yes,
    /// No is what is hoped for.
    No,
    /// A number, with the key of the text for its unit.
    Number(&'static str),
    /// A number that is hoped to be nothing, with the key of the text for its unit.
    Zero(&'static str),
    /// A word or several.
    Text,
}

use Said::{No, Number, Text, Yes, Zero};

/// Headings, each with its facts below `runtime.`.
const GROUPS: [(&str, &[(&str, Said)]); 7] = [
    (
        "system-journal",
        &[
            ("journal.halted", No),
            ("journal.entries", Number("unit-entries")),
            ("journal.verification_passed", Yes),
            ("journal.verified_days", Number("unit-days")),
            ("journal.versions_kept", Yes),
            ("journal.witnessed", Yes),
            ("audit.every_access", Yes),
            ("audit.names_patient_and_actor", Yes),
            ("audit.tamper_evident", Yes),
            ("audit.readers_limited", Yes),
            ("audit.last_review_days", Number("unit-days")),
            ("audit.retained_days", Number("unit-days")),
            ("audit.forwarded", Yes),
        ],
    ),
    (
        "system-keys",
        &[
            ("encryption.at_rest", Yes),
            ("keys.separated", Yes),
            ("keys.data_key_days", Number("unit-days")),
            ("tls.versions", Text),
            ("tls.plain_http", No),
            ("tls.certificate_self_signed", No),
            ("tls.certificate_days_left", Number("unit-days")),
            ("tls.client_certificates", Text),
        ],
    ),
    (
        "system-people",
        &[
            ("accounts.people", Number("unit-count")),
            ("accounts.administrators", Number("unit-count")),
            ("accounts.with_two_factors_percent", Number("unit-percent")),
            ("accounts.individual_ids", Yes),
            ("accounts.shared", Zero("unit-count")),
            ("accounts.stale", Zero("unit-count")),
            ("accounts.without_occupation", Zero("unit-count")),
            ("accounts.locked", Zero("unit-count")),
            ("accounts.emergency", Number("unit-count")),
            ("accounts.emergency_enabled", Zero("unit-count")),
            ("accounts.emergency_uses_90_days", Number("unit-times")),
            ("lockout.attempts", Number("unit-times")),
            ("session.idle_minutes", Number("unit-minutes")),
            ("session.longest_hours", Number("unit-hours")),
            ("maintenance.accounts", Number("unit-count")),
            ("maintenance.dedicated_accounts", Yes),
            ("maintenance.open_without_approval", Zero("unit-count")),
            ("maintenance.recorded", Yes),
            ("maintenance.uses_90_days", Number("unit-times")),
        ],
    ),
    (
        "system-law",
        &[
            ("law.deny_by_default", Yes),
            ("law.by_occupation", Yes),
            ("law.restricted_patients", Yes),
            ("law.two_people_change", Yes),
            ("law.break_glass_notified", Yes),
            ("two_factors.required_for_records", Yes),
            ("two_factors.offered", Yes),
            ("password.minimum_length", Number("unit-characters")),
            ("password.character_classes", Number("unit-kinds")),
            ("password.common_refused", Yes),
            ("password.reuse_refused", Yes),
            ("password.stored_as_hash", Yes),
            ("password.initial_changed_by_owner", Yes),
        ],
    ),
    (
        "system-records",
        &[
            ("records.finalisation", Yes),
            ("records.unfinalised_overdue", Zero("unit-count")),
            ("records.proxy_unapproved_overdue", Zero("unit-count")),
            ("records.readable_any_time", Yes),
            ("records.retention_enforced", Yes),
            ("records.input_validated", Yes),
            ("records.export_standard", Yes),
        ],
    ),
    (
        "system-edge",
        &[
            ("api.authenticated", Yes),
            ("door.rate_limited", Yes),
            ("clock.synchronised", Yes),
            ("clock.offset_seconds", Number("unit-seconds")),
            ("log.personal_data_free", Yes),
        ],
    ),
    (
        "system-program",
        &[
            ("software.version", Text),
            ("software.supported", Yes),
            ("software.operating_system_supported", Yes),
        ],
    ),
];

/// One thing that is known, or known not to be.
pub(super) struct Fact {
    /// What it is.
    pub(super) name: String,
    pub(super) value: String,
    pub(super) how: String,
    pub(super) unknown: bool,
    /// Whether it is other than hoped for, and somebody should look.
    pub(super) look: bool,
}

pub(super) struct Group {
    pub(super) key: &'static str,
    pub(super) facts: Vec<Fact>,
}

/// All of it, by what was told.
pub(super) fn groups(told: &Value, words: Words) -> Vec<Group> {
    let known = items(told, "facts");
    let group = |(key, rows): &(&'static str, &[(&str, Said)])| Group {
        key,
        facts: rows.iter().map(|(name, said)| fact(name, *said, known, words)).collect(),
    };
    GROUPS.iter().map(group).collect()
}

fn fact(name: &str, said: Said, known: &[Value], words: Words) -> Fact {
    let one = known.iter().find(|one| text(one, "/key").strip_prefix("runtime.") == Some(name));
    let how = one.and_then(|one| one.pointer(&format!("/how/{}", words.lang()))).and_then(Value::as_str);
    let value = one.and_then(|one| one.get("value")).filter(|value| !value.is_null());
    Fact {
        name: words.say(&format!("fact-{}", name.replace(['.', '_'], "-"))),
        value: value.map_or_else(|| words.say("fact-unknown"), |value| said_as(value, said, words)),
        how: how.unwrap_or_default().to_owned(),
        unknown: value.is_none(),
        look: value.is_some_and(|value| calls(value, said)),
    }
}

/// Whether a value is other than hoped for.
fn calls(value: &Value, said: Said) -> bool {
    match said {
        Yes => value == &Value::Bool(false),
        No => value == &Value::Bool(true),
        Zero(_) => value.as_f64().is_some_and(|number| number > 0.0),
        Number(_) | Text => false,
    }
}

fn said_as(value: &Value, said: Said, words: Words) -> String {
    match (value, said) {
        (Value::Number(number), Number(unit) | Zero(unit)) => measured(number, unit, words),
        _ => in_words(value, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Language::{English, Japanese};
    use serde_json::json;

    const REGISTRY: &str = include_str!("../../../guideline/catalogue/facts.yaml");

    #[test]
    fn each_fact_that_a_running_system_shows_has_its_place_and_its_words() {
        let keys =
            REGISTRY.lines().filter_map(|line| line.strip_prefix("- {key: runtime.")?.split(',').next());
        // Backups have no page yet, and risks stand in their own register.
        let keys: Vec<&str> =
            keys.filter(|key| !key.starts_with("backup.") && !key.starts_with("risk.")).collect();
        let placed: Vec<&str> =
            GROUPS.iter().flat_map(|(_, rows)| rows.iter().map(|(name, _)| *name)).collect();
        assert!(keys.len() > 50, "{keys:?}");
        for key in &keys {
            assert!(placed.contains(key), "{key} has no place");
        }
        for name in placed {
            assert!(keys.contains(&name), "{name} is no fact");
            for language in [Japanese, English] {
                let key = format!("fact-{}", name.replace(['.', '_'], "-"));
                assert!(Words(language).knows(&key), "{key}");
            }
        }
    }

    #[test]
    fn what_is_other_than_hoped_calls_for_a_look_and_what_is_not_told_is_not_known() {
        let told = json!({ "facts": [
            { "key": "runtime.keys.separated", "value": false },
            { "key": "runtime.encryption.at_rest", "value": true },
            { "key": "runtime.tls.plain_http", "value": true },
            { "key": "runtime.accounts.shared", "value": 2 },
            { "key": "runtime.accounts.stale", "value": 0 },
        ] });
        let groups = groups(&told, Words(English));
        let one = |name: &str| {
            let found = groups.iter().flat_map(|group| &group.facts).find(|fact| fact.name == name).unwrap();
            (found.value.clone(), found.look, found.unknown)
        };
        assert_eq!(one("Keys are kept apart from the data"), ("No".to_owned(), true, false));
        assert_eq!(one("Data at rest is encrypted"), ("Yes".to_owned(), false, false));
        assert_eq!(one("HTTP without encryption is answered"), ("Yes".to_owned(), true, false));
        assert_eq!(one("Accounts of several people"), ("2".to_owned(), true, false));
        assert_eq!(one("Accounts unused for long"), ("0".to_owned(), false, false));
        assert_eq!(one("The clock is synchronised"), ("not known".to_owned(), false, true));
    }
}
