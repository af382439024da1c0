//! A report before it has a form: what its PDF, its page of HTML, its spreadsheet and its JSON show alike.
//!
//! Forms (`crate::form`) make papers of what is known; renderers make files of papers. A renderer adds nothing and leaves
//! nothing out, so a paper is what a report says. A cell always says something: what is unknown is written as unknown.

mod compare;
mod date;
mod evidence;
mod json;
mod language;

pub use compare::compare;
pub use date::{day, moment, short_day};
pub use evidence::{References, appendix};
pub use json::{from_json, to_json};

use base::Language;
use guideline::{Moment, Verdict};
use serde::{Deserialize, Serialize};

/// The version of the JSON form of a paper (formats, section 17).
pub const FORMAT: u32 = 1;

/// A report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// [`FORMAT`].
    pub format: u32,
    /// Which report it is, such as `checklist`.
    pub kind: String,
    /// The edition of the guideline that it answers; none where it answers several or none.
    pub edition: Option<String>,
    /// The language of its texts.
    #[serde(with = "language")]
    pub language: Language,
    /// What it is called.
    pub title: String,
    /// What it is called besides: the official name of its form, the side it is for.
    pub subtitle: String,
    /// The facility that it is about.
    pub facility: String,
    /// Which version of this report it is: it counts up when it says something new. 0 before it is handed out.
    pub version: u64,
    /// When what it says was established.
    pub as_of: Moment,
    /// The version of the program that wrote it.
    pub program: String,
    /// Where in the journal the assessments stand that it rests on.
    pub positions: Vec<u64>,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// A part of a report with a heading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// How deep it stands: 1 is a chapter.
    pub level: u8,
    /// Whether it begins on a page of its own.
    pub on_new_page: bool,
    /// Whether its pages lie on their long side.
    pub is_wide: bool,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// What stands in a section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// A remark: how to read something, on what it rests.
    Note(String),
    /// Points, one below the other.
    Points(Vec<String>),
    /// Labels with values.
    Fields(Vec<Field>),
    /// A table.
    Table(Table),
    /// How parts of a whole are spread, a bar for each row.
    Bars(Bars),
    /// How something went over time.
    Trend(Trend),
    /// A picture.
    Picture(Picture),
}

/// A label with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What it is.
    pub label: String,
    /// What it is here.
    pub value: String,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What it is called: a worksheet has this name. Empty where its section says it.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// What it holds.
    pub title: String,
    /// Its share of the width, in characters of full width.
    pub width: u16,
    /// What can be chosen where somebody fills it in; empty for free text.
    pub choices: Vec<String>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Row {
    /// A heading across the table.
    Heading(String),
    /// Cells, one for each column.
    Cells {
        /// The same in every version of the report: a requirement, a risk. By it versions are compared. None where a row
        /// cannot be compared.
        key: Option<String>,
        /// What stands in it.
        cells: Vec<Cell>,
    },
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// What it says; lines are separated by a newline.
    pub text: String,
    /// What it means to who looks at it quickly. Never the only carrier: the text says the same.
    pub tone: Tone,
    /// The number it says, for spreadsheets to calculate with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<f64>,
}

/// What a cell or a part of a bar means at a glance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Known to be as it should.
    Good,
    /// In part.
    Partly,
    /// Known not to be as it should.
    Bad,
    /// Somebody has to answer.
    Asked,
    /// Not known.
    Unknown,
    /// It does not concern anybody here.
    Apart,
}

impl From<Verdict> for Tone {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Met => Self::Good,
            Verdict::Partly => Self::Partly,
            Verdict::NotMet => Self::Bad,
            Verdict::NeedsAPerson => Self::Asked,
            Verdict::NotApplicable => Self::Apart,
            Verdict::Unknown => Self::Unknown,
        }
    }
}

/// Bars of equal length, each divided by what its row is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bars {
    /// What they show.
    pub caption: String,
    /// What the parts are called, in their order, with how they are drawn.
    pub legend: Vec<(Tone, String)>,
    /// A label, and how much there is of each part.
    pub rows: Vec<(String, Vec<u64>)>,
}

/// How something went over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// What it shows.
    pub caption: String,
    /// What the parts are called, in their order, with how they are drawn.
    pub legend: Vec<(Tone, String)>,
    /// When, and how much there was of each part; the oldest first.
    pub points: Vec<(Moment, Vec<u64>)>,
}

/// A picture with the same in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// What it shows.
    pub caption: String,
    /// The picture as SVG.
    pub svg: String,
}

impl Cell {
    /// A cell that means nothing in particular. What is empty is written as a dash: a blank cell could be taken for an answer.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::of(Tone::Plain, text)
    }

    /// A cell with a tone.
    pub fn of(tone: Tone, text: impl Into<String>) -> Self {
        let text = text.into();
        let text = if text.trim().is_empty() { "―".to_owned() } else { text };
        Self { text, tone, number: None }
    }

    /// A number.
    pub fn count(count: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let number = Some(count as f64);
        Self { text: count.to_string(), tone: Tone::Plain, number }
    }
}

impl Column {
    /// A column of so many characters of full width.
    pub fn new(title: impl Into<String>, width: u16) -> Self {
        Self { title: title.into(), width, choices: Vec::new() }
    }

    /// A column in which one of these stands.
    pub fn choice(title: impl Into<String>, width: u16, choices: &[&str]) -> Self {
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        Self { title: title.into(), width, choices }
    }
}

impl Paper {
    /// All its tables, each with what it is called.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &Table)> {
        self.sections.iter().flat_map(Section::tables)
    }
}

impl Section {
    /// Its tables, each with what it is called: by its own name, or by the section's heading.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &Table)> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) if table.name.is_empty() => Some((self.heading.as_str(), table)),
            Block::Table(table) => Some((table.name.as_str(), table)),
            Block::Text(_)
            | Block::Note(_)
            | Block::Points(_)
            | Block::Fields(_)
            | Block::Bars(_)
            | Block::Trend(_)
            | Block::Picture(_) => None,
        })
    }

    /// A chapter that goes on where the one before ended.
    pub fn new(heading: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self { heading: heading.into(), level: 1, on_new_page: false, is_wide: false, blocks }
    }

    /// The same on a page of its own.
    #[must_use]
    pub fn on_new_page(self) -> Self {
        Self { on_new_page: true, ..self }
    }

    /// The same on pages that lie on their long side.
    #[must_use]
    pub fn wide(self) -> Self {
        Self { is_wide: true, ..self }
    }

    /// The same one level deeper.
    #[must_use]
    pub fn deeper(self) -> Self {
        Self { level: self.level.saturating_add(1), ..self }
    }
}
