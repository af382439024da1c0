//! A worksheet under way: how it is printed, and how texts and numbers get into it.

use super::look;
use super::plain::{cut, visible};
use crate::paper::{Cell, Paper};
use base::{Language, Problem};
use guideline::codes;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// A4, as spreadsheets number kinds of paper.
const A4: u8 = 9;

/// The characters of a title in the foot of each page: header and footer have 255 together with their codes.
const FOOT_CHARACTERS_MAX: usize = 60;

/// The characters of a number's own format.
const NUMBER_FORMAT_CHARACTERS_MAX: usize = 100;

/// A worksheet and the paper that it is of.
pub(super) struct Book<'a> {
    pub(super) paper: &'a Paper,
    pub(super) sheet: &'a mut Worksheet,
}

impl<'a> Book<'a> {
    /// A new worksheet, set for printing: A4, one page wide, page numbers.
    pub(super) fn add(workbook: &'a mut Workbook, paper: &'a Paper, name: &str) -> Result<Self, Problem> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).map_err(|error| wrong(&error))?;
        sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        let foot = |text: &str| cut(text, FOOT_CHARACTERS_MAX).replace('&', "&&");
        sheet.set_footer(format!("&L{}&C&P / &N&R{}", foot(&paper.title), foot(&paper.facility)));
        Ok(Self { paper, sheet })
    }

    /// A word in the language of the paper.
    pub(super) fn say<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        match self.paper.language {
            Language::Japanese => ja,
            Language::English => en,
        }
    }

    /// How wide columns are, in characters of full width.
    pub(super) fn widths(&mut self, widths: impl IntoIterator<Item = u16>) -> Result<(), Problem> {
        for (column, width) in (0_u16..).zip(widths) {
            // Spreadsheets count characters of half width, at most 255, and keep a little room beside the text.
            let halves = (f64::from(width) * 2.0 + 2.0).min(255.0);
            self.sheet.set_column_width(column, halves).map_err(|error| wrong(&error))?;
        }
        Ok(())
    }

    /// Writes a visible text, as text whatever it begins with.
    pub(super) fn text(
        &mut self,
        (row, column): (u32, u16),
        text: &str,
        format: &Format,
    ) -> Result<(), Problem> {
        // Whoever edits the cell later does not make a formula of it either.
        let quoted = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        let format = if quoted { &format.clone().set_quote_prefix() } else { format };
        self.sheet
            .write_string_with_format(row, column, text, format)
            .map(drop)
            .map_err(|error| wrong(&error))
    }

    /// Writes a cell that says a number as that number, shown as the paper writes it. False where it says none.
    pub(super) fn number(&mut self, (row, column): (u32, u16), cell: &Cell) -> Result<bool, Problem> {
        let Some(number) = cell.number.filter(|number| number.is_finite()) else { return Ok(false) };
        let format = look::cell(cell.tone);
        let format = if cell.text == number.to_string() {
            format
        } else {
            match shown_as(&cell.text) {
                Some(shown) => format.set_num_format(shown),
                None => return Ok(false),
            }
        };
        let written = self.sheet.write_number_with_format(row, column, number, &format);
        written.map(|_| true).map_err(|error| wrong(&error))
    }

    /// What is printed: everything down to here.
    pub(super) fn print(&mut self, (row, column): (u32, u16)) -> Result<(), Problem> {
        self.sheet.set_print_area(0, 0, row, column).map(drop).map_err(|error| wrong(&error))
    }
}

/// The format of a number that shows it as this text; none where a format cannot.
fn shown_as(text: &str) -> Option<String> {
    let fits = visible(text) == text && !text.contains(['"', '\n']);
    (fits && text.chars().count() <= NUMBER_FORMAT_CHARACTERS_MAX).then(|| format!("\"{text}\""))
}

/// What the writer of the format refused. It can quote the report, so the log hears nothing of it.
pub(super) fn wrong(error: &XlsxError) -> Problem {
    Problem::new(&codes::SHEET).with("what", error).log("a spreadsheet")
}
