//! Reference values: `Type/id`, an id, or an absolute address, and with `:identifier` a token (FHIR R4, search,
//! reference).
//!
//! A record may point at a neighbour in either form, relative or by this server's address, and terms are made without
//! knowing that address. So a query for a neighbour asks for both.

use super::text::{split, unescaped};
use super::value::Match;
use crate::codes::search as codes;
use crate::definitions::{ResourceKind, SearchParam, resource_kinds};
use crate::place::shown;
use crate::terms::reference::{Address, logical, references_to, shown_kind};
use base::{Problem, ResourceId};

/// The types a parameter may point at.
pub(super) fn targets(param: &SearchParam) -> Vec<ResourceKind> {
    if param.targets.is_empty() { resource_kinds().collect() } else { param.targets.clone() }
}

/// The matches for one value that leads to one of the types.
pub(super) fn matches(
    code: &str,
    targets: &[ResourceKind],
    value: &str,
    base_url: &str,
) -> Result<Vec<Match>, Problem> {
    let value = unescaped(code, value)?;
    let own = value.strip_prefix(base_url).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&value);
    let both = |kind: ResourceKind, id: &str| references_to(kind.as_str(), id, base_url);
    let found: Vec<Vec<u8>> = if ResourceId::parse(own).is_some() {
        targets.iter().flat_map(|kind| both(*kind, own)).collect()
    } else {
        match Address::parse(own) {
            Some(Address::Local(kind, id)) if targets.contains(&kind) => both(kind, id),
            Some(address @ Address::Absolute(..)) => vec![address.encoded()],
            _ => return Err(refused(code, &value, targets)),
        }
    };
    found.into_iter().map(|term| Match::exact(term).within_limit(code)).collect()
}

fn refused(code: &str, value: &str, targets: &[ResourceKind]) -> Problem {
    let problem = Problem::new(&codes::BAD_REFERENCE).with("name", code);
    problem.with("value", shown(value)).with("targets", names(targets))
}

/// The match for a reference by an identifier: `value`, `system|value`, `|value`, `system|`.
pub(super) fn identifier(code: &str, value: &str) -> Result<Match, Problem> {
    let parts: Result<Vec<String>, Problem> =
        split(value, '|').iter().map(|part| unescaped(code, part)).collect();
    let found = match parts?.as_slice() {
        [value] => Match::beginning(logical(value, "")),
        [system, value] if !value.is_empty() => Match::exact(logical(value, system)),
        [system, value] if value.is_empty() && !system.is_empty() => {
            let ending = [b"\x00", system.as_bytes()].concat();
            Match::class(3).tested(move |term| term.ends_with(&ending))
        }
        _ => return Err(Problem::new(&codes::BAD_TOKEN).with("name", code)),
    };
    found.within_limit(code)
}

/// The matches for any reference to a type; `None`: for any reference.
pub(super) fn any(only: Option<ResourceKind>) -> Vec<Match> {
    let Some(only) = only else { return vec![Match::between(vec![1], vec![4])] };
    vec![
        Match::beginning(format!("\u{1}{only}/").into_bytes()),
        Match::class(2).tested(move |term| shown_kind(term) == Some(only)),
    ]
}

/// Names of types for a message.
pub(super) fn names(kinds: &[ResourceKind]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    names.join(", ")
}
