//! `/f/{facility}/oauth/authorize`: an app's request comes by a person's browser, who logs in where they have not, and
//! decides.
//!
//! The session's cookie does not come with what another site makes a browser open (`SameSite=Strict`). So the request is
//! taken without looking at the person, and a page of our own leads on to one that knows them.

use super::Endpoints;
use super::form::Form;
use super::refusal::description;
use crate::answer::{self, Reply};
use crate::caller;
use crate::codes;
use crate::identity_api::{Asked, set_cookie};
use crate::pages;
use crate::pages::authorize::{State, rendered};
use base::{Problem, ResourceId};
use http::StatusCode;
use http::header::{self, HeaderValue};
use identity::app::codes::PATIENT_UNKNOWN;
use identity::door::{AskedAuthorization, Back, Consent, LoggedIn, Login, Turned};
use identity::session::Carrier;
use identity::session::codes::LOGIN_REFUSED;
use identity::session::cookie;
use identity::{Caller, Credential};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use records::Problems;

/// What stands for itself in a query (RFC 3986, section 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `GET /f/{facility}/oauth/authorize`
pub(super) fn ask(asked: &Asked<'_>) -> Result<Reply, Problems> {
    let form = Form::read(asked.parts.uri.query().unwrap_or("").as_bytes())?;
    let wanted = AskedAuthorization {
        response_type: form.get("response_type"),
        response_mode: form.get("response_mode"),
        client: form.get("client_id"),
        redirect: form.get("redirect_uri"),
        scope: form.get("scope"),
        state: form.get("state"),
        audience: form.get("aud"),
        challenge: form.get("code_challenge"),
        challenge_method: form.get("code_challenge_method"),
    };
    match asked.identity.ask_authorization(wanted, &asked.fhir_url, &asked.approach) {
        Ok(handle) => {
            let next = format!("authorize/{}", handle.reveal());
            Ok(page_of(asked, StatusCode::OK, &State::On { next: &next }, None))
        }
        Err(Turned::Here(problem)) => Ok(over(asked, &problem)),
        Err(Turned::Back(back)) => Ok(sent_back(asked, &back)),
    }
}

/// `GET /f/{facility}/oauth/authorize/{id}`
pub(super) fn page(asked: &Asked<'_>) -> Reply {
    match person(asked) {
        Some(caller) => consent(asked, &caller, None),
        None => login_page(asked, None),
    }
}

/// `POST /f/{facility}/oauth/authorize/{id}`
pub(super) async fn decide(asked: Asked<'_>) -> Result<Reply, Problems> {
    caller::check_same_site(asked.parts, asked.host)?;
    let form = Form::read(&asked.body)?;
    if form.has("account") {
        return Ok(log_in(&asked, &form).await);
    }
    let Some(caller) = person(&asked) else { return Ok(login_page(&asked, None)) };
    let handle = form.get("consent").unwrap_or_default();
    let decided = match form.get("decision").as_deref() {
        Some("allow") => match patient(&asked, &caller, &form).await? {
            Ok(patient) => asked.identity.allow(&handle, &caller, patient),
            Err(problem) => return Ok(consent(&asked, &caller, Some(&problem))),
        },
        _ => asked.identity.deny(&handle, &caller),
    };
    Ok(match decided {
        Ok(back) => sent_back(&asked, &back),
        Err(problem) => over(&asked, &problem),
    })
}

/// The patient who was chosen, where one is needed.
async fn patient(
    asked: &Asked<'_>,
    caller: &Caller,
    form: &Form,
) -> Result<Result<Option<String>, Problem>, Problems> {
    let needed = asked.identity.requested(&asked.id, &asked.approach)?.patient_needed;
    if !needed {
        return Ok(Ok(None));
    }
    let named = form.get("patient").as_deref().map(str::trim).and_then(ResourceId::parse);
    let Some(id) = named else { return Ok(Err(Problem::new(&PATIENT_UNKNOWN))) };
    let seen = (asked.sees_patient)(caller.clone(), id.clone()).await?;
    Ok(if seen { Ok(Some(id.to_string())) } else { Err(Problem::new(&PATIENT_UNKNOWN)) })
}

/// Whoever has a session in this browser.
fn person(asked: &Asked<'_>) -> Option<Caller> {
    let text = caller::cookie_of(asked.headers(), cookie::SESSION)?;
    by_cookie(asked, text).ok().flatten()
}

fn by_cookie(asked: &Asked<'_>, text: &str) -> Result<Option<Caller>, Problem> {
    let caller = asked.identity.identify(&asked.approach, Credential::Cookie(text))?;
    Ok(caller.filter(|caller| caller.account.kind.human()))
}

async fn log_in(asked: &Asked<'_>, form: &Form) -> Reply {
    let login = Login {
        account: form.get("account"),
        password: form.hidden("password"),
        totp: form.hidden("code"),
        carrier: Some(Carrier::Cookie),
        ..Login::default()
    };
    // The request is looked at first: nobody logs in for one that is over.
    if let Err(problem) = asked.identity.requested(&asked.id, &asked.approach) {
        return over(asked, &problem);
    }
    let visit = asked.visit(Carrier::Cookie);
    match asked.identity.login(login, &asked.approach, visit).await {
        Ok(begun) => logged_in(asked, &begun),
        Err(problem) if problem.code() == &LOGIN_REFUSED => login_page(asked, Some(&problem)),
        Err(problem) => over(asked, &problem),
    }
}

fn logged_in(asked: &Asked<'_>, begun: &LoggedIn) -> Reply {
    let mut reply = match by_cookie(asked, begun.token.reveal()) {
        Ok(Some(caller)) => consent(asked, &caller, None),
        Ok(None) => login_page(asked, None),
        Err(problem) => over(asked, &problem),
    };
    set_cookie(&mut reply, &cookie::set_session(&begun.token));
    if let Some(device) = &begun.device {
        set_cookie(&mut reply, &cookie::set_device(device));
    }
    reply
}

fn login_page(asked: &Asked<'_>, fault: Option<&Problem>) -> Reply {
    match asked.identity.requested(&asked.id, &asked.approach) {
        Ok(requested) => {
            let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            page_of(asked, status, &State::Login { requested: &requested }, fault)
        }
        Err(problem) => over(asked, &problem),
    }
}

fn consent(asked: &Asked<'_>, caller: &Caller, fault: Option<&Problem>) -> Reply {
    match asked.identity.consent(&asked.id, caller, &asked.approach) {
        Ok(Consent { handle, requested }) => {
            let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let state =
                State::Consent { requested: &requested, handle: handle.reveal(), account: &caller.account };
            page_of(asked, status, &state, fault)
        }
        Err(problem) => over(asked, &problem),
    }
}

/// The end, without a way back to the app.
fn over(asked: &Asked<'_>, problem: &Problem) -> Reply {
    let status = StatusCode::from_u16(codes::status(problem.code()));
    page_of(asked, status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &State::Over, Some(problem))
}

fn page_of(asked: &Asked<'_>, status: StatusCode, state: &State<'_>, fault: Option<&Problem>) -> Reply {
    let language = asked.style.language;
    let html =
        rendered(language, asked.identity.facility().as_str(), state, fault.map(|one| one.text(language)));
    pages::reply_leading_to(status, html, language, state.sends_to().as_deref())
}

/// Back to the app (RFC 6749, section 4.1.2; RFC 9207), by `303 See Other`, so that no form is sent on.
fn sent_back(asked: &Asked<'_>, back: &Back) -> Reply {
    let issuer = Endpoints::of(&asked.fhir_url).issuer().to_owned();
    let mut parameters: Vec<(&str, String)> = match &back.outcome {
        Ok(code) => vec![("code", code.reveal().to_owned())],
        Err(problem) => {
            let word = identity::app::codes::word(problem.code());
            vec![("error", word.to_owned()), ("error_description", description(problem))]
        }
    };
    parameters.extend(back.state.clone().map(|state| ("state", state)));
    parameters.push(("iss", issuer));
    let query: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, UNRESERVED)))
        .collect();
    let separator = if back.redirect.contains('?') { '&' } else { '?' };
    let location = format!("{}{separator}{}", back.redirect, query.join("&"));
    let mut reply = answer::empty(StatusCode::SEE_OTHER);
    if let Ok(location) = HeaderValue::try_from(location) {
        reply.headers_mut().insert(header::LOCATION, location);
    }
    reply.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    reply
}
