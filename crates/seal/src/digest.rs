//! The digest that binds an entry of the journal to its content (`docs/formats.md`, section 2).

use crate::bytes::fixed;
use aws_lc_rs::digest::{Context, SHA256};
use std::io::Read;

/// Says what is hashed, so that this digest can be no other one.
const DOMAIN: &[u8] = b"akashi-content-v1\0";

/// `SHA-256("akashi-content-v1" || 0x00 || salt || content)`.
pub fn content_digest(salt: &[u8; 32], content: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(DOMAIN);
    context.update(salt);
    context.update(content);
    fixed(context.finish().as_ref())
}

/// SHA-256 of all that a reader gives.
///
/// # Errors
/// Those of reading.
pub fn sha256_of(reader: &mut dyn Read) -> std::io::Result<[u8; 32]> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        context.update(bytes);
    }
    Ok(fixed(context.finish().as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::from_hex;

    #[test]
    fn the_digest_is_that_of_the_documented_bytes() {
        let salt = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let digest = content_digest(&salt, br#"{"resourceType":"Patient"}"#);
        // Computed with another implementation.
        let expected = from_hex("51c7f5e0cfad574bab3027976ab2fcd74802a6081c55bcbacbb7f37dad613edc");
        assert_eq!(digest, expected[..]);
    }

    #[test]
    fn the_digest_of_a_file_is_that_of_the_standard() {
        // FIPS 180-4, "abc".
        let expected = from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sha256_of(&mut b"abc".as_slice()).unwrap(), expected[..]);
    }

    #[test]
    fn another_salt_or_content_gives_another_digest() {
        let digest = content_digest(&[0; 32], b"content");
        assert_ne!(digest, content_digest(&[1; 32], b"content"));
        assert_ne!(digest, content_digest(&[0; 32], b"Content"));
    }
}
