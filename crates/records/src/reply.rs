//! Answers about single records, and the small amount of JSON that surrounds stored resources.

use crate::call::{Answer, Media, Outcome, Problems, Stamp};
use crate::codes;
use base::{Problem, RecordKey};
use fhir::Template;
use store::{Effect, Found, Written};

/// The answer that shows a version; a deletion is answered as gone.
pub(crate) fn from_found(key: RecordKey, found: Found) -> Result<Answer, Problems> {
    let Some(body) = found.content else {
        return Err(Problem::new(&codes::DELETED).with("record", &key).with("version", found.version).into());
    };
    let stamp = Some(Stamp { key, version: found.version, time: found.time });
    Ok(Answer { outcome: Outcome::Found, stamp, media: Media::FhirJson, body })
}

/// The answer to a write.
pub(crate) fn from_written(
    written: Option<&Written>,
    template: Option<&Template>,
) -> Result<Answer, Problems> {
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

/// A JSON string with its quotes.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// HTTP status line of an outcome, as it stands in a Bundle.
pub(crate) fn status(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Found | Outcome::Updated => "200 OK",
        Outcome::Created => "201 Created",
        Outcome::Deleted => "204 No Content",
        Outcome::Unchanged => "304 Not Modified",
    }
}
