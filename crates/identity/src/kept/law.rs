//! What a facility has added to the law, and what is proposed: whole texts of policies, never parts of one.

use super::{CODES, Kept, KeptCodes};
use base::Time;
use serde::{Deserialize, Serialize};

/// The extension of the law that is in force, and by whose hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Law {
    /// The policies; empty for none.
    pub text: String,
    /// Who proposed it, as the journal names them.
    pub proposed_by: String,
    /// Who approved it: somebody else.
    pub approved_by: String,
    /// Why.
    pub reason: String,
    /// Since when it is in force.
    #[serde(with = "crate::moment")]
    pub since: Time,
}

/// The one law of a facility, under this id.
pub(crate) const ID: &str = "law";

impl Kept for Law {
    const KIND: &'static str = "AkashiLaw";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        ID
    }
}

/// An extension that waits for a second hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LawProposal {
    /// Its id.
    pub id: String,
    /// The policies; empty for none.
    pub text: String,
    /// Who proposed it, as the journal names them.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When it was made.
    #[serde(with = "crate::moment")]
    pub at: Time,
    /// When it ends by itself.
    #[serde(with = "crate::moment")]
    pub ends: Time,
}

impl Kept for LawProposal {
    const KIND: &'static str = "AkashiLawProposal";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
