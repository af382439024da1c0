//! The shapes of the catalogue's files, as `docs/formats.md` describes them. Keys that are not named here are refused.

use crate::catalogue::{Actor, Basis, EvidenceKind};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One part of one guideline, or the part of an overlay edition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    pub(crate) guideline: String,
    #[serde(rename = "part")]
    pub(crate) name: String,
    /// For an overlay: the part whose requirements stand unless they are replaced or dropped.
    pub(crate) inherits: Option<String>,
    pub(crate) title_ja: String,
    pub(crate) title_en: String,
    pub(crate) publisher_ja: String,
    pub(crate) published: String,
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) based_on: String,
    #[serde(default)]
    pub(crate) sources: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) chapters: Vec<Chapter>,
    #[serde(default)]
    pub(crate) scenarios: Vec<Scenario>,
    #[serde(default)]
    pub(crate) dropped: Vec<Dropped>,
    #[serde(default)]
    pub(crate) gaps: Vec<String>,
    #[serde(default)]
    pub(crate) coverage: Coverage,
    // What is kept for the reader of the file, and for reports.
    #[serde(rename = "usage_ja")]
    _usage_ja: Option<String>,
    #[serde(rename = "usage_en")]
    _usage_en: Option<String>,
    #[serde(rename = "files")]
    _files: Option<Value>,
    #[serde(rename = "standard_number")]
    _standard_number: Option<String>,
    #[serde(rename = "completeness")]
    _completeness: Option<Value>,
    #[serde(rename = "facts")]
    _facts: Option<Value>,
    #[serde(rename = "answer_type")]
    _answer_type: Option<Value>,
    #[serde(rename = "header_fields")]
    _header_fields: Option<Value>,
    #[serde(rename = "header_fields_basis")]
    _header_fields_basis: Option<String>,
    #[serde(rename = "edition")]
    _edition: Option<String>,
    #[serde(rename = "pdf")]
    _pdf: Option<String>,
    #[serde(rename = "annex_note")]
    _annex_note: Option<String>,
}

/// What of a part could be read when it was written down.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Coverage {
    #[serde(default)]
    pub(crate) gaps: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chapter {
    pub(crate) number: String,
    pub(crate) title_ja: String,
    pub(crate) title_en: String,
    #[serde(default)]
    pub(crate) facility_types: Vec<String>,
    pub(crate) requirements: Vec<Requirement>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Requirement {
    pub(crate) id: String,
    pub(crate) item: Option<String>,
    pub(crate) name_ja: String,
    pub(crate) name_en: String,
    pub(crate) summary_ja: String,
    pub(crate) summary_en: String,
    pub(crate) actors: Vec<Actor>,
    pub(crate) topics: Vec<String>,
    pub(crate) evidence: Vec<EvidenceKind>,
    pub(crate) locator: String,
    pub(crate) basis: Basis,
    #[serde(default)]
    pub(crate) related: Vec<String>,
    // Overlays.
    pub(crate) replaces: Option<String>,
    pub(crate) mark: Option<String>,
    #[serde(default)]
    pub(crate) sources: Vec<String>,
    // Checklists.
    #[serde(default)]
    pub(crate) system_class_ja: Vec<String>,
    #[serde(default)]
    pub(crate) system_class_en: Vec<String>,
    pub(crate) deadline: Option<String>,
    pub(crate) deadline_en: Option<String>,
    #[serde(rename = "chapter_match")]
    _chapter_match: Option<String>,
    #[serde(default, rename = "guideline_refs")]
    _guideline_refs: Vec<String>,
    #[serde(default, rename = "new_in_2025")]
    _new_in_2025: bool,
    pub(crate) note: Option<String>,
    // The disclosure form.
    #[serde(default)]
    pub(crate) forms: Vec<String>,
    pub(crate) group: Option<String>,
    #[serde(rename = "answer")]
    _answer: Option<String>,
    #[serde(rename = "confidence")]
    _confidence: Option<String>,
    #[serde(rename = "annex_mhlw_7_0")]
    _annex: Option<String>,
    #[serde(default, rename = "guideline_chapters")]
    _guideline_chapters: Vec<String>,
    pub(crate) yes_means: Option<String>,
    #[serde(default)]
    pub(crate) options: Vec<String>,
    pub(crate) remark_when: Option<String>,
    // METI/MIC.
    #[serde(rename = "level")]
    _level: Option<String>,
}

/// A requirement of the inherited part that no longer stands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dropped {
    pub(crate) id: String,
    pub(crate) ja: String,
    pub(crate) en: String,
    pub(crate) mark: Option<String>,
    #[serde(default)]
    pub(crate) sources: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    pub(crate) name_ja: String,
    pub(crate) name_en: String,
    pub(crate) summary_ja: String,
    pub(crate) summary_en: String,
    pub(crate) stride: Vec<String>,
    pub(crate) harms: Vec<String>,
    pub(crate) concerns_ja: String,
    pub(crate) concerns_en: String,
    #[serde(default)]
    pub(crate) related: Vec<String>,
    #[serde(rename = "origin")]
    _origin: String,
    pub(crate) locator: String,
    pub(crate) basis: Basis,
    #[serde(rename = "note")]
    _note: Option<String>,
}
