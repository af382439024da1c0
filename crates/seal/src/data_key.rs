//! The data key of a facility: what its database is encrypted with.

use crate::bytes::exactly_32;
use crate::random;
use base::{Entropy, Problem, Secret};

/// 32 random bytes that key one facility's database.
#[derive(Debug)]
pub struct DataKey(Secret<[u8; 32]>);

impl DataKey {
    /// A new key.
    ///
    /// # Errors
    /// `SE-0001` when `entropy` fails.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, Problem> {
        random::secret(entropy).map(Self)
    }

    /// The key with these bytes, as unsealed.
    ///
    /// # Errors
    /// `SE-0004` unless they are 32.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        exactly_32(bytes).map(Self)
    }

    /// The bytes, to be sealed.
    pub fn bytes(&self) -> &Secret<[u8; 32]> {
        &self.0
    }

    /// The raw-key form of SQLCipher, `x'<64 hexadecimal digits>'`: used as it is, without derivation from a password.
    pub fn sqlcipher_key(&self) -> Secret<String> {
        // Room from the start: growing would leave a copy of half the key behind.
        let mut text = String::with_capacity(67);
        text.push_str("x'");
        for byte in self.0.reveal() {
            let (high, low) = (u32::from(byte >> 4), u32::from(byte & 15));
            text.extend([high, low].iter().filter_map(|digit| char::from_digit(*digit, 16)));
        }
        text.push('\'');
        Secret::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;

    #[test]
    fn the_database_reads_the_key_as_raw_hexadecimal() {
        let bytes: Vec<u8> = (0xf0..=0xff).chain(0..16).collect();
        let key = DataKey::from_bytes(&bytes).unwrap().sqlcipher_key();
        let expected = "x'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f'";
        assert_eq!(key.reveal(), expected);
    }

    #[test]
    fn a_data_key_comes_back_from_its_bytes() {
        let key = DataKey::generate(&SeededEntropy::new(1)).unwrap();
        let again = DataKey::from_bytes(key.bytes().reveal()).unwrap();
        assert_eq!(key.bytes().reveal(), again.bytes().reveal());
        let other = DataKey::generate(&SeededEntropy::new(2)).unwrap();
        assert_ne!(key.bytes().reveal(), other.bytes().reveal());
    }

    #[test]
    fn a_data_key_of_another_length_is_refused() {
        for length in [0, 16, 31, 33, 64] {
            assert_eq!(DataKey::from_bytes(&vec![7; length]).unwrap_err().code().id, "SE-0004");
        }
    }

    #[test]
    fn a_data_key_does_not_print() {
        assert_eq!(format!("{:?}", DataKey::from_bytes(&[7; 32]).unwrap()), "DataKey([hidden])");
    }
}
