//! Token values: `code`, `system|code`, `|code`, `system|` (FHIR R4, search, token).

use super::TermMatch;
use super::text::{split, unescaped};
use crate::codes::search as codes;
use crate::terms::{TERM_BYTES_MAX, code_first, system_first};
use base::Problem;

/// The match for one value.
pub(super) fn term(code: &str, value: &str) -> Result<TermMatch, Problem> {
    let parts: Result<Vec<String>, Problem> =
        split(value, '|').iter().map(|part| unescaped(code, part)).collect();
    let found = match parts?.as_slice() {
        [value] => TermMatch::Prefix(code_first(value, "")),
        [system, value] if system.is_empty() && !value.is_empty() => TermMatch::Exact(code_first(value, "")),
        [system, value] if value.is_empty() && !system.is_empty() => {
            TermMatch::Prefix(system_first(system, ""))
        }
        [system, value] if !system.is_empty() => TermMatch::Exact(code_first(value, system)),
        _ => return Err(Problem::new(&codes::BAD_TOKEN).with("name", code)),
    };
    let (TermMatch::Exact(bytes) | TermMatch::Prefix(bytes)) = &found;
    if bytes.len() > TERM_BYTES_MAX {
        return Err(Problem::new(&codes::VALUE_TOO_LONG).with("name", code).with("limit", TERM_BYTES_MAX));
    }
    Ok(found)
}
