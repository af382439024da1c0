//! Proof Key for Code Exchange (RFC 7636), method `S256` alone: whoever exchanges a code is whoever asked for it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Whether a text can be a challenge of `S256`: 32 bytes as base64url without padding (section 4.2).
pub(crate) fn is_challenge(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok()
}

/// Whether a text has the form of a verifier: 43 to 128 unreserved characters (section 4.1).
pub(crate) fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Whether a verifier belongs to a challenge (section 4.6).
pub(crate) fn proves(verifier: &str, challenge: &str) -> bool {
    let made = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    is_verifier(verifier) && made.as_bytes().ct_eq(challenge.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc_is_good() {
        assert!(is_challenge(CHALLENGE) && is_verifier(VERIFIER) && proves(VERIFIER, CHALLENGE));
    }

    #[test]
    fn what_is_of_another_form_or_another_verifier_is_not() {
        assert!(!proves(&VERIFIER.replace('d', "e"), CHALLENGE));
        assert!(!proves(CHALLENGE, CHALLENGE), "the method `plain`");
        for bad in ["", "short", &"a".repeat(42), &"a".repeat(129), &format!("{}+", "a".repeat(43))] {
            assert!(!is_verifier(bad), "{bad}");
        }
        for bad in ["", &"a".repeat(42), &"a".repeat(44), &format!("{}=", "A".repeat(42)), &"+".repeat(43)] {
            assert!(!is_challenge(bad), "{bad}");
        }
    }
}
