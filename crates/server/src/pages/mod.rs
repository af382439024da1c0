//! Pages for people, rendered here and free of scripts.

pub(crate) mod authorize;
pub(crate) mod invitation;

use crate::answer::{self, Content, Reply};
use aws_lc_rs::digest::{SHA256, digest};
use base::Language;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};

/// The one style sheet, within each page: a page needs nothing beside itself.
pub(crate) const STYLE: &str = include_str!("style.css");

/// A page, with what keeps it from doing anything but show itself and send its form back.
pub(crate) fn reply(status: StatusCode, html: String, language: Language) -> Reply {
    with_policies(status, html, language, "", "no-referrer")
}

/// The same for a page whose form is looked at for the page it comes from, which browsers hide under `no-referrer` even
/// from ourselves (Fetch, "append a request `Origin` header"). Its form may also lead to this source, because browsers
/// hold redirections after a form to the same rule as the form.
pub(crate) fn reply_leading_to(
    status: StatusCode,
    html: String,
    language: Language,
    source: Option<&str>,
) -> Reply {
    let also = source.map(|source| format!(" {source}")).unwrap_or_default();
    with_policies(status, html, language, &also, "same-origin")
}

/// A page of records, which only shows itself.
pub(crate) fn of_records(html: Vec<u8>, language: Language) -> Reply {
    let content = Content { media: "text/html; charset=utf-8", bytes: html };
    let cache = HeaderValue::from_static("private, no-store");
    let mut reply = answer::with_content(StatusCode::OK, content, cache);
    answer::put_language(reply.headers_mut(), language);
    put_policy(reply.headers_mut(), records::CHART_STYLE, "'none'");
    reply
}

/// Nothing is loaded or run; the style sheet is the page's own, and forms lead where they may.
fn put_policy(headers: &mut HeaderMap, style: &str, forms: &str) {
    let style = STANDARD.encode(digest(&SHA256, style.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action {forms}; frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

fn with_policies(
    status: StatusCode,
    html: String,
    language: Language,
    action: &str,
    referrer: &'static str,
) -> Reply {
    let content = Content { media: "text/html; charset=utf-8", bytes: html.into_bytes() };
    let mut reply = answer::with_content(status, content, HeaderValue::from_static("private, no-store"));
    let headers = reply.headers_mut();
    answer::put_language(headers, language);
    put_policy(headers, STYLE, &format!("'self'{action}"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(referrer));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("same-origin"));
    reply
}
