//! Files with secrets that a command hands out: for their owner only, and never in the place of another file.

use crate::codes;
use base::Problem;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use store::disk::{file_problem, sync_folder_of};

/// A file whose name is taken and that is still empty. Unless it is filled, it goes away again.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: PathBuf,
    file: File,
    filled: bool,
}

impl NewFile {
    /// Takes the name, mode 0600.
    ///
    /// # Errors
    /// There is something of that name, or the file cannot be made there.
    pub(crate) fn take(path: &Path) -> Result<Self, Problem> {
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = made.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Problem::new(&codes::FILE_THERE).with("file", path.display()),
            ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem => {
                Problem::new(&codes::FILE_NOT_MADE).with("file", path.display()).log(error.to_string())
            }
            _ => file_problem(path, &error),
        })?;
        Ok(Self { path: path.to_owned(), file, filled: false })
    }

    /// Writes its content, durably.
    pub(crate) fn fill(mut self, bytes: &[u8]) -> Result<(), Problem> {
        let written = self.file.write_all(bytes).and_then(|()| self.file.sync_all());
        written.map_err(|error| file_problem(&self.path, &error))?;
        self.filled = true;
        sync_folder_of(&self.path)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.filled
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::debug!(%error, "an empty file stays");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_is_for_its_owner_only_and_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tablet.p12");
        NewFile::take(&path).unwrap().fill(b"key").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(NewFile::take(&path).unwrap_err().code().id, "AK-0010");
        for nowhere in ["no-such-folder/tablet.p12", "tablet.p12/tablet.p12"] {
            let problem = NewFile::take(&folder.path().join(nowhere)).unwrap_err();
            assert_eq!(problem.code().id, "AK-0034", "{nowhere}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"key");
    }

    #[test]
    fn a_file_that_was_not_filled_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tablet.p12");
        drop(NewFile::take(&path).unwrap());
        assert!(!path.exists());
    }
}
