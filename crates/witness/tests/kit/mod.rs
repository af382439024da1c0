//! A log of others to cosign: leaves, checkpoints signed with its key, and what a witness is asked with.

use base::{ManualClock, SeededEntropy, Time};
use merkle::checkpoint::Checkpoint;
use merkle::note::{KeyName, Signature, SignedNote, VerifierKey};
use merkle::{Edge, Hash, Subtrees, consistency_proof, leaf_hash};
use seal::SigningKey;
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use witness::Witness;

/// The name of the witness.
pub(crate) const NAME: &str = "witness.example.jp/w1";
/// The origin of the log.
pub(crate) const ORIGIN: &str = "records.example.jp/f/sakura/1a2b";

/// A log of fewer than 256 entries.
pub(crate) struct Log {
    pub(crate) key: SigningKey,
    pub(crate) name: KeyName,
    pub(crate) leaves: Vec<Hash>,
}

impl Subtrees for Log {
    type Error = Infallible;

    fn hashes(&self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Infallible> {
        assert_eq!(level, 0, "the log is small");
        let first = usize::try_from(first).unwrap();
        Ok(self.leaves[first..first + count].to_vec())
    }
}

impl Log {
    /// With this many entries, which begin with `what`.
    pub(crate) fn new(entries: usize, what: &str) -> Self {
        let leaves = (0..entries).map(|entry| leaf_hash(format!("{what} {entry}").as_bytes())).collect();
        let key = SigningKey::generate(&SeededEntropy::new(7)).unwrap();
        Self { key, name: KeyName::parse(ORIGIN).unwrap(), leaves }
    }

    /// The same log up to `entries`, and then another history.
    pub(crate) fn forked(&self, entries: usize, more: usize) -> Self {
        let mut other = Self::new(entries + more, "another");
        other.leaves[..entries].copy_from_slice(&self.leaves[..entries]);
        other
    }

    pub(crate) fn verifier(&self) -> VerifierKey {
        VerifierKey::new(self.name.clone(), self.key.public())
    }

    fn root(&self, size: usize) -> Hash {
        let mut edge = Edge::empty();
        for leaf in &self.leaves[..size] {
            edge.push(*leaf);
            drop(edge.take_completed());
        }
        edge.root()
    }

    /// The text of the checkpoint at a size.
    pub(crate) fn text(&self, size: usize) -> String {
        let root = self.root(size);
        Checkpoint { origin: self.name.clone(), size: u64::try_from(size).unwrap(), root }.text()
    }

    /// Any text, signed by the log.
    pub(crate) fn sign(&self, text: &str) -> SignedNote {
        let key = self.verifier();
        let bytes = self.key.sign(text.as_bytes()).to_vec();
        let signature = Signature { name: key.name, key_id: key.key_id, bytes };
        SignedNote { text: text.to_owned(), signatures: vec![signature] }
    }

    pub(crate) fn checkpoint(&self, size: usize) -> SignedNote {
        self.sign(&self.text(size))
    }

    /// The request from one size to another.
    pub(crate) fn request(&self, old: usize, new: usize) -> String {
        let hashes = consistency_proof(u64::try_from(old).unwrap(), u64::try_from(new).unwrap(), self);
        request(old, &hashes.unwrap_or_default(), &self.checkpoint(new))
    }
}

/// A request with any parts.
pub(crate) fn request(old: usize, hashes: &[Hash], note: &SignedNote) -> String {
    let lines = hashes.iter().fold(String::new(), |lines, hash| lines + &hash.to_base64() + "\n");
    format!("old {old}\n{lines}\n{note}")
}

/// A witness in a folder of its own, which trusts the log.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) log: Log,
}

impl Bench {
    pub(crate) fn new(entries: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(entries, "entry");
        witness::init(folder.path(), NAME, &SeededEntropy::new(1)).unwrap();
        witness::trust(folder.path(), &log.verifier(), None, false).unwrap();
        let clock = Arc::new(ManualClock::new(Time::parse("2026-11-22T09:00:00Z").unwrap(), 0));
        Self { folder, clock, log }
    }

    /// Opens the witness, as a process does that starts.
    pub(crate) fn witness(&self) -> Witness {
        Witness::open(self.folder.path(), Arc::clone(&self.clock) as _).unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}
