//! How much a text weighs on a page, and texts that are too long for one, in pieces.

use super::paper::{Cell, Piece, Row};

/// Most characters of what names something and is said again in each part: a heading, the title of a column.
pub(super) const NAME_CHARS_MAX: usize = 120;
/// What the tags of a cell and of a row add, in bytes.
const CELL_BYTES: usize = 48;
const ROW_BYTES: usize = 16;
/// What is said where a text goes on from before and goes on after, in bytes.
const MARKS_BYTES: usize = 160;
/// A piece of a text is never shorter than this, in bytes.
const LEAST_BYTES: usize = 64;

/// The bytes of a text as a template writes it: `<` and the like as `&#60;`.
pub(super) fn weight(text: &str) -> usize {
    let escaped = text.bytes().filter(|byte| is_escaped(*byte)).count();
    text.len().saturating_add(escaped.saturating_mul(4))
}

const fn is_escaped(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'')
}

/// The bytes of a row as a template writes it.
pub(super) fn weight_of_row(row: &Row) -> usize {
    let of = |cell: &Cell| weight_of_piece(&cell.said).saturating_add(CELL_BYTES);
    row.cells.iter().map(of).fold(weight(&row.heading).saturating_add(ROW_BYTES), usize::saturating_add)
}

/// The bytes of a piece as a template writes it.
pub(super) fn weight_of_piece(piece: &Piece) -> usize {
    let marks = if piece.continued || piece.continues { MARKS_BYTES } else { 0 };
    weight(&piece.text).saturating_add(marks)
}

/// A name that is cut, visibly, where it is longer than any should be.
pub(super) fn named(text: String) -> String {
    match text.char_indices().nth(NAME_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A text in pieces of at most so many bytes. Together they are the text.
pub(super) fn pieces(piece: Piece, most: usize) -> Vec<Piece> {
    let most = most.max(LEAST_BYTES);
    if weight(&piece.text) <= most {
        return vec![piece];
    }
    let mut found: Vec<Piece> = Vec::new();
    let mut rest = piece.text.as_str();
    while !rest.is_empty() {
        let (one, after) = rest.split_at_checked(end_of_piece(rest, most)).unwrap_or((rest, ""));
        found.push(Piece {
            text: one.to_owned(),
            continued: !found.is_empty(),
            continues: !after.is_empty(),
        });
        rest = after;
    }
    found
}

/// Where the first piece of a text ends: behind a sentence or a word, where one ends in its second half.
fn end_of_piece(text: &str, most: usize) -> usize {
    let mut sum = 0_usize;
    let is_over = |byte: u8| {
        sum = sum.saturating_add(if is_escaped(byte) { 5 } else { 1 });
        sum > most
    };
    let Some(over) = text.bytes().position(is_over) else { return text.len() };
    let end = (0..=over).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(over);
    let first = text.get(..end).unwrap_or_default();
    let good = first.rfind(|one: char| one.is_whitespace() || "。、".contains(one));
    let good = good.and_then(|at| Some(at.saturating_add(first.get(at..)?.chars().next()?.len_utf8())));
    good.filter(|good| *good > end / 2).unwrap_or(end)
}

/// A row in rows of at most so many bytes, which are its own texts one after the other, column by column.
pub(super) fn rows(row: Row, most: usize) -> Vec<Row> {
    if weight_of_row(&row) <= most || row.cells.is_empty() {
        return vec![row];
    }
    let each = most.checked_div(row.cells.len()).unwrap_or(most).saturating_sub(CELL_BYTES + MARKS_BYTES);
    let mut columns: Vec<_> =
        row.cells.into_iter().map(|cell| (cell.tone, pieces(cell.said, each).into_iter())).collect();
    let count = columns.iter().map(|(_, pieces)| pieces.len()).max().unwrap_or(0);
    let mut line = || {
        let next = |(tone, pieces): &mut (&'static str, std::vec::IntoIter<Piece>)| match pieces.next() {
            Some(said) => Cell { said, tone },
            None => Cell { said: Piece::default(), tone: "" },
        };
        Row::of(columns.iter_mut().map(next).collect())
    };
    (0..count).map(|_| line()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str) -> Piece {
        text.to_owned().into()
    }

    #[test]
    fn the_pieces_of_a_text_are_short_and_together_the_text() {
        for text in
            ["", "short", &"語".repeat(1_000), &"<&> ".repeat(500), &"ends. Then more、語 ".repeat(90)]
        {
            let found = pieces(piece(text), 200);
            assert_eq!(found.iter().map(|one| one.text.as_str()).collect::<String>(), *text);
            assert!(found.iter().all(|one| weight(&one.text) <= 200), "{text}");
            let whole = found.iter().filter(|one| !one.continued && !one.continues).count();
            assert_eq!(whole, usize::from(found.len() == 1));
            assert!(!found[0].continued && !found[found.len() - 1].continues);
        }
    }

    #[test]
    fn a_text_is_cut_behind_a_word() {
        let found = pieces(piece(&"word12 ".repeat(40)), 100);
        assert!(found.len() > 2 && found.iter().all(|one| one.text.ends_with("word12 ")));
    }

    #[test]
    fn a_row_that_is_too_long_goes_on_in_the_next() {
        let cell = |text: &str, tone| Cell { said: piece(text), tone };
        let row = || Row::of(vec![cell("1", "good"), cell(&"長い。".repeat(900), "")]);
        let most = 3_000;
        let found = rows(row(), most);
        assert!(found.len() > 2 && found.iter().all(|one| weight_of_row(one) <= most));
        let column = |at: usize| found.iter().map(|row| row.cells[at].said.text.as_str()).collect::<String>();
        assert_eq!((column(0).as_str(), column(1)), ("1", "長い。".repeat(900)));
        assert_eq!(found[1].cells[0].tone, "", "an empty cell says nothing of how it stands");
        assert_eq!(rows(row(), 100_000).len(), 1);
    }
}
