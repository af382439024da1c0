//! Address values (FHIR R4, search, uri): equal, `:below` and `:above`.

use super::text::unescaped;
use super::value::{Match, bad, too_long};
use crate::codes::search as codes;
use crate::terms::uri::term;
use base::Problem;
use base::limits::SEARCH_TERMS_MAX;

/// The match for an address that is equal.
pub(super) fn equal(code: &str, value: &str) -> Result<Match, Problem> {
    Match::exact(term(&unescaped(code, value)?)).within_limit(code)
}

/// The matches for the address and everything below it: a further part of the path, or a version of it.
pub(super) fn below(code: &str, value: &str) -> Result<Vec<Match>, Problem> {
    let address = url(code, value)?;
    let further = |separator: &str| Match::beginning(term(&format!("{address}{separator}")));
    let mut found = vec![Match::exact(term(&address))];
    if address.ends_with('/') {
        found.push(further(""));
    } else {
        found.extend(["/", "|", "?", "#"].map(further));
    }
    found.into_iter().map(|one| one.within_limit(code)).collect()
}

/// The matches for the address and everything above it, with and without a slash at the end.
pub(super) fn above(code: &str, value: &str) -> Result<Vec<Match>, Problem> {
    let address = url(code, value)?;
    let mut found = vec![Match::exact(term(&address)).within_limit(code)?];
    let host = address.find("://").map_or(0, |at| at.saturating_add(3));
    let slashes = address.char_indices().filter(|(at, letter)| *letter == '/' && *at >= host);
    for (at, _) in slashes {
        found.extend(address.get(..at).map(|upper| Match::exact(term(upper))));
        found.extend(address.get(..=at).map(|upper| Match::exact(term(upper))));
    }
    if found.len() > SEARCH_TERMS_MAX { Err(too_long(code)) } else { Ok(found) }
}

/// An address that has parts. URNs have none.
fn url(code: &str, value: &str) -> Result<String, Problem> {
    let address = unescaped(code, value)?;
    if address.contains("://") { Ok(address) } else { Err(bad(&codes::NOT_A_URL, code, value)) }
}
