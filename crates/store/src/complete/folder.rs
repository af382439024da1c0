//! The files of a complete export: walked in one order, digested, and read line by line without trusting them.

use super::{FORMAT, MANIFEST, Manifest, SUMS, wrong};
use crate::disk::{self, Readable, file_problem};
use base::Problem;
use merkle::Hash;
use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Longest manifest that is read, in bytes.
const MANIFEST_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Longest line that is read, in bytes: a resource as JSON, with room for what surrounds it.
const LINE_BYTES_MAX: usize = base::limits::RESOURCE_BYTES_MAX.saturating_mul(2);
/// Folders within folders: those of tiles are the deepest.
const DEPTH_MAX: usize = 12;

/// Walks all files below a folder in the order of their names, and gives each as its path from there. Whatever is neither a
/// file nor a folder, such as a link, is refused.
pub(super) fn walk(folder: &Path, visit: &mut dyn FnMut(&str) -> Result<(), Problem>) -> Result<(), Problem> {
    walk_below(folder, "", DEPTH_MAX, visit)
}

fn walk_below(
    folder: &Path,
    below: &str,
    depth: usize,
    visit: &mut dyn FnMut(&str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let here = folder.join(below);
    let failed = |error: std::io::Error| file_problem(&here, &error);
    let mut names = Vec::new();
    for name in std::fs::read_dir(&here).map_err(failed)? {
        let name = name.map_err(failed)?;
        let text =
            name.file_name().into_string().map_err(|_| wrong(here.display(), "a name that is not text"))?;
        names.push((text, name.file_type().map_err(failed)?));
    }
    names.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (name, form) in names {
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if form.is_dir() {
            let left = depth.checked_sub(1).ok_or_else(|| wrong(&path, "too many folders within folders"))?;
            walk_below(folder, &path, left, visit)?;
        } else if form.is_file() {
            visit(&path)?;
        } else {
            return Err(wrong(&path, "neither a file nor a folder"));
        }
    }
    Ok(())
}

fn digest_of(path: &Path) -> Result<String, Problem> {
    let failed = |error: std::io::Error| file_problem(path, &error);
    let digest = seal::sha256_of(&mut File::open(path).map_err(failed)?).map_err(failed)?;
    Ok(Hash(digest).to_hex())
}

/// A new file that only its owner may read.
pub(super) fn create(path: &Path) -> Result<BufWriter<File>, Problem> {
    disk::make_folder(path.parent().unwrap_or(path))?;
    let made = File::options().write(true).create_new(true).mode(0o600).open(path);
    made.map(BufWriter::new).map_err(|error| file_problem(path, &error))
}

/// Digests everything that was written, makes it durable and readable to its owner only, and writes the manifest: from here
/// on the folder is a complete export.
///
/// # Errors
/// A file cannot be read or written.
pub fn finish(folder: &Path, manifest: Manifest) -> Result<(), Problem> {
    let path = folder.join(SUMS);
    let failed = |error: std::io::Error| file_problem(&path, &error);
    let mut sums = create(&path)?;
    walk(folder, &mut |name| {
        if name == SUMS {
            return Ok(());
        }
        let path = folder.join(name);
        let failed = |error: std::io::Error| file_problem(&path, &error);
        let file = File::open(&path).map_err(failed)?;
        file.set_permissions(Permissions::from_mode(0o600)).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        writeln!(sums, "{}  {name}", digest_of(&path)?).map_err(failed)
    })?;
    sums.into_inner().map_err(|error| failed(error.into_error()))?.sync_all().map_err(failed)?;
    let manifest = Manifest { format: FORMAT.to_owned(), sums: digest_of(&path)?, ..manifest };
    let text = serde_json::to_vec_pretty(&manifest).map_err(|_| wrong(MANIFEST, "not written"))?;
    // CRASH: without the manifest the folder is refused wherever it is shown.
    disk::write_whole(&folder.join(MANIFEST), &text, Readable::OwnerOnly)
}

/// Reads the manifest. Nothing of it is believed yet.
pub(super) fn read_manifest(folder: &Path) -> Result<Manifest, Problem> {
    let path = folder.join(MANIFEST);
    let failed = |error: std::io::Error| file_problem(&path, &error);
    if !path.symlink_metadata().is_ok_and(|file| file.is_file()) {
        return Err(wrong(MANIFEST, "missing: this is no complete export, or one that was not finished"));
    }
    let mut text = Vec::new();
    File::open(&path).map_err(failed)?.take(MANIFEST_BYTES_MAX).read_to_end(&mut text).map_err(failed)?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| {
        wrong(MANIFEST, format!("not a manifest (line {} column {})", error.line(), error.column()))
    })?;
    if manifest.format == FORMAT {
        return Ok(manifest);
    }
    let unknown = Problem::new(&crate::codes::FORMAT).with("file", path.display());
    Err(unknown.with("found", manifest.format).with("known", FORMAT))
}

/// Checks that exactly the files are there that the manifest's list names, each with its digest. `seen` hears of each.
pub(super) fn check_sums(folder: &Path, manifest: &Manifest, seen: &mut dyn FnMut()) -> Result<(), Problem> {
    let path = folder.join(SUMS);
    if !path.symlink_metadata().is_ok_and(|file| file.is_file()) || digest_of(&path)? != manifest.sums {
        return Err(wrong(SUMS, "missing, or not the list that the manifest names"));
    }
    let mut sums = Reader::open(folder, SUMS)?;
    walk(folder, &mut |name| {
        if [SUMS, MANIFEST].contains(&name) {
            return Ok(());
        }
        let line = sums.line()?.ok_or_else(|| wrong(name, "not in the list of digests"))?;
        let listed = std::str::from_utf8(&line).ok().and_then(|line| line.split_once("  "));
        let (digest, listed) = listed.ok_or_else(|| wrong(SUMS, "a malformed line"))?;
        if listed != name {
            let (first, what) =
                if listed < name { (listed, "missing") } else { (name, "not in the list of digests") };
            return Err(wrong(first.escape_default(), what));
        }
        if digest_of(&folder.join(name))? != digest {
            return Err(wrong(name, "changed: it has another digest than the list says"));
        }
        seen();
        Ok(())
    })?;
    match sums.line()? {
        None => Ok(()),
        Some(line) => {
            let text = String::from_utf8_lossy(&line);
            let name = text.split_once("  ").map_or("", |(_, name)| name);
            Err(wrong(name.escape_default(), "missing"))
        }
    }
}

/// A file that is read line by line, no line longer than it may be.
pub(super) struct Reader {
    name: String,
    file: BufReader<File>,
    number: u64,
}

impl Reader {
    /// Opens a file of an export.
    pub(super) fn open(folder: &Path, name: &str) -> Result<Self, Problem> {
        let path = folder.join(name);
        let missing = |_| wrong(name, "missing");
        let file = File::open(&path).map_err(missing)?;
        Ok(Self { name: name.to_owned(), file: BufReader::with_capacity(1 << 16, file), number: 0 })
    }

    /// The next line without its end; none behind the last.
    pub(super) fn line(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        self.number = self.number.saturating_add(1);
        let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        let mut line = Vec::new();
        let read = (&mut self.file).take(limit.saturating_add(1)).read_until(b'\n', &mut line);
        read.map_err(|error| file_problem(Path::new(&self.name), &error))?;
        if line.is_empty() {
            return Ok(None);
        }
        match line.pop() {
            Some(b'\n') => Ok(Some(line)),
            _ => Err(wrong(self.place(), "a line that does not end, or is too long")),
        }
    }

    /// The next line, which must be there.
    pub(super) fn expect(&mut self) -> Result<Vec<u8>, Problem> {
        self.line()?.ok_or_else(|| wrong(self.place(), "it ends too early"))
    }

    /// The next line as JSON; none behind the last.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>, Problem> {
        let Some(line) = self.line()? else { return Ok(None) };
        serde_json::from_slice(&line)
            .map(Some)
            .map_err(|_| wrong(self.place(), "not of the form of this file"))
    }

    /// That nothing stands behind what was read.
    pub(super) fn end(&mut self) -> Result<(), Problem> {
        match self.line()? {
            None => Ok(()),
            Some(_) => Err(wrong(self.place(), "more lines than the journal has entries for")),
        }
    }

    /// Where it stands: the file and the number of the line.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.name, self.number)
    }
}

/// Files that are read side by side, each from its beginning to its end.
pub(super) struct Shelf {
    folder: PathBuf,
    open: BTreeMap<String, Reader>,
}

impl Shelf {
    pub(super) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), open: BTreeMap::new() }
    }

    /// The file of this name.
    pub(super) fn file(&mut self, name: &str) -> Result<&mut Reader, Problem> {
        if !self.open.contains_key(name) {
            self.open.insert(name.to_owned(), Reader::open(&self.folder, name)?);
        }
        self.open.get_mut(name).ok_or_else(|| wrong(name, "missing"))
    }

    /// That every file was read to its end, and that the folders hold no other.
    pub(super) fn end(mut self, folders: &[&str]) -> Result<(), Problem> {
        for reader in self.open.values_mut() {
            reader.end()?;
        }
        for below in folders {
            let path = self.folder.join(below);
            if !path.exists() {
                continue;
            }
            walk(&path, &mut |name| {
                let name = format!("{below}/{name}");
                if self.open.contains_key(&name) {
                    Ok(())
                } else {
                    Err(wrong(name, "nothing in the journal belongs to it"))
                }
            })?;
        }
        Ok(())
    }
}
