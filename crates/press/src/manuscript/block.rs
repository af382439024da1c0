//! Blocks of a section as the template takes them.

use super::Setter;
use super::chart::{Bars, Trend};
use super::grid::Grid;
use crate::font::Weight;
use crate::letters::Text;
use crate::picture::printed;
use report::paper;
use serde::Serialize;

/// The share of the page that labels of fields take at most.
const LABELS_MAX: f64 = 0.34;

/// A block.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Block {
    Text { text: Text },
    Note { text: Text },
    Points { points: Vec<Text> },
    Fields { label: f64, fields: Vec<(Text, Text)> },
    Table(Grid),
    Bars(Bars),
    Trend(Trend),
    Picture { caption: Text, alt: String, svg: String },
}

impl Block {
    /// A block of a paper, below this heading.
    pub(super) fn of(setter: &mut Setter<'_>, block: &paper::Block, heading: &str) -> Self {
        match block {
            paper::Block::Text(text) => Self::Text { text: setter.text(text) },
            paper::Block::Note(text) => Self::Note { text: setter.text(text) },
            paper::Block::Points(points) => {
                let width = setter.sheet.room() / setter.sizes.body - 2.0;
                let points =
                    points.iter().map(|point| setter.within(point, Weight::Regular, width)).collect();
                Self::Points { points }
            }
            paper::Block::Fields(fields) => of_fields(setter, fields),
            paper::Block::Table(table) => Self::Table(Grid::of(setter, table, heading)),
            paper::Block::Bars(bars) => Self::Bars(Bars::of(setter, bars)),
            paper::Block::Trend(trend) => Self::Trend(Trend::of(setter, trend)),
            paper::Block::Picture(picture) => Self::Picture {
                caption: setter.text(&picture.caption),
                alt: setter.letters.line(&picture.caption),
                svg: of_picture(setter, &picture.svg),
            },
        }
    }
}

fn of_fields(setter: &mut Setter<'_>, fields: &[paper::Field]) -> Block {
    let (room, size) = (setter.sheet.room(), setter.sizes.table);
    let longest =
        fields.iter().map(|field| setter.fonts.width(&field.label, Weight::Bold)).fold(4.0, f64::max);
    let label = (longest * size + 10.0).min(room * LABELS_MAX);
    let widths = [label, room - label].map(|width| (width - 10.0) / size);
    let mut cells = |field: &paper::Field| {
        let [label, value] = widths;
        (
            setter.within(&field.label, Weight::Bold, label),
            setter.within(&field.value, Weight::Regular, value),
        )
    };
    Block::Fields { label, fields: fields.iter().map(&mut cells).collect() }
}

/// A picture keeps its markup; only letters that the font lacks are shown as such, since PDF/A takes none.
fn of_picture(setter: &mut Setter<'_>, svg: &str) -> String {
    let lines = setter.letters.lines(&printed(svg));
    lines.join("\n")
}
