//! Chance that is the same in every run.

use base::{Entropy, SeededEntropy};

/// Draws that follow from a seed.
pub(crate) struct Chance(SeededEntropy);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    /// A number below `end`.
    pub(crate) fn below(&self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes).unwrap();
        let end = u64::try_from(end).unwrap();
        usize::try_from(u64::from_le_bytes(bytes) % end.max(1)).unwrap()
    }

    /// A number from `from` to `to`, both included.
    pub(crate) fn between(&self, from: i64, to: i64) -> i64 {
        let width = usize::try_from(to - from + 1).unwrap();
        from + i64::try_from(self.below(width)).unwrap()
    }

    /// True once in `times`.
    pub(crate) fn once_in(&self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of the things; there must be one.
    pub(crate) fn one<T: Copy>(&self, things: &[T]) -> T {
        things[self.below(things.len())]
    }
}
