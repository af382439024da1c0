//! Conditions on the state of a record: `If-Match`, `If-None-Match` (FHIR R4, RESTful API, "Managing Resource
//! Contention"). A condition that cannot be checked is refused, because ignoring it could do harm.

use crate::codes;
use base::{Problem, VersionNumber};
use http::{HeaderMap, HeaderName, header};
use records::Condition;

const IF_NONE_EXIST: HeaderName = HeaderName::from_static("if-none-exist");

/// The condition of an update: `If-Match` with a version, or `If-None-Match: *`.
pub(crate) fn of_update(headers: &HeaderMap) -> Result<Condition, Problem> {
    refuse(headers, &[IF_NONE_EXIST, header::IF_UNMODIFIED_SINCE])?;
    match (one(headers, &header::IF_MATCH)?, one(headers, &header::IF_NONE_MATCH)?) {
        (None, None) => Ok(Condition::Always),
        (Some(tag), None) => version_condition(tag),
        (None, Some("*")) => Ok(Condition::Absent),
        (_, Some(_)) => Err(not_offered(&header::IF_NONE_MATCH)),
    }
}

/// The condition of a deletion: `If-Match` with a version.
pub(crate) fn of_delete(headers: &HeaderMap) -> Result<Condition, Problem> {
    refuse(headers, &[IF_NONE_EXIST, header::IF_UNMODIFIED_SINCE, header::IF_NONE_MATCH])?;
    one(headers, &header::IF_MATCH)?.map_or(Ok(Condition::Always), version_condition)
}

/// The version that the reader already has: `If-None-Match` with a version.
pub(crate) fn of_read(headers: &HeaderMap) -> Result<Option<VersionNumber>, Problem> {
    let Some(tag) = one(headers, &header::IF_NONE_MATCH)? else {
        return Ok(None);
    };
    version(tag).map(Some).ok_or_else(|| malformed(&header::IF_NONE_MATCH))
}

/// For interactions that take no condition.
pub(crate) fn none(headers: &HeaderMap) -> Result<(), Problem> {
    refuse(headers, &[IF_NONE_EXIST, header::IF_MATCH, header::IF_NONE_MATCH, header::IF_UNMODIFIED_SINCE])
}

fn version_condition(tag: &str) -> Result<Condition, Problem> {
    if tag == "*" {
        return Err(not_offered(&header::IF_MATCH));
    }
    version(tag).map(Condition::Version).ok_or_else(|| malformed(&header::IF_MATCH))
}

/// `W/"3"` or `"3"`.
fn version(tag: &str) -> Option<VersionNumber> {
    let quoted = tag.strip_prefix("W/").unwrap_or(tag);
    VersionNumber::parse(quoted.strip_prefix('"')?.strip_suffix('"')?)
}

fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut fields = headers.get_all(name).iter();
    match (fields.next(), fields.next()) {
        (None, _) => Ok(None),
        (Some(field), None) => field.to_str().map(|text| Some(text.trim())).map_err(|_| malformed(name)),
        (Some(_), Some(_)) => Err(malformed(name)),
    }
}

fn refuse(headers: &HeaderMap, names: &[HeaderName]) -> Result<(), Problem> {
    match names.iter().find(|name| headers.contains_key(*name)) {
        Some(name) => Err(not_offered(name)),
        None => Ok(()),
    }
}

fn malformed(name: &HeaderName) -> Problem {
    Problem::new(&codes::CONDITION_WRONG).with("header", title(name))
}

fn not_offered(name: &HeaderName) -> Problem {
    Problem::new(&codes::CONDITION_NOT_OFFERED).with("header", title(name))
}

/// The name as documents write it.
fn title(name: &HeaderName) -> &'static str {
    match name.as_str() {
        "if-match" => "If-Match",
        "if-none-match" => "If-None-Match",
        "if-none-exist" => "If-None-Exist",
        _ => "If-Unmodified-Since",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn with(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn third() -> VersionNumber {
        VersionNumber::new(3).unwrap()
    }

    #[test]
    fn a_version_is_read_from_a_weak_or_a_strong_tag() {
        for tag in ["W/\"3\"", "\"3\"", " W/\"3\" "] {
            assert_eq!(of_update(&with(&[("if-match", tag)])).unwrap(), Condition::Version(third()), "{tag}");
            assert_eq!(of_delete(&with(&[("if-match", tag)])).unwrap(), Condition::Version(third()), "{tag}");
            assert_eq!(of_read(&with(&[("if-none-match", tag)])).unwrap(), Some(third()), "{tag}");
        }
    }

    #[test]
    fn a_malformed_tag_is_refused() {
        for tag in ["3", "W/3", "\"3", "W/\"\"", "\"03\"", "\"a\"", "w/\"3\"", "W/\"3\", W/\"4\"", ""] {
            assert_eq!(of_update(&with(&[("if-match", tag)])).unwrap_err().code().id, "SV-0015", "{tag}");
            assert_eq!(of_read(&with(&[("if-none-match", tag)])).unwrap_err().code().id, "SV-0015", "{tag}");
        }
        let twice = with(&[("if-match", "\"3\""), ("if-match", "\"3\"")]);
        assert_eq!(of_delete(&twice).unwrap_err().code().id, "SV-0015");
    }

    #[test]
    fn an_update_may_demand_that_the_record_is_new() {
        assert_eq!(of_update(&with(&[("if-none-match", "*")])).unwrap(), Condition::Absent);
        assert_eq!(of_update(&HeaderMap::new()).unwrap(), Condition::Always);
    }

    #[test]
    fn a_condition_that_cannot_be_checked_is_refused() {
        let id = |result: Result<Condition, Problem>| result.unwrap_err().code().id;
        assert_eq!(id(of_update(&with(&[("if-match", "*")]))), "SV-0016");
        assert_eq!(id(of_update(&with(&[("if-none-match", "W/\"3\"")]))), "SV-0016");
        assert_eq!(id(of_update(&with(&[("if-none-match", "*"), ("if-match", "\"3\"")]))), "SV-0016");
        assert_eq!(id(of_update(&with(&[("if-unmodified-since", "x")]))), "SV-0016");
        assert_eq!(id(of_delete(&with(&[("if-none-match", "*")]))), "SV-0016");
        for name in ["if-none-exist", "if-match", "if-none-match", "if-unmodified-since"] {
            assert_eq!(none(&with(&[(name, "x")])).unwrap_err().code().id, "SV-0016", "{name}");
        }
    }
}
