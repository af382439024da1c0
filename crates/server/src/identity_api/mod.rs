//! The interface of identities: logging in and out, one's own factors and sessions, invitations, and the commands of those
//! who run a facility. JSON in and out, one file per kind of request.

mod admin;
mod factors;
mod glass;
mod invitations;
mod reports;
mod sessions;

use crate::answer::{self, Content, Reply, Style};
use crate::codes;
use crate::interactions::IdentityCall;
use crate::oauth::{self, SeesPatient};
use access::{Action, Context, Law, Resource, Who};
use base::Problem;
use evidence::Evidence;
use http::header::{HeaderValue, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use identity::door::Visit;
use identity::session::Carrier;
use identity::session::cookie;
use identity::{Approach, Caller, Identity};
use records::{Problems, Trail};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// A request, as far as identities are concerned.
pub(crate) struct Asked<'a> {
    /// The door.
    pub(crate) identity: &'a Identity,
    /// The evidence of the facility; none where none is kept.
    pub(crate) evidence: Option<&'a Evidence>,
    /// How the request comes.
    pub(crate) approach: Approach<'a>,
    /// Who asks; none on open routes.
    pub(crate) caller: Option<Caller>,
    /// What may be done.
    pub(crate) law: Deciding<'a>,
    /// The head of the request.
    pub(crate) parts: &'a Parts,
    /// The host that it names.
    pub(crate) host: &'a str,
    /// `{id}` of the path, decoded.
    pub(crate) id: String,
    /// The address of the facility's FHIR API.
    pub(crate) fhir_url: String,
    /// Whether somebody may see a patient.
    pub(crate) sees_patient: Box<SeesPatient<'a>>,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// How the answer is written.
    pub(crate) style: Style,
}

/// The law, and what it looks at, for what is no record.
pub(crate) struct Deciding<'a> {
    /// The law in force.
    pub(crate) law: Arc<Law>,
    /// Who asks.
    pub(crate) who: Arc<Who>,
    /// In which circumstances.
    pub(crate) context: Context,
    /// Where it is noted.
    pub(crate) trail: &'a Trail,
}

impl Deciding<'_> {
    /// Whether the law permits it.
    pub(crate) fn decide(&self, action: Action) -> Result<(), Problem> {
        let on = Resource::of_kind("Facility");
        let decided = self.law.decide(&self.who, action, &on, &self.context);
        self.trail.decided(action, &decided);
        decided.map(|_| ()).map_err(|refusal| records::refused(action, on.kind, &refusal))
    }
}

/// Answers a request.
pub(crate) async fn answer(call: IdentityCall, asked: Asked<'_>) -> Result<Reply, Problems> {
    match call {
        IdentityCall::Login => sessions::login(asked).await,
        IdentityCall::Session => sessions::show(&asked),
        IdentityCall::Logout => sessions::logout(asked).await,
        IdentityCall::StepUp => sessions::step_up(asked).await,
        IdentityCall::PasskeyChallenge => sessions::passkey_challenge(&asked),
        IdentityCall::SendCode => sessions::send_code(asked).await,
        IdentityCall::Sessions => sessions::list(&asked),
        IdentityCall::SessionEnd => sessions::end(asked).await,
        IdentityCall::Factors => factors::list(&asked),
        IdentityCall::FactorBegin => factors::begin(asked).await,
        IdentityCall::FactorConfirm => factors::confirm(asked).await,
        IdentityCall::FactorRemove => factors::remove(asked).await,
        IdentityCall::BreakGlass => glass::break_glass(asked).await,
        IdentityCall::BrokenGlass => glass::list(&asked),
        IdentityCall::InvitationOpen => invitations::open(&asked),
        IdentityCall::InvitationAccept => invitations::accept(asked).await,
        IdentityCall::InvitationPage => Ok(invitations::page(&asked)),
        IdentityCall::InvitationForm => invitations::form(asked).await,
        IdentityCall::CertificateFile => invitations::certificate_file(&asked),
        IdentityCall::Admin => admin::perform(asked).await,
        IdentityCall::OAuth(call) => oauth::answer(call, asked).await,
    }
}

impl Asked<'_> {
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    fn caller(&self) -> Result<&Caller, Problem> {
        self.caller.as_ref().ok_or_else(|| Problem::new(&codes::TOKEN_NEEDED))
    }

    /// The body as JSON of this form. It is read strictly first: nothing in it may stand twice.
    fn read<T: DeserializeOwned>(&self) -> Result<T, Problems> {
        fhir::json::parse(&self.body)?;
        Ok(serde_json::from_slice(&self.body).map_err(|error| malformed(&error))?)
    }

    /// The same; nothing counts as `{}`.
    fn read_or_empty<T: DeserializeOwned + Default>(&self) -> Result<T, Problems> {
        if self.body.is_empty() { Ok(T::default()) } else { self.read() }
    }

    pub(crate) fn visit(&self, carrier: Carrier) -> Visit<'_> {
        let agent = self.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let device = crate::caller::cookie_of(self.headers(), cookie::DEVICE);
        let noted = self.law.trail.proven().is_some();
        Visit { carrier, agent: agent.unwrap_or(""), device, noted }
    }

    pub(crate) fn reply(&self, status: StatusCode, value: &impl Serialize) -> Reply {
        let bytes = serde_json::to_vec(value).unwrap_or_default();
        answer::json(status, Content { media: "application/json", bytes }, self.style)
    }
}

fn done() -> Reply {
    answer::empty(StatusCode::NO_CONTENT)
}

/// A body of the wrong form. What is told of it holds names of members and no values: one may be a password in the wrong
/// place.
fn malformed(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let of_names = ["missing field", "unknown field", "duplicate field"];
    let what = match text.rsplit_once(", expected ") {
        // `invalid type: string "…", expected a map`, and what is like it
        Some((found, expected)) if !of_names.iter().any(|known| found.starts_with(known)) => {
            let kind = found.split([':', '`']).next().unwrap_or("").trim_end();
            format!("{kind}, expected {expected}")
        }
        _ => text,
    };
    Problem::new(&identity::codes::BODY_WRONG).with("what", what)
}

fn several(problems: identity::door::Problems) -> Problems {
    let mut all = problems.0.into_iter();
    match all.next() {
        Some(first) => Problems::new(first, all.collect()),
        None => Problem::new(&codes::START_FAILED).into(),
    }
}

pub(crate) fn set_cookie(reply: &mut Reply, text: &str) {
    if let Ok(value) = HeaderValue::try_from(text) {
        reply.headers_mut().append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use identity::Command;
    use identity::door::{Acceptance, Login};

    fn told<T: DeserializeOwned>(body: &str) -> String {
        let error = serde_json::from_str::<T>(body).err().unwrap();
        malformed(&error).value("what").unwrap().to_owned()
    }

    #[test]
    fn a_malformed_body_is_told_without_its_values() {
        for text in [
            told::<Login>(r#"{"carrier":"hush, expected `x`"}"#),
            told::<Login>(r#"{"password":["hush"]}"#),
            told::<Login>(r#"{"passkey":"hush"}"#),
            told::<Login>(r#""hush""#),
            told::<Acceptance>(r#"{"code":"x","totp":"hush"}"#),
            told::<Command>(r#"{"command":"hush"}"#),
            told::<Command>(r#"{"command":"account-invite","account":"x","hours":"hush"}"#),
            told::<Command>(r#"{"command":"account-create","account":"x","kind":"hush"}"#),
            told::<Command>(r#"{"command":"account-show","account":"Hush hush"}"#),
        ] {
            assert!(!text.to_lowercase().contains("hush"), "{text}");
        }
    }

    #[test]
    fn a_malformed_body_is_told_which_member_is_wrong() {
        assert!(told::<Login>(r#"{"passwort":"x"}"#).contains("unknown field `passwort`, expected one of"));
        assert!(told::<Acceptance>("{}").contains("missing field `code`"));
        assert!(told::<Login>(r#"{"carrier":"pigeon"}"#).contains("expected `cookie` or `bearer`"));
    }
}
