//! By when a facility wants to meet a requirement, and who sees to it.

use super::{CODES, Kept, KeptCodes};
use guideline::{Day, Moment};
use serde::{Deserialize, Serialize};

/// The target of one requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptTarget {
    /// Its id in the journal, made from the requirement.
    pub(crate) id: String,
    pub(crate) requirement: String,
    /// Who sees to it, by name.
    pub(crate) owner: String,
    /// By when it is to be met: the target date of the yearly checklist.
    pub(crate) due: Day,
    /// What is going to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    /// Who entered it, as the journal names them.
    pub(crate) entered_by: String,
    pub(crate) at: Moment,
}

impl Kept for KeptTarget {
    const KIND: &'static str = "AkashiTarget";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
