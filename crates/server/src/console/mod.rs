//! The console over HTTP: a request becomes a visit, what the pages answer becomes a reply.

mod desk;
mod multipart;
mod news;
mod places;
mod rows;

pub(crate) use news::{Listener, Run};
pub(crate) use places::Places;
pub use rows::CONSOLE;

use crate::answer::{self, Content, Out, Reply};
use crate::door::Door;
use crate::edge::{Admitted, Edge, Received};
use crate::interactions::ConsoleCall;
use crate::{body, caller, codes, decode, language, media};
use base::{Language, Problem};
use console::{Fields, LANGUAGE_COOKIE, Person, Shown, Visit};
use desk::Counter;
use http::header::{self, HeaderName, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use hyper::body::{Body, Bytes};
use records::Problems;

impl<D: Door> Edge<D> {
    /// Answers a request for a page.
    pub(crate) async fn console<B>(
        &self,
        call: ConsoleCall,
        admitted: Admitted<'_>,
        received: Received<'_, '_, D>,
        body: B,
    ) -> Result<Reply, Problems>
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let Admitted { parts, deadline, row, place, host, query } = admitted;
        media::check_content_type(&parts.headers, row.body)?;
        let mut sent = multipart::Sent::default();
        if row.method == Method::POST {
            caller::check_same_site(parts, host)?;
            let bytes = body::read(body, self.body_bytes_max(row)).await?;
            media::check_announced(&parts.headers, &bytes)?;
            sent = sent_by(&parts.headers, &bytes)?;
        }
        let path = match call {
            ConsoleCall::Arrive => vec!["sign-in".to_owned()],
            ConsoleCall::Language => vec!["language".to_owned()],
            ConsoleCall::Leave => vec!["sign-out".to_owned()],
            ConsoleCall::Page | ConsoleCall::Asset | ConsoleCall::Emergency | ConsoleCall::News => {
                segments(place.path)?
            }
            ConsoleCall::EmergencyLook => {
                std::iter::once("emergency".to_owned()).chain(segments(place.path)?).collect()
            }
        };
        let visit = Visit {
            sends: row.method == Method::POST,
            path,
            query: Fields(query.rest),
            form: Fields(sent.fields),
            files: sent.files,
            language: received.style.language,
            part: parts.headers.contains_key("hx-request"),
            person: received.caller.as_ref().map(|caller| person(caller, received.style.language)),
        };
        // Before the page is made: what changes meanwhile is news to it.
        let changes = received.entered.door.changes();
        let desk = Counter { edge: self, received: &received, parts, deadline, host, changes };
        let shown = console::answer(&visit, &desk).await;
        Ok(reply(shown, visit.language))
    }

    /// Lets a page hear the news.
    pub(crate) fn news(
        &self,
        admitted: &Admitted<'_>,
        received: &Received<'_, '_, D>,
    ) -> Result<Reply, Problem> {
        let caller = received.caller.as_ref().ok_or_else(|| Problem::new(&codes::TOKEN_NEEDED))?;
        let mut since = "";
        for (name, value) in &admitted.query.rest {
            if name != "since" {
                return Err(Problem::new(&codes::PARAMETER_NOT_OFFERED).with("name", name));
            }
            since = value;
        }
        let facility = received.entered.door.id().as_str();
        let place = self.listening.take(facility, caller.account.id.as_str())?;
        let listener = Listener::new(admitted.parts, facility, since, place);
        let mut reply = answer::empty(StatusCode::OK);
        let headers = reply.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(news::MEDIA));
        let (name, value) = news::UNGATHERED;
        headers.insert(name, value);
        *reply.body_mut() = Out::News(Box::new(listener));
        Ok(reply)
    }
}

/// What a form sends, in whichever of the two forms browsers use.
fn sent_by(headers: &HeaderMap, bytes: &[u8]) -> Result<multipart::Sent, Problem> {
    if let Some(boundary) = multipart::boundary(headers) {
        return multipart::read(&boundary, bytes);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::new(&codes::ENCODING_WRONG))?;
    Ok(multipart::Sent { fields: decode::pairs(text)?, files: Vec::new() })
}

fn segments(path: &str) -> Result<Vec<String>, Problem> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.map(|part| decode::segment(part).map(std::borrow::Cow::into_owned)).collect()
}

fn person(caller: &identity::Caller, language: Language) -> Person {
    let account = &caller.account;
    let occupation = account.occupation.map(|one| one.name(language).to_owned());
    let duties = account.duties.iter().map(|one| one.name(language).to_owned());
    Person {
        account: account.id.to_string(),
        name: account.name.clone(),
        occupation: account.occupation.map(|one| one.word().to_owned()),
        duties: account.duties.iter().map(|one| one.word().to_owned()).collect(),
        roles: occupation.into_iter().chain(duties).collect(),
        practitioner: account.practitioner.clone(),
        session: caller.session.as_ref().map(ToString::to_string).unwrap_or_default(),
        fresh: caller.fresh,
    }
}

/// The language of the pages: the one that was chosen in this browser, or the one that it asks for.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let chosen = caller::cookie_of(headers, LANGUAGE_COOKIE).and_then(console::language_of);
    chosen.unwrap_or_else(|| language::preferred(headers))
}

/// How a facility stands: whether writing is stopped, and until when the journal is whole.
pub(crate) fn emergency<D: Door>(door: &D, language: Language) -> Reply {
    let signed =
        door.signed_until().map_err(|problem| tracing::error!(%problem, "the journal cannot be read")).ok();
    let standing = console::Standing { halted: door.stopped(), signed };
    reply(console::emergency(door.id().as_str(), &standing, language), language)
}

/// A file that pages load. Its address names the version, so that it may be kept.
pub(crate) fn asset(path: &str) -> Result<Reply, Problem> {
    let asset = console::asset(path).ok_or_else(|| Problem::new(&codes::ADDRESS_UNKNOWN))?;
    let content = Content { media: asset.media, bytes: asset.bytes.to_vec() };
    Ok(answer::with_content(
        StatusCode::OK,
        content,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    ))
}

/// What is shown in place of a page to a request that was refused before it came to one. Who has not signed in is led to
/// where they do; who sent a form stays where they are, so that what they typed is not lost.
pub(crate) fn refused(
    problems: &Problems,
    facility: &str,
    parts: &Parts,
    status: StatusCode,
    language: Language,
) -> Reply {
    let facility = decode::segment(facility).map(std::borrow::Cow::into_owned).unwrap_or_default();
    if status == StatusCode::UNAUTHORIZED && !parts.uri.path().ends_with("/console/sign-in") {
        let here = parts.uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
        return match (&parts.method, parts.uri.path().ends_with("/console/sign-out")) {
            (&Method::POST, false) => reply(console::session_over(&facility, language), language),
            (&Method::POST, true) => reply(console::sign_in(&facility, ""), language),
            _ => reply(console::sign_in(&facility, here), language),
        };
    }
    reply(console::refusal(&facility, problems.all(), status.as_u16(), language), language)
}

fn reply(shown: Shown, language: Language) -> Reply {
    let not_stored = HeaderValue::from_static("private, no-store");
    match shown {
        Shown::Page { status, html, cookies } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let content = Content { media: "text/html; charset=utf-8", bytes: html.into_bytes() };
            let mut reply = answer::with_content(status, content, not_stored);
            answer::put_language(reply.headers_mut(), language);
            put_policies(reply.headers_mut());
            put_cookies(&mut reply, &cookies);
            reply
        }
        Shown::On { to, cookies, forget } => {
            let mut reply = answer::empty(StatusCode::SEE_OTHER);
            if let Ok(to) = HeaderValue::try_from(to) {
                reply.headers_mut().insert(header::LOCATION, to);
            }
            if forget {
                let leftovers = HeaderValue::from_static("\"cache\", \"storage\"");
                reply.headers_mut().insert("clear-site-data", leftovers);
            }
            put_policies(reply.headers_mut());
            put_cookies(&mut reply, &cookies);
            reply
        }
        Shown::File { name, media, bytes } => file(&name, &media, bytes, not_stored),
    }
}

fn file(name: &str, media: &str, bytes: Vec<u8>, cache: HeaderValue) -> Reply {
    let mut reply =
        answer::with_content(StatusCode::OK, Content { media: "application/octet-stream", bytes }, cache);
    let plain: String = name
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() || "-_.".contains(one) { one } else { '_' })
        .collect();
    let headers = reply.headers_mut();
    if let Ok(media) = HeaderValue::try_from(media) {
        headers.insert(header::CONTENT_TYPE, media);
    }
    if let Ok(disposition) = HeaderValue::try_from(format!("attachment; filename=\"{plain}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    reply
}

fn put_policies(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(console::POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("same-origin"));
}

fn put_cookies(reply: &mut Reply, cookies: &[String]) {
    for cookie in cookies {
        crate::identity_api::set_cookie(reply, cookie);
    }
}
