//! What a request shows of its caller: a bearer token (RFC 6750, section 2.1) or a browser's cookie.

use crate::codes;
use base::Problem;
use http::request::Parts;
use http::{HeaderMap, Method, header};
use identity::Credential;
use identity::session::cookie;

/// The credential of a request. A token counts more than a cookie, which browsers send by themselves.
pub(crate) fn credential(headers: &HeaderMap) -> Credential<'_> {
    if headers.contains_key(header::AUTHORIZATION) {
        // Something else than one token is a token that is wrong.
        return Credential::Bearer(token(headers).unwrap_or(""));
    }
    cookie_of(headers, cookie::SESSION).map_or(Credential::None, Credential::Cookie)
}

/// The value of a cookie.
pub(crate) fn cookie_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let fields = headers.get_all(header::COOKIE).iter().filter_map(|field| field.to_str().ok());
    cookie::find(fields, name)
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let mut fields = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        return None;
    };
    let (scheme, token) = field.to_str().ok()?.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Refuses what another site makes a browser send: a request that changes something and comes with a cookie, or wants
/// one, must come from a page of this very host (Fetch Metadata, `Sec-Fetch-Site`; RFC 6454, `Origin`).
pub(crate) fn check_same_site(parts: &Parts, host: &str) -> Result<(), Problem> {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let one = |name: &str| {
        let mut values = parts.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok().map(str::to_owned),
            (None, _) => None,
            (Some(_), Some(_)) => Some(String::new()),
        }
    };
    let by_origin = one("origin").map(|origin| origin.eq_ignore_ascii_case(&format!("https://{host}")));
    let by_metadata = one("sec-fetch-site").map(|site| site == "same-origin");
    let same = match (by_metadata, by_origin) {
        (Some(metadata), Some(origin)) => metadata && origin,
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => false,
    };
    if same { Ok(()) } else { Err(Problem::new(&codes::CROSS_SITE)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, Request};

    fn found(values: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        token(&headers).map(str::to_owned)
    }

    #[test]
    fn a_bearer_token_is_found() {
        assert_eq!(found(&["Bearer abc"]).unwrap(), "abc");
        assert_eq!(found(&["bearer  abc"]).unwrap(), "abc");
    }

    #[test]
    fn anything_else_is_no_token() {
        for values in
            [&[][..], &["Basic abc"], &["Bearer"], &["Bearer "], &["abc"], &["Bearer a", "Bearer a"]]
        {
            assert_eq!(found(values), None, "{values:?}");
        }
    }

    #[test]
    fn a_wrong_token_is_not_replaced_by_a_cookie() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("__Host-akashi-session=x"));
        assert!(matches!(credential(&headers), Credential::Cookie("x")));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic abc"));
        assert!(matches!(credential(&headers), Credential::Bearer("")));
    }

    fn checked(method: Method, fields: &[(&'static str, &'static str)]) -> bool {
        let mut request = Request::builder().method(method).uri("/");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        check_same_site(&request.body(()).unwrap().into_parts().0, "a:8443").is_ok()
    }

    #[test]
    fn a_change_with_a_cookie_comes_from_a_page_of_this_host() {
        let (site, origin) = ("sec-fetch-site", "origin");
        assert!(checked(Method::POST, &[(site, "same-origin")]));
        assert!(checked(Method::POST, &[(origin, "https://a:8443")]));
        assert!(checked(Method::PUT, &[(site, "same-origin"), (origin, "https://A:8443")]));
        assert!(checked(Method::GET, &[(site, "cross-site")]));
        for fields in [
            &[][..],
            &[(site, "cross-site")],
            &[(site, "same-site")],
            &[(site, "none")],
            &[(origin, "null")],
            &[(origin, "https://a")],
            &[(origin, "http://a:8443")],
            &[(site, "same-origin"), (origin, "https://b:8443")],
            &[(site, "same-origin"), (site, "same-origin")],
        ] {
            assert!(!checked(Method::POST, fields), "{fields:?}");
            assert!(!checked(Method::DELETE, fields), "{fields:?}");
        }
    }
}
