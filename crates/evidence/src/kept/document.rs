//! A document of the register: what it is, where it lies, who answers for it, and until when it counts.

use super::{CODES, Kept, KeptCodes};
use crate::command::Place;
use guideline::Day;
use guideline::Moment;
use serde::{Deserialize, Serialize};

/// Who approved a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The person's name, as on the paper.
    pub by: String,
    /// On which day.
    pub on: Day,
    /// Who entered it, as the journal names them.
    pub entered_by: String,
}

/// Why a document no longer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Who said so, as the journal names them.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
    /// The document in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its id in the register.
    pub id: String,
    /// What kind it is: one of the registry's.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its version, as it says itself.
    pub version: String,
    /// Where it lies.
    pub place: Place,
    /// SHA-256 of its content, as hexadecimal digits; none where nobody could take it, such as of paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Who keeps it up to date.
    pub owner: String,
    /// Who approved it; none as long as nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approved>,
    /// The day by which it must be looked at again. It counts until the end of that day.
    pub review_on: Day,
    /// Who entered it, as the journal names them.
    pub entered_by: String,
    /// When.
    pub at: Moment,
    /// Why it no longer stands; none as long as it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
}

impl Kept for Document {
    const KIND: &'static str = "AkashiDocument";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
