//! The server under measurement: the real binary with a data directory of its own, made as the demo makes it, so that
//! there are people who can log in.

use super::machine;
use crate::programs::{output, program, run};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

/// Name of its one facility, which is the demo's.
pub(crate) const FACILITY: &str = "demo";

/// File with the key by which the load generators come in.
pub(crate) const KEY: &str = "tester.key";

/// A running server; it ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Makes the data directory and the facility without patients, and lets machines in by a key alone.
    pub(crate) fn prepare(akashi: &Path, data: &Path) -> Result<(), String> {
        let options = ["demo", "--patients", "0", "--qr", "none", "--client-certificates", "off"];
        let demo = Self::begin(akashi, data, &options, |line| line.starts_with("Ctrl-C").then(String::new))?;
        demo.stop()?;
        command(akashi, data, &["policy", "set", "machine-factors-needed=1"])?;
        let tester = ["account", "create", "tester", "--kind", "service", "--name", "tester"];
        let granted = ["--scopes", "system/*.cruds", "--duty", "auditor"];
        command(akashi, data, &[&tester[..], &granted].concat())?;
        let given = command(akashi, data, &["account", "key", "tester"])?;
        let key = given.get("key").and_then(Value::as_str).ok_or("the tester was given no key")?;
        std::fs::write(data.join(KEY), key).map_err(|error| error.to_string())
    }

    /// From now on every connection must show a certificate. The server is not running.
    pub(crate) fn ask_for_certificates(akashi: &Path, data: &Path) -> Result<(), String> {
        command(akashi, data, &["policy", "set", "client-certificates=verify"]).map(drop)
    }

    /// Starts and waits until it listens.
    pub(crate) fn start(akashi: &Path, data: &Path) -> Result<Self, String> {
        let address = |line: &str| line.strip_prefix("listening on https://").map(str::to_owned);
        Self::begin(akashi, data, &["serve"], address)
    }

    /// Starts a command that serves, and waits for the line in which `found` finds something.
    fn begin(
        akashi: &Path,
        data: &Path,
        words: &[&str],
        found: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let mut command = program(akashi);
        command.args(words).args(["--language", "en", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        // All load comes from one address and account.
        for rate in ["FACILITY", "ACCOUNT", "ADDRESS"] {
            command.env(format!("AKASHI_RATES_{rate}"), "600000000");
        }
        command.env("AKASHI_LOG_LEVEL", "warn").stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("cannot start the server: {error}"))?;
        let output = child.stdout.take();
        let mut server = Self { child, address: String::new() };
        let mut lines = BufReader::new(output.ok_or("the server has no output")?);
        let mut line = String::new();
        loop {
            line.clear();
            if lines.read_line(&mut line).map_err(|error| error.to_string())? == 0 {
                return Err("the server ended before it listened".to_owned());
            }
            if let Some(address) = found(line.trim_end()) {
                server.address = address;
                // A server that nobody listens to any more must not stumble over what it still says.
                std::thread::spawn(move || drop(lines.read_to_end(&mut Vec::new())));
                return Ok(server);
            }
        }
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

/// Runs a command on the facility, and gives its answer.
fn command(akashi: &Path, data: &Path, words: &[&str]) -> Result<Value, String> {
    let text = output(program(akashi).args(words).args(["--json", "--data"]).arg(data))?;
    serde_json::from_str(&text).map_err(|error| format!("akashi {}: {error}", words.join(" ")))
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
