//! OAuth 2.0 for apps and services, as SMART App Launch 2 uses it: configuration, the page on which a person decides, and
//! the endpoints for tokens. What is granted is decided in `identity`.

mod authorize;
mod configuration;
mod form;
mod refusal;
mod token;

use crate::answer::Reply;
use crate::identity_api::Asked;
use crate::interactions::OAuthCall;
use base::ResourceId;
use identity::Caller;
use records::Problems;
use std::pin::Pin;

/// A look at a record that is under way.
pub(crate) type Looking<'a> = Pin<Box<dyn Future<Output = Result<bool, Problems>> + Send + 'a>>;

/// Whether somebody may see a patient. The records answer, by their law and with their entry about the access.
pub(crate) type SeesPatient<'a> = dyn Fn(Caller, ResourceId) -> Looking<'a> + Send + Sync + 'a;

/// Answers a request.
pub(crate) async fn answer(call: OAuthCall, asked: Asked<'_>) -> Result<Reply, Problems> {
    match call {
        OAuthCall::Configuration => Ok(configuration::show(&asked)),
        OAuthCall::Authorize => authorize::ask(&asked),
        OAuthCall::Page => Ok(authorize::page(&asked)),
        OAuthCall::Decide => authorize::decide(asked).await,
        OAuthCall::Token => Ok(token::give(&asked).await),
        OAuthCall::Revoke => Ok(token::revoke(&asked).await),
        OAuthCall::Introspect => Ok(token::introspect(&asked).await),
    }
}

/// The addresses of a facility's endpoints, from that of its FHIR API.
pub(crate) struct Endpoints<'a> {
    issuer: &'a str,
}

impl<'a> Endpoints<'a> {
    /// Those beside this FHIR API.
    pub(crate) fn of(fhir_url: &'a str) -> Self {
        Self { issuer: fhir_url.strip_suffix(configuration::OF_FHIR).unwrap_or(fhir_url) }
    }

    /// By what name the facility signs its answers to apps (RFC 9207).
    pub(crate) fn issuer(&self) -> &'a str {
        self.issuer
    }

    /// The address of an endpoint.
    pub(crate) fn at(&self, name: &str) -> String {
        format!("{}/oauth/{name}", self.issuer)
    }
}
