//! What callers ask the store to write, and what they hear back once it is durable.

use crate::actor::Actor;
use crate::codes;
use crate::entry::IDENTITY_PREFIX;
use crate::search::{Guard, Links};
use crate::state::{Mark, State};
use access::{Action, Answerable, Permit};
use base::{Position, Problem, RecordKey, ResourceId, Time, VersionNumber};
use std::fmt;
use std::sync::Arc;

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

/// A change of one record, permitted by the law; or of an identity.
#[derive(Debug)]
pub struct Change {
    pub(crate) key: RecordKey,
    pub(crate) expected: Expected,
    pub(crate) act: Act,
    /// What it does to the state of the record.
    pub(crate) mark: Option<Mark>,
    /// Whether it is passed over where the record says the same already.
    pub(crate) unless_same: bool,
    /// Whether it may change who is merged into whom.
    pub(crate) merges: bool,
}

/// The type of the records that tell of changes of state.
const PROVENANCE: &str = "Provenance";

impl Change {
    /// A change of the record that the permit names.
    ///
    /// ```
    /// # use {access::Permit, base::Problem, store::{Act, Change, Expected}};
    /// fn deletion(permit: &Permit) -> Result<Change, Problem> {
    ///     Change::new(permit, Expected::Anything, Act::Delete)
    /// }
    /// ```
    ///
    /// Without a permit there is no change: the record's key is not enough, and a change cannot be put together.
    ///
    /// ```compile_fail,E0308
    /// # use {base::{Problem, RecordKey}, store::{Act, Change, Expected}};
    /// fn deletion(key: &RecordKey) -> Result<Change, Problem> {
    ///     Change::new(key, Expected::Anything, Act::Delete)
    /// }
    /// ```
    ///
    /// ```compile_fail,E0451
    /// # use {base::RecordKey, store::{Act, Change, Expected}};
    /// fn deletion(key: RecordKey) -> Change {
    ///     let (mark, unless_same, merges) = (None, false, true);
    ///     Change { key, expected: Expected::Anything, act: Act::Delete, mark, unless_same, merges }
    /// }
    /// ```
    ///
    /// A permit comes from the law and from nowhere else:
    ///
    /// ```compile_fail,E0624
    /// # use {access::{Action, Permit}, base::RecordKey};
    /// fn forged(key: RecordKey) -> Permit {
    ///     Permit::new(Action::DELETE, key, [].into())
    /// }
    /// ```
    ///
    /// # Errors
    /// The permit is for something else: that is a fault of ours.
    pub fn new(permit: &Permit, expected: Expected, act: Act) -> Result<Self, Problem> {
        let fits = match act {
            Act::Delete => matches!(permit.action(), Action::DELETE | Action::IMPORT),
            Act::Put { .. } => permit.writes() && permit.action() != Action::DELETE,
        };
        let key = permit.key().clone();
        if !fits || key.kind.starts_with(IDENTITY_PREFIX) {
            let log = format!("a permit to {} was shown for {act:?}", permit.action().name());
            return Err(Problem::new(&codes::NO_PERMIT).log(log));
        }
        let merges = permit.merges() || permit.action() == Action::IMPORT;
        Ok(Self { key, expected, act, mark: None, unless_same: false, merges })
    }

    /// The same, passed over where the record stands with this very content already. A record that has no state yet, but
    /// would be given one, is written all the same.
    #[must_use]
    pub fn unless_same(self) -> Self {
        Self { unless_same: true, ..self }
    }

    /// The same, with what it does to the state of the record. A record that has a state is changed by no other.
    ///
    /// # Errors
    /// What is marked as taken over from elsewhere was not permitted as that: that is a fault of ours.
    pub fn marked(self, permit: &Permit, mark: Mark) -> Result<Self, Problem> {
        if permit.key() != &self.key || mark.imports() != (permit.action() == Action::IMPORT) {
            return Err(Problem::new(&codes::NO_PERMIT).log("a state was to be changed by another permit"));
        }
        Ok(Self { mark: Some(mark), ..self })
    }

    /// The Provenance that tells of a change of state, of a merge or of its undoing. Who may do that may, and must, tell of
    /// it; it stands as written for ever.
    ///
    /// # Errors
    /// The permit is for none of them: that is a fault of ours.
    pub fn provenance(permit: &Permit, id: ResourceId, act: Act) -> Result<Self, Problem> {
        if !(permit.settles() || permit.merges()) || !matches!(act, Act::Put { .. }) {
            return Err(Problem::new(&codes::NO_PERMIT).log("a Provenance of nothing"));
        }
        Ok(Self::telling(id, act))
    }

    /// The Provenance that tells for whom a draft is entered.
    ///
    /// # Errors
    /// It is no new content: that is a fault of ours.
    pub fn provenance_entered(_: &Answerable, id: ResourceId, act: Act) -> Result<Self, Problem> {
        match act {
            Act::Put { .. } => Ok(Self::telling(id, act)),
            Act::Delete => Err(Problem::new(&codes::NO_PERMIT).log("a Provenance was to be deleted")),
        }
    }

    fn telling(id: ResourceId, act: Act) -> Self {
        let key = RecordKey::new(PROVENANCE, id);
        let mark = Some(Mark::attested());
        Self { key, expected: Expected::Absent, act, mark, unless_same: false, merges: false }
    }

    /// A change of something that says who may come in. The room `identity` decides about those; records are refused.
    ///
    /// # Errors
    /// The key is that of a record: that is a fault of ours.
    pub fn of_identity(key: RecordKey, expected: Expected, act: Act) -> Result<Self, Problem> {
        if !key.kind.starts_with(IDENTITY_PREFIX) {
            return Err(Problem::new(&codes::NO_PERMIT).log("a record was to be changed without a permit"));
        }
        Ok(Self { key, expected, act, mark: None, unless_same: false, merges: false })
    }

    /// What is changed.
    pub fn key(&self) -> &RecordKey {
        &self.key
    }
}

/// Changes that are made together or not at all.
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
    /// How references are written that name this facility by its address. Without it, those are taken for references to
    /// elsewhere; references of the form `Type/id` are understood anyway.
    pub links: Option<Arc<dyn Links + Send + Sync>>,
    /// What else is kept with these changes, beside the journal.
    pub notes: Vec<Note>,
    /// The HTTP status that will be answered when the changes are made: the access entry says it in the same commit.
    pub status: fn(&[Written]) -> u16,
}

impl Batch {
    /// Changes by an actor, without anything beside them.
    pub fn new(actor: Actor, changes: Vec<Change>) -> Self {
        let (guards, notes) = (Vec::new(), Vec::new());
        Self { actor, reason: None, guards, changes, mark: None, links: None, notes, status: |_| 200 }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("actor", &self.actor)
            .field("changes", &self.changes)
            .finish_non_exhaustive()
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
    /// Where the access entry of the request stands; none where there was no ticket.
    pub access: Option<Position>,
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

    /// The rows by which a record of a type is found by the state that its entry says; none of types that are not searched
    /// by it.
    fn state_terms(&self, _kind: &str, _state: &State) -> Vec<Term> {
        Vec::new()
    }

    /// The row by which it is found by the time since when it is in that state.
    fn since_term(&self, _kind: &str, _since: Time) -> Option<Term> {
        None
    }
}
