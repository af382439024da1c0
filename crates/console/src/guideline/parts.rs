//! A paper in parts, one to a page: cut between its sections where they fit, between the rows of a table where it is long, and
//! inside a text only where that alone is too long.

use super::atoms::{Atom, Atoms, Content, Head};
use super::paper::{Block, Extent, Row, Section, Table};
use std::iter::Peekable;
use std::ops::Range;

/// Most bytes of a part. A page weighs 200,000 bytes at most with all that it loads; some 75,000 of them are loaded, and what
/// stands around a part takes another 25,000.
const PART_BYTES: usize = 72_000;

/// A section in the table of contents.
pub(super) struct Place {
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) deep: bool,
    /// The parts that it stands in, from 1.
    pub(super) first: usize,
    pub(super) last: usize,
}

/// A paper in parts.
pub(super) struct Parts {
    atoms: Atoms,
    /// Where the parts begin.
    begins: Vec<usize>,
}

impl Parts {
    pub(super) fn of(sections: Vec<Section>) -> Self {
        let atoms = Atoms::of(sections);
        let begins = Cutting { atoms: &atoms, begins: Vec::new(), used: 0 }.begins();
        Self { atoms, begins }
    }

    /// How many there are: one at least.
    pub(super) fn count(&self) -> usize {
        self.begins.len()
    }

    /// All sections, with the parts that they stand in.
    pub(super) fn contents(&self) -> Vec<Place> {
        let place = |head: &Head| Place {
            id: head.id.clone(),
            heading: head.heading.clone(),
            deep: head.deep,
            first: 0,
            last: 0,
        };
        let mut all: Vec<Place> = self.atoms.heads.iter().map(place).collect();
        for number in 1..=self.count() {
            for atom in self.atoms.all.get(self.range(number)).unwrap_or_default() {
                let Some(place) = all.get_mut(atom.section) else { continue };
                place.first = if place.first == 0 { number } else { place.first };
                place.last = number;
            }
        }
        all
    }

    /// What stands in a part, counted from 1.
    pub(super) fn part(mut self, number: usize) -> Vec<Section> {
        let range = self.range(number);
        let before = range.start.checked_sub(1).and_then(|before| self.atoms.all.get(before));
        let before = before.map(|atom| (atom.section, atom.block));
        let mut atoms: Vec<Atom> = self.atoms.all.drain(range).collect();
        if let (Some(first), Some(before)) = (atoms.first_mut(), before) {
            self.repeat_group(first, before.1);
        }
        let own = |atom: &Atom| (atom.section, self.atoms.chapter(atom.section));
        let above = atoms.first().filter(|_| before.is_some()).map(own);
        let above = above.and_then(|(own, chapter)| (own != chapter).then_some(chapter));
        let mut found: Vec<Section> = above.map(|chapter| self.section(chapter, true)).into_iter().collect();
        let mut atoms = atoms.into_iter().peekable();
        while let Some(place) = atoms.peek().map(|atom| atom.section) {
            let mut section = self.section(place, before.is_some_and(|(last, _)| last == place));
            while let Some(block) = atoms.peek().filter(|atom| atom.section == place).map(|atom| atom.block) {
                section.blocks.extend(self.block(block, &mut atoms));
            }
            found.push(section);
        }
        found
    }

    /// Says the heading of a group of rows again where a part begins inside of it.
    fn repeat_group(&self, first: &mut Atom, block_before: usize) {
        let group = first.group.filter(|_| first.block == block_before);
        if let (Some(group), Content::Rows(rows)) =
            (group.and_then(|at| self.atoms.groups.get(at)), &mut first.content)
            && rows.first().is_some_and(|row| row.heading.is_empty())
        {
            rows.insert(0, Row::across(group.clone(), true));
        }
    }

    fn range(&self, number: usize) -> Range<usize> {
        let begin = number.checked_sub(1).and_then(|at| self.begins.get(at));
        let end = self.begins.get(number).copied().unwrap_or(self.atoms.all.len());
        begin.copied().unwrap_or(end)..end
    }

    fn section(&self, place: usize, continued: bool) -> Section {
        let head = self.atoms.heads.get(place);
        Section {
            id: head.map(|head| head.id.clone()).unwrap_or_default(),
            heading: head.map(|head| head.heading.clone()).unwrap_or_default(),
            deep: head.is_some_and(|head| head.deep),
            continued,
            blocks: Vec::new(),
        }
    }

    /// The next atoms as one block, as far as they are of this one.
    fn block(&self, block: usize, atoms: &mut Peekable<impl Iterator<Item = Atom>>) -> Option<Block> {
        let mut of_block = std::iter::from_fn(|| atoms.next_if(|atom| atom.block == block));
        let first = of_block.next()?;
        let row = first.row;
        Some(match first.content {
            Content::Nothing => return None,
            Content::Text(piece) => Block::Text(piece),
            Content::Note(piece) => Block::Note(piece),
            Content::Picture(picture) => Block::Picture(picture),
            Content::Point(piece) => {
                let more = of_block.filter_map(|atom| match atom.content {
                    Content::Point(piece) => Some(piece),
                    _ => None,
                });
                Block::Points(std::iter::once(piece).chain(more).collect())
            }
            Content::Field(label, piece) => {
                let more = of_block.filter_map(|atom| match atom.content {
                    Content::Field(label, piece) => Some((label, piece)),
                    _ => None,
                });
                Block::Fields(std::iter::once((label, piece)).chain(more).collect())
            }
            Content::Rows(mut rows) => {
                let (mut last, mut count) = (row, 1_usize);
                for atom in of_block {
                    last = atom.row;
                    count = count.saturating_add(1);
                    if let Content::Rows(more) = atom.content {
                        rows.extend(more);
                    }
                }
                let top = self.atoms.tops.get(&block)?;
                let extent = Extent { from: row, to: last, all: top.rows };
                Block::Table(Table {
                    name: top.name.clone(),
                    columns: top.columns.clone(),
                    rows,
                    extent: (count < top.atoms).then_some(extent),
                })
            }
        })
    }
}

/// Where the parts of a paper begin.
struct Cutting<'a> {
    atoms: &'a Atoms,
    begins: Vec<usize>,
    /// The bytes of the last part so far.
    used: usize,
}

impl Cutting<'_> {
    fn begins(mut self) -> Vec<usize> {
        let mut before: Option<&Atom> = None;
        for (place, atom) in self.atoms.all.iter().enumerate() {
            let more = self.bytes(before, atom);
            let is_full = self.used.saturating_add(more) > PART_BYTES;
            if before.is_none() || is_full || self.is_better_apart(place, before) {
                self.begins.push(place);
                self.used = self.bytes(None, atom);
            } else {
                self.used = self.used.saturating_add(more);
            }
            before = Some(atom);
        }
        if self.begins.is_empty() {
            self.begins.push(0);
        }
        self.begins
    }

    fn bytes(&self, before: Option<&Atom>, atom: &Atom) -> usize {
        self.atoms.opening(before, atom).saturating_add(atom.bytes)
    }

    /// Whether what begins here fits a part, but not what is left of this one.
    fn is_better_apart(&self, place: usize, before: Option<&Atom>) -> bool {
        let rest = self.atoms.all.get(place..).unwrap_or_default();
        let Some(first) = rest.first().filter(|first| before.is_none_or(|one| one.section != first.section))
        else {
            return false;
        };
        let chapter = |atom: &Atom| self.atoms.chapter(atom.section);
        let begins_chapter = chapter(first) == first.section;
        let whole = begins_chapter.then(|| self.length(rest, |atom| chapter(atom) == first.section));
        // A heading with nothing below it does not stand at the end of a part.
        let is_bare = matches!(first.content, Content::Nothing);
        let own = self.length(rest, |atom| {
            atom.section == first.section || (is_bare && atom.section == first.section.saturating_add(1))
        });
        for length in [whole, Some(own)].into_iter().flatten() {
            if self.used.saturating_add(length) <= PART_BYTES {
                return false;
            }
            if length <= PART_BYTES {
                return true;
            }
        }
        // What is cut anyway begins where there is room for some of it.
        self.used > PART_BYTES / 4 * 3
    }

    /// The bytes of the atoms that belong together, from the first on; counted as far as one part goes.
    fn length(&self, atoms: &[Atom], belongs: impl Fn(&Atom) -> bool) -> usize {
        let mut before = None;
        let mut sum = 0_usize;
        for atom in atoms.iter().take_while(|atom| belongs(atom)) {
            sum = sum.saturating_add(self.bytes(before, atom));
            if sum > PART_BYTES {
                break;
            }
            before = Some(atom);
        }
        sum
    }
}
