//! What callers say to the records and what they hear: [`Call`], [`Intent`], [`Answer`].

use crate::trail::Trail;
use access::{Context, Staff, Who};
use base::{Language, Problem, RecordKey, ResourceId, Time, VersionNumber};
use std::sync::Arc;
use store::Actor;

/// One request to the records of one facility.
#[derive(Debug)]
pub struct Call<'a> {
    /// Who calls, as the journal names them.
    pub actor: &'a Actor,
    /// Who calls, as the law sees them.
    pub who: &'a Arc<Who>,
    /// In which circumstances.
    pub context: &'a Context,
    /// What the request leaves in the journal.
    pub trail: &'a Trail,
    /// The language of texts in the answer.
    pub language: Language,
    /// Base URL of the facility's FHIR API without a slash at the end: `https://host:8443/f/demo/fhir`.
    pub base_url: &'a str,
    /// What the caller wants.
    pub intent: Intent,
    /// The field `X-Provenance`: for whom it is entered.
    pub provenance: Option<&'a [u8]>,
    /// Who can be named as responsible; none where people do not come in.
    pub staff: Option<&'a dyn Staff>,
}

/// Query parameters in order, decoded.
pub type Query = Vec<(String, String)>;

/// What a caller wants: one variant per FHIR interaction (FHIR R4, RESTful API) and operation.
#[derive(Debug)]
pub enum Intent {
    /// `POST [type]`: the server chooses the id.
    Create {
        /// Resource type of the address.
        kind: String,
        /// JSON of the resource.
        body: Vec<u8>,
        /// Only when no record fulfils these criteria (`If-None-Exist`).
        none_exist: Option<Query>,
    },
    /// `PUT [type]/[id]`: a new version, or the first one under an id of the client's choice; or `PUT [type]?…`.
    Update {
        /// Which record.
        target: Target,
        /// JSON of the resource.
        body: Vec<u8>,
        /// What must hold of the current state.
        condition: Condition,
    },
    /// `PATCH [type]/[id]` or `PATCH [type]?…`.
    Patch {
        /// Which record.
        target: Target,
        /// The JSON Patch.
        body: Vec<u8>,
        /// What must hold of the current state.
        condition: Condition,
    },
    /// `DELETE [type]/[id]` or `DELETE [type]?…`.
    Delete {
        /// Which record.
        target: Target,
        /// What must hold of the current state.
        condition: Condition,
    },
    /// `GET [type]/[id]`.
    Read {
        /// The record.
        key: RecordKey,
        /// What the caller has already.
        known: Known,
        /// Query parameters.
        query: Query,
    },
    /// `GET [type]/[id]/_history/[vid]`.
    VersionRead {
        /// The record.
        key: RecordKey,
        /// The version.
        version: VersionNumber,
        /// Query parameters.
        query: Query,
    },
    /// `GET [type]/[id]/_history`, `GET [type]/_history`, `GET _history`.
    History {
        /// Whose history.
        scope: HistoryScope,
        /// Query parameters.
        query: Query,
    },
    /// `GET [type]?…`, `POST [type]/_search`, the same within a compartment, and `GET [base]?_type=…`.
    Search {
        /// Resource type of the address; `*` for all types of a compartment, nothing for those that `_type` names.
        kind: String,
        /// Query parameters.
        query: Query,
        /// The record whose compartment is searched.
        compartment: Option<RecordKey>,
        /// Whether parameters that are not known are passed over (`Prefer: handling=lenient`).
        lenient: bool,
    },
    /// `GET [type]/[id]/$everything`, `POST [type]/[id]/$everything`.
    Everything {
        /// The record.
        key: RecordKey,
        /// Parameters of the operation.
        query: Query,
    },
    /// `POST [type]/$validate`, `POST [type]/[id]/$validate`, `GET [type]/[id]/$validate`.
    Validate {
        /// Resource type of the address.
        kind: String,
        /// Id of the address.
        id: Option<ResourceId>,
        /// JSON of the resource, or of `Parameters` around it.
        body: Option<Vec<u8>>,
        /// Parameters of the operation.
        query: Query,
    },
    /// `POST [type]/[id]/$finalize`, `$approve`, `$return`, `$assign`, `$amend`, `$withdraw`, `$cosign`: an act on the state
    /// of a record.
    Settle {
        /// Which act.
        act: Settling,
        /// The record.
        key: RecordKey,
        /// JSON of `Parameters`; empty where there are none.
        body: Vec<u8>,
        /// What must hold of the current state.
        condition: Condition,
    },
    /// `POST Patient/$match`: patients that may be the one who is described.
    Match {
        /// Resource type of the address.
        kind: String,
        /// JSON of `Parameters`.
        body: Vec<u8>,
    },
    /// `GET Patient/$duplicates`: pairs of patients that may be one person.
    Duplicates {
        /// Resource type of the address.
        kind: String,
        /// Parameters of the operation.
        query: Query,
    },
    /// `POST Patient/$merge`, `$unmerge`, `$distinct`: a decision on two patients.
    Unite {
        /// Which decision.
        act: Uniting,
        /// Resource type of the address.
        kind: String,
        /// JSON of `Parameters`.
        body: Vec<u8>,
    },
    /// `POST [base]`: a batch or a transaction.
    Bundle {
        /// JSON of the Bundle.
        body: Vec<u8>,
        /// What the entries that write show of what they wrote.
        returned: Returned,
        /// As for [`Intent::Search`].
        lenient: bool,
    },
    /// `GET Patient/[id]/$lookers`: who looked at a patient, and who looked while not treating them.
    Lookers {
        /// The patient.
        key: RecordKey,
        /// Parameters of the operation.
        query: Query,
    },
    /// `GET Patient/[id]/$chart`: the whole record of a patient as a page for people.
    Chart {
        /// The patient.
        key: RecordKey,
        /// Parameters of the operation.
        query: Query,
    },
    /// `GET [type]/[id]/$history-diff`: what differs between versions of a record.
    HistoryDiff {
        /// The record.
        key: RecordKey,
        /// Parameters of the operation.
        query: Query,
        /// As a page for people.
        page: bool,
    },
    /// `GET Composition/[id]/$document`, `GET Patient/[id]/$document`: a document to hand out.
    Document {
        /// The Composition, or the patient whose whole record it is.
        key: RecordKey,
        /// Parameters of the operation.
        query: Query,
    },
    /// A file of the journal (`checkpoint`, `key`, `tile/…`).
    Log {
        /// Its path.
        path: String,
    },
    /// `GET [type]/[id]/$proof` and `GET [type]/[id]/_history/[vid]/$proof`.
    Proof {
        /// The record.
        key: RecordKey,
        /// The version; the current one when absent.
        version: Option<VersionNumber>,
    },
}

/// A decision on two patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniting {
    /// They are one person.
    Merge,
    /// They are two after all.
    Unmerge,
    /// They are two, and no longer listed as duplicates.
    Distinct,
}

/// An act on the state of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// A draft becomes final.
    Finalize,
    /// What is final is corrected or added to, with a reason.
    Amend,
    /// What is wrong is taken back, with a reason.
    Withdraw,
    /// The responsible person answers for what another has entered for them.
    Approve,
    /// They give it back to who entered it, with a reason.
    Return,
    /// It is handed to another responsible person, with a reason.
    Assign,
    /// Somebody else signs what stands, beside who answers for it.
    Cosign,
}

/// Which record is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This one.
    Record(RecordKey),
    /// The only one that fulfils criteria.
    Only {
        /// Resource type.
        kind: String,
        /// The criteria, as in a search.
        criteria: Query,
    },
}

impl Target {
    /// The resource type.
    pub fn kind(&self) -> &str {
        match self {
            Self::Record(key) => &key.kind,
            Self::Only { kind, .. } => kind,
        }
    }

    /// The criteria.
    pub(crate) fn criteria(&self) -> Option<&Query> {
        match self {
            Self::Record(_) => None,
            Self::Only { criteria, .. } => Some(criteria),
        }
    }
}

impl std::fmt::Display for Target {
    /// `Patient/42`, or `Patient`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Record(key) => write!(f, "{key}"),
            Self::Only { kind, .. } => f.write_str(kind),
        }
    }
}

/// What a reader has already (`If-None-Match`, `If-Modified-Since`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// This version. It counts more than the moment (RFC 9110, section 13.2.2).
    pub version: Option<VersionNumber>,
    /// The state of this moment; only its whole seconds count.
    pub moment: Option<Time>,
}

/// What a writer hears back (`Prefer: return=…`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Returned {
    /// The resource as stored. Also when nothing is said.
    #[default]
    Representation,
    /// Nothing.
    Minimal,
    /// An OperationOutcome.
    Outcome,
}

/// Whose history is asked for.
#[derive(Clone, Debug)]
pub enum HistoryScope {
    /// Of one record.
    Record(RecordKey),
    /// Of all records of a type.
    Kind(String),
    /// Of the whole facility.
    Facility,
}

impl std::fmt::Display for HistoryScope {
    /// `Patient/42`, `Patient`, or nothing for the whole facility.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Record(key) => write!(f, "{key}"),
            Self::Kind(kind) => f.write_str(kind),
            Self::Facility => Ok(()),
        }
    }
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
    /// 200: what should be created exists already; nothing was written.
    Existing,
    /// 204: the record is deleted (or was already).
    Deleted,
    /// 304: what the caller has is the current state.
    Unchanged,
}

impl Outcome {
    /// Whether it answers a wish to write, so that the caller's preference decides what is shown.
    pub fn of_write(self) -> bool {
        matches!(self, Self::Updated | Self::Created | Self::Existing)
    }
}

/// What the body of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/fhir+json`
    FhirJson,
    /// `application/vnd.akashi.proof+json`
    Proof,
    /// `text/html`, a page of ours
    Page,
    /// A file of the journal: text, or bytes; and whether it never changes.
    Log {
        /// Whether it is text.
        text: bool,
        /// Whether it never changes.
        immutable: bool,
    },
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

impl Answer {
    /// FHIR in JSON that is not one version of a record: a Bundle, an outcome.
    pub(crate) fn found(body: Vec<u8>) -> Self {
        Self { outcome: Outcome::Found, stamp: None, media: Media::FhirJson, body }
    }
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
/// request with `request`, places in a patch with `/` or, where it is no JSON, with a line.
fn joined(entry: &str, inner: Option<&str>) -> String {
    let Some(inner) = inner else { return entry.to_owned() };
    if inner.starts_with("request") {
        return format!("{entry}.{inner}");
    }
    if inner.starts_with('/') || inner.starts_with("line ") {
        let inner = inner.split_once(" (").map_or(inner, |(line, _)| line);
        return format!("{inner} ({entry}.resource.data)");
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

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn a_place_is_told_from_the_bundle() {
        let entry = "Bundle.entry[3]";
        for (inner, place) in [
            (None, "Bundle.entry[3]"),
            (Some("Patient"), "Bundle.entry[3].resource"),
            (Some("Patient.name[0]"), "Bundle.entry[3].resource.name[0]"),
            (Some("request.url"), "Bundle.entry[3].request.url"),
            (Some("/2/path"), "/2/path (Bundle.entry[3].resource.data)"),
            (Some("line 1, column 2 (x)"), "line 1, column 2 (Bundle.entry[3].resource.data)"),
        ] {
            assert_eq!(joined(entry, inner), place);
        }
    }
}
