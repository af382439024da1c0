//! Bearer tokens: random, compared in constant time.

use crate::codes::TOKEN_MALFORMED;
use crate::random;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base::{Entropy, Problem, Secret};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// A bearer token: 32 random bytes as 43 characters of base64url without padding (RFC 4648, section 5).
#[derive(Debug)]
pub struct Token(Secret<String>);

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// `SE-0001` when `entropy` fails.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, Problem> {
        let bytes = random::secret(entropy)?;
        Ok(Self(Secret::new(URL_SAFE_NO_PAD.encode(bytes.reveal()))))
    }

    /// Reads a token as kept in a file; a newline may stand at its end.
    ///
    /// # Errors
    /// `SE-0006` for any other difference from the form above.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let token = text.strip_suffix('\n').unwrap_or(text);
        match URL_SAFE_NO_PAD.decode(token).map(Zeroizing::new) {
            Ok(bytes) if bytes.len() == 32 => Ok(Self(Secret::new(token.to_owned()))),
            _ => Err(Problem::new(&TOKEN_MALFORMED).log("the text of a token is malformed")),
        }
    }

    /// Whether `presented` is this token. How long the answer takes does not depend on which characters differ.
    pub fn matches(&self, presented: &str) -> bool {
        verify_slices_are_equal(self.0.reveal().as_bytes(), presented.as_bytes()).is_ok()
    }

    /// The token's text. The caller answers for where it goes.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;

    #[test]
    fn a_token_is_43_characters_and_comes_back_from_a_file() {
        let token = Token::generate(&SeededEntropy::new(1)).unwrap();
        assert_eq!(token.reveal().len(), 43);
        assert!(token.reveal().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        for text in [token.reveal().to_owned(), format!("{}\n", token.reveal())] {
            assert!(Token::parse(&text).unwrap().matches(token.reveal()));
        }
        assert!(!Token::generate(&SeededEntropy::new(2)).unwrap().matches(token.reveal()));
    }

    #[test]
    fn only_the_very_token_matches() {
        let token = Token::generate(&SeededEntropy::new(1)).unwrap();
        let text = token.reveal();
        for place in 0..text.len() {
            let mut changed = text.as_bytes().to_vec();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            assert!(!token.matches(std::str::from_utf8(&changed).unwrap()), "{place}");
        }
        let (mut tail, mut head) = (text.chars(), text.chars());
        assert!(tail.next().is_some() && head.next_back().is_some());
        for other in [
            "",
            tail.as_str(),
            head.as_str(),
            &format!("{text}\n"),
            &format!(" {text}"),
            &text.to_lowercase(),
        ] {
            assert!(!token.matches(other), "{other}");
        }
    }

    #[test]
    fn a_text_that_is_no_token_is_refused() {
        let good = "A".repeat(43);
        assert!(Token::parse(&good).is_ok());
        let bad = [
            String::new(),
            "\n".into(),
            "A".repeat(42),
            "A".repeat(44),
            format!("{good}="),
            format!("{good}\n\n"),
            format!("{good}\r\n"),
            format!(" {good}"),
            format!("{}B", "A".repeat(42)),
            format!("{}+", "A".repeat(42)),
        ];
        for text in bad {
            assert_eq!(Token::parse(&text).unwrap_err().code().id, "SE-0006", "{text:?}");
        }
    }

    #[test]
    fn a_token_does_not_print() {
        let token = Token::generate(&SeededEntropy::new(1)).unwrap();
        assert_eq!(format!("{token:?}"), "Token([hidden])");
    }
}
