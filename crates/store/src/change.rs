//! What callers ask the store to write, and what they hear back once it is durable.

use crate::actor::Actor;
use crate::search::Guard;
use base::{Position, Problem, RecordKey, Time, VersionNumber};
use std::fmt;

/// Writes the content of a version once its number and time are known. Called on the writer's thread: keep it short.
pub type Render = Box<dyn Fn(VersionNumber, Time) -> Vec<u8> + Send>;

/// What must hold of the current state for a change to go ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    Anything,
    /// The current version is this one.
    Version(VersionNumber),
    /// There is no current version.
    Absent,
}

/// What happens to the record.
pub enum Act {
    /// A new version.
    Put {
        /// Its content.
        render: Render,
        /// Its rows in the search index.
        terms: Vec<Term>,
    },
    /// A deletion; without effect when there is no current version.
    Delete,
}

impl fmt::Debug for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Put { .. } => "Put",
            Self::Delete => "Delete",
        })
    }
}

/// A change of one record.
#[derive(Debug)]
pub struct Change {
    /// The record.
    pub key: RecordKey,
    /// On what condition.
    pub expected: Expected,
    /// What happens.
    pub act: Act,
}

/// Changes that are made together or not at all.
#[derive(Debug)]
pub struct Batch {
    /// Who makes them.
    pub actor: Actor,
    /// Why; names a source, never a person.
    pub reason: Option<String>,
    /// What the caller found and decided upon: when a search now finds otherwise, nothing is written.
    pub guards: Vec<Guard>,
    /// The changes, each of another record.
    pub changes: Vec<Change>,
    /// How far an import has come when these changes are made.
    pub mark: Option<ImportMark>,
    /// What else is kept with these changes, beside the journal.
    pub notes: Vec<Note>,
}

impl Batch {
    /// Changes by an actor, without anything beside them.
    pub fn new(actor: Actor, changes: Vec<Change>) -> Self {
        Self { actor, reason: None, guards: Vec::new(), changes, mark: None, notes: Vec::new() }
    }
}

/// A small state that must outlive a restart and is no event: it is kept beside the journal, and the last text under a
/// name stands. Used one-time codes and failed attempts are kept so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its name.
    pub name: String,
    /// Its text; none forgets it.
    pub text: Option<String>,
}

/// How far the import of one source has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportMark {
    /// Digest of the source.
    pub source: String,
    /// Items of it that are done.
    pub done: u64,
}

/// What a change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The first version, or the first after a deletion.
    Created,
    /// A further version.
    Updated,
    /// The record is deleted now.
    Deleted,
    /// There was nothing to delete; nothing was written.
    Nothing,
}

/// One change, made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The record.
    pub key: RecordKey,
    /// What was done.
    pub effect: Effect,
    /// The version written; none for [`Effect::Nothing`].
    pub version: Option<VersionNumber>,
    /// Where its entry stands.
    pub position: Option<Position>,
    /// The commit's time.
    pub time: Time,
}

/// The answer to a batch: durable, journaled and signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The changes in their order.
    pub written: Vec<Written>,
    /// Size of the journal with these changes in it: the size of its newest checkpoint.
    pub size: u64,
}

/// One row of the search index: a value of a search parameter, encoded so that it sorts as the values do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The parameter, `Patient.identifier`.
    pub param: &'static str,
    /// The encoded value.
    pub value: Vec<u8>,
}

/// Derives the search rows of a content. The store keeps no knowledge of FHIR; it is told how here.
pub trait Indexer: Send + Sync + fmt::Debug {
    /// Names the rules by which rows are derived. When it changes, the views are built again.
    fn edition(&self) -> &str;

    /// The rows of a content, in any order.
    fn terms(&self, content: &[u8]) -> Result<Vec<Term>, Problem>;
}
