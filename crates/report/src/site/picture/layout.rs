//! Where everything stands in a picture: rows from the internet down to clouds and vendors, networks as boxes in their rows,
//! devices as cards in their boxes. Nothing overlaps. The same picture always comes out the same.

use super::label;
use crate::site::text::wrap;
use base::Language;
use site::picture::{Device, Picture, Row, Symbol, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// Width of the whole, in units of the picture.
pub(super) const WIDTH: i64 = 1_120;
/// Free space around the whole, and between boxes, where lines run.
pub(super) const MARGIN: i64 = 40;
const GAP: i64 = 50;
const PADDING: i64 = 20;
const CARD_WIDTH: i64 = 140;
const CARD_GAP: i64 = 40;
const LINE: i64 = 17;
/// Columns of text on a card.
const CARD_COLUMNS: usize = 18;
const CARD_LINES_MAX: usize = 3;
const HEAD_LINES_MAX: usize = 2;
/// Units of one column of text in the head of a box.
const COLUMN: i64 = 8;
const BOX_WIDTH_MIN: i64 = 200;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

impl Area {
    pub(super) fn right(self) -> i64 {
        self.x.saturating_add(self.width)
    }

    pub(super) fn bottom(self) -> i64 {
        self.y.saturating_add(self.height)
    }

    pub(super) fn middle(self) -> (i64, i64) {
        (self.x.saturating_add(self.width / 2), self.y.saturating_add(self.height / 2))
    }

    pub(super) fn contains(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && self.right() >= other.right()
            && self.bottom() >= other.bottom()
    }

    fn moved(self, x: i64, y: i64) -> Self {
        Self { x: self.x.saturating_add(x), y: self.y.saturating_add(y), ..self }
    }
}

/// A network that has its place.
#[derive(Clone, Debug)]
pub(super) struct Boxed<'a> {
    pub(super) zone: &'a Zone,
    pub(super) area: Area,
    pub(super) depth: usize,
    pub(super) title: Vec<String>,
    /// Where the title stands: lines avoid it.
    pub(super) head: Area,
}

/// A device that has its place.
#[derive(Clone, Debug)]
pub(super) struct Card<'a> {
    pub(super) device: &'a Device,
    pub(super) area: Area,
    pub(super) title: Vec<String>,
}

/// Everything in its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout<'a> {
    pub(super) boxes: Vec<Boxed<'a>>,
    pub(super) cards: Vec<Card<'a>>,
    pub(super) height: i64,
}

impl Layout<'_> {
    /// Where something stands.
    pub(super) fn areas(&self) -> BTreeMap<&str, Area> {
        let boxes = self.boxes.iter().map(|one| (one.zone.id.as_str(), one.area));
        boxes.chain(self.cards.iter().map(|one| (one.device.id.as_str(), one.area))).collect()
    }
}

/// Gives everything its place.
pub(super) fn layout(picture: &Picture, language: Language) -> Layout<'_> {
    let plan = Plan::of(picture, language);
    let mut layout = Layout::default();
    let mut top = MARGIN;
    for row in [Row::Internet, Row::Border, Row::Information, Row::Medical, Row::Outside] {
        let mut blocks: Vec<Block<'_>> = plan
            .tops(row)
            .into_iter()
            .map(|zone| plan.block(zone, 0, WIDTH.saturating_sub(MARGIN * 2)))
            .collect();
        let areas: BTreeMap<String, Area> =
            layout.areas().into_iter().map(|(id, area)| (id.to_owned(), area)).collect();
        blocks.sort_by_cached_key(|block| plan.pull(block, &areas));
        top = shelve(blocks, top, &mut layout);
    }
    layout.height = top.saturating_sub(GAP).saturating_add(MARGIN);
    layout
}

/// Puts boxes side by side, in the middle, on as many shelves as they need; returns where the next row begins.
fn shelve<'a>(blocks: Vec<Block<'a>>, top: i64, layout: &mut Layout<'a>) -> i64 {
    let mut top = top;
    for shelf in shelves(blocks, WIDTH.saturating_sub(MARGIN * 2)) {
        let width = span(&shelf);
        let height = shelf.iter().map(|block| block.size.1).max().unwrap_or(0);
        let mut left = WIDTH.saturating_sub(width) / 2 / 10 * 10;
        for block in shelf {
            let next = left.saturating_add(block.size.0).saturating_add(GAP);
            for mut one in block.boxes {
                (one.area, one.head) = (one.area.moved(left, top), one.head.moved(left, top));
                layout.boxes.push(one);
            }
            layout
                .cards
                .extend(block.cards.into_iter().map(|one| Card { area: one.area.moved(left, top), ..one }));
            left = next;
        }
        top = top.saturating_add(height).saturating_add(GAP);
    }
    top
}

fn shelves(blocks: Vec<Block<'_>>, width_max: i64) -> Vec<Vec<Block<'_>>> {
    let mut shelves: Vec<Vec<Block<'_>>> = Vec::new();
    for block in blocks {
        match shelves.last_mut() {
            Some(shelf) if span(shelf).saturating_add(GAP).saturating_add(block.size.0) <= width_max => {
                shelf.push(block);
            }
            _ => shelves.push(vec![block]),
        }
    }
    shelves
}

fn span(shelf: &[Block<'_>]) -> i64 {
    let gaps = i64::try_from(shelf.len().saturating_sub(1)).unwrap_or(0).saturating_mul(GAP);
    shelf.iter().map(|block| block.size.0).fold(gaps, i64::saturating_add)
}

/// A box with all in it, measured from its own corner.
struct Block<'a> {
    id: &'a str,
    size: (i64, i64),
    boxes: Vec<Boxed<'a>>,
    cards: Vec<Card<'a>>,
}

/// What lies in what.
struct Plan<'a> {
    picture: &'a Picture,
    language: Language,
    inner: BTreeMap<&'a str, Vec<&'a Zone>>,
    devices: BTreeMap<&'a str, Vec<&'a Device>>,
}

impl<'a> Plan<'a> {
    fn of(picture: &'a Picture, language: Language) -> Self {
        let ids: BTreeSet<&str> = picture.zones.iter().map(|zone| zone.id.as_str()).collect();
        let mut inner: BTreeMap<&str, Vec<&Zone>> = BTreeMap::new();
        for zone in &picture.zones {
            let outer = zone.within.as_deref().filter(|within| ids.contains(within)).unwrap_or_default();
            inner.entry(outer).or_default().push(zone);
        }
        let mut devices: BTreeMap<&str, Vec<&Device>> = BTreeMap::new();
        for device in &picture.devices {
            devices.entry(&device.zone).or_default().push(device);
        }
        for list in devices.values_mut() {
            // What joins networks stands above, where the lines come in.
            list.sort_by_key(|device| (device.symbol != Symbol::Gateway, device.symbol == Symbol::Folded));
        }
        Self { picture, language, inner, devices }
    }

    fn tops(&self, row: Row) -> Vec<&'a Zone> {
        let tops = self.inner.get("").map(Vec::as_slice).unwrap_or_default();
        tops.iter().copied().filter(|zone| zone.row == row).collect()
    }

    /// Where a box is pulled to by what it is joined with and has its place already: so lines cross less.
    fn pull(&self, block: &Block<'_>, areas: &BTreeMap<String, Area>) -> (i64, String) {
        let own: BTreeSet<&str> = block
            .boxes
            .iter()
            .map(|one| one.zone.id.as_str())
            .chain(block.cards.iter().map(|one| one.device.id.as_str()))
            .collect();
        let links = self.picture.links.iter().map(|line| (line.from.as_str(), line.to.as_str()));
        let steps =
            self.picture.paths.iter().flat_map(|way| way.passes.iter().zip(way.passes.iter().skip(1)));
        let both = links.chain(steps.map(|(from, to)| (from.as_str(), to.as_str())));
        let far = both.filter_map(|(from, to)| match (own.contains(from), own.contains(to)) {
            (true, false) => areas.get(to),
            (false, true) => areas.get(from),
            _ => None,
        });
        let places: Vec<i64> = far.map(|area| area.middle().0).collect();
        let count = i64::try_from(places.len()).unwrap_or(i64::MAX);
        let sum = places.into_iter().fold(0, i64::saturating_add);
        (sum.checked_div(count).unwrap_or(WIDTH), block.id.to_owned())
    }

    fn block(&self, zone: &'a Zone, depth: usize, width_max: i64) -> Block<'a> {
        let room = width_max.saturating_sub(PADDING * 2).max(CARD_WIDTH);
        let devices = self.devices.get(zone.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let blocks: Vec<Block<'a>> = self
            .inner
            .get(zone.id.as_str())
            .into_iter()
            .flatten()
            .map(|inner| self.block(inner, depth.saturating_add(1), room))
            .collect();
        let shelves = shelves(blocks, room);
        let columns = columns(devices.len(), room);
        let cards_width =
            columns.saturating_mul(CARD_WIDTH.saturating_add(CARD_GAP)).saturating_sub(CARD_GAP);
        let inner_width = shelves.iter().map(|shelf| span(shelf)).max().unwrap_or(0);
        let width = cards_width.max(inner_width).max(BOX_WIDTH_MIN.min(room));
        let text_columns = usize::try_from(width / COLUMN).unwrap_or(0);
        let mut title = wrap(&label::zone(zone, self.language), text_columns);
        shorten(&mut title, HEAD_LINES_MAX);
        let lines = i64::try_from(title.len()).unwrap_or(0).saturating_add(i64::from(!zone.note.is_empty()));
        let height = lines.saturating_mul(LINE).saturating_add(10) / 10 * 10;
        let head = Area { x: PADDING, y: 10, width, height };
        let size = (width.saturating_add(PADDING * 2), head.bottom().saturating_add(20));
        let area = Area { x: 0, y: 0, width: size.0, height: size.1 };
        let own = Boxed { zone, area, depth, title, head };
        let mut block = Block { id: &zone.id, size, boxes: vec![own], cards: Vec::new() };
        self.fill(&mut block, devices, columns);
        block.nest(shelves);
        block.close();
        block
    }

    /// Puts the devices into a box.
    fn fill(&self, block: &mut Block<'a>, devices: &[&'a Device], columns: i64) {
        for row in devices.chunks(usize::try_from(columns).unwrap_or(1).max(1)) {
            let mut left = PADDING;
            let mut height = 0;
            let from = block.cards.len();
            for device in row {
                let mut title = wrap(&label::device(device, self.language), CARD_COLUMNS);
                shorten(&mut title, CARD_LINES_MAX);
                let lines =
                    title.len().saturating_add(usize::from(label::note(device, self.language).is_some()));
                let tall =
                    i64::try_from(lines).unwrap_or(0).saturating_mul(LINE).saturating_add(25) / 10 * 10;
                height = height.max(tall);
                let area = Area { x: left, y: block.size.1, width: CARD_WIDTH, height: tall };
                block.cards.push(Card { device, area, title });
                left = left.saturating_add(CARD_WIDTH).saturating_add(CARD_GAP);
            }
            for card in block.cards.iter_mut().skip(from) {
                card.area.height = height;
            }
            block.size.1 = block.size.1.saturating_add(height).saturating_add(CARD_GAP);
        }
    }
}

impl<'a> Block<'a> {
    /// Puts boxes into a box.
    fn nest(&mut self, shelves: Vec<Vec<Block<'a>>>) {
        for shelf in shelves {
            let mut left = PADDING;
            let height = shelf.iter().map(|block| block.size.1).max().unwrap_or(0);
            for inner in shelf {
                let (x, y) = (left, self.size.1);
                left = left.saturating_add(inner.size.0).saturating_add(GAP);
                self.boxes.extend(inner.boxes.into_iter().map(|one| Boxed {
                    area: one.area.moved(x, y),
                    head: one.head.moved(x, y),
                    ..one
                }));
                self.cards
                    .extend(inner.cards.into_iter().map(|one| Card { area: one.area.moved(x, y), ..one }));
            }
            self.size.1 = self.size.1.saturating_add(height).saturating_add(CARD_GAP);
        }
    }

    /// Ends a box below what is in it.
    fn close(&mut self) {
        let size = self.size;
        if let Some(own) = self.boxes.first_mut() {
            own.area = Area { x: 0, y: 0, width: size.0, height: size.1 };
        }
    }
}

/// How many cards stand side by side: wider than high, as far as there is room.
fn columns(count: usize, room: i64) -> i64 {
    let wanted = match count {
        0 => return 0,
        1..=3 => count,
        4 => 2,
        5..=6 => 3,
        7..=8 => 4,
        9..=15 => 5,
        _ => 6,
    };
    let fit = room.saturating_add(CARD_GAP) / CARD_WIDTH.saturating_add(CARD_GAP);
    i64::try_from(wanted).unwrap_or(1).min(fit).max(1)
}

/// Leaves so many lines, and says that there were more.
fn shorten(lines: &mut Vec<String>, lines_max: usize) {
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            last.pop();
            last.push('…');
        }
    }
}
