//! A paper as a spreadsheet (XLSX): a cover with everything that is no table, then a worksheet for each table and chart.
//!
//! Texts are written as texts, whatever they begin with: there is no formula in any cell. Nothing is left out: a text that one
//! cell or one printed row cannot hold goes on in the next row, and what a spreadsheet cannot show is named on the cover. The
//! same paper gives the same bytes.

mod book;
mod chart;
mod cover;
mod look;
mod name;
mod plain;
mod table;

use crate::paper::{Bars, Block, Paper, Section, Table, Trend};
use base::{Language, Problem};
use book::{Book, wrong};
use name::Names;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

/// The paper as the bytes of an XLSX file.
///
/// # Errors
/// GL-0043: it has more rows or columns than a worksheet can hold.
pub fn write(paper: &Paper) -> Result<Vec<u8>, Problem> {
    let mut names = Names::default();
    let cover = names.unique(match paper.language {
        Language::Japanese => "表紙",
        Language::English => "Cover",
    });
    let sheets = Sheet::all(paper, &mut names);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(paper)?);
    cover::write(&mut Book::add(&mut workbook, paper, &cover)?, &sheets)?;
    for sheet in &sheets {
        let mut book = Book::add(&mut workbook, paper, &sheet.name)?;
        match sheet.shows {
            Shows::Table(one) => table::write(&mut book, one, sheet.section.is_wide)?,
            Shows::Bars(one) => chart::bars(&mut book, one)?,
            Shows::Trend(one) => chart::trend(&mut book, one)?,
        }
    }
    workbook.save_to_buffer().map_err(|error| wrong(&error))
}

/// A worksheet for a block of the paper.
struct Sheet<'a> {
    name: String,
    section: &'a Section,
    block: &'a Block,
    shows: Shows<'a>,
}

/// What a worksheet shows.
#[derive(Clone, Copy)]
enum Shows<'a> {
    Table(&'a Table),
    Bars(&'a Bars),
    Trend(&'a Trend),
}

impl<'a> Sheet<'a> {
    fn all(paper: &'a Paper, names: &mut Names) -> Vec<Self> {
        let mut sheets = Vec::new();
        for section in &paper.sections {
            for block in &section.blocks {
                let (shows, wanted) = match block {
                    Block::Table(table) => (Shows::Table(table), &table.name),
                    Block::Bars(bars) => (Shows::Bars(bars), &bars.caption),
                    Block::Trend(trend) => (Shows::Trend(trend), &trend.caption),
                    Block::Text(_)
                    | Block::Note(_)
                    | Block::Points(_)
                    | Block::Fields(_)
                    | Block::Picture(_) => continue,
                };
                let wanted = if wanted.trim().is_empty() { &section.heading } else { wanted };
                sheets.push(Self { name: names.unique(wanted), section, block, shows });
            }
        }
        sheets
    }
}

/// What the file says of itself. The clock is not looked at: the paper has its own moment.
fn properties(paper: &Paper) -> Result<DocProperties, Problem> {
    let seconds = paper.as_of.0.microseconds().div_euclid(1_000_000);
    let made = ExcelDateTime::from_timestamp(seconds).map_err(|error| wrong(&error))?;
    Ok(DocProperties::new()
        .set_title(plain::line(&paper.title))
        .set_subject(plain::line(&paper.subtitle))
        .set_company(plain::line(&paper.facility))
        .set_author(format!("Akashi {}", plain::line(&paper.program)))
        .set_creation_datetime(&made))
}
