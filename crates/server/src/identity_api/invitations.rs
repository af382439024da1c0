//! What is open to whoever holds a one-time link: an invitation, or the certificate of a new device.

use super::{Asked, several};
use crate::answer::{self, Content, Reply};
use crate::{codes, decode, pages};
use base::{Language, Problem};
use http::header::{CONTENT_DISPOSITION, HeaderValue};
use http::{Method, StatusCode};
use identity::Hidden;
use identity::codes::PASSWORDS_DIFFER;
use identity::door::{Acceptance, NewTotp};
use records::Problems;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    code: Hidden,
}

/// `POST /f/{facility}/invitation`
pub(super) fn open(asked: &Asked<'_>) -> Result<Reply, Problems> {
    let opening: Opening = asked.read()?;
    let opened = asked.identity.open_invitation(opening.code.reveal(), None, &asked.approach)?;
    Ok(asked.reply(StatusCode::OK, &opened))
}

/// `POST /f/{facility}/invitation/accept`
pub(super) async fn accept(asked: Asked<'_>) -> Result<Reply, Problems> {
    let acceptance: Acceptance = asked.read()?;
    let accepted = asked.identity.accept_invitation(acceptance, &asked.approach).await.map_err(several)?;
    Ok(asked.reply(StatusCode::CREATED, &accepted))
}

/// `GET /f/{facility}/invitation/{id}`: the code stands in the address, and is not used up by looking.
pub(super) fn page(asked: &Asked<'_>) -> Reply {
    let language = asked.style.language;
    match asked.identity.open_invitation(&asked.id, None, &asked.approach) {
        Ok(opened) => {
            pages::reply(StatusCode::OK, pages::invitation::form(language, &opened, Vec::new()), language)
        }
        Err(problem) => refused(&problem, language),
    }
}

/// `POST /f/{facility}/invitation/{id}`
pub(super) async fn form(asked: Asked<'_>) -> Result<Reply, Problems> {
    let language = asked.style.language;
    let sent = Sent::read(&asked.body)?;
    let accepted = match sent.acceptance(&asked.id) {
        Ok(acceptance) => asked.identity.accept_invitation(acceptance, &asked.approach).await,
        Err(problem) => Err(problem.into()),
    };
    let problems = match accepted {
        Ok(accepted) => {
            let html = pages::invitation::done(language, &accepted);
            return Ok(pages::reply(StatusCode::CREATED, html, language));
        }
        Err(problems) => problems.0,
    };
    // The same secret again: it may stand in somebody's app already.
    match asked.identity.open_invitation(&asked.id, Some(&sent.handle), &asked.approach) {
        Ok(opened) => {
            let faults = problems.iter().map(|problem| problem.text(language)).collect();
            let html = pages::invitation::form(language, &opened, faults);
            Ok(pages::reply(StatusCode::UNPROCESSABLE_ENTITY, html, language))
        }
        Err(problem) => Ok(refused(&problem, language)),
    }
}

fn refused(problem: &Problem, language: Language) -> Reply {
    let status = StatusCode::from_u16(codes::status(problem.code()));
    let html = pages::invitation::over(language, problem.text(language));
    pages::reply(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), html, language)
}

/// What the form sends.
#[derive(Default)]
struct Sent {
    password: String,
    again: String,
    handle: String,
    code: String,
}

impl Sent {
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let text = std::str::from_utf8(body).map_err(|_| Problem::new(&codes::ENCODING_WRONG))?;
        let mut sent = Self::default();
        for (name, value) in decode::pairs(text)? {
            match name.as_str() {
                "password" => sent.password = value,
                "again" => sent.again = value,
                "handle" => sent.handle = value,
                "code" => sent.code = value,
                _ => return Err(Problem::new(&codes::PARAMETER_NOT_OFFERED).with("name", name)),
            }
        }
        Ok(sent)
    }

    fn acceptance(&self, code: &str) -> Result<Acceptance, Problem> {
        if self.password != self.again {
            return Err(Problem::new(&PASSWORDS_DIFFER));
        }
        let totp = NewTotp { handle: self.handle.clone(), code: Hidden::new(self.code.clone()) };
        Ok(Acceptance {
            code: Hidden::new(code.to_owned()),
            password: Some(Hidden::new(self.password.clone())),
            totp: (!self.code.trim().is_empty()).then_some(totp),
            passkey: None,
        })
    }
}

/// `GET /f/{facility}/certificate/{id}`. Programs that look ahead at links ask for the head: that uses nothing up, and is
/// answered alike whether there is such a link or not.
pub(super) fn certificate_file(asked: &Asked<'_>) -> Result<Reply, Problems> {
    let bytes = match asked.parts.method {
        Method::HEAD => Vec::new(),
        _ => asked.identity.fetch_certificate(&asked.id)?,
    };
    let content = Content { media: "application/x-pkcs12", bytes };
    let mut reply =
        answer::with_content(StatusCode::OK, content, HeaderValue::from_static("private, no-store"));
    let name = HeaderValue::from_static("attachment; filename=\"akashi.p12\"");
    reply.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(reply)
}
