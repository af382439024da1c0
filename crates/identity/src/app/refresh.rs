//! Refresh tokens: `ar1_` and 43 characters of base64url. The first 20 name the family, which stays as long as the grant;
//! the rest changes with every use, so that one that was used already is known as such, and ends the family (RFC 9700,
//! section 4.14). Of both, only SHA-256 is kept.

use crate::session::TokenHash;
use crate::session::token::random;
use base::{Entropy, Problem, Secret};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// Characters of the family: 15 bytes.
const FAMILY_CHARS: usize = 20;
/// Characters in all: 32 bytes.
const CHARS: usize = 43;

/// A refresh token.
#[derive(Debug)]
pub struct RefreshToken(Secret<String>);

impl RefreshToken {
    /// What it begins with.
    pub const PREFIX: &'static str = "ar1_";

    /// The first of a new family.
    ///
    /// # Errors
    /// `ID-0306` when `entropy` fails.
    pub fn begin(entropy: &dyn Entropy) -> Result<Self, Problem> {
        let family = random::<15>(entropy)?;
        Self::of(&format!("{}{}", Self::PREFIX, URL_SAFE_NO_PAD.encode(*family)), entropy)
    }

    /// The next of this family.
    ///
    /// # Errors
    /// `ID-0306` when `entropy` fails.
    pub fn next(&self, entropy: &dyn Entropy) -> Result<Self, Problem> {
        Self::of(self.beginning(), entropy)
    }

    fn of(beginning: &str, entropy: &dyn Entropy) -> Result<Self, Problem> {
        let rest = random::<17>(entropy)?;
        Ok(Self(Secret::new(format!("{beginning}{}", URL_SAFE_NO_PAD.encode(*rest)))))
    }

    /// Reads one as shown by a client; `None` when it breaks the form.
    pub fn parse(text: &str) -> Option<Self> {
        let chars = text.strip_prefix(Self::PREFIX).filter(|chars| chars.len() == CHARS)?;
        URL_SAFE_NO_PAD.decode(chars).ok()?;
        Some(Self(Secret::new(text.to_owned())))
    }

    /// What is kept of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.reveal())
    }

    /// What is kept of its family.
    pub fn family(&self) -> TokenHash {
        TokenHash::of(self.beginning())
    }

    /// Its text, to be shown once to its client.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    fn beginning(&self) -> &str {
        self.reveal().get(..Self::PREFIX.len() + FAMILY_CHARS).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;

    #[test]
    fn a_family_keeps_its_name_and_changes_its_tokens() {
        let entropy = SeededEntropy::new(1);
        let (first, other) = (RefreshToken::begin(&entropy).unwrap(), RefreshToken::begin(&entropy).unwrap());
        let next = first.next(&entropy).unwrap();
        assert_eq!(first.reveal().len(), 47);
        assert!(first.family() == next.family() && first.hash() != next.hash());
        assert!(first.family() != other.family());
        let again = RefreshToken::parse(next.reveal()).unwrap();
        assert!(again.hash() == next.hash() && again.family() == first.family());
    }

    #[test]
    fn a_text_that_is_none_is_refused() {
        let good = format!("ar1_{}", "A".repeat(43));
        assert!(RefreshToken::parse(&good).is_some());
        for bad in ["", "ar1_", &format!("as1_{}", "A".repeat(43)), &format!("{good}A"), &format!("{good}=")]
        {
            assert!(RefreshToken::parse(bad).is_none(), "{bad}");
        }
        assert!(!format!("{:?}", RefreshToken::parse(&good)).contains("ar1_"));
    }
}
