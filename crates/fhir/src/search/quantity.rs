//! Quantity values: `number`, `number|system|code`, `number||code` (FHIR R4, search, quantity).
//!
//! Without a unit any unit fits; with a code but no system the code or the written unit must be equal. Units are not
//! converted into each other.

use super::number::numbers;
use super::text::{split, unescaped};
use super::value::{Match, bad};
use crate::codes::search as codes;
use crate::terms::{decimal, quantity::unit_prefix};
use base::Problem;

/// The matches for one value.
pub(super) fn matches(code: &str, value: &str) -> Result<Vec<Match>, Problem> {
    let parts: Result<Vec<String>, Problem> =
        split(value, '|').iter().map(|part| unescaped(code, part)).collect();
    let parts = parts?;
    let (number, system, unit) = match parts.as_slice() {
        [number] => (number, "", None),
        [number, system, unit] if !unit.is_empty() => (number, system.as_str(), Some(unit)),
        _ => return Err(bad(&codes::BAD_QUANTITY, code, value)),
    };
    let numbers = numbers(&codes::BAD_QUANTITY, code, number)?.into_iter();
    let Some(unit) = unit else { return Ok(numbers.map(|numbers| numbers.behind(&[2])).collect()) };
    let prefix = unit_prefix(unit);
    let limited = |found: Match| {
        if system.is_empty() {
            return found.within_limit(code);
        }
        let (before, system) = (prefix.len(), system.to_owned());
        let of_system = move |term: &[u8]| {
            term.get(before..).and_then(decimal::split).is_some_and(|(_, rest)| rest == system.as_bytes())
        };
        found.tested(of_system).within_limit(code)
    };
    numbers.map(|numbers| limited(numbers.behind(&prefix))).collect()
}
