//! Writing a complete export: the journal, what opens its digests, and every content as people and other programs read it.

use super::folder::create;
use super::{
    ACCESSES, CHECKPOINTS, IMPORTS, Imported, Kept, LOG, Opening, SALTS, Signed, WITNESSES, content_file,
    is_withheld, wrong,
};
use crate::codes;
use crate::commit::number;
use crate::database::problem as db;
use crate::disk::file_problem;
use crate::entry::{Entry, EntryKind};
use crate::log;
use crate::open::Store;
use crate::sealed::Sealed;
use crate::snapshot::{Snapshot, damaged};
use crate::witness::Witness;
use access::{Action, Permit};
use base::{Problem, RecordKey, ResourceId, Time};
use merkle::Hash;
use rusqlite::{Row, params};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Entries read at a time, and between two signs of life.
const CHUNK: u64 = 1_024;

/// The permit to export a record, from the law.
pub type Permitting<'a> = &'a dyn Fn(&RecordKey) -> Result<Permit, Problem>;

/// What was written.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Entries of the journal.
    pub entries: u64,
    /// The checkpoint of those entries.
    pub checkpoint: String,
    /// Current records by type.
    pub current: BTreeMap<String, u64>,
}

/// Writes everything of a facility into a folder, as the journal says is being done, except what is no business of the store.
/// `progress` hears the entries done and their number.
///
/// # Errors
/// Something cannot be read or written, or the law does not permit it.
pub fn save(
    store: &Store,
    witness: &Witness,
    folder: &Path,
    permit: Permitting<'_>,
    progress: &dyn Fn(u64, u64),
) -> Result<Saved, Problem> {
    store.read_witnessed(witness, |snapshot| {
        let entries = log::save_snapshot(store, snapshot, &folder.join(LOG))?;
        save_contents(snapshot, folder, entries, permit, progress)?;
        save_checkpoints(snapshot, folder)?;
        save_beside(snapshot, folder)?;
        let current = save_current(snapshot, folder, permit)?;
        Ok(Saved { entries, checkpoint: snapshot.newest_checkpoint()?.0, current })
    })
}

/// Files that are written side by side.
struct Files {
    folder: PathBuf,
    open: BTreeMap<String, BufWriter<File>>,
}

impl Files {
    fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), open: BTreeMap::new() }
    }

    fn line(&mut self, name: &str, line: &[u8]) -> Result<(), Problem> {
        if line.contains(&b'\n') {
            return Err(Problem::new(&codes::CORRUPT).with("what", "a content of several lines"));
        }
        let path = self.folder.join(name);
        if !self.open.contains_key(name) {
            self.open.insert(name.to_owned(), create(&path)?);
        }
        let Some(file) = self.open.get_mut(name) else { return Ok(()) };
        let written = file.write_all(line).and_then(|()| file.write_all(b"\n"));
        written.map_err(|error| file_problem(&path, &error))
    }

    fn json(&mut self, name: &str, line: &impl Serialize) -> Result<(), Problem> {
        self.line(name, &serde_json::to_vec(line).map_err(|_| wrong(name, "not written"))?)
    }

    /// Writes out what is held back. A file that nothing came into is made all the same.
    fn end(mut self, always: &[&str]) -> Result<(), Problem> {
        for name in always.iter().filter(|name| !self.open.contains_key(**name)).collect::<Vec<_>>() {
            self.open.insert((*name).to_owned(), create(&self.folder.join(name))?);
        }
        for (name, mut file) in self.open {
            file.flush().map_err(|error| file_problem(&self.folder.join(name), &error))?;
        }
        Ok(())
    }
}

const OPENED: &str = "SELECT e.position, e.body, c.salt, c.body FROM entry e LEFT JOIN content c ON c.position = e.position WHERE e.position >= ?1 AND e.position < ?2 ORDER BY e.position";

/// Every content, in the file of its type and the order of the journal, and every salt.
fn save_contents(
    snapshot: &Snapshot<'_>,
    folder: &Path,
    size: u64,
    permit: Permitting<'_>,
    progress: &dyn Fn(u64, u64),
) -> Result<(), Problem> {
    let mut files = Files::of(folder);
    let mut statement = snapshot.connection.prepare_cached(OPENED).map_err(|error| db(&error))?;
    let mut first = 0;
    while first < size {
        let until = size.min(first.saturating_add(CHUNK));
        let mut rows =
            statement.query(params![number(first)?, number(until)?]).map_err(|error| db(&error))?;
        while let Some(row) = rows.next().map_err(|error| db(&error))? {
            save_content(&mut files, row, permit)?;
        }
        progress(until, size);
        first = until;
    }
    files.end(&[SALTS, ACCESSES])
}

fn save_content(files: &mut Files, row: &Row<'_>, permit: Permitting<'_>) -> Result<(), Problem> {
    let place = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?));
    let (position, body): (u64, Vec<u8>) = place(row).map_err(|error: rusqlite::Error| db(&error))?;
    let opening = |row: &Row<'_>| Ok((row.get(2)?, row.get(3)?));
    let (salt, content): (Option<[u8; 32]>, Option<Vec<u8>>) =
        opening(row).map_err(|error: rusqlite::Error| db(&error))?;
    let entry = Entry::parse(&body).map_err(damaged)?;
    if entry.digest.is_none() {
        return Ok(());
    }
    let kind = entry.subject.kind.as_ref();
    let (salt, content) = match (salt, content) {
        _ if is_withheld(kind) => return files.json(SALTS, &Opening { position, salt: None }),
        (Some(salt), Some(content)) => (salt, content),
        _ => return Err(damaged(format!("position {position}: the content is missing"))),
    };
    files.json(SALTS, &Opening { position, salt: Some(Hash(salt).to_hex()) })?;
    let of_record = entry.kind != EntryKind::Access && !entry.kind.of_identity();
    let content = if of_record { opened(&entry, content, permit)? } else { content };
    files.line(&content_file(entry.kind, kind), &content)
}

/// The content of a record, opened by its permit.
fn opened(entry: &Entry<'_>, content: Vec<u8>, permit: Permitting<'_>) -> Result<Vec<u8>, Problem> {
    let id = ResourceId::parse(&entry.subject.id).ok_or_else(|| damaged("a malformed id"))?;
    let key = RecordKey::new(&entry.subject.kind, id);
    let permit = permit(&key)?;
    if permit.action() != Action::EXPORT {
        return Err(Problem::new(&codes::NO_PERMIT).log("an export was asked for without a permit"));
    }
    Sealed::new(key, content).open(&permit)
}

fn save_checkpoints(snapshot: &Snapshot<'_>, folder: &Path) -> Result<(), Problem> {
    let mut files = Files::of(folder);
    let mut statement = snapshot
        .connection
        .prepare_cached("SELECT size, time, note FROM checkpoint ORDER BY size")
        .map_err(|error| db(&error))?;
    let mut rows = statement.query([]).map_err(|error| db(&error))?;
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        let read =
            || -> rusqlite::Result<(i64, i64, Vec<u8>)> { Ok((row.get(0)?, row.get(1)?, row.get(2)?)) };
        let (size, time, note) = read().map_err(|error| db(&error))?;
        let note = String::from_utf8(note).map_err(|_| damaged("a checkpoint that is not text"))?;
        let time = Time::from_microseconds(time).to_string();
        files.json(CHECKPOINTS, &Signed { size: size.unsigned_abs(), time, note })?;
    }
    files.end(&[CHECKPOINTS])
}

/// What witnesses said, and how far imports have come. All other notes concern what comes in here, and nowhere else.
fn save_beside(snapshot: &Snapshot<'_>, folder: &Path) -> Result<(), Problem> {
    let mut files = Files::of(folder);
    for (name, text) in snapshot.notes(OF_WITNESSES)? {
        files.json(WITNESSES, &Kept { name, text })?;
    }
    let mut statement = snapshot
        .connection
        .prepare_cached("SELECT source, done FROM import_mark ORDER BY source")
        .map_err(|error| db(&error))?;
    let mut rows = statement.query([]).map_err(|error| db(&error))?;
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        let read = || -> rusqlite::Result<(String, i64)> { Ok((row.get(0)?, row.get(1)?)) };
        let (source, done) = read().map_err(|error| db(&error))?;
        files.json(IMPORTS, &Imported { source, done: done.unsigned_abs() })?;
    }
    files.end(&[WITNESSES, IMPORTS])
}

/// What the names of notes about witnesses begin with.
pub(super) const OF_WITNESSES: &str = "witness/";

/// Current records, in the order of their creation.
fn save_current(
    snapshot: &Snapshot<'_>,
    folder: &Path,
    permit: Permitting<'_>,
) -> Result<BTreeMap<String, u64>, Problem> {
    let (mut files, mut counts, mut after) = (Files::of(folder), BTreeMap::new(), 0);
    loop {
        let steps = snapshot.all(after, usize::try_from(CHUNK).unwrap_or(usize::MAX))?;
        let Some(last) = steps.last() else { break };
        after = last.record;
        for step in steps {
            let Some(content) = step.found.content else { continue };
            let kind = step.key.kind.to_string();
            files.line(&format!("current/{kind}.ndjson"), &content.open(&permit(&step.key)?)?)?;
            let count: &mut u64 = counts.entry(kind).or_default();
            *count = count.saturating_add(1);
        }
    }
    files.end(&[])?;
    Ok(counts)
}
