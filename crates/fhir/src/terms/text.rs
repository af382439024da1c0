//! Text as it is compared: width, case, kana and accents make no difference, dakuten do.
//!
//! Normalised is: NFKC (so half-width katakana and full-width letters become ordinary ones), lower case, katakana as
//! hiragana, no accents (U+0300 to U+036F), no variation selectors, one space for every run of white space, none at the
//! ends. Characters that Unicode keeps apart (`高` and `髙`, `ー` and `－`) stay apart.

use unicode_normalization::UnicodeNormalization as _;

/// Longest normalised text that is kept, in bytes; the rest is cut off.
pub(crate) const TEXT_BYTES_MAX: usize = 1_024;

/// The normalised form of a text.
pub(crate) fn normalised(text: &str) -> String {
    if text.is_ascii() {
        return spaced(text.chars().map(|letter| letter.to_ascii_lowercase()), text.len());
    }
    let plain = text.nfkd().filter(|letter| !is_dropped(*letter)).flat_map(char::to_lowercase);
    // Lower case may bring accents of its own.
    let plain = plain.filter(|letter| !is_dropped(*letter)).map(hiragana);
    spaced(plain.nfc(), text.len())
}

/// The normalised form without its spaces.
pub(crate) fn joined(text: &str) -> String {
    let mut text = normalised(text);
    text.retain(|letter| letter != ' ');
    text
}

/// The beginning of a text, at most `TEXT_BYTES_MAX` bytes of it.
pub(crate) fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(TEXT_BYTES_MAX)).unwrap_or(text)
}

/// Accents and variation selectors. The marks of kana (U+3099, U+309A) are none.
fn is_dropped(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn hiragana(letter: char) -> char {
    match letter {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => {
            u32::from(letter).checked_sub(0x60).and_then(char::from_u32).unwrap_or(letter)
        }
        other => other,
    }
}

fn spaced(letters: impl Iterator<Item = char>, length: usize) -> String {
    let mut out = String::with_capacity(length);
    let mut gap = false;
    for letter in letters {
        if letter.is_whitespace() {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_kana_make_no_difference() {
        for (text, expected) in [
            ("ｶﾝｼﾞ", "かんじ"),
            ("カンジ", "かんじ"),
            ("かんじ", "かんじ"),
            ("ﾊﾟﾝ ヴァ ヷ", "ぱん ゔぁ わ゙"),
            ("ＡＢＣ　１２３", "abc 123"),
            ("Müller ÉCOLE", "muller ecole"),
            ("  A \t\n b  ", "a b"),
            ("葛\u{E0100}城", "葛城"),
            ("ｺｰﾋｰ", "こーひー"),
            ("㈱", "(株)"),
            ("\u{FA10}", "塚"),
            ("", ""),
            ("\u{3000}", ""),
        ] {
            assert_eq!(normalised(text), expected.nfc().collect::<String>(), "{text}");
        }
    }

    #[test]
    fn what_unicode_keeps_apart_stays_apart() {
        for (left, right) in [("髙橋", "高橋"), ("﨑", "崎"), ("かき", "がき"), ("はん", "ぱん"), ("ー", "-")]
        {
            assert_ne!(normalised(left), normalised(right));
        }
    }

    #[test]
    fn normalising_again_changes_nothing() {
        // The planes in which Unicode defines characters of texts, and that of the variation selectors.
        for letter in (0..0x3_3480).chain(0xE_0000..0xE_01F0).filter_map(char::from_u32) {
            let once = normalised(&format!("a{letter}a"));
            assert_eq!(normalised(&once), once, "U+{:04X}", u32::from(letter));
        }
    }

    #[test]
    fn a_cut_leaves_whole_characters() {
        assert_eq!(cut("abc"), "abc");
        assert_eq!(cut(&"山".repeat(1000)).len(), 1023);
    }
}
