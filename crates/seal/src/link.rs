//! The key of links: what a link carries back to us is hidden from others on its way and cannot be made up or changed.

use crate::codes::NOT_SEALED;
use crate::data_key::DataKey;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base::Problem;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use std::fmt;

/// What the keys are derived for.
const PURPOSE: &[u8] = b"akashi-link-v1";
const NONCE_PURPOSE: &[u8] = b"akashi-link-nonce-v1";

/// Seals what is put into links of one facility. Derived from its data key, so that links outlive a restart.
///
/// A sealed value is `nonce (12 bytes) || AES-256-GCM ciphertext || tag (16 bytes)` in base64url. The nonce is a keyed
/// digest of what is sealed and of what it is about: the same link is written the same way, and two different ones share
/// a nonce no sooner than random ones would.
pub struct LinkKey {
    cipher: LessSafeKey,
    nonces: hmac::Key,
}

impl LinkKey {
    /// The key of the facility with this data key.
    ///
    /// # Errors
    /// `SE-0007` when the cipher refuses the key, which it has no reason to.
    pub fn derive(key: &DataKey) -> Result<Self, Problem> {
        let root = hmac::Key::new(hmac::HMAC_SHA256, key.bytes().reveal());
        let derived = |purpose| hmac::sign(&root, purpose);
        let unbound = UnboundKey::new(&AES_256_GCM, derived(PURPOSE).as_ref()).map_err(|_| not_sealed())?;
        let nonces = hmac::Key::new(hmac::HMAC_SHA256, derived(NONCE_PURPOSE).as_ref());
        Ok(Self { cipher: LessSafeKey::new(unbound), nonces })
    }

    /// Seals `plain`; it opens only where `about` is the same.
    ///
    /// # Errors
    /// `SE-0007` when the cipher fails.
    pub fn seal(&self, about: &[u8], plain: &[u8]) -> Result<String, Problem> {
        let nonce = self.nonce(about, plain).ok_or_else(not_sealed)?;
        let mut sealed = plain.to_vec();
        self.cipher
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut sealed)
            .map_err(|_| not_sealed())?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    fn nonce(&self, about: &[u8], plain: &[u8]) -> Option<[u8; NONCE_LEN]> {
        let mut digest = hmac::Context::with_key(&self.nonces);
        digest.update(&u64::try_from(about.len()).ok()?.to_be_bytes());
        digest.update(about);
        digest.update(plain);
        digest.sign().as_ref().first_chunk().copied()
    }

    /// What was sealed; none when this key did not seal it, or for something else.
    pub fn open(&self, about: &[u8], text: &str) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk_mut::<NONCE_LEN>()?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        self.cipher.open_in_place(nonce, Aad::from(about), sealed).ok().map(|plain| plain.to_vec())
    }
}

fn not_sealed() -> Problem {
    Problem::new(&NOT_SEALED)
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> LinkKey {
        LinkKey::derive(&DataKey::from_bytes(&[byte; 32]).unwrap()).unwrap()
    }

    #[test]
    fn a_link_opens_where_it_was_made_and_nowhere_else() {
        let text = key(1).seal(b"Patient?name=x", b"place").unwrap();
        assert!(!text.contains("place"));
        assert_eq!(key(1).seal(b"Patient?name=x", b"place").unwrap(), text, "the same link, the same text");
        assert_eq!(key(1).open(b"Patient?name=x", &text).as_deref(), Some(&b"place"[..]));
        assert_eq!(key(1).open(b"Patient?name=y", &text), None);
        assert_eq!(key(2).open(b"Patient?name=x", &text), None);
    }

    #[test]
    fn a_changed_link_does_not_open() {
        let text = key(1).seal(b"", b"place").unwrap();
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(key(1).open(b"", &String::from_utf8(changed).unwrap()), None, "{at}");
        }
        for text in ["", "A", "====", "山"] {
            assert_eq!(key(1).open(b"", text), None);
        }
    }
}
