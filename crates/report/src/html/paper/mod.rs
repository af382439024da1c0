//! A paper as one page of HTML that needs nothing beside itself: no scripts, no requests, made for screen and paper.

mod chart;
mod drawing;

use crate::paper::{Block, Paper, Row, Section, Table, moment};
use askama::Template;
use base::Language;
use chart::{Chart, class};

const STYLE: &str = include_str!("style.css");

#[derive(Template)]
#[template(path = "paper.html")]
struct Page {
    words: &'static Words,
    style: &'static str,
    title: String,
    subtitle: String,
    fields: Vec<(&'static str, String)>,
    sections: Vec<SectionShown>,
}

struct Words {
    lang: &'static str,
    skip: &'static str,
    contents: &'static str,
    not_shown: &'static str,
    label: &'static str,
    share: &'static str,
    day: &'static str,
}

static JAPANESE: Words = Words {
    lang: "ja",
    skip: "本文へ移動",
    contents: "目次",
    not_shown: "この図は、このページに安全に表示できない内容を含むため、表示していません。",
    label: "区分",
    share: "割合",
    day: "日付",
};

static ENGLISH: Words = Words {
    lang: "en",
    skip: "Skip to the content",
    contents: "Contents",
    not_shown: "This picture is not shown: it holds something that cannot safely stand in this page.",
    label: "Of what",
    share: "Share",
    day: "Day",
};

struct SectionShown {
    anchor: String,
    /// From 2 to 6: the title of the page is the first.
    level: u8,
    heading: String,
    is_new_page: bool,
    blocks: Vec<Shown>,
}

/// A block, its texts in lines.
enum Shown {
    Text(Vec<String>),
    Note(Vec<String>),
    Points(Vec<Vec<String>>),
    Fields(Vec<(String, Vec<String>)>),
    Table(TableShown),
    Bars(Chart),
    Trend(Chart),
    Picture { caption: String, drawing: Option<String> },
}

struct TableShown {
    caption: String,
    columns: Vec<String>,
    rows: Vec<RowShown>,
}

enum RowShown {
    Heading(String),
    Cells(Vec<CellShown>),
}

struct CellShown {
    class: &'static str,
    is_number: bool,
    column: String,
    lines: Vec<String>,
}

/// The page of a paper.
pub fn paper_page(paper: &Paper) -> String {
    let words = match paper.language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    };
    let page = Page {
        words,
        style: STYLE,
        title: line(&paper.title),
        subtitle: line(&paper.subtitle),
        fields: fields(paper),
        sections: paper.sections.iter().enumerate().map(|(place, one)| section(place, one)).collect(),
    };
    // Writing into a string fails only when a value refuses to be written, and these are texts.
    page.render().unwrap_or_default()
}

/// What every paper says of itself.
fn fields(paper: &Paper) -> Vec<(&'static str, String)> {
    let say = |ja, en| match paper.language {
        Language::Japanese => ja,
        Language::English => en,
    };
    let none = || say("なし", "none").to_owned();
    let positions: Vec<String> = paper.positions.iter().map(ToString::to_string).collect();
    let version = match paper.version {
        0 => say("未発行", "not handed out").to_owned(),
        version => version.to_string(),
    };
    vec![
        (say("施設", "Facility"), line(&paper.facility)),
        (say("時点", "As of"), moment(paper.as_of.0, paper.language)),
        (say("報告書の版", "Version"), version),
        (say("対象の版", "Edition"), paper.edition.as_deref().map_or_else(none, line)),
        (
            say("判定のジャーナル位置", "Journal positions of the assessments"),
            if positions.is_empty() { none() } else { positions.join(say("、", ", ")) },
        ),
        (say("作成", "Made by"), format!("Akashi {}", line(&paper.program))),
    ]
}

fn section(place: usize, section: &Section) -> SectionShown {
    SectionShown {
        anchor: format!("s{}", place.saturating_add(1)),
        level: section.level.saturating_add(1).clamp(2, 6),
        heading: line(&section.heading),
        is_new_page: section.on_new_page,
        blocks: section.blocks.iter().map(block).collect(),
    }
}

fn block(block: &Block) -> Shown {
    match block {
        Block::Text(text) => Shown::Text(lines(text)),
        Block::Note(text) => Shown::Note(lines(text)),
        Block::Points(points) => Shown::Points(points.iter().map(|point| lines(point)).collect()),
        Block::Fields(fields) => {
            Shown::Fields(fields.iter().map(|one| (line(&one.label), lines(&one.value))).collect())
        }
        Block::Table(one) => Shown::Table(table(one)),
        Block::Bars(bars) => Shown::Bars(chart::bars(bars)),
        Block::Trend(trend) => Shown::Trend(chart::trend(trend)),
        Block::Picture(picture) => {
            Shown::Picture { caption: line(&picture.caption), drawing: drawing::drawing(&picture.svg) }
        }
    }
}

fn table(table: &Table) -> TableShown {
    let columns: Vec<String> = table.columns.iter().map(|column| line(&column.title)).collect();
    let row = |row: &Row| match row {
        Row::Heading(heading) => RowShown::Heading(line(heading)),
        Row::Cells { cells, .. } => RowShown::Cells(
            cells
                .iter()
                .enumerate()
                .map(|(place, cell)| CellShown {
                    class: class(cell.tone),
                    is_number: cell.number.is_some(),
                    column: columns.get(place).cloned().unwrap_or_default(),
                    lines: lines(&cell.text),
                })
                .collect(),
        ),
    };
    let rows = table.rows.iter().map(row).collect();
    TableShown { caption: line(&table.name), columns, rows }
}

/// The lines of a text, without what turns its direction or what no page may hold: such a sign is shown as one that is not
/// readable, so that nobody takes the text for another.
fn lines(text: &str) -> Vec<String> {
    let tame = |line: &str| line.trim_end_matches('\r').replace('\t', " ");
    text.split('\n').map(|line| crate::site::harmless(&tame(line))).collect()
}

fn line(text: &str) -> String {
    lines(text).join(" ")
}
