//! What is open to whoever holds a one-time link: an invitation, or the certificate of a new device.

use super::{Asked, several};
use crate::answer::{self, Content, Reply};
use http::header::{CONTENT_DISPOSITION, HeaderValue};
use http::{Method, StatusCode};
use identity::Hidden;
use identity::door::Acceptance;
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
    let opened = asked.identity.open_invitation(opening.code.reveal(), &asked.approach)?;
    Ok(asked.reply(StatusCode::OK, &opened))
}

/// `POST /f/{facility}/invitation/accept`
pub(super) async fn accept(asked: Asked<'_>) -> Result<Reply, Problems> {
    let acceptance: Acceptance = asked.read()?;
    let accepted = asked.identity.accept_invitation(acceptance, &asked.approach).await.map_err(several)?;
    Ok(asked.reply(StatusCode::CREATED, &accepted))
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
