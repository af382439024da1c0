//! Apps that people or services use, and what people granted to them.

use super::{CODES, Kept, KeptCodes, State};
use crate::app::AppId;
use crate::session::TokenHash;
use crate::words::{AccountId, FactorKind};
use base::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an app is (RFC 6749, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppKind {
    /// Used by people, and unable to keep a key: it runs on their device.
    Public,
    /// Used by people, with a server of its own that keeps a key.
    Confidential,
    /// Used by nobody: a program that comes by itself, for an account of a service.
    Service,
}

impl AppKind {
    /// The word for it in commands and interfaces.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Confidential => "confidential",
            Self::Service => "service",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Public, Self::Confidential, Self::Service].into_iter().find(|one| one.word() == word)
    }
}

/// An app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its id: the `client_id`.
    pub id: AppId,
    /// What it is.
    pub kind: AppKind,
    /// What people call it.
    pub name: String,
    /// Where people may be sent back to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirects: Vec<String>,
    /// Where it is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<String>,
    /// What it may be granted at most, separated by spaces.
    pub scopes: String,
    /// Its public keys, as a JSON Web Key Set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<Value>,
    /// The account it acts for, when it is a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Whether it may be used.
    pub state: State,
    /// When it was registered.
    #[serde(with = "crate::moment")]
    pub made: Time,
}

impl App {
    /// Whether it may be used.
    pub fn active(&self) -> bool {
        self.state == State::Active
    }
}

impl Kept for App {
    const KIND: &'static str = "AkashiApp";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// What a person granted to an app: from the exchange of the code until it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// Its id.
    pub id: String,
    /// To which app.
    pub app: AppId,
    /// By whom.
    pub account: AccountId,
    /// The beginning of the session with which it ends; none when it outlasts sessions.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "moment_or_none")]
    pub session: Option<Time>,
    /// The account of the certificate over whose connection the app came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<AccountId>,
    /// The factors that were shown.
    pub factors: Vec<FactorKind>,
    /// What was granted.
    pub scopes: String,
    /// The patient who was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// SHA-256 of the code that was exchanged.
    pub code: TokenHash,
    /// SHA-256 of what its refresh tokens have in common, and of the one that can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Family>,
    /// When it was granted.
    #[serde(with = "crate::moment")]
    pub made: Time,
    /// When it ends at the latest.
    #[serde(with = "crate::moment")]
    pub ends: Time,
}

/// A family of refresh tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// SHA-256 of what they have in common.
    pub family: TokenHash,
    /// SHA-256 of the one that can be used.
    pub token: TokenHash,
}

impl Kept for Granted {
    const KIND: &'static str = "AkashiGrant";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}

/// A moment that may be absent.
mod moment_or_none {
    use base::Time;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Moment(#[serde(with = "crate::moment")] Time);

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(time: &Option<Time>, serializer: S) -> Result<S::Ok, S::Error> {
        time.map(Moment).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
        Ok(Option::<Moment>::deserialize(deserializer)?.map(|moment| moment.0))
    }
}
