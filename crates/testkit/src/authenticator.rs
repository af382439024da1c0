//! A software authenticator and the browser around it: passkeys in memory, and every way to answer wrongly.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// How far the authenticator has looked at who sits before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserCheck {
    /// By PIN, finger or face (flags UP and UV).
    Verified,
    /// Somebody is there (flag UP).
    Present,
    /// Not at all.
    Nothing,
}

/// What an assertion says of whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandleShown {
    /// The handle that was given at registration.
    Own,
    /// None, as from a key that stores no accounts.
    Missing,
    /// Another one.
    Other(Vec<u8>),
}

/// One passkey.
#[derive(Debug)]
struct Held {
    id: Vec<u8>,
    handle: Vec<u8>,
    rp_id: String,
    pair: EcdsaKeyPair,
}

/// Makes passkeys (ES256, attestation `none`) and signs with them (WebAuthn Level 2, sections 6.1 and 6.5). The fields
/// are what a test may falsify.
#[derive(Debug)]
pub struct SoftAuthenticator {
    held: Vec<Held>,
    /// What the browser writes as its address.
    pub origin: String,
    /// Another domain to sign for than the one asked for.
    pub rp_id: Option<String>,
    /// How the user is checked.
    pub user: UserCheck,
    /// What assertions say of whose they are.
    pub handle: HandleShown,
    /// The counter of the last signature; each adds one. With [`None`], it is always 0, as for synchronised passkeys.
    pub counter: Option<u32>,
    /// Whether the page stands in a frame of another site.
    pub framed: bool,
}

impl SoftAuthenticator {
    /// An honest authenticator, in a browser at `origin`, such as `https://akashi.example`.
    pub fn new(origin: &str) -> Self {
        Self {
            held: Vec::new(),
            origin: origin.to_owned(),
            rp_id: None,
            user: UserCheck::Verified,
            handle: HandleShown::Own,
            counter: Some(0),
            framed: false,
        }
    }

    /// How many passkeys it holds.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// What `navigator.credentials.create(options)` gives, as JSON. It does not heed `excludeCredentials`.
    pub fn create(&mut self, options: &Value) -> Value {
        let rp_id = text(options, "/publicKey/rp/id");
        let held = Held {
            id: random(32),
            handle: bytes(text(options, "/publicKey/user/id")),
            rp_id: rp_id.to_owned(),
            pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
        };
        let client_data = self.client_data("webauthn.create", options);
        let authenticator_data = self.authenticator_data(rp_id, Some(&held));
        let id = URL_SAFE_NO_PAD.encode(&held.id);
        self.held.push(held);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
                "attestationObject": URL_SAFE_NO_PAD.encode(attestation_object(&authenticator_data)),
                "transports": ["internal", "hybrid"],
            },
        })
    }

    /// What `navigator.credentials.get(options)` gives, as JSON: by the newest passkey for the domain among those that
    /// are allowed, or of all when none is named.
    pub fn get(&mut self, options: &Value) -> Value {
        let rp_id = text(options, "/publicKey/rpId");
        let listed = options.pointer("/publicKey/allowCredentials").and_then(Value::as_array);
        let allowed: Vec<Vec<u8>> = listed.into_iter().flatten().map(|one| bytes(text(one, "/id"))).collect();
        let client_data = self.client_data("webauthn.get", options);
        let authenticator_data = self.authenticator_data(rp_id, None);
        let fits = |held: &&Held| held.rp_id == rp_id && (allowed.is_empty() || allowed.contains(&held.id));
        let held = self.held.iter().rev().find(fits).expect("no passkey fits");
        let signed = [&authenticator_data[..], digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = held.pair.sign(&SystemRandom::new(), &signed).unwrap();
        let id = URL_SAFE_NO_PAD.encode(&held.id);
        let handle = match &self.handle {
            HandleShown::Own => Some(URL_SAFE_NO_PAD.encode(&held.handle)),
            HandleShown::Missing => None,
            HandleShown::Other(other) => Some(URL_SAFE_NO_PAD.encode(other)),
        };
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
                "authenticatorData": URL_SAFE_NO_PAD.encode(authenticator_data),
                "signature": URL_SAFE_NO_PAD.encode(signature.as_ref()),
                "userHandle": handle,
            },
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let challenge = text(options, "/publicKey/challenge");
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.framed})
            .to_string()
    }

    /// WebAuthn, section 6.1: hash of the domain, flags, counter, and at registration the new key.
    fn authenticator_data(&mut self, rp_id: &str, new: Option<&Held>) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(rp_id);
        let mut data = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        let checked = match self.user {
            UserCheck::Verified => 0x05,
            UserCheck::Present => 0x01,
            UserCheck::Nothing => 0x00,
        };
        data.push(if new.is_some() { checked | 0x40 } else { checked });
        self.counter = self.counter.map(|last| last.wrapping_add(1));
        data.extend(self.counter.unwrap_or(0).to_be_bytes());
        if let Some(held) = new {
            data.extend([0; 16]);
            data.extend(u16::try_from(held.id.len()).unwrap().to_be_bytes());
            data.extend(&held.id);
            data.extend(cose_key(held.pair.public_key().as_ref()));
        }
        data
    }
}

/// A P-256 key as COSE (RFC 9053, section 7.1.1): `{1: 2, 3: -7, -1: 1, -2: x, -3: y}`.
fn cose_key(uncompressed: &[u8]) -> Vec<u8> {
    let (x, y) = uncompressed.split_at(1).1.split_at(32);
    [&[0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20], x, &[0x22, 0x58, 0x20], y].concat()
}

/// `{"fmt": "none", "attStmt": {}, "authData": …}` in CBOR (WebAuthn, section 6.5).
fn attestation_object(authenticator_data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(authenticator_data.len()).unwrap().to_be_bytes();
    [b"\xA3cfmtdnonegattStmt\xA0hauthData\x59", &length[..], authenticator_data].concat()
}

fn text<'a>(json: &'a Value, pointer: &str) -> &'a str {
    json.pointer(pointer).and_then(Value::as_str).unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    SystemRandom::new().fill(&mut bytes).unwrap();
    bytes
}
