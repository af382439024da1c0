//! Pages for people, rendered here and free of scripts.

pub(crate) mod invitation;

use crate::answer::{self, Content, Reply};
use aws_lc_rs::digest::{SHA256, digest};
use base::Language;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use http::header::{self, HeaderName, HeaderValue};

/// The one style sheet, within each page: a page needs nothing beside itself.
pub(crate) const STYLE: &str = include_str!("style.css");

/// A page, with what keeps it from doing anything but show itself and send its form back.
pub(crate) fn reply(status: StatusCode, html: String, language: Language) -> Reply {
    let content = Content { media: "text/html; charset=utf-8", bytes: html.into_bytes() };
    let mut reply = answer::with_content(status, content, HeaderValue::from_static("private, no-store"));
    let headers = reply.headers_mut();
    answer::put_language(headers, language);
    let style = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("same-origin"));
    reply
}
