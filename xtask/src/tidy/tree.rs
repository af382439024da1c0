//! The files of the repository: those that git tracks or would track.

use crate::programs::{output, program};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Files below a folder, by their paths from there, in order.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    paths: BTreeSet<String>,
}

impl Tree {
    /// What git tracks, and what is new and not ignored.
    pub(crate) fn tracked(root: &Path) -> Result<Self, String> {
        let mut git = program("git");
        git.current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let listed = output(&mut git)?;
        Ok(Self::of(root, listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned)))
    }

    /// These files, as far as they exist.
    pub(crate) fn of(root: &Path, paths: impl Iterator<Item = String>) -> Self {
        let paths = paths.filter(|path| root.join(path).is_file()).collect();
        Self { root: root.to_owned(), paths }
    }

    /// All paths.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Paths with this ending.
    pub(crate) fn ending(&self, ending: &'static str) -> impl Iterator<Item = &str> {
        self.paths().filter(move |path| path.ends_with(ending))
    }

    /// The text of a file; `None` when it is no text or not there.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        let bytes = std::fs::read(self.root.join(path)).ok()?;
        if bytes.contains(&0) { None } else { String::from_utf8(bytes).ok() }
    }

    /// Whether a file or folder of this path is here.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.paths.contains(path) || path.is_empty() || self.paths().any(|one| one.starts_with(&folder))
    }
}
