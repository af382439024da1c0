//! A person's answer to a question, with the question as it was asked.

use super::{CODES, Kept, KeptCodes};
use guideline::{Moment, Value};
use serde::{Deserialize, Serialize};

/// An answer. A later one to the same question is a further version of the same record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attestation {
    /// Its id in the journal, made from the key.
    pub id: String,
    /// The key of the fact that it tells: `person.…` or `site.…`.
    pub key: String,
    /// The question as it was asked, in Japanese.
    pub question_ja: String,
    /// The question as it was asked, in English.
    pub question_en: String,
    /// The answer.
    pub answer: Value,
    /// Who answers for it, by name.
    pub name: String,
    /// What they said besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who entered it, as the journal names them.
    pub entered_by: String,
    /// When.
    pub at: Moment,
    /// Until when it counts.
    pub valid_until: Moment,
}

impl Kept for Attestation {
    const KIND: &'static str = "AkashiAttestation";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
