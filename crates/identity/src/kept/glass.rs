//! Broken glass: who has opened a restricted patient's records for a while, why, and who has looked into it since.

use super::{CODES, Kept, KeptCodes};
use crate::session::SessionId;
use crate::words::AccountId;
use base::Time;
use serde::{Deserialize, Serialize};

/// What the second person found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who has looked into it, as the journal names them.
    pub by: String,
    /// When.
    #[serde(with = "crate::moment")]
    pub at: Time,
    /// What they found.
    pub note: String,
}

/// One breaking of the glass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenGlass {
    /// Its id: access entries that rest on it name it.
    pub id: String,
    /// Who broke it.
    pub account: AccountId,
    /// In which session; it ends with it. A step-up takes it over to the new one.
    pub session: SessionId,
    /// The id of the patient.
    pub patient: String,
    /// Why, in the person's words.
    pub reason: String,
    /// From when.
    #[serde(with = "crate::moment")]
    pub from: Time,
    /// Until when, exclusively.
    #[serde(with = "crate::moment")]
    pub until: Time,
    /// The second person's finding; none as long as nobody has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Review>,
}

impl BrokenGlass {
    /// Whether its time runs. A clock that was set back opens nothing.
    pub fn lasts(&self, now: Time) -> bool {
        self.from <= now && now < self.until
    }
}

impl Kept for BrokenGlass {
    const KIND: &'static str = "AkashiBrokenGlass";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
