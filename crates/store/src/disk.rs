//! Small files written so that they are there whole or not at all, and the lock on a data directory.

use crate::codes;
use base::Problem;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readable {
    /// Only the account the server runs under: mode 0600.
    OwnerOnly,
    /// Everyone on the machine: mode 0644.
    Everyone,
}

/// Reads a text file.
pub fn read_text(path: &Path) -> Result<String, Problem> {
    fs::read_to_string(path).map_err(|error| file_problem(path, &error))
}

/// Reads a file.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    fs::read(path).map_err(|error| file_problem(path, &error))
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> Result<(), Problem> {
    fs::create_dir_all(path).map_err(|error| file_problem(path, &error))
}

/// Writes a file so that after a crash it is there whole, in its old state, or (if new) not at all.
pub fn write_whole(path: &Path, bytes: &[u8], readable: Readable) -> Result<(), Problem> {
    let staged = path.with_extension("new");
    stage(&staged, bytes, readable).map_err(|error| file_problem(&staged, &error))?;
    // CRASH: before the rename only `*.new` is there, which nothing reads.
    fs::rename(&staged, path).map_err(|error| file_problem(path, &error))?;
    // CRASH: after the rename but before the folder is synced, the old state may come back.
    sync_folder_of(path)
}

fn stage(path: &Path, bytes: &[u8], readable: Readable) -> std::io::Result<()> {
    let mode = match readable {
        Readable::OwnerOnly => 0o600,
        Readable::Everyone => 0o644,
    };
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a rename or a new file in the folder of `path` durable.
pub fn sync_folder_of(path: &Path) -> Result<(), Problem> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| file_problem(folder, &error))
}

/// Holds a data directory for this process, until dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held open, never read")] File);

/// Takes the data directory for this process; refused while another has it.
pub fn lock(folder: &Path) -> Result<Lock, Problem> {
    let path = folder.join("lock");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(|error| file_problem(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(fs::TryLockError::WouldBlock) => {
            Err(Problem::new(&codes::LOCKED).with("file", path.display()).log("data directory is in use"))
        }
        Err(fs::TryLockError::Error(error)) => Err(file_problem(&path, &error)),
    }
}

/// A problem with a file, named with the operating system's reason.
pub fn file_problem(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(&codes::FILE)
        .with("file", path.display())
        .with("reason", error)
        .log(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_secret_file_is_readable_by_its_owner_only_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        write_whole(&path, b"one", Readable::OwnerOnly).unwrap();
        write_whole(&path, b"two", Readable::OwnerOnly).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_directory_is_held_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path()).unwrap();
        assert_eq!(lock(folder.path()).unwrap_err().code(), &codes::LOCKED);
        drop(held);
        lock(folder.path()).unwrap();
    }
}
