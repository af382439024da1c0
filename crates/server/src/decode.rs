//! Percent-decoding of paths, queries and forms, strictly: what is not well-formed is refused, never guessed.

use crate::codes;
use base::Problem;
use std::borrow::Cow;

/// What `+` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plus {
    Itself,
    Space,
}

/// Decodes one segment of a path (RFC 3986, section 2.1).
pub(crate) fn segment(text: &str) -> Result<Cow<'_, str>, Problem> {
    decoded(text, Plus::Itself)
}

/// Decodes a query or a form (`a=1&b=2`) into names and values, in order. `+` is a space.
pub(crate) fn pairs(text: &str) -> Result<Vec<(String, String)>, Problem> {
    text.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

fn pair(text: &str) -> Result<(String, String), Problem> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    Ok((decoded(name, Plus::Space)?.into_owned(), decoded(value, Plus::Space)?.into_owned()))
}

fn decoded(text: &str, plus: Plus) -> Result<Cow<'_, str>, Problem> {
    let special =
        |byte: u8| byte == b'%' || byte < b' ' || byte == 0x7F || (byte == b'+' && plus == Plus::Space);
    if !text.bytes().any(special) {
        return Ok(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex_pair(rest.next(), rest.next()).ok_or_else(wrong)?,
            b'+' if plus == Plus::Space => b' ',
            other => other,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r')) {
        return Err(wrong());
    }
    Ok(Cow::Owned(text))
}

fn hex_pair(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

fn wrong() -> Problem {
    Problem::new(&codes::ENCODING_WRONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_text_is_decoded() {
        assert_eq!(segment("%E5%B1%B1%e7%94%b0").unwrap(), "山田");
        assert_eq!(segment("山田").unwrap(), "山田");
    }

    #[test]
    fn a_plus_is_a_space_in_a_query_only() {
        assert_eq!(segment("a+b").unwrap(), "a+b");
        assert_eq!(pairs("a+b=c+d%2B").unwrap(), [("a b".to_owned(), "c d+".to_owned())]);
    }

    #[test]
    fn pairs_keep_order_and_repetition() {
        let found = pairs("b=1&a&&b=2=3").unwrap();
        let expected = [("b", "1"), ("a", ""), ("b", "2=3")];
        assert!(found.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(expected));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in ["%", "%4", "%zz", "%+1", "%ff", "%c3%28", "%00", "a%1b", "%c2%85", "%7f", "x%2"] {
            assert_eq!(segment(text).unwrap_err().code().id, "SV-0012", "{text}");
            assert!(pairs(&format!("a={text}")).is_err(), "{text}");
        }
    }
}
