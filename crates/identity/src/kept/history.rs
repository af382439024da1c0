//! The last passwords of an account. They are kept apart from its factors, so that taking a factor away and inviting the
//! person anew brings no former password back.

use super::{CODES, Kept, KeptCodes};
use crate::words::AccountId;
use serde::{Deserialize, Serialize};

/// The passwords that an account had last, as hashes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasswordHistory {
    /// Whose they are.
    pub account: AccountId,
    /// Hashed with argon2id (PHC strings, each with a salt of its own), the newest first: that one was set last.
    pub hashes: Vec<String>,
}

impl Kept for PasswordHistory {
    const KIND: &'static str = "AkashiPasswordHistory";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        self.account.as_str()
    }
}
