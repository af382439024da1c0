//! Proofs as texts: C2SP `tlog-proof` for inclusion, and the form of the `tlog-witness` request for consistency.

use crate::checkpoint::{Checkpoint, Head};
use crate::decimal;
use crate::hash::Hash;
use crate::note::{NOTE_BYTES_MAX, SignedNote};
use std::fmt;

/// Most hashes in a proof; no tree of fewer than 2^63 leaves needs more.
pub const PROOF_HASHES_MAX: usize = 64;
/// Most hashes in a request to a witness (`tlog-witness`, add-checkpoint).
const REQUEST_HASHES_MAX: usize = 63;
/// First line of a `tlog-proof`.
const PROOF_LINE: &str = "c2sp.org/tlog-proof@v1";
/// What stands before the size of the older tree.
const REQUEST_OLD: &str = "old ";
/// Longest text of a proof, in bytes: the lines before the checkpoint take less than 4 KiB.
const PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + 4096;

/// That an entry is in the tree of a checkpoint. Well-formed, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// Position of the entry.
    pub index: u64,
    /// From the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
    /// The signed note, byte for byte.
    pub checkpoint: String,
}

/// That the tree of a checkpoint continues an older one. Well-formed, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Size of the older tree.
    pub old: u64,
    /// As RFC 6962, section 2.1.2 orders them.
    pub hashes: Vec<Hash>,
    /// The newer signed note, byte for byte.
    pub checkpoint: String,
}

/// What a witness is asked with (`tlog-witness`, add-checkpoint): of any log, so the checkpoint may have extension
/// lines. Well-formed, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the tree that the witness is said to have cosigned last; 0 for none.
    pub old: u64,
    /// As RFC 6962, section 2.1.2 orders them.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint.
    pub note: SignedNote,
    /// What its text says.
    pub head: Head,
}

impl AddCheckpoint {
    /// Reads a request; `None` when it differs from the specification's form in any byte.
    pub fn parse(text: &str) -> Option<Self> {
        let Parts { number, hashes, checkpoint } = Parts::of_any(REQUEST_OLD, text)?;
        let note = SignedNote::parse(&checkpoint)?;
        let head = Head::parse(&note.text)?;
        (hashes.len() <= REQUEST_HASHES_MAX).then_some(Self { old: number, hashes, note, head })
    }
}

impl InclusionProof {
    /// Reads a `tlog-proof`. Refused are an `extra` line, any other spelling of a number or hash, more than
    /// [`PROOF_HASHES_MAX`] hashes, and a checkpoint that is not a signed note of the form of
    /// [`Checkpoint::parse`].
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix(PROOF_LINE)?.strip_prefix('\n')?;
        let Parts { number, hashes, checkpoint } = Parts::parse("index ", body)?;
        Some(Self { index: number, hashes, checkpoint })
    }
}

impl ConsistencyProof {
    /// Reads a consistency proof (`docs/formats.md`, section 6), as strictly as [`InclusionProof::parse`].
    pub fn parse(text: &str) -> Option<Self> {
        let Parts { number, hashes, checkpoint } = Parts::parse(REQUEST_OLD, text)?;
        Some(Self { old: number, hashes, checkpoint })
    }
}

impl fmt::Display for InclusionProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{PROOF_LINE}\nindex {}", self.index)?;
        write_rest(f, &self.hashes, &self.checkpoint)
    }
}

impl fmt::Display for ConsistencyProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        write_rest(f, &self.hashes, &self.checkpoint)
    }
}

fn write_rest(f: &mut fmt::Formatter<'_>, hashes: &[Hash], checkpoint: &str) -> fmt::Result {
    hashes.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
    write!(f, "\n{checkpoint}")
}

/// What both forms share: a number, hashes, an empty line, a checkpoint.
struct Parts {
    number: u64,
    hashes: Vec<Hash>,
    checkpoint: String,
}

impl Parts {
    fn parse(label: &str, body: &str) -> Option<Self> {
        let parts = Self::of_any(label, body)?;
        Checkpoint::parse(&SignedNote::parse(&parts.checkpoint)?.text)?;
        Some(parts)
    }

    /// The same with whatever stands in the place of the checkpoint.
    fn of_any(label: &str, body: &str) -> Option<Self> {
        if body.len() > PROOF_BYTES_MAX {
            return None;
        }
        // No line before the first empty one is empty, so the first is the divider.
        let (head, checkpoint) = body.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let number = decimal::parse(lines.next()?.strip_prefix(label)?)?;
        let hashes: Vec<Hash> =
            lines.take(PROOF_HASHES_MAX + 1).map(Hash::from_base64).collect::<Option<_>>()?;
        (hashes.len() <= PROOF_HASHES_MAX).then(|| Self { number, hashes, checkpoint: checkpoint.to_owned() })
    }
}
