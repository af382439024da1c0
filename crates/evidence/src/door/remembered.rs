//! Assessments as they stand in the journal, read from it once: what is written there never changes, and only this door
//! writes more of them.

use super::Evidence;
use crate::kept::{AssessedThen, KeptAssessment, Stood, load_at, load_history};
use base::Problem;
use guideline::{Moment, Verdict};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Most kept assessments that a history looks through.
const HISTORY_MAX: usize = 120;
/// Most that a trend looks through, of which it needs no verdicts.
const TREND_MAX: usize = 400;

/// When it was assessed, and how many requirements had which verdict.
pub(super) type Point = (Moment, BTreeMap<Verdict, usize>);

/// What is remembered of the assessments of one edition for one side.
#[derive(Clone, Default)]
struct Remembered {
    last: Option<Last>,
    history: Option<Arc<Vec<Stood<AssessedThen>>>>,
    trend: Option<Arc<Vec<Point>>>,
}

/// The last one; none where there is none.
#[derive(Clone)]
struct Last(Option<Arc<Stood<KeptAssessment>>>);

/// By the ids of what is kept.
#[derive(Default)]
pub(super) struct Memory(Mutex<BTreeMap<String, Remembered>>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Memory {
    /// What is remembered under an id; what is not yet is read meanwhile, so that nothing can be written between.
    fn under<T: Clone>(
        &self,
        id: &str,
        part: impl Fn(&mut Remembered) -> &mut Option<T>,
        read: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let part = part(all.entry(id.to_owned()).or_default());
        if let Some(known) = part {
            return Ok(known.clone());
        }
        let known = read()?;
        *part = Some(known.clone());
        Ok(known)
    }

    /// Another one stands under an id.
    pub(super) fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

impl Evidence {
    /// The last assessment of an edition for everybody.
    pub(super) fn last(&self, edition: &str) -> Result<Option<Arc<Stood<KeptAssessment>>>, Problem> {
        let id = KeptAssessment::id_of(edition, None);
        let read = || {
            let found = self.store.inspect(|inside| load_at(inside, &id, self.clock.now()))?;
            Ok(Last(found.map(Arc::new)))
        };
        Ok(self.memory.under(&id, |one| &mut one.last, read)?.0)
    }

    /// The assessments of an edition for everybody, the newest first.
    pub(super) fn history_of(&self, edition: &str) -> Result<Arc<Vec<Stood<AssessedThen>>>, Problem> {
        let id = KeptAssessment::id_of(edition, None);
        let read = || Ok(Arc::new(self.store.inspect(|inside| load_history(inside, &id, HISTORY_MAX))?));
        self.memory.under(&id, |one| &mut one.history, read)
    }

    /// When it was assessed and how it came out, under an id, the newest first.
    pub(super) fn points_of(&self, id: &str) -> Result<Arc<Vec<Point>>, Problem> {
        let read = || {
            let earlier: Vec<Stood<AssessedThen>> =
                self.store.inspect(|inside| load_history(inside, id, TREND_MAX))?;
            let point = |one: &Stood<AssessedThen>| (one.kept.at, one.kept.counts());
            Ok(Arc::new(earlier.iter().map(point).collect()))
        };
        self.memory.under(id, |one| &mut one.trend, read)
    }
}
