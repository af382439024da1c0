//! The key of links: what a link carries back to us is hidden from others on its way and cannot be made up or changed.

use crate::codes::NOT_SEALED;
use crate::data_key::DataKey;
use crate::random;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base::{Entropy, Problem};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use std::fmt;

/// What the key is derived for.
const PURPOSE: &[u8] = b"akashi-link-v1";

/// Seals what is put into links of one facility. Derived from its data key, so that links outlive a restart.
///
/// A sealed value is `nonce (12 bytes) || AES-256-GCM ciphertext || tag (16 bytes)` in base64url. Nonces are random; a
/// repeated one, to be feared after 2^32 links, would show how two page positions differ and nothing else.
pub struct LinkKey(LessSafeKey);

impl LinkKey {
    /// The key of the facility with this data key.
    ///
    /// # Errors
    /// `SE-0007` when the cipher refuses the key, which it has no reason to.
    pub fn derive(key: &DataKey) -> Result<Self, Problem> {
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.bytes().reveal()), PURPOSE);
        let unbound = UnboundKey::new(&AES_256_GCM, derived.as_ref()).map_err(|_| not_sealed())?;
        Ok(Self(LessSafeKey::new(unbound)))
    }

    /// Seals `plain`; it opens only where `about` is the same.
    ///
    /// # Errors
    /// `SE-0001` when `entropy` fails, `SE-0007` when the cipher does.
    pub fn seal(&self, about: &[u8], plain: &[u8], entropy: &dyn Entropy) -> Result<String, Problem> {
        let nonce = random::open::<NONCE_LEN>(entropy)?;
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut sealed)
            .map_err(|_| not_sealed())?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// What was sealed; none when this key did not seal it, or for something else.
    pub fn open(&self, about: &[u8], text: &str) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk_mut::<NONCE_LEN>()?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        self.0.open_in_place(nonce, Aad::from(about), sealed).ok().map(|plain| plain.to_vec())
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
    use base::SeededEntropy;

    fn key(byte: u8) -> LinkKey {
        LinkKey::derive(&DataKey::from_bytes(&[byte; 32]).unwrap()).unwrap()
    }

    #[test]
    fn a_link_opens_where_it_was_made_and_nowhere_else() {
        let text = key(1).seal(b"Patient?name=x", b"place", &SeededEntropy::new(1)).unwrap();
        assert!(!text.contains("place"));
        assert_eq!(key(1).open(b"Patient?name=x", &text).as_deref(), Some(&b"place"[..]));
        assert_eq!(key(1).open(b"Patient?name=y", &text), None);
        assert_eq!(key(2).open(b"Patient?name=x", &text), None);
    }

    #[test]
    fn a_changed_link_does_not_open() {
        let text = key(1).seal(b"", b"place", &SeededEntropy::new(1)).unwrap();
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
