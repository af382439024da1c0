//! A bounded choice from a stream whose end is not known: every element has the same chance to be kept.

use std::num::NonZeroUsize;

/// Chance that is the same in every run (xorshift, 64 bits).
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// From the beginning.
    pub(crate) fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    /// A number below the bound.
    pub(crate) fn below(&mut self, bound: NonZeroUsize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // Half of the bits are enough and fit whatever a usize is.
        usize::try_from(self.0 >> 32).unwrap_or(0) % bound
    }
}

/// At most `limit` of the elements offered (reservoir sampling).
#[derive(Debug)]
pub(crate) struct Selection<T> {
    /// What is kept.
    pub(crate) kept: Vec<T>,
    limit: usize,
    seen: usize,
    chance: Chance,
}

impl<T> Selection<T> {
    /// Nothing yet.
    pub(crate) fn new(limit: usize) -> Self {
        Self { kept: Vec::new(), limit, seen: 0, chance: Chance::new() }
    }

    /// Keeps the element, perhaps instead of another one, or lets it go.
    pub(crate) fn offer(&mut self, element: T) {
        self.seen = self.seen.saturating_add(1);
        if self.kept.len() < self.limit {
            self.kept.push(element);
            return;
        }
        let place = NonZeroUsize::new(self.seen).map_or(0, |seen| self.chance.below(seen));
        if let Some(kept) = self.kept.get_mut(place) {
            *kept = element;
        }
    }

    /// Some of what is kept, one element perhaps twice.
    pub(crate) fn some(&mut self, count: usize) -> Vec<&T> {
        let Some(length) = NonZeroUsize::new(self.kept.len()) else { return Vec::new() };
        let places: Vec<usize> = (0..count).map(|_| self.chance.below(length)).collect();
        places.into_iter().filter_map(|place| self.kept.get(place)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_kept_than_the_limit_and_all_parts_of_the_stream_are_in_it() {
        let mut selection = Selection::new(100);
        (0..10_000).for_each(|number| selection.offer(number));
        assert_eq!(selection.kept.len(), 100);
        for part in 0..4 {
            let range = part * 2_500..(part + 1) * 2_500;
            let kept = selection.kept.iter().filter(|number| range.contains(*number)).count();
            assert!((10..45).contains(&kept), "{kept} of part {part}");
        }
    }

    #[test]
    fn a_short_stream_is_kept_whole() {
        let mut selection = Selection::new(100);
        (0..5).for_each(|number| selection.offer(number));
        assert_eq!(selection.kept, [0, 1, 2, 3, 4]);
        assert_eq!(selection.some(20).len(), 20);
        assert!(Selection::<u8>::new(3).some(20).is_empty());
    }
}
