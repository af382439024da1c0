//! Which lane a try runs in: the account, and whether it comes from where its owner was before.

use crate::AccountId;
use crate::session::TokenHash;
use std::fmt;

/// How a try comes to an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// From a device on which somebody logged in to this account before. The caller has checked that.
    Known(Known),
    /// From anywhere else.
    Stranger,
}

/// By what a device is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// By its client certificate, which names the account of the device.
    Device(AccountId),
    /// By the cookie that it got at a login to this account.
    Cookie(TokenHash),
}

/// Names one lane. Its text is `account/stranger`, `account/device:id` or `account/cookie:hash`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneName {
    /// The account that somebody wants to log in to. It exists: for unknown names no lane is kept.
    pub account: AccountId,
    /// How the try comes.
    pub way: Way,
}

impl LaneName {
    /// Reads the text of a name.
    pub fn parse(text: &str) -> Option<Self> {
        let (account, way) = text.split_once('/')?;
        let way = match way.split_once(':') {
            None if way == "stranger" => Way::Stranger,
            Some(("device", id)) => Way::Known(Known::Device(AccountId::parse(id)?)),
            Some(("cookie", hash)) => Way::Known(Known::Cookie(TokenHash::parse(hash)?)),
            _ => return None,
        };
        Some(Self { account: AccountId::parse(account)?, way })
    }
}

impl fmt::Display for LaneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.way {
            Way::Stranger => write!(f, "{}/stranger", self.account),
            Way::Known(Known::Device(device)) => write!(f, "{}/device:{device}", self.account),
            Way::Known(Known::Cookie(hash)) => write!(f, "{}/cookie:{hash}", self.account),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_from_its_text() {
        for text in ["a/stranger", "dr-sato/device:tablet.3", &format!("a/cookie:{}", "0f".repeat(32))] {
            assert_eq!(LaneName::parse(text).unwrap().to_string(), text);
        }
        for bad in
            ["", "a", "a/", "/stranger", "A/stranger", "a/device:", "a/cookie:00", "a/stranger:", "a/x:y"]
        {
            assert!(LaneName::parse(bad).is_none(), "{bad}");
        }
    }
}
