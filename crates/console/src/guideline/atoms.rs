//! A paper taken apart: what stays together on a page, each with the bytes that a template makes of it.

use super::paper::{Block, Column, Picture, Piece, Row, Section, Table};
use super::pieces::{self, named, weight, weight_of_piece, weight_of_row};
use std::collections::BTreeMap;

/// Most bytes of what stays in one piece: a row, a paragraph, a point.
const ATOM_BYTES: usize = 18_000;
/// What the tags of a section, a table, a column, a picture and of anything else add, in bytes.
const SECTION_BYTES: usize = 200;
const TABLE_BYTES: usize = 420;
const COLUMN_BYTES: usize = 40;
const PICTURE_BYTES: usize = 420;
const BLOCK_BYTES: usize = 48;

/// What is not cut any further.
pub(super) enum Content {
    /// A section without anything in it.
    Nothing,
    Text(Piece),
    Note(Piece),
    Point(Piece),
    Field(String, Piece),
    /// Headings and the row that they stand before; none of an empty table.
    Rows(Vec<Row>),
    Picture(Picture),
}

pub(super) struct Atom {
    pub(super) section: usize,
    /// The block of the paper, counted through all sections.
    pub(super) block: usize,
    /// The heading that a row stands below, of [`Atoms::groups`].
    pub(super) group: Option<usize>,
    /// The number of a row in its table, from 1.
    pub(super) row: usize,
    pub(super) bytes: usize,
    pub(super) content: Content,
}

/// What a section is called.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) deep: bool,
    /// The section of the first level that it belongs to, where that is another one.
    chapter: Option<usize>,
    bytes: usize,
}

/// What stands above the rows of a table.
pub(super) struct Top {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: usize,
    /// How many atoms its rows are.
    pub(super) atoms: usize,
    pub(super) bytes: usize,
}

/// A paper taken apart, in its order.
#[derive(Default)]
pub(super) struct Atoms {
    pub(super) heads: Vec<Head>,
    pub(super) tops: BTreeMap<usize, Top>,
    /// Headings across tables.
    pub(super) groups: Vec<String>,
    pub(super) all: Vec<Atom>,
    /// How many blocks there are so far.
    blocks: usize,
}

impl Atoms {
    pub(super) fn of(sections: Vec<Section>) -> Self {
        let mut found = Self::default();
        let mut chapter = None;
        for (place, section) in sections.into_iter().enumerate() {
            if !section.deep {
                chapter = Some(place);
            }
            let heading = named(section.heading);
            found.heads.push(Head {
                id: section.id,
                bytes: weight(&heading).saturating_add(SECTION_BYTES),
                heading,
                deep: section.deep,
                chapter: chapter.filter(|chapter| *chapter != place),
            });
            if section.blocks.is_empty() {
                found.blocks = found.blocks.saturating_add(1);
                found.put(place, Content::Nothing, 0);
            }
            for block in section.blocks {
                found.blocks = found.blocks.saturating_add(1);
                found.take(place, block);
            }
        }
        found
    }

    /// What has to be said before an atom: its section, its chapter, the top of its table, as far as they do not stand above
    /// it already. In bytes.
    pub(super) fn opening(&self, before: Option<&Atom>, atom: &Atom) -> usize {
        let head = |place: usize| self.heads.get(place).map_or(0, |head| head.bytes);
        let mut bytes = 0_usize;
        if before.is_none_or(|before| before.section != atom.section) {
            bytes = bytes.saturating_add(head(atom.section));
        }
        if before.is_none_or(|before| before.block != atom.block) {
            bytes = bytes.saturating_add(self.tops.get(&atom.block).map_or(BLOCK_BYTES, |top| top.bytes));
        }
        if before.is_none() {
            let group = atom.group.and_then(|group| self.groups.get(group));
            bytes = bytes.saturating_add(head(self.chapter(atom.section)));
            bytes =
                bytes.saturating_add(group.map_or(0, |group| weight(group).saturating_add(SECTION_BYTES)));
        }
        bytes
    }

    /// The section of the first level that a section belongs to, or is; itself where there is none above it.
    pub(super) fn chapter(&self, section: usize) -> usize {
        self.heads.get(section).and_then(|head| head.chapter).unwrap_or(section)
    }

    fn put(&mut self, section: usize, content: Content, bytes: usize) {
        let block = self.blocks;
        self.all.push(Atom { section, block, group: None, row: 0, bytes, content });
    }

    fn take(&mut self, section: usize, block: Block) {
        let cut = |piece| pieces::pieces(piece, ATOM_BYTES).into_iter();
        match block {
            Block::Text(text) => cut(text).for_each(|one| self.put_text(section, one, Content::Text)),
            Block::Note(text) => cut(text).for_each(|one| self.put_text(section, one, Content::Note)),
            Block::Points(points) => {
                points.into_iter().flat_map(cut).for_each(|one| self.put_text(section, one, Content::Point));
            }
            Block::Fields(fields) => {
                for (label, value) in fields {
                    let label = named(label);
                    for piece in cut(value) {
                        let bytes = weight_of_piece(&piece).saturating_add(weight(&label));
                        let content = Content::Field(label.clone(), piece);
                        self.put(section, content, bytes.saturating_add(BLOCK_BYTES));
                    }
                }
            }
            Block::Table(table) => self.take_table(section, table),
            Block::Picture(picture) => {
                let picture = Picture { caption: named(picture.caption), ..picture };
                let bytes = weight(&picture.caption).saturating_mul(2).saturating_add(PICTURE_BYTES);
                self.put(section, Content::Picture(picture), bytes);
            }
        }
    }

    fn put_text(&mut self, section: usize, piece: Piece, content: impl Fn(Piece) -> Content) {
        let bytes = weight_of_piece(&piece).saturating_add(BLOCK_BYTES);
        self.put(section, content(piece), bytes);
    }

    fn take_table(&mut self, section: usize, table: Table) {
        let count_before = self.all.len();
        let (mut number, mut group) = (0_usize, None);
        let mut headings: Vec<Row> = Vec::new();
        for row in table.rows {
            if row.cells.is_empty() {
                let heading = named(row.heading);
                group = Some(self.groups.len());
                self.groups.push(heading.clone());
                headings.push(Row::across(heading, false));
                continue;
            }
            number = number.saturating_add(1);
            for row in pieces::rows(row, ATOM_BYTES) {
                let mut rows = std::mem::take(&mut headings);
                rows.push(row);
                self.put_rows(section, rows, (group, number));
            }
        }
        if !headings.is_empty() || self.all.len() == count_before {
            self.put_rows(section, headings, (group, number));
        }
        let name = named(table.name);
        let short = |column: Column| Column { title: named(column.title), ..column };
        let columns: Vec<Column> = table.columns.into_iter().map(short).collect();
        let titles = columns.iter().map(|column| weight(&column.title).saturating_add(COLUMN_BYTES));
        let above = weight(&name).saturating_mul(2).saturating_add(TABLE_BYTES);
        let bytes = titles.fold(above, usize::saturating_add);
        let atoms = self.all.len().saturating_sub(count_before);
        self.tops.insert(self.blocks, Top { name, columns, rows: number, atoms, bytes });
    }

    fn put_rows(&mut self, section: usize, rows: Vec<Row>, (group, row): (Option<usize>, usize)) {
        let bytes = rows.iter().map(|row| weight_of_row(row).saturating_add(BLOCK_BYTES));
        let bytes = bytes.fold(0, usize::saturating_add);
        let block = self.blocks;
        self.all.push(Atom { section, block, group, row, bytes, content: Content::Rows(rows) });
    }
}
