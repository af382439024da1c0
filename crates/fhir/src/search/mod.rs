//! One parameter of a search turned into a [`Filter`] over what the store keeps: ids, times, terms.
//!
//! Served are `_id`, `_lastUpdated`, `identifier` and the reference parameters of [`search_params`]. Everything else, a
//! modifier included, is refused by name: a condition left out silently would show too many records.

mod date;
mod reference;
mod text;
mod token;

use crate::codes::search as codes;
use crate::definitions::{ResourceKind, SearchKind, SearchParam, search_params};
use crate::place::shown;
use base::limits::SEARCH_TERMS_MAX;
use base::{Problem, ResourceId, Time};
use std::fmt;

/// A condition on the resources searched. `Debug` tells its kind only.
#[derive(Clone, PartialEq, Eq)]
pub enum Filter {
    /// The id is one of these.
    Ids(Vec<String>),
    /// The last update is in one of these ranges.
    Updated(Vec<TimeRange>),
    /// Some term of the parameter matches one of these.
    Terms {
        /// Type and code, as in [`crate::Term::param`].
        param: &'static str,
        /// The alternatives.
        any: Vec<TermMatch>,
    },
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ids(ids) => write!(f, "{} ids", ids.len()),
            Self::Updated(ranges) => write!(f, "{} times", ranges.len()),
            Self::Terms { param, any } => write!(f, "{param}: {} terms", any.len()),
        }
    }
}

/// How a stored term is compared.
#[derive(Clone, PartialEq, Eq)]
pub enum TermMatch {
    /// The term is equal.
    Exact(Vec<u8>),
    /// The term begins so.
    Prefix(Vec<u8>),
}

impl fmt::Debug for TermMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(bytes) => write!(f, "exactly {} bytes", bytes.len()),
            Self::Prefix(bytes) => write!(f, "beginning with {} bytes", bytes.len()),
        }
    }
}

/// A range of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// First moment inside; `None`: from the beginning.
    pub from: Option<Time>,
    /// First moment after it; `None`: without end.
    pub until: Option<Time>,
}

/// Turns one parameter of a search into a filter.
///
/// `name` is the name with its modifier (`subject:Patient`), `value` the value with its commas, both decoded from the
/// address; `base_url` is the FHIR base address of this server without a slash at the end, by which absolute references
/// to it are recognised. A date without a zone is in UTC.
///
/// # Errors
/// One problem: an unknown parameter (the text lists the known ones), a modifier or prefix that is not served, or a
/// value that is not of the right form. Its place is the name of the parameter.
pub fn filter(kind: ResourceKind, name: &str, value: &str, base_url: &str) -> Result<Filter, Problem> {
    parsed(kind, name, value, base_url).map_err(|problem| problem.at(shown(name)))
}

/// The span of time that a date or date and time means, by its precision: `2026-04` is the whole month. What has no zone is
/// meant in Japan Standard Time. `None` when it is neither.
pub fn period(text: &str) -> Option<TimeRange> {
    let plain = text.starts_with(|letter: char| letter.is_ascii_digit());
    plain.then(|| date::range("", text).ok()).flatten()
}

fn parsed(kind: ResourceKind, name: &str, value: &str, base_url: &str) -> Result<Filter, Problem> {
    let (code, modifier) = match name.split_once(':') {
        Some((code, modifier)) => (code, Some(modifier)),
        None => (name, None),
    };
    match code {
        "_id" => without_modifier(code, modifier).and_then(|()| ids(&alternatives(code, value)?)),
        "_lastUpdated" => {
            without_modifier(code, modifier)?;
            let ranges: Result<_, _> =
                alternatives(code, value)?.iter().map(|text| date::range(code, text)).collect();
            ranges.map(Filter::Updated)
        }
        _ => {
            let param =
                search_params(kind).find(|param| param.code == code).ok_or_else(|| unknown(kind, name))?;
            let any = matches(param, modifier, &alternatives(code, value)?, base_url)?;
            Ok(Filter::Terms { param: param.name, any })
        }
    }
}

fn matches(
    param: &SearchParam,
    modifier: Option<&str>,
    values: &[&str],
    base_url: &str,
) -> Result<Vec<TermMatch>, Problem> {
    match param.kind {
        SearchKind::Token => {
            without_modifier(param.code, modifier)?;
            values.iter().map(|value| token::term(param.code, value)).collect()
        }
        SearchKind::Reference => {
            let targets = reference::targets(param, modifier)?;
            let found: Result<Vec<_>, _> =
                values.iter().map(|value| reference::terms(param.code, &targets, value, base_url)).collect();
            Ok(found?.into_iter().flatten().collect())
        }
    }
}

fn ids(values: &[&str]) -> Result<Filter, Problem> {
    let id = |value: &&str| match ResourceId::parse(value) {
        Some(id) => Ok(id.as_str().to_owned()),
        None => Err(Problem::new(&codes::BAD_ID).with("value", shown(value))),
    };
    values.iter().map(id).collect::<Result<_, _>>().map(Filter::Ids)
}

/// The values between commas that no backslash protects; none may be empty.
fn alternatives<'v>(code: &str, value: &'v str) -> Result<Vec<&'v str>, Problem> {
    let values = text::split(value, ',');
    if values.len() > SEARCH_TERMS_MAX {
        return Err(Problem::new(&codes::TOO_MANY_VALUES).with("name", code).with("limit", SEARCH_TERMS_MAX));
    }
    if values.iter().any(|value| value.is_empty()) {
        return Err(Problem::new(&codes::NO_VALUE).with("name", code));
    }
    Ok(values)
}

fn without_modifier(code: &str, modifier: Option<&str>) -> Result<(), Problem> {
    match modifier {
        None => Ok(()),
        Some(modifier) => Err(bad_modifier(code, modifier)
            .with("hint_en", "Leave it out.")
            .with("hint_ja", "取り除いてください。")),
    }
}

fn bad_modifier(code: &str, modifier: &str) -> Problem {
    Problem::new(&codes::MODIFIER).with("name", shown(code)).with("modifier", shown(modifier))
}

fn unknown(kind: ResourceKind, name: &str) -> Problem {
    let codes = search_params(kind).map(|param| param.code);
    let known: Vec<&str> = ["_id", "_lastUpdated"].into_iter().chain(codes).collect();
    Problem::new(&codes::UNKNOWN_PARAMETER)
        .with("name", shown(name))
        .with("kind", kind)
        .with("known", known.join(", "))
}

#[cfg(test)]
mod tests;
