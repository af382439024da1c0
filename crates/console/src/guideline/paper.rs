//! The paper of a report as a page shows it.

use super::{list, when, word};
use base::Language;
use serde_json::Value;

/// A section.
pub(crate) struct Section {
    pub(crate) heading: String,
    pub(crate) deep: bool,
    pub(crate) blocks: Vec<Block>,
}

/// What stands in it.
pub(crate) enum Block {
    Text(String),
    Note(String),
    Points(Vec<String>),
    Fields(Vec<(String, String)>),
    Table(Table),
    /// An SVG as an address that holds it, with the same in words.
    Picture(String, String),
}

/// A table.
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// A row: a heading across the table, or cells.
pub(crate) struct Row {
    pub(crate) heading: String,
    pub(crate) cells: Vec<Cell>,
}

/// A cell.
pub(crate) struct Cell {
    pub(crate) text: String,
    /// How its tag looks; empty for plain text.
    pub(crate) tone: &'static str,
}

/// The sections of a paper.
pub(super) fn sections(paper: &Value, language: Language) -> Vec<Section> {
    let section = |one: &Value| Section {
        heading: word(one, "heading"),
        deep: one.get("level").and_then(Value::as_u64).is_some_and(|level| level > 1),
        blocks: list(one, "blocks").iter().filter_map(|block| read(block, language)).collect(),
    };
    list(paper, "sections").iter().map(section).collect()
}

/// The first table of a paper whose rows stand for measures, by the heading of its section.
fn read(block: &Value, language: Language) -> Option<Block> {
    let (kind, inner) = block.as_object()?.iter().next()?;
    let text = || inner.as_str().unwrap_or_default().to_owned();
    Some(match kind.as_str() {
        "text" => Block::Text(text()),
        "note" => Block::Note(text()),
        "points" => {
            let all = inner.as_array()?.iter().filter_map(Value::as_str);
            Block::Points(all.map(str::to_owned).collect())
        }
        "fields" => {
            let field = |one: &Value| (word(one, "label"), word(one, "value"));
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
        "picture" => Block::Picture(picture(&word(inner, "svg")), word(inner, "caption")),
        _ => return None,
    })
}

/// A picture as an address that holds it: nothing in it runs there.
pub(super) fn picture(svg: &str) -> String {
    format!("data:image/svg+xml,{}", crate::form::encoded(svg))
}

fn table(inner: &Value) -> Table {
    let row = |row: &Value| {
        let cells = row.pointer("/cells/cells").and_then(Value::as_array);
        Row {
            heading: word(row, "heading"),
            cells: cells.map(|cells| cells.iter().map(cell).collect()).unwrap_or_default(),
        }
    };
    Table {
        name: word(inner, "name"),
        columns: list(inner, "columns").iter().map(|column| word(column, "title")).collect(),
        rows: list(inner, "rows").iter().map(row).collect(),
    }
}

fn cell(one: &Value) -> Cell {
    let tone = match word(one, "tone").as_str() {
        "good" => "good",
        "bad" => "bad",
        "partly" | "asked" => "wait",
        "unknown" | "apart" => "none",
        _ => "",
    };
    Cell { text: word(one, "text"), tone }
}

/// Bars and trends as tables of numbers.
fn parts(inner: &Value, read: impl Fn(&Value) -> (String, Value)) -> Table {
    let legend = list(inner, "legend").iter().filter_map(|one| one.get(1).and_then(Value::as_str));
    let columns = std::iter::once(String::new()).chain(legend.map(str::to_owned)).collect();
    let plain = |text: String| Cell { text, tone: "" };
    let rows = list(inner, "rows").iter().chain(list(inner, "points")).map(|one| {
        let (label, counts) = read(one);
        let counts = counts.as_array().into_iter().flatten().map(|count| plain(count.to_string()));
        Row { heading: String::new(), cells: std::iter::once(plain(label)).chain(counts).collect() }
    });
    Table { name: word(inner, "caption"), columns, rows: rows.collect() }
}
