//! `POST /f/{facility}/oauth/token`, `…/revoke` and `…/introspect`.

use super::Endpoints;
use super::form::Form;
use super::refusal::{refuse, reply};
use crate::answer::{self, Reply};
use crate::identity_api::Asked;
use base::Problem;
use http::{StatusCode, header};
use identity::app::codes::{CLIENT_REFUSED, REQUEST_WRONG};
use identity::door::{AskedToken, Introspected, Tokens};
use serde_json::{Value, json};

pub(super) async fn give(asked: &Asked<'_>) -> Reply {
    match tokens(asked).await {
        Ok(tokens) => reply(asked, StatusCode::OK, &shown(&tokens)),
        Err(problem) => refuse(asked, &problem),
    }
}

async fn tokens(asked: &Asked<'_>) -> Result<Tokens, Problem> {
    let form = form(asked)?;
    let wanted = AskedToken {
        grant_type: form.get("grant_type").unwrap_or_default(),
        client: form.client(),
        code: form.hidden("code"),
        redirect: form.get("redirect_uri"),
        verifier: form.hidden("code_verifier"),
        refresh: form.hidden("refresh_token"),
        scope: form.get("scope"),
    };
    let endpoint = Endpoints::of(&asked.fhir_url).at("token");
    asked.identity.app_tokens(wanted, &asked.approach, &endpoint).await
}

fn shown(tokens: &Tokens) -> Value {
    let mut body = json!({
        "access_token": tokens.access.reveal(),
        "token_type": "Bearer",
        "expires_in": tokens.seconds,
        "scope": tokens.scope,
    });
    if let Some(members) = body.as_object_mut() {
        let refresh = tokens.refresh.as_ref().map(|token| ("refresh_token", json!(token.reveal())));
        let patient = tokens.patient.as_ref().map(|patient| ("patient", json!(patient)));
        members.extend(refresh.into_iter().chain(patient).map(|(name, value)| (name.to_owned(), value)));
    }
    body
}

pub(super) async fn revoke(asked: &Asked<'_>) -> Reply {
    match revoked(asked).await {
        Ok(()) => answer::empty(StatusCode::OK),
        Err(problem) => refuse(asked, &problem),
    }
}

async fn revoked(asked: &Asked<'_>) -> Result<(), Problem> {
    let form = form(asked)?;
    let token = form.hidden("token").ok_or_else(token_missing)?;
    // Whoever calls `revoke` addresses the assertion to the token endpoint, as for all of OAuth's (RFC 7523, section 3).
    let endpoint = Endpoints::of(&asked.fhir_url).at("token");
    asked.identity.revoke_token(&form.client(), token.reveal(), &endpoint).await
}

pub(super) async fn introspect(asked: &Asked<'_>) -> Reply {
    match introspected(asked).await {
        Ok(found) => reply(asked, StatusCode::OK, &told(found.as_ref(), asked)),
        Err(problem) => refuse(asked, &problem),
    }
}

async fn introspected(asked: &Asked<'_>) -> Result<Option<Introspected>, Problem> {
    let form = form(asked)?;
    let token = form.hidden("token").ok_or_else(token_missing)?;
    let endpoint = Endpoints::of(&asked.fhir_url).at("token");
    asked.identity.introspect_token(&form.client(), token.reveal(), &endpoint).await
}

/// RFC 7662, section 2.2.
fn told(found: Option<&Introspected>, asked: &Asked<'_>) -> Value {
    let Some(found) = found else { return json!({ "active": false }) };
    let seconds = |time: base::Time| time.microseconds().div_euclid(1_000_000);
    let mut body = json!({
        "active": true,
        "client_id": found.client,
        "sub": found.account,
        "scope": found.scope,
        "token_type": "Bearer",
        "iss": Endpoints::of(&asked.fhir_url).issuer(),
        "iat": seconds(found.made),
        "exp": seconds(found.ends),
    });
    if let (Some(members), Some(patient)) = (body.as_object_mut(), &found.patient) {
        members.insert("patient".to_owned(), json!(patient));
    }
    body
}

/// The form; secrets of clients in other ways than by assertion are refused, not passed over.
fn form(asked: &Asked<'_>) -> Result<Form, Problem> {
    let form = Form::read(&asked.body)?;
    if asked.headers().contains_key(header::AUTHORIZATION) || form.has("client_secret") {
        return Err(Problem::new(&CLIENT_REFUSED)
            .with(
                "what_en",
                "clients have no secrets here; sign a `client_assertion` with the registered key",
            )
            .with(
                "what_ja",
                "クライアントのシークレットは使えません。登録した鍵で `client_assertion` に署名してください",
            ));
    }
    Ok(form)
}

fn token_missing() -> Problem {
    Problem::new(&REQUEST_WRONG)
        .with("what_en", "`token` is missing or doubled")
        .with("what_ja", "`token` がないか、二重です")
}
