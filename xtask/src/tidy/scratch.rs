//! Small trees of files for tests.

use super::tree::Tree;
use std::path::Path;

/// A folder of its own with a few files.
pub(crate) struct Scratch {
    folder: tempfile::TempDir,
    paths: Vec<String>,
}

impl Scratch {
    /// With these files: path and text.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self { folder, paths: files.iter().map(|(path, _)| (*path).to_owned()).collect() }
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its files.
    pub(crate) fn tree(&self) -> Tree {
        Tree::of(self.path(), self.paths.iter().cloned())
    }
}

/// What a rule finds in a tree of these files, as lines.
pub(crate) fn found(rule: fn(&Tree) -> Vec<super::Finding>, files: &[(&str, &str)]) -> Vec<String> {
    rule(&Scratch::new(files).tree()).iter().map(ToString::to_string).collect()
}
