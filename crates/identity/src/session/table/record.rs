//! What is known of one session, and what of it is written down.

use crate::session::{Agent, TokenHash, moment};
use crate::{AccountId, FactorKind};
use base::{Entropy, Problem, Time};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;

/// The public name of a session: 32 hexadecimal digits from 16 random bytes. It stands in lists and in the journal, and
/// lets nobody in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(Box<str>);

impl SessionId {
    /// A new name.
    ///
    /// # Errors
    /// `ID-0306` when `entropy` fails.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, Problem> {
        let bytes = crate::session::token::random::<16>(entropy)?;
        Ok(Self(format!("{:032x}", u128::from_be_bytes(*bytes)).into()))
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == 32 && text.bytes().all(digit)).then(|| Self(text.into()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SessionId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("the id of a session has 32 hexadecimal digits")
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the token of a session travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Carrier {
    /// In the cookie of a browser: requests that change something need a check of their origin as well.
    Cookie,
    /// In `Authorization: Bearer`.
    Bearer,
}

/// A factor that was shown in a session, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownFactor {
    /// Which kind.
    pub kind: FactorKind,
    /// When it was accepted.
    #[serde(with = "moment")]
    pub at: Time,
}

/// A login that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its public name.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// The device's account, when its certificate was shown at login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<AccountId>,
    /// What was shown, oldest first.
    pub factors: Vec<ShownFactor>,
    /// When somebody logged in.
    #[serde(with = "moment")]
    pub began: Time,
    /// The last request.
    #[serde(with = "moment")]
    pub seen: Time,
    /// When it ends whatever happens.
    #[serde(with = "moment")]
    pub ends: Time,
    /// So long without a request, in seconds, ends it too.
    pub idle_seconds: u32,
    /// When a factor was shown last: actions that need a fresh look at the person compare it.
    #[serde(with = "moment")]
    pub fresh_at: Time,
    /// How the token travels. A token that comes the other way is not taken.
    pub way: Carrier,
    /// Where the login came from.
    pub address: IpAddr,
    /// What the client says it is.
    pub agent: Agent,
}

impl Session {
    /// From when on it is over, when no further request comes.
    pub(super) fn over_at(&self) -> Time {
        self.ends.min(self.seen.plus_seconds(i64::from(self.idle_seconds)))
    }
}

/// A session as written down: with the hash of its token, never the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The SHA-256 of the token.
    pub token: TokenHash,
    /// What is known of the session.
    pub session: Session,
}
