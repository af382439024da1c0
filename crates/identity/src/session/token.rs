//! What callers show: tokens of sessions, keys of machines, tokens of known devices. Only their SHA-256 is kept.
//!
//! A token is a prefix that says what it is, then 32 random bytes as base64url. Since it has 256 random bits, a plain
//! SHA-256 of it can be neither guessed nor looked up; no slow hash is needed as for passwords.

use crate::session::codes::NO_ENTROPY;
use base::{Entropy, Problem, Secret};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// Length of what follows the prefix, in characters: 32 bytes as base64url without padding (RFC 4648, section 5).
const RANDOM_CHARS: usize = 43;

/// The SHA-256 of a token's whole text. Its text is 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a text.
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let mut bytes = [0; 32];
        for (byte, place) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(place..place + 2).filter(|_| digits)?, 16).ok()?;
        }
        digits.then_some(Self(bytes))
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

impl TryFrom<String> for TokenHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("the hash of a token has 64 hexadecimal digits")
    }
}

impl From<TokenHash> for String {
    fn from(hash: TokenHash) -> Self {
        hash.to_string()
    }
}

/// `N` random bytes.
pub(crate) fn random<const N: usize>(entropy: &dyn Entropy) -> Result<Zeroizing<[u8; N]>, Problem> {
    let mut bytes = Zeroizing::new([0; N]);
    entropy.fill(&mut *bytes).map_err(|error| Problem::new(&NO_ENTROPY).log(error.to_string()))?;
    Ok(bytes)
}

fn generate(prefix: &str, entropy: &dyn Entropy) -> Result<Secret<String>, Problem> {
    let bytes = random::<32>(entropy)?;
    let mut text = String::with_capacity(prefix.len() + RANDOM_CHARS);
    text.push_str(prefix);
    URL_SAFE_NO_PAD.encode_string(*bytes, &mut text);
    Ok(Secret::new(text))
}

/// One spelling only: what differs in unused bits or padding is refused by the decoder.
fn parse(prefix: &str, text: &str) -> Option<Secret<String>> {
    let random = text.strip_prefix(prefix).filter(|random| random.len() == RANDOM_CHARS)?;
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(random).ok()?);
    (bytes.len() == 32).then(|| Secret::new(text.to_owned()))
}

macro_rules! tokens {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(Secret<String>);

        impl $name {
            /// What it begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new one.
            ///
            /// # Errors
            /// `ID-0306` when `entropy` fails.
            pub fn generate(entropy: &dyn Entropy) -> Result<Self, Problem> {
                generate(Self::PREFIX, entropy).map(Self)
            }

            /// Reads one as shown by a caller; `None` when it breaks the form.
            pub fn parse(text: &str) -> Option<Self> {
                parse(Self::PREFIX, text).map(Self)
            }

            /// What is kept of it.
            pub fn hash(&self) -> TokenHash {
                TokenHash::of(self.0.reveal())
            }

            /// Its text, to be shown once to its owner.
            pub fn reveal(&self) -> &str {
                self.0.reveal()
            }
        }
    )+};
}

tokens! {
    /// The token of a session: `as1_` and 43 characters of base64url.
    SessionToken = "as1_"
    /// The key of a machine's account: `ak1_` and 43 characters of base64url.
    MachineKey = "ak1_"
    /// What a browser keeps so that it is known at the next login (a *device cookie*): `ad1_` and 43 characters of
    /// base64url. It lets nobody in; it only chooses the lane of the lock-out.
    DeviceToken = "ad1_"
    /// The code of an invitation, in its link: `ai1_` and 43 characters of base64url.
    InvitationCode = "ai1_"
    /// The handle of a one-time step: `ah1_` and 43 characters of base64url.
    Handle = "ah1_"
    /// What an app or a service calls with (OAuth 2.0): `aa1_` and 43 characters of base64url.
    AccessToken = "aa1_"
    /// What an app exchanges for its first tokens: `ac1_` and 43 characters of base64url.
    AuthorizationCode = "ac1_"
}

/// A bearer token as shown, told apart by its prefix.
#[derive(Debug)]
pub enum Shown {
    /// Of a session.
    Session(SessionToken),
    /// Of a machine.
    Machine(MachineKey),
    /// Of an app or a service.
    App(AccessToken),
}

impl Shown {
    /// Reads a token; `None` when it is of no known form.
    pub fn parse(text: &str) -> Option<Self> {
        let session = || SessionToken::parse(text).map(Self::Session);
        let machine = || MachineKey::parse(text).map(Self::Machine);
        session().or_else(machine).or_else(|| AccessToken::parse(text).map(Self::App))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;

    #[test]
    fn a_token_comes_back_from_its_text_and_tells_its_kind() {
        let session = SessionToken::generate(&SeededEntropy::new(1)).unwrap();
        let machine = MachineKey::generate(&SeededEntropy::new(1)).unwrap();
        assert_eq!(session.reveal().len(), 47);
        let Some(Shown::Session(again)) = Shown::parse(session.reveal()) else { panic!() };
        assert!(again.hash() == session.hash());
        let Some(Shown::Machine(again)) = Shown::parse(machine.reveal()) else { panic!() };
        assert!(again.hash() == machine.hash());
        assert!(session.hash() != machine.hash(), "the prefix is part of what is hashed");
    }

    #[test]
    fn a_text_that_is_no_token_is_refused() {
        let good = format!("as1_{}", "A".repeat(43));
        assert!(Shown::parse(&good).is_some());
        for bad in [
            "",
            "as1_",
            "A",
            &"A".repeat(43),
            &format!("as2_{}", "A".repeat(43)),
            &format!("AS1_{}", "A".repeat(43)),
            &format!("{good}="),
            &format!("{good}A"),
            &format!("{good}\n"),
            &format!(" {good}"),
            &format!("as1_{}B", "A".repeat(42)),
            &format!("as1_{}+", "A".repeat(42)),
            &format!("as1_{}", "あ".repeat(43)),
            &format!("ad1_{}", "A".repeat(43)),
            &format!("ah1_{}", "A".repeat(43)),
        ] {
            assert!(Shown::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn neither_token_nor_hash_prints() {
        let token = SessionToken::generate(&SeededEntropy::new(1)).unwrap();
        let shown = format!("{token:?} {:?} {:?}", token.hash(), Shown::parse(token.reveal()));
        assert!(!shown.contains("as1_") && !shown.contains(&token.hash().to_string()), "{shown}");
    }

    #[test]
    fn a_hash_comes_back_from_its_text() {
        let hash = MachineKey::generate(&SeededEntropy::new(3)).unwrap().hash();
        assert!(TokenHash::parse(&hash.to_string()).unwrap() == hash);
        for bad in
            ["", "0", &"0".repeat(63), &"G".repeat(64), &"A".repeat(64), &"あ".repeat(22), &"+1".repeat(32)]
        {
            assert!(TokenHash::parse(bad).is_none(), "{bad}");
        }
    }
}
