//! Refused requests: in which language, and what HTTP asks for beside the outcome.

use crate::answer::{self, Reply, Style};
use crate::console;
use crate::language;
use crate::router::Find;
use base::Language;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, Version, header};
use records::Problems;

/// The language of what is answered.
pub(crate) fn language_for(found: &Find<'_>, headers: &HeaderMap) -> Language {
    match found {
        Find::Row(row, _) if row.of_console() => console::language(headers),
        _ => language::preferred(headers),
    }
}

/// The reply to a refused request, with what HTTP asks for beside the outcome.
pub(crate) fn refuse(problems: &Problems, parts: &Parts, found: &Find<'_>, style: Style) -> Reply {
    let mut reply = answer::refusal(problems, style);
    if let Find::Row(row, place) = found
        && row.of_console()
    {
        let retry = reply.headers_mut().remove(header::RETRY_AFTER);
        reply = console::refused(problems, place.facility, parts, reply.status(), style.language);
        if let Some(retry) = retry {
            reply.headers_mut().insert(header::RETRY_AFTER, retry);
        }
    }
    if reply.status().is_server_error() {
        for problem in problems.all() {
            tracing::error!(%problem, "request failed");
        }
    }
    if let (Find::OtherMethods(allow), StatusCode::METHOD_NOT_ALLOWED) = (found, reply.status()) {
        reply.headers_mut().insert(header::ALLOW, (*allow).clone());
    }
    let ends = problems.all().first().is_some_and(answer::ends_connection);
    if ends && parts.version < Version::HTTP_2 {
        reply.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    reply
}
