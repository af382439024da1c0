//! What can be asked of a report: which one, in which language and form, for whom.

use base::Language;
use guideline::{Moment, Side};
use serde::{Deserialize, Serialize};

/// A report to be handed out.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// Which one, by its name: `checklist`.
    pub form: String,
    /// The edition that it answers; that of the form when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// For whom; a checklist is that of the facility when absent, other reports are then for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// In which language.
    #[serde(default)]
    pub language: ReportLanguage,
    /// As which file; JSON when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Output>,
    /// What the facility is called on it; as configured when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility_name: Option<String>,
    /// To whom it is handed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// The earlier report whose differences it is to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Earlier>,
    /// The moment as of which it speaks; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
}

impl NewReport {
    /// As which file it is wanted.
    pub fn output(&self) -> Output {
        self.output.unwrap_or_default()
    }
}

/// How an earlier report is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Earlier {
    /// By its version.
    Version(u64),
    /// By the SHA-256 of one of its files as they were handed out, as 64 hexadecimal digits.
    Sha256(String),
}

/// The language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportLanguage {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl ReportLanguage {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }
}

impl From<ReportLanguage> for Language {
    fn from(language: ReportLanguage) -> Self {
        match language {
            ReportLanguage::Ja => Self::Japanese,
            ReportLanguage::En => Self::English,
        }
    }
}

impl From<Language> for ReportLanguage {
    fn from(language: Language) -> Self {
        match language {
            Language::Japanese => Self::Ja,
            Language::English => Self::En,
        }
    }
}

/// As which file a report is handed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// Everything, for programs (formats, section 17).
    #[default]
    Json,
    /// One page for a browser.
    Html,
    /// A spreadsheet.
    Xlsx,
    /// A paper.
    Pdf,
    /// All of them with the facts, each named by its digest in the entry, for a bundle with proofs (formats, section 19).
    Bundle,
}

impl Output {
    /// Those that are one file of its own.
    pub const FILES: [Self; 4] = [Self::Pdf, Self::Xlsx, Self::Html, Self::Json];

    /// How its file ends.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
            Self::Bundle => "zip",
        }
    }

    /// Its media type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
            Self::Bundle => "application/zip",
        }
    }

    /// The one whose files end so.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let all = Self::FILES.into_iter().chain([Self::Bundle]);
        all.into_iter().find(|one| one.ending().eq_ignore_ascii_case(ending))
    }
}
