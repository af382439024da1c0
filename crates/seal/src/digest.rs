//! The digest that binds an entry of the journal to its content (`docs/formats.md`, section 2).

use crate::bytes::fixed;
use aws_lc_rs::digest::{Context, SHA256};

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
    fn another_salt_or_content_gives_another_digest() {
        let digest = content_digest(&[0; 32], b"content");
        assert_ne!(digest, content_digest(&[1; 32], b"content"));
        assert_ne!(digest, content_digest(&[0; 32], b"Content"));
    }
}
