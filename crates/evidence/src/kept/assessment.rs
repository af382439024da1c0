//! An assessment as it was made, with everything that it rests on.

use super::{CODES, Kept, KeptCodes, side_word};
use guideline::{Assessment, Fact, Moment, Side, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
        format!("{edition}.{}", side_word(side)).replace(['/', '_'], "-")
    }

    /// Whether another says the same for the same reasons. When it was looked is no reason.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let inputs = |one: &Self| {
            one.facts.iter().map(|fact| (fact.key.clone(), fact.value.clone())).collect::<Vec<_>>()
        };
        self.program == other.program && self.assessment == other.assessment && inputs(self) == inputs(other)
    }
}

/// As much of an assessment as a trend shows of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AssessedThen {
    pub(crate) id: String,
    pub(crate) at: Moment,
    pub(crate) assessment: Verdicts,
}

/// Its verdicts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Verdicts {
    pub(crate) verdicts: Vec<OneVerdict>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OneVerdict {
    pub(crate) requirement: String,
    pub(crate) verdict: Verdict,
}

impl Kept for AssessedThen {
    const KIND: &'static str = KeptAssessment::KIND;
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}

impl AssessedThen {
    /// The verdict on one requirement; none where it was not assessed.
    pub(crate) fn verdict_of(&self, requirement: &str) -> Option<Verdict> {
        self.assessment.verdicts.iter().find(|one| one.requirement == requirement).map(|one| one.verdict)
    }

    /// How many requirements had which verdict.
    pub(crate) fn counts(&self) -> BTreeMap<Verdict, usize> {
        let mut counts = BTreeMap::new();
        for one in &self.assessment.verdicts {
            let count: &mut usize = counts.entry(one.verdict).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }
}
