//! `$history-diff`: what differs between two versions of a record, or from each version to the next, with who wrote it, when
//! and why: as `Parameters` for machines and as a page for people.

mod page;
mod parameters;

use crate::asking::absent;
use crate::call::{Answer, Media, Outcome, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::page::SHOWN_ELSEWHERE;
use crate::past::{Version, version};
use crate::write;
use access::Action;
use base::limits::PAGE_ENTRIES_MAX;
use base::{Position, Problem, RecordKey, VersionNumber};
use store::{HistoryOf, Snapshot, TimeRange};

/// What is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) key: &'a RecordKey,
    pub(crate) query: &'a [(String, String)],
    /// As a page for people.
    pub(crate) page: bool,
}

/// What differs, for both forms of the answer.
struct Diff<'a> {
    key: &'a RecordKey,
    steps: Vec<Step>,
    /// Whether each step between the versions was asked for.
    chain: bool,
}

/// A version, and the one it is compared with.
struct Step {
    before: Compared,
    after: Version,
}

/// The version that another is compared with.
#[derive(Clone)]
struct Compared {
    number: u64,
    /// None for a deletion.
    content: Option<Vec<u8>>,
}

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    asked: &Asked<'_>,
) -> Result<Answer, Problems> {
    write::known_type(&asked.key.kind)?;
    let span = Span::read(asked.query)?;
    let key = asked.key;
    let steps = caller.trail.read(facility, |snapshot| {
        let Some(current) = snapshot.current(key)? else {
            caller.may(Action::HISTORY, &key.kind)?;
            return Err(absent(key));
        };
        caller.permit(snapshot, Action::HISTORY, (key, &current), || absent(key))?;
        steps(snapshot, caller, key, &span.within(key, current.version)?)
    })?;
    let diff = Diff { key, steps, chain: span.chain };
    let (media, body) = if asked.page {
        (Media::Page, page::page(&diff, facility, caller)?.into_bytes())
    } else {
        (Media::FhirJson, parameters::parameters(&diff, caller)?)
    };
    Ok(Answer { outcome: Outcome::Found, stamp: None, media, body })
}

/// The versions asked for.
#[derive(Default)]
struct Span {
    from: Option<VersionNumber>,
    to: Option<VersionNumber>,
    chain: bool,
}

/// The versions that are compared.
struct Within {
    from: VersionNumber,
    to: VersionNumber,
    chain: bool,
}

impl Span {
    fn read(query: &[(String, String)]) -> Result<Self, Problem> {
        let mut span = Self::default();
        let mut chain = None;
        for (name, value) in query.iter().filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str())) {
            let wrong = || Problem::new(&codes::DIFF_PARAMETER).with("name", name).with("value", value);
            let number = || VersionNumber::parse(value).ok_or_else(wrong);
            let twice = match (name.as_str(), value.as_str()) {
                ("from", _) => span.from.replace(number()?).is_some(),
                ("to", _) => span.to.replace(number()?).is_some(),
                ("chain", "true" | "false") => chain.replace(value == "true").is_some(),
                _ => return Err(wrong()),
            };
            if twice {
                return Err(Problem::new(&codes::REPEATED).with("name", name));
            }
        }
        Ok(Self { chain: chain.unwrap_or_default(), ..span })
    }

    /// Without more, the last two versions; in a chain, all of them.
    fn within(&self, key: &RecordKey, newest: VersionNumber) -> Result<Within, Problem> {
        let to = self.to.unwrap_or(newest);
        let from = match (self.from, self.chain) {
            (Some(from), _) => from,
            (None, true) => VersionNumber::FIRST,
            (None, false) => to.previous().unwrap_or(VersionNumber::FIRST),
        };
        // Of a record that has one version, nothing differs yet.
        let only = self.from.is_none() && self.to.is_none() && newest == VersionNumber::FIRST;
        if (from < to || only) && to <= newest {
            return Ok(Within { from, to, chain: self.chain });
        }
        Err(Problem::new(&codes::DIFF_VERSIONS).with("record", key).with("newest", newest))
    }
}

/// The steps, newest first.
fn steps(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    key: &RecordKey,
    within: &Within,
) -> Result<Vec<Step>, Problem> {
    if within.from == within.to {
        return Ok(Vec::new());
    }
    let versions = if within.chain {
        between(snapshot, caller, key, within)?
    } else {
        vec![one(snapshot, caller, key, within.from)?, one(snapshot, caller, key, within.to)?]
    };
    let mut versions = versions.into_iter();
    let mut steps = Vec::new();
    let compared = |version: &Version| Compared { number: version.number, content: version.content.clone() };
    let Some(mut before) = versions.next().as_ref().map(compared) else { return Ok(steps) };
    for after in versions {
        let mut next = compared(&after);
        // What is written again after a deletion is compared with what was deleted.
        if next.content.is_none() {
            next.content.clone_from(&before.content);
        }
        steps.push(Step { before, after });
        before = next;
    }
    steps.reverse();
    Ok(steps)
}

/// One version, which must be there.
fn one(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    key: &RecordKey,
    number: VersionNumber,
) -> Result<Version, Problem> {
    let none = || Problem::new(&codes::VERSION_ABSENT).with("record", key).with("version", number);
    let found = snapshot.version(key, number)?.ok_or_else(none)?;
    let entry = snapshot.entry(found.position)?;
    version(snapshot, caller, key, found, &entry)?.ok_or_else(none)
}

/// All versions that may be shown, from the first asked for to the last.
fn between(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    key: &RecordKey,
    within: &Within,
) -> Result<Vec<Version>, Problem> {
    let count = within.to.number().saturating_sub(within.from.number());
    if usize::try_from(count).map_or(true, |count| count >= PAGE_ENTRIES_MAX) {
        return Err(Problem::new(&codes::DIFF_LONG).with("record", key).with("limit", PAGE_ENTRIES_MAX));
    }
    let always = TimeRange { from: None, until: None };
    let last = snapshot.version(key, within.to)?.map(|found| Position(found.position.0.saturating_add(1)));
    let count = usize::try_from(count).unwrap_or(usize::MAX).saturating_add(1);
    let found = snapshot.history(HistoryOf::Record(key), last, always, count)?;
    let mut versions = Vec::with_capacity(found.len());
    for step in found.into_iter().rev() {
        let entry = snapshot.entry(step.found.position)?;
        versions.extend(version(snapshot, caller, key, step.found, &entry)?);
    }
    Ok(versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str, newest: u64) -> Result<(u64, u64), &'static str> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let key = RecordKey::parse("Observation/o").unwrap();
        let newest = VersionNumber::new(newest).unwrap();
        let within = Span::read(&pairs).and_then(|span| span.within(&key, newest));
        within.map(|one| (one.from.number(), one.to.number())).map_err(|problem| problem.code().id)
    }

    #[test]
    fn the_last_two_versions_are_compared_unless_others_are_named() {
        for (query, newest, expected) in [
            ("", 3, Ok((2, 3))),
            ("to=2", 3, Ok((1, 2))),
            ("from=1", 3, Ok((1, 3))),
            ("chain=true", 9, Ok((1, 9))),
            ("chain=true&from=2&to=4", 9, Ok((2, 4))),
            ("chain=false&_format=json", 2, Ok((1, 2))),
            ("", 1, Ok((1, 1))),
            ("to=1", 1, Err("RC-0101")),
            ("from=2&to=2", 3, Err("RC-0101")),
            ("from=3&to=2", 3, Err("RC-0101")),
            ("to=4", 3, Err("RC-0101")),
            ("from=0", 3, Err("RC-0100")),
            ("from=x", 3, Err("RC-0100")),
            ("chain=yes", 3, Err("RC-0100")),
            ("_since=2026", 3, Err("RC-0100")),
        ] {
            assert_eq!(asked(query, newest), expected, "{query}");
        }
        assert!(asked("from=1&from=2", 3).is_err());
    }
}
