//! An assessment as it was made, with everything that it rests on.

use super::{CODES, Kept, KeptCodes};
use guideline::{Assessment, Fact, Moment, Side};
use serde::{Deserialize, Serialize};

/// Verdicts with their inputs. A later assessment of the same edition for the same side is a further version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptAssessment {
    /// Its id in the journal: edition and side.
    pub id: String,
    /// When it was made.
    pub at: Moment,
    /// The version of the program whose catalogue and checks decided.
    pub program: String,
    /// Who asked for it, as the journal names them.
    pub by: String,
    /// The verdicts.
    pub assessment: Assessment,
    /// The facts that they rest on.
    pub facts: Vec<Fact>,
}

impl Kept for KeptAssessment {
    const KIND: &'static str = "AkashiAssessment";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}

impl KeptAssessment {
    /// The id of those of an edition for a side.
    pub(crate) fn id_of(edition: &str, side: Option<Side>) -> String {
        let side = match side {
            None => "all",
            Some(Side::Facility) => "facility",
            Some(Side::Provider) => "provider",
        };
        format!("{edition}.{side}").replace(['/', '_'], "-")
    }

    /// Whether another says the same for the same reasons. When it was looked is no reason.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let inputs = |one: &Self| {
            one.facts.iter().map(|fact| (fact.key.clone(), fact.value.clone())).collect::<Vec<_>>()
        };
        self.program == other.program && self.assessment == other.assessment && inputs(self) == inputs(other)
    }
}
