//! A decision that a requirement does not apply to the facility.

use super::{CODES, Kept, KeptCodes};
use guideline::Moment;
use serde::{Deserialize, Serialize};

/// The decision, with its reason and who took it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptExclusion {
    /// Its id in the journal, made from the requirement.
    pub(crate) id: String,
    pub(crate) requirement: String,
    pub(crate) reason: String,
    /// Who decided, by name.
    pub(crate) name: String,
    /// Who entered it, as the journal names them.
    pub(crate) entered_by: String,
    pub(crate) at: Moment,
    pub(crate) valid_until: Moment,
}

impl Kept for KeptExclusion {
    const KIND: &'static str = "AkashiExclusion";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
