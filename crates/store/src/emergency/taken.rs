//! The emergency log as it is read: what waits to be taken into the journal, and whether the files are as they were written.

use super::log::{ENDING, EmergencyLog, FORMAT, Line, Sealed, TAKEN, about, digest, signed};
use crate::actor::{Actor, ActorKind};
use crate::codes;
use crate::disk;
use crate::facility::{self, FacilityKeys};
use crate::ticket::Owed;
use crate::verify::Lineage;
use access::{Access, Emergency};
use base::{FacilityId, Problem, Time};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use merkle::Hash;
use seal::{LinkKey, MasterKey};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// What the names of the notes begin with that say how far a log was taken in.
const MARK: &str = "emergency/";
/// What such a note says once all of the log was.
const ALL: &str = "all";

/// An entry that is owed for a line, or for a log as a whole.
pub(crate) struct Look {
    pub(crate) owed: Owed,
    /// The note that says that it was written, and its text.
    pub(crate) mark: (String, String),
}

/// What waits in the files, which are put away once all of it was entered.
#[derive(Default)]
pub(crate) struct Collected {
    pub(crate) looks: Vec<Look>,
    files: Vec<PathBuf>,
}

/// A file, read.
struct Read {
    log: String,
    lines: Vec<(Line, Option<Sealed>)>,
    /// Whether the last line was not written to its end. The answer that it stands for never left.
    cut: bool,
    /// What is not as it was written.
    faults: Vec<String>,
}

/// What it takes to read one.
struct Reading<'a> {
    facility: &'a FacilityId,
    lineage: &'a Lineage,
    links: &'a LinkKey,
}

impl EmergencyLog {
    /// Whether lines may wait to be taken in.
    pub(crate) fn waits(&self) -> bool {
        self.pending.load(Ordering::SeqCst)
    }

    /// Says that lines may wait again, because they could not be taken in.
    pub(crate) fn keep_waiting(&self) {
        self.pending.store(true, Ordering::SeqCst);
    }

    /// Everything that is in the files and not in the journal yet, of which `mark` tells by the notes in it. Lines that come
    /// later go to new files.
    pub(crate) fn collect(
        &self,
        lineage: &Lineage,
        mark: &dyn Fn(&str) -> Result<Option<String>, Problem>,
    ) -> Result<Collected, Problem> {
        self.pending.store(false, Ordering::SeqCst);
        self.end();
        let reading = Reading { facility: &self.facility, lineage, links: &self.links };
        let (mut collected, mut ids) = (Collected::default(), BTreeSet::new());
        for (path, read) in self.folders.iter().flat_map(|folder| reading.folder(folder)) {
            let name = format!("{MARK}{}", read.log);
            let done = mark(&name)?;
            if done.as_deref() != Some(ALL) {
                let done = done.and_then(|done| done.parse().ok()).unwrap_or(0);
                collected.looks.extend(owed(read, &name, done, &mut ids)?);
            }
            collected.files.push(path);
        }
        Ok(collected)
    }
}

impl Collected {
    /// Puts the files away. What fails is tried again when the log is next taken in, and enters nothing twice.
    pub(crate) fn put_away(&self) {
        for path in &self.files {
            let put = || -> Result<(), Problem> {
                let folder = path.parent().unwrap_or(Path::new(".")).join(TAKEN);
                disk::make_folder(&folder)?;
                let to = folder.join(path.file_name().unwrap_or_default());
                std::fs::rename(path, &to).map_err(|error| disk::file_problem(path, &error))?;
                disk::sync_folder_of(&to)?;
                disk::sync_folder_of(path)
            };
            if let Err(problem) = put() {
                tracing::error!(%problem, "an emergency log that was taken in stays where it is");
            }
        }
    }
}

/// The entries for the lines from `done` on, and one for the whole.
fn owed(read: Read, name: &str, done: u64, ids: &mut BTreeSet<String>) -> Result<Vec<Look>, Problem> {
    let Read { log, mut lines, cut, faults } = read;
    for fault in &faults {
        tracing::error!(%log, %fault, "the emergency log is not as it was written");
    }
    if cut {
        tracing::warn!(%log, "the last line of the emergency log was not written to its end");
    }
    let (mut looks, mut next) = (Vec::new(), done);
    lines.sort_by_key(|(line, _)| line.n);
    for (line, sealed) in lines {
        // A look whose line stands here twice, or in another file too, is entered once.
        let Some(sealed) = sealed.filter(|sealed| ids.insert(sealed.id.clone()) && line.n >= done) else {
            continue;
        };
        next = line.n.saturating_add(1);
        let emergency = Some(Emergency { at: line.time, log: log.clone(), line: line.n });
        let owed = Owed::new(sealed.actor, &Access { emergency, ..sealed.access })?;
        looks.push(Look { owed, mark: (name.to_owned(), next.to_string()) });
    }
    let whole = Access {
        v: 1,
        request: log.clone(),
        route: "emergency-log".to_owned(),
        target: format!("{MARK}{log}"),
        query: Some(format!("lines={next}&cut={}&faults={}", u8::from(cut), faults.len())),
        status: if faults.is_empty() { 200 } else { 500 },
        code: (!faults.is_empty()).then(|| codes::WRONG.id.to_owned()),
        ..Access::default()
    };
    let owed = Owed::new(Actor::new(ActorKind::System, "akashi"), &whole)?;
    looks.push(Look { owed, mark: (name.to_owned(), ALL.to_owned()) });
    Ok(looks)
}

/// The files of a folder that wait, by their names. A folder that is not there has none.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let problem = |error: &std::io::Error| disk::file_problem(folder, error);
    let names = match std::fs::read_dir(folder) {
        Ok(names) => names,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(problem(&error)),
    };
    let paths = names.map(|name| name.map(|name| name.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(|error| problem(&error))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    paths.sort();
    Ok(paths)
}

impl Reading<'_> {
    /// The files that wait in a folder. What cannot be read now is tried again when the store is next opened.
    fn folder(&self, folder: &Path) -> Vec<(PathBuf, Read)> {
        let told = |problem: &Problem| tracing::error!(%problem, "an emergency log is not taken in yet");
        let paths = files_in(folder).inspect_err(told).unwrap_or_default();
        let read = |path: PathBuf| Some((path.clone(), self.file(&path).inspect_err(told).ok()?));
        paths.into_iter().filter_map(read).collect()
    }

    fn file(&self, path: &Path) -> Result<Read, Problem> {
        let bytes = disk::read_bytes(path)?;
        let log = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let mut read = Read { lines: Vec::new(), cut: false, faults: Vec::new(), log };
        let mut before = Hash(digest(read.log.as_bytes()));
        let (mut rest, mut number) = (bytes.as_slice(), 0_u64);
        while !rest.is_empty() {
            let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
                read.cut = true;
                break;
            };
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            match self.line(line, &read.log) {
                Ok((line, sealed, signed)) => {
                    let linked = line.n == number && line.before == before.to_hex();
                    let fault = |what: &str| format!("{}: line {number}: {what}", path.display());
                    if !linked {
                        read.faults.push(fault("it does not follow the line before"));
                    }
                    if !signed {
                        read.faults.push(fault("its signature does not verify"));
                    }
                    if sealed.is_none() {
                        read.faults.push(fault("its seal does not open"));
                    }
                    read.lines.push((line, sealed));
                }
                Err(what) => read.faults.push(format!("{}: line {number}: {what}", path.display())),
            }
            before = Hash(digest(line));
            number = number.saturating_add(1);
        }
        Ok(read)
    }

    /// A line, what is under its seal, and whether its signature verifies.
    fn line(&self, bytes: &[u8], log: &str) -> Result<(Line, Option<Sealed>, bool), &'static str> {
        let mut parts = bytes.splitn(2, |byte| *byte == b'\t');
        let (json, signature) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let line: Line = serde_json::from_slice(json).map_err(|_| "it is not a line of this format")?;
        if line.v != FORMAT || line.facility != self.facility.as_str() || line.log != log {
            return Err("it is of another format, facility or log");
        }
        let time = Time::parse(&line.time).map(|time| time.to_string());
        if time.as_deref() != Some(&*line.time) {
            return Err("its time is malformed");
        }
        let signature = STANDARD.decode(signature).unwrap_or_default();
        let text = signed(json);
        let verifies =
            self.lineage.keys().any(|key| seal::verify_signature(&key.public, &text, &signature).is_ok());
        let sealed = self.links.open(&about(log, line.n), &line.look);
        Ok((line, sealed.and_then(|bytes| serde_json::from_slice(&bytes).ok()), verifies))
    }
}

/// Checks the emergency logs of a facility, those that were taken into the journal and those that wait: that each line
/// follows the one before, is signed with a key of the journal, and opens. Says how many lines there are.
///
/// # Errors
/// ST-0017: the first line that is not as it was written; or a file cannot be read.
pub fn verify_emergency_logs(
    data: &Path,
    facility: &FacilityId,
    master: &MasterKey,
    beside: Option<&Path>,
) -> Result<u64, Problem> {
    let keys = FacilityKeys::read(data, facility, master)?;
    let links = LinkKey::derive(&keys.data_key)?;
    let reading = Reading { facility, lineage: &keys.lineage, links: &links };
    let mut lines = 0_u64;
    for folder in folders(data, facility, beside) {
        for path in [files_in(&folder)?, files_in(&folder.join(TAKEN))?].concat() {
            let read = reading.file(&path)?;
            if let Some(fault) = read.faults.first() {
                return Err(Problem::new(&codes::WRONG).with("what", fault));
            }
            lines = lines.saturating_add(u64::try_from(read.lines.len()).unwrap_or(u64::MAX));
        }
    }
    Ok(lines)
}

/// Where the emergency log of a facility is: in the folder that was named for it, and, where that fails, in the facility's.
pub(crate) fn folders(data: &Path, facility: &FacilityId, beside: Option<&Path>) -> Vec<PathBuf> {
    let own = facility::folder(data, facility).join("emergency");
    beside.map(|beside| beside.join(facility.as_str())).into_iter().chain([own]).collect()
}
