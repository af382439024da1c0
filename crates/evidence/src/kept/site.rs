//! What the last check of the site came to.

use super::{CODES, Kept, KeptCodes};
use crate::command::SiteCheck;
use guideline::Moment;
use serde::{Deserialize, Serialize};

/// The id under which it stands: a facility has one, and a later check is a further version of it.
pub(crate) const SITE_ID: &str = "site";

/// A check as it was handed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeptCheck {
    /// Its id in the journal.
    pub(crate) id: String,
    /// What it came to.
    pub(crate) check: SiteCheck,
    /// Who handed it in, as the journal names them.
    pub(crate) entered_by: String,
    /// When.
    pub(crate) at: Moment,
}

impl Kept for KeptCheck {
    const KIND: &'static str = "AkashiSiteCheck";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
