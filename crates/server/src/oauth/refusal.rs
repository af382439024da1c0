//! Problems as OAuth says them: JSON at the endpoints (RFC 6749, section 5.2), parameters of an address that goes back to
//! an app (section 4.1.2.1).

use crate::answer::{self, Content, Reply};
use crate::codes;
use crate::identity_api::Asked;
use base::{Class, Language, Problem};
use http::StatusCode;
use http::header::{self, HeaderValue};
use serde_json::{Value, json};

/// JSON that nobody on the way keeps (RFC 6749, section 5.1).
pub(super) fn reply(asked: &Asked<'_>, status: StatusCode, value: &Value) -> Reply {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let mut reply = answer::json(status, Content { media: "application/json", bytes }, asked.style);
    reply.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    reply
}

/// A problem of an endpoint.
pub(super) fn refuse(asked: &Asked<'_>, problem: &Problem) -> Reply {
    if matches!(problem.class(), Class::Fault | Class::Full) {
        tracing::error!(%problem, "request failed");
    }
    let word = identity::app::codes::word(problem.code());
    let status = match word {
        "invalid_client" => StatusCode::UNAUTHORIZED,
        // A word of the authorization endpoint alone: here it is what the certificate or the account lacks.
        "access_denied" | "server_error" | "temporarily_unavailable" => {
            StatusCode::from_u16(codes::status(problem.code())).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        }
        _ => StatusCode::BAD_REQUEST,
    };
    let word = if word == "access_denied" { "invalid_client" } else { word };
    let body = json!({
        "error": word,
        "error_description": description(problem),
        "code": problem.code().id,
        "text_ja": problem.text(Language::Japanese),
    });
    let mut refused = reply(asked, status, &body);
    if status == StatusCode::UNAUTHORIZED {
        let how = HeaderValue::from_static("Bearer realm=\"akashi\"");
        refused.headers_mut().insert(header::WWW_AUTHENTICATE, how);
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        refused.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    refused
}

/// The text of a problem in the characters that OAuth allows: printable ASCII without `"` and `\`.
pub(super) fn description(problem: &Problem) -> String {
    let text = problem.text(Language::English);
    let kept = text.chars().filter(|letter| matches!(letter, ' '..='~') && !matches!(letter, '"' | '\\'));
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_the_characters_that_oauth_allows() {
        let problem =
            Problem::new(&identity::app::codes::CLIENT_REFUSED).with("what_en", "a \"b\" \\ 山 c\n");
        assert_eq!(description(&problem), "The client was not recognised: a b   c.");
    }
}
