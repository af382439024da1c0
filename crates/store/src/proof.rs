//! The proof file: one version of a record with all that is needed to check it (formats, section 5).

use crate::codes;
use crate::entry::{Entry, EntryKind};
use crate::open::Store;
use crate::snapshot::{Snapshot, damaged};
use crate::ticket::Ticket;
use crate::witness::Witness;
use access::{Action, AuditPermit, Permit};
use base::{Position, Problem, VersionNumber};
use merkle::ProofError;
use merkle::note::VerifierKey;
use merkle::proof::{ConsistencyProof, InclusionProof};
use serde::{Deserialize, Deserializer, Serialize};

/// `format` of the proof files written here.
pub(crate) const FORMAT: &str = "akashi-proof/1";

/// A proof file, well-formed but not verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofFile {
    /// Always `akashi-proof/1`.
    pub format: String,
    /// The facility.
    pub facility: String,
    /// The record, `Type/id`; of an access entry, `AuditEvent/` and its position.
    pub record: String,
    /// The version.
    pub version: u64,
    /// The verifier key that the log claims to sign with.
    pub key: String,
    /// C2SP `tlog-proof`.
    pub proof: String,
    /// The entry, as hashed.
    pub entry: String,
    /// Salt of the content digest, hexadecimal.
    #[serde(deserialize_with = "present")]
    pub salt: Option<String>,
    /// The content, as hashed.
    #[serde(deserialize_with = "present")]
    pub content: Option<String>,
}

/// A member that may be null but must be there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

impl ProofFile {
    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Problem> {
        let mut bytes =
            serde_json::to_vec_pretty(self).map_err(|_| Problem::new(&codes::DATABASE).log("proof"))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

impl Store {
    /// The proof of one version of a record (the current one when none is named), a deletion included, against the
    /// newest checkpoint that a witness has cosigned, or the newest of all where none of those has the version. None when there is no such version.
    pub fn proof(
        &self,
        ticket: &Ticket,
        permit: &Permit,
        version: Option<VersionNumber>,
    ) -> Result<Option<ProofFile>, Problem> {
        if permit.action() != Action::PROOF {
            return Err(Problem::new(&codes::NO_PERMIT).log("a proof was asked for without a permit"));
        }
        self.read_newest(ticket, |snapshot| self.proof_of(snapshot, permit, version))
    }

    /// The same for a command at the server whose entry another process has written.
    pub fn proof_witnessed(
        &self,
        witness: &Witness,
        permit: &Permit,
        version: Option<VersionNumber>,
    ) -> Result<Option<ProofFile>, Problem> {
        if permit.action() != Action::EXPORT {
            return Err(Problem::new(&codes::NO_PERMIT).log("a proof was asked for without a permit"));
        }
        self.read_witnessed(witness, |snapshot| self.proof_of(snapshot, permit, version))
    }

    fn proof_of(
        &self,
        snapshot: &Snapshot<'_>,
        permit: &Permit,
        version: Option<VersionNumber>,
    ) -> Result<Option<ProofFile>, Problem> {
        let key = permit.key();
        let found = match version {
            Some(version) => snapshot.version(key, version)?,
            None => snapshot.current(key)?,
        };
        let Some(found) = found else { return Ok(None) };
        self.prove(snapshot, found.position, key.to_string(), found.version.number()).map(Some)
    }

    /// The proof of the access entry at a position against the newest checkpoint; none when no such entry stands there.
    /// Its record is the `AuditEvent` that the entry is shown as, in its only version.
    pub fn proof_of_access(
        &self,
        ticket: &Ticket,
        permit: &AuditPermit,
        position: Position,
    ) -> Result<Option<ProofFile>, Problem> {
        self.read_newest(ticket, |snapshot| match snapshot.access(permit, position)? {
            Some(_) => self.prove(snapshot, position, access_record(position.0), 1).map(Some),
            None => Ok(None),
        })
    }

    fn prove(
        &self,
        snapshot: &Snapshot<'_>,
        position: Position,
        record: String,
        version: u64,
    ) -> Result<ProofFile, Problem> {
        let (size, checkpoint) = match snapshot.cosigned()?.filter(|cosigned| position.0 < cosigned.size) {
            Some(cosigned) => (cosigned.size, cosigned.note),
            None => (snapshot.entries()?, snapshot.newest_checkpoint()?.0),
        };
        let key = self.lineage().signer(&checkpoint)?;
        self.prove_by(snapshot, position, (record, version), (size, checkpoint, key))
    }

    /// The proof against a checkpoint of so many entries, signed with a key.
    fn prove_by(
        &self,
        snapshot: &Snapshot<'_>,
        position: Position,
        (record, version): (String, u64),
        (size, checkpoint, key): (u64, String, &VerifierKey),
    ) -> Result<ProofFile, Problem> {
        let (salt, content) = match snapshot.content(position)? {
            Some((salt, content)) => (Some(merkle::Hash(salt).to_hex()), Some(text(content)?)),
            None => (None, None),
        };
        let hashes = merkle::inclusion_proof(position.0, size, snapshot).map_err(from_proof_error)?;
        let proof = InclusionProof { index: position.0, hashes, checkpoint };
        Ok(ProofFile {
            format: FORMAT.to_owned(),
            facility: self.facility().to_string(),
            record,
            version,
            key: key.to_string(),
            proof: proof.to_string(),
            entry: text(snapshot.entry(position)?)?,
            salt,
            content,
        })
    }

    /// The proof of the entry at a position by which another key took over, signed by the key before; none where no such
    /// entry stands there, or the key before did not sign it.
    pub(crate) fn handover(
        &self,
        snapshot: &Snapshot<'_>,
        position: u64,
    ) -> Result<Option<ProofFile>, Problem> {
        let size = position.saturating_add(1);
        let bytes =
            if size <= snapshot.entries()? { snapshot.entry(Position(position))? } else { return Ok(None) };
        let entry = Entry::parse(&bytes).map_err(damaged)?;
        let (Some(succession), Some(checkpoint)) = (&entry.succession, snapshot.checkpoint_of(size)?) else {
            return Ok(None);
        };
        let (from, _) = succession.keys().map_err(damaged)?;
        if crate::verify::checkpoint(&checkpoint, &from).is_err() {
            return Ok(None);
        }
        let record = format!("Facility/{}", self.facility());
        self.prove_by(snapshot, Position(position), (record, 1), (size, checkpoint, &from)).map(Some)
    }
}

/// The record that the access entry at a position is shown as.
fn access_record(position: u64) -> String {
    format!("AuditEvent/{position}")
}

impl Store {
    /// The proof that the newest checkpoint continues the tree of `old` entries (formats, section 6); none when the
    /// journal never had that size.
    pub fn consistency(&self, old: u64) -> Result<Option<ConsistencyProof>, Problem> {
        self.look(|snapshot| {
            let (checkpoint, _) = snapshot.newest_checkpoint()?;
            consistent(snapshot, old, snapshot.entries()?, checkpoint)
        })
    }

    /// The same for an earlier checkpoint, of `size` entries; none when none was signed for so many.
    pub fn consistency_until(&self, old: u64, size: u64) -> Result<Option<ConsistencyProof>, Problem> {
        self.look(|snapshot| match snapshot.checkpoint_of(size)? {
            Some(checkpoint) => consistent(snapshot, old, size, checkpoint),
            None => Ok(None),
        })
    }

    /// How many entries each checkpoint has with which a key before this one's handed the journal over, the first of them
    /// first (formats, section 20).
    pub fn handed_over(&self) -> Result<Vec<u64>, Problem> {
        self.look(|snapshot| {
            let mut sizes = Vec::new();
            for one in self.lineage().successions() {
                if self.handover(snapshot, one.position)?.is_some() {
                    sizes.push(one.position.saturating_add(1));
                }
            }
            Ok(sizes)
        })
    }
}

/// That the tree of a checkpoint of `size` entries continues that of `old`; none where it has fewer.
fn consistent(
    snapshot: &Snapshot<'_>,
    old: u64,
    size: u64,
    checkpoint: String,
) -> Result<Option<ConsistencyProof>, Problem> {
    if old > size {
        return Ok(None);
    }
    let hashes = merkle::consistency_proof(old, size, snapshot).map_err(from_proof_error)?;
    Ok(Some(ConsistencyProof { old, hashes, checkpoint }))
}

/// What the entry of a proof says, with the file's own claims held against it. It stands at `position`.
pub(crate) fn entry_of<'a>(file: &ProofFile, bytes: &'a [u8], position: u64) -> Result<Entry<'a>, String> {
    let entry = Entry::parse(bytes)?;
    let (named, version) = match entry.kind {
        EntryKind::JournalOpen => return Err("the entry opens the journal".to_owned()),
        EntryKind::Access | EntryKind::JournalSuccession
            if entry.subject.kind != "Facility" || entry.subject.id != file.facility =>
        {
            return Err("the entry is about another facility".to_owned());
        }
        EntryKind::JournalSuccession => (format!("Facility/{}", file.facility), Some(1)),
        EntryKind::Access => (access_record(position), Some(1)),
        _ => (format!("{}/{}", entry.subject.kind, entry.subject.id), entry.subject.version),
    };
    if named != file.record || version != Some(file.version) {
        return Err("the entry is about another record or version".to_owned());
    }
    Ok(entry)
}

fn from_proof_error(error: ProofError<Problem>) -> Problem {
    match error {
        ProofError::Source(problem) => problem,
        ProofError::Range => Problem::new(&codes::CORRUPT).with("what", "a version beyond the tree"),
    }
}

fn text(bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes)
        .map_err(|_| Problem::new(&codes::CORRUPT).with("what", "content that is not text"))
}
