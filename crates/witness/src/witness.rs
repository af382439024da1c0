//! The witness: it cosigns a checkpoint that continues the last one it cosigned of the same log, and nothing else.
//!
//! One request at a time passes from the look at the last checkpoint to the new one on the disk (`tlog-witness`,
//! add-checkpoint), and the cosignature leaves after that. So of two checkpoints that do not fit together one is refused,
//! whatever comes at the same moment and wherever the process is killed.

use crate::codes;
use crate::cosigned::origin_digest;
use crate::folder::{Folder, Last, Log, is_digest};
use crate::reading;
use base::{Clock, Problem, Time};
use merkle::checkpoint::Head;
use merkle::cosignature::{Cosignature, CosignerKey, message};
use merkle::note::{Signature, SignedNote, VerifierKey};
use merkle::proof::AddCheckpoint;
use merkle::{empty_root, verify_consistency};
use seal::SigningKey;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use store::disk::{self, Lock};

/// A witness that can cosign.
#[derive(Debug)]
pub struct Witness {
    folder: Folder,
    key: SigningKey,
    public: CosignerKey,
    clock: Arc<dyn Clock>,
    cosigning: Mutex<()>,
    _lock: Lock,
}

/// What a witness knows of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The log.
    pub origin: String,
    /// The keys that may sign it.
    pub keys: Vec<VerifierKey>,
    /// The size that was cosigned last, and when, in seconds since 1970; none when it never was.
    pub last: Option<(u64, u64)>,
}

/// A checkpoint that was just cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The log.
    pub origin: String,
    /// Its size.
    pub size: u64,
    /// The signature line of the witness, with its newline.
    pub line: String,
    /// The checkpoint with the log's signatures and that line.
    pub note: String,
}

/// Why nothing was cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub problem: Problem,
    /// Where the request does not start where the witness stands: the size that it cosigned last.
    pub size: Option<u64>,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem, size: None }
    }
}

impl Witness {
    /// Opens the witness of a folder, for this process alone.
    ///
    /// # Errors
    /// The folder is no witness, or another process has it.
    pub fn open(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, Problem> {
        let folder = Folder::at(folder)?;
        let lock = disk::lock(folder.path())?;
        let (key, public) = folder.key()?;
        Ok(Self { folder, key, public, clock, cosigning: Mutex::default(), _lock: lock })
    }

    /// Its public key, by which cosignatures are checked.
    pub fn key(&self) -> &CosignerKey {
        &self.public
    }

    /// The logs that it trusts, with what it cosigned last of each.
    ///
    /// # Errors
    /// A file is damaged.
    pub fn known(&self) -> Result<Vec<Known>, Problem> {
        let known = |log: Log| {
            let last = self.folder.last(&log, &self.public)?.map(|last| (last.head.size, last.seconds));
            Ok(Known { origin: log.origin, keys: log.keys, last })
        };
        self.folder.all()?.into_iter().map(known).collect()
    }

    /// The checkpoint that was cosigned last of the log with this digest of its origin; none when there is none. Whoever
    /// is told of a conflict can look here at what the witness has seen.
    ///
    /// # Errors
    /// A file is damaged.
    pub fn last(&self, digest: &str) -> Result<Option<String>, Problem> {
        let Some(log) = Some(digest).filter(|digest| is_digest(digest)) else { return Ok(None) };
        let Some(log) = self.folder.trusted(log)? else { return Ok(None) };
        Ok(self.folder.last(&log, &self.public)?.map(|last| last.note))
    }

    /// Answers a request (`tlog-witness`, add-checkpoint).
    ///
    /// # Errors
    /// Why it is not cosigned: WI-0001 to WI-0005 as the protocol says, and what is wrong with the witness itself.
    pub fn add_checkpoint(&self, request: &[u8]) -> Result<Signed, Refusal> {
        let asked = std::str::from_utf8(request).ok().and_then(AddCheckpoint::parse);
        let asked = asked.ok_or_else(|| Problem::new(&codes::REQUEST_WRONG))?;
        let shown = self.signed_by_its_log(&asked.note, &asked.head)?;
        if asked.old > asked.head.size {
            return Err(Problem::new(&codes::REQUEST_WRONG).into());
        }
        self.cosign(shown, &asked.head, |last| continues(&asked, last))
    }

    /// Cosigns the checkpoint of a whole log in a folder, for those whom no network reaches: every hash of the tree is
    /// computed anew, so no proof is needed.
    ///
    /// # Errors
    /// As for [`Self::add_checkpoint`]; or the log is not whole.
    pub fn cosign_log(&self, folder: &Path) -> Result<Signed, Refusal> {
        let note = disk::read_text(&folder.join("checkpoint"))?;
        let wrong = || Problem::new(&codes::REQUEST_WRONG);
        let note = SignedNote::parse(&note).ok_or_else(wrong)?;
        let head = Head::parse(&note.text).ok_or_else(wrong)?;
        let shown = self.signed_by_its_log(&note, &head)?;
        self.cosign(shown, &head, |last| reading::continues(folder, last, &head))
    }

    /// The log, and the checkpoint with the signatures of its keys alone.
    fn signed_by_its_log(&self, note: &SignedNote, head: &Head) -> Result<Shown, Problem> {
        let log = self.folder.trusted(&origin_digest(&head.origin))?;
        let log = log.ok_or_else(|| Problem::new(&codes::ORIGIN_UNKNOWN))?;
        let (now, before) = (signed_by(&log.keys, note)?, signed_by(&log.former, note)?);
        let succeeded = now.is_empty();
        if succeeded && before.is_empty() {
            return Err(Problem::new(&codes::NOT_SIGNED));
        }
        Ok(Shown { log, note: SignedNote { text: note.text.clone(), signatures: now }, succeeded })
    }

    fn cosign(
        &self,
        shown: Shown,
        head: &Head,
        judge: impl FnOnce(&Head) -> Result<(), Refusal>,
    ) -> Result<Signed, Refusal> {
        let Shown { log, mut note, succeeded } = shown;
        // INVARIANT: from the look at the last checkpoint to the new one on the disk, nobody else.
        let _alone = self.cosigning.lock().unwrap_or_else(PoisonError::into_inner);
        let last = self.folder.last(&log, &self.public)?;
        let before = last.as_ref().map_or_else(|| never(&log.origin), |last| last.head.clone());
        judge(&before)?;
        // Whoever goes on with a key that was succeeded hears first that it has fallen behind, if it has.
        if succeeded {
            return Err(Problem::new(&codes::NOT_SIGNED)
                .log("only a key that was succeeded has signed")
                .into());
        }
        let seconds = self.seconds(last.as_ref())?;
        let signature = self.key.sign(message(seconds, &note.text).as_bytes());
        let line = Cosignature { seconds, signature }.line(&self.public);
        note.signatures.push(line.clone());
        // CRASH: before this returns nobody has the cosignature; afterwards it is the last one, answered or not.
        self.folder.put_last(&log.origin, &note)?;
        let line = format!("{line}\n");
        Ok(Signed { origin: log.origin.clone(), size: head.size, line, note: note.to_string() })
    }

    /// The time of a cosignature: a witness says what is the largest tree at a moment, so its moments do not run back.
    fn seconds(&self, last: Option<&Last>) -> Result<u64, Problem> {
        let now = seconds_of(self.clock.now());
        if last.is_some_and(|last| now < last.seconds) {
            return Err(Problem::new(&codes::CLOCK_BEHIND).log("the clock is behind the last cosignature"));
        }
        Ok(now)
    }
}

/// A checkpoint of a trusted log.
struct Shown {
    log: Log,
    /// With the signatures of the keys that sign now.
    note: SignedNote,
    /// Whether only a key has signed whose place another has taken.
    succeeded: bool,
}

/// The valid signatures of these keys.
fn signed_by(keys: &[VerifierKey], note: &SignedNote) -> Result<Vec<Signature>, Problem> {
    let mut signatures = Vec::new();
    for (key, signature) in keys.iter().flat_map(|key| note.signatures_of(key).map(move |one| (key, one))) {
        // A line of a known key that does not verify spoils the note (`signed-note`, signatures).
        seal::verify_signature(&key.public, note.text.as_bytes(), &signature.bytes)
            .map_err(|_| Problem::new(&codes::NOT_SIGNED))?;
        signatures.push(signature.clone());
    }
    Ok(signatures)
}

/// Whether a request starts where the witness stands, and continues that tree.
fn continues(asked: &AddCheckpoint, last: &Head) -> Result<(), Refusal> {
    let AddCheckpoint { old, hashes, head, .. } = asked;
    if *old != last.size || (*old == head.size && last.root != head.root) {
        return Err(conflict(last.size));
    }
    verify_consistency(last.size, &last.root, head.size, &head.root, hashes).map_err(|wrong| {
        let problem = Problem::new(&codes::NOT_CONSISTENT).with("size", last.size);
        problem.log(format!("not consistent: {wrong}")).into()
    })
}

/// What was sent is of another size, or of another root, than what was cosigned last.
pub(crate) fn conflict(size: u64) -> Refusal {
    let problem = Problem::new(&codes::CONFLICT).with("size", size).log("another size or root was cosigned");
    Refusal { problem, size: Some(size) }
}

/// What stands where a log was never cosigned: every tree continues the empty one.
fn never(origin: &str) -> Head {
    Head { origin: origin.to_owned(), size: 0, root: empty_root() }
}

pub(crate) fn seconds_of(time: Time) -> u64 {
    u64::try_from(time.microseconds() / 1_000_000).unwrap_or(0)
}
