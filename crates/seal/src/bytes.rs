//! From slices to arrays of known length.

use crate::codes::KEY_MALFORMED;
use base::{Problem, Secret};

/// Key material of exactly 32 bytes, or `SE-0004`.
pub(crate) fn exactly_32(bytes: &[u8]) -> Result<Secret<[u8; 32]>, Problem> {
    let wrong = |_| Problem::new(&KEY_MALFORMED).log(format!("a key of {} bytes instead of 32", bytes.len()));
    <[u8; 32]>::try_from(bytes).map(Secret::new).map_err(wrong)
}

/// Copies what the library hands out as a slice but always with `N` bytes: digests, public keys, signatures.
pub(crate) fn fixed<const N: usize>(slice: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.iter_mut().zip(slice).for_each(|(byte, given)| *byte = *given);
    bytes
}

/// Reads the expected values of tests.
#[cfg(test)]
pub(crate) fn from_hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}
