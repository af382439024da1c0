//! Checking what anybody hands over or what lies on the disk: proof files, downloaded logs, a whole data directory.
//!
//! Nothing here trusts the views, the process that wrote the data, or the length of anything.

mod data;
mod downloaded;
mod file;
mod lineage;
mod order;
mod worker;

pub(crate) use data::verify_folder;
pub use data::{Options, verify_data};
pub use downloaded::verify_log;
pub(crate) use downloaded::walk as walk_log;
pub(crate) use file::facility_of;
pub use file::{verify_consistency, verify_consistency_across, verify_proof, verify_proof_across};
pub use lineage::{Lineage, Succeeded};

use crate::codes;
use base::{Position, Problem};
use merkle::checkpoint::Checkpoint;
use merkle::note::{SignedNote, VerifierKey};

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries in the tree.
    pub entries: u64,
    /// Contents whose digests were recomputed.
    pub contents: u64,
    /// Checkpoints whose signatures and roots were recomputed.
    pub checkpoints: u64,
    /// The key that signed.
    pub key: VerifierKey,
    /// For a proof file: the entry's position.
    pub position: Option<Position>,
}

/// Checks a checkpoint by itself: that this key signed it, and that it is of the log of this key.
///
/// # Errors
/// ST-0017 when it is not.
pub fn verify_checkpoint(note: &str, key: &VerifierKey) -> Result<Checkpoint, Problem> {
    checkpoint(note, key).map_err(|what| Problem::new(&codes::WRONG).with("what", what))
}

/// A checkpoint that is older than what is checked: the tree may still have been empty, and then had the empty root.
pub(crate) fn older_checkpoint(note: &str, keys: &Lineage) -> Result<Checkpoint, String> {
    let checkpoint = keys.checkpoint(note).map_err(|what| format!("the earlier one: {what}"))?;
    if checkpoint.size == 0 && checkpoint.root != merkle::empty_root() {
        return Err("the earlier checkpoint is of an empty tree, but has another root".to_owned());
    }
    Ok(checkpoint)
}

/// The same where several keys sign the journal, one after the other.
///
/// # Errors
/// ST-0017 when none of them signed, or not as many entries.
pub fn verify_checkpoint_across(note: &str, keys: &Lineage) -> Result<Checkpoint, Problem> {
    keys.checkpoint(note).map_err(|what| Problem::new(&codes::WRONG).with("what", what))
}

/// Checks the signature of a checkpoint by a key whose name is the origin (formats, section 3).
pub(crate) fn checkpoint(note: &str, key: &VerifierKey) -> Result<Checkpoint, String> {
    let note = SignedNote::parse(note).ok_or("the checkpoint is not a signed note")?;
    let mut verified = false;
    for signature in note.signatures_of(key) {
        seal::verify_signature(&key.public, note.text.as_bytes(), &signature.bytes)
            .map_err(|_| "the checkpoint's signature does not verify")?;
        verified = true;
    }
    if !verified {
        return Err(format!("the checkpoint is not signed by the key {}", key.name));
    }
    let checkpoint = Checkpoint::parse(&note.text).ok_or("the checkpoint's text is malformed")?;
    if checkpoint.origin != key.name {
        return Err("the checkpoint's origin is not the key's name".to_owned());
    }
    Ok(checkpoint)
}
