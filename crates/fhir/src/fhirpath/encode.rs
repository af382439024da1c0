//! Other spellings of a text: Base64, hexadecimal digits, and what HTML and JSON escape.

use crate::json::write_string;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// A spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    Base64,
    UrlBase64,
    Hexadecimal,
    Html,
    Json,
}

impl Spelling {
    /// The formats of `encode` and `decode`.
    pub(super) fn of_bytes(name: &str) -> Option<Self> {
        match name {
            "base64" => Some(Self::Base64),
            "urlbase64" => Some(Self::UrlBase64),
            "hex" => Some(Self::Hexadecimal),
            _ => None,
        }
    }

    /// The targets of `escape` and `unescape`.
    pub(super) fn of_text(name: &str) -> Option<Self> {
        match name {
            "html" => Some(Self::Html),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The text in this spelling.
    pub(super) fn write(self, text: &str) -> String {
        match self {
            Self::Base64 => STANDARD.encode(text),
            Self::UrlBase64 => URL_SAFE.encode(text),
            Self::Hexadecimal => text.bytes().flat_map(digits).collect(),
            Self::Html => {
                ENTITIES.iter().fold(text.to_owned(), |text, (plain, entity)| text.replace(plain, entity))
            }
            Self::Json => {
                let mut quoted = Vec::new();
                write_string(text, &mut quoted);
                let inner =
                    quoted.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or_default();
                String::from_utf8_lossy(inner).into_owned()
            }
        }
    }

    /// The text that was written in this spelling; `None` when none was.
    pub(super) fn read(self, text: &str) -> Option<String> {
        let bytes = match self {
            Self::Base64 => STANDARD.decode(text).ok()?,
            Self::UrlBase64 => URL_SAFE.decode(text).ok()?,
            Self::Hexadecimal => hexadecimal(text)?,
            Self::Html => {
                let plain = |text: String, (plain, entity): &(&str, &str)| text.replace(entity, plain);
                // The sign of entities comes last, so that nothing is unescaped twice.
                return Some(ENTITIES.iter().rev().fold(text.to_owned(), plain));
            }
            Self::Json => return unescaped(text),
        };
        String::from_utf8(bytes).ok()
    }
}

/// What HTML escapes; `&` first.
const ENTITIES: [(&str, &str); 5] =
    [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")];

/// What JSON escapes as the plain characters; `None` when something else is escaped.
fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split('\\');
    plain.push_str(pieces.next()?);
    while let Some(piece) = pieces.next() {
        let Some(letter) = piece.chars().next() else {
            // Two backslashes: the empty piece between them, and what follows as it stands.
            plain.push('\\');
            plain.push_str(pieces.next()?);
            continue;
        };
        let (escape, rest) = piece.split_at_checked(if letter == 'u' { 5 } else { letter.len_utf8() })?;
        match letter {
            '"' | '/' => plain.push(letter),
            'b' => plain.push('\u{8}'),
            'f' => plain.push('\u{c}'),
            'n' => plain.push('\n'),
            'r' => plain.push('\r'),
            't' => plain.push('\t'),
            'u' => plain.push(char::from_u32(u32::from_str_radix(escape.get(1..)?, 16).ok()?)?),
            _ => return None,
        }
        plain.push_str(rest);
    }
    Some(plain)
}

/// The two digits of a byte.
fn digits(byte: u8) -> impl Iterator<Item = char> {
    [byte >> 4, byte & 0x0f].into_iter().filter_map(|digit| char::from_digit(digit.into(), 16))
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)?.checked_mul(16)?.saturating_add(digit(*low)?)),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read_back() {
        let text = "<a href=\"x\">&lt; 山 'b' \\ \n</a>?~";
        for spelling in
            [Spelling::Base64, Spelling::UrlBase64, Spelling::Hexadecimal, Spelling::Html, Spelling::Json]
        {
            assert_eq!(spelling.read(&spelling.write(text)).as_deref(), Some(text), "{spelling:?}");
        }
    }

    #[test]
    fn what_is_not_in_the_spelling_is_not_read() {
        assert_eq!(Spelling::Hexadecimal.read("abc"), None);
        assert_eq!(Spelling::Hexadecimal.read("ff"), None);
        assert_eq!(Spelling::Base64.read("a?"), None);
        for text in ["\\", "\\x", "\\u12", "\\ud800"] {
            assert_eq!(Spelling::Json.read(text), None, "{text}");
        }
        assert_eq!(Spelling::Json.read("\\u5c71\\\\\\/").as_deref(), Some("山\\/"));
    }
}
