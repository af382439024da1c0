//! What PDF and HTML draw, as numbers in a worksheet with a chart of its own below them.

use super::book::{Book, wrong};
use super::look;
use super::plain::{cut, pieces, visible};
use super::table;
use crate::paper::{Bars, Cell, Column, Row, Table, Tone, Trend, moment};
use base::Problem;
use rust_xlsxwriter::{Chart, ChartFormat, ChartSolidFill, ChartType};

/// The parts that a chart tells apart.
const PARTS_MAX: usize = 255;

/// The characters of a chart's title.
const TITLE_CHARACTERS_MAX: usize = 100;

/// How wide labels are, in characters of full width.
const LABEL_WIDTH: u16 = 22;

/// How wide a chart is, in pixels.
const WIDTH: u32 = 900;

/// How high a row of a worksheet is, in pixels, as far as the chart is concerned.
const ROW_HEIGHT: u32 = 20;

/// A worksheet with bars.
pub(super) fn bars(book: &mut Book<'_>, bars: &Bars) -> Result<(), Problem> {
    let rows: Vec<(String, &[u64])> =
        bars.rows.iter().map(|(label, parts)| (label.clone(), parts.as_slice())).collect();
    let what = book.say("区分", "Of what").to_owned();
    write(
        book,
        &Shown { caption: &bars.caption, legend: &bars.legend, what, rows, kind: ChartType::BarStacked },
    )
}

/// A worksheet with a trend.
pub(super) fn trend(book: &mut Book<'_>, trend: &Trend) -> Result<(), Problem> {
    let language = book.paper.language;
    let rows: Vec<(String, &[u64])> =
        trend.points.iter().map(|(at, parts)| (moment(at.0, language), parts.as_slice())).collect();
    let what = book.say("日時", "When").to_owned();
    write(
        book,
        &Shown { caption: &trend.caption, legend: &trend.legend, what, rows, kind: ChartType::ColumnStacked },
    )
}

/// Labels with parts, and how they are drawn.
struct Shown<'a> {
    caption: &'a str,
    legend: &'a [(Tone, String)],
    what: String,
    rows: Vec<(String, &'a [u64])>,
    kind: ChartType,
}

fn write(book: &mut Book<'_>, shown: &Shown<'_>) -> Result<(), Problem> {
    // Parts that the legend does not name are shown all the same.
    let parts = shown.rows.iter().map(|(_, parts)| parts.len()).max().unwrap_or(0).max(shown.legend.len());
    let mut columns = vec![Column::new(shown.what.as_str(), LABEL_WIDTH)];
    columns.extend(
        (0..parts)
            .map(|place| Column::new(shown.legend.get(place).map_or("―", |(_, name)| name.as_str()), 8)),
    );
    let row = |(label, parts): &(String, &[u64])| {
        let mut cells = vec![Cell::plain(label.as_str())];
        cells.extend(parts.iter().map(|count| count_cell(*count)));
        Row::Cells { key: None, cells }
    };
    let table = Table { name: String::new(), columns, rows: shown.rows.iter().map(row).collect() };
    table::write(book, &table, false)?;
    let is_one_row = |label: &str| pieces(&visible(label), LABEL_WIDTH).len() == 1;
    let are_rows = !shown.rows.is_empty() && shown.rows.iter().all(|(label, _)| is_one_row(label));
    if are_rows && !shown.legend.is_empty() && shown.legend.len() <= PARTS_MAX {
        draw(book, shown, parts)?;
    }
    Ok(())
}

/// The caption as a title. The writer of the format takes `=…` and `A!B1` for places in the workbook; on the cover it stands as
/// it is.
fn title(caption: &str) -> String {
    let title = cut(caption, TITLE_CHARACTERS_MAX).replace('!', "！");
    title.strip_prefix('=').map_or(title.clone(), |rest| format!("＝{rest}"))
}

fn count_cell(count: u64) -> Cell {
    // A spreadsheet has no larger whole numbers; it then says the text.
    let number = u32::try_from(count).ok().map(f64::from);
    Cell { text: count.to_string(), tone: Tone::Plain, number }
}

/// The chart below the numbers, each of which stands in a row of its own.
fn draw(book: &mut Book<'_>, shown: &Shown<'_>, parts: usize) -> Result<(), Problem> {
    let rows = u32::try_from(shown.rows.len()).unwrap_or(u32::MAX);
    let sheet = book.sheet.name();
    let mut chart = Chart::new(shown.kind);
    for (column, (tone, _)) in (1_u16..).zip(shown.legend) {
        let mut looks = ChartFormat::new();
        looks.set_solid_fill(ChartSolidFill::new().set_color(look::ink(*tone)));
        chart
            .add_series()
            .set_name((sheet.as_str(), 0, column))
            .set_categories((sheet.as_str(), 1, 0, rows, 0))
            .set_values((sheet.as_str(), 1, column, rows, column))
            .set_gap(60)
            .set_format(&mut looks);
    }
    chart.title().set_name(title(shown.caption).as_str());
    if shown.kind == ChartType::BarStacked {
        // The first row stands at the top, as in the table.
        chart.x_axis().set_reverse();
    }
    let height = rows.saturating_mul(26).saturating_add(140).clamp(300, 900);
    chart.set_width(WIDTH).set_height(height).set_alt_text(cut(shown.caption, TITLE_CHARACTERS_MAX));
    let first = rows.saturating_add(2);
    book.sheet.insert_chart(first, 0, &chart).map_err(|error| wrong(&error))?;
    let last = first.saturating_add(height.div_ceil(ROW_HEIGHT)).saturating_add(1);
    // As wide as the chart, which the numbers alone may not be.
    book.print((last, u16::try_from(parts).unwrap_or(u16::MAX).max(8)))
}
