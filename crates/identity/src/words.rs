//! The words of this room: account ids, kinds of factors.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Names an account within its facility: 1 to 40 of `a-z 0-9 . -`, beginning and ending with a letter or digit. It
/// stands in the journal as the actor and is never a person's name, and never used again for somebody else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(Box<str>);

impl AccountId {
    /// Reads an id.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let edges = text.bytes().next().is_some_and(inner) && text.bytes().last().is_some_and(inner);
        let allowed = |byte: u8| inner(byte) || byte == b'-' || byte == b'.';
        (edges && text.len() <= 40 && text.bytes().all(allowed)).then(|| Self(text.into()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AccountId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("an account id has 1 to 40 of a-z 0-9 . -")
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// By what somebody shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactorKind {
    /// A password.
    Password,
    /// A one-time code by an app (TOTP, RFC 6238).
    Totp,
    /// A passkey (WebAuthn) with user verification.
    Passkey,
    /// One of the recovery codes.
    Recovery,
    /// A one-time code by SMS.
    Sms,
    /// A client certificate.
    Certificate,
    /// The key of a machine's account.
    Key,
}

/// What a factor rests on. Two factors of one class are not two factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactorClass {
    /// Something known.
    Knowledge,
    /// Something held.
    Possession,
    /// Something that one is or knows, checked by the thing that is held.
    Verification,
}

impl FactorKind {
    /// The word for it in policies and interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::Recovery => "recovery",
            Self::Sms => "sms",
            Self::Certificate => "certificate",
            Self::Key => "key",
        }
    }

    /// The classes it stands for: a passkey with user verification stands for two by itself.
    pub fn classes(self) -> &'static [FactorClass] {
        match self {
            Self::Password => &[FactorClass::Knowledge],
            Self::Passkey => &[FactorClass::Possession, FactorClass::Verification],
            Self::Totp | Self::Recovery | Self::Sms | Self::Certificate | Self::Key => {
                &[FactorClass::Possession]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_is_fit_for_urls_and_the_journal() {
        for good in ["a", "dr-sato", "tablet.3", "0"] {
            assert!(AccountId::parse(good).is_some(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a_b", "a/b", "さくら", ".", &"x".repeat(41)] {
            assert!(AccountId::parse(bad).is_none(), "{bad}");
        }
    }
}
