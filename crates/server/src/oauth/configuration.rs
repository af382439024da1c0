//! `GET /f/{facility}/fhir/.well-known/smart-configuration` (SMART App Launch 2, "Conformance"). What stands in it is what
//! is served.

use super::Endpoints;
use crate::answer::{self, Content, Reply};
use crate::identity_api::Asked;
use http::StatusCode;
use serde_json::{Value, json};

/// What the address of the FHIR API has more than that of the facility.
pub(super) const OF_FHIR: &str = "/fhir";

/// What apps can rely on, by the names of SMART. Launch from within a record system, and identity tokens (OpenID Connect),
/// are not among them: there is no user interface to launch from, and nobody but the facility vouches for its people.
const CAPABILITIES: [&str; 9] = [
    "launch-standalone",
    "client-public",
    "client-confidential-asymmetric",
    "context-standalone-patient",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v2",
];

pub(super) fn show(asked: &Asked<'_>) -> Reply {
    let bytes = serde_json::to_vec(&document(&Endpoints::of(&asked.fhir_url))).unwrap_or_default();
    answer::json(StatusCode::OK, Content { media: "application/json", bytes }, asked.style)
}

fn document(endpoints: &Endpoints<'_>) -> Value {
    let methods = json!(["private_key_jwt"]);
    let algorithms = json!(["RS384", "ES384"]);
    json!({
        "issuer": endpoints.issuer(),
        "authorization_endpoint": endpoints.at("authorize"),
        "token_endpoint": endpoints.at("token"),
        "revocation_endpoint": endpoints.at("revoke"),
        "introspection_endpoint": endpoints.at("introspect"),
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": [
            "launch/patient", "online_access", "offline_access", "patient/*.cruds", "user/*.cruds", "system/*.cruds",
        ],
        "capabilities": CAPABILITIES,
    })
}
