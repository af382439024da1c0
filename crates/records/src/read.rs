//! `GET [type]/[id]`: the current version of a record.

use crate::call::{Answer, Known, Outcome, Problems};
use crate::codes;
use crate::facility::Facility;
use crate::reply;
use crate::shape;
use crate::write;
use base::{Problem, RecordKey, Time};
use store::Found;

pub(crate) fn perform(
    facility: &Facility,
    key: RecordKey,
    known: Known,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    write::known_type(&key.kind)?;
    let shape = shape::of_reading(&key.kind, query)?;
    let found = facility.store().read(|snapshot| snapshot.current(&key))?;
    let found = found.ok_or_else(|| Problem::new(&codes::ABSENT).with("record", &key))?;
    let unchanged = found.content.is_some() && has(known, &found);
    let answer = reply::from_found(key, found)?;
    if unchanged {
        return Ok(Answer { outcome: Outcome::Unchanged, body: Vec::new(), ..answer });
    }
    Ok(Answer { body: shape::shaped(answer.body, shape.as_ref())?, ..answer })
}

/// Whether the caller has what was found.
fn has(known: Known, found: &Found) -> bool {
    match (known.version, known.moment) {
        (Some(version), _) => version == found.version,
        (None, Some(moment)) => seconds(found.time) <= seconds(moment),
        (None, None) => false,
    }
}

/// `Last-Modified` tells whole seconds, and that is what callers send back.
fn seconds(time: Time) -> i64 {
    time.microseconds().div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Position, VersionNumber};
    use store::EntryKind;

    #[test]
    fn a_version_counts_more_than_a_moment_and_a_moment_in_whole_seconds() {
        let time = |text: &str| Time::parse(text).unwrap();
        let found = Found {
            version: VersionNumber::new(2).unwrap(),
            position: Position(7),
            time: time("2026-04-01T00:00:05.7Z"),
            kind: EntryKind::RecordUpdate,
            content: None,
        };
        let known = |version: Option<u64>, moment: Option<&str>| Known {
            version: version.and_then(VersionNumber::new),
            moment: moment.map(time),
        };
        for (known, expected) in [
            (known(None, None), false),
            (known(Some(2), None), true),
            (known(Some(1), None), false),
            (known(Some(1), Some("2026-04-02T00:00:00Z")), false),
            (known(None, Some("2026-04-01T00:00:05Z")), true),
            (known(None, Some("2026-04-01T00:00:04Z")), false),
        ] {
            assert_eq!(has(known, &found), expected, "{known:?}");
        }
    }
}
