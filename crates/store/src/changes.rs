//! How often the parts of a facility have changed since the store was opened, for those who wait for news. Figures alone:
//! which record it was, whose, and what it says is asked by a look that leaves an entry.

use crate::change::Batch;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// Something that changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The state of records: a draft was written, finalised, handed on, withdrawn.
    States,
    /// What is kept under this type beside records: accounts, broken glass.
    Kept(Cow<'static, str>),
    /// Notes beside the journal whose names begin with this word and a slash.
    Noted(Cow<'static, str>),
}

/// What a batch changes when it is made.
#[derive(Debug, Default)]
pub(crate) struct Touching(BTreeSet<Part>);

impl Touching {
    /// Of a batch that is not made yet.
    pub(crate) fn of(batch: &Batch) -> Self {
        let states = batch.changes.iter().any(|change| change.mark.is_some());
        let kept = batch.changes.iter().map(|change| &change.key.kind);
        let kept = kept.filter(|kind| kind.starts_with(crate::entry::IDENTITY_PREFIX));
        let noted = batch.notes.iter().filter_map(|note| note.name.split_once('/'));
        let parts = states.then_some(Part::States).into_iter();
        let parts = parts.chain(kept.map(|kind| Part::Kept(kind.to_string().into())));
        Self(parts.chain(noted.map(|(word, _)| Part::Noted(word.to_owned().into()))).collect())
    }
}

/// The counts. There are as many as there are types and first words of notes: a few dozen.
#[derive(Debug, Default)]
pub(crate) struct Changes(Mutex<BTreeMap<Part, u64>>);

impl Changes {
    /// Counts what was made.
    pub(crate) fn add(&self, touched: Touching) {
        if touched.0.is_empty() {
            return;
        }
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for part in touched.0 {
            let count = counts.entry(part).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// How often this part has changed.
    pub(crate) fn of(&self, part: &Part) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(part).copied().unwrap_or(0)
    }
}
