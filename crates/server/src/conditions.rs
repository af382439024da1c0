//! Conditions on the state of records: `If-Match`, `If-None-Match`, `If-Modified-Since`, `If-None-Exist` (FHIR R4, RESTful
//! API, "Managing Resource Contention", "Conditional read", "Conditional create"). A condition that cannot be checked is
//! refused, because ignoring it could do harm.

use crate::codes;
use crate::decode;
use base::{Problem, Time, VersionNumber};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use records::{Condition, Known, Query};

const IF_NONE_EXIST: HeaderName = HeaderName::from_static("if-none-exist");
const X_PROVENANCE: HeaderName = HeaderName::from_static("x-provenance");

/// The condition of a creation: `If-None-Exist` with criteria.
pub(crate) fn of_create(headers: &HeaderMap) -> Result<Option<Query>, Problem> {
    refuse(
        headers,
        &[header::IF_MATCH, header::IF_NONE_MATCH, header::IF_UNMODIFIED_SINCE, header::IF_MODIFIED_SINCE],
    )?;
    let wrong = |_| Problem::new(&codes::CRITERIA_WRONG);
    one(headers, &IF_NONE_EXIST).map_err(wrong)?.map(decode::pairs).transpose()
}

/// The condition of an update: `If-Match` with a version, or `If-None-Match: *`.
pub(crate) fn of_update(headers: &HeaderMap) -> Result<Condition, Problem> {
    refuse(headers, &[IF_NONE_EXIST, header::IF_UNMODIFIED_SINCE, header::IF_MODIFIED_SINCE])?;
    match (one(headers, &header::IF_MATCH)?, one(headers, &header::IF_NONE_MATCH)?) {
        (None, None) => Ok(Condition::Always),
        (Some(tag), None) => version_condition(tag),
        (None, Some("*")) => Ok(Condition::Absent),
        (_, Some(_)) => Err(not_offered(&header::IF_NONE_MATCH)),
    }
}

/// The condition of a deletion, a patch, or an update by criteria: `If-Match` with a version.
pub(crate) fn of_version(headers: &HeaderMap) -> Result<Condition, Problem> {
    refuse(
        headers,
        &[IF_NONE_EXIST, header::IF_UNMODIFIED_SINCE, header::IF_MODIFIED_SINCE, header::IF_NONE_MATCH],
    )?;
    one(headers, &header::IF_MATCH)?.map_or(Ok(Condition::Always), version_condition)
}

/// What the reader has already: `If-None-Match` with a version, `If-Modified-Since` with a moment.
pub(crate) fn of_read(headers: &HeaderMap) -> Result<Known, Problem> {
    let tag = one(headers, &header::IF_NONE_MATCH)?;
    let version = tag.map(|tag| version(tag).ok_or_else(|| malformed(&header::IF_NONE_MATCH))).transpose()?;
    let wrong = || Problem::new(&codes::DATE_WRONG).with("header", title(&header::IF_MODIFIED_SINCE));
    let date = one(headers, &header::IF_MODIFIED_SINCE).map_err(|_| wrong())?;
    let moment = date.map(|date| http_date(date).ok_or_else(wrong)).transpose()?;
    Ok(Known { version, moment })
}

/// For interactions that take no condition.
pub(crate) fn none(headers: &HeaderMap) -> Result<(), Problem> {
    let names = [
        IF_NONE_EXIST,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::IF_UNMODIFIED_SINCE,
        header::IF_MODIFIED_SINCE,
    ];
    refuse(headers, &names)
}

/// `X-Provenance`: for whom something is entered (FHIR R4, Provenance, "Provenance and the RESTful API"). What it says, the
/// records read; of several fields, one after the other, which is no JSON and refused there.
pub(crate) fn provenance(headers: &HeaderMap) -> Option<Vec<u8>> {
    let values: Vec<&[u8]> = headers.get_all(X_PROVENANCE).iter().map(HeaderValue::as_bytes).collect();
    (!values.is_empty()).then(|| values.join(&b','))
}

/// A date in one of the three forms of RFC 9110, section 5.6.7.
fn http_date(text: &str) -> Option<Time> {
    let forms = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let read = |form: &str| jiff::fmt::strtime::parse(form, text).and_then(|parts| parts.to_datetime()).ok();
    let moment = forms.into_iter().find_map(read)?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Time::from_microseconds(moment.timestamp().as_microsecond()))
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
        "if-modified-since" => "If-Modified-Since",
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
            assert_eq!(
                of_version(&with(&[("if-match", tag)])).unwrap(),
                Condition::Version(third()),
                "{tag}"
            );
            assert_eq!(of_read(&with(&[("if-none-match", tag)])).unwrap().version, Some(third()), "{tag}");
        }
    }

    #[test]
    fn a_malformed_tag_is_refused() {
        for tag in ["3", "W/3", "\"3", "W/\"\"", "\"03\"", "\"a\"", "w/\"3\"", "W/\"3\", W/\"4\"", ""] {
            assert_eq!(of_update(&with(&[("if-match", tag)])).unwrap_err().code().id, "SV-0015", "{tag}");
            assert_eq!(of_read(&with(&[("if-none-match", tag)])).unwrap_err().code().id, "SV-0015", "{tag}");
        }
        let twice = with(&[("if-match", "\"3\""), ("if-match", "\"3\"")]);
        assert_eq!(of_version(&twice).unwrap_err().code().id, "SV-0015");
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
        assert_eq!(id(of_version(&with(&[("if-none-match", "*")]))), "SV-0016");
        for name in ["if-match", "if-none-match", "if-unmodified-since", "if-modified-since"] {
            assert_eq!(of_create(&with(&[(name, "x")])).unwrap_err().code().id, "SV-0016", "{name}");
            assert_eq!(none(&with(&[(name, "x")])).unwrap_err().code().id, "SV-0016", "{name}");
        }
        assert_eq!(none(&with(&[("if-none-exist", "x")])).unwrap_err().code().id, "SV-0016");
    }

    #[test]
    fn a_date_is_read_in_each_form_of_http() {
        let expected = Time::parse("1994-11-06T08:49:37Z").unwrap();
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            let known = of_read(&with(&[("if-modified-since", text)])).unwrap();
            assert_eq!(known, Known { version: None, moment: Some(expected) }, "{text}");
        }
        for text in ["1994-11-06", "", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 JST"] {
            let refused = of_read(&with(&[("if-modified-since", text)])).unwrap_err();
            assert_eq!(refused.code().id, "SV-0027", "{text}");
        }
    }

    #[test]
    fn the_criteria_of_a_creation_are_decoded() {
        assert_eq!(of_create(&HeaderMap::new()).unwrap(), None);
        let criteria = of_create(&with(&[("if-none-exist", "identifier=a%7Cb&_id=1")])).unwrap().unwrap();
        assert!(
            criteria
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .eq([("identifier", "a|b"), ("_id", "1")])
        );
        let twice = with(&[("if-none-exist", "a=1"), ("if-none-exist", "a=1")]);
        assert_eq!(of_create(&twice).unwrap_err().code().id, "SV-0031");
        assert_eq!(of_create(&with(&[("if-none-exist", "a=%f")])).unwrap_err().code().id, "SV-0012");
    }
}
