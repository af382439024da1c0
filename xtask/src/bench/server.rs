//! The server under measurement: the real binary with a data directory of its own.

use super::machine;
use crate::programs::{output, program, run};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

/// Name of its one facility.
pub(crate) const FACILITY: &str = "bench";

/// A running server; it ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Makes the data directory and the facility.
    pub(crate) fn prepare(akashi: &Path, data: &Path) -> Result<(), String> {
        output(program(akashi).arg("init").arg("--data").arg(data).args(["--facility", FACILITY])).map(drop)
    }

    /// Starts and waits until it listens.
    pub(crate) fn start(akashi: &Path, data: &Path) -> Result<Self, String> {
        let mut command = program(akashi);
        command.args(["--language", "en", "serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.env("AKASHI_LOG_LEVEL", "warn").stdout(Stdio::piped());
        let child = command.spawn().map_err(|error| format!("cannot start the server: {error}"))?;
        let mut server = Self { child, address: String::new() };
        let mut line = String::new();
        if let Some(output) = server.child.stdout.take() {
            BufReader::new(output).read_line(&mut line).map_err(|error| error.to_string())?;
        }
        let address = line.trim().strip_prefix("listening on https://");
        match address {
            Some(address) => server.address.push_str(address),
            None => return Err(format!("the server does not listen: `{line}`")),
        }
        Ok(server)
    }

    /// Address and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Base URL of the facility's FHIR API.
    pub(crate) fn base_url(&self) -> String {
        format!("https://{}/f/{FACILITY}/fhir", self.address)
    }

    /// Lets it end cleanly; gives back the most memory it held, in kibibytes.
    pub(crate) fn stop(mut self) -> Result<u64, String> {
        let peak = machine::peak_memory_kibibytes(self.child.id());
        run(program("kill").args(["-TERM", &self.child.id().to_string()]))?;
        let status = self.child.wait().map_err(|error| error.to_string())?;
        if status.success() { Ok(peak) } else { Err(format!("the server ended with {status}")) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` it is gone already, and both calls say so.
        let ended = self.child.kill().and_then(|()| self.child.wait());
        drop(ended);
    }
}

/// Bytes of the journal's database: its file, and what SQLite keeps beside it.
pub(crate) fn journal_bytes(data: &Path) -> Result<u64, String> {
    let folder: PathBuf = data.join("facilities").join(FACILITY);
    let file = folder.join("journal.db");
    let bytes = |file: &Path| std::fs::metadata(file).map(|known| known.len());
    let main = bytes(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    // After a clean end there is no such file.
    Ok(main.saturating_add(bytes(&folder.join("journal.db-wal")).unwrap_or(0)))
}
