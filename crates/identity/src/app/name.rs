//! How an app is called: the `client_id` of OAuth 2.0.

use crate::words::AccountId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names an app within its facility, in the form of an account's id: 1 to 40 of `a-z 0-9 . -`. Never used again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AppId(Box<str>);

impl AppId {
    /// Reads an id.
    pub fn parse(text: &str) -> Option<Self> {
        AccountId::parse(text).map(|_| Self(text.into()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AppId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("the id of an app has 1 to 40 of a-z 0-9 . -")
    }
}

impl From<AppId> for String {
    fn from(id: AppId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
