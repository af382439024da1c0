//! Running other programs, and talking to the terminal.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

/// The repository's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A program that runs in the repository's folder. What cargo told about this very program is not passed on: build
/// scripts that look at such variables would run again.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let about_us = name.to_str().is_some_and(|name| {
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
                || name == "LD_LIBRARY_PATH"
        });
        if about_us {
            command.env_remove(name);
        }
    }
    command
}

/// Cargo with these arguments.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = program("cargo");
    command.args(arguments);
    command
}

/// Whether a program of this name, or a file at this path, is installed.
pub(crate) fn is_installed(name: &str) -> bool {
    if name.starts_with('/') {
        return Path::new(name).is_file();
    }
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// Runs a program to its end; its output goes to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", shown(command))) }
}

/// Runs a program to its end and gives back what it wrote on standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| cannot_start(command, &error))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(format!("{} ended with {}\n{text}{reason}", shown(command), output.status))
}

/// What a program wrote, and whether it ended well.
#[derive(Debug)]
pub(crate) struct Watched {
    /// Standard output, then standard error.
    pub(crate) text: String,
    /// Whether its exit status was 0.
    pub(crate) good: bool,
}

/// Runs a program to its end; its output goes to the terminal as it comes, and is kept.
pub(crate) fn watch(command: &mut Command) -> Result<Watched, String> {
    let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| cannot_start(command, &error))?;
    let text = pass_on(&mut child)?;
    let status = child.wait().map_err(|error| error.to_string())?;
    Ok(Watched { text, good: status.success() })
}

fn pass_on(child: &mut Child) -> Result<String, String> {
    let errors = child.stderr.take();
    let reader = thread::spawn(move || errors.map(|errors| copy(errors, std::io::stderr())));
    let mut text = child.stdout.take().map(|output| copy(output, std::io::stdout())).unwrap_or_default();
    let errors = reader.join().map_err(|_| "the reader of standard error failed".to_owned())?;
    text.push_str(&errors.unwrap_or_default());
    Ok(text)
}

fn copy(from: impl Read, mut to: impl Write) -> String {
    let mut kept = String::new();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
        let shown = to.write_all(&line).and_then(|()| to.flush());
        kept.push_str(&String::from_utf8_lossy(&line));
        line.clear();
        if shown.is_err() {
            kept.push_str("(the terminal is closed)\n");
        }
    }
    kept
}

/// The command as one would type it.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("cannot start {}: {error}", command.get_program().to_string_lossy())
}

/// Builds workspace binaries and gives back the folder they are in.
pub(crate) fn build(profile: Profile, binaries: &[(&str, &str)]) -> Result<PathBuf, String> {
    let mut command = cargo(&["build"]);
    for (package, binary) in binaries {
        command.args(["--bin", binary]);
        if profile == Profile::Release {
            command.args(["--package", package]);
        }
    }
    // With the features the tests are built with, nothing is built twice; a release is built as users build it.
    command.arg(if profile == Profile::Release { "--release" } else { "--workspace" });
    run(&mut command)?;
    Ok(target()?.join(profile.folder()))
}

/// Cargo's target folder.
pub(crate) fn target() -> Result<PathBuf, String> {
    let metadata = metadata()?;
    let folder = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    folder.map(PathBuf::from).ok_or_else(|| "cargo metadata names no target folder".to_owned())
}

/// What cargo knows about the workspace, without dependencies from elsewhere.
pub(crate) fn metadata() -> Result<serde_json::Value, String> {
    let text = output(&mut cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
    serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))
}

/// How a binary is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quickly built, slow.
    Dev,
    /// As users run it.
    Release,
}

impl Profile {
    /// By its name on the command line.
    pub(crate) fn parse(name: &str) -> Result<Self, String> {
        match name {
            "dev" => Ok(Self::Dev),
            "release" => Ok(Self::Release),
            _ => Err(format!("`--profile {name}`: dev or release")),
        }
    }

    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// The commit that is checked out, with a mark when files differ from it.
pub(crate) fn commit() -> String {
    output(program("git").args(["describe", "--always", "--dirty", "--abbrev=40"]))
        .map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

/// A headline before what follows.
pub(crate) fn headline(text: &str) {
    say(&format!("\n== {text}"));
}

/// A line on standard output. When nobody reads any more there is nobody to tell.
pub(crate) fn say(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// A line on standard error.
pub(crate) fn note(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watched_program_is_heard_on_both_channels_and_judged_by_its_status() {
        let watched = watch(program("sh").args(["-c", "echo one; echo two >&2; exit 3"])).unwrap();
        assert_eq!(watched.text, "one\ntwo\n");
        assert!(!watched.good);
    }

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        assert!(run(program("sh").args(["-c", "exit 3"])).unwrap_err().starts_with("sh -c exit 3 ended"));
        assert!(run(&mut program("no-such-program")).unwrap_err().contains("no-such-program"));
    }

    #[test]
    fn what_is_installed_is_found() {
        assert!(is_installed("sh") && !is_installed("no-such-program"));
    }
}
