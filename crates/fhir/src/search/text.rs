//! Backslashes in search values (FHIR R4, search, escaping): `\,` `\|` `\$` and `\\` stand for the character itself.

use crate::codes::search as codes;
use base::Problem;

/// Cuts `text` at every `separator` that no backslash protects. Backslashes stay.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut protected = false;
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        if letter == separator && !protected {
            parts.push(text.get(start..at).unwrap_or_default());
            start = at.saturating_add(letter.len_utf8());
        }
        protected = letter == '\\' && !protected;
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// Takes the backslashes off.
pub(super) fn unescaped(code: &str, text: &str) -> Result<String, Problem> {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let letter =
            if letter == '\\' { letters.next().filter(|next| ",|$\\".contains(*next)) } else { Some(letter) };
        out.push(letter.ok_or_else(|| Problem::new(&codes::BAD_ESCAPE).with("name", code))?);
    }
    Ok(out)
}
