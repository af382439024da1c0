//! Reference values: `Type/id`, an id, or an absolute address (FHIR R4, search, reference).
//!
//! A record may point at a neighbour in either form, relative or by this server's address, and terms are made without
//! knowing that address. So a query for a neighbour asks for both.

use super::text::unescaped;
use super::{TermMatch, bad_modifier};
use crate::codes::search as codes;
use crate::definitions::{ResourceKind, SearchParam, resource_kind, resource_kinds};
use crate::place::shown;
use crate::terms::{Address, TERM_BYTES_MAX};
use base::{Problem, ResourceId};

/// The types the value may point at: those of the parameter, or the one its modifier names.
pub(super) fn targets(param: &SearchParam, modifier: Option<&str>) -> Result<Vec<ResourceKind>, Problem> {
    let all: Vec<ResourceKind> =
        if param.targets.is_empty() { resource_kinds().collect() } else { param.targets.clone() };
    let Some(modifier) = modifier else { return Ok(all) };
    match resource_kind(modifier) {
        Some(kind) if all.contains(&kind) => Ok(vec![kind]),
        _ => Err(bad_modifier(param.code, modifier)
            .with("hint_en", format!("Possible are: {}.", names(&all)))
            .with("hint_ja", format!("使えるのは {} です。", names(&all)))),
    }
}

/// The matches for one value.
pub(super) fn terms(
    code: &str,
    targets: &[ResourceKind],
    value: &str,
    base_url: &str,
) -> Result<Vec<TermMatch>, Problem> {
    let value = unescaped(code, value)?;
    let refused = || {
        let problem = Problem::new(&codes::BAD_REFERENCE).with("name", code);
        problem.with("value", shown(&value)).with("targets", names(targets))
    };
    let own = value.strip_prefix(base_url).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&value);
    let found = if ResourceId::parse(own).is_some() {
        targets.iter().flat_map(|kind| both(*kind, own, base_url)).collect()
    } else {
        match Address::parse(own) {
            Some(Address::Local(kind, id)) if targets.contains(&kind) => both(kind, id, base_url).into(),
            Some(address @ Address::Absolute(..)) => vec![address.encoded()],
            _ => return Err(refused()),
        }
    };
    if found.iter().any(|bytes| bytes.len() > TERM_BYTES_MAX) {
        return Err(Problem::new(&codes::VALUE_TOO_LONG).with("name", code).with("limit", TERM_BYTES_MAX));
    }
    Ok(found.into_iter().map(TermMatch::Exact).collect())
}

/// The relative and the absolute way to write a reference to a neighbour.
fn both(kind: ResourceKind, id: &str, base_url: &str) -> [Vec<u8>; 2] {
    let absolute = format!("{base_url}/{kind}/{id}");
    [Address::Local(kind, id).encoded(), Address::Absolute(&absolute, Some(kind)).encoded()]
}

fn names(kinds: &[ResourceKind]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    names.join(", ")
}
