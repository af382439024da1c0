//! `akashi` on the command line: each command as somebody types it, what it says, and its exit status.

mod account;
mod app;
mod assess;
mod at;
mod certificate;
mod check;
mod console;
mod demo;
mod disclosure;
mod evidence;
mod export;
mod help;
mod import;
mod init;
mod interrupted;
mod lost;
mod overdue;
mod policy;
mod probes;
mod proof;
mod refused;
mod reindex;
mod reload;
mod report;
mod serve;
mod unseen;
mod verify;

use base::FacilityId;
use seal::MasterKey;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testkit::{Akashi, Client, Ended, Journal, Process, Target};

/// A folder to work in, with a data directory `data` made by `akashi init`.
pub(crate) struct Site {
    folder: TempDir,
}

/// Entries of a journal that `akashi init` has made: its opening, and the facility's own authority.
pub(crate) const ENTRIES_AFTER_INIT: u64 = 2;

/// Entries of [`Site::with_tester`]: with policy, account and key of the tester, and that each was asked for.
pub(crate) const ENTRIES_WITH_TESTER: u64 = ENTRIES_AFTER_INIT + 6;

impl Site {
    /// With one facility, `sakura`.
    pub(crate) fn sakura() -> Self {
        let site = Self::empty();
        site.good("init --data data --facility sakura");
        site
    }

    /// The same with an account for the client of [`Self::serve`], which needs no certificate.
    pub(crate) fn with_tester() -> Self {
        let site = Self::sakura();
        testkit::let_the_tester_in(&site.path("data"), "sakura");
        site
    }

    /// Without a data directory.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A file or folder in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The text of a file in it.
    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Writes a file into it, and the folders above.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// A command line, to be run here: `init --data data --facility sakura`.
    pub(crate) fn akashi(&self, line: &str) -> Akashi {
        Akashi::new(line.split_whitespace()).within(self.folder.path())
    }

    /// Runs a command line that does what it should.
    pub(crate) fn good(&self, line: &str) -> Ended {
        good(line, self.akashi(line).run())
    }

    /// Runs a command line that is refused with this code, and with `says` in what it says.
    pub(crate) fn refused(&self, line: &str, code: &str, says: &str) -> Ended {
        let ended = self.akashi(line).run();
        assert_eq!(ended.code, Some(1), "{line}: {ended:?}");
        let told = ended.err.lines().any(|line| line.starts_with(code) && line.contains(says));
        assert!(told, "{line} should say {code} … {says}: {ended:?}");
        ended
    }

    /// Runs a command with `--json` that does what it should, and gives its answer.
    pub(crate) fn json(&self, line: &str) -> serde_json::Value {
        let ended = self.good(&format!("{line} --data data --json"));
        serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{line}: {error}: {ended:?}"))
    }

    /// Runs a command line that is not understood.
    fn not_understood(&self, line: &str, says: &str) {
        let ended = self.akashi(line).run();
        assert_eq!(ended.code, Some(2), "{line}: {ended:?}");
        assert!(ended.err.contains(says) && ended.out.is_empty(), "{line} should say {says}: {ended:?}");
    }

    /// Starts the server on a free port, with a client of the tester.
    pub(crate) fn serve(&self) -> (Process, Client) {
        self.serve_by(&self.akashi("serve --data data --listen 127.0.0.1:0"))
    }

    /// Starts a server that was asked for in some special way.
    pub(crate) fn serve_by(&self, akashi: &Akashi) -> (Process, Client) {
        let (process, address) = akashi.serve();
        (process, Target::on(&self.path("data"), address, "sakura"))
    }

    /// The entries of the journal of `sakura` at this moment.
    pub(crate) fn journal(&self) -> Journal {
        self.journal_of("sakura")
    }

    /// Those of another facility.
    pub(crate) fn journal_of(&self, facility: &str) -> Journal {
        let master = MasterKey::parse(&self.text("data/master.key")).unwrap();
        Journal::read(&self.path("data"), &FacilityId::parse(facility).unwrap(), &master)
    }

    /// The lines of an export of all records, in a new folder of this name.
    pub(crate) fn exported(&self, folder: &str) -> Vec<String> {
        self.good(&format!("export --data data --out {folder}"));
        lines(&self.path(folder))
    }
}

/// The same end, which must be a good one.
pub(crate) fn good(line: &str, ended: Ended) -> Ended {
    assert_eq!(ended.code, Some(0), "{line}: {ended:?}");
    ended
}

/// The lines of all files of a folder, sorted.
fn lines(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<String> = files
        .flat_map(|file| fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    all.sort();
    all
}

/// What stands at a path of every line.
fn column(lines: &[String], path: &str) -> Vec<String> {
    let found = lines.iter().map(|line| {
        let node = testkit::json(line.as_bytes());
        let found = testkit::at(&node, path).and_then(fhir::Node::as_str).map(str::to_owned);
        found.unwrap_or_else(|| panic!("nothing at {path} in {line}"))
    });
    found.collect()
}

/// The permission bits of a file.
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
