//! The words of the catalogue that are a choice of a few.

use base::Language;
use serde::{Deserialize, Serialize};

/// What requirements are about.
pub const TOPICS: [&str; 44] = [
    "access-control",
    "asset",
    "audit-log",
    "authentication",
    "authenticity",
    "authorization",
    "availability",
    "backup",
    "cloud",
    "continuity",
    "contract",
    "disposal",
    "documents",
    "encryption",
    "external-storage",
    "governance",
    "incident",
    "information-handling",
    "maintenance",
    "malware",
    "migration",
    "monitoring",
    "network",
    "patch",
    "physical",
    "portable-media",
    "preservation",
    "privacy",
    "provider",
    "readability",
    "remote-maintenance",
    "responsibility",
    "risk",
    "roles",
    "scan",
    "signature",
    "standard",
    "storage",
    "supply-chain",
    "terminal",
    "time",
    "training",
    "vulnerability",
    "wireless",
];

/// How a requirement can be shown to be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceKind {
    /// A running record system shows it about itself.
    Runtime,
    /// A configuration of network or cloud shows it.
    Infrastructure,
    /// A document exists and is current.
    Document,
    /// A person states it.
    Attestation,
}

/// Who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// 経営層
    Executive,
    /// 企画管理者
    Planner,
    /// システム運用担当者
    Operator,
    /// 事業者
    Provider,
    /// 利用者
    User,
}

impl Actor {
    /// Its name.
    pub fn name(self, language: Language) -> &'static str {
        let (ja, en) = match self {
            Self::Executive => ("経営層", "executive"),
            Self::Planner => ("企画管理者", "planner"),
            Self::Operator => ("システム運用担当者", "operator"),
            Self::Provider => ("事業者", "provider"),
            Self::User => ("利用者", "user"),
        };
        match language {
            Language::Japanese => ja,
            Language::English => en,
        }
    }
}

/// How well the official wording of an item was read before it was restated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Read whole.
    Full,
    /// Only part of it could be read.
    Partial,
    /// Known from another publication that describes it.
    Secondary,
    /// Known in general from earlier forms; not seen.
    Recalled,
    /// Expected because another guideline asks for it; not confirmed.
    Derived,
}

impl Basis {
    /// What whoever reads the item should know; none where the wording was read whole.
    pub fn caution(self, language: Language) -> Option<&'static str> {
        let (ja, en) = match self {
            Self::Full => return None,
            Self::Partial => ("原文の一部のみ確認", "only part of the official text was read"),
            Self::Secondary => {
                ("原文未確認（二次資料による）", "official text not read; from other publications")
            }
            Self::Recalled => {
                ("原文未確認（旧版からの再構成）", "official text not seen; rebuilt from earlier forms")
            }
            Self::Derived => {
                ("原文未確認（関連する要求からの推定）", "not confirmed; expected from related requirements")
            }
        };
        Some(match language {
            Language::Japanese => ja,
            Language::English => en,
        })
    }
}
