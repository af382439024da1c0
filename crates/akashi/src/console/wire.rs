//! What is said over the console's socket: one line of JSON each way.

use crate::probe::Verified;
use base::{Language, Problem};
use identity::Command;
use records::Problems;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longest request, in bytes, with the end of its line.
pub(super) const REQUEST_BYTES_MAX: u64 = 1024 * 1024;

/// Longest command about evidence, in bytes: it leaves room for the facility and the rest of the request.
pub(crate) const COMMAND_BYTES_MAX: usize = 1_000_000;

/// Longest answer, in bytes: the list of all accounts and certificates of a large facility.
pub(super) const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Longest text in an answer, in bytes: in JSON it becomes somewhat longer.
pub(super) const TEXT_BYTES_MAX: u64 = 48 * 1024 * 1024;

/// A request as it is sent.
#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    pub(super) facility: &'a str,
    pub(super) language: Ask,
    #[serde(flatten)]
    pub(super) errand: &'a Errand,
}

/// A request as it arrives.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Arrived {
    pub(super) facility: String,
    pub(super) language: Ask,
    #[serde(default)]
    pub(super) command: Option<Command>,
    #[serde(default)]
    pub(super) export: Option<String>,
    #[serde(default)]
    pub(super) audit: Option<Auditing>,
    #[serde(default)]
    pub(super) evidence: Option<evidence::Command>,
    #[serde(default)]
    pub(super) verified: Option<Verified>,
    #[serde(default)]
    pub(super) past: Option<Past>,
}

/// A record as it stood at a moment.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Past {
    /// The record, `Type/id`.
    pub(crate) record: String,
    /// The moment, RFC 3339.
    pub(crate) at: String,
    /// In which form it is shown.
    pub(crate) form: PastForm,
    /// In which language.
    pub(crate) language: Ask,
}

/// The form in which a past moment is shown.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PastForm {
    /// Plain text.
    Text,
    /// A page.
    Page,
    /// A FHIR Bundle.
    Bundle,
}

/// What is asked of the audit trail, with parameters as a search has them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Auditing {
    /// The newest accesses.
    List(Vec<(String, String)>),
    /// Who looked at a patient.
    Lookers {
        /// The patient's id.
        patient: String,
        /// `from` and `until`.
        span: Vec<(String, String)>,
    },
}

/// What is asked of a facility.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Errand {
    /// A command of those who run it.
    Command(Command),
    /// That an export is entered, which names what leaves; the answer is the position of the entry.
    Export(String),
    /// To read the audit trail.
    Audit(Auditing),
    /// A command about evidence.
    Evidence(evidence::Command),
    /// To look at a record as it stood at a moment.
    Past(Past),
    /// To keep what came of a verification of the whole journal.
    Verified(Verified),
}

impl Errand {
    /// The name of what is asked, for logs and entries.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Command(command) => command.name(),
            Self::Export(_) => "export",
            Self::Audit(_) => "audit",
            Self::Evidence(command) => command.name(),
            Self::Past(_) => "at",
            Self::Verified(_) => "verify",
        }
    }
}

impl Arrived {
    /// What is asked; one thing only.
    pub(super) fn errand(self) -> Option<Errand> {
        let asked = [
            self.command.map(Errand::Command),
            self.export.map(Errand::Export),
            self.audit.map(Errand::Audit),
            self.evidence.map(Errand::Evidence),
            self.past.map(Errand::Past),
            self.verified.map(Errand::Verified),
        ];
        let mut asked = asked.into_iter().flatten();
        asked.next().filter(|_| asked.next().is_none())
    }
}

/// The language of whoever asks.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ask {
    Ja,
    En,
}

impl From<Language> for Ask {
    fn from(language: Language) -> Self {
        match language {
            Language::Japanese => Self::Ja,
            Language::English => Self::En,
        }
    }
}

impl From<Ask> for Language {
    fn from(ask: Ask) -> Self {
        match ask {
            Ask::Ja => Self::Japanese,
            Ask::En => Self::English,
        }
    }
}

/// An answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Answer {
    Done(Value),
    Problem(Told),
}

/// A problem that the server told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    code: String,
    en: String,
    ja: String,
}

impl Told {
    /// Its code.
    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    /// Its text.
    pub(crate) fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Japanese => &self.ja,
        }
    }
}

impl From<&Problem> for Told {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code().id.to_owned(),
            en: problem.text(Language::English),
            ja: problem.text(Language::Japanese),
        }
    }
}

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Found by this process.
    Problems(Problems),
    /// Told by the running server.
    Told(Told),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problems(problem.into())
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Problems(problems)
    }
}
