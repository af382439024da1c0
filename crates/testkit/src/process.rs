//! The binary `akashi` as a process: run to its end, or started and watched until it listens.

use crate::client::{Client, Target};
use crate::reply::{at, json};
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a test waits for a process to say or do something.
const PATIENCE: Duration = Duration::from_mins(2);

/// A command line of `akashi`.
#[derive(Clone, Debug)]
pub struct Akashi {
    wrapper: Vec<OsString>,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    folder: Option<PathBuf>,
}

/// A process that has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its exit status; none when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

impl Akashi {
    /// With these arguments, in English.
    pub fn new<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self {
            wrapper: Vec::new(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            environment: vec![("LC_ALL".to_owned(), "C.UTF-8".to_owned())],
            folder: None,
        }
    }

    /// With one more argument.
    #[must_use]
    pub fn and(mut self, argument: &str) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs it by another program, such as `strace` with its options.
    #[must_use]
    pub fn under<A: Into<OsString>>(mut self, wrapper: impl IntoIterator<Item = A>) -> Self {
        self.wrapper = wrapper.into_iter().map(Into::into).collect();
        self
    }

    /// Runs it in this working directory.
    #[must_use]
    pub fn within(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Runs it to its end.
    pub fn run(&self) -> Ended {
        self.begin().wait()
    }

    /// Starts it, without waiting for anything.
    pub fn begin(&self) -> Process {
        let mut child = self.command().spawn().unwrap_or_else(|error| panic!("{:?}: {error}", self.wrapper));
        let out = child.stdout.take().unwrap();
        let mut err = child.stderr.take().unwrap();
        let (sender, lines) = channel();
        let out = std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // Nobody may be listening any more.
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let err = std::thread::spawn(move || {
            let mut text = Vec::new();
            err.read_to_end(&mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        });
        Process { child, lines, seen: String::new(), readers: Some((out, err)) }
    }

    /// Starts it and waits until it says where it listens.
    pub fn serve(&self) -> (Process, SocketAddr) {
        let mut process = self.begin();
        let address = process.wait_for(|line| {
            let (_, rest) = line.split_once("https://")?;
            rest.split('/').next()?.parse().ok()
        });
        (process, address)
    }

    fn command(&self) -> Command {
        let mut words = self.wrapper.iter().cloned();
        let mut command = match words.next() {
            Some(wrapper) => {
                let mut command = Command::new(wrapper);
                command.args(words).arg(binary());
                command
            }
            None => Command::new(binary()),
        };
        command.args(&self.arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }
}

/// A process that runs.
#[derive(Debug)]
pub struct Process {
    child: Child,
    lines: Receiver<String>,
    seen: String,
    readers: Option<(JoinHandle<()>, JoinHandle<String>)>,
}

impl Process {
    /// Waits for a line of standard output that `wanted` finds something in.
    pub fn wait_for<T>(&mut self, wanted: impl Fn(&str) -> Option<T>) -> T {
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                self.child.kill().unwrap();
                let ended = self.finish();
                panic!("it never said what was waited for: {ended:?}");
            };
            self.seen.push_str(&line);
            self.seen.push('\n');
            if let Some(found) = wanted(&line) {
                return found;
            }
        }
    }

    /// Sends a signal, by its name: `INT`, `TERM`, `KILL`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(status.unwrap().success(), "the process is gone");
    }

    /// Waits for the end.
    pub fn wait(mut self) -> Ended {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.seen.push_str(&line);
                    self.seen.push('\n');
                }
                Err(RecvTimeoutError::Disconnected) => return self.finish(),
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill().unwrap();
                    let ended = self.finish();
                    panic!("it does not end: {ended:?}");
                }
            }
        }
    }

    /// Ends it as a crash would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.finish();
    }

    fn finish(&mut self) -> Ended {
        let code = self.child.wait().unwrap().code();
        let err = self.readers.take().map(|(out, err)| {
            out.join().unwrap();
            err.join().unwrap()
        });
        Ended { code, out: std::mem::take(&mut self.seen), err: err.unwrap_or_default() }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Has no effect, and an error to say so, when it has ended already.
        if self.child.kill().is_ok() {
            self.child.wait().unwrap();
        }
    }
}

/// A client of a server that runs as a process on a data directory.
impl Target {
    /// With the directory's CA, and the tester's key if [`let_the_tester_in`] has left one there.
    pub fn on(data: &Path, address: SocketAddr, facility: &str) -> Client {
        let key = fs::read_to_string(data.join(TESTER_KEY)).ok();
        Client::new(Self {
            address,
            ca: fs::read_to_string(data.join("tls/ca.pem")).unwrap(),
            token: key,
            facility: facility.to_owned(),
        })
    }
}

/// Where the key of the tester lies in a data directory, for tests that start other programs.
pub const TESTER_KEY: &str = "tester.key";

/// Lets a machine come in by its key alone, gives one to the tester, and leaves it in the directory. That makes
/// six entries in the facility's journal: three changes, each with what was asked for. No server may run.
pub fn let_the_tester_in(data: &Path, facility: &str) {
    let run = |words: &[&str]| command(data, facility, words);
    run(&["policy", "set", "client-certificates=off", "machine-factors-needed=1"]);
    let rights = ["--scopes", "system/*.cruds", "--duty", "auditor"];
    run(&[&["account", "create", "tester", "--kind", "service", "--name", "tester"][..], &rights].concat());
    give_the_tester_a_key(data, facility);
}

/// Gives the account `tester` a new key, as where the facility was taken over from elsewhere.
pub fn give_the_tester_a_key(data: &Path, facility: &str) {
    let given = json(command(data, facility, &["account", "key", "tester"]).as_bytes());
    let key = at(&given, "key").and_then(fhir::Node::as_str).unwrap();
    fs::write(data.join(TESTER_KEY), key).unwrap();
}

/// What a command of a facility answers.
fn command(data: &Path, facility: &str, words: &[&str]) -> String {
    let place = ["--json", "--facility", facility, "--data"];
    let words = words.iter().chain(&place).map(OsString::from).chain([data.into()]);
    let ended = Akashi::new(words).run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.out
}

/// The binary beside this test, built when it is missing or older than a source it was made from.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        // target/<profile>/deps/<test>
        let folder = test.parent().and_then(Path::parent).unwrap();
        let binary = folder.join("akashi");
        if !is_fresh(&binary) {
            build(folder);
        }
        binary
    })
}

fn is_fresh(binary: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified());
    let (Ok(built), Ok(sources)) = (changed(binary), fs::read_to_string(binary.with_extension("d"))) else {
        return false;
    };
    let mut sources = sources.split_whitespace().skip(1);
    sources.all(|source| changed(Path::new(source)).is_ok_and(|changed| changed <= built))
}

fn build(folder: &Path) {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--quiet", "--package", "akashi"]).current_dir(crate::workspace());
    if folder.ends_with("release") {
        command.arg("--release");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
