//! What can be looked at without a ticket: nothing that is a record.

use crate::actor::Actor;
use crate::entry::Entry;
use crate::search::TimeRange;
use crate::snapshot::{HistoryOf, Snapshot, Step, damaged};
use base::{Position, Problem, RecordKey, ResourceId, Time, VersionNumber};

/// One moment of the store, seen by the rooms that keep no records.
#[derive(Debug)]
pub struct Inside<'a>(pub(crate) &'a Snapshot<'a>);

/// Something that says who may come in, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// Which version it is.
    pub version: VersionNumber,
    /// Its content.
    pub content: Vec<u8>,
    /// Where its entry stands.
    pub position: Position,
    /// When it was written.
    pub time: Time,
}

impl Standing {
    /// None for a deletion.
    fn of(step: Step) -> Option<Self> {
        let content = step.found.content?.into_bytes();
        let (version, position, time) = (step.found.version, step.found.position, step.found.time);
        Some(Self { id: step.key.id.as_str().to_owned(), version, content, position, time })
    }
}

impl Inside<'_> {
    /// Everything that stands of a type of identities, in the order of its creation. Types of records have none.
    pub fn identities(&self, kind: &str) -> Result<Vec<Standing>, Problem> {
        if !kind.starts_with(crate::IDENTITY_PREFIX) {
            return Ok(Vec::new());
        }
        Ok(self.0.identities(kind)?.into_iter().filter_map(Standing::of).collect())
    }

    /// Something of identities as it stood at a moment; none when it did not stand then. Records have none.
    pub fn identity_at(&self, key: &RecordKey, at: Time) -> Result<Option<Standing>, Problem> {
        if !key.kind.starts_with(crate::IDENTITY_PREFIX) {
            return Ok(None);
        }
        let span = TimeRange { from: None, until: Some(at.plus_microseconds(1)) };
        let newest = self.0.history(HistoryOf::Record(key), None, span, 1)?;
        Ok(newest.into_iter().next().and_then(Standing::of))
    }

    /// The newest versions of something of identities, at most so many, the newest first; deletions are left out. Records
    /// have none.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn identity_history(&self, key: &RecordKey, count: usize) -> Result<Vec<Standing>, Problem> {
        if !key.kind.starts_with(crate::IDENTITY_PREFIX) {
            return Ok(Vec::new());
        }
        let whole = TimeRange { from: None, until: None };
        let steps = self.0.history(HistoryOf::Record(key), None, whole, count)?;
        Ok(steps.into_iter().filter_map(Standing::of).collect())
    }

    /// Who made something of a type of identities at first, and where that stands; none where it never was. Types of
    /// records have none.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn maker(&self, kind: &str, id: &str) -> Result<Option<(Actor, Position)>, Problem> {
        let of_identity = kind.starts_with(crate::IDENTITY_PREFIX);
        let Some(id) = ResourceId::parse(id).filter(|_| of_identity) else { return Ok(None) };
        let first = self.0.version(&RecordKey::new(kind, id), VersionNumber::FIRST)?;
        let Some(first) = first else { return Ok(None) };
        let entry = self.0.entry(first.position)?;
        let entry = Entry::parse(&entry).map_err(damaged)?;
        Ok(Some((entry.actor, first.position)))
    }

    /// The notes whose names begin with `prefix`, by name.
    pub fn notes(&self, prefix: &str) -> Result<Vec<(String, String)>, Problem> {
        self.0.notes(prefix)
    }

    /// Whether any current record has a search row of this parameter.
    pub fn has_row_of(&self, param: &str) -> Result<bool, Problem> {
        self.0.has_row_of(param)
    }

    /// How far the import of a source has come.
    pub fn import_done(&self, source: &str) -> Result<u64, Problem> {
        self.0.import_done(source)
    }
}
