//! A paper of which no more than a page is wanted: what does not fit is left out from its end, and that is said.

use base::Language;
use report::paper::{Bars, Block, Cell, Column, Field, Paper, Picture, Row, Section, Table, Tone, Trend};

/// How long texts can be, in letters, when not everything fits; tried in this order.
pub(crate) const LETTERS: [usize; 2] = [300, 100];
/// How many lines a text can have then.
const LINES_MAX: usize = 8;
/// How long titles and names can be then, in letters.
const NAME_LETTERS_MAX: usize = 80;
/// How many places in the journal are named then.
const POSITIONS_MAX: usize = 12;

/// The same with its sections one after the other, in one direction.
pub(crate) fn joined(paper: &Paper) -> Paper {
    let mut paper = paper.clone();
    for section in &mut paper.sections {
        section.on_new_page = false;
        section.is_wide = false;
    }
    paper
}

/// How many entries a paper has: paragraphs, points, fields, rows, pictures.
pub(crate) fn entries(paper: &Paper) -> usize {
    let of = |block: &Block| match block {
        Block::Text(_) | Block::Note(_) | Block::Trend(_) | Block::Picture(_) => 1,
        Block::Points(points) => points.len(),
        Block::Fields(fields) => fields.len(),
        Block::Table(table) => table.rows.len(),
        Block::Bars(bars) => bars.rows.len(),
    };
    paper.sections.iter().flat_map(|section| &section.blocks).map(of).sum()
}

/// The first entries of a paper with texts of so many letters, and a remark about what is missing.
pub(crate) fn shortened(paper: &Paper, keep: usize, letters: usize) -> Paper {
    let dropped = entries(paper).saturating_sub(keep);
    let mut scissors = Scissors { letters, left: keep, has_cut: false };
    let mut sections: Vec<Section> = Vec::new();
    for section in &paper.sections {
        let blocks: Vec<Block> = section.blocks.iter().filter_map(|block| scissors.block(block)).collect();
        if !blocks.is_empty() {
            sections.push(Section { heading: scissors.name(&section.heading), blocks, ..section.clone() });
        }
    }
    let [title, subtitle, facility] =
        [&paper.title, &paper.subtitle, &paper.facility].map(|text| scissors.name(text));
    let edition = paper.edition.as_deref().map(|text| scissors.name(text));
    let positions: Vec<u64> = paper.positions.iter().copied().take(POSITIONS_MAX).collect();
    scissors.has_cut |= positions.len() < paper.positions.len();
    let remark = remark(paper.language, dropped, scissors.has_cut);
    sections.push(Section::new("", vec![Block::Note(remark)]));
    Paper { title, subtitle, facility, edition, positions, sections, ..paper.clone() }
}

fn remark(language: Language, dropped: usize, has_cut: bool) -> String {
    let mut parts = Vec::new();
    if dropped > 0 {
        parts.push(match language {
            Language::Japanese => format!("末尾の {dropped} 項目を省きました"),
            Language::English => format!("its last {dropped} entries are left out"),
        });
    }
    if has_cut {
        parts.push(match language {
            Language::Japanese => "長い文は「…」で切りました".to_owned(),
            Language::English => "long texts end with an ellipsis".to_owned(),
        });
    }
    match language {
        Language::Japanese => format!(
            "【省略あり】1 ページに収めるため、{}。この報告書を HTML、XLSX または JSON で出力すると、すべて確認できます。",
            parts.join("、")
        ),
        Language::English => format!(
            "[Shortened] To fit on one page, {}. This report as HTML, XLSX or JSON has all of it.",
            parts.join(" and ")
        ),
    }
}

/// Cuts texts, and counts the entries that may still come.
struct Scissors {
    letters: usize,
    left: usize,
    has_cut: bool,
}

impl Scissors {
    fn name(&mut self, text: &str) -> String {
        self.cut(text, NAME_LETTERS_MAX)
    }

    fn text(&mut self, text: &str) -> String {
        self.cut(text, self.letters)
    }

    fn cut(&mut self, text: &str, letters: usize) -> String {
        let lines = text.lines().count() > LINES_MAX;
        if !lines && text.chars().nth(letters).is_none() {
            return text.to_owned();
        }
        self.has_cut = true;
        let some: Vec<&str> = text.lines().take(LINES_MAX).collect();
        let some = some.join("\n");
        some.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
    }

    /// As many of these as may still come.
    fn some<'a, T>(&mut self, all: &'a [T]) -> &'a [T] {
        let (some, _) = all.split_at_checked(self.left).unwrap_or((all, &[]));
        self.left = self.left.saturating_sub(some.len());
        some
    }

    /// What is kept of a block; none where nothing is.
    fn block(&mut self, block: &Block) -> Option<Block> {
        Some(match block {
            Block::Text(text) => Block::Text(self.single(text)?),
            Block::Note(text) => Block::Note(self.single(text)?),
            Block::Points(points) => {
                Block::Points(self.each(points, |scissors, point| scissors.text(point))?)
            }
            Block::Fields(fields) => Block::Fields(self.each(fields, Self::field)?),
            Block::Table(table) => {
                let rows = self.each(&table.rows, Self::row)?;
                let columns = table.columns.iter().map(|column| self.column(column)).collect();
                Block::Table(Table { name: self.name(&table.name), columns, rows })
            }
            Block::Bars(bars) => {
                let rows =
                    self.each(&bars.rows, |scissors, (label, parts)| (scissors.name(label), parts.clone()))?;
                let legend = self.legend(&bars.legend);
                Block::Bars(Bars { caption: self.name(&bars.caption), legend, rows })
            }
            Block::Trend(trend) => {
                let caption = self.single(&trend.caption)?;
                let legend = self.legend(&trend.legend);
                Block::Trend(Trend { caption, legend, points: trend.points.clone() })
            }
            Block::Picture(picture) => {
                Block::Picture(Picture { caption: self.single(&picture.caption)?, svg: picture.svg.clone() })
            }
        })
    }

    /// The text of a block that is one entry.
    fn single(&mut self, text: &str) -> Option<String> {
        self.left = self.left.checked_sub(1)?;
        Some(self.text(text))
    }

    fn each<T, U>(&mut self, all: &[T], mut cut: impl FnMut(&mut Self, &T) -> U) -> Option<Vec<U>> {
        let some = self.some(all);
        (!some.is_empty()).then(|| some.iter().map(|one| cut(self, one)).collect())
    }

    fn field(&mut self, field: &Field) -> Field {
        Field { label: self.name(&field.label), value: self.text(&field.value) }
    }

    fn column(&mut self, column: &Column) -> Column {
        Column { title: self.name(&column.title), ..column.clone() }
    }

    fn legend(&mut self, legend: &[(Tone, String)]) -> Vec<(Tone, String)> {
        legend.iter().map(|(tone, name)| (*tone, self.name(name))).collect()
    }

    fn row(&mut self, row: &Row) -> Row {
        match row {
            Row::Heading(text) => Row::Heading(self.name(text)),
            Row::Cells { key, cells } => {
                let cells = cells.iter().map(|cell| Cell { text: self.text(&cell.text), ..cell.clone() });
                Row::Cells { key: key.clone(), cells: cells.collect() }
            }
        }
    }
}
