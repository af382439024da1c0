//! `akashi export`: all current resources as NDJSON, one file per type, the journal in the tlog-tiles layout, or everything.

use crate::arguments::Export;
use crate::codes;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::terminal::Terminal;
use base::Problem;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use store::{Store, Witness, disk};

/// Records read at a time.
const CHUNK: usize = 1_000;

pub(crate) fn run(terminal: &Terminal, arguments: &Export) -> Result<(), Failure> {
    if let Some(folder) = &arguments.target.complete {
        return super::complete::export(terminal, arguments, folder);
    }
    let directory = Directory::at(&arguments.which.folder.data);
    let facility = directory.facility(arguments.which.facility.as_ref())?;
    let what = if arguments.target.log.is_some() { "log" } else { "*" };
    for folder in arguments.target.log.iter().chain(&arguments.target.out) {
        refuse_filled(folder)?;
    }
    let (store, witness) = console::export(&directory, &facility, terminal.language(), what)?;
    for folder in arguments.target.log.iter().chain(&arguments.target.out) {
        disk::make_folder(folder)?;
    }
    if let Some(folder) = &arguments.target.log {
        let entries = store::save_log(&store, &witness, folder)?;
        terminal
            .line(&format!("{} {entries}", terminal.choose("entries written:", "書き出したエントリー数:")));
    }
    if let Some(folder) = &arguments.target.out {
        for (kind, count) in write_records(&store, &witness, folder)? {
            terminal.line(&format!("{count:>10}  {kind}.ndjson"));
        }
    }
    Ok(())
}

/// An export never mixes with what is there already.
pub(super) fn refuse_filled(folder: &Path) -> Result<(), Problem> {
    let mut files = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        files => files.map_err(|error| disk::file_problem(folder, &error))?,
    };
    match files.next() {
        None => Ok(()),
        Some(_) => Err(Problem::new(&codes::NOT_EMPTY).with("folder", folder.display())),
    }
}

/// A new file that only its owner may read: it holds clinical content.
fn create(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn write_records(store: &Store, witness: &Witness, folder: &Path) -> Result<BTreeMap<String, u64>, Problem> {
    let mut files: BTreeMap<String, BufWriter<File>> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    store.read_witnessed(witness, |snapshot| {
        let mut after = 0;
        loop {
            let steps = snapshot.all(after, CHUNK)?;
            let Some(last) = steps.last() else { return Ok::<(), Problem>(()) };
            after = last.record;
            for step in steps {
                let kind = step.key.kind.to_string();
                let path = folder.join(format!("{kind}.ndjson"));
                let failed = |error: std::io::Error| disk::file_problem(&path, &error);
                if !files.contains_key(&kind) {
                    files.insert(kind.clone(), BufWriter::new(create(&path).map_err(failed)?));
                }
                if let Some(file) = files.get_mut(&kind) {
                    let permit = records::export_permit(store.facility(), &step.key)?;
                    let line = step.found.content.map(|content| content.open(&permit)).transpose()?;
                    let line = line.unwrap_or_default();
                    file.write_all(&line).and_then(|()| file.write_all(b"\n")).map_err(failed)?;
                }
                let count: &mut u64 = counts.entry(kind).or_default();
                *count = count.saturating_add(1);
            }
        }
    })?;
    for (kind, file) in files {
        let path = folder.join(format!("{kind}.ndjson"));
        let file = file.into_inner().map_err(|error| disk::file_problem(&path, error.error()))?;
        file.sync_all().map_err(|error| disk::file_problem(&path, &error))?;
    }
    Ok(counts)
}
