//! The keys that sign one journal, one after the other (formats, section 20).

use super::file;
use crate::codes;
use crate::entry::{Entry, EntryKind};
use crate::proof::ProofFile;
use base::Problem;
use merkle::checkpoint::Checkpoint;
use merkle::note::{SignedNote, VerifierKey};
use merkle::proof::InclusionProof;

/// That one key took the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succeeded {
    /// Where the entry stands that says so.
    pub position: u64,
    /// The key that signed until there.
    pub from: VerifierKey,
    /// The key that signs from there on.
    pub to: VerifierKey,
}

/// The keys that sign one journal, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    first: VerifierKey,
    successions: Vec<Succeeded>,
}

impl Lineage {
    /// One key alone, so far.
    pub fn of(first: VerifierKey) -> Self {
        Self { first, successions: Vec::new() }
    }

    /// The keys to which a key leads by handovers: each is a proof file of the entry that names the next key, signed by the
    /// key before, in any order.
    ///
    /// # Errors
    /// ST-0017: one is no handover, or the keys do not lead to it.
    pub fn follow(first: VerifierKey, handovers: &[Vec<u8>]) -> Result<Self, Problem> {
        let wrong = |what: String| Problem::new(&codes::WRONG).with("what", what);
        let mut left =
            handovers.iter().map(|bytes| handover(bytes)).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        let mut lineage = Self::of(first);
        while let Some(next) = left.iter().position(|(one, _)| one.from == *lineage.last()) {
            let (succeeded, bytes) = left.swap_remove(next);
            file::verify_proof(bytes, Some(&succeeded.from))?;
            lineage.push(succeeded).map_err(wrong)?;
        }
        if left.is_empty() {
            return Ok(lineage);
        }
        Err(wrong("a handover is not signed by the key given, nor by one that it leads to".to_owned()))
    }

    /// Takes the next succession.
    pub(crate) fn push(&mut self, next: Succeeded) -> Result<(), String> {
        let after = self.successions.last().is_none_or(|last| last.position < next.position);
        if next.from != *self.last() || next.from.name != next.to.name || !after || next.position == 0 {
            return Err("the succession does not follow from the key before".to_owned());
        }
        self.successions.push(next);
        Ok(())
    }

    /// The key that signs now.
    pub fn last(&self) -> &VerifierKey {
        self.successions.last().map_or(&self.first, |one| &one.to)
    }

    /// Every time that another key took over.
    pub fn successions(&self) -> &[Succeeded] {
        &self.successions
    }

    /// All keys, the first of them first.
    pub fn keys(&self) -> impl Iterator<Item = &VerifierKey> {
        std::iter::once(&self.first).chain(self.successions.iter().map(|one| &one.to))
    }

    /// Whether a key may sign a tree of `size` entries: one that was succeeded signs the entry that says so, and nothing
    /// behind it.
    pub fn may_sign(&self, key: &VerifierKey, size: u64) -> bool {
        let from = self.successions.iter().find(|one| one.to == *key).map_or(0, |one| one.position);
        let until = self.successions.iter().find(|one| one.from == *key).map_or(u64::MAX, |one| one.position);
        // The entry of the succession is the one at `until`: a tree of one entry more ends with it.
        let known = self.keys().any(|one| one == key);
        known && size.saturating_sub(1) <= until && (from == 0 || size > from)
    }

    /// The key of these whose signature a checkpoint carries. The signature is not verified here.
    ///
    /// # Errors
    /// ST-0017: it carries none of those, or that of one that was no longer, or not yet, to sign as many entries.
    pub fn signer(&self, note: &str) -> Result<&VerifierKey, Problem> {
        self.find_signer(note).map_err(|what| Problem::new(&codes::WRONG).with("what", what))
    }

    pub(crate) fn find_signer(&self, note: &str) -> Result<&VerifierKey, String> {
        let parsed = SignedNote::parse(note).ok_or("the checkpoint is not a signed note")?;
        let size = Checkpoint::parse(&parsed.text).ok_or("the checkpoint's text is malformed")?.size;
        let signed: Vec<&VerifierKey> =
            self.keys().filter(|key| parsed.signatures_of(key).next().is_some()).collect();
        match signed.iter().find(|key| self.may_sign(key, size)) {
            Some(key) => Ok(key),
            None if signed.is_empty() => {
                Err(format!("the checkpoint is not signed by the key {}", self.last().name))
            }
            None => Err(format!(
                "the checkpoint of {size} entries is signed by a key that was not the one to sign them: another key had taken its place"
            )),
        }
    }

    /// Checks the signature of a checkpoint by the key that had to sign it.
    pub(crate) fn checkpoint(&self, note: &str) -> Result<Checkpoint, String> {
        super::checkpoint(note, self.find_signer(note)?)
    }
}

/// What a proof file says of a succession. Nothing is verified.
fn handover(bytes: &[u8]) -> Result<(Succeeded, &[u8]), String> {
    let form = "it is not a handover";
    let file: ProofFile = serde_json::from_slice(bytes).map_err(|_| form)?;
    let position = InclusionProof::parse(&file.proof).ok_or(form)?.index;
    let entry = Entry::parse(file.entry.as_bytes())?;
    let succession = entry.succession.filter(|_| entry.kind == EntryKind::JournalSuccession).ok_or(form)?;
    let (from, to) = succession.keys()?;
    Ok((Succeeded { position, from, to }, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use merkle::note::KeyName;

    fn key(number: u8) -> VerifierKey {
        VerifierKey::new(KeyName::parse("h/f/sakura/1").unwrap(), [number; 32])
    }

    fn lineage() -> Lineage {
        let mut lineage = Lineage::of(key(1));
        lineage.push(Succeeded { position: 9, from: key(1), to: key(2) }).unwrap();
        lineage.push(Succeeded { position: 20, from: key(2), to: key(3) }).unwrap();
        lineage
    }

    #[test]
    fn a_key_signs_from_its_succession_to_the_next_and_no_further() {
        let lineage = lineage();
        for (number, first, last) in [(1, 0, 10), (2, 10, 21), (3, 21, u64::MAX)] {
            for size in [0, 1, 9, 10, 11, 20, 21, 22, u64::MAX] {
                let expected = (first..=last).contains(&size);
                assert_eq!(lineage.may_sign(&key(number), size), expected, "key {number}, {size} entries");
            }
        }
        assert!(!lineage.may_sign(&key(4), 5), "a stranger");
    }

    #[test]
    fn a_succession_follows_from_the_last_key_at_a_later_position() {
        let refused = |position, from, to| {
            let mut lineage = lineage();
            assert!(lineage.push(Succeeded { position, from, to }).is_err());
        };
        refused(30, key(2), key(4));
        refused(20, key(3), key(4));
        refused(30, key(3), VerifierKey::new(KeyName::parse("h/f/ume/1").unwrap(), [4; 32]));
        let mut first = Lineage::of(key(1));
        assert!(first.push(Succeeded { position: 0, from: key(1), to: key(2) }).is_err());
    }
}
