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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_an_earlier_program_kept_is_read_and_written_as_it_was() {
        // As it stood in journals before pictures and paths were kept.
        let earlier = r#"{
            "id": "site",
            "check": {
                "program": "0.1.0", "phase": "now",
                "sources": [{ "name": "site.yaml", "sha256": "00" }],
                "facts": [{
                    "key": "site.network.zones_separated", "value": true,
                    "how": { "ja": "サイト検査", "en": "check of the site" }
                }],
                "threats": [], "violated": 3, "undecided": 2
            },
            "entered_by": "planner", "at": "2026-09-01T00:00:00.000000Z"
        }"#;
        let kept: KeptCheck = serde_json::from_str(earlier).unwrap();
        assert_eq!((kept.check.picture.is_none(), kept.check.open_paths.is_none()), (true, true));
        let again: serde_json::Value = serde_json::to_value(&kept).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(earlier).unwrap());
    }
}
