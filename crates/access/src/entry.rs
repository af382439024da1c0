//! What an access entry of the journal says: one for each request, and one for each entry of a batch.
//!
//! The entry itself names the actor and the time; this is its content, kept beside the journal by a salted digest, since
//! queries and ids say something about patients. Version 1 of the format (docs/formats.md, section 9).

use serde::{Deserialize, Serialize};

/// How a request ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// An answer was ready; it leaves after this entry is durable.
    #[default]
    Answered,
    /// It took longer than a request may.
    TimedOut,
    /// The client left, or the work was given up, before there was an answer.
    Abandoned,
}

/// What the law said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decided {
    /// It was not asked: the request failed before.
    #[default]
    Not,
    /// Permitted.
    Permitted,
    /// Refused.
    Refused,
}

/// Who it was, beside the actor of the entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The person's occupation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupation: Option<String>,
    /// Their duties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<String>,
    /// Their `Practitioner` record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<String>,
    /// The id of the session (not its token).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The factors shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<String>,
    /// The app in between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// The account of the client certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The client's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The network zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// A record that was shown or written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// `Patient/42`.
    pub record: String,
    /// The version shown or written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// Where a look was noted while nothing could be written (docs/formats.md, section 21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// When it happened; the entry says when it was entered.
    pub at: String,
    /// The id of the emergency log.
    pub log: String,
    /// The number of the line in it, from 0.
    pub line: u64,
}

/// The content of an access entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Format version: 1.
    pub v: u64,
    /// The request's id, as the answer's header `X-Request-Id` says it.
    pub request: String,
    /// The number of the entry of a batch, from 0; none for the request itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// Method and pattern of the route: `GET /f/{facility}/fhir/{type}/{id}`.
    pub route: String,
    /// The action, by its name in the law; empty where the request failed before one was known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub action: String,
    /// Who.
    #[serde(default)]
    pub who: Who,
    /// What was asked for: `Patient`, `Patient/42`, `Patient/42/_history/3`, or the command.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// The query of a search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// What was shown or written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub touched: Vec<Touched>,
    /// Ids of the patients in whose records something was shown, written or asked for. Sorted, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patients: Vec<String>,
    /// Why, as a code of PurposeOfUse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The number of the breaking of the glass that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub break_glass: Option<String>,
    /// What the law said.
    #[serde(default)]
    pub decided: Decided,
    /// The policies that decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The code of the first problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// How it ended.
    #[serde(default)]
    pub ended: Ended,
    /// Where it was noted, if it happened while nothing could be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Emergency>,
}

impl Access {
    /// Whether it failed: refused, wrong, given up, or a fault of the server. What nobody said the end of has failed too.
    pub fn failed(&self) -> bool {
        let well = self.ended == Ended::Answered && (200..=399).contains(&self.status);
        !well || self.decided == Decided::Refused
    }
}
