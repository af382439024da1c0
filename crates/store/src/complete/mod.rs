//! A whole facility as a folder of open formats, to be taken in by another installation (formats, section 20).
//!
//! Everything that the journal proves is in it: the journal itself, every content with its salt, every checkpoint. Keys are
//! not, nor are passwords and second factors.

mod folder;
mod hand_over;
mod interrupted;
mod save;
mod take;

pub use folder::finish;
pub use hand_over::{check_successor, hand_over, handed_over, prepare};
pub use interrupted::interrupted;
pub use save::{Permitting, Saved, save};
pub use take::{Stage, Taken, Terms, take_in};

use crate::codes;
use crate::entry::{EntryKind, IDENTITY_PREFIX};
use base::Problem;
use serde::{Deserialize, Serialize};

/// `format` of the manifests written here.
const FORMAT: &str = "akashi-complete/1";
/// The file that is written last: without it, a folder is no complete export.
pub const MANIFEST: &str = "manifest.json";
/// The digests of all other files, in the form of `sha256sum`.
pub const SUMS: &str = "SHA256SUMS";

/// Types whose content stays behind: from hashes of passwords a password can be guessed, and secrets sealed with the keys of
/// one installation are of no use to another.
const WITHHELD: [&str; 2] = ["AkashiFactor", "AkashiPasswordHistory"];

/// Whether the content of this type stays behind.
pub(crate) fn is_withheld(kind: &str) -> bool {
    WITHHELD.contains(&kind)
}

/// What a complete export is of (formats, section 20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `akashi-complete/1`.
    pub format: String,
    /// The facility.
    pub facility: String,
    /// The verifier key that signed the checkpoint.
    pub key: String,
    /// How many entries there are.
    pub entries: u64,
    /// The checkpoint of those entries.
    pub checkpoint: String,
    /// The key to which the journal was handed over; none where it goes on.
    pub successor: Option<String>,
    /// The version of the program that wrote it.
    pub program: String,
    /// The documents of the register that are files.
    pub documents: Vec<DocumentFile>,
    /// SHA-256 of the file `SHA256SUMS`, hexadecimal.
    pub sums: String,
}

/// A document of the register that is a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentFile {
    /// Its id in the register.
    pub id: String,
    /// Whether its file, as it was registered, lies under `documents/` by that id. If not, it was gone or had changed.
    pub included: bool,
}

/// One line of `salts.ndjson`: what opens the digest of an entry.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    position: u64,
    /// None where the content stays behind.
    salt: Option<String>,
}

/// One line of `checkpoints.ndjson`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    size: u64,
    time: String,
    note: String,
}

/// One line of `witnesses.ndjson`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    name: String,
    text: String,
}

/// One line of `imports.ndjson`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Imported {
    source: String,
    done: u64,
}

/// The folder in which the contents of a type stand, beside [`ACCESSES`].
fn history_of(kind: &str) -> String {
    let folder = if kind.starts_with(IDENTITY_PREFIX) { "administration" } else { "history" };
    format!("{folder}/{kind}.ndjson")
}

/// The file of an entry's content. An entry names its type in a form that is safe as a file's name.
fn content_file(kind: EntryKind, subject: &str) -> String {
    if kind == EntryKind::Access { ACCESSES.to_owned() } else { history_of(subject) }
}

const ACCESSES: &str = "accesses.ndjson";
const SALTS: &str = "salts.ndjson";
const CHECKPOINTS: &str = "checkpoints.ndjson";
const WITNESSES: &str = "witnesses.ndjson";
const IMPORTS: &str = "imports.ndjson";
const LOG: &str = "log";

/// What is wrong with an export, and where.
fn wrong(file: impl std::fmt::Display, what: impl std::fmt::Display) -> Problem {
    Problem::new(&codes::EXPORT_WRONG).with("file", file).with("what", what)
}
