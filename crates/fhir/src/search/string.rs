//! String values (FHIR R4, search, string): from the beginning, `:contains` anywhere, `:exact` as written.

use super::text::unescaped;
use super::value::{Match, too_long};
use crate::codes::search as codes;
use crate::definitions::Leaf;
use crate::terms::string::{plain, term};
use crate::terms::text::{TEXT_BYTES_MAX, normalised};
use base::Problem;

/// The matches for texts that begin with the value, however it is written.
pub(super) fn starting(code: &str, leaves: &[Leaf], value: &str) -> Result<Vec<Match>, Problem> {
    let text = asked(code, value)?;
    let mut found = vec![beginning(&text)];
    // A whole name may be kept as one word.
    if leaves.contains(&Leaf::Name) && text.contains(' ') {
        found.push(beginning(&text.replace(' ', "")));
    }
    Ok(found)
}

fn beginning(text: &str) -> Match {
    Match::beginning([b"\x01", text.as_bytes()].concat())
}

/// The match for texts that hold the value anywhere, however it is written.
pub(super) fn containing(code: &str, value: &str) -> Result<Match, Problem> {
    let text = asked(code, value)?;
    let holds = move |term: &[u8]| plain(term).windows(text.len()).any(|window| window == text.as_bytes());
    Ok(Match::class(1).tested(holds))
}

/// The match for texts that are equal, letter by letter.
pub(super) fn exact(code: &str, value: &str) -> Result<Match, Problem> {
    let text = unescaped(code, value)?;
    asked(code, value)?;
    if text.len() > TEXT_BYTES_MAX {
        return Err(too_long(code));
    }
    Ok(Match::exact(term(&text)))
}

/// The value, normalised: not empty and not too long.
pub(super) fn asked(code: &str, value: &str) -> Result<String, Problem> {
    let text = normalised(&unescaped(code, value)?);
    match text.len() {
        0 => Err(Problem::new(&codes::NO_VALUE).with("name", code)),
        length if length > TEXT_BYTES_MAX => Err(too_long(code)),
        _ => Ok(text),
    }
}
