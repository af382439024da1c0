//! An interval of whole numbers, both ends included.

/// A kind of whole number that spans are made of.
pub trait Whole: Copy + Ord {
    /// The least.
    const LEAST: Self;
    /// The greatest.
    const GREATEST: Self;
    /// The number after this one, if there is one.
    fn after(self) -> Option<Self>;
    /// The number before this one, if there is one.
    fn before(self) -> Option<Self>;
}

macro_rules! whole {
    ($($number:ty),*) => {$(
        impl Whole for $number {
            const LEAST: Self = <$number>::MIN;
            const GREATEST: Self = <$number>::MAX;
            fn after(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn before(self) -> Option<Self> {
                self.checked_sub(1)
            }
        }
    )*};
}

whole!(u8, u16, u128);

/// From a first to a last number, both included. It is never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span<T> {
    first: T,
    last: T,
}

impl<T: Whole> Span<T> {
    /// From `first` to `last`; nothing where the last lies before the first.
    pub fn new(first: T, last: T) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The span that has both numbers as its ends, in whichever order they are given.
    pub fn between(one: T, other: T) -> Self {
        Self { first: one.min(other), last: one.max(other) }
    }

    /// One number.
    pub fn one(number: T) -> Self {
        Self { first: number, last: number }
    }

    /// All numbers.
    pub fn all() -> Self {
        Self { first: T::LEAST, last: T::GREATEST }
    }

    /// The least number in it.
    pub fn first(&self) -> T {
        self.first
    }

    /// The greatest number in it.
    pub fn last(&self) -> T {
        self.last
    }

    /// Whether the number is in it.
    pub fn contains(&self, number: T) -> bool {
        self.first <= number && number <= self.last
    }

    /// Whether all of the other is in it.
    pub fn covers(&self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether they have a number in common.
    pub fn meets(&self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// What both have.
    pub fn intersect(&self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// What of it lies below the other.
    pub fn below(&self, other: Self) -> Option<Self> {
        Self::new(self.first, self.last.min(other.first.before()?))
    }

    /// What of it lies above the other.
    pub fn above(&self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.last.after()?), self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_lies_below_the_least_or_above_the_greatest() {
        assert_eq!(Span::<u8>::all().below(Span::one(0)), None);
        assert_eq!(Span::<u8>::all().above(Span::one(255)), None);
        assert_eq!(Span::<u8>::all().above(Span::one(254)), Some(Span::one(255)));
    }

    #[test]
    fn a_span_and_what_is_cut_from_it_are_the_parts_of_the_whole() {
        let whole = Span::new(10_u16, 20).unwrap();
        let cut = Span::new(15, 30).unwrap();
        assert_eq!(whole.below(cut), Span::new(10, 14));
        assert_eq!(whole.intersect(cut), Span::new(15, 20));
        assert_eq!(whole.above(cut), None);
        assert_eq!(Span::new(3_u8, 2), None);
    }
}
