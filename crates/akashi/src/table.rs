//! Tables for a terminal: columns aligned also where characters are two columns wide, as Japanese ones are.

use unicode_width::UnicodeWidthStr;

/// Spaces between two columns.
const GAP: usize = 2;

/// Rows of cells; the first row is the head.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these heads of columns.
    pub(crate) fn new(head: &[&str]) -> Self {
        let mut table = Self::default();
        table.row(head.iter().map(|cell| (*cell).to_owned()));
        table
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| harmless(&cell)).collect());
    }

    /// Whether there is nothing below the head.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.len() <= 1
    }

    /// Its lines, without spaces at their ends.
    pub(crate) fn lines(&self) -> Vec<String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell_width = |row: &Vec<String>, column: usize| row.get(column).map_or(0, |cell| cell.width());
        let widths: Vec<usize> = (0..columns)
            .map(|column| self.rows.iter().map(|row| cell_width(row, column)).max().unwrap_or(0))
            .collect();
        self.rows.iter().map(|row| line(row, &widths)).collect()
    }
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in row.iter().zip(widths) {
        line.push_str(cell);
        let spaces = width.saturating_sub(cell.width()).saturating_add(GAP);
        line.extend(std::iter::repeat_n(' ', spaces));
    }
    line.trim_end().to_owned()
}

/// Without characters that a terminal would obey: some texts come from clients and from outside certificates.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|one| if one.is_control() { '\u{FFFD}' } else { one }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_one_another_whatever_the_width_of_the_characters() {
        let mut table = Table::new(&["account", "name", "state"]);
        table.row(["dr-sato".into(), "佐藤 花子".into(), "active".into()]);
        table.row(["t".into(), "ﾀﾌﾞﾚｯﾄ".into(), "active".into()]);
        let at = |line: &str| {
            let (before, _) = line.split_once("active").or_else(|| line.split_once("state")).unwrap();
            before.width()
        };
        let places: Vec<usize> = table.lines().iter().map(|line| at(line)).collect();
        assert_eq!(places, [20, 20, 20]);
    }

    #[test]
    fn a_missing_cell_leaves_no_spaces_at_the_end() {
        let mut table = Table::new(&["a", "long head"]);
        assert!(table.is_empty());
        table.row(["x".into(), String::new()]);
        assert_eq!(table.lines(), ["a  long head", "x"]);
        assert!(!table.is_empty());
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_a_mark() {
        let mut table = Table::new(&["agent"]);
        table.row(["a\u{1b}[2Jb\nc\u{9b}31m".into()]);
        assert_eq!(table.lines()[1], "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}31m");
    }
}
