//! C2SP `signed-note`: a text, the signatures below it, and the verifier keys that name who may have made them.
//!
//! Nothing is verified here: signatures are handed out as bytes. What a parser of this module accepts, it prints back
//! byte for byte.

use crate::hash::decode_hex;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Longest note accepted, in bytes.
pub const NOTE_BYTES_MAX: usize = 64 * 1024;
/// Most signature lines accepted in one note; the specification asks for at least 16.
pub const NOTE_SIGNATURES_MAX: usize = 64;
/// Signature type of plain Ed25519 (`signed-note`, signature types).
const TYPE_ED25519: u8 = 0x01;
/// Signature type of timestamped Ed25519 cosignatures (`signed-note`, signature types).
pub(crate) const TYPE_COSIGNATURE: u8 = 0x04;

/// The name of a key: not empty, without Unicode white space, `+` and characters below U+0020.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(Box<str>);

impl KeyName {
    /// Reads a name; `None` when it breaks the rule above.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |c: char| !c.is_whitespace() && c > ' ' && c != '+';
        (!text.is_empty() && text.chars().all(allowed)).then(|| Self(text.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text with the signatures below it. Printing gives the note's exact form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    /// What is signed, its last newline included.
    pub text: String,
    /// One per signature line, in order.
    pub signatures: Vec<Signature>,
}

/// One signature line, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key that is said to have signed.
    pub name: KeyName,
    /// Its key id.
    pub key_id: [u8; 4],
    /// The signature itself (64 bytes for Ed25519).
    pub bytes: Vec<u8>,
}

impl SignedNote {
    /// Reads a note: a text, an empty line, at least one signature line and nothing after the last of them. `None`
    /// when it is longer than [`NOTE_BYTES_MAX`], has more than [`NOTE_SIGNATURES_MAX`] signatures, holds a control
    /// character other than newline, or differs from the specification's form in any byte.
    pub fn parse(note: &str) -> Option<Self> {
        let control = |byte: u8| byte < 0x20 && byte != b'\n';
        if note.len() > NOTE_BYTES_MAX || note.bytes().any(control) {
            return None;
        }
        let (text, lines) = note.rsplit_once("\n\n")?;
        let lines = lines.strip_suffix('\n')?;
        if lines.split('\n').count() > NOTE_SIGNATURES_MAX {
            return None;
        }
        let signatures = lines.split('\n').map(Signature::parse).collect::<Option<_>>()?;
        Some(Self { text: format!("{text}\n"), signatures })
    }

    /// The signatures whose name and key id are those of `key`. A note is good when there is at least one and every
    /// one of them verifies over [`SignedNote::text`] (`docs/formats.md`, section 3).
    pub fn signatures_of<'a>(&'a self, key: &'a VerifierKey) -> impl Iterator<Item = &'a Signature> {
        self.signatures
            .iter()
            .filter(|signature| signature.name == key.name && signature.key_id == key.key_id)
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl Signature {
    /// Reads a signature line without its newline.
    pub fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
        let decoded = STANDARD.decode(signature).ok()?;
        let (key_id, bytes) = decoded.split_first_chunk::<4>()?;
        let name = KeyName::parse(name)?;
        (!bytes.is_empty()).then(|| Self { name, key_id: *key_id, bytes: bytes.to_vec() })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = STANDARD.encode([self.key_id.as_slice(), &self.bytes].concat());
        write!(f, "— {} {encoded}", self.name)
    }
}

/// An Ed25519 public key with its name, written `<name>+<key id in hexadecimal>+<base64 of 0x01 || key>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    /// Whose key it is: the origin of the log.
    pub name: KeyName,
    /// The first four bytes of `SHA-256(name || 0x0A || 0x01 || public)`.
    pub key_id: [u8; 4],
    /// The public key (RFC 8032).
    pub public: [u8; 32],
}

impl VerifierKey {
    /// Joins name and public key and derives the key id.
    pub fn new(name: KeyName, public: [u8; 32]) -> Self {
        let key_id = key_id(&name, TYPE_ED25519, &public);
        Self { name, key_id, public }
    }

    /// Reads the written form; `None` when any part is malformed, of another signature type, or when the key id is not
    /// that of name and key.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, public) = parse_key(text, TYPE_ED25519)?;
        Some(Self::new(name, public))
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(f, &self.name, TYPE_ED25519, &self.public)
    }
}

/// The first four bytes of `SHA-256(name || 0x0A || type || public)` (`signed-note`, signatures).
pub(crate) fn key_id(name: &KeyName, kind: u8, public: &[u8; 32]) -> [u8; 4] {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(name.as_str())
        .chain_update([b'\n', kind])
        .chain_update(public)
        .finalize()
        .into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}

/// Name and public key of a written key of this signature type, whose key id is that of both.
pub(crate) fn parse_key(text: &str, kind: u8) -> Option<(KeyName, [u8; 32])> {
    let (name, rest) = text.split_once('+')?;
    // The base64 may hold a `+` itself, so only the first two divide.
    let (id, encoded) = rest.split_once('+')?;
    let decoded: [u8; 33] = STANDARD.decode(encoded).ok()?.try_into().ok()?;
    let [found, public @ ..] = decoded;
    let name = KeyName::parse(name)?;
    (found == kind && key_id(&name, kind, &public) == decode_hex(id)?).then_some((name, public))
}

/// Writes a key of this signature type.
pub(crate) fn write_key(
    f: &mut fmt::Formatter<'_>,
    name: &KeyName,
    kind: u8,
    public: &[u8; 32],
) -> fmt::Result {
    let encoded = STANDARD.encode([&[kind], public.as_slice()].concat());
    write!(f, "{name}+{:08x}+{encoded}", u32::from_be_bytes(key_id(name, kind, public)))
}
