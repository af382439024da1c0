//! What callers say to the records and what they hear: [`Call`], [`Intent`], [`Answer`].

use base::{Language, Problem, RecordKey, Time, VersionNumber};
use store::Actor;

/// One request to the records of one facility.
#[derive(Debug)]
pub struct Call<'a> {
    /// Who calls.
    pub actor: &'a Actor,
    /// The language of texts in the answer.
    pub language: Language,
    /// Base URL of the facility's FHIR API without a slash at the end: `https://host:8443/f/demo/fhir`.
    pub base_url: &'a str,
    /// What the caller wants.
    pub intent: Intent,
}

/// What a caller wants: one variant per FHIR interaction (FHIR R4, RESTful API) and operation.
#[derive(Debug)]
pub enum Intent {
    /// `POST [type]`: the server chooses the id.
    Create {
        /// Resource type of the address.
        kind: String,
        /// JSON of the resource.
        body: Vec<u8>,
    },
    /// `PUT [type]/[id]`: a new version, or the first one under an id of the client's choice.
    Update {
        /// The record.
        key: RecordKey,
        /// JSON of the resource.
        body: Vec<u8>,
        /// What must hold of the current state.
        condition: Condition,
    },
    /// `DELETE [type]/[id]`.
    Delete {
        /// The record.
        key: RecordKey,
        /// What must hold of the current state.
        condition: Condition,
    },
    /// `GET [type]/[id]`.
    Read {
        /// The record.
        key: RecordKey,
        /// The version the caller already has (`If-None-Match`).
        known: Option<VersionNumber>,
    },
    /// `GET [type]/[id]/_history/[vid]`.
    VersionRead {
        /// The record.
        key: RecordKey,
        /// The version.
        version: VersionNumber,
    },
    /// `GET [type]/[id]/_history`, `GET [type]/_history`, `GET _history`.
    History {
        /// Whose history.
        scope: HistoryScope,
        /// Query parameters in order, decoded.
        query: Vec<(String, String)>,
    },
    /// `GET [type]?…` or `POST [type]/_search`.
    Search {
        /// Resource type of the address.
        kind: String,
        /// Query parameters in order, decoded.
        query: Vec<(String, String)>,
    },
    /// `POST [base]`: a batch or a transaction.
    Bundle {
        /// JSON of the Bundle.
        body: Vec<u8>,
    },
    /// `GET [type]/[id]/$proof` and `GET [type]/[id]/_history/[vid]/$proof`.
    Proof {
        /// The record.
        key: RecordKey,
        /// The version; the current one when absent.
        version: Option<VersionNumber>,
    },
}

/// Whose history is asked for.
#[derive(Debug)]
pub enum HistoryScope {
    /// Of one record.
    Record(RecordKey),
    /// Of all records of a type.
    Kind(String),
    /// Of the whole facility.
    Facility,
}

/// What must hold of the current state for a write to go ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    Always,
    /// The current version is this one (`If-Match: W/"3"`).
    Version(VersionNumber),
    /// There is no current version (`If-None-Match: *`).
    Absent,
}

/// How a call ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 200: here it is.
    Found,
    /// 200: a new version was written.
    Updated,
    /// 201: the first version was written.
    Created,
    /// 204: the record is deleted (or was already).
    Deleted,
    /// 304: the caller's version is the current one.
    Unchanged,
}

/// What the body of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/fhir+json`
    FhirJson,
    /// `application/vnd.akashi.proof+json`
    Proof,
}

/// Which version of which record an answer shows or wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The record.
    pub key: RecordKey,
    /// Its version: becomes `ETag: W/"n"` and, for writes, `Location`.
    pub version: VersionNumber,
    /// When it was written: becomes `Last-Modified`.
    pub time: Time,
}

/// The answer to a call that ended well.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How it ended.
    pub outcome: Outcome,
    /// The version shown or written; none for searches, histories and bundles.
    pub stamp: Option<Stamp>,
    /// What the body is.
    pub media: Media,
    /// The body; empty for `Deleted` and `Unchanged`.
    pub body: Vec<u8>,
}

/// The problems of a call that did not end well: at least one, the first decides the HTTP status.
#[derive(Clone, Debug)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// One problem, and more that were found in the same input.
    pub fn new(first: Problem, more: Vec<Problem>) -> Self {
        let mut all = vec![first];
        all.extend(more);
        Self(all)
    }

    /// The same problems, found in a part of the input that stands at `place`.
    #[must_use]
    pub fn below(self, place: &str) -> Self {
        let below = |problem: Problem| {
            let joined = joined(place, problem.place());
            problem.at(joined)
        };
        Self(self.0.into_iter().map(below).collect())
    }

    /// All of them, in the order found.
    pub fn all(&self) -> &[Problem] {
        &self.0
    }
}

/// Where a problem is, seen from the whole Bundle: places in a resource begin with its type, places in the entry's
/// request with `request`.
fn joined(entry: &str, inner: Option<&str>) -> String {
    let Some(inner) = inner else { return entry.to_owned() };
    if inner.starts_with("request") {
        return format!("{entry}.{inner}");
    }
    match inner.split_once('.') {
        Some((_, rest)) => format!("{entry}.resource.{rest}"),
        None => format!("{entry}.resource"),
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}
