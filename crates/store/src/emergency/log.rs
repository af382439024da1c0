//! The emergency log as it is written: one file for each run of the server that needs one, one line for each look, each
//! chained to the one before and signed with the journal's key.

use crate::codes;
use crate::disk;
use crate::facility::FacilityKeys;
use crate::ticket::Noted;
use access::Access;
use base::{Clock, Entropy, FacilityId, Problem};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use merkle::Hash;
use merkle::checkpoint::Checkpoint;
use seal::{LinkKey, SigningKey};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// `v` of the lines written here.
pub(super) const FORMAT: &str = "akashi-emergency/1";
/// How the names of its files end.
pub(super) const ENDING: &str = "ndjson";
/// The folder of what was taken into the journal.
pub(super) const TAKEN: &str = "taken";

/// One line, before its signature.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) v: String,
    pub(super) facility: String,
    /// The id of the log, 32 hexadecimal digits: each file has its own.
    pub(super) log: String,
    /// The number of the line, from 0.
    pub(super) n: u64,
    /// Digest of the line before, without its line feed; of the id of the log for the first.
    pub(super) before: String,
    /// When somebody looked.
    pub(super) time: String,
    /// The checkpoint that everything shown was proven against.
    pub(super) size: u64,
    pub(super) root: String,
    /// Who looked at what, under seal.
    pub(super) look: String,
}

/// Who looked at what: what is under the seal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sealed {
    /// The same where one look was written into two files, because nobody knows of the first whether it is durable.
    pub(super) id: String,
    pub(super) actor: crate::Actor,
    pub(super) access: Access,
}

/// Where lines go, and the keys for them.
pub(crate) struct EmergencyLog {
    pub(super) facility: FacilityId,
    /// Tried one after the other.
    pub(super) folders: Vec<PathBuf>,
    signing_key: SigningKey,
    pub(super) links: LinkKey,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    /// The file that is being written; none before the first look.
    open: Mutex<Option<Open>>,
    /// Whether lines wait to be taken into the journal.
    pub(super) pending: AtomicBool,
}

/// A file that is being written.
struct Open {
    file: File,
    path: PathBuf,
    log: String,
    lines: u64,
    /// Bytes that are durable.
    bytes: u64,
    last: Hash,
}

impl EmergencyLog {
    /// The log of a facility in these folders, of which the first that takes a line gets it.
    pub(crate) fn new(
        keys: &FacilityKeys,
        folders: Vec<PathBuf>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Problem> {
        Ok(Self {
            facility: keys.facility.clone(),
            folders,
            signing_key: SigningKey::from_seed(keys.signing_key.seed().reveal())?,
            links: LinkKey::derive(&keys.data_key)?,
            clock,
            entropy,
            open: Mutex::new(None),
            pending: AtomicBool::new(true),
        })
    }

    /// Makes sure that there is a file that takes lines.
    pub(crate) fn ready(&self) -> Result<(), Problem> {
        let mut open = self.open();
        if open.is_none() {
            *open = Some(self.begin(&self.folders)?);
        }
        Ok(())
    }

    /// Writes a line. When it returns, the line is durable. A file that fails is not written any more, since nobody knows
    /// what the disk holds of it: the line goes to a new one in the next folder.
    pub(crate) fn append(&self, checkpoint: &Checkpoint, noted: &Noted) -> Result<(), Problem> {
        let id = self.random()?;
        let mut open = self.open();
        let mut left = self.folders.as_slice();
        loop {
            let mut file = match open.take() {
                Some(file) => file,
                None => self.begin(left)?,
            };
            let line = self.line(&file, checkpoint, (&id, noted))?;
            // From here on there may be a line, whatever becomes of the rest.
            self.pending.store(true, Ordering::SeqCst);
            match file.write(&line) {
                Ok(()) => {
                    *open = Some(file);
                    return Ok(());
                }
                Err(error) => {
                    tracing::error!(file = %file.path.display(), %error, "a line of the emergency log was not written");
                    let failed = left.iter().position(|folder| file.path.starts_with(folder));
                    left =
                        left.get(failed.map_or(left.len(), |at| at.saturating_add(1))..).unwrap_or_default();
                }
            }
        }
    }

    /// Ends the file that is being written, so that all lines can be taken in; later ones go to a new file.
    pub(super) fn end(&self) {
        *self.open() = None;
    }

    /// A new file in the first of these folders that takes one.
    fn begin(&self, folders: &[PathBuf]) -> Result<Open, Problem> {
        let log = self.random()?;
        for folder in folders {
            let path = folder.join(format!("{log}.{ENDING}"));
            match create(&path) {
                Ok(file) => {
                    let last = Hash(digest(log.as_bytes()));
                    return Ok(Open { file, path, log, lines: 0, bytes: 0, last });
                }
                Err(error) => {
                    tracing::error!(file = %path.display(), %error, "the emergency log cannot be made");
                }
            }
        }
        Err(Problem::new(&codes::NOT_NOTED).log("no folder takes the emergency log"))
    }

    fn line(
        &self,
        file: &Open,
        checkpoint: &Checkpoint,
        (id, noted): (&str, &Noted),
    ) -> Result<Vec<u8>, Problem> {
        let fault = |_| Problem::new(&codes::NOT_NOTED).log("a line of the emergency log is not JSON");
        let sealed = Sealed { id: id.to_owned(), actor: noted.actor.clone(), access: noted.access.clone() };
        let sealed = serde_json::to_vec(&sealed).map_err(fault)?;
        let line = Line {
            v: FORMAT.to_owned(),
            facility: self.facility.to_string(),
            log: file.log.clone(),
            n: file.lines,
            before: file.last.to_hex(),
            time: self.clock.now().to_string(),
            size: checkpoint.size,
            root: checkpoint.root.to_hex(),
            look: self.links.seal(&about(&file.log, file.lines), &sealed)?,
        };
        let mut out = serde_json::to_vec(&line).map_err(fault)?;
        let signature = self.signing_key.sign(&signed(&out));
        out.push(b'\t');
        out.extend(STANDARD.encode(signature).as_bytes());
        Ok(out)
    }

    fn random(&self) -> Result<String, Problem> {
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes).map_err(|_| Problem::new(&codes::ENTROPY))?;
        Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
    }

    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// When it returns without an error, the line is durable.
    fn write(&mut self, line: &[u8]) -> std::io::Result<()> {
        let whole = [line, b"\n"].concat();
        let written = self.file.write_all(&whole).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // What came of it counts for nothing. Where it stays, it is told when the log is taken in.
            drop(self.file.set_len(self.bytes).and_then(|()| self.file.sync_data()));
            return Err(error);
        }
        self.last = Hash(digest(line));
        self.lines = self.lines.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(whole.len()).unwrap_or(0));
        Ok(())
    }
}

/// A new file for its owner only, durable as such.
fn create(path: &Path) -> std::io::Result<File> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(path)?;
    file.sync_all()?;
    disk::sync_folder_of(path).map_err(|problem| std::io::Error::other(problem.to_string()))?;
    Ok(file)
}

/// What is signed of a line: nothing else that the key signs begins like this.
pub(super) fn signed(json: &[u8]) -> Vec<u8> {
    [FORMAT.as_bytes(), b"\n", json].concat()
}

/// What the seal of a line is about: a look cannot be moved to another place.
pub(super) fn about(log: &str, line: u64) -> Vec<u8> {
    format!("emergency\0{log}\0{line}").into_bytes()
}

/// SHA-256.
pub(super) fn digest(mut bytes: &[u8]) -> [u8; 32] {
    // Reading what is in memory does not fail.
    seal::sha256_of(&mut bytes).unwrap_or_default()
}

impl std::fmt::Debug for EmergencyLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EmergencyLog({})", self.facility)
    }
}
