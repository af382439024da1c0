//! A table as a worksheet: its header stays in sight and on every page, rows are filtered, choices are offered.

use super::book::{Book, wrong};
use super::look;
use super::plain::{pieces, visible};
use crate::paper::{Cell, Column, Row, Table, Tone};
use base::{Language, Problem};
use rust_xlsxwriter::DataValidation;

/// The characters of a table, in full width, that fit a page on its short side.
const PORTRAIT_WIDTH_MAX: u16 = 50;

/// The characters that all choices of a column have together at most, with a comma between any two.
const CHOICES_CHARACTERS_MAX: usize = 255;

/// Writes a table.
pub(super) fn write(book: &mut Book<'_>, table: &Table, is_wide: bool) -> Result<(), Problem> {
    let width = table.columns.iter().fold(0_u16, |sum, column| sum.saturating_add(column.width));
    if is_wide || width > PORTRAIT_WIDTH_MAX {
        book.sheet.set_landscape();
    }
    book.widths(table.columns.iter().map(|column| column.width))?;
    let columns = u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
    for (place, column) in (0_u16..).zip(&table.columns) {
        book.text((0, place), &visible(&column.title), &look::header())?;
    }
    let mut row = 1_u32;
    for one in &table.rows {
        row = match one {
            Row::Heading(text) => heading(book, row, text, (columns, width))?,
            Row::Cells { cells, .. } => line(book, row, cells, &table.columns)?,
        };
    }
    if row == 1 || (columns == 0 && table.rows.iter().all(is_empty)) {
        let none = book.say("（行はありません）", "(no rows)");
        book.text((row, 0), none, &look::cell(Tone::Plain))?;
        row = row.saturating_add(1);
    }
    finish(book, table, (row.saturating_sub(1), columns.saturating_sub(1)))
}

/// What helps to read and to fill in, once all rows are there.
fn finish(book: &mut Book<'_>, table: &Table, last: (u32, u16)) -> Result<(), Problem> {
    let sheet = &mut *book.sheet;
    sheet.set_repeat_rows(0, 0).map_err(|error| wrong(&error))?;
    sheet.set_freeze_panes(1, 1).map_err(|error| wrong(&error))?;
    sheet.autofilter(0, 0, last.0, last.1).map_err(|error| wrong(&error))?;
    for (place, column) in (0_u16..).zip(&table.columns) {
        if column.choices.is_empty() || !are_offered(column) {
            continue;
        }
        let choices: Vec<String> = column.choices.iter().map(|choice| visible(choice)).collect();
        let (title, message) = (
            book.say("選択肢にありません", "Not a choice"),
            book.say("一覧から選んでください。", "Choose from the list."),
        );
        let validation = DataValidation::new()
            .allow_list_strings(&choices)
            .and_then(|validation| validation.set_error_title(title))
            .and_then(|validation| validation.set_error_message(message));
        let validation = validation.map_err(|error| wrong(&error))?;
        let added = book.sheet.add_data_validation(1, place, last.0, place, &validation);
        added.map_err(|error| wrong(&error))?;
    }
    book.print(last)
}

/// Whether a spreadsheet can offer the choices of a column. Where it cannot the cover names them.
pub(super) fn are_offered(column: &Column) -> bool {
    let choices: Vec<String> = column.choices.iter().map(|choice| visible(choice)).collect();
    let characters = choices.join(",").encode_utf16().count();
    let is_plain = |choice: &String| !choice.trim().is_empty() && !choice.contains([',', '"', '\n']);
    characters <= CHOICES_CHARACTERS_MAX && choices.iter().all(is_plain)
}

fn is_empty(row: &Row) -> bool {
    matches!(row, Row::Cells { cells, .. } if cells.is_empty())
}

/// A heading across the table: one text over empty cells, so that the rows can still be filtered and sorted.
fn heading(book: &mut Book<'_>, row: u32, text: &str, (columns, width): (u16, u16)) -> Result<u32, Problem> {
    let mut row = row;
    let format = look::heading();
    for text in visible(text).split('\n') {
        for piece in lines(text, width) {
            book.text((row, 0), &piece, &format)?;
            for column in 1..columns {
                book.sheet.write_blank(row, column, &format).map_err(|error| wrong(&error))?;
            }
            row = row.saturating_add(1);
        }
    }
    Ok(row)
}

/// A text that does not wrap, in pieces of one line each.
fn lines(text: &str, width: u16) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return vec!["―".to_owned()];
    }
    characters.chunks(usize::from(width).max(1)).map(|chunk| chunk.iter().collect()).collect()
}

/// A row, and as many below it as its longest text needs.
fn line(book: &mut Book<'_>, row: u32, cells: &[Cell], columns: &[Column]) -> Result<u32, Problem> {
    // A table that has other cells than columns loses none of them.
    let count = cells.len().max(columns.len());
    let mut divided: Vec<Vec<String>> = Vec::with_capacity(count);
    for place in 0..count {
        let width = columns.get(place).map_or(8, |column| column.width);
        let text = cells.get(place).map_or("―", |cell| cell.text.as_str());
        divided.push(pieces(&visible(text), width));
    }
    let height = divided.iter().map(Vec::len).max().unwrap_or(1);
    for step in 0..height {
        let row = row.saturating_add(u32::try_from(step).unwrap_or(u32::MAX));
        for (column, (place, all)) in (0_u16..).zip(divided.iter().enumerate()) {
            let cell = cells.get(place);
            if step == 0
                && all.len() == 1
                && let Some(cell) = cell
                && book.number((row, column), cell)?
            {
                continue;
            }
            let tone = cell.map_or(Tone::Plain, |cell| cell.tone);
            book.text((row, column), &said(book.paper.language, all, step), &look::cell(tone))?;
        }
    }
    Ok(row.saturating_add(u32::try_from(height).unwrap_or(u32::MAX)))
}

/// What a cell says in a row and in those in which it goes on.
fn said(language: Language, all: &[String], step: usize) -> String {
    let (goes_on, ditto) = match language {
        Language::Japanese => ("（次の行に続く）", "〃（上の行と同じ）"),
        Language::English => ("(goes on in the next row)", "(as above)"),
    };
    match all.get(step) {
        Some(piece) if step.saturating_add(1) < all.len() => format!("{piece}\n{goes_on}"),
        Some(piece) => piece.clone(),
        None => ditto.to_owned(),
    }
}
