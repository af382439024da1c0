//! From what the records say to HTTP: status, header fields, body. The status of a problem is chosen in
//! [`codes::status`] alone.

use crate::codes;
use crate::console::Listener;
use crate::media::{FHIR_JSON, PROOF_JSON};
use crate::prefer::Preference;
use crate::pretty::pretty;
use base::{Class, Code, Language, Problem, Time};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use hyper::body::Bytes;
use records::{Answer, Media, Outcome, Problems, Returned, Stamp};

/// An answer over HTTP.
pub(crate) type Reply = Response<Out>;

/// The body of an answer.
pub(crate) enum Out {
    /// It lies ready.
    Whole(Bytes),
    /// News, which come about while it is sent.
    News(Box<Listener>),
}

impl Default for Out {
    fn default() -> Self {
        Self::Whole(Bytes::new())
    }
}

impl Out {
    /// What lies ready of it.
    pub(crate) fn into_bytes(self) -> Bytes {
        match self {
            Self::Whole(bytes) => bytes,
            Self::News(_) => Bytes::new(),
        }
    }
}

/// How answers are written for this caller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Language of texts.
    pub(crate) language: Language,
    /// Whether JSON is laid out for people.
    pub(crate) pretty: bool,
}

/// A body and its media type.
pub(crate) struct Content {
    /// The media type.
    pub(crate) media: &'static str,
    /// The body.
    pub(crate) bytes: Vec<u8>,
}

impl Content {
    /// A FHIR resource in JSON.
    pub(crate) fn fhir(bytes: Vec<u8>) -> Self {
        Self { media: FHIR_JSON, bytes }
    }
}

/// Seconds after which a caller may try again when the server is busy.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("2");
/// Records are for the one who asked, and for now.
const NOT_STORED: HeaderValue = HeaderValue::from_static("private, no-store");

/// The reply to a call that ended well. `base_url` is that of the facility's FHIR API.
pub(crate) fn of_records(answer: Answer, base_url: &str, wanted: Preference, style: Style) -> Reply {
    let Answer { outcome, stamp, media, body } = answer;
    let media = match media {
        Media::FhirJson => FHIR_JSON,
        Media::Proof => PROOF_JSON,
        Media::Page => return crate::pages::of_records(body, style.language),
        Media::Log { text, immutable } => return of_log(text, immutable, body),
    };
    let content = Content { media, bytes: body };
    let mut reply = match outcome {
        Outcome::Deleted => empty(StatusCode::NO_CONTENT),
        Outcome::Unchanged => empty(StatusCode::NOT_MODIFIED),
        Outcome::Found => json(StatusCode::OK, content, style),
        Outcome::Created | Outcome::Updated | Outcome::Existing => {
            written(outcome, content, wanted.returned(), style)
        }
    };
    if outcome.of_write() {
        put_preference(reply.headers_mut(), wanted.applied_to_write());
    }
    if let Some(stamp) = &stamp {
        put_stamp(reply.headers_mut(), stamp);
        if outcome.of_write() {
            let location = format!("{base_url}/{}/_history/{}", stamp.key, stamp.version);
            put(reply.headers_mut(), header::LOCATION, location);
        }
    }
    reply
}

/// A file of the journal.
fn of_log(text: bool, immutable: bool, bytes: Vec<u8>) -> Reply {
    let media = if text { "text/plain; charset=utf-8" } else { "application/octet-stream" };
    let cache = if immutable { "private, max-age=31536000, immutable" } else { "private, no-cache" };
    with_content(StatusCode::OK, Content { media, bytes }, HeaderValue::from_static(cache))
}

fn written(outcome: Outcome, content: Content, wanted: Returned, style: Style) -> Reply {
    let status = if outcome == Outcome::Created { StatusCode::CREATED } else { StatusCode::OK };
    match wanted {
        Returned::Representation => json(status, content, style),
        Returned::Minimal => empty(status),
        Returned::Outcome => {
            let mut reply =
                json(status, Content::fhir(records::outcome_of_write(outcome, style.language)), style);
            put_language(reply.headers_mut(), style.language);
            reply
        }
    }
}

/// Says which preference was honoured (RFC 7240, section 3).
pub(crate) fn put_preference(headers: &mut HeaderMap, applied: Option<HeaderValue>) {
    if let Some(applied) = applied {
        headers.insert("preference-applied", applied);
    }
}

/// The reply to a request that did not end well. The first problem decides the status.
pub(crate) fn refusal(problems: &Problems, style: Style) -> Reply {
    let fault = Code { id: "", class: Class::Fault, en: "", ja: "" };
    let code = problems.all().first().map_or(&fault, |first| first.code());
    let status = StatusCode::from_u16(codes::status(code)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let outcome = fhir::outcome::operation_outcome(problems.all(), style.language);
    let mut reply = json(status, Content::fhir(outcome), style);
    let headers = reply.headers_mut();
    put_language(headers, style.language);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        let seconds = problems.all().first().and_then(|first| first.value("seconds"));
        put(headers, header::RETRY_AFTER, seconds.unwrap_or("1").to_owned());
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"akashi\""));
    }
    reply
}

/// Whether the connection must end after this problem, because where the next request begins is not certain.
pub(crate) fn ends_connection(problem: &Problem) -> bool {
    let ending = [
        &codes::BODY_TOO_LARGE,
        &codes::HEADERS_TOO_LARGE,
        &codes::TARGET_TOO_LONG,
        &codes::REQUEST_TOO_SLOW,
        &codes::HOST_WRONG,
        &codes::TARGET_FOREIGN,
        &codes::BODY_UNEXPECTED,
        &codes::BODY_BROKEN,
        &codes::LENGTH_DOUBTFUL,
        &codes::HEAD_MALFORMED,
        &codes::CHUNKS_MALFORMED,
        &codes::CODING_NOT_TAKEN,
        &codes::VERSION_NOT_SPOKEN,
        &codes::BODY_TOO_SLOW,
    ];
    ending.iter().any(|code| code.id == problem.code().id)
}

/// JSON that is made for this one request.
pub(crate) fn json(status: StatusCode, content: Content, style: Style) -> Reply {
    let bytes = if style.pretty { pretty(&content.bytes) } else { content.bytes };
    with_content(status, Content { media: content.media, bytes }, NOT_STORED)
}

/// A file that is made for this one request.
pub(crate) fn file(status: StatusCode, content: Content) -> Reply {
    with_content(status, content, NOT_STORED)
}

/// Any content.
pub(crate) fn with_content(status: StatusCode, content: Content, cache: HeaderValue) -> Reply {
    let mut reply = Response::new(Out::Whole(Bytes::from(content.bytes)));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.reserve(HEADER_FIELDS_USUAL);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content.media));
    headers.insert(header::CACHE_CONTROL, cache);
    reply
}

/// Header fields of a usual answer, set aside at once.
const HEADER_FIELDS_USUAL: usize = 15;
/// Which sites may take an answer into their pages (Fetch standard, section 3.7).
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// No body.
pub(crate) fn empty(status: StatusCode) -> Reply {
    let mut reply = Response::new(Out::default());
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CACHE_CONTROL, NOT_STORED);
    reply
}

/// Says which language the texts of the answer are in.
pub(crate) fn put_language(headers: &mut HeaderMap, language: Language) {
    let tag = match language {
        Language::Japanese => "ja",
        Language::English => "en",
    };
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tag));
}

/// The fields that every answer carries.
pub(crate) fn put_common(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let strict = HeaderValue::from_static("max-age=31536000; includeSubDomains");
    headers.insert(header::STRICT_TRANSPORT_SECURITY, strict);
    // Pages have a policy of their own; all else is not to be shown, framed or taken into another site's page.
    let nothing = HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(nothing);
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization, Cookie"));
}

/// A reply as HTTP/1.1 writes it, for a connection on which no request has come to be.
pub(crate) fn on_the_wire(reply: Reply) -> Vec<u8> {
    let (head, body) = reply.into_parts();
    let body = body.into_bytes();
    let mut bytes = format!("HTTP/1.1 {}\r\nContent-Length: {}\r\n", head.status, body.len()).into_bytes();
    for (name, value) in &head.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&body);
    bytes
}

/// For `HEAD`: the header fields of the answer to `GET`, without its body (RFC 9110, section 9.3.2).
pub(crate) fn without_body(mut reply: Reply) -> Reply {
    let length = std::mem::take(reply.body_mut()).into_bytes().len();
    if length > 0 {
        reply.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    reply
}

fn put_stamp(headers: &mut HeaderMap, stamp: &Stamp) {
    put(headers, header::ETAG, format!("W/\"{}\"", stamp.version));
    if let Some(date) = http_date(stamp.time) {
        put(headers, header::LAST_MODIFIED, date);
    }
}

/// Says when the answer was made.
pub(crate) fn put_date(headers: &mut HeaderMap, now: Time) {
    if let Some(date) = http_date(now) {
        put(headers, header::DATE, date);
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

/// `Wed, 01 Apr 2026 00:00:00 GMT` (RFC 9110, section 5.6.7).
fn http_date(time: Time) -> Option<String> {
    let moment = jiff::Timestamp::from_microsecond(time.microseconds()).ok()?;
    Some(moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_http_writes_dates() {
        let time = Time::parse("2026-04-01T09:05:03.999999Z").unwrap();
        assert_eq!(http_date(time).unwrap(), "Wed, 01 Apr 2026 09:05:03 GMT");
    }
}
