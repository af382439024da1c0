//! Values of options, read from text.

use base::{FacilityId, RecordKey, ResourceId, Time, VersionNumber};
use guideline::Day;
use guideline::risk::{Countermeasure, Grade};
use identity::AccountId;
use identity::app::AppId;
use records::audit::Span;
use serde::de::DeserializeOwned;

pub(crate) fn facility(text: &str) -> Result<FacilityId, String> {
    FacilityId::parse(text).ok_or_else(|| "1 to 40 of a-z, 0-9 and - / a-z、0-9、- を 1〜40 文字".to_owned())
}

pub(crate) fn record(text: &str) -> Result<RecordKey, String> {
    RecordKey::parse(text)
        .ok_or_else(|| "write it like Patient/42 / Patient/42 の形で指定してください".to_owned())
}

pub(crate) fn version(text: &str) -> Result<VersionNumber, String> {
    VersionNumber::parse(text).ok_or_else(|| "a number from 1 / 1 以上の数".to_owned())
}

pub(crate) fn account(text: &str) -> Result<AccountId, String> {
    AccountId::parse(text)
        .ok_or_else(|| "1 to 40 of a-z, 0-9, - and . / a-z、0-9、-、. を 1〜40 文字".to_owned())
}

pub(crate) fn app(text: &str) -> Result<AppId, String> {
    AppId::parse(text).ok_or_else(|| "1 to 40 of a-z, 0-9, - and . / a-z、0-9、-、. を 1〜40 文字".to_owned())
}

/// A moment; without an offset in Japan time, without a time of day at midnight.
pub(crate) fn time(text: &str) -> Result<Time, String> {
    let forms = [text.to_owned(), format!("{text}+09:00"), format!("{text}T00:00+09:00")];
    forms.iter().find_map(|form| Time::parse(form)).ok_or_else(|| {
        "write it like 2026-04-01T09:00 or 2026-04-01 / 2026-04-01T09:00 または 2026-04-01 の形で指定してください"
            .to_owned()
    })
}

/// One moment; without an offset in Japan time. A day alone is none: the record may have changed in the course of it.
pub(crate) fn moment(text: &str) -> Result<Time, String> {
    let forms = [text.to_owned(), format!("{text}+09:00")];
    let found = forms.iter().filter(|form| form.contains('T')).find_map(|form| Time::parse(form));
    found.ok_or_else(|| {
        "give a date and a time of day, like 2026-04-01T09:00 / 2026-04-01T09:00 のように日付と時刻を指定してください"
            .to_owned()
    })
}

pub(crate) fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write it like 2026-04-01 / 2026-04-01 の形で指定してください".to_owned())
}

/// One of a few words; the message of a wrong one names them all.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

pub(crate) fn grade(text: &str) -> Result<Grade, String> {
    let grade = text.parse().ok().and_then(Grade::new);
    grade.ok_or_else(|| "a number from 1 to 5 / 1〜5 の数".to_owned())
}

/// `detective:look through the log@mhlw-6.0/control/17-1`; the requirement may be left out.
pub(crate) fn measure(text: &str) -> Result<Countermeasure, String> {
    let (kind, what) = text.split_once(':').ok_or(
        "write it like detective:TEXT; kinds are preventive, detective, corrective / detective:内容 の形で指定してください（preventive、detective、corrective）",
    )?;
    let (what, requirement) =
        what.rsplit_once('@').map_or((what, None), |(what, id)| (what, Some(id.to_owned())));
    Ok(Countermeasure { what: what.trim().to_owned(), kind: word(kind)?, requirement })
}

/// The answer to a question: yes or no in either language, a number, or a text.
pub(crate) fn answer(text: &str) -> Result<guideline::Value, String> {
    use guideline::Value;
    Ok(match text.trim() {
        "" => return Err("an answer is needed / 回答を指定してください".to_owned()),
        "yes" | "true" | "はい" => Value::YesNo(true),
        "no" | "false" | "いいえ" => Value::YesNo(false),
        other => match (other.parse(), other.parse()) {
            (Ok(count), _) => Value::Count(count),
            (_, Ok(number)) => Value::Number(number),
            _ => Value::Text(other.to_owned()),
        },
    })
}

pub(crate) fn resource_id(text: &str) -> Result<ResourceId, String> {
    ResourceId::parse(text)
        .ok_or_else(|| "1 to 64 of A-Z, a-z, 0-9, - and . / A-Z、a-z、0-9、-、. を 1〜64 文字".to_owned())
}

/// A date or a date with time, as searches take it.
pub(crate) fn date(text: &str) -> Result<String, String> {
    let read = Span::read(&[("from".to_owned(), text.to_owned())]);
    read.map(|_| text.to_owned()).map_err(|_| {
        "write it like 2026-04-01 or 2026-04-01T09:00:00+09:00 / 2026-04-01 または 2026-04-01T09:00:00+09:00 の形で指定してください"
            .to_owned()
    })
}

/// `name=value`; the value may be empty and may hold `=`.
pub(crate) fn named_value(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or("write it like unused-days=60 / unused-days=60 の形で指定してください")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_an_offset_is_of_japan() {
        let nine = Time::parse("2026-04-01T00:00:00Z").unwrap();
        for text in ["2026-04-01T09:00", "2026-04-01T09:00:00", "2026-04-01T00:00:00Z"] {
            assert_eq!(time(text), Ok(nine), "{text}");
        }
        assert_eq!(time("2026-04-01"), Ok(nine.plus_seconds(-9 * 3_600)));
        for text in ["", "tomorrow", "2026-02-30", "09:00"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_may_hold_an_equals_sign_and_may_be_empty() {
        let pair = |name: &str, value: &str| Ok((name.to_owned(), value.to_owned()));
        assert_eq!(named_value("sms-body=a=b"), pair("sms-body", "a=b"));
        assert_eq!(named_value("sms-url="), pair("sms-url", ""));
        assert!(named_value("unused-days").is_err());
    }
}
