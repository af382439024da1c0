//! Codes as people type them: spaces, hyphens and the full-width characters of a Japanese keyboard do not matter.

use unicode_normalization::UnicodeNormalization;

/// More characters than this are no code, and are not looked at.
const TYPED_CHARS_MAX: usize = 64;

/// The characters that count: compatibility forms folded (NFKC: `１` is `1`), white space and hyphens left out, capitals.
/// `None` for a text that is too long for any code.
pub(crate) fn typed(text: &str) -> Option<String> {
    if text.chars().nth(TYPED_CHARS_MAX).is_some() {
        return None;
    }
    let counts = |char: &char| !char.is_whitespace() && !is_hyphen(*char);
    Some(text.nfkc().filter(counts).flat_map(char::to_uppercase).collect())
}

/// The hyphen and what an input method puts in its place: dashes, the minus sign, the long vowel mark.
fn is_hyphen(char: char) -> bool {
    matches!(char, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30FC}')
}

/// The six digits of a one-time code, when these are all that counts in `text`.
pub(crate) fn six_digits(text: &str) -> Option<[u8; 6]> {
    let digits: [u8; 6] = typed(text)?.into_bytes().try_into().ok()?;
    digits.iter().all(u8::is_ascii_digit).then_some(digits)
}

/// The last six decimal digits of `number`, with leading zeros.
pub(crate) fn last_six_digits(number: u64) -> [u8; 6] {
    let mut digits = [b'0'; 6];
    let mut rest = number;
    for place in digits.iter_mut().rev() {
        *place = b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or(0));
        rest /= 10;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_however_they_are_typed() {
        for text in
            ["123456", " 123 456 ", "１２３４５６", "１２３　４５６", "123-456", "123ー456", "12\t3456\n"]
        {
            assert_eq!(six_digits(text), Some(*b"123456"), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_codes() {
        for text in ["", "12345", "1234567", "12345a", "一二三四五六", "١٢٣٤٥٦", &" ".repeat(100), "+12345"]
        {
            assert_eq!(six_digits(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_becomes_six_digits_with_leading_zeros() {
        assert_eq!(last_six_digits(81_804), *b"081804");
        assert_eq!(last_six_digits(1_284_755_224), *b"755224");
        assert_eq!(last_six_digits(0), *b"000000");
    }
}
