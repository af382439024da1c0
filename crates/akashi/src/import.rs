//! Where imports come from: files, folders and archives, opened as sources of JSON documents.

use crate::codes;
use base::Problem;
use base::limits::BODY_BYTES_MAX;
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::disk::file_problem;

/// A run of documents with one mark of progress: a file, or a file in an archive.
pub(crate) struct Source {
    /// What to call it in messages.
    pub(crate) name: String,
    /// SHA-256 of its bytes: the same content is the same source, wherever it lies.
    pub(crate) digest: String,
    content: Content,
}

enum Content {
    Document(Vec<u8>),
    Lines(Box<dyn BufRead>),
}

/// One JSON document.
pub(crate) struct Document {
    /// Where it stands: `file.ndjson:12`.
    pub(crate) place: String,
    /// Whether it is one line of a file rather than a whole file.
    is_line: bool,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Document {
    /// A blank line between others, which holds nothing and is no fault. A file that is blank as a whole is one.
    pub(crate) fn is_blank_line(&self) -> bool {
        self.is_line && self.bytes.trim_ascii().is_empty()
    }
}

impl Source {
    /// The documents in their order. Blank lines count, so that places and marks stay line numbers.
    pub(crate) fn documents(self) -> Box<dyn Iterator<Item = Result<Document, Problem>>> {
        let name = self.name;
        match self.content {
            Content::Document(bytes) => {
                Box::new(std::iter::once(Ok(Document { place: name, is_line: false, bytes })))
            }
            Content::Lines(mut lines) => {
                let mut number: u64 = 0;
                Box::new(std::iter::from_fn(move || {
                    number = number.saturating_add(1);
                    let place = format!("{name}:{number}");
                    match read_line(&mut lines) {
                        Ok(None) => None,
                        Ok(Some(bytes)) => Some(Ok(Document { place, is_line: true, bytes })),
                        Err(error) => Some(Err(file_problem(Path::new(&place), &error))),
                    }
                }))
            }
        }
    }
}

/// One line without its end; none at the end of the file. A line beyond the limit is an error, not a memory problem.
fn read_line(lines: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let limit = u64::try_from(BODY_BYTES_MAX).unwrap_or(u64::MAX);
    let mut line = Vec::new();
    let read = lines.by_ref().take(limit.saturating_add(1)).read_until(b'\n', &mut line)?;
    if line.len() > BODY_BYTES_MAX {
        return Err(std::io::Error::other(format!("a line is longer than {BODY_BYTES_MAX} bytes")));
    }
    while line.last().is_some_and(|byte| b"\r\n".contains(byte)) {
        line.pop();
    }
    Ok((read > 0).then_some(line))
}

/// The files that paths stand for: folders are walked, in the order of their names.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Problem> {
    let failed = |error: std::io::Error| file_problem(folder, &error);
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, found)?;
        } else if kind_of(&path.to_string_lossy()).is_some() {
            found.push(path);
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Lines,
    PackedLines,
    Archive,
}

fn kind_of(name: &str) -> Option<Kind> {
    let name = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    // Files that describe an npm package rather than hold a resource.
    if ends(&["package.json", ".index.json"]) {
        return None;
    }
    match () {
        () if ends(&[".tgz", ".tar.gz"]) => Some(Kind::Archive),
        () if ends(&[".ndjson.gz", ".jsonl.gz"]) => Some(Kind::PackedLines),
        () if ends(&[".ndjson", ".jsonl"]) => Some(Kind::Lines),
        () if ends(&[".json"]) => Some(Kind::Document),
        () => None,
    }
}

/// Opens a file and hands its sources to `visit`, one after the other. `read` counts the bytes taken from the file.
pub(crate) fn visit<E: From<Problem>>(
    path: &Path,
    read: &Arc<AtomicU64>,
    visit: &mut dyn FnMut(Source) -> Result<(), E>,
) -> Result<(), E> {
    let name = path.display().to_string();
    let failed = |error: std::io::Error| file_problem(path, &error);
    let open = || File::open(path).map(|file| Counted { file, read: Arc::clone(read) });
    match kind_of(&name) {
        Some(Kind::Archive) => archive(path, open().map_err(failed)?, visit),
        Some(Kind::Document) => {
            let source = document(name, open().map_err(failed)?).map_err(failed)?;
            visit(source)
        }
        Some(Kind::Lines) => {
            let digest = digest(File::open(path).map_err(failed)?).map_err(failed)?;
            let lines = Box::new(BufReader::with_capacity(1 << 20, open().map_err(failed)?));
            visit(Source { name, digest, content: Content::Lines(lines) })
        }
        Some(Kind::PackedLines) => {
            let digest = digest(GzDecoder::new(File::open(path).map_err(failed)?)).map_err(failed)?;
            let lines = Box::new(BufReader::with_capacity(1 << 20, GzDecoder::new(open().map_err(failed)?)));
            visit(Source { name, digest, content: Content::Lines(lines) })
        }
        None => Err(Problem::new(&codes::NOT_IMPORTABLE).with("file", name).into()),
    }
}

fn archive<E: From<Problem>>(
    path: &Path,
    file: Counted,
    visit: &mut dyn FnMut(Source) -> Result<(), E>,
) -> Result<(), E> {
    let failed = |error: std::io::Error| file_problem(path, &error);
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    for member in archive.entries().map_err(failed)? {
        let mut member = member.map_err(failed)?;
        let inner = member.path().map_err(failed)?.to_string_lossy().into_owned();
        let kind = kind_of(&inner).filter(|_| member.header().entry_type().is_file());
        let name = format!("{}!{inner}", path.display());
        match kind {
            Some(Kind::Document) => visit(document(name, &mut member).map_err(failed)?)?,
            Some(Kind::Lines) => visit(lines(name, &mut member).map_err(failed)?)?,
            Some(Kind::PackedLines) => visit(lines(name, GzDecoder::new(&mut member)).map_err(failed)?)?,
            Some(Kind::Archive) => {
                return Err(Problem::new(&codes::NOT_IMPORTABLE).with("file", name).into());
            }
            // Archives carry readmes and the like beside their resources.
            None => {}
        }
    }
    Ok(())
}

/// A file of lines inside an archive, which can be read only once.
fn lines(name: String, mut file: impl Read) -> std::io::Result<Source> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let digest = digest(bytes.as_slice())?;
    Ok(Source { name, digest, content: Content::Lines(Box::new(std::io::Cursor::new(bytes))) })
}

fn document(name: String, file: impl Read) -> std::io::Result<Source> {
    let limit = u64::try_from(BODY_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > BODY_BYTES_MAX {
        return Err(std::io::Error::other(format!("{name} is longer than {BODY_BYTES_MAX} bytes")));
    }
    Ok(Source { name, digest: digest(bytes.as_slice())?, content: Content::Document(bytes) })
}

fn digest(mut file: impl Read) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hasher.update(bytes);
    }
    let digest: [u8; 32] = hasher.finalize().into();
    Ok(merkle::Hash(digest).to_hex())
}

/// A file that counts what is read from it.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(u64::try_from(read).unwrap_or(0), Ordering::Relaxed);
        Ok(read)
    }
}
