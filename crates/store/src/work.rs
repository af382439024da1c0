//! What the writer has done since the store was opened, in figures for those who watch over it. Nothing depends on them.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the classes of entries that a commit joins.
const ENTRIES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 512.0, 4096.0];
/// Upper bounds of the classes of how long a commit takes, in seconds.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// How often a value fell into which class.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The upper bound of each class with the number of values in it and in no class before; the last has no bound.
    pub classes: Vec<(f64, u64)>,
    /// The sum of all values.
    pub sum: f64,
}

impl Spread {
    fn over(bounds: &[f64]) -> Self {
        let classes = bounds.iter().copied().chain([f64::MAX]).map(|bound| (bound, 0)).collect();
        Self { classes, sum: 0.0 }
    }

    fn add(&mut self, value: f64) {
        self.sum += value;
        if let Some((_, count)) = self.classes.iter_mut().find(|(bound, _)| value <= *bound) {
            *count = count.saturating_add(1);
        }
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.classes.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

/// What a writer has done since its store was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// How many entries each commit joined.
    pub entries: Spread,
    /// How long each commit took, in seconds, from its begin until it was durable.
    pub seconds: Spread,
    /// Commits that were not made: undone, or of unknown outcome.
    pub undone: u64,
}

impl Default for Done {
    fn default() -> Self {
        Self { entries: Spread::over(&ENTRIES), seconds: Spread::over(&SECONDS), undone: 0 }
    }
}

impl Done {
    /// Commits that were made.
    pub fn commits(&self) -> u64 {
        self.seconds.count()
    }
}

/// What a writer does, as it counts it.
#[derive(Debug, Default)]
pub(crate) struct Work(Mutex<Done>);

impl Work {
    /// A commit was made; one that joined nothing is none.
    pub(crate) fn made(&self, entries: u64, took: Duration) {
        let Ok(entries) = u32::try_from(entries) else { return };
        if entries > 0 {
            let mut done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            done.entries.add(f64::from(entries));
            done.seconds.add(took.as_secs_f64());
        }
    }

    /// A commit was not made.
    pub(crate) fn undone(&self) {
        let mut done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        done.undone = done.undone.saturating_add(1);
    }

    pub(crate) fn so_far(&self) -> Done {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_commit_falls_into_one_class() {
        let work = Work::default();
        work.made(1, Duration::from_millis(3));
        work.made(3, Duration::from_mins(1));
        work.made(0, Duration::from_secs(1));
        work.undone();
        let done = work.so_far();
        assert_eq!((done.commits(), done.undone), (2, 1));
        assert_eq!((done.entries.count(), done.entries.sum), (2, 4.0));
        let filled = |spread: &Spread| -> Vec<f64> {
            spread.classes.iter().filter(|(_, count)| *count > 0).map(|(bound, _)| *bound).collect()
        };
        assert_eq!(filled(&done.entries), [1.0, 4.0]);
        assert_eq!(filled(&done.seconds), [0.005, f64::MAX]);
    }
}
