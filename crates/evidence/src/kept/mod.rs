//! What the journal keeps as evidence, one file per kind: read back at the start, written as versions of a record.

mod answer;
mod assessment;
mod disclosure;
mod document;
mod exclusion;
mod report;
mod risk;
mod site;
mod target;

pub use answer::Attestation;
pub(crate) use assessment::AssessedThen;
pub use assessment::KeptAssessment;
pub(crate) use disclosure::KeptDisclosure;
pub use document::{Approved, Document, Withdrawn};
pub(crate) use exclusion::KeptExclusion;
pub(crate) use report::{HandedFile, KeptReport, side_word};
pub(crate) use risk::{KeptAsset, KeptFlow, KeptRisk};
pub(crate) use site::{KeptCheck, SITE_ID};
pub(crate) use store::kept::{Kept, KeptCodes, Stood, end, load, load_at, load_history, load_stood, put};
pub(crate) use target::KeptTarget;

use crate::codes;
use base::ResourceId;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// What this room says when something cannot be kept.
const CODES: KeptCodes = KeptCodes { not_kept: &codes::NOT_KEPT, unreadable: &codes::UNREADABLE };

/// The id under which something stands in the journal that is named by a key or a requirement. Ids hold no slashes and no
/// underscores; what cannot be written readably without meeting another is named by its digest.
pub(crate) fn record_id(name: &str) -> String {
    let readable = name.replace('/', "--").replace('_', "-");
    let meets = name.contains("--") || (name.contains('_') && name.contains('-'));
    if !meets && ResourceId::parse(&readable).is_some() {
        return readable;
    }
    HEXLOWER.encode(&Sha256::digest(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_names_have_different_ids_and_every_name_has_one() {
        let names =
            ["person.a_b", "person.a", "a/b", "a--b", "a_b-c", "a-b_c", "a-b-c", &"x".repeat(100), "質問"];
        let ids: std::collections::BTreeSet<String> = names.iter().map(|name| record_id(name)).collect();
        assert_eq!(ids.len(), names.len());
        assert!(ids.iter().all(|id| ResourceId::parse(id).is_some()), "{ids:?}");
        assert_eq!(record_id("mhlw-6.0/control/13-1"), "mhlw-6.0--control--13-1");
    }
}
