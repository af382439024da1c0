//! Texts of others made harmless, and lines of a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a terminal that nobody measured.
pub(super) const COLUMNS: usize = 80;

/// Longest name that is shown, in characters.
const NAME_CHARACTERS_MAX: usize = 60;

/// Characters with which no line of Japanese begins.
const NOT_FIRST: &str =
    ",.:;?!)]、。，．・：；？！」』）〕］｝〉》】ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々〜…‥）］｝";
/// Characters with which no line of Japanese ends.
const NOT_LAST: &str = "「『（〔［｛〈《【（［｛";

/// Without what a terminal obeys, what turns the direction of text, and what no XML may hold.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|one| if is_harmful(one) { '\u{FFFD}' } else { one }).collect()
}

/// Whether a character is none that anybody reads.
pub(crate) fn is_harmful(one: char) -> bool {
    one.is_control()
        || matches!(
            one,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'
                | '\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A name: harmless, on one line, and not longer than anybody reads.
pub(super) fn name(text: &str) -> String {
    cut(text, NAME_CHARACTERS_MAX)
}

/// At most so many characters of a text.
pub(super) fn cut(text: &str, characters_max: usize) -> String {
    let mut cut: String = harmless(&text.chars().take(characters_max).collect::<String>());
    if text.chars().nth(characters_max).is_some() {
        cut.push('…');
    }
    cut
}

/// At most so many columns of a text.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut fit = head(text, columns.saturating_sub(1)).to_owned();
    fit.push('…');
    fit
}

/// As much of the beginning of a text as fits.
fn head(text: &str, columns: usize) -> &str {
    let mut used: usize = 0;
    for (place, one) in text.char_indices() {
        used = used.saturating_add(one.width().unwrap_or(0));
        if used > columns {
            return text.get(..place).unwrap_or_default();
        }
    }
    text
}

/// A text in lines of at most so many columns. Lines break between words and between wide characters, and no line begins
/// with `、` or ends with `「`.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(4);
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let shown = piece.trim_end();
        if line.width().saturating_add(shown.width()) <= columns {
            line.push_str(piece);
            continue;
        }
        if !line.is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        // A word that is too long is looked at from its beginning only, however long it is.
        let mut rest = piece;
        while head(rest, columns).len() < rest.trim_end().len() {
            let first = within_word(head(rest, columns));
            lines.push(first.to_owned());
            rest = rest.get(first.len()..).unwrap_or_default();
        }
        rest.clone_into(&mut line);
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Where a word that is too long for a line breaks: behind a hyphen, point or underscore, if one is near its end.
fn within_word(head: &str) -> &str {
    let place = head.rfind(['-', '_', '.', '/']).map(|place| place.saturating_add(1));
    let near = place.filter(|place| place.saturating_mul(2) >= head.len());
    near.and_then(|place| head.get(..place)).unwrap_or(head)
}

/// Pieces between which a line may break, with the spaces behind them.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (place, one) in text.char_indices() {
        if before.is_some_and(|before| breaks(before, one)) {
            pieces.push(text.get(start..place).unwrap_or_default());
            start = place;
        }
        before = Some(one);
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

fn breaks(before: char, after: char) -> bool {
    if after == ' ' || NOT_FIRST.contains(after) || NOT_LAST.contains(before) {
        return false;
    }
    let is_wide = |one: char| one.width().unwrap_or(0) > 1;
    before == ' ' || is_wide(before) || is_wide(after)
}

/// Lines of a terminal, written one below another.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    lines: String,
}

impl Sheet {
    /// An empty line.
    pub(super) fn gap(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push('\n');
        }
    }

    /// A heading after an empty line.
    pub(super) fn head(&mut self, text: &str) {
        self.gap();
        self.say("", text);
    }

    /// A text behind a mark; further lines stand below the first word.
    pub(super) fn say(&mut self, mark: &str, text: &str) {
        let mark_width = mark.width();
        for (place, line) in wrap(&harmless(text), COLUMNS.saturating_sub(mark_width)).iter().enumerate() {
            let indent = if place == 0 { mark.to_owned() } else { " ".repeat(mark_width) };
            self.line(&format!("{indent}{line}"));
        }
    }

    /// A text behind a mark, on one line, cut where it is too long.
    pub(super) fn brief(&mut self, mark: &str, text: &str) {
        let room = COLUMNS.saturating_sub(mark.width());
        self.line(&format!("{mark}{}", fit(&harmless(text), room)));
    }

    /// A text whose own lines stay, such as an example.
    pub(super) fn lines(&mut self, mark: &str, text: &str) {
        for line in text.lines() {
            self.line(&format!("{mark}{}", harmless(line)));
        }
    }

    fn line(&mut self, line: &str) {
        self.lines.push_str(line.trim_end());
        self.lines.push('\n');
    }

    /// All of it.
    pub(super) fn text(self) -> String {
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_line_begins_with_what_ends_a_sentence_or_ends_with_what_opens_one() {
        let text = "診療系のネットワークが、事務の端末から「そのまま」届く状態です。装置（初期パスワードのまま）を、替えてください。";
        for columns in 8..60 {
            for line in wrap(text, columns) {
                assert!(line.width() <= columns, "{columns}: {line}");
                let (first, last) = (line.chars().next().unwrap(), line.chars().last().unwrap());
                assert!(!"、。」）".contains(first), "{columns}: {line}");
                assert!(!"「（".contains(last), "{columns}: {line}");
            }
        }
    }

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn a_word_without_end_is_broken_and_nothing_of_it_is_lost() {
        let word = "x".repeat(1_000_000);
        let lines = wrap(&word, 79);
        assert_eq!(lines.concat(), word);
        assert!(lines.iter().all(|line| line.len() <= 79));
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_a_mark() {
        assert_eq!(
            name("a\u{1b}[2J\u{202e}b\u{9b}c\u{7}\n"),
            "a\u{FFFD}[2J\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}"
        );
        assert_eq!(name(&"長".repeat(10_000)).chars().count(), 61);
    }

    #[test]
    fn what_is_cut_says_so_and_fits() {
        assert_eq!(fit("診療系の端末", 7), "診療系…");
        assert_eq!(fit("診療系", 6), "診療系");
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing_but_spaces(text in "[a-c 、。「」（）あ亜ー]{0,80}", columns in 4..40usize) {
            let without = |text: &str| text.replace(' ', "");
            prop_assert_eq!(without(&wrap(&text, columns).concat()), without(&text));
            for line in wrap(&text, columns) {
                prop_assert!(line.width() <= columns);
            }
        }
    }
}
