//! Tables as the template takes them.

use super::{Setter, mark};
use crate::columns::{Columns, MARK, PADDING};
use crate::font::{Fonts, Weight};
use crate::letters::Text;
use report::paper::{Cell, Row, Table, Tone};
use serde::Serialize;

/// How high a line of a table is, in its own size.
const LINE: f64 = 1.5;
/// A row that is lower than this share of the page stays on one page.
const WHOLE_MAX: f64 = 0.3;
/// Headings that are higher than this share of the page are not shown again on the next.
const REPEATED_MAX: f64 = 0.2;

/// A table.
#[derive(Debug, Serialize)]
pub(super) struct Grid {
    name: Option<Text>,
    size: f64,
    padding: f64,
    widths: Vec<f64>,
    titles: Vec<Text>,
    /// Whether the titles are shown again on each page.
    is_repeated: bool,
    rows: Vec<Line>,
}

/// A row.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    /// Across the table, shown again on each page.
    Heading(Text),
    /// The same, too high for that.
    Across(Text),
    Cells {
        cells: Vec<Field>,
        /// Whether it stays on one page.
        is_whole: bool,
    },
}

/// A cell.
#[derive(Debug, Serialize)]
struct Field {
    text: Text,
    #[serde(skip_serializing_if = "str::is_empty")]
    mark: &'static str,
    #[serde(skip_serializing_if = "is_plain")]
    tone: Tone,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_number: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands members over by reference")]
fn is_plain(tone: &Tone) -> bool {
    *tone == Tone::Plain
}

impl Grid {
    /// A table, below a heading that need not be said again.
    pub(super) fn of(setter: &mut Setter<'_>, table: &Table, heading: &str) -> Self {
        let room = setter.sheet.room();
        let columns = Columns::of(setter.fonts, table, room, setter.sizes.table, setter.sizes.is_tight);
        let name = table.name.trim();
        let name = (!name.is_empty() && name != heading.trim()).then(|| setter.text(name));
        let titles: Vec<Text> = (0..columns.widths.len())
            .map(|at| {
                let title = table.columns.get(at).map_or("", |column| column.title.as_str());
                setter.within(title, Weight::Bold, columns.inner(at))
            })
            .collect();
        let page = setter.sheet.height();
        let height = titles
            .iter()
            .enumerate()
            .map(|(at, title)| height(setter.fonts, title, Weight::Bold, columns.inner(at), columns.size));
        let is_repeated = height.fold(0.0, f64::max) < page * REPEATED_MAX;
        let mut rows: Vec<Line> = table.rows.iter().map(|row| line(setter, &columns, row)).collect();
        if rows.is_empty() {
            let none = setter.say("（なし）", "(none)");
            rows.push(Line::Across(setter.text(none)));
        }
        // A heading with nothing below it is not shown again.
        let mut is_followed = false;
        for row in rows.iter_mut().rev() {
            match row {
                Line::Heading(text) if !is_followed => *row = Line::Across(std::mem::take(text)),
                Line::Heading(_) | Line::Across(_) => is_followed = false,
                Line::Cells { .. } => is_followed = true,
            }
        }
        let Columns { size, widths } = columns;
        Self { name, size, padding: PADDING, widths, titles, is_repeated, rows }
    }
}

fn line(setter: &mut Setter<'_>, columns: &Columns, row: &Row) -> Line {
    let page = setter.sheet.height();
    match row {
        Row::Heading(text) => {
            let width = columns.widths.iter().sum::<f64>() / columns.size - 1.0;
            let text = setter.within(text, Weight::Bold, width);
            let height = height(setter.fonts, &text, Weight::Bold, width, columns.size);
            if height < page * REPEATED_MAX / 2.0 { Line::Heading(text) } else { Line::Across(text) }
        }
        Row::Cells { cells, .. } => {
            let mut fields: Vec<Field> =
                cells.iter().enumerate().map(|(at, cell)| field(setter, cell, columns.inner(at))).collect();
            while fields.len() < columns.widths.len() {
                fields.push(field(setter, &Cell::plain(""), 4.0));
            }
            let heights = fields.iter().enumerate().map(|(at, field)| {
                let marked = if field.mark.is_empty() { 0.0 } else { MARK };
                let width = columns.inner(at) - marked;
                height(setter.fonts, &field.text, Weight::Regular, width, columns.size)
            });
            let is_whole = heights.fold(0.0, f64::max) < page * WHOLE_MAX;
            Line::Cells { cells: fields, is_whole }
        }
    }
}

fn field(setter: &mut Setter<'_>, cell: &Cell, width: f64) -> Field {
    let mark = mark(cell.tone);
    let width = if mark.is_empty() { width } else { width - MARK };
    let text = setter.within(&cell.text, Weight::Regular, width);
    Field { text, mark, tone: cell.tone, is_number: cell.number.is_some() }
}

/// About how high a text becomes in so wide a column (em), in points: rather too much, since lines end before they are full.
fn height(fonts: &Fonts, text: &Text, weight: Weight, width: f64, size: f64) -> f64 {
    let lines = text.0.iter().map(|line| {
        let length: f64 = line.iter().flatten().map(|run| fonts.width(run, weight)).sum();
        (length * 1.15 / width.max(1.0)).ceil().max(1.0)
    });
    lines.sum::<f64>() * LINE * size + 2.0 * PADDING
}
