//! Answers about single records, and the small amount of JSON that surrounds stored resources.

use crate::call::{Answer, Media, Outcome, Problems, Stamp};
use crate::codes;
use access::Permit;
use base::{Language, Problem, RecordKey};
use fhir::Template;
use store::{Effect, Found, Written};

/// The answer that shows a version; a deletion is answered as gone.
pub(crate) fn from_found(key: RecordKey, found: Found, permit: &Permit) -> Result<Answer, Problems> {
    let Some(content) = found.content else {
        return Err(Problem::new(&codes::DELETED).with("record", &key).with("version", found.version).into());
    };
    let body = content.open(permit)?;
    let stamp = Some(Stamp { key, version: found.version, time: found.time });
    Ok(Answer { outcome: Outcome::Found, stamp, media: Media::FhirJson, body })
}

/// The answer to a write.
pub(crate) fn from_written(
    written: Option<&Written>,
    template: Option<&Template>,
) -> Result<Answer, Problem> {
    let written =
        written.ok_or_else(|| Problem::new(&store::codes::HALTED).log("a write without an answer"))?;
    let outcome = match written.effect {
        Effect::Created => Outcome::Created,
        Effect::Updated => Outcome::Updated,
        Effect::Deleted | Effect::Nothing => Outcome::Deleted,
    };
    let stamp =
        written.version.map(|version| Stamp { key: written.key.clone(), version, time: written.time });
    let body = match (&stamp, template) {
        (Some(stamp), Some(template)) => template.render(stamp.version, stamp.time),
        _ => Vec::new(),
    };
    Ok(Answer { outcome, stamp, media: Media::FhirJson, body })
}

/// An OperationOutcome that says how a wish to write ended.
pub fn outcome_of_write(outcome: Outcome, language: Language) -> Vec<u8> {
    let text = match (outcome, language) {
        (Outcome::Created, Language::English) => "The record was created.",
        (Outcome::Created, Language::Japanese) => "記録を作成しました。",
        (Outcome::Existing, Language::English) => "The record exists already; nothing was written.",
        (Outcome::Existing, Language::Japanese) => "記録はすでに存在します。何も書き込んでいません。",
        (_, Language::English) => "The record was updated.",
        (_, Language::Japanese) => "記録を更新しました。",
    };
    format!(
        "{{\"resourceType\":\"OperationOutcome\",\"issue\":[{{\"severity\":\"information\",\
         \"code\":\"informational\",\"details\":{{\"text\":\"{text}\"}}}}]}}"
    )
    .into_bytes()
}

/// A JSON string with its quotes.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// HTTP status of an outcome.
pub(crate) fn status_number(outcome: Outcome) -> u16 {
    match outcome {
        Outcome::Found | Outcome::Updated | Outcome::Existing => 200,
        Outcome::Created => 201,
        Outcome::Deleted => 204,
        Outcome::Unchanged => 304,
    }
}

/// HTTP status line of an outcome, as it stands in a Bundle.
pub(crate) fn status(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Found | Outcome::Updated | Outcome::Existing => "200 OK",
        Outcome::Created => "201 Created",
        Outcome::Deleted => "204 No Content",
        Outcome::Unchanged => "304 Not Modified",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcome_of_a_write_is_a_good_resource() {
        for outcome in [Outcome::Created, Outcome::Updated, Outcome::Existing] {
            for language in [Language::Japanese, Language::English] {
                let node = fhir::json::parse(&outcome_of_write(outcome, language)).unwrap();
                assert!(fhir::check(node).is_ok());
            }
        }
    }
}
