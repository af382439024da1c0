//! Texts as cells hold them: what nobody sees is made visible, and what is too long is divided.

use crate::site::is_harmful;
use unicode_width::UnicodeWidthChar;

/// The UTF-16 units of a cell. The format allows 32,767; the difference is room for a remark.
const UNITS_MAX: usize = 32_000;

/// The lines of a row. Rows are at most 409 points high, lines of this font about 14.
const LINES_MAX: usize = 26;

/// A text in which every character shows: controls and those that turn the direction of text stand as their code points.
pub(super) fn visible(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut said = String::with_capacity(text.len());
    for one in text.chars() {
        if is_harmful(one) && one != '\n' {
            let point = format!("⟨U+{:04X}⟩", u32::from(one));
            said.push_str(&point);
        } else {
            said.push(one);
        }
    }
    said
}

/// The same on one line.
pub(super) fn line(text: &str) -> String {
    visible(text).replace('\n', " ")
}

/// The same on one line of at most so many characters.
pub(super) fn cut(text: &str, characters: usize) -> String {
    let line = line(text);
    if line.chars().count() <= characters {
        return line;
    }
    let kept: String = line.chars().take(characters.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// The pieces of a visible text that each fit a cell of so many characters of full width: one for nearly every text.
pub(super) fn pieces(text: &str, width: u16) -> Vec<String> {
    let halves = usize::from(width).saturating_mul(2).max(2);
    let (mut pieces, mut piece) = (Vec::new(), String::new());
    let (mut units, mut lines, mut filled) = (0_usize, 1_usize, 0_usize);
    for one in text.chars() {
        let own = one.width().unwrap_or(1);
        let is_turn = one == '\n' || filled.saturating_add(own) > halves;
        let is_full = units.saturating_add(one.len_utf16()) > UNITS_MAX || (is_turn && lines >= LINES_MAX);
        if is_full {
            pieces.push(std::mem::take(&mut piece));
            (units, lines, filled) = (0, 1, 0);
        } else if is_turn {
            lines = lines.saturating_add(1);
            filled = 0;
        }
        if is_full && one == '\n' {
            continue;
        }
        piece.push(one);
        units = units.saturating_add(one.len_utf16());
        filled = filled.saturating_add(if one == '\n' { 0 } else { own });
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_made_visible() {
        assert_eq!(visible("a\u{202e}b\u{7}\tc\r\nd\re"), "a⟨U+202E⟩b⟨U+0007⟩⟨U+0009⟩c\nd\ne");
        assert_eq!(visible("=1+1 <b> _x0041_ 葛󠄀"), "=1+1 <b> _x0041_ 葛󠄀");
        assert_eq!(cut("あいうえお", 3), "あい…");
    }

    #[test]
    fn a_long_text_is_divided_and_nothing_of_it_is_lost() {
        let long = "長い回答。".repeat(8_000);
        let all = pieces(&long, 200);
        assert!(all.len() > 1 && all.concat() == long);
        assert!(all.iter().all(|piece| piece.encode_utf16().count() <= UNITS_MAX));
        let lines: Vec<String> = (0..100).map(|line| line.to_string()).collect();
        let all = pieces(&lines.join("\n"), 20);
        assert_eq!(all.len(), 4);
        assert_eq!(all.join("\n"), lines.join("\n"));
        assert_eq!(pieces("短い", 20), ["短い"]);
    }
}
