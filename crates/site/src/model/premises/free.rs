//! The free addresses of a zone, given out one by one.

use crate::packet::{Addresses, Family, Span};

/// The free addresses of a zone.
#[derive(Debug)]
pub(super) struct Free {
    range: Addresses,
    /// What is left in each family, the highest last; nothing where stand-ins would be wrong.
    left: [Vec<(Family, Span<u128>)>; 2],
}

impl Free {
    /// Free addresses; stand-ins are taken from them if `sure`.
    pub(super) fn new(range: Addresses, sure: bool) -> Self {
        let of = |family| {
            let spans = range.of(family).filter(|_| sure).map(|span| (family, span));
            spans.collect()
        };
        let left = [of(Family::V4), of(Family::V6)];
        Self { range, left }
    }

    /// All of them.
    pub(super) fn range(&self) -> &Addresses {
        &self.range
    }

    /// An address of each family that the zone has, or nothing where there is none left of one of them.
    pub(super) fn stand_in(&mut self) -> Option<Addresses> {
        let mut taken = Vec::new();
        for (family, left) in [Family::V4, Family::V6].into_iter().zip(&mut self.left) {
            if self.range.of(family).next().is_some() {
                taken.push((family, Span::one(take(left)?)));
            }
        }
        (!taken.is_empty()).then(|| Addresses::from_spans(taken))
    }
}

/// The highest number but one: the highest of a range is seldom a host's.
fn take(left: &mut Vec<(Family, Span<u128>)>) -> Option<u128> {
    let (family, span) = left.pop()?;
    let number = if span.first() < span.last() { span.last() - 1 } else { span.last() };
    if span.first() < number {
        left.push((family, Span::between(span.first(), number)));
    }
    Some(number)
}
