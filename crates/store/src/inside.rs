//! What can be looked at without a ticket: nothing that is a record.

use crate::actor::Actor;
use crate::entry::Entry;
use crate::snapshot::{Snapshot, Step, damaged};
use base::{Position, Problem, RecordKey, ResourceId, VersionNumber};

/// One moment of the store, seen by the rooms that keep no records.
#[derive(Debug)]
pub struct Inside<'a>(pub(crate) &'a Snapshot<'a>);

/// Something that says who may come in, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl Inside<'_> {
    /// Everything that stands of a type of identities, in the order of its creation. Types of records have none.
    pub fn identities(&self, kind: &str) -> Result<Vec<Standing>, Problem> {
        if !kind.starts_with(crate::IDENTITY_PREFIX) {
            return Ok(Vec::new());
        }
        let steps = self.0.identities(kind)?.into_iter();
        let standing = |step: Step| {
            let content = step.found.content?.into_bytes();
            Some(Standing { id: step.key.id.as_str().to_owned(), content })
        };
        Ok(steps.filter_map(standing).collect())
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
