//! The folder of a witness (formats, section 16): its key, the logs it trusts, and what it cosigned last.
//!
//! `trusted/` is written by whoever runs the witness, also while it serves; `cosigned/` by the witness alone, which holds
//! the folder's lock. Both name a log by the digest of its origin.

use crate::codes;
use crate::cosigned::{origin_digest, verify_cosigned};
use base::{Entropy, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use merkle::checkpoint::Head;
use merkle::cosignature::CosignerKey;
use merkle::note::{KeyName, SignedNote, VerifierKey};
use seal::SigningKey;
use std::path::{Path, PathBuf};
use store::disk::{self, Lock, Readable};
use zeroize::Zeroizing;

/// First lines of the files.
const KEY_TITLE: &str = "akashi-witness-key/1\n";
const TRUST_TITLE: &str = "akashi-witness-trust/1\n";
/// The same where another key has taken the place of one.
const TRUST_TITLE_WITH_FORMER: &str = "akashi-witness-trust/2\n";
/// What stands before a key that was succeeded.
const FORMER: &str = "former ";
const LAST_TITLE: &str = "akashi-witness-last/1\n";
/// Names of the files and folders.
const KEY: &str = "witness.key";
const PUBLIC: &str = "key";
const TRUSTED: &str = "trusted";
const LAST: &str = "cosigned";
/// Longest origin, in bytes.
const ORIGIN_BYTES_MAX: usize = 1024;
/// Most keys of one log.
const KEYS_MAX: usize = 16;

/// Makes the folder of a new witness and its key, whose public half it gives back.
///
/// # Errors
/// The name cannot be taken, or there is a witness already.
pub fn init(folder: &Path, name: &str, entropy: &dyn Entropy) -> Result<CosignerKey, Problem> {
    let name = KeyName::parse(name).ok_or_else(|| Problem::new(&codes::NAME_WRONG).with("name", name))?;
    let path = folder.join(KEY);
    disk::make_folder(&folder.join(TRUSTED))?;
    disk::make_folder(&folder.join(LAST))?;
    let lock = disk::lock(folder);
    // A witness that serves has the lock, and the better answer is that there is one.
    if path.exists() {
        let there = Problem::new(&codes::FOLDER).with("folder", folder.display());
        return Err(there.with("what", "it has a key already").with("what_ja", "鍵がすでにあります"));
    }
    let _lock = lock?;
    let key = SigningKey::generate(entropy)?;
    let public = CosignerKey::new(name, key.public());
    disk::write_whole(&folder.join(PUBLIC), format!("{public}\n").as_bytes(), Readable::Everyone)?;
    let seed = key.seed();
    let encoded = Zeroizing::new(STANDARD.encode(seed.reveal()));
    let text = Zeroizing::new(format!("{KEY_TITLE}{}\n{}\n", public.name, *encoded));
    // CRASH: the key comes last; without it the folder is no witness, and `init` can be repeated.
    disk::write_whole(&path, text.as_bytes(), Readable::OwnerOnly)?;
    Ok(public)
}

/// Lets a witness cosign a log: checkpoints with this origin, signed by this key. Without an origin it is the name of the
/// key. A further key of the same log is added; where it is to be the `only` one, those before sign nothing more. Gives back
/// the origin.
///
/// # Errors
/// The origin cannot be taken, the key was succeeded by another, or the folder is no witness.
pub fn trust(folder: &Path, key: &VerifierKey, origin: Option<&str>, only: bool) -> Result<String, Problem> {
    let origin = origin.unwrap_or(key.name.as_str()).to_owned();
    if origin.is_empty() || origin.len() > ORIGIN_BYTES_MAX || origin.chars().any(char::is_control) {
        return Err(Problem::new(&codes::NAME_WRONG).with("name", origin));
    }
    let folder = Folder::at(folder)?;
    let _lock = folder.lock_trusted()?;
    let digest = origin_digest(&origin);
    let nothing = || Log { origin: origin.clone(), keys: Vec::new(), former: Vec::new() };
    let mut log = folder.trusted(&digest)?.unwrap_or_else(nothing);
    if log.former.contains(key) && !only {
        return Err(Problem::new(&codes::SUCCEEDED).with("key", key));
    }
    if !log.keys.contains(key) {
        log.keys.push(key.clone());
    }
    if only {
        log.former.extend(log.keys.iter().filter(|other| *other != key).cloned());
        log.former.retain(|other| other != key);
        log.keys = vec![key.clone()];
    }
    folder.put_trusted(&log)?;
    Ok(origin)
}

/// A log that a witness trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    pub(crate) origin: String,
    /// Of these at least one must have signed.
    pub(crate) keys: Vec<VerifierKey>,
    /// Keys that signed before, and whose place another has taken: what they sign is judged, and never cosigned.
    pub(crate) former: Vec<VerifierKey>,
}

/// A folder that is a witness.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn at(path: &Path) -> Result<Self, Problem> {
        if path.join(KEY).is_file() && path.join(TRUSTED).is_dir() && path.join(LAST).is_dir() {
            return Ok(Self(path.to_owned()));
        }
        let not = Problem::new(&codes::FOLDER).with("folder", path.display());
        Err(not.with("what", "no witness was made there").with("what_ja", "ウィットネスが作成されていません"))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The key with its public half.
    pub(crate) fn key(&self) -> Result<(SigningKey, CosignerKey), Problem> {
        let path = self.0.join(KEY);
        let text = Zeroizing::new(disk::read_text(&path)?);
        let read = || {
            let (name, seed) = text.strip_prefix(KEY_TITLE)?.strip_suffix('\n')?.split_once('\n')?;
            let seed = Zeroizing::new(STANDARD.decode(seed).ok()?);
            Some((KeyName::parse(name)?, SigningKey::from_seed(&seed).ok()?))
        };
        let (name, key) = read().ok_or_else(|| damaged(&path))?;
        let public = CosignerKey::new(name, key.public());
        Ok((key, public))
    }

    /// A log by the digest of its origin; none when it is not trusted.
    pub(crate) fn trusted(&self, digest: &str) -> Result<Option<Log>, Problem> {
        let path = self.trusted_path(digest);
        if !path.exists() {
            return Ok(None);
        }
        let text = disk::read_text(&path)?;
        let read = || {
            let (rest, with_former) = match text.strip_prefix(TRUST_TITLE_WITH_FORMER) {
                Some(rest) => (rest, true),
                None => (text.strip_prefix(TRUST_TITLE)?, false),
            };
            let (origin, lines) = rest.strip_suffix('\n')?.split_once('\n')?;
            let (mut keys, mut former) = (Vec::new(), Vec::new());
            for line in lines.split('\n') {
                match line.strip_prefix(FORMER).filter(|_| with_former) {
                    Some(key) => former.push(VerifierKey::parse(key)?),
                    None => keys.push(VerifierKey::parse(line)?),
                }
            }
            (origin_digest(origin) == digest).then(|| Log { origin: origin.to_owned(), keys, former })
        };
        read().map(Some).ok_or_else(|| damaged(&path))
    }

    /// Held by whoever changes which logs and keys are trusted.
    pub(crate) fn lock_trusted(&self) -> Result<Lock, Problem> {
        disk::lock(&self.0.join(TRUSTED))
    }

    /// Writes which keys of a log are trusted. The caller holds the lock.
    pub(crate) fn put_trusted(&self, log: &Log) -> Result<(), Problem> {
        let Log { origin, keys, former } = log;
        if keys.len().saturating_add(former.len()) > KEYS_MAX {
            return Err(Problem::new(&codes::NAME_WRONG).with("name", origin));
        }
        let digest = origin_digest(origin);
        let last = self.last_path(&digest);
        if !last.exists() {
            disk::write_whole(&last, LAST_TITLE.as_bytes(), Readable::Everyone)?;
        }
        // CRASH: the log is trusted once it can be remembered, not before.
        let title = if former.is_empty() { TRUST_TITLE } else { TRUST_TITLE_WITH_FORMER };
        let keys = keys.iter().map(|key| format!("{key}\n"));
        let former = former.iter().map(|key| format!("{FORMER}{key}\n"));
        let text = format!("{title}{origin}\n{}", keys.chain(former).collect::<String>());
        disk::write_whole(&self.trusted_path(&digest), text.as_bytes(), Readable::Everyone)
    }

    /// All logs that are trusted, by the digests of their origins.
    pub(crate) fn all(&self) -> Result<Vec<Log>, Problem> {
        let folder = self.0.join(TRUSTED);
        let mut logs = Vec::new();
        let names = std::fs::read_dir(&folder).map_err(|error| disk::file_problem(&folder, &error))?;
        for name in names {
            let name = name.map_err(|error| disk::file_problem(&folder, &error))?.file_name();
            // Beside the logs stand the lock and, after a crash, a file that was not finished.
            if let Some(digest) = name.to_str().filter(|name| is_digest(name)) {
                logs.extend(self.trusted(digest)?);
            }
        }
        logs.sort_by(|one, other| one.origin.cmp(&other.origin));
        Ok(logs)
    }

    /// The checkpoint of a trusted log that was cosigned last, as it was verified by this witness's own cosignature; none
    /// when it never cosigned one.
    ///
    /// # Errors
    /// WI-0007 when the file is gone or not as it was written: what is forgotten is not taken for never signed.
    pub(crate) fn last(&self, log: &Log, key: &CosignerKey) -> Result<Option<Last>, Problem> {
        let path = self.last_path(&origin_digest(&log.origin));
        let text = disk::read_text(&path).map_err(|problem| damaged(&path).log(problem.to_string()))?;
        let note = text.strip_prefix(LAST_TITLE).ok_or_else(|| damaged(&path))?;
        if note.is_empty() {
            return Ok(None);
        }
        let cosigned = verify_cosigned(note, key).map_err(|_| damaged(&path))?;
        if cosigned.head.origin != log.origin {
            return Err(damaged(&path));
        }
        Ok(Some(Last { head: cosigned.head, seconds: cosigned.seconds, note: note.to_owned() }))
    }

    /// Puts a checkpoint in the place of the last one. When this returns it is on the disk.
    pub(crate) fn put_last(&self, origin: &str, note: &SignedNote) -> Result<(), Problem> {
        let path = self.last_path(&origin_digest(origin));
        disk::write_whole(&path, format!("{LAST_TITLE}{note}").as_bytes(), Readable::Everyone)
    }

    fn trusted_path(&self, digest: &str) -> PathBuf {
        self.0.join(TRUSTED).join(digest)
    }

    fn last_path(&self, digest: &str) -> PathBuf {
        self.0.join(LAST).join(digest)
    }
}

/// What was cosigned last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Last {
    pub(crate) head: Head,
    pub(crate) seconds: u64,
    pub(crate) note: String,
}

/// Whether a name is that of a log.
pub(crate) fn is_digest(name: &str) -> bool {
    merkle::Hash::from_hex(name).is_some()
}

fn damaged(path: &Path) -> Problem {
    Problem::new(&codes::STATE_DAMAGED).with("file", path.display()).log(path.display().to_string())
}
