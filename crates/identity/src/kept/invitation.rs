//! Invitations: a link that lets somebody set their factors once.

use super::{CODES, Kept, KeptCodes};
use crate::words::AccountId;
use base::Time;
use serde::{Deserialize, Serialize};

/// An invitation that has not been used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// Who is invited.
    pub account: AccountId,
    /// SHA-256 of the code in the link, in hexadecimal.
    pub digest: String,
    /// When it ends by itself.
    #[serde(with = "crate::moment")]
    pub ends: Time,
}

impl Kept for Invitation {
    const KIND: &'static str = "AkashiInvitation";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
