//! The master key of a data directory: seals the keys of the facilities (envelope encryption).
//!
//! A sealed value is `0x01 || nonce (12 bytes) || AES-256-GCM ciphertext || tag (16 bytes)`. The purpose is
//! authenticated with it, so that a value sealed for one place cannot be put in another.

use crate::codes::{MASTER_KEY_MALFORMED, NOT_SEALED, NOT_UNSEALED};
use crate::random;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use base::{Entropy, Problem, Secret};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// First line of the key's text (`docs/formats.md`, section 7).
const TITLE: &str = "akashi-master-key-v1";
/// First byte of a sealed value.
const SEALED_VERSION: u8 = 1;
/// Stands before the purpose in the authenticated data.
const PURPOSE_PREFIX: &str = "akashi-seal-v1\0";
/// Length of the nonce, in bytes.
const NONCE_BYTES: usize = 12;
/// Length of the authentication tag, in bytes.
const TAG_BYTES: usize = 16;

/// The key that seals other keys.
///
/// Nonces are random. AES-256-GCM with random nonces is safe for 2^32 values under one key (NIST SP 800-38D,
/// section 8.3); a data directory seals two for each facility.
#[derive(Debug)]
pub struct MasterKey(Secret<[u8; 32]>);

impl MasterKey {
    /// A new key.
    ///
    /// # Errors
    /// `SE-0001` when `entropy` fails.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, Problem> {
        random::secret(entropy).map(Self)
    }

    /// Reads the text of `master.key` (`docs/formats.md`, section 7). The newline at its end may be missing.
    ///
    /// # Errors
    /// `SE-0002` for any other difference from that form.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let malformed = || Problem::new(&MASTER_KEY_MALFORMED).log("the text of the master key is malformed");
        let line = text.strip_prefix(TITLE).and_then(|rest| rest.strip_prefix('\n')).ok_or_else(malformed)?;
        let line = line.strip_suffix('\n').unwrap_or(line);
        let bytes = Zeroizing::new(STANDARD.decode(line).map_err(|_| malformed())?);
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| malformed())?;
        Ok(Self(Secret::new(key)))
    }

    /// The text that [`MasterKey::parse`] reads: two lines, each with its newline.
    pub fn to_text(&self) -> Secret<String> {
        let encoded = Zeroizing::new(STANDARD.encode(self.0.reveal()));
        Secret::new(format!("{TITLE}\n{}\n", *encoded))
    }

    /// Encrypts `plain` for `purpose`, a fixed text that says where the value belongs (kind and facility).
    ///
    /// # Errors
    /// `SE-0001` when `entropy` fails, `SE-0007` when the library refuses.
    pub fn seal(&self, purpose: &str, plain: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, Problem> {
        let nonce: [u8; NONCE_BYTES] = random::open(entropy)?;
        // Room for the tag from the start: growing would leave a copy of the plain bytes behind.
        let mut body = Vec::with_capacity(plain.len() + TAG_BYTES);
        body.extend_from_slice(plain);
        self.cipher()
            .and_then(|key| {
                key.seal_in_place_append_tag(
                    Nonce::assume_unique_for_key(nonce),
                    bound_to(purpose),
                    &mut body,
                )
            })
            .map_err(|Unspecified| Problem::new(&NOT_SEALED).log("sealing failed"))?;
        Ok([[SEALED_VERSION].as_slice(), &nonce, &body].concat())
    }

    /// Decrypts what [`MasterKey::seal`] made for the same `purpose`.
    ///
    /// # Errors
    /// `SE-0003` when key, purpose or any byte differs, or the version is unknown.
    pub fn unseal(&self, purpose: &str, sealed: &[u8]) -> Result<Secret<Vec<u8>>, Problem> {
        let refused = |why: &'static str| Problem::new(&NOT_UNSEALED).log(why);
        let [SEALED_VERSION, rest @ ..] = sealed else {
            return Err(refused("unknown version of a sealed value"));
        };
        let (nonce, body) =
            rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| refused("sealed value is cut short"))?;
        let mut body = Zeroizing::new(body.to_vec());
        let plain = self
            .cipher()
            .and_then(|key| {
                let nonce = Nonce::assume_unique_for_key(*nonce);
                key.open_in_place(nonce, bound_to(purpose), &mut body).map(|plain| plain.to_vec())
            })
            .map_err(|Unspecified| refused("wrong key or purpose, or altered bytes"))?;
        Ok(Secret::new(plain))
    }

    fn cipher(&self) -> Result<LessSafeKey, Unspecified> {
        UnboundKey::new(&AES_256_GCM, self.0.reveal()).map(LessSafeKey::new)
    }
}

fn bound_to(purpose: &str) -> Aad<String> {
    Aad::from(format!("{PURPOSE_PREFIX}{purpose}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::from_hex;
    use base::SeededEntropy;
    use base::entropy::EntropyFailed;

    /// The key of the bytes 0 to 31.
    const TEXT: &str = "akashi-master-key-v1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
    const PLAIN: &[u8] = b"thirty-two bytes of a data key!!";
    const PURPOSE: &str = "data-key/sakura";
    /// `PLAIN` sealed for `PURPOSE` with that key and the nonce 100 to 111, computed with another implementation.
    const SEALED: &str = "016465666768696a6b6c6d6e6f3c73b7140d907bea490d7f8aa3110f8e62ad602aea4c9713d3b08c239eda8469fb\
                          d34fff67d5c6d265ddd3a442c56103";

    /// Counts up from 100.
    #[derive(Debug)]
    struct Counting;

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyFailed> {
            bytes.iter_mut().zip(100..).for_each(|(byte, number)| *byte = number);
            Ok(())
        }
    }

    fn master() -> MasterKey {
        MasterKey::parse(TEXT).unwrap()
    }

    fn refused(result: Result<Secret<Vec<u8>>, Problem>) -> bool {
        result.is_err_and(|problem| problem.code().id == "SE-0003")
    }

    #[test]
    fn a_sealed_value_has_the_documented_form() {
        let sealed = master().seal(PURPOSE, PLAIN, &Counting).unwrap();
        assert_eq!(sealed, from_hex(SEALED));
        assert_eq!(master().unseal(PURPOSE, &sealed).unwrap().reveal(), PLAIN);
    }

    #[test]
    fn sealing_twice_gives_different_bytes_that_both_open() {
        let entropy = SeededEntropy::new(1);
        let first = master().seal(PURPOSE, PLAIN, &entropy).unwrap();
        let second = master().seal(PURPOSE, PLAIN, &entropy).unwrap();
        assert_ne!(first, second);
        assert_eq!(master().unseal(PURPOSE, &second).unwrap().reveal(), PLAIN);
        let nothing = master().seal(PURPOSE, b"", &entropy).unwrap();
        assert!(master().unseal(PURPOSE, &nothing).unwrap().reveal().is_empty());
    }

    #[test]
    fn a_sealed_value_changed_in_any_bit_or_cut_anywhere_is_refused() {
        let sealed = master().seal(PURPOSE, PLAIN, &Counting).unwrap();
        for (place, bit) in (0..sealed.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
            let mut changed = sealed.clone();
            changed[place] ^= 1 << bit;
            assert!(refused(master().unseal(PURPOSE, &changed)), "byte {place}, bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(refused(master().unseal(PURPOSE, &sealed[..length])), "{length}");
        }
        assert!(refused(master().unseal(PURPOSE, &[&sealed[..], &[0]].concat())));
    }

    #[test]
    fn another_purpose_or_another_key_does_not_open() {
        let sealed = master().seal(PURPOSE, PLAIN, &Counting).unwrap();
        for purpose in ["", "data-key/sakur", "data-key/sakura2", "signing-key/sakura"] {
            assert!(refused(master().unseal(purpose, &sealed)), "{purpose}");
        }
        let other = MasterKey::generate(&SeededEntropy::new(1)).unwrap();
        assert!(refused(other.unseal(PURPOSE, &sealed)));
    }

    #[test]
    fn a_master_key_comes_back_from_its_text() {
        assert_eq!(master().to_text().reveal(), TEXT);
        let key = MasterKey::generate(&SeededEntropy::new(1)).unwrap();
        let text = key.to_text();
        let sealed = key.seal(PURPOSE, PLAIN, &Counting).unwrap();
        for text in [text.reveal().as_str(), text.reveal().trim_end()] {
            assert_eq!(MasterKey::parse(text).unwrap().unseal(PURPOSE, &sealed).unwrap().reveal(), PLAIN);
        }
    }

    #[test]
    fn a_text_that_is_no_master_key_is_refused() {
        let bad = [
            String::new(),
            TEXT.replace("v1", "v2"),
            TEXT.replace('\n', "\r\n"),
            TEXT.replace('\n', ""),
            TEXT.replace("8=", "9="),
            TEXT.replace("AAEC", ""),
            TEXT.replace("AAEC", "AAECAAEC"),
            TEXT.replace("AAEC", " AAEC"),
            format!("{TEXT}\n"),
            format!("\n{TEXT}"),
            "akashi-master-key-v1\n".into(),
        ];
        for text in bad {
            assert_eq!(MasterKey::parse(&text).unwrap_err().code().id, "SE-0002", "{text:?}");
        }
    }

    #[test]
    fn keys_stand_neither_in_debug_nor_in_problems() {
        assert_eq!(format!("{:?}", master()), "MasterKey([hidden])");
        let problem = MasterKey::parse(&TEXT.replace("v1", "v2")).unwrap_err();
        assert!(!format!("{problem} {problem:?}").contains("AAEC"));
    }
}
