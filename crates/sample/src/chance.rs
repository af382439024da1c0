//! Repeatable chance: one independent stream per seed, patient and topic.
//!
//! A stream depends on nothing else, so that a patient is the same however many others are made.

/// A stream of random numbers (SplitMix64). Never for keys.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The stream of one topic of one patient.
    pub(crate) fn new(seed: u64, patient: u32, topic: u64) -> Self {
        let mut root = Self(seed);
        let first = root.word() ^ u64::from(patient).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let mut branch = Self(first);
        Self(branch.word() ^ topic.wrapping_mul(0xA076_1D64_78BD_642F))
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A number from 0 up to, not including, `bound`; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let scaled = (u128::from(self.word()) * u128::from(bound)) >> 64;
        u32::try_from(scaled).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u32::try_from(high.saturating_sub(low).saturating_add(1)).unwrap_or(0);
        low + i64::from(self.below(width))
    }

    /// As [`Self::between`], for days.
    pub(crate) fn days(&mut self, low: i32, high: i32) -> i32 {
        i32::try_from(self.between(i64::from(low), i64::from(high))).unwrap_or(low)
    }

    /// A number around 0, at most `spread` away, more often near than far.
    pub(crate) fn noise(&mut self, spread: i64) -> i64 {
        i64::midpoint(self.between(-spread, spread), self.between(-spread, spread))
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, each as likely as the other.
    #[expect(
        clippy::indexing_slicing,
        reason = "only the constant lists of `data` are picked from; none is empty"
    )]
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        &items[usize::try_from(self.below(count)).unwrap_or(0)]
    }

    /// The place of one of `weights`, each as likely as its weight.
    pub(crate) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        for (place, weight) in weights.enumerate() {
            if left < weight {
                return place;
            }
            left -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_repeats_and_its_neighbours_differ() {
        let numbers = |seed, patient, topic| {
            let mut chance = Chance::new(seed, patient, topic);
            [chance.below(u32::MAX), chance.below(u32::MAX)]
        };
        assert_eq!(numbers(1, 2, 3), numbers(1, 2, 3));
        for other in [numbers(2, 2, 3), numbers(1, 3, 3), numbers(1, 2, 4)] {
            assert_ne!(numbers(1, 2, 3), other);
        }
    }

    #[test]
    fn numbers_stay_within_their_bounds_and_reach_them() {
        let mut chance = Chance::new(0, 0, 0);
        let drawn: Vec<i64> = (0..1000).map(|_| chance.between(-2, 2)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&2)));
        let places: Vec<usize> = (0..1000).map(|_| chance.weighted([1, 0, 3].into_iter())).collect();
        assert!(!places.contains(&1) && places.contains(&0) && places.contains(&2));
    }
}
