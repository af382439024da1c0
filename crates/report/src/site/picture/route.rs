//! Lines between boxes and cards: along a grid, around cards, with few turns, apart from each other.
//!
//! The best way is looked for with the A* method, which goes towards the end first; how much is looked at is bounded, and beyond that a line is
//! straight. Equal costs are decided by the place, so that the same picture comes out the same.

use super::layout::{Area, Layout, WIDTH};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Units of one cell of the grid.
const CELL: i64 = 10;
const STEP: u32 = 10;
const TURN: u32 = 40;
/// Running along another line.
const ALONG: u32 = 60;
/// Crossing one.
const ACROSS: u32 = 12;
/// Beginning or ending at a corner rather than in the middle of a side.
const CORNER: i64 = 60;
/// Turning where a line ends.
const LATE: u32 = 20;
/// Running close to the border of a box.
const EDGE: u32 = 6;
/// Running close to a card.
const CLOSE: u32 = 15;
/// Running through a title.
const TITLE: u32 = 120;
/// How many cells are looked at for all lines together.
const LOOKS_MAX: usize = 1_500_000;
/// Largest grid.
const CELLS_MAX: usize = 200_000;

/// A point.
pub(super) type Point = (i64, i64);

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    blocked: bool,
    /// What it costs to run through it, beyond a step.
    extra: u32,
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
            let Area { x, y, width, height } = card.area;
            let around =
                Area { x: x - CELL, y: y - CELL, width: width + CELL * 2, height: height + CELL * 2 };
            router.mark(around, |cell| cell.extra = cell.extra.max(CLOSE));
            router.mark(card.area, |cell| cell.blocked = true);
        }
        for one in &layout.boxes {
            router.mark(one.head, |cell| cell.extra = cell.extra.max(TITLE));
            for side in sides(one.area) {
                router.mark(side, |cell| cell.extra = cell.extra.max(EDGE));
            }
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

    /// The free cells around an area: where a line may begin or end there, the direction into the area, and what it costs
    /// to do so away from the middle of the side.
    fn around(&self, area: Area) -> Vec<Door> {
        let inside: BTreeSet<usize> = self.inside(area).into_iter().collect();
        let (x, y) = area.middle();
        let door = |place: usize, inward: usize| {
            let (at_x, at_y) = self.middle(place);
            let off = if inward.is_multiple_of(2) { (at_y - y).abs() } else { (at_x - x).abs() };
            let half = if inward.is_multiple_of(2) { area.height / 2 } else { area.width / 2 };
            let cost = off.saturating_mul(CORNER).checked_div(half).unwrap_or(0);
            Door { place, inward, cost: u32::try_from(cost).unwrap_or(0) }
        };
        inside
            .iter()
            .flat_map(|place| (0..4).filter_map(|out| Some((self.next(*place, out)?, opposite(out)))))
            .filter(|(place, _)| !inside.contains(place))
            .filter(|(place, _)| self.cells.get(*place).is_some_and(|cell| !cell.blocked))
            .map(|(place, inward)| door(place, inward))
            .collect()
    }

    /// A line from one area to another.
    pub(super) fn line(&mut self, from: Area, to: Area) -> Vec<Point> {
        let (starts, ends) = (self.around(from), self.around(to));
        match self.search(&starts, &ends, to) {
            Some(places) => {
                self.take(&places);
                self.drawn(&places, from, to)
            }
            None => straight(from, to),
        }
    }

    fn search(&mut self, starts: &[Door], ends: &[Door], to: Area) -> Option<Vec<usize>> {
        let goal = self.cells.len().saturating_mul(4);
        let mut tour = Tour::new(goal.saturating_add(1));
        for door in starts {
            tour.offer(
                state(door.place, opposite(door.inward)),
                door.cost,
                self.ahead(door.place, to),
                NOWHERE,
            );
        }
        let doors: BTreeMap<usize, &Door> = ends.iter().map(|door| (door.place, door)).collect();
        while let Some((cost, at)) = tour.next() {
            if at == goal {
                return Some(tour.back(at));
            }
            self.looks = self.looks.saturating_add(1);
            if self.looks > LOOKS_MAX {
                return None;
            }
            let (place, direction) = (at / 4, at % 4);
            if let Some(door) = doors.get(&place) {
                let turned = if door.inward == direction { 0 } else { TURN.saturating_add(LATE) };
                tour.offer(goal, cost.saturating_add(door.cost).saturating_add(turned), 0, at);
            }
            for turn in (0..4).filter(|turn| *turn != opposite(direction)) {
                let Some(next) = self.next(place, turn) else { continue };
                let Some(extra) = self.cost(next, turn) else { continue };
                let turned = if turn == direction { 0 } else { TURN };
                let cost = cost.saturating_add(STEP).saturating_add(turned).saturating_add(extra);
                tour.offer(state(next, turn), cost, self.ahead(next, to), at);
            }
        }
        None
    }

    /// What it costs at least from a cell to an area.
    fn ahead(&self, place: usize, to: Area) -> u32 {
        let (x, y) = self.middle(place);
        let off = |at: i64, from: i64, until: i64| (from - at).max(at - until).max(0) / CELL;
        let cells = off(x, to.x, to.right()).saturating_add(off(y, to.y, to.bottom()));
        u32::try_from(cells).unwrap_or(0).saturating_mul(STEP)
    }

    /// What it costs beyond a step to enter a cell; none where a card stands.
    fn cost(&self, place: usize, direction: usize) -> Option<u32> {
        let cell = self.cells.get(place).filter(|cell| !cell.blocked)?;
        let [flat, upright] = cell.taken;
        let (along, across) = if direction.is_multiple_of(2) { (flat, upright) } else { (upright, flat) };
        let costs = [(along, ALONG), (across, ACROSS)];
        let lines: u32 = costs.iter().filter(|(there, _)| *there).map(|(_, cost)| cost).sum();
        Some(cell.extra.saturating_add(lines))
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

/// The strips along the four sides of an area.
fn sides(Area { x, y, width, height }: Area) -> [Area; 4] {
    let flat = |y: i64| Area { x, y: y - CELL, width, height: CELL * 2 };
    let upright = |x: i64| Area { x: x - CELL, y, width: CELL * 2, height };
    [flat(y), flat(y.saturating_add(height)), upright(x), upright(x.saturating_add(width))]
}

/// Where a line may meet an area.
#[derive(Clone, Copy, Debug)]
struct Door {
    place: usize,
    inward: usize,
    cost: u32,
}

/// A cell and the direction in which a line comes to it.
fn state(place: usize, direction: usize) -> usize {
    place.saturating_mul(4).saturating_add(direction)
}

fn opposite(direction: usize) -> usize {
    direction.saturating_add(2) % 4
}

const NOWHERE: usize = usize::MAX;

/// A search under way: what is known of each state, and which to look at next.
struct Tour {
    best: Vec<u32>,
    came: Vec<usize>,
    done: Vec<bool>,
    open: BinaryHeap<Reverse<(u32, usize)>>,
}

impl Tour {
    fn new(states: usize) -> Self {
        Self {
            best: vec![u32::MAX; states],
            came: vec![NOWHERE; states],
            done: vec![false; states],
            open: BinaryHeap::new(),
        }
    }

    /// A way to a state, what it costs to there, and what it costs at least from there.
    fn offer(&mut self, state: usize, cost: u32, ahead: u32, from: usize) {
        if let (Some(best), Some(came)) = (self.best.get_mut(state), self.came.get_mut(state))
            && cost < *best
        {
            (*best, *came) = (cost, from);
            self.open.push(Reverse((cost.saturating_add(ahead), state)));
        }
    }

    fn next(&mut self) -> Option<(u32, usize)> {
        while let Some(Reverse((_, state))) = self.open.pop() {
            let done = self.done.get_mut(state)?;
            if !std::mem::replace(done, true) {
                return Some((*self.best.get(state)?, state));
            }
        }
        None
    }

    /// The cells on the way to the goal.
    fn back(&self, goal: usize) -> Vec<usize> {
        let mut places = Vec::new();
        let mut at = goal;
        while let Some(&before) = self.came.get(at).filter(|before| **before != NOWHERE) {
            places.push(before / 4);
            at = before;
        }
        places.reverse();
        places
    }
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
