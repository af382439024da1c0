//! Texts of others made fit for paper: what the font lacks, what cannot be seen and what would turn the text around is shown,
//! never passed on.

use crate::font::{Fonts, Weight};
use serde::Serialize;
use unicode_normalization::char::compose;

/// Stands for a letter that the font lacks.
pub(crate) const LACKING: char = '〓';

/// A text as the template takes it: lines, each in pieces between which a line may end, each in runs that are set one by one,
/// as strings that are never markup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Text(pub(crate) Vec<Vec<Vec<String>>>);

/// Cleans texts, and remembers what it met.
pub(crate) struct Letters {
    fonts: &'static Fonts,
    lacking: Vec<char>,
    variants: Vec<char>,
}

impl Letters {
    /// With these fonts.
    pub(crate) fn of(fonts: &'static Fonts) -> Self {
        Self { fonts, lacking: Vec::new(), variants: Vec::new() }
    }

    /// The letters met so far that the font lacks, each once, in the order of the report.
    pub(crate) fn lacking(&self) -> &[char] {
        &self.lacking
    }

    /// The marks met so far that ask for a variant of the letter before them, which is shown in its ordinary form.
    pub(crate) fn variants(&self) -> &[char] {
        &self.variants
    }

    /// The lines of a text, fit for paper.
    pub(crate) fn lines(&mut self, text: &str) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut before = None;
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            if ends_line(letter) {
                if letter == '\r' {
                    letters.next_if_eq(&'\n');
                }
                lines.push(String::new());
                before = None;
            } else if let Some(line) = lines.last_mut() {
                before = self.write(letter, before, line);
            }
        }
        lines
    }

    /// A text on one line.
    pub(crate) fn line(&mut self, text: &str) -> String {
        self.lines(text).join(" ")
    }

    /// Writes a letter, and gives what can be composed with the next.
    fn write(&mut self, letter: char, before: Option<char>, line: &mut String) -> Option<char> {
        // Names of files often come with the marks of kana apart.
        let composed = before.and_then(|before| compose(before, letter)).filter(|one| self.fonts.have(*one));
        if let Some(composed) = composed {
            line.pop();
            line.push(composed);
            return Some(composed);
        }
        match letter {
            '\t' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => line.push(' '),
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' if before.is_some() => {
                remember(&mut self.variants, letter);
                return before;
            }
            _ if is_unseen(letter) => line.extend(["〔", &number(letter), "〕"]),
            _ if is_private(letter) || !self.fonts.have(letter) => {
                remember(&mut self.lacking, letter);
                line.push(LACKING);
            }
            _ => line.push(letter),
        }
        Some(letter)
    }

    /// A text for a column so wide (em): words wider than that may be broken anywhere.
    pub(crate) fn text(&mut self, text: &str, weight: Weight, width: f64) -> Text {
        let set =
            |line: &String| pieces(self.fonts, line, weight, width).iter().map(|piece| runs(piece)).collect();
        Text(self.lines(text).iter().map(set).collect())
    }
}

/// A letter by its number: `U+00E9`.
pub(crate) fn number(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

fn remember(list: &mut Vec<char>, letter: char) {
    if !list.contains(&letter) {
        list.push(letter);
    }
}

fn ends_line(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Control characters, and those of Unicode's category Cf, which change how other letters are read.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e01ef}')
}

/// What such a code point shows is a matter of whoever wrote it; PDF/A does not take it either.
fn is_private(letter: char) -> bool {
    matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Cuts a line where it may be broken beside the places that a language has for that.
fn pieces(fonts: &Fonts, line: &str, weight: Weight, width: f64) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in words(line) {
        let whole = pieces.last_mut();
        if fonts.width(word, weight) <= width {
            if let Some(piece) = whole {
                piece.push_str(word);
            }
            continue;
        }
        let mut so_far = 0.0;
        for letter in word.chars() {
            let wide = fonts.letter_width(letter, weight);
            if so_far + wide > width / 8.0 {
                pieces.push(String::new());
                so_far = 0.0;
            }
            so_far += wide;
            if let Some(piece) = pieces.last_mut() {
                piece.push(letter);
            }
        }
        pieces.push(String::new());
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Cuts a piece between marks of punctuation. Typst moves such marks together by half a square, of which marks have none to
/// spare in a proportional font; it does so within a run only.
fn runs(piece: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    let mut was_mark = false;
    for letter in piece.chars() {
        let is_mark = is_mark(letter);
        if was_mark && is_mark {
            runs.push(String::new());
        }
        was_mark = is_mark;
        if let Some(run) = runs.last_mut() {
            run.push(letter);
        }
    }
    runs
}

fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        '、' | '。'
            | '，'
            | '．'
            | '：'
            | '；'
            | '？'
            | '！'
            | '・'
            | '·'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '《'
            | '》'
            | '（'
            | '）'
            | '『'
            | '』'
            | '「'
            | '」'
            | '【'
            | '】'
            | '〖'
            | '〗'
            | '〔'
            | '〕'
            | '〈'
            | '〉'
            | '［'
            | '］'
            | '｛'
            | '｝'
    )
}

/// What holds together when a line is broken, and what stands between, in order.
pub(crate) fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = if is_breakable(first) {
            first.len_utf8()
        } else {
            rest.find(is_breakable).unwrap_or(rest.len())
        };
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    })
}

/// Spaces, and the letters of Japanese, between which lines end.
fn is_breakable(letter: char) -> bool {
    letter == ' ' || (letter >= '\u{2e80}' && !('\u{ff61}'..='\u{ff9f}').contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters() -> Letters {
        Letters::of(Fonts::embedded().unwrap())
    }

    #[test]
    fn letters_that_the_font_lacks_are_shown_as_a_mark_and_remembered_once() {
        let mut letters = letters();
        assert_eq!(letters.line("a😀b😀c\u{5d0}d\u{e000}"), "a〓b〓c〓d〓");
        assert_eq!(letters.lacking(), ['😀', '\u{5d0}', '\u{e000}']);
    }

    #[test]
    fn what_cannot_be_seen_is_shown_by_its_number() {
        let mut letters = letters();
        assert_eq!(
            letters.line("a\u{202e}b\u{0}c\u{1b}d\u{200b}e"),
            "a〔U+202E〕b〔U+0000〕c〔U+001B〕d〔U+200B〕e"
        );
        assert!(letters.lacking().is_empty());
    }

    #[test]
    fn lines_end_where_any_system_ends_them() {
        assert_eq!(letters().lines("a\r\nb\rc\u{2028}d\n"), ["a", "b", "c", "d", ""]);
    }

    #[test]
    fn marks_that_stand_apart_are_put_to_their_letter() {
        let mut letters = letters();
        assert_eq!(letters.line("か\u{3099}は\u{309a}e\u{301}"), "がぱé");
        // A compatibility ideograph is another letter in a name, so it stays.
        assert_eq!(letters.line("\u{fa19}"), "\u{fa19}");
    }

    #[test]
    fn a_mark_for_a_variant_is_left_out_and_remembered() {
        let mut letters = letters();
        assert_eq!(letters.line("葛\u{e0100}城"), "葛城");
        assert_eq!(letters.variants(), ['\u{e0100}']);
        assert_eq!(letters.line("\u{fe0f}"), "〔U+FE0F〕");
    }

    #[test]
    fn marks_beside_each_other_are_set_one_by_one() {
        let text = letters().text("です。「はい」（注）。", Weight::Regular, 40.0);
        assert_eq!(text.0, [[["です。", "「はい」", "（注）", "。"]]]);
    }

    #[test]
    fn only_words_that_do_not_fit_are_cut_and_nothing_is_lost() {
        let mut letters = letters();
        let hash = "0123456789abcdef".repeat(4);
        let text = letters.text(&format!("記録 {hash} のハッシュ値 short"), Weight::Regular, 12.0);
        let [line] = text.0.as_slice() else { panic!("one line") };
        assert_eq!(line.concat().concat(), format!("記録 {hash} のハッシュ値 short"));
        assert!(line.len() > 4, "{line:?}");
        assert!(line.concat().iter().any(|piece| piece.contains(" short")), "{line:?}");
        let one = letters.text("短い文", Weight::Regular, 12.0);
        assert_eq!(one.0, [[["短い文"]]]);
    }
}
