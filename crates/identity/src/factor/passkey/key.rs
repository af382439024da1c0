//! A passkey as it is stored, and the two names it goes by.

use crate::factor::random;
use base::{Entropy, Problem};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use webauthn_rs::prelude::Uuid;

/// By what passkeys name an account: 16 random bytes that say nothing of the person (WebAuthn Level 2, section 14.6.1).
/// An account keeps one for its life. Its text is base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Handle([u8; 16]);

impl Handle {
    /// A new one.
    ///
    /// # Errors
    /// `ID-0208` when `entropy` fails.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, Problem> {
        random(entropy).map(|bytes| Self(*bytes.reveal()))
    }

    /// Reads its text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_bytes(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?)
    }

    /// `None` for any other number than 16 bytes.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn to_uuid(self) -> Uuid {
        Uuid::from_bytes(self.0)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64URL_NOPAD.encode(&self.0))
    }
}

impl TryFrom<String> for Handle {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a handle has 16 bytes in base64url")
    }
}

impl From<Handle> for String {
    fn from(handle: Handle) -> Self {
        handle.to_string()
    }
}

/// By what a device names a passkey. Its text is base64url.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CredentialId(String);

impl CredentialId {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(BASE64URL_NOPAD.encode(bytes))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A registered passkey: whose it is, its id, public key and counter. Nothing in it is secret; it is stored as JSON.
#[derive(Clone, Serialize, Deserialize)]
pub struct Passkey {
    pub(super) handle: Handle,
    pub(super) key: webauthn_rs::prelude::Passkey,
}

impl Passkey {
    /// By what the device names it.
    pub fn id(&self) -> CredentialId {
        CredentialId::new(self.key.cred_id())
    }

    /// Whose it is.
    pub fn handle(&self) -> Handle {
        self.handle
    }

    /// Whether the user was verified when it was made, by what is stored of it. Anything but a clear yes is a no.
    pub(super) fn was_verified(&self) -> bool {
        let stored = serde_json::to_value(&self.key).unwrap_or_default();
        stored.pointer("/cred/user_verified").and_then(serde_json::Value::as_bool).unwrap_or(false)
    }
}

impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passkey {{ id: {} }}", self.id().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;

    #[test]
    fn a_handle_comes_back_from_its_text() {
        let handle = Handle::generate(&SeededEntropy::new(1)).unwrap();
        assert_eq!(Handle::parse(&handle.to_string()), Some(handle));
        let json = serde_json::to_string(&handle).unwrap();
        assert_eq!(serde_json::from_str::<Handle>(&json).unwrap(), handle);
        for bad in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "さくら"] {
            assert_eq!(Handle::parse(bad), None, "{bad}");
        }
    }
}
