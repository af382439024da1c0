//! Which forms of answers a caller takes (`Accept`, `_format`) and which form a body has (`Content-Type`).

use crate::codes;
use crate::language::weighted;
use crate::route::BodyKind;
use base::Problem;
use http::{HeaderMap, header};

/// The form of FHIR answers.
pub(crate) const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";
/// The form of proof files.
pub(crate) const PROOF_JSON: &str = "application/vnd.akashi.proof+json";

const FHIR: &str = "application/fhir+json";
const FORM: &str = "application/x-www-form-urlencoded";
const UPLOAD: &str = "multipart/form-data";
const PATCH: &str = "application/json-patch+json";

/// Checks that the caller takes JSON. `_format` counts more than `Accept` (FHIR R4, RESTful API, content types).
pub(crate) fn check_accept(headers: &HeaderMap, format: Option<&str>) -> Result<(), Problem> {
    let taken = match format {
        Some(format) => names_json(format),
        None => accepts_json(headers),
    };
    if taken { Ok(()) } else { Err(Problem::new(&codes::FORMAT_NOT_OFFERED)) }
}

/// Whether the caller would rather have a page for people than JSON, where both are offered. A browser names HTML; who takes
/// anything gets JSON.
pub(crate) fn wants_page(headers: &HeaderMap, format: Option<&str>) -> bool {
    if let Some(format) = format {
        return matches!(format, "html" | "text/html");
    }
    let (mut page, mut json) = (0, 0);
    for field in headers.get_all(header::ACCEPT) {
        for (range, weight) in field.to_str().unwrap_or("").split(',').filter_map(weighted) {
            let is = |known: &str| range.eq_ignore_ascii_case(known);
            if is("text/html") {
                page = page.max(weight);
            } else if is(FHIR) || is("application/json") {
                json = json.max(weight);
            }
        }
    }
    page > 0 && page >= json
}

/// `_format`, decoded; a `+` that was not encoded has become a space by then.
fn names_json(format: &str) -> bool {
    let name = format.split(';').next().unwrap_or("").trim();
    matches!(
        name,
        "json" | "text/json" | "application/json" | "application/fhir+json" | "application/fhir json"
    ) && right_version(format)
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let mut fields = headers.get_all(header::ACCEPT).iter().peekable();
    if fields.peek().is_none() {
        return true;
    }
    fields.any(|field| field.to_str().unwrap_or("").split(',').any(item_accepts_json))
}

fn item_accepts_json(item: &str) -> bool {
    let Some((range, weight)) = weighted(item) else {
        return false;
    };
    let ranges = ["*/*", "application/*", FHIR, "application/json", PROOF_JSON];
    weight > 0 && ranges.iter().any(|known| range.eq_ignore_ascii_case(known)) && right_version(item)
}

/// Whether a `fhirVersion` parameter, if there is one, names R4.
fn right_version(item: &str) -> bool {
    parameter(item, "fhirVersion").is_none_or(|version| version == "4.0")
}

/// Checks that a body of this kind comes in the form that the route takes, in UTF-8.
pub(crate) fn check_content_type(headers: &HeaderMap, kind: BodyKind) -> Result<(), Problem> {
    let (expected, names): (_, &[&str]) = match kind {
        BodyKind::None => return Ok(()),
        // Without a body there is nothing to say of it; one that comes all the same is refused when it is read.
        BodyKind::Parameters | BodyKind::Json if !headers.contains_key(header::CONTENT_TYPE) => return Ok(()),
        BodyKind::Resource | BodyKind::Parameters => (FHIR, &[FHIR, "application/json"]),
        BodyKind::Json => ("application/json", &["application/json"]),
        BodyKind::Form => (FORM, &[FORM]),
        BodyKind::Upload => (FORM, &[FORM, UPLOAD]),
        BodyKind::Patch => (PATCH, &[PATCH]),
    };
    let mut fields = headers.get_all(header::CONTENT_TYPE).iter();
    let text = match (fields.next(), fields.next()) {
        (Some(field), None) => field.to_str().unwrap_or(""),
        _ => "",
    };
    let name = text.split(';').next().unwrap_or("").trim();
    let known = names.iter().any(|known| name.eq_ignore_ascii_case(known));
    let in_utf8 = parameter(text, "charset").is_none_or(|charset| charset.eq_ignore_ascii_case("utf-8"));
    if known && in_utf8 && right_version(text) {
        return Ok(());
    }
    match kind {
        BodyKind::Patch => Err(Problem::new(&codes::PATCH_WRONG)),
        _ => Err(Problem::new(&codes::CONTENT_TYPE_WRONG).with("expected", expected)),
    }
}

/// Refuses a body of which nobody said what it is.
pub(crate) fn check_announced(headers: &HeaderMap, body: &[u8]) -> Result<(), Problem> {
    if body.is_empty() || headers.contains_key(header::CONTENT_TYPE) {
        return Ok(());
    }
    Err(Problem::new(&codes::CONTENT_TYPE_WRONG).with("expected", FHIR))
}

/// The value of a parameter of a media type, without quotes.
fn parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(';').skip(1).find_map(|part| {
        let (found, value) = part.split_once('=')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_page_is_for_who_names_html_and_does_not_like_json_better() {
        for (accept, page) in [
            ("text/html", true),
            ("text/html,application/xhtml+xml,*/*;q=0.8", true),
            ("text/html;q=0.5, application/fhir+json", false),
            ("text/html;q=0", false),
            ("*/*", false),
            ("application/json", false),
        ] {
            assert_eq!(wants_page(&with(header::ACCEPT, accept), None), page, "{accept}");
            assert!(wants_page(&with(header::ACCEPT, accept), Some("html")));
            assert!(!wants_page(&with(header::ACCEPT, accept), Some("json")));
        }
        assert!(!wants_page(&HeaderMap::new(), None));
    }

    #[test]
    fn callers_that_take_json_are_served() {
        assert!(check_accept(&HeaderMap::new(), None).is_ok());
        for accept in [
            "*/*",
            "text/html, */*;q=0.1",
            "Application/FHIR+json",
            "application/json;charset=utf-8",
            "application/fhir+json; fhirVersion=4.0",
        ] {
            assert!(check_accept(&with(header::ACCEPT, accept), None).is_ok(), "{accept}");
        }
    }

    #[test]
    fn callers_that_want_something_else_are_told() {
        for accept in [
            "application/fhir+xml",
            "text/html",
            "application/json;q=0",
            "",
            "application/fhir+json; fhirVersion=5.0",
        ] {
            let problem = check_accept(&with(header::ACCEPT, accept), None).unwrap_err();
            assert_eq!(problem.code().id, "SV-0013", "{accept}");
        }
    }

    #[test]
    fn the_format_parameter_counts_more_than_accept() {
        let xml = with(header::ACCEPT, "application/fhir+xml");
        for format in ["json", "application/fhir+json", "application/fhir json", "text/json"] {
            assert!(check_accept(&xml, Some(format)).is_ok(), "{format}");
        }
        for format in ["xml", "", "ttl", "JSON5"] {
            assert!(check_accept(&HeaderMap::new(), Some(format)).is_err(), "{format}");
        }
    }

    #[test]
    fn a_body_must_say_what_it_is() {
        let check = |value, kind| check_content_type(&with(header::CONTENT_TYPE, value), kind);
        for good in
            ["application/fhir+json", "application/json; charset=UTF-8", "APPLICATION/JSON;charset=\"utf-8\""]
        {
            assert!(check(good, BodyKind::Resource).is_ok(), "{good}");
        }
        for bad in ["application/fhir+xml", "text/plain", "application/json; charset=shift_jis", ""] {
            assert_eq!(check(bad, BodyKind::Resource).unwrap_err().code().id, "SV-0014", "{bad}");
        }
        assert!(check("application/x-www-form-urlencoded", BodyKind::Form).is_ok());
        assert!(check("application/json", BodyKind::Form).is_err());
        assert!(check("multipart/form-data; boundary=B", BodyKind::Upload).is_ok());
        assert!(check("multipart/form-data; boundary=B", BodyKind::Form).is_err());
        assert!(check("multipart/mixed; boundary=B", BodyKind::Upload).is_err());
        assert!(check_content_type(&HeaderMap::new(), BodyKind::Resource).is_err());
        assert!(check_content_type(&HeaderMap::new(), BodyKind::None).is_ok());
        assert!(check("application/json-patch+json", BodyKind::Patch).is_ok());
        for bad in ["application/fhir+json", "application/xml-patch+xml", "application/json"] {
            assert_eq!(check(bad, BodyKind::Patch).unwrap_err().code().id, "SV-0028", "{bad}");
        }
    }

    #[test]
    fn parameters_may_be_left_out_with_their_body_only() {
        let none = HeaderMap::new();
        assert!(check_content_type(&none, BodyKind::Parameters).is_ok());
        assert!(check_announced(&none, b"").is_ok());
        assert_eq!(check_announced(&none, b"{}").unwrap_err().code().id, "SV-0014");
        let json = with(header::CONTENT_TYPE, "application/fhir+json");
        assert!(check_content_type(&json, BodyKind::Parameters).is_ok());
        assert!(check_announced(&json, b"{}").is_ok());
        let text = with(header::CONTENT_TYPE, "text/plain");
        assert!(check_content_type(&text, BodyKind::Parameters).is_err());
    }
}
