//! Recovery codes: ten codes on paper for the day on which the phone is lost, each good once (guideline item
//! mhlw-6.0/control/14-3: a fallback when a device fails).
//!
//! A code has 80 random bits, so that its plain SHA-256 cannot be turned back and needs neither salt nor slowness.

use super::code::typed;
use super::random;
use base::{Entropy, Problem, Secret};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use subtle::ConstantTimeEq;

/// How many codes a sheet has.
pub const CODES_ON_A_SHEET: usize = 10;
/// Random bytes of a code: 80 bits, 16 characters of five bits.
const CODE_BYTES: usize = 10;
/// Characters of a code without its hyphens.
const CODE_CHARS: usize = 16;
/// Digits and letters without I, L, O and U, which are misread (Crockford's base32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Keeps these hashes apart from any other SHA-256.
const PURPOSE: &[u8] = b"akashi recovery code 1\0";

/// The stored side of ten codes: a hash for each code that is left, nothing for one that was used.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet(Vec<Option<Hash>>);

#[derive(Clone, PartialEq, Eq)]
struct Hash([u8; 32]);

impl Sheet {
    /// Ten new codes such as `7K3M-9QXE-…`, to be shown once, and the sheet to be stored in place of any older one.
    ///
    /// # Errors
    /// `ID-0208` when `entropy` fails.
    pub fn generate(entropy: &dyn Entropy) -> Result<(Vec<Secret<String>>, Self), Problem> {
        let mut shown = Vec::with_capacity(CODES_ON_A_SHEET);
        let mut hashes = Vec::with_capacity(CODES_ON_A_SHEET);
        for _ in 0..CODES_ON_A_SHEET {
            let plain = written(random::<CODE_BYTES>(entropy)?.reveal());
            hashes.push(Some(Hash::of(plain.reveal())));
            shown.push(grouped(plain.reveal()));
        }
        Ok((shown, Self(hashes)))
    }

    /// Which code was typed, counted from 0; `None` for one that is wrong or was used. The caller stores that it is
    /// spent before it lets anybody in. Case, spaces, hyphens, full-width characters and misread letters do not matter.
    pub fn accept(&self, code: &str) -> Option<usize> {
        let plain = Secret::new(readable(&Secret::new(typed(code)?)));
        if plain.reveal().len() != CODE_CHARS {
            return None;
        }
        let hash = Hash::of(plain.reveal());
        // Every code left is compared, so that the time does not say which one was near.
        let same = |left: &Option<Hash>| left.as_ref().is_some_and(|left| bool::from(left.0.ct_eq(&hash.0)));
        let found: Vec<usize> =
            self.0.iter().enumerate().filter(|(_, left)| same(left)).map(|(index, _)| index).collect();
        found.first().copied()
    }

    /// Strikes a code off. It stays spent, whatever comes later.
    pub fn spend(&mut self, index: usize) {
        if let Some(place) = self.0.get_mut(index) {
            *place = None;
        }
    }

    /// How many codes are left.
    pub fn left(&self) -> usize {
        self.0.iter().flatten().count()
    }
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sheet {{ left: {} }}", self.left())
    }
}

impl Hash {
    fn of(plain: &str) -> Self {
        Self(Sha256::new().chain_update(PURPOSE).chain_update(plain).finalize().into())
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes =
            data_encoding::HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("a hash has 64 hexadecimal digits"))
    }
}

/// The bytes in characters of five bits each.
fn written(bytes: &[u8; CODE_BYTES]) -> Secret<String> {
    let number = bytes.iter().fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    let char = |place: usize| {
        let index = usize::try_from((number >> (place * 5)) & 31).unwrap_or(0);
        char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
    };
    Secret::new((0..CODE_CHARS).rev().map(char).collect())
}

/// The characters in groups of four.
fn grouped(plain: &str) -> Secret<String> {
    let mut text = String::with_capacity(CODE_CHARS + 3);
    for (index, char) in plain.chars().enumerate() {
        let before = if index > 0 && index.is_multiple_of(4) { "-" } else { "" };
        // Writing to a string cannot fail.
        write!(text, "{before}{char}").unwrap_or_default();
    }
    Secret::new(text)
}

/// What was meant where letters were misread.
fn readable(typed: &Secret<String>) -> String {
    let meant = |char| match char {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    typed.reveal().chars().map(meant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{SeededEntropy, SystemEntropy};
    use std::collections::BTreeSet;

    #[test]
    fn ten_codes_are_made_each_of_80_bits_in_four_groups() {
        let (shown, sheet) = Sheet::generate(&SystemEntropy).unwrap();
        let different: BTreeSet<&str> = shown.iter().map(|code| code.reveal().as_str()).collect();
        assert_eq!((different.len(), sheet.left()), (10, 10));
        for code in different {
            let groups: Vec<&str> = code.split('-').collect();
            assert!(groups.len() == 4 && groups.iter().all(|group| group.len() == 4), "{code}");
            assert!(code.bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)), "{code}");
        }
    }

    #[test]
    fn bytes_are_written_whole() {
        assert_eq!(written(&[0; 10]).reveal(), "0000000000000000");
        assert_eq!(written(&[255; 10]).reveal(), "ZZZZZZZZZZZZZZZZ");
        assert_eq!(written(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).reveal(), "0000000000000001");
        assert_eq!(written(&[8, 0, 0, 0, 0, 0, 0, 0, 0, 0]).reveal(), "1000000000000000");
    }

    #[test]
    fn every_code_is_found_in_its_place_however_it_is_typed() {
        let (shown, sheet) = Sheet::generate(&SeededEntropy::new(3)).unwrap();
        for (index, code) in shown.iter().enumerate() {
            let wide: String =
                code.reveal().chars().map(|char| char::from_u32(u32::from(char) + 0xFEE0).unwrap()).collect();
            let misread = code.reveal().replace('0', "o").replace('1', "l");
            for text in [code.reveal().clone(), code.reveal().to_lowercase().replace('-', " "), wide, misread]
            {
                assert_eq!(sheet.accept(&text), Some(index), "{text}");
            }
        }
    }

    #[test]
    fn a_used_code_never_works_again_not_even_after_storage() {
        let (shown, mut sheet) = Sheet::generate(&SeededEntropy::new(3)).unwrap();
        let index = sheet.accept(shown[4].reveal()).unwrap();
        sheet.spend(index);
        let stored = serde_json::to_string(&sheet).unwrap();
        let sheet: Sheet = serde_json::from_str(&stored).unwrap();
        assert_eq!(sheet.accept(shown[4].reveal()), None);
        assert_eq!((sheet.accept(shown[5].reveal()), sheet.left()), (Some(5), 9));
    }

    #[test]
    fn a_wrong_code_is_refused() {
        let (shown, sheet) = Sheet::generate(&SeededEntropy::new(3)).unwrap();
        let code = shown[0].reveal();
        let short: String = code.chars().take(18).collect();
        let near = format!("{short}{}", if code.ends_with('7') { '8' } else { '7' });
        for text in [&near, "", "0000-0000-0000-0000", &short, &format!("{code}0"), &"0".repeat(10_000)] {
            assert_eq!(sheet.accept(text), None, "{text}");
        }
    }

    #[test]
    fn neither_codes_nor_hashes_are_printed_or_stored_in_the_clear() {
        let (shown, sheet) = Sheet::generate(&SeededEntropy::new(3)).unwrap();
        assert_eq!(format!("{sheet:?} {:?}", shown[0]), "Sheet { left: 10 } [hidden]");
        let stored = serde_json::to_string(&sheet).unwrap();
        assert!(!stored.contains(&shown[0].reveal().replace('-', "")), "{stored}");
        assert!(serde_json::from_str::<Sheet>("[\"00\"]").is_err());
    }
}
