//! Certificates, lists and keys as PEM text (RFC 7468).

use base::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

const LINE_CHARS: usize = 64;

/// A chain as PEM, in the order given: the client's own certificate first.
pub fn certificates<'a>(chain: impl IntoIterator<Item = &'a [u8]>) -> String {
    chain.into_iter().map(|der| text("CERTIFICATE", der)).collect()
}

/// A revocation list as PEM.
pub fn list(der: &[u8]) -> String {
    text("X509 CRL", der)
}

/// A PKCS#8 key as PEM, not encrypted.
pub fn key(pkcs8: &Secret<Vec<u8>>) -> Secret<String> {
    Secret::new(text("PRIVATE KEY", pkcs8.reveal()))
}

/// Its room is reserved at once and what it is made from is wiped, so that no copy of a key stays behind.
fn text(label: &str, der: &[u8]) -> String {
    let body = Zeroizing::new(STANDARD.encode(der));
    let lines = body.len().div_ceil(LINE_CHARS).saturating_add(2);
    let most =
        body.len().saturating_add(lines).saturating_add(label.len().saturating_add(32).saturating_mul(2));
    let mut text = String::with_capacity(most);
    text.extend(["-----BEGIN ", label, "-----\n"]);
    for (at, character) in body.chars().enumerate() {
        if at > 0 && at % LINE_CHARS == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.extend(["\n-----END ", label, "-----\n"]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_64_characters_and_the_bytes_come_back() {
        for length in [1, 48, 49, 96, 500] {
            let bytes = vec![0xA5; length];
            let text = certificates([&bytes[..]]);
            assert!(text.lines().all(|line| line.len() <= 64) && !text.contains("\n\n"), "{text}");
            assert_eq!(::pem::parse(&text).unwrap().contents(), bytes);
        }
    }

    #[test]
    fn a_key_does_not_print() {
        let text = key(&Secret::new(vec![1, 2, 3]));
        assert!(text.reveal().starts_with("-----BEGIN PRIVATE KEY-----\nAQID\n"));
        assert_eq!(format!("{text:?}"), "[hidden]");
    }
}
