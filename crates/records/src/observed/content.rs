//! Records as they are kept: whether all their versions are there, can be shown as they stood, and can be taken along.

use super::overdue::{self, Deadlines, Overdue};
use super::{CONSOLE, noted};
use crate::asking::refused;
use crate::facility::Facility;
use crate::facts::facts;
use crate::trail::Trail;
use access::{Action, Context, Resource, Who};
use base::{Position, Problem, RecordKey, VersionNumber};
use std::collections::BTreeMap;
use store::{EntryKind, Found, HistoryOf, HistorySpan, Snapshot, Step, TimeRange};

/// Newest versions among which records with several are looked for, and how many such records are gone through.
const NEWEST: usize = 200;
const RECORDS: usize = 8;
/// Versions of one record that are read.
const VERSIONS: u64 = 50;
const ANY_TIME: TimeRange = TimeRange { from: None, until: None };
/// Records among which one is looked for that is about no patient.
const FIRST: usize = 50;

/// Whether something holds, with the newest entry that shows it; none where the journal holds nothing that could.
type Shown = Option<(bool, Position)>;

/// What a sample of the records shows.
#[derive(Clone, Debug, Default)]
pub struct Sampled {
    /// Whether records with several versions still have all of them.
    pub versions_kept: Shown,
    /// Whether they can be shown as they stood before a change.
    pub shown_as_they_stood: Shown,
    /// Whether what was deleted is still there in the versions before.
    pub deleted_kept: Shown,
    /// Whether a record that is taken along as an export does it is a whole FHIR resource.
    pub exported: Shown,
    /// How many drafts are overdue, of all, or why that cannot be told; none where it was not asked.
    pub overdue: Option<Result<Overdue, Problem>>,
}

impl Facility {
    /// Looks at a sample of the records for whoever is at the server, and counts the drafts that are overdue. Contents about
    /// patients stay under seal.
    ///
    /// # Errors
    /// The law does not permit it, or nothing can be written.
    pub async fn records_at_the_console(&self, deadlines: Option<Deadlines>) -> Result<Sampled, Problem> {
        let trail = self.console_trail()?;
        trail.asked(Action::EXPORT, "assess", None);
        let who = Who::system(self.id().as_str(), CONSOLE);
        let on = Resource::of_kind("Facility");
        let done = match self.law().decide(&who, Action::EXPORT, &on, &Context::default()) {
            Ok(policies) => {
                trail.permitted(&policies);
                self.sampled(&trail, &who, deadlines)
            }
            Err(refusal) => {
                trail.refused(&refusal);
                Err(refused(Action::EXPORT, on.kind, &refusal))
            }
        };
        noted(&trail, &done);
        trail.close(self).await?;
        done
    }

    fn sampled(&self, trail: &Trail, who: &Who, deadlines: Option<Deadlines>) -> Result<Sampled, Problem> {
        trail.read(self, |snapshot| {
            let mut told = Sampled::default();
            for (key, newest) in changed(snapshot)? {
                let versions = versions(snapshot, &key, newest.version)?;
                let place = newest.position;
                let kept = versions.iter().all(|version| version.as_ref().is_some_and(whole));
                put(&mut told.versions_kept, kept, place);
                if versions.iter().flatten().any(|version| version.kind == EntryKind::RecordDelete) {
                    put(&mut told.deleted_kept, kept, place);
                }
                if let Some(shown) = stood(snapshot, &key, &versions)? {
                    put(&mut told.shown_as_they_stood, shown, place);
                }
            }
            told.exported = self.taken_along(trail, snapshot, who)?;
            // What cannot be counted is unknown; the rest is told all the same.
            told.overdue = deadlines.map(|deadlines| overdue::overdue(snapshot, deadlines));
            Ok(told)
        })
    }

    /// Takes a record along that is about no patient.
    fn taken_along(&self, trail: &Trail, snapshot: &Snapshot<'_>, who: &Who) -> Result<Shown, Problem> {
        let about_nobody = |step: &Step| {
            step.found.content.as_ref().is_some_and(|content| content.facts(facts).patients.is_empty())
        };
        let Some(step) = snapshot.all(0, FIRST)?.into_iter().find(about_nobody) else { return Ok(None) };
        let Some(content) = step.found.content else { return Ok(None) };
        let on = Resource::of_kind(&step.key.kind);
        let permit = self
            .law()
            .permit(who, Action::EXPORT, &step.key, &on, &Context::default())
            .map_err(|refusal| refused(Action::EXPORT, &step.key.kind, &refusal))?;
        trail.touched(&step.key, Some(step.found.version.number()));
        let content = content.open(&permit)?;
        let whole = fhir::json::parse(&content).is_ok_and(|node| fhir::validate(&node).problems.is_empty());
        Ok(Some((whole, step.found.position)))
    }
}

fn put(shown: &mut Shown, holds: bool, place: Position) {
    let (so_far, newest) = shown.unwrap_or((true, place));
    *shown = Some((so_far && holds, newest.max(place)));
}

/// Records that were changed or deleted lately, each with its newest version.
fn changed(snapshot: &Snapshot<'_>) -> Result<BTreeMap<RecordKey, Found>, Problem> {
    let steps = snapshot.history(HistoryOf::Facility, None, ANY_TIME, NEWEST)?;
    let mut found = BTreeMap::new();
    for step in steps.into_iter().filter(|step| step.found.version > VersionNumber::FIRST) {
        if found.len() >= RECORDS {
            break;
        }
        found.entry(step.key).or_insert(step.found);
    }
    Ok(found)
}

/// All versions of a record up to a number, or the first ones.
fn versions(
    snapshot: &Snapshot<'_>,
    key: &RecordKey,
    newest: VersionNumber,
) -> Result<Vec<Option<Found>>, Problem> {
    let numbers = (1..=newest.number().min(VERSIONS)).filter_map(VersionNumber::new);
    numbers.map(|number| snapshot.version(key, number)).collect()
}

/// A version has its content; a deletion has none.
fn whole(version: &Found) -> bool {
    match &version.content {
        Some(content) => content.bytes() > 0,
        None => version.kind == EntryKind::RecordDelete,
    }
}

/// Whether what was current before the newest change is what is shown for that moment; none where the moment between
/// cannot be told.
fn stood(
    snapshot: &Snapshot<'_>,
    key: &RecordKey,
    versions: &[Option<Found>],
) -> Result<Option<bool>, Problem> {
    let [.., Some(before), Some(after)] = versions else { return Ok(None) };
    if before.time >= after.time || before.content.is_none() {
        return Ok(None);
    }
    let moment = TimeRange { from: Some(before.time), until: Some(before.time.plus_microseconds(1)) };
    let shown = snapshot.history(HistoryOf::Record(key), None, HistorySpan::Current(moment), 10)?;
    let is_before =
        |step: &Step| step.found.version == before.version && step.found.content == before.content;
    Ok(Some(shown.iter().any(is_before) && shown.iter().all(|step| step.found.version != after.version)))
}
