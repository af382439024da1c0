//! An app or a service: its key, what it signs, and the steps of OAuth 2.0 from its side. It signs by itself, not by the
//! library that the server checks with.

use crate::client::Client;
use crate::clinic::Clinic;
use crate::reply::Reply;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA384, RsaKeyPair,
};
use base::Time;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// The name of every app's one key.
const KID: &str = "key-1";

/// A verifier of PKCE that tests use where any will do.
pub const VERIFIER: &str = "a-verifier-of-43-characters-or-more-0123456789";

#[derive(Debug)]
enum Key {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// An app with a key.
#[derive(Debug)]
pub struct App {
    /// Its `client_id`.
    pub id: String,
    key: Key,
    signed: AtomicU64,
}

impl App {
    /// An app that signs with ES384.
    pub fn es384(id: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
        Self { id: id.to_owned(), key: Key::Ec(key), signed: AtomicU64::new(0) }
    }

    /// An app that signs with RS384.
    pub fn rs384(id: &str) -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        Self { id: id.to_owned(), key: Key::Rsa(key), signed: AtomicU64::new(0) }
    }

    /// Its public key, as a JSON Web Key Set.
    pub fn keys(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let key = match &self.key {
            Key::Ec(pair) => {
                let (_, point) = pair.public_key().as_ref().split_at(1);
                let (x, y) = point.split_at(48);
                json!({"kty": "EC", "crv": "P-384", "kid": KID, "use": "sig", "x": text(x), "y": text(y)})
            }
            Key::Rsa(pair) => {
                let public = pair.public_key();
                let modulus = public.modulus();
                let exponent = public.exponent();
                json!({"kty": "RSA", "kid": KID, "use": "sig", "n": text(modulus.big_endian_without_leading_zero()),
                    "e": text(exponent.big_endian_without_leading_zero())})
            }
        };
        json!({"keys": [key]})
    }

    /// The header of its assertions.
    pub fn header(&self) -> Value {
        let algorithm = match self.key {
            Key::Ec(_) => "ES384",
            Key::Rsa(_) => "RS384",
        };
        json!({"typ": "JWT", "alg": algorithm, "kid": KID})
    }

    /// Good claims for an endpoint at a moment; each has another `jti`.
    pub fn claims(&self, endpoint: &str, now: Time) -> Value {
        let seconds = now.microseconds() / 1_000_000;
        let number = self.signed.fetch_add(1, Ordering::SeqCst);
        json!({"iss": self.id, "sub": self.id, "aud": endpoint, "exp": seconds + 240, "iat": seconds,
            "jti": format!("{}-{number}", self.id)})
    }

    /// A JWT with this header and these claims, signed with its key whatever the header says.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = match &self.key {
            Key::Ec(pair) => pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec(),
            Key::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA384, &SystemRandom::new(), message.as_bytes(), &mut signature)
                    .unwrap();
                signature
            }
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A good assertion.
    pub fn assertion(&self, clinic: &Clinic, client: &Client) -> String {
        self.sign(&self.header(), &self.claims(&endpoint(client, "token"), clinic.clock_now()))
    }

    /// The parameters by which it says who it is.
    pub fn shown(&self, clinic: &Clinic, client: &Client) -> Vec<(&'static str, String)> {
        vec![
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_assertion", self.assertion(clinic, client)),
        ]
    }

    /// Makes the account of a service of this name, and registers it in the first facility.
    pub fn serve(&self, clinic: &Clinic, scopes: &str) {
        let account =
            json!({"command": "account-create", "account": self.id, "kind": "service", "name": self.id});
        clinic.command(&account).unwrap();
        let app = json!({"command": "app-register", "app": self.id, "kind": "service", "name": self.id,
            "scopes": scopes, "keys": self.keys(), "account": self.id});
        clinic.command(&app).unwrap();
    }

    /// Asks for a token as a service.
    pub fn ask(&self, clinic: &Clinic, client: &Client, scope: &str) -> Reply {
        let mut parameters = self.shown(clinic, client);
        parameters.push(("grant_type", "client_credentials".to_owned()));
        parameters.push(("scope", scope.to_owned()));
        post_form(client, "oauth/token", &parameters)
    }
}

/// The address of an endpoint of the client's facility.
pub fn endpoint(client: &Client, name: &str) -> String {
    format!("https://{}/f/{}/oauth/{name}", client.host(), client.facility())
}

/// The challenge of a verifier (RFC 7636).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// Parameters as a query or a form.
pub fn form<N: AsRef<str>, V: AsRef<str>>(parameters: &[(N, V)]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = |text: &str| -> String {
        let letters = text
            .bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
        letters.collect()
    };
    let pairs =
        parameters.iter().map(|(name, value)| format!("{}={}", name.as_ref(), encoded(value.as_ref())));
    pairs.collect::<Vec<_>>().join("&")
}

/// Sends a form beside the FHIR API.
pub fn post_form<N: AsRef<str>, V: AsRef<str>>(client: &Client, path: &str, parameters: &[(N, V)]) -> Reply {
    client.call(Method::POST, path).body("application/x-www-form-urlencoded", form(parameters)).send()
}
