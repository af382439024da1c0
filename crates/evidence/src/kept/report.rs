//! A report as it was handed out: which version, as which files, to whom, and what it rests on.

use super::{CODES, Kept, KeptCodes, record_id};
use crate::command::{Output, ReportLanguage};
use guideline::{Moment, Side};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A handing out. Each of the same report is a further version of the same record of the journal, whether its paper says
/// anything new or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeptReport {
    /// Its id in the journal: form, edition, side and language.
    pub(crate) id: String,
    pub(crate) form: String,
    pub(crate) edition: String,
    pub(crate) side: Option<Side>,
    pub(crate) language: ReportLanguage,
    /// Which version of the report it is: it counts up when the report says something new.
    pub(crate) version: u64,
    pub(crate) output: Output,
    /// What left.
    pub(crate) files: Vec<HandedFile>,
    /// To whom it was handed; none where nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recipient: Option<String>,
    /// Who asked for it, as the journal names them.
    pub(crate) by: String,
    /// When.
    pub(crate) at: Moment,
    /// As of when it speaks.
    pub(crate) as_of: Moment,
    /// What the facility is called on it.
    pub(crate) facility: String,
    /// The version of the program that wrote it.
    pub(crate) program: String,
    /// Where the assessments stand that it rests on.
    pub(crate) positions: Vec<u64>,
    /// The version that it was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) compared_with: Option<u64>,
    /// SHA-256 of what it answers, and of the whole paper without a comparison.
    pub(crate) answers: String,
    pub(crate) sha256: String,
    /// The paper, without its pictures, of the first handing out of each version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) paper: Option<Value>,
}

/// A file that left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HandedFile {
    pub(crate) name: String,
    /// SHA-256 of its bytes, as 64 hexadecimal digits.
    pub(crate) sha256: String,
    /// How many they are.
    pub(crate) bytes: u64,
}

impl Kept for KeptReport {
    const KIND: &'static str = "AkashiReport";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}

impl KeptReport {
    /// The id of those of a form, for an edition and a side, in a language.
    pub(crate) fn id_of(form: &str, edition: &str, side: Option<Side>, language: ReportLanguage) -> String {
        record_id(&format!("{form}.{edition}.{}.{}", side_word(side), language.word()))
    }
}

/// How a side is written; `all` where it is none.
pub(crate) fn side_word(side: Option<Side>) -> &'static str {
    match side {
        None => "all",
        Some(Side::Facility) => "facility",
        Some(Side::Provider) => "provider",
    }
}
