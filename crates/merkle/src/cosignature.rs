//! C2SP `tlog-cosignature`: what a witness signs, and the key by which its cosignatures are known. Of its two types of
//! signatures the one with Ed25519. Nothing is signed or verified here.

use crate::note::{KeyName, Signature, SignedNote, TYPE_COSIGNATURE, key_id, parse_key, write_key};
use std::fmt;

/// First line of what is signed.
const TITLE: &str = "cosignature/v1";
/// Latest time of a cosignature, in seconds since 1970 (`tlog-cosignature`, format).
const SECONDS_MAX: u64 = i64::MAX.cast_unsigned();

/// The public key of a witness with its name, written `<name>+<key id in hexadecimal>+<base64 of 0x04 || key>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignerKey {
    /// Whose key it is: the name of the witness.
    pub name: KeyName,
    /// The first four bytes of `SHA-256(name || 0x0A || 0x04 || public)`.
    pub key_id: [u8; 4],
    /// The public key (RFC 8032).
    pub public: [u8; 32],
}

impl CosignerKey {
    /// Joins name and public key and derives the key id.
    pub fn new(name: KeyName, public: [u8; 32]) -> Self {
        let key_id = key_id(&name, TYPE_COSIGNATURE, &public);
        Self { name, key_id, public }
    }

    /// Reads the written form; `None` when any part is malformed, of another signature type, or when the key id is not
    /// that of name and key.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, public) = parse_key(text, TYPE_COSIGNATURE)?;
        Some(Self::new(name, public))
    }

    /// Name and key id, by which one witness is told from another: `<name>+<key id in hexadecimal>`.
    pub fn id(&self) -> String {
        format!("{}+{:08x}", self.name, u32::from_be_bytes(self.key_id))
    }

    /// Whether a signature line says that it is of this key.
    pub fn is_of(&self, signature: &Signature) -> bool {
        signature.name == self.name && signature.key_id == self.key_id
    }

    /// The signature lines of a note that say they are of this key.
    pub fn lines_in<'a>(&'a self, note: &'a SignedNote) -> impl Iterator<Item = &'a Signature> {
        note.signatures.iter().filter(|signature| self.is_of(signature))
    }
}

impl fmt::Display for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(f, &self.name, TYPE_COSIGNATURE, &self.public)
    }
}

/// A cosignature, not verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// When it was made, in seconds since 1970.
    pub seconds: u64,
    /// The Ed25519 signature over [`message`].
    pub signature: [u8; 64],
}

impl Cosignature {
    /// Reads the bytes of a signature line; `None` unless they are eight of time and 64 of signature.
    pub fn of(signature: &Signature) -> Option<Self> {
        let (seconds, rest) = signature.bytes.split_first_chunk::<8>()?;
        let seconds = u64::from_be_bytes(*seconds);
        let signature = rest.try_into().ok()?;
        (seconds <= SECONDS_MAX).then_some(Self { seconds, signature })
    }

    /// The signature line of it, as of this key.
    pub fn line(&self, key: &CosignerKey) -> Signature {
        let bytes = [self.seconds.to_be_bytes().as_slice(), &self.signature].concat();
        Signature { name: key.name.clone(), key_id: key.key_id, bytes }
    }
}

/// What a witness signs: title, time, and the whole text of the checkpoint.
pub fn message(seconds: u64, text: &str) -> String {
    format!("{TITLE}\ntime {seconds}\n{text}")
}
