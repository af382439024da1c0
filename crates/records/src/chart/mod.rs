//! `$chart`: the whole record of a patient as one page for people, with the history of each entry and where it stands in the
//! journal.
//!
//! The page is for the patient, an inspection, a court: it needs nothing beside itself and can be printed.

mod gather;
mod page;

pub use page::STYLE;

use crate::asking::absent;
use crate::call::{Answer, Media, Outcome, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::links::Addresses;
use crate::page::SHOWN_ELSEWHERE;
use access::Action;
use base::{Language, Problem, RecordKey, Time};
use store::{EntryKind, Snapshot, State};

/// The types that take `$chart`.
pub const CHART: [&str; 1] = ["Patient"];

/// Everything that the page shows.
pub(crate) struct Chart {
    pub(crate) facility: String,
    pub(crate) language: Language,
    pub(crate) now: Time,
    /// The patient's own record.
    pub(crate) patient: Vec<u8>,
    pub(crate) records: Vec<Charted>,
    /// The newest signed checkpoint, as it stands in the journal.
    pub(crate) checkpoint: String,
    pub(crate) base_url: String,
}

/// One record with its versions.
pub(crate) struct Charted {
    pub(crate) key: RecordKey,
    /// Those that may be shown, newest first.
    pub(crate) versions: Vec<Version>,
}

/// One version of a record.
pub(crate) struct Version {
    pub(crate) number: u64,
    pub(crate) position: u64,
    pub(crate) time: Time,
    pub(crate) kind: EntryKind,
    /// Who wrote it, as the journal names them.
    pub(crate) actor: String,
    /// What it is, and who answers for it; none for records without states.
    pub(crate) state: Option<State>,
    /// Why it became that, from the Provenance that tells of it, where whoever looks may see that.
    pub(crate) reason: Option<String>,
    /// None for a deletion.
    pub(crate) content: Option<Vec<u8>>,
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
    if let Some((name, _)) = query.iter().find(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str())) {
        return Err(Problem::new(&codes::CHART_PARAMETER).with("name", name).into());
    }
    let links = Addresses::of(caller.base_url);
    let chart = caller.trail.read(facility, |snapshot| {
        may_see(snapshot, caller, key)?;
        let gathered = gather::gather(snapshot, caller, key, &links)?;
        Ok::<_, Problem>(Chart {
            facility: facility.id().to_string(),
            language: caller.language,
            now: facility.now(),
            patient: gathered.patient,
            records: gathered.records,
            checkpoint: snapshot.newest_checkpoint()?.0,
            base_url: caller.base_url.to_owned(),
        })
    })?;
    let body = page::page(&chart)?.into_bytes();
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::Page, body })
}

fn may_see(snapshot: &Snapshot<'_>, caller: &Caller<'_>, key: &RecordKey) -> Result<(), Problem> {
    let Some(whole) = snapshot.current(key)? else {
        caller.may(Action::EVERYTHING, &key.kind)?;
        return Err(absent(key));
    };
    caller.permit(snapshot, Action::EVERYTHING, (key, &whole), || absent(key))?;
    if whole.content.is_none() {
        return Err(Problem::new(&codes::DELETED).with("record", key).with("version", whole.version));
    }
    Ok(())
}
