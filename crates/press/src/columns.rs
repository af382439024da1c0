//! How wide the columns of a table become, and how large its letters: shares as the report asks, but no word broken that
//! need not be.

use crate::font::{Fonts, Weight};
use crate::letters::words;
use report::paper::{Row, Table};

/// Around the text of a cell, on each side (pt).
pub(crate) const PADDING: f64 = 3.0;
/// What a mark before the text takes (em).
pub(crate) const MARK: f64 = 1.3;
/// The smallest letters of a table that has room (pt).
const SMALLEST: f64 = 7.5;
/// Words wider than this are broken rather than given room (em).
const WORD_MAX: f64 = 11.0;
/// What a word that is broken gets (em).
const WORD_BROKEN: f64 = 6.0;

/// The columns of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Columns {
    /// The size of the letters (pt).
    pub(crate) size: f64,
    /// How wide each is, with its padding (pt).
    pub(crate) widths: Vec<f64>,
}

impl Columns {
    /// Of a table on so much width (pt), with letters of this size (pt) at best, and of `smallest` where there is room.
    pub(crate) fn of(fonts: &Fonts, table: &Table, room: f64, size: f64, is_fixed: bool) -> Self {
        let count = columns(table);
        let asked: f64 = table.columns.iter().map(|column| f64::from(column.width)).sum();
        let smallest = if is_fixed { size } else { SMALLEST };
        let size = if asked * size > room { (room / asked).clamp(smallest, size) } else { size };
        // So many columns that not even two letters fit beside each other: smaller letters are better than lost ones.
        #[expect(clippy::cast_precision_loss, reason = "tables have few columns")]
        let each = room / count.max(1) as f64;
        let size = size.min((each - 2.0 * PADDING).max(1.0) / 2.2);
        let floors: Vec<f64> = (0..count).map(|column| floor(fonts, table, column, size)).collect();
        let shares: Vec<f64> = (0..count)
            .map(|column| table.columns.get(column).map_or(4.0, |column| f64::from(column.width.max(1))))
            .collect();
        Self { size, widths: spread(room, &shares, &floors, each) }
    }

    /// How much room the text of a column has (em).
    pub(crate) fn inner(&self, column: usize) -> f64 {
        self.widths.get(column).map_or(4.0, |width| ((width - 2.0 * PADDING) / self.size).max(1.0))
    }
}

/// How many columns a table has: those that it names, or as many as its longest row has cells.
pub(crate) fn columns(table: &Table) -> usize {
    let longest =
        table.rows.iter().map(|row| if let Row::Cells { cells, .. } = row { cells.len() } else { 0 });
    longest.max().unwrap_or(0).max(table.columns.len()).max(1)
}

/// What a column must have so that no ordinary word of it is broken (pt).
fn floor(fonts: &Fonts, table: &Table, column: usize, size: f64) -> f64 {
    let title = table.columns.get(column).map_or("", |column| column.title.as_str());
    let whole = fonts.width(title, Weight::Bold);
    // A title of a few letters stays on one line.
    let title = if whole <= 4.1 { whole } else { widest(fonts, title, Weight::Bold) };
    let cells = table.rows.iter().filter_map(|row| match row {
        Row::Cells { cells, .. } => cells.get(column),
        Row::Heading(_) => None,
    });
    let cells = cells.map(|cell| {
        let mark = if crate::manuscript::mark(cell.tone).is_empty() { 0.0 } else { MARK };
        cell.text.lines().map(|line| widest(fonts, line, Weight::Regular)).fold(0.0, f64::max) + mark
    });
    let widest = cells.fold(title, f64::max);
    widest.max(2.0) * size + 2.0 * PADDING + 1.0
}

fn widest(fonts: &Fonts, line: &str, weight: Weight) -> f64 {
    let widths = words(line).map(|word| fonts.width(word, weight));
    widths.map(|width| if width > WORD_MAX { WORD_BROKEN } else { width }).fold(0.0, f64::max)
}

/// Shares of the room, none below its floor. Where the floors ask for more than there is, they give way alike.
fn spread(room: f64, shares: &[f64], floors: &[f64], each: f64) -> Vec<f64> {
    let asked: f64 = floors.iter().sum();
    if asked > room {
        let modest: Vec<f64> = floors.iter().map(|floor| floor.min(each)).collect();
        let (left, over) = (room - modest.iter().sum::<f64>(), asked - modest.iter().sum::<f64>());
        return floors
            .iter()
            .zip(&modest)
            .map(|(floor, modest)| modest + (floor - modest) / over * left)
            .collect();
    }
    let mut at_floor = vec![false; shares.len()];
    loop {
        let held: f64 = floors.iter().zip(&at_floor).filter(|(_, held)| **held).map(|(floor, _)| floor).sum();
        let free: f64 =
            shares.iter().zip(&at_floor).filter(|(_, held)| !**held).map(|(share, _)| share).sum();
        let width = |share: f64| if free > 0.0 { share / free * (room - held) } else { 0.0 };
        let mut is_done = true;
        for ((share, floor), held) in shares.iter().zip(floors).zip(&mut at_floor) {
            if !*held && width(*share) < *floor {
                *held = true;
                is_done = false;
            }
        }
        if is_done {
            let widths = shares.iter().zip(floors).zip(&at_floor);
            return widths.map(|((share, floor), held)| if *held { *floor } else { width(*share) }).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::paper::{Cell, Column};

    fn table(columns: &[(&str, u16)], cells: &[&str]) -> Table {
        Table {
            name: String::new(),
            columns: columns.iter().map(|(title, width)| Column::new(*title, *width)).collect(),
            rows: vec![Row::Cells {
                key: None,
                cells: cells.iter().map(|text| Cell::plain(*text)).collect(),
            }],
        }
    }

    fn of(table: &Table) -> Columns {
        Columns::of(Fonts::embedded().unwrap(), table, 480.0, 8.5, false)
    }

    #[test]
    fn columns_take_their_shares_of_the_whole_width() {
        let columns = of(&table(&[("内容", 30), ("結果", 10)], &["長い文", "はい"]));
        assert!(
            (columns.widths[0] - 360.0).abs() < 0.01 && (columns.widths[1] - 120.0).abs() < 0.01,
            "{columns:?}"
        );
        assert!((columns.size - 8.5).abs() < 0.01);
    }

    #[test]
    fn a_day_and_a_number_keep_the_room_they_need() {
        let columns = of(&table(&[("確認日", 1), ("番号", 1), ("内容", 60)], &["2026-11-23", "E-128", "文"]));
        let day = Fonts::embedded().unwrap().width("2026-11-23", Weight::Regular) * columns.size;
        assert!(columns.widths[0] > day + 2.0 * PADDING, "{columns:?}");
        assert!((columns.widths.iter().sum::<f64>() - 480.0).abs() < 0.01);
    }

    #[test]
    fn many_columns_share_what_there_is_and_keep_two_letters_each() {
        let titles: Vec<(&str, u16)> = vec![("長い列の見出し", 12); 40];
        let columns = of(&table(&titles, &["Organisationsverantwortung"; 40]));
        assert!((columns.widths.iter().sum::<f64>() - 480.0).abs() < 0.01);
        assert!((0..40).all(|column| columns.inner(column) >= 2.0), "{columns:?}");
    }

    #[test]
    fn a_row_with_more_cells_than_columns_gets_columns_for_them() {
        assert_eq!(columns(&table(&[("一", 1)], &["a", "b", "c"])), 3);
    }
}
