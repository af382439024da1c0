//! Who is calling, by bearer token (RFC 6750, section 2.1).

use crate::codes;
use crate::configuration::Callers;
use base::Problem;
use http::{HeaderMap, header};
use store::Actor;

/// The owner of the token that the request shows.
pub(crate) fn identify(headers: &HeaderMap, callers: &dyn Callers) -> Result<Actor, Problem> {
    token(headers).and_then(|token| callers.actor(token)).ok_or_else(|| Problem::new(&codes::TOKEN_NEEDED))
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

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

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
}
