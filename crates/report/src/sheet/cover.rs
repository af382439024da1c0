//! The cover: what the paper is, and of each section everything that is no table.

use super::book::Book;
use super::look;
use super::plain::{pieces, visible};
use super::table::are_offered;
use super::{Sheet, Shows};
use crate::paper::{Block, Paper, Section, moment};
use base::{Language, Problem};
use rust_xlsxwriter::Format;

/// How wide labels and what they say are, in characters of full width.
const WIDTHS: [u16; 2] = [14, 52];

/// Writes the cover.
pub(super) fn write(book: &mut Book<'_>, sheets: &[Sheet<'_>]) -> Result<(), Problem> {
    book.widths(WIDTHS)?;
    let mut cover = Cover { row: 0, book };
    cover.head()?;
    for section in &cover.book.paper.sections {
        cover.section(section, sheets)?;
    }
    let last = (cover.row.saturating_sub(1), 1);
    book.print(last)
}

struct Cover<'b, 'a> {
    book: &'b mut Book<'a>,
    /// The next row.
    row: u32,
}

impl<'a> Cover<'_, 'a> {
    fn head(&mut self) -> Result<(), Problem> {
        let paper: &'a Paper = self.book.paper;
        let none = self.book.say("なし", "none");
        let version = match (paper.language, paper.version) {
            (Language::Japanese, 0) => "未発行".to_owned(),
            (Language::English, 0) => "not handed out".to_owned(),
            (_, version) => version.to_string(),
        };
        let positions: Vec<String> = paper.positions.iter().map(ToString::to_string).collect();
        let positions =
            if positions.is_empty() { none.to_owned() } else { positions.join(self.book.say("、", ", ")) };
        let edition = paper.edition.clone().unwrap_or_else(|| none.to_owned());
        self.pair((self.book.say("表題", "Title"), &look::label()), (&paper.title, &look::title()))?;
        let rows = [
            (self.book.say("副題", "Subtitle"), paper.subtitle.clone()),
            (self.book.say("医療機関・薬局名", "Facility"), paper.facility.clone()),
            (self.book.say("版", "Version"), version),
            (self.book.say("作成時点", "As of"), moment(paper.as_of.0, paper.language)),
            (self.book.say("ガイドラインの版", "Edition"), edition),
            (self.book.say("プログラム", "Program"), format!("Akashi {}", paper.program)),
            (self.book.say("ジャーナル位置", "Journal positions"), positions),
        ];
        for (label, value) in rows {
            self.pair((label, &look::label()), (&value, &look::text()))?;
        }
        Ok(())
    }

    fn section(&mut self, section: &Section, sheets: &[Sheet<'_>]) -> Result<(), Problem> {
        // A row of room before each section.
        self.row = self.row.saturating_add(1);
        for heading in visible(&section.heading).split('\n') {
            self.book.text((self.row, 0), heading, &look::heading())?;
            self.book.text((self.row, 1), "", &look::heading())?;
            self.row = self.row.saturating_add(1);
        }
        for block in &section.blocks {
            self.block(block, sheets)?;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, sheets: &[Sheet<'_>]) -> Result<(), Problem> {
        let (text, remark, label) = (look::text(), look::remark(), look::label());
        match block {
            Block::Text(said) => self.pair(("", &text), (said, &text)),
            Block::Note(said) => self.pair((self.book.say("注", "Note"), &remark), (said, &remark)),
            Block::Points(points) => {
                points.iter().try_for_each(|point| self.pair(("・", &text), (point, &text)))
            }
            Block::Fields(fields) => {
                fields.iter().try_for_each(|one| self.pair((&one.label, &label), (&one.value, &text)))
            }
            Block::Picture(picture) => {
                let where_it_is = self.book.say(
                    "（図は表計算ファイルには入りません。PDF 版と HTML 版にあります）",
                    "(the picture stands in the PDF and in the HTML, not in a spreadsheet)",
                );
                let said = format!("{}\n{where_it_is}", picture.caption);
                self.pair((self.book.say("図", "Picture"), &label), (&said, &text))
            }
            Block::Table(_) | Block::Bars(_) | Block::Trend(_) => self.reference(block, sheets),
        }
    }

    /// Where a table or a chart stands, and what can be chosen in it where the worksheet cannot offer that.
    fn reference(&mut self, block: &Block, sheets: &[Sheet<'_>]) -> Result<(), Problem> {
        let Some(sheet) = sheets.iter().find(|sheet| std::ptr::eq(sheet.block, block)) else { return Ok(()) };
        let (label, caption) = match sheet.shows {
            Shows::Table(table) => (self.book.say("表", "Table"), table.name.as_str()),
            Shows::Bars(bars) => (self.book.say("グラフ", "Chart"), bars.caption.as_str()),
            Shows::Trend(trend) => (self.book.say("グラフ", "Chart"), trend.caption.as_str()),
        };
        let mut said = match self.book.paper.language {
            Language::Japanese => format!("{caption}（シート「{}」）", sheet.name),
            Language::English => format!("{caption} (worksheet \"{}\")", sheet.name),
        };
        if let Shows::Table(table) = sheet.shows {
            for column in table.columns.iter().filter(|column| !are_offered(column)) {
                let (between, choices) = (
                    self.book.say("の選択肢：", " is one of: "),
                    column.choices.join(self.book.say("、", ", ")),
                );
                let line = format!("\n{}{between}{choices}", column.title);
                said.push_str(&line);
            }
        }
        self.pair((label, &look::label()), (&said, &look::text()))
    }

    /// A label with what it says, in as many rows as that needs.
    fn pair(&mut self, (label, on): (&str, &Format), (value, looks): (&str, &Format)) -> Result<(), Problem> {
        let [label_width, value_width] = WIDTHS;
        let labels = pieces(&visible(label), label_width);
        let values = pieces(&visible(value), value_width);
        for step in 0..labels.len().max(values.len()) {
            let label = labels.get(step).map_or("", String::as_str);
            let value = values.get(step).map_or("", String::as_str);
            let value = if value.is_empty() && step == 0 { "―" } else { value };
            self.book.text((self.row, 0), label, on)?;
            self.book.text((self.row, 1), value, looks)?;
            self.row = self.row.saturating_add(1);
        }
        Ok(())
    }
}
