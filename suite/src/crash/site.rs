//! The server under test: the real binary as a process, on a data directory of its own.

use super::past::{self, Past};
use crate::client::{Answered, Entrance, Target};
use crate::tester;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The one facility.
pub(crate) const FACILITY: &str = "crash";
/// How long a start may take before the driver gives up; what is promised is far less.
const PATIENCE: Duration = Duration::from_mins(1);

/// A data directory, and the binary that serves it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    akashi: PathBuf,
    /// Folder of everything about this site.
    pub(crate) folder: PathBuf,
    /// The names of all requests that were answered here.
    pub(crate) answered: Answered,
}

impl Site {
    /// Makes a data directory with one facility in a folder, which must be new. There are so many drafts that are due.
    pub(crate) async fn new(akashi: &Path, folder: &Path, drafts: usize) -> Result<(Self, Past), String> {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let site =
            Self { akashi: akashi.to_owned(), folder: folder.to_owned(), answered: Answered::default() };
        let data = site.data();
        let laid = tokio::task::spawn_blocking(move || past::lay(&data, drafts)).await;
        Ok((site, laid.map_err(|error| error.to_string())??))
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Starts the server and waits until it says where it listens.
    pub(crate) fn start(&self) -> Result<Server, String> {
        self.begin(&self.data(), &[])
    }

    /// The same, and it finalises drafts whose deadline is over.
    pub(crate) fn start_lapsing(&self) -> Result<Server, String> {
        self.begin(&self.data(), &[("AKASHI_RECORDS_LAPSE_AFTER_DAYS", "7")])
    }

    /// Serves another data directory, where nobody has a key.
    pub(crate) fn serve(&self, data: &Path) -> Result<(), String> {
        let mut command = self.akashi(&["serve", "--listen", "127.0.0.1:0", "--data"]);
        let mut process = self.spawn(command.arg(data))?;
        let output = process.0.stdout.take().ok_or("the server has no output")?;
        address(output).map(drop)
    }

    fn begin(&self, data: &Path, environment: &[(&str, &str)]) -> Result<Server, String> {
        let mut command = self.akashi(&["serve", "--listen", "127.0.0.1:0", "--data"]);
        command.arg(data).envs(tester::NO_RATES).envs(environment.iter().copied());
        let mut process = self.spawn(&mut command)?;
        let output = process.0.stdout.take().ok_or("the server has no output")?;
        let target = Target::new(data, address(output)?, FACILITY, &Entrance::of_tester(data))?;
        Ok(Server { process, target: target.keeping(&self.answered) })
    }

    fn spawn(&self, command: &mut Command) -> Result<Process, String> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(self.log()?);
        command.spawn().map(Process).map_err(|error| format!("cannot start the server: {error}"))
    }

    /// A command line of the binary, in English.
    pub(crate) fn akashi(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.akashi);
        command.args(["--language", "en"]).args(words);
        command
    }

    /// Recomputes everything that is stored, and that the journal continues an older checkpoint.
    pub(crate) fn verify(&self, since: Option<&Path>) -> Result<(), String> {
        let mut command = self.akashi(&["verify", "--data"]);
        command.arg(self.data());
        if let Some(since) = since {
            command.arg("--since").arg(since);
        }
        self.run(&mut command)
    }

    /// Runs a command to its end, which must be a good one.
    pub(crate) fn run(&self, command: &mut Command) -> Result<(), String> {
        let output = command.stdin(Stdio::null()).output().map_err(|error| format!("akashi: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Err(format!("akashi ended with {} in {}\n{out}{err}", output.status, self.folder.display()))
    }

    fn log(&self) -> Result<File, String> {
        let file = OpenOptions::new().create(true).append(true).open(self.folder.join("server.log"));
        file.map_err(|error| format!("the server's log: {error}"))
    }
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    process: Process,
    /// Where it is reached.
    pub(crate) target: Target,
}

impl Server {
    /// Ends it with SIGKILL: nothing of it runs any further.
    pub(crate) fn kill(&mut self) -> Result<(), String> {
        self.process.end()
    }
}

/// A process that does not outlive the driver.
#[derive(Debug)]
struct Process(Child);

impl Process {
    fn end(&mut self) -> Result<(), String> {
        let ended = self.0.kill().and_then(|()| self.0.wait());
        ended.map(drop).map_err(|error| format!("cannot kill the server: {error}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After `kill` there is nothing left to end, and nobody to tell.
        drop(self.end());
    }
}

/// The address in the line by which the server says that it listens. The rest of its output is read and dropped.
fn address(output: ChildStdout) -> Result<SocketAddr, String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody listens any more once the address is known.
            drop(sender.send(line));
        }
    });
    loop {
        let line =
            lines.recv_timeout(PATIENCE).map_err(|_| "the server did not begin to listen".to_owned())?;
        if let Some(address) = line.strip_prefix("listening on https://") {
            return address.trim().parse().map_err(|_| format!("no address: {line}"));
        }
    }
}
