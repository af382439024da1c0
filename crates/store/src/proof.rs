//! The proof file: one version of a record with all that is needed to check it (formats, section 5).

use crate::codes;
use crate::entry::{Entry, EntryKind};
use crate::open::Store;
use crate::ticket::Ticket;
use access::{Action, Permit};
use base::{Problem, VersionNumber};
use merkle::ProofError;
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
    /// The record, `Type/id`.
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
    /// newest checkpoint. None when there is no such version.
    pub fn proof(
        &self,
        ticket: &Ticket,
        permit: &Permit,
        version: Option<VersionNumber>,
    ) -> Result<Option<ProofFile>, Problem> {
        let key = permit.key();
        if permit.action() != Action::PROOF {
            return Err(Problem::new(&codes::NO_PERMIT).log("a proof was asked for without a permit"));
        }
        self.read(ticket, |snapshot| {
            let found = match version {
                Some(version) => snapshot.version(key, version)?,
                None => snapshot.current(key)?,
            };
            let Some(found) = found else { return Ok(None) };
            let (salt, content) = match snapshot.content(found.position)? {
                Some((salt, content)) => (Some(merkle::Hash(salt).to_hex()), Some(text(content)?)),
                None => (None, None),
            };
            let (checkpoint, _) = snapshot.newest_checkpoint()?;
            let size = snapshot.entries()?;
            let hashes =
                merkle::inclusion_proof(found.position.0, size, snapshot).map_err(from_proof_error)?;
            let proof = InclusionProof { index: found.position.0, hashes, checkpoint };
            Ok(Some(ProofFile {
                format: FORMAT.to_owned(),
                facility: self.facility().to_string(),
                record: key.to_string(),
                version: found.version.number(),
                key: self.verifier().to_string(),
                proof: proof.to_string(),
                entry: text(snapshot.entry(found.position)?)?,
                salt,
                content,
            }))
        })
    }
}

impl Store {
    /// The proof that the newest checkpoint continues the tree of `old` entries (formats, section 6); none when the
    /// journal never had that size.
    pub fn consistency(&self, old: u64) -> Result<Option<ConsistencyProof>, Problem> {
        self.look(|snapshot| {
            let (checkpoint, _) = snapshot.newest_checkpoint()?;
            let size = snapshot.entries()?;
            if old > size {
                return Ok(None);
            }
            let hashes = merkle::consistency_proof(old, size, snapshot).map_err(from_proof_error)?;
            Ok(Some(ConsistencyProof { old, hashes, checkpoint }))
        })
    }
}

/// What the entry of a proof says, with the file's own claims held against it.
pub(crate) fn entry_of<'a>(file: &ProofFile, bytes: &'a [u8]) -> Result<Entry<'a>, String> {
    let entry = Entry::parse(bytes)?;
    let named = format!("{}/{}", entry.subject.kind, entry.subject.id);
    if entry.kind == EntryKind::JournalOpen
        || named != file.record
        || entry.subject.version != Some(file.version)
    {
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
