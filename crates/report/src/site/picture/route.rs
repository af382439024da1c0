//! Lines between boxes and cards: along a grid, around cards, with few turns, apart from each other.
//!
//! The shortest way is looked for with Dijkstra's method; how much is looked at is bounded, and beyond that a line is
//! straight. Equal costs are decided by the place, so that the same picture comes out the same.

use super::layout::{Area, Layout, WIDTH};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Units of one cell of the grid.
const CELL: i64 = 10;
const STEP: u32 = 10;
const TURN: u32 = 40;
/// Running along another line.
const ALONG: u32 = 60;
/// Crossing one.
const ACROSS: u32 = 12;
/// Running through a title.
const TITLE: u32 = 120;
/// How many cells are looked at for all lines together.
const LOOKS_MAX: usize = 3_000_000;
/// Largest grid.
const CELLS_MAX: usize = 200_000;

/// A point.
pub(super) type Point = (i64, i64);

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    blocked: bool,
    title: bool,
    /// Whether a line runs here from left to right, and from top to bottom.
    taken: [bool; 2],
}

/// The grid, with what stands on it.
#[derive(Debug)]
pub(super) struct Router {
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
    looks: usize,
}

impl Router {
    pub(super) fn new(layout: &Layout<'_>) -> Self {
        let columns = usize::try_from(WIDTH / CELL).unwrap_or(0);
        let rows = usize::try_from(layout.height / CELL).unwrap_or(0).saturating_add(1);
        let count = columns.saturating_mul(rows);
        let cells = if count > CELLS_MAX { Vec::new() } else { vec![Cell::default(); count] };
        let mut router = Self { columns, rows, cells, looks: 0 };
        for card in &layout.cards {
            router.mark(card.area, |cell| cell.blocked = true);
        }
        for one in &layout.boxes {
            router.mark(one.head, |cell| cell.title = true);
        }
        router
    }

    fn mark(&mut self, area: Area, mark: impl Fn(&mut Cell)) {
        for place in self.inside(area) {
            if let Some(cell) = self.cells.get_mut(place) {
                mark(cell);
            }
        }
    }

    /// The cells whose middle lies in an area.
    fn inside(&self, area: Area) -> Vec<usize> {
        let index = |at: i64| usize::try_from(at.max(0).saturating_add(CELL / 2 - 1) / CELL).unwrap_or(0);
        let (left, right) = (index(area.x), index(area.right()));
        let (top, bottom) = (index(area.y), index(area.bottom()));
        let rows = top..bottom.min(self.rows);
        rows.flat_map(|row| (left..right.min(self.columns)).map(move |column| (row, column)))
            .map(|(row, column)| row.saturating_mul(self.columns).saturating_add(column))
            .collect()
    }

    fn middle(&self, place: usize) -> Point {
        let column = place.checked_rem(self.columns).unwrap_or(0);
        let row = place.checked_div(self.columns).unwrap_or(0);
        let at =
            |index: usize| i64::try_from(index).unwrap_or(0).saturating_mul(CELL).saturating_add(CELL / 2);
        (at(column), at(row))
    }

    /// The cell next to one: to the right, below, to the left, above.
    fn next(&self, place: usize, direction: usize) -> Option<usize> {
        let column = place.checked_rem(self.columns)?;
        match direction {
            0 => (column.saturating_add(1) < self.columns).then(|| place.saturating_add(1)),
            1 => Some(place.saturating_add(self.columns)).filter(|next| *next < self.cells.len()),
            2 => (column > 0).then(|| place.saturating_sub(1)),
            _ => place.checked_sub(self.columns),
        }
    }

    /// The free cells around an area: where a line may begin or end there.
    fn around(&self, area: Area) -> BTreeSet<usize> {
        let inside: BTreeSet<usize> = self.inside(area).into_iter().collect();
        let free = |place: &usize| self.cells.get(*place).is_some_and(|cell| !cell.blocked);
        inside
            .iter()
            .flat_map(|place| (0..4).filter_map(|direction| self.next(*place, direction)))
            .filter(|place| !inside.contains(place) && free(place))
            .collect()
    }

    /// A line from one area to another, or into it where it contains the first.
    pub(super) fn line(&mut self, from: Area, to: Area) -> Vec<Point> {
        let (starts, ends) = (self.around(from), self.around(to));
        match self.search(&starts, &ends) {
            Some(places) => {
                self.take(&places);
                self.drawn(&places, from, to)
            }
            None => straight(from, to),
        }
    }

    fn search(&mut self, starts: &BTreeSet<usize>, ends: &BTreeSet<usize>) -> Option<Vec<usize>> {
        let mut best: Vec<u32> = vec![u32::MAX; self.cells.len().saturating_mul(4)];
        let mut came: Vec<usize> = vec![usize::MAX; best.len()];
        let mut open: BinaryHeap<Reverse<(u32, usize)>> = BinaryHeap::new();
        for start in starts {
            for direction in 0..4 {
                let state = start.saturating_mul(4).saturating_add(direction);
                *best.get_mut(state)? = 0;
                open.push(Reverse((0, state)));
            }
        }
        while let Some(Reverse((cost, state))) = open.pop() {
            let (place, direction) = (state / 4, state % 4);
            if best.get(state).is_none_or(|known| *known < cost) {
                continue;
            }
            if ends.contains(&place) {
                return Some(back(&came, state));
            }
            self.looks = self.looks.saturating_add(1);
            if self.looks > LOOKS_MAX {
                return None;
            }
            for turn in (0..4).filter(|turn| turn % 2 != direction % 2 || *turn == direction) {
                let Some(next) = self.next(place, turn) else { continue };
                let Some(extra) = self.cost(next, turn) else { continue };
                let turned = if turn == direction { 0 } else { TURN };
                let cost = cost.saturating_add(STEP).saturating_add(turned).saturating_add(extra);
                let state_next = next.saturating_mul(4).saturating_add(turn);
                let known = best.get_mut(state_next)?;
                if cost < *known {
                    *known = cost;
                    *came.get_mut(state_next)? = state;
                    open.push(Reverse((cost, state_next)));
                }
            }
        }
        None
    }

    /// What it costs beyond a step to enter a cell; none where a card stands.
    fn cost(&self, place: usize, direction: usize) -> Option<u32> {
        let cell = self.cells.get(place).filter(|cell| !cell.blocked)?;
        let [flat, upright] = cell.taken;
        let (along, across) = if direction.is_multiple_of(2) { (flat, upright) } else { (upright, flat) };
        let costs = [(along, ALONG), (across, ACROSS), (cell.title, TITLE)];
        Some(costs.iter().filter(|(there, _)| *there).map(|(_, cost)| cost).sum())
    }

    fn take(&mut self, places: &[usize]) {
        for (from, to) in places.iter().zip(places.iter().skip(1)) {
            let flat = from.abs_diff(*to) == 1;
            for place in [from, to] {
                let Some(cell) = self.cells.get_mut(*place) else { continue };
                let [before_flat, before_upright] = cell.taken;
                cell.taken = [before_flat || flat, before_upright || !flat];
            }
        }
    }

    /// The points of a line, from border to border.
    fn drawn(&self, places: &[usize], from: Area, to: Area) -> Vec<Point> {
        let mut points: Vec<Point> = places.iter().map(|place| self.middle(*place)).collect();
        let first = points.first().copied().map(|point| border(from, point));
        let last = points.last().copied().map(|point| border(to, point));
        points.splice(0..0, first);
        points.extend(last);
        corners(&points)
    }
}

fn back(came: &[usize], state: usize) -> Vec<usize> {
    let mut places = vec![state / 4];
    let mut at = state;
    while let Some(&before) = came.get(at).filter(|before| **before != usize::MAX) {
        places.push(before / 4);
        at = before;
    }
    places.reverse();
    places
}

/// The point of a border that is nearest to a point.
fn border(area: Area, (x, y): Point) -> Point {
    let inside = (area.x..=area.right()).contains(&x) && (area.y..=area.bottom()).contains(&y);
    if !inside {
        return (x.clamp(area.x, area.right()), y.clamp(area.y, area.bottom()));
    }
    let ways = [
        (x.saturating_sub(area.x), (area.x, y)),
        (area.right().saturating_sub(x), (area.right(), y)),
        (y.saturating_sub(area.y), (x, area.y)),
        (area.bottom().saturating_sub(y), (x, area.bottom())),
    ];
    ways.into_iter().min().map_or((x, y), |(_, point)| point)
}

/// Leaves out the points at which a line does not turn.
fn corners(points: &[Point]) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::new();
    for &point in points {
        if corners.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = corners.as_slice() {
            let upright = before.0 == last.0 && last.0 == point.0;
            let flat = before.1 == last.1 && last.1 == point.1;
            if upright || flat {
                corners.pop();
            }
        }
        corners.push(point);
    }
    corners
}

fn straight(from: Area, to: Area) -> Vec<Point> {
    vec![border(from, to.middle()), border(to, from.middle())]
}
