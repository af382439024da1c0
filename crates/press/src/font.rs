//! The embedded fonts: parsed once, what letters they have and how wide they are.

use crate::codes::FONTS_BROKEN;
use base::Problem;
use std::sync::LazyLock;
use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontInstance, FontVariations};
use typst::utils::LazyHash;

static REGULAR: &[u8] = include_bytes!("../fonts/BIZUDPGothic-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/BIZUDPGothic-Bold.ttf");

static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| Fonts::of([REGULAR, BOLD]));

/// The weights of the one face.
pub(crate) struct Fonts {
    /// What typst selects from.
    pub(crate) book: LazyHash<FontBook>,
    weights: [Font; 2],
    faces: [FontInstance; 2],
}

/// A weight of the face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// For texts.
    Regular,
    /// For headings.
    Bold,
}

impl Fonts {
    /// The embedded ones.
    pub(crate) fn embedded() -> Result<&'static Self, Problem> {
        FONTS.as_ref().ok_or_else(|| Problem::new(&FONTS_BROKEN))
    }

    fn of(files: [&'static [u8]; 2]) -> Option<Self> {
        let [regular, bold] = files.map(|file| Font::new(Bytes::new(file), 0));
        let weights = [regular?, bold?];
        let face = |font: &Font| {
            font.clone().instantiate(font.info().variant, Abs::pt(10.0), &FontVariations::default())
        };
        let faces = [face(&weights[0]), face(&weights[1])];
        Some(Self { book: LazyHash::new(FontBook::from_fonts(&weights)), weights, faces })
    }

    /// The font at this place of the book.
    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.weights.get(index).cloned()
    }

    /// Whether both weights have a letter.
    pub(crate) fn have(&self, letter: char) -> bool {
        self.weights.iter().all(|font| font.info().coverage.contains(u32::from(letter)))
    }

    /// How wide a text is when it is not broken, in its own size (em). What the font lacks counts as a full square.
    pub(crate) fn width(&self, text: &str, weight: Weight) -> f64 {
        text.chars().map(|letter| self.letter_width(letter, weight)).sum()
    }

    /// How wide a letter is, in its own size (em).
    pub(crate) fn letter_width(&self, letter: char, weight: Weight) -> f64 {
        let [regular, bold] = &self.faces;
        let face = match weight {
            Weight::Regular => regular,
            Weight::Bold => bold,
        };
        let advance = face.ttf().glyph_index(letter).and_then(|glyph| face.x_advance(glyph.0));
        advance.map_or(1.0, typst::layout::Em::get)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_fonts_are_read_and_have_the_letters_of_japanese() {
        let fonts = Fonts::embedded().unwrap();
        for letter in "医療情報システムの安全管理に関するガイドライン〓〔〕○△×？―－・●□ABCabc012".chars()
        {
            assert!(fonts.have(letter), "{letter}");
        }
        assert!((fonts.width("医療", Weight::Regular) - 2.0).abs() < 0.01);
        assert!(fonts.width("ill", Weight::Regular) < 1.5);
    }

    #[test]
    fn a_broken_font_is_none() {
        assert!(Fonts::of([b"OTTO", BOLD]).is_none());
    }
}
