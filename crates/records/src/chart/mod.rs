//! `$chart`: the whole record of a patient as one page for people, with the history of each entry and where it stands in the
//! journal; as it is, or as it stood at a moment (`_at`).
//!
//! The page is for the patient, an inspection, a court: it needs nothing beside itself and can be printed.

mod names;
mod page;
mod said;

pub(crate) use page::{Shown, day, page, place, shown, who};
pub(crate) use said::{Changed, Said, against, changed, head, shade, since, state};

use crate::call::{Answer, Media, Outcome, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::page::SHOWN_ELSEWHERE;
use crate::past::{self, Whole};
use base::{Language, Problem, RecordKey, Time};
use fhir::readable::Names;

/// The one style sheet, within each page.
pub const STYLE: &str = include_str!("style.css");

/// The types that take `$chart`.
pub const CHART: [&str; 1] = ["Patient"];

/// Everything that the page shows.
pub(crate) struct Chart {
    pub(crate) facility: String,
    pub(crate) language: Language,
    pub(crate) now: Time,
    pub(crate) whole: Whole,
    /// What the references in it are called.
    pub(crate) names: Names,
    pub(crate) base_url: String,
}

impl Chart {
    pub(crate) fn new(facility: &Facility, caller: &Caller<'_>, whole: Whole) -> Result<Self, Problem> {
        Ok(Self {
            facility: facility.id().to_string(),
            language: caller.language,
            now: facility.now(),
            names: names::names(facility, caller, &whole)?,
            whole,
            base_url: caller.base_url.to_owned(),
        })
    }
}

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    if !CHART.contains(&&*key.kind) {
        return Err(Problem::new(&codes::CHART_OF).with("type", &key.kind).into());
    }
    let whole = past::whole(facility, caller, key, at(query)?)?;
    let body = page(&Chart::new(facility, caller, whole)?)?.into_bytes();
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::Page, body })
}

/// The moment asked for.
fn at(query: &[(String, String)]) -> Result<Option<Time>, Problem> {
    let mut at = None;
    for (name, value) in query.iter().filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str())) {
        if name != "_at" {
            return Err(Problem::new(&codes::CHART_PARAMETER).with("name", name));
        }
        if at.replace(past::moment(value)?).is_some() {
            return Err(Problem::new(&codes::REPEATED).with("name", name));
        }
    }
    Ok(at)
}
