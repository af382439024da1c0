//! Ed25519 signatures (RFC 8032) over checkpoints.

use crate::bytes::{exactly_32, fixed};
use crate::codes::{KEY_MALFORMED, SIGNATURE_WRONG};
use crate::random;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base::{Entropy, Problem, Secret};
use std::fmt;

/// The key a facility signs its checkpoints with.
pub struct SigningKey {
    seed: Secret<[u8; 32]>,
    pair: Ed25519KeyPair,
}

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    /// `SE-0001` when `entropy` fails.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, Problem> {
        Self::from_secret(random::secret(entropy)?)
    }

    /// The key of this seed (the private key of RFC 8032, section 5.1.5), as unsealed.
    ///
    /// # Errors
    /// `SE-0004` unless it has 32 bytes.
    pub fn from_seed(seed: &[u8]) -> Result<Self, Problem> {
        Self::from_secret(exactly_32(seed)?)
    }

    fn from_secret(seed: Secret<[u8; 32]>) -> Result<Self, Problem> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.reveal())
            .map_err(|_| Problem::new(&KEY_MALFORMED).log("the library refused a signing key"))?;
        Ok(Self { seed, pair })
    }

    /// The seed, to be sealed.
    pub fn seed(&self) -> Secret<[u8; 32]> {
        self.seed.clone()
    }

    /// The public key (RFC 8032, section 5.1.5).
    pub fn public(&self) -> [u8; 32] {
        fixed(self.pair.public_key().as_ref())
    }

    /// Signs `message` (RFC 8032, section 5.1.6); the same message always gives the same signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        fixed(self.pair.sign(message).as_ref())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([hidden])")
    }
}

/// Checks that `signature` over `message` was made with the private key of `public` (RFC 8032, section 5.1.7).
///
/// # Errors
/// `SE-0005` when it was not, and when `public` or `signature` is malformed.
pub fn verify_signature(public: &[u8; 32], message: &[u8], signature: &[u8]) -> Result<(), Problem> {
    UnparsedPublicKey::new(&ED25519, public)
        .verify(message, signature)
        .map_err(|_| Problem::new(&SIGNATURE_WRONG).log("a signature does not verify"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::from_hex;
    use base::SeededEntropy;

    /// Seed, public key, message and signature of RFC 8032, section 7.1, tests 1 to 3.
    const VECTORS: [[&str; 4]; 3] = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
    ];

    #[test]
    fn keys_and_signatures_are_those_of_the_rfc() {
        for [seed, public, message, signature] in VECTORS.map(|row| row.map(from_hex)) {
            let key = SigningKey::from_seed(&seed).unwrap();
            assert_eq!(key.public(), public[..]);
            assert_eq!(key.sign(&message), signature[..]);
            assert_eq!(verify_signature(&key.public(), &message, &signature), Ok(()));
        }
    }

    #[test]
    fn a_signature_with_any_byte_changed_is_refused() {
        let key = SigningKey::generate(&SeededEntropy::new(1)).unwrap();
        let (public, message, signature) = (key.public(), *b"checkpoint", key.sign(b"checkpoint"));
        let refused = |public: &[u8; 32], message: &[u8], signature: &[u8]| {
            assert_eq!(verify_signature(public, message, signature).unwrap_err().code().id, "SE-0005");
        };
        for (place, bit) in (0..64).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
            let mut changed = signature;
            changed[place] ^= 1 << bit;
            refused(&public, &message, &changed);
            let (mut changed, mut other) = (message, public);
            changed[place % message.len()] ^= 1 << bit;
            refused(&public, &changed, &signature);
            other[place % 32] ^= 1 << bit;
            refused(&other, &message, &signature);
        }
        for length in [0, 32, 63] {
            refused(&public, &message, &signature[..length]);
        }
        refused(&public, &message, &[&signature[..], &[0]].concat());
    }

    #[test]
    fn a_signing_key_comes_back_from_its_seed() {
        let key = SigningKey::generate(&SeededEntropy::new(1)).unwrap();
        assert_eq!(SigningKey::from_seed(key.seed().reveal()).unwrap().public(), key.public());
        assert_ne!(SigningKey::generate(&SeededEntropy::new(2)).unwrap().public(), key.public());
    }

    #[test]
    fn a_seed_of_another_length_is_refused() {
        for length in [0, 31, 33, 64] {
            assert_eq!(SigningKey::from_seed(&vec![7; length]).unwrap_err().code().id, "SE-0004");
        }
    }

    #[test]
    fn a_signing_key_does_not_print_and_can_be_shared() {
        fn shared<T: Send + Sync>(_: &T) {}
        let key = SigningKey::from_seed(&[7; 32]).unwrap();
        shared(&key);
        assert_eq!(format!("{key:?}"), "SigningKey([hidden])");
    }
}
