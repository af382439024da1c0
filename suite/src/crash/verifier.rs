//! The independent verifier in Python, which shares no code with what it judges.

use super::site::Site;
use crate::client::Target;
use crate::tester;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The verifier with the facility's key, obtained before anything was written.
#[derive(Debug)]
pub(crate) struct Verifier {
    program: PathBuf,
    key: PathBuf,
}

impl Verifier {
    /// With the key that stands in this file.
    pub(crate) fn new(program: &Path, key: PathBuf) -> Self {
        Self { program: program.to_owned(), key }
    }

    /// Checks a file with one proof on each line.
    pub(crate) fn proofs(&self, file: &Path) -> Result<(), String> {
        self.run(Command::new("python3").arg(&self.program).arg("proof").arg("--many").arg(file))
    }

    /// Downloads the log and checks all of it, and that it continues an older checkpoint.
    pub(crate) fn log(&self, site: &Site, target: &Target, since: &Path) -> Result<(), String> {
        let mut command = Command::new("python3");
        command.arg(&self.program).arg("log").arg(format!("{}/log", target.url()));
        command.arg("--token-file").arg(site.data().join(tester::KEY));
        command.arg("--ca").arg(site.data().join("tls/ca.pem"));
        self.run(command.arg("--since").arg(since))
    }

    /// An error holds what the verifier complains about, good lines left out.
    fn run(&self, command: &mut Command) -> Result<(), String> {
        let output = command.arg("--key").arg(&self.key).env("PYTHONIOENCODING", "utf-8").output();
        let output = output.map_err(|error| format!("python3: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let bad: Vec<&str> = said.lines().filter(|line| !line.starts_with("ok")).take(5).collect();
        Err(format!("verify.py: {}", bad.join("; ")))
    }
}
