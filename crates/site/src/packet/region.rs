//! Boxes in large numbers, each with something that belongs to it, found by where they lie.
//!
//! A list is enough for a few boxes. A transit hub sees those of thousands of tenants, and a filter may have a hundred
//! thousand rules: comparing each with each would be the square of that. So boxes are also kept by the span of one address
//! field, in one sorted map for each size of span (rounded up to a power of two): what overlaps a span of addresses begins, in
//! each map, at most that size before it. Networks know few sizes, so few maps are looked at.

use super::cube::{Cube, Family};
use super::span::Span;
use std::collections::BTreeMap;

/// Boxes up to which a list is faster than an index.
const LISTED_MAX: usize = 24;

/// The field by which boxes are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// By where packets come from.
    Source,
    /// By where packets go.
    Destination,
}

impl Axis {
    /// The field that tells these boxes apart best.
    pub fn best<T>(boxes: &[(Cube, T)]) -> Self {
        let distinct = |axis: Self| {
            let mut spans: Vec<_> = boxes.iter().map(|(cube, _)| axis.span(cube)).collect();
            spans.sort_unstable();
            spans.dedup();
            spans.len()
        };
        if distinct(Self::Source) > distinct(Self::Destination) { Self::Source } else { Self::Destination }
    }

    fn span(self, cube: &Cube) -> Span<u128> {
        match self {
            Self::Source => cube.source,
            Self::Destination => cube.destination,
        }
    }
}

/// Boxes, each with a value.
#[derive(Clone, Debug)]
pub struct Region<T> {
    axis: Axis,
    slots: Vec<Option<(Cube, T)>>,
    live: usize,
    index: Option<Index>,
}

/// By family and size of span: where spans begin, and the slots of those boxes.
type Index = BTreeMap<(Family, u32), BTreeMap<u128, Vec<usize>>>;

impl<T> Region<T> {
    /// No boxes yet.
    pub fn new(axis: Axis) -> Self {
        Self { axis, slots: Vec::new(), live: 0, index: None }
    }

    /// How many boxes there are.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Adds a box; whether it overlaps others is the caller's matter.
    pub fn insert(&mut self, cube: Cube, value: T) {
        let slot = self.slots.len();
        self.slots.push(Some((cube, value)));
        self.live += 1;
        match &mut self.index {
            Some(index) => note(index, self.axis, &cube, slot),
            None if self.live > LISTED_MAX => self.index = Some(self.indexed()),
            None => {}
        }
    }

    /// Takes a box out.
    pub fn take(&mut self, slot: usize) -> Option<(Cube, T)> {
        let taken = self.slots.get_mut(slot)?.take()?;
        self.live -= 1;
        if let Some(index) = &mut self.index {
            forget(index, self.axis, &taken.0, slot);
        }
        Some(taken)
    }

    /// A box and its value.
    pub fn at(&self, slot: usize) -> Option<&(Cube, T)> {
        self.slots.get(slot)?.as_ref()
    }

    /// The slots of the boxes that overlap this one, in the order in which they were added.
    pub fn overlapping(&self, cube: &Cube) -> Vec<usize> {
        let Some(index) = &self.index else {
            let overlaps = |(slot, found): (usize, &Option<(Cube, T)>)| {
                found.as_ref().is_some_and(|(found, _)| found.intersect(cube).is_some()).then_some(slot)
            };
            return self.slots.iter().enumerate().filter_map(overlaps).collect();
        };
        let span = self.axis.span(cube);
        let mut slots = Vec::new();
        for (&(_, size), begins) in index.range((cube.family, 0)..=(cube.family, u32::MAX)) {
            let reach = 1_u128.checked_shl(size).map_or(u128::MAX, |length| length - 1);
            let from = span.first().saturating_sub(reach);
            slots.extend(begins.range(from..=span.last()).flat_map(|(_, slots)| slots));
        }
        slots.retain(|slot| self.at(*slot).is_some_and(|(found, _)| found.intersect(cube).is_some()));
        slots.sort_unstable();
        slots
    }

    /// All boxes with their values, in the order in which they were added.
    pub fn boxes(&self) -> impl Iterator<Item = &(Cube, T)> {
        self.slots.iter().flatten()
    }

    /// The same, taken out.
    pub fn into_boxes(self) -> impl Iterator<Item = (Cube, T)> {
        self.slots.into_iter().flatten()
    }

    /// What of a box none of these has, as disjoint boxes.
    pub fn rest_of(&self, cube: &Cube) -> Vec<Cube> {
        let mut rest = vec![*cube];
        if self.is_empty() {
            return rest;
        }
        for slot in self.overlapping(cube) {
            let Some((found, _)) = self.at(slot) else { continue };
            let mut left = Vec::with_capacity(rest.len());
            for part in &rest {
                part.subtract_into(found, &mut left);
            }
            rest = left;
            if rest.is_empty() {
                break;
            }
        }
        rest
    }

    fn indexed(&self) -> Index {
        let mut index = Index::new();
        for (slot, found) in self.slots.iter().enumerate() {
            if let Some((cube, _)) = found {
                note(&mut index, self.axis, cube, slot);
            }
        }
        index
    }
}

fn note(index: &mut Index, axis: Axis, cube: &Cube, slot: usize) {
    let span = axis.span(cube);
    index.entry((cube.family, size(span))).or_default().entry(span.first()).or_default().push(slot);
}

fn forget(index: &mut Index, axis: Axis, cube: &Cube, slot: usize) {
    let span = axis.span(cube);
    let Some(begins) = index.get_mut(&(cube.family, size(span))) else { return };
    let Some(slots) = begins.get_mut(&span.first()) else { return };
    if let Some(position) = slots.iter().rposition(|found| *found == slot) {
        slots.swap_remove(position);
    }
    if slots.is_empty() {
        begins.remove(&span.first());
    }
}

/// The power of two that is not less than the number of addresses in the span.
fn size(span: Span<u128>) -> u32 {
    u128::BITS - (span.last() - span.first()).leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> Cube {
        Cube::to_net(text.parse().unwrap())
    }

    #[test]
    fn many_boxes_are_found_as_a_list_would_find_them() {
        let mut region = Region::new(Axis::Destination);
        let mut list = Vec::new();
        for third in 0..200 {
            for (prefix, cube) in [(24, 0), (30, 8), (16, 0)] {
                let cube = net(&format!("10.{}.{third}.{cube}/{prefix}", third % 7));
                region.insert(cube, third);
                list.push(cube);
            }
        }
        list.push(net("::/0"));
        region.insert(net("::/0"), 0);
        region.take(4);
        for asked in ["10.3.0.0/16", "10.1.1.9/32", "0.0.0.0/0", "255.0.0.0/8", "fd00::/8", "10.0.0.0/31"] {
            let asked = net(asked);
            let expected: Vec<usize> = (0..list.len())
                .filter(|slot| *slot != 4 && list[*slot].intersect(&asked).is_some())
                .collect();
            assert_eq!(region.overlapping(&asked), expected);
        }
        assert_eq!(region.len(), 600);
    }

    #[test]
    fn the_size_of_a_span_is_rounded_up() {
        assert_eq!(size(Span::one(7)), 0);
        assert_eq!(size(Span::between(0, 1)), 1);
        assert_eq!(size(Span::between(0, 4)), 3);
        assert_eq!(size(Span::all()), 128);
    }
}
