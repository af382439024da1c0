//! The forms of primitive values (FHIR R4, data types, primitive types). Matchers by hand: every value of every write
//! passes here.

mod moment;

use crate::codes::content as codes;
use crate::codes::structure;
use crate::definitions::{Primitive, Type};
use crate::place::shown;
use base::{Code, Problem, ResourceId};

/// Most characters of a string.
const STRING_CHARS_MAX: usize = 1_048_576;

/// How the values of a type are written, for messages.
struct Form {
    en: &'static str,
    ja: &'static str,
    example: &'static str,
}

/// What is wrong with a text as a value of this type. That it is empty or holds control characters is judged before.
pub(super) fn text_fault(kind: Primitive, text: &str) -> Option<&'static Code> {
    let form = |holds: bool| (!holds).then_some(&codes::VALUE_FORM);
    match kind {
        Primitive::String => is_too_long(text).then_some(&codes::STRING_LENGTH),
        Primitive::Code => form(is_code(text)),
        Primitive::Id => ResourceId::parse(text).is_none().then_some(&structure::BAD_ID),
        Primitive::Uri => form(!text.bytes().any(is_space)),
        Primitive::Oid => form(is_oid(text)),
        Primitive::Uuid => form(is_uuid(text)),
        Primitive::Base64 => (!is_base64(text)).then_some(&codes::BASE64),
        Primitive::Date => moment::date(text),
        Primitive::DateTime => moment::date_time(text),
        Primitive::Instant => moment::instant(text),
        Primitive::Time => moment::time(text),
        Primitive::Xhtml => None,
        Primitive::Boolean
        | Primitive::Integer
        | Primitive::UnsignedInt
        | Primitive::PositiveInt
        | Primitive::Decimal => Some(&codes::VALUE_FORM),
    }
}

/// What is wrong with a number, given as it was written.
pub(super) fn number_fault(kind: Primitive, text: &str) -> Option<&'static Code> {
    let holds = match kind {
        Primitive::Integer => whole(text).is_some(),
        Primitive::UnsignedInt => whole(text).is_some_and(|value| value >= 0),
        Primitive::PositiveInt => whole(text).is_some_and(|value| value >= 1),
        Primitive::Decimal => is_decimal(text),
        _ => false,
    };
    (!holds).then_some(&codes::VALUE_FORM)
}

/// The problem with a value, as `code` says it.
pub(super) fn problem(code: &'static Code, kind: &Type, value: &str) -> Problem {
    let form = kind.primitive.map_or(FREE, form_of);
    Problem::new(code)
        .with("kind", kind.name)
        .with("form_en", form.en)
        .with("form_ja", form.ja)
        .with("example", form.example)
        .with("value", shown(value))
}

/// Text without a form.
const FREE: Form = Form { en: "text", ja: "文字列", example: "山田 太郎" };

/// The form of a type in words.
fn form_of(kind: Primitive) -> Form {
    let (en, ja, example) = match kind {
        Primitive::Boolean => ("true or false", "true または false", "true"),
        Primitive::Integer => (
            "a whole number from -2147483648 to 2147483647, without fraction, exponent or leading zeros",
            "-2147483648 から 2147483647 までの整数（小数部・指数・先頭の 0 なし）",
            "42",
        ),
        Primitive::UnsignedInt => (
            "a whole number from 0 to 2147483647, without fraction, exponent or leading zeros",
            "0 から 2147483647 までの整数（小数部・指数・先頭の 0 なし）",
            "42",
        ),
        Primitive::PositiveInt => (
            "a whole number from 1 to 2147483647, without fraction, exponent or leading zeros",
            "1 から 2147483647 までの整数（小数部・指数・先頭の 0 なし）",
            "42",
        ),
        Primitive::Decimal => ("a decimal number", "十進数", "36.50"),
        Primitive::String | Primitive::Xhtml => return FREE,
        Primitive::Code => (
            "words with one blank between them, none before or behind",
            "語の間の空白が一つだけで、前後に空白のない文字列",
            "final",
        ),
        Primitive::Id => ("1 to 64 of A-Z a-z 0-9 - .", "A-Z a-z 0-9 - . を 1〜64 文字", "p-1"),
        Primitive::Uri => {
            ("an address without blanks", "空白を含まないアドレス", "http://example.org/fhir/ValueSet/1")
        }
        Primitive::Oid => (
            "`urn:oid:` and numbers joined by dots",
            "`urn:oid:` とピリオドで区切った数字",
            "urn:oid:1.2.392.100495.20.3.51",
        ),
        Primitive::Uuid => (
            "`urn:uuid:` and 32 hexadecimal digits in lower case, in groups of 8, 4, 4, 4 and 12",
            "`urn:uuid:` と小文字の十六進数 32 桁（8・4・4・4・12 桁ずつ）",
            "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        ),
        Primitive::Base64 => ("base64", "base64", "QWthc2hp"),
        Primitive::Date => {
            ("a year, a year and month, or a day", "年、年月、または年月日", "2026, 2026-04, 2026-04-01")
        }
        Primitive::DateTime => (
            "a year, a year and month, a day, or a day with time to the second and time zone",
            "年、年月、年月日、または秒とタイムゾーンまで書いた日時",
            "2026-04-01, 2026-04-01T09:00:00+09:00",
        ),
        Primitive::Instant => (
            "a day with time to the second and time zone",
            "秒とタイムゾーンまで書いた日時",
            "2026-04-01T09:00:00+09:00",
        ),
        Primitive::Time => (
            "a time of day to the second, without time zone",
            "秒まで書いた時刻（タイムゾーンなし）",
            "09:00:00",
        ),
    };
    Form { en, ja, example }
}

/// White space as the regular expressions of R4 mean it.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)
}

fn is_too_long(text: &str) -> bool {
    text.len() > STRING_CHARS_MAX && text.chars().count() > STRING_CHARS_MAX
}

/// Words with one blank between them.
fn is_code(text: &str) -> bool {
    let mut after_space = true;
    for byte in text.bytes() {
        let space = is_space(byte);
        if space && after_space {
            return false;
        }
        after_space = space;
    }
    !after_space
}

/// A whole number of 32 bits, written without fraction, exponent or leading zeros.
fn whole(text: &str) -> Option<i32> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = match digits.as_bytes() {
        [b'0'] => digits.len() == text.len(),
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if plain { text.parse().ok() } else { None }
}

fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned
        .split_once(['e', 'E'])
        .map_or((unsigned, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) =
        mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    let is_whole = is_digits(whole) && (whole.len() == 1 || !whole.starts_with('0'));
    let is_exponent = |text: &str| is_digits(text.strip_prefix(['+', '-']).unwrap_or(text));
    is_whole && fraction.is_none_or(is_digits) && exponent.is_none_or(is_exponent)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_oid(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("urn:oid:") else { return false };
    let Some((root, arcs)) = rest.split_once('.') else { return false };
    let is_arc = |arc: &str| is_digits(arc) && (arc.len() == 1 || !arc.starts_with('0'));
    matches!(root, "0" | "1" | "2") && arcs.split('.').all(is_arc)
}

fn is_uuid(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("urn:uuid:") else { return false };
    let is_right = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    rest.len() == 36 && rest.bytes().enumerate().all(is_right)
}

/// Base64 (RFC 4648) that can be decoded: whole groups of four, `=` only at the end, no bits left over. White space
/// between the characters counts for nothing.
fn is_base64(text: &str) -> bool {
    let mut count = 0_usize;
    let mut padding = 0_usize;
    let mut last = 0_u8;
    for byte in text.bytes().filter(|byte| !is_space(*byte)) {
        count = count.wrapping_add(1);
        if byte == b'=' {
            padding = padding.saturating_add(1);
            continue;
        }
        match sextet(byte) {
            Some(bits) if padding == 0 => last = bits,
            _ => return false,
        }
    }
    let left_over = match padding {
        0 => 0,
        1 => last & 0b11,
        2 => last & 0b1111,
        _ => return false,
    };
    count > 0 && count.is_multiple_of(4) && left_over == 0
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte.wrapping_sub(b'A')),
        b'a'..=b'z' => Some(byte.wrapping_sub(b'a').wrapping_add(26)),
        b'0'..=b'9' => Some(byte.wrapping_sub(b'0').wrapping_add(52)),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
