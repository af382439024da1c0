//! The paper of a report as a page shows it.

use super::{list, number, when, word};
use base::Language;
use serde_json::Value;

/// From which share of the width on, in characters, a column holds sentences.
const BROAD: usize = 9;

/// A section.
pub(crate) struct Section {
    /// What links to it name, the same in each version of the paper that has as many sections before it.
    pub(crate) id: String,
    pub(crate) heading: String,
    pub(crate) deep: bool,
    /// Whether it goes on from the part before.
    pub(crate) continued: bool,
    pub(crate) blocks: Vec<Block>,
}

/// What stands in it.
pub(crate) enum Block {
    Text(Piece),
    Note(Piece),
    Points(Vec<Piece>),
    Fields(Vec<(String, Piece)>),
    Table(Table),
    Picture(Picture),
}

/// A text, or a piece of one that is too long for a page.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// Whether something of it stands before.
    pub(crate) continued: bool,
    /// Whether something of it comes after.
    pub(crate) continues: bool,
}

/// A picture, which has an address of its own, with the same in words.
pub(crate) struct Picture {
    /// Its number among those of the paper, from 0.
    pub(crate) number: usize,
    pub(crate) caption: String,
}

/// A table.
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// Which of its rows stand here, where not all of them do.
    pub(crate) extent: Option<Extent>,
}

/// A column of a table.
#[derive(Clone)]
pub(crate) struct Column {
    pub(crate) title: String,
    /// Whether sentences stand in it.
    pub(crate) broad: bool,
}

/// Rows of a table, counted from 1, without headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) all: usize,
}

/// A row: a heading across the table, or cells.
pub(crate) struct Row {
    pub(crate) heading: String,
    /// Whether the heading stands before already.
    pub(crate) continued: bool,
    pub(crate) cells: Vec<Cell>,
}

/// A cell.
pub(crate) struct Cell {
    pub(crate) said: Piece,
    /// How its tag looks; empty for plain text.
    pub(crate) tone: &'static str,
}

impl Extent {
    /// The first and the last.
    pub(crate) fn rows(&self) -> String {
        format!("{}–{}", self.from, self.to)
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl Row {
    /// A heading across the table.
    pub(super) fn across(heading: String, continued: bool) -> Self {
        Self { heading, continued, cells: Vec::new() }
    }

    /// Cells.
    pub(super) fn of(cells: Vec<Cell>) -> Self {
        Self { heading: String::new(), continued: false, cells }
    }
}

/// The sections of a paper.
pub(super) fn sections(paper: &Value, language: Language) -> Vec<Section> {
    let mut pictures = 0..;
    let mut section = |(place, one): (usize, &Value)| Section {
        id: format!("section-{}", place.saturating_add(1)),
        heading: word(one, "heading"),
        deep: one.get("level").and_then(Value::as_u64).is_some_and(|level| level > 1),
        continued: false,
        blocks: list(one, "blocks").iter().filter_map(|block| read(block, language, &mut pictures)).collect(),
    };
    list(paper, "sections").iter().enumerate().map(&mut section).collect()
}

/// The drawing of the picture with this number.
pub(super) fn drawing(paper: &Value, number: usize) -> Option<String> {
    let blocks = list(paper, "sections").iter().flat_map(|section| list(section, "blocks"));
    blocks.filter_map(|block| block.get("picture")).nth(number).map(|picture| word(picture, "svg"))
}

fn read(block: &Value, language: Language, pictures: &mut impl Iterator<Item = usize>) -> Option<Block> {
    let (kind, inner) = block.as_object()?.iter().next()?;
    let text = || Piece::from(inner.as_str().unwrap_or_default().to_owned());
    Some(match kind.as_str() {
        "text" => Block::Text(text()),
        "note" => Block::Note(text()),
        "points" => {
            let all = inner.as_array()?.iter().filter_map(Value::as_str);
            Block::Points(all.map(|point| point.to_owned().into()).collect())
        }
        "fields" => {
            let field = |one: &Value| (word(one, "label"), word(one, "value").into());
            Block::Fields(inner.as_array()?.iter().map(field).collect())
        }
        "table" => Block::Table(table(inner)),
        "bars" => Block::Table(parts(inner, |row| {
            let label = row.get(0).and_then(Value::as_str).unwrap_or_default().to_owned();
            (label, row.get(1).cloned().unwrap_or_default())
        })),
        "trend" => Block::Table(parts(inner, |point| {
            let at = point.get(0).and_then(Value::as_str).unwrap_or_default().to_owned();
            let day = when(&serde_json::json!({ "at": at }), "at", language);
            (day, point.get(1).cloned().unwrap_or_default())
        })),
        "picture" => Block::Picture(Picture {
            number: pictures.next().unwrap_or_default(),
            caption: word(inner, "caption"),
        }),
        _ => return None,
    })
}

/// A picture as an address that holds it: nothing in it runs there.
pub(super) fn picture(svg: &str) -> String {
    format!("data:image/svg+xml,{}", crate::form::encoded(svg))
}

fn table(inner: &Value) -> Table {
    let row = |row: &Value| match row.pointer("/cells/cells").and_then(Value::as_array) {
        Some(cells) => Row::of(cells.iter().map(cell).collect()),
        None => Row::across(word(row, "heading"), false),
    };
    Table {
        name: word(inner, "name"),
        columns: list(inner, "columns").iter().map(column).collect(),
        rows: list(inner, "rows").iter().map(row).collect(),
        extent: None,
    }
}

fn column(one: &Value) -> Column {
    Column { title: word(one, "title"), broad: number(one, "width") >= BROAD }
}

fn cell(one: &Value) -> Cell {
    let tone = match word(one, "tone").as_str() {
        "good" => "good",
        "bad" => "bad",
        "partly" | "asked" => "wait",
        "unknown" | "apart" => "none",
        _ => "",
    };
    Cell { said: word(one, "text").into(), tone }
}

/// Bars and trends as tables of numbers.
fn parts(inner: &Value, read: impl Fn(&Value) -> (String, Value)) -> Table {
    let legend = list(inner, "legend").iter().filter_map(|one| one.get(1).and_then(Value::as_str));
    let column = |title: &str| Column { title: title.to_owned(), broad: false };
    let columns = std::iter::once("").chain(legend).map(column).collect();
    let plain = |text: String| Cell { said: text.into(), tone: "" };
    let rows = list(inner, "rows").iter().chain(list(inner, "points")).map(|one| {
        let (label, counts) = read(one);
        let counts = counts.as_array().into_iter().flatten().map(|count| plain(count.to_string()));
        Row::of(std::iter::once(plain(label)).chain(counts).collect())
    });
    Table { name: word(inner, "caption"), columns, rows: rows.collect(), extent: None }
}
