//! The files of a check: read once, each with its digest, so that a result can say from what it was made.

use crate::codes;
use base::Problem;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use site::description::{self, Site};
use site::plan::Plan;
use site::plan::source::{Folders, Locals, SourceFile};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Component, Path, PathBuf};
use store::disk::file_problem;

/// Largest source file of Terraform that is read, in bytes.
const SOURCE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Most source files of one folder.
const SOURCE_FILES_MAX: usize = 2_000;

/// The files of a check.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Files<'a> {
    /// The description.
    pub(crate) site: Option<&'a Path>,
    /// Plans and states.
    pub(crate) plans: &'a [PathBuf],
    /// Folders with their sources: none, one for all, or one for each.
    pub(crate) sources: &'a [PathBuf],
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Input {
    /// The description, of all phases.
    pub(super) site: Option<Site>,
    /// The plans.
    pub(super) plans: Vec<Plan>,
    /// The files, in the order in which they were named.
    pub(super) files: Vec<SourceRead>,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub(super) struct SourceRead {
    /// As it was named.
    pub(super) path: PathBuf,
    /// SHA-256 of its content.
    pub(super) sha256: String,
}

impl Input {
    /// Reads everything that was named.
    pub(super) fn read(files: Files<'_>) -> Result<Self, Vec<Problem>> {
        let Files { site, plans, sources } = files;
        let mut input = Self::default();
        if let Some(path) = site {
            input.site = Some(input.description(path)?);
        }
        if sources.len() > 1 && sources.len() != plans.len() {
            return Err(vec![Problem::new(&codes::SOURCES_AND_PLANS)]);
        }
        for (number, path) in plans.iter().enumerate() {
            let source = sources.get(number).or_else(|| sources.first());
            let plan =
                input.plan(path, number, source.map(PathBuf::as_path)).map_err(|problem| vec![problem])?;
            input.plans.push(plan);
        }
        Ok(input)
    }

    /// A description that is no file.
    pub(super) fn of_description(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let site = description::read(name, text)?;
        let sha256 = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
        let files = vec![SourceRead { path: PathBuf::from(name), sha256 }];
        Ok(Self { site: Some(site), plans: Vec::new(), files })
    }

    /// The files as they were named.
    pub(super) fn names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.path.display().to_string()).collect()
    }

    /// Reads a description.
    pub(super) fn description(&mut self, path: &Path) -> Result<Site, Vec<Problem>> {
        let file = open(path).map_err(|problem| vec![problem])?;
        let mut bytes = Vec::new();
        // One byte more than may be read: the reader of the description then says that it is too large.
        let max = u64::try_from(description::BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
        let read = file.take(max).read_to_end(&mut bytes);
        read.map_err(|error| vec![file_problem(path, &error)])?;
        let sha256 = HEXLOWER.encode(&Sha256::digest(&bytes));
        let name = path.display().to_string();
        let text =
            String::from_utf8(bytes).map_err(|_| vec![Problem::new(&codes::NOT_UTF8).with("file", &name)])?;
        let site = description::read(&name, &text)?;
        self.files.push(SourceRead { path: path.to_owned(), sha256 });
        Ok(site)
    }

    fn plan(&mut self, path: &Path, number: usize, source: Option<&Path>) -> Result<Plan, Problem> {
        let mut reader = Digesting { inner: BufReader::new(open(path)?), digest: Sha256::new() };
        let name = path.display().to_string();
        let plan = match source {
            None => Plan::read(&name, &mut reader, number)?,
            Some(root) => {
                let folders = Disk { root: root.to_owned() };
                Plan::read_with_sources(&name, &mut reader, number, &mut Locals::new(&folders))?
            }
        };
        // What stands behind the document is read to the end, for the digest is that of the file.
        std::io::copy(&mut reader, &mut std::io::sink()).map_err(|error| file_problem(path, &error))?;
        let sha256 = HEXLOWER.encode(&reader.digest.finalize());
        self.files.push(SourceRead { path: path.to_owned(), sha256 });
        Ok(plan)
    }
}

fn open(path: &Path) -> Result<File, Problem> {
    File::open(path).map_err(|error| file_problem(path, &error))
}

/// Reads on, and digests what it read.
struct Digesting<R> {
    inner: R,
    digest: Sha256,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.digest.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// The sources of a root module on the disk. Modules lie beside or below it; nothing else is read.
struct Disk {
    root: PathBuf,
}

impl Folders for Disk {
    fn files(&self, folder: &str) -> Option<Vec<SourceFile>> {
        let relative = Path::new(folder);
        let outside = |part: Component<'_>| matches!(part, Component::RootDir | Component::Prefix(_));
        if relative.components().any(outside) {
            return None;
        }
        let mut paths: Vec<PathBuf> = std::fs::read_dir(self.root.join(relative))
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| is_source(path))
            .collect();
        paths.sort();
        Some(paths.iter().take(SOURCE_FILES_MAX).filter_map(|path| source_file(path)).collect())
    }
}

fn is_source(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name == "modules.json" || path.extension().is_some_and(|end| end == "tf" || end == "tofu")
}

fn source_file(path: &Path) -> Option<SourceFile> {
    let name = path.file_name()?.to_str()?.to_owned();
    let mut text = String::new();
    // A file that is too large is cut, and then cannot be read as a whole: its reader says so.
    File::open(path).ok()?.take(SOURCE_BYTES_MAX.saturating_add(1)).read_to_string(&mut text).ok()?;
    Some(SourceFile { name, text })
}
