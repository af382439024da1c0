//! Proof before sight: a version is shown only if its content has the digest of its entry, and that entry is in the tree of
//! the newest checkpoint whose signature verifies.

use super::Proven;
use crate::codes;
use crate::database::problem as db;
use crate::entry::Entry;
use crate::snapshot::Snapshot;
use crate::verify::Lineage;
use base::{Position, Problem, RecordKey, Time, VersionNumber};
use merkle::Hash;
use merkle::checkpoint::Checkpoint;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// How many checkpoints are tried, from the newest on.
const CHECKPOINTS_TRIED: usize = 64;

/// What is claimed of a version that somebody wants to see.
pub(crate) struct Claim<'a> {
    pub(crate) key: &'a RecordKey,
    /// None where only the position is known.
    pub(crate) version: Option<VersionNumber>,
    pub(crate) position: Position,
    /// None for a deletion.
    pub(crate) content: Option<&'a [u8]>,
}

/// The checkpoint that everything is proven against, and what could not be.
#[derive(Debug)]
pub(crate) struct Proving {
    pub(crate) checkpoint: Checkpoint,
    /// The time of the last entry under it.
    time: Time,
    /// The records that could not be proven.
    unproven: Mutex<BTreeSet<RecordKey>>,
}

impl Proving {
    /// By the newest checkpoint that one of the keys signed, and whose last entry is in its tree.
    pub(crate) fn newest(snapshot: &Snapshot<'_>, lineage: &Lineage) -> Result<Self, Problem> {
        for note in newest_notes(snapshot)? {
            let Some(checkpoint) = note.and_then(|note| lineage.checkpoint(&note).ok()) else { continue };
            let last = checkpoint.size.checked_sub(1).map(Position);
            let time = last.and_then(|last| included(snapshot, &checkpoint, last).ok());
            if let Some(time) = time.and_then(|bytes| Entry::parse(&bytes).ok()?.moment().ok()) {
                return Ok(Self { checkpoint, time, unproven: Mutex::default() });
            }
        }
        Err(Problem::new(&codes::CORRUPT).with("what", "no checkpoint that can be verified"))
    }

    /// Refuses a version that is not proven, and counts its record.
    pub(crate) fn check(&self, snapshot: &Snapshot<'_>, claim: &Claim<'_>) -> Result<(), Problem> {
        let Err(what) = self.prove(snapshot, claim) else { return Ok(()) };
        tracing::error!(position = claim.position.0, what, "a version cannot be proven and is not shown");
        self.unproven.lock().unwrap_or_else(PoisonError::into_inner).insert(claim.key.clone());
        Err(Problem::new(&codes::UNPROVEN).with("record", claim.key))
    }

    fn prove(&self, snapshot: &Snapshot<'_>, claim: &Claim<'_>) -> Result<(), String> {
        let bytes = included(snapshot, &self.checkpoint, claim.position)?;
        let entry = Entry::parse(&bytes)?;
        let version = entry.subject.version;
        let of_record = entry.kind.step().is_some()
            && entry.subject.kind == *claim.key.kind
            && entry.subject.id == claim.key.id.as_str()
            && version.is_some()
            && claim.version.is_none_or(|claimed| version == Some(claimed.number()));
        if !of_record {
            return Err("the entry is about another record or version".to_owned());
        }
        let found = snapshot.content(claim.position).map_err(|problem| problem.to_string())?;
        match (found, claim.content, &entry.digest) {
            (None, None, None) => Ok(()),
            (Some((salt, _)), Some(content), Some(digest))
                if Hash(seal::content_digest(&salt, content)).to_hex() == **digest =>
            {
                Ok(())
            }
            _ => Err("the content is not that of the entry".to_owned()),
        }
    }

    /// How it stands.
    pub(crate) fn standing(&self) -> Proven {
        let mut unproven = BTreeMap::new();
        for key in self.unproven.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let count: &mut usize = unproven.entry(key.kind.to_string()).or_default();
            *count = count.saturating_add(1);
        }
        Proven { entries: self.checkpoint.size, time: self.time, unproven }
    }
}

/// The notes of the newest checkpoints, the newest first; none for one that is not text.
fn newest_notes(snapshot: &Snapshot<'_>) -> Result<Vec<Option<String>>, Problem> {
    let mut statement = snapshot
        .connection
        .prepare_cached("SELECT note FROM checkpoint ORDER BY size DESC LIMIT ?1")
        .map_err(|error| db(&error))?;
    let rows = statement
        .query_map([crate::snapshot::limit(CHECKPOINTS_TRIED)], |row| row.get::<_, Vec<u8>>(0))
        .map_err(|error| db(&error))?;
    rows.map(|row| row.map(|note| String::from_utf8(note).ok()).map_err(|error| db(&error))).collect()
}

/// The bytes of an entry, of which it is certain that the tree of the checkpoint has them.
fn included(snapshot: &Snapshot<'_>, checkpoint: &Checkpoint, position: Position) -> Result<Vec<u8>, String> {
    let bytes = snapshot.entry(position).map_err(|problem| problem.to_string())?;
    let proof =
        merkle::inclusion_proof(position.0, checkpoint.size, snapshot).map_err(|error| error.to_string())?;
    let leaf = merkle::leaf_hash(&bytes);
    merkle::verify_inclusion(&leaf, position.0, checkpoint.size, &proof, &checkpoint.root)
        .map_err(|wrong| wrong.to_string())?;
    Ok(bytes)
}
