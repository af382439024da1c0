//! Choices that a seed repeats.

use base::{Entropy, SeededEntropy};

/// A source of choices; each part of a run has its own, so that one part does not shift another's.
#[derive(Debug)]
pub(crate) struct Chance(SeededEntropy);

impl Chance {
    /// The source for this part of a run.
    pub(crate) fn new(seed: u64, round: u32, part: u32) -> Self {
        let place = (u64::from(round) << 32) | u64::from(part);
        Self(SeededEntropy::new(seed ^ place.wrapping_mul(0xA24B_AED4_963E_E407)))
    }

    /// A number from 0 to below `bound`; 0 when `bound` is 0.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        let mut bytes = [0; 8];
        // A seeded source fails only after a panic of another thread that held it, and nobody shares this one.
        let word = self.0.fill(&mut bytes).map_or(0, |()| u64::from_le_bytes(bytes));
        word.checked_rem(bound).unwrap_or(0)
    }

    /// An index of a list of this length.
    pub(crate) fn index(&self, length: usize) -> usize {
        let index = self.below(u64::try_from(length).unwrap_or(0));
        usize::try_from(index).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_chooses_the_same_and_each_part_for_itself() {
        let draw = |seed, round, part| {
            let chance = Chance::new(seed, round, part);
            (0..8).map(|_| chance.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 2, 3), draw(1, 2, 3));
        assert_ne!(draw(1, 2, 3), draw(1, 2, 4));
        assert_ne!(draw(1, 2, 3), draw(1, 3, 3));
        assert_ne!(draw(1, 2, 3), draw(2, 2, 3));
    }
}
