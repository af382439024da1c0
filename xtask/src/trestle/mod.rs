//! `cargo xtask trestle`: compliance-trestle, the tool of the OSCAL community, in an environment of its own.
//!
//! The tests of `crates/report` let it read what we write, and openpyxl, which comes with it, our spreadsheets. It is brought by pip, at the versions of
//! `requirements.txt`, into a folder under `target/packages/`; afterwards nothing goes to the network.

use crate::options::{Known, Options};
use crate::packages::{self, Needed, PYTHON};
use crate::programs::{program, root, run as run_program, say};
use std::fs;
use std::path::PathBuf;

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask trestle

Installs compliance-trestle with pip into target/packages/, unless it is there at the right version: the tests of
crates/report let it validate our OSCAL documents, and openpyxl, which comes with it, read our spreadsheets.
`cargo xtask test` does the same.

compliance-trestle を pip で target/packages/ に入れます（正しい版が既にあれば何もしません）。crates/report のテストが、出力した
OSCAL 文書をこれで検証し、一緒に入る openpyxl で表計算ファイルを読みます。`cargo xtask test` でも同じように入ります。
";

/// What makes the environment: Debian's Python, and the package that lets it.
pub(crate) const VENV: Needed = Needed {
    program: "/usr/share/doc/python3-venv/copyright",
    package: "python3-venv",
    reason: "an environment for compliance-trestle / compliance-trestle の実行環境",
};

const PYTHON3: &str = "/usr/bin/python3";

/// Every package with its version.
const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The same, from the repository's folder.
const REQUIREMENTS_FILE: &str = "xtask/src/trestle/requirements.txt";

/// Where the tests look for it (crates/report/tests/report/trestle.rs).
const FOLDER: &str = "target/packages/compliance-trestle";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    Options::parse(arguments, Known { values: &[], flags: &[], free: false })?;
    packages::install_missing(&[PYTHON, VENV])?;
    ensure()
}

/// Makes sure that it is there, at the versions asked for.
///
/// # Errors
/// A text for the terminal when the environment cannot be made, or pip does not bring a package.
pub(crate) fn ensure() -> Result<(), String> {
    if fs::read_to_string(stamp()).is_ok_and(|installed| installed == REQUIREMENTS) {
        return Ok(());
    }
    say("installing compliance-trestle with pip for tests of OSCAL / OSCAL 文書の検証用");
    let folder = root().join(FOLDER);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("cannot remove {FOLDER}: {error}"))?;
    }
    run_program(program(PYTHON3).args(["-m", "venv", FOLDER]))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
        REQUIREMENTS_FILE,
    ];
    run_program(program(folder.join("bin/python3")).args(pip))?;
    // Only now is it whole: a run that was cut off begins anew.
    fs::write(stamp(), REQUIREMENTS).map_err(|error| format!("cannot write into {FOLDER}: {error}"))
}

fn stamp() -> PathBuf {
    root().join(FOLDER).join("installed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_has_its_version() {
        let lines: Vec<&str> = REQUIREMENTS.lines().filter(|line| !line.starts_with('#')).collect();
        for needed in ["compliance-trestle==", "openpyxl=="] {
            assert!(lines.iter().any(|line| line.starts_with(needed)), "{needed}");
        }
        assert!(
            lines.iter().all(|line| line.split_once("==").is_some_and(|(_, version)| !version.is_empty()))
        );
    }

    #[test]
    fn the_requirements_are_where_pip_is_told_to_look() {
        assert!(root().join(REQUIREMENTS_FILE).is_file());
    }
}
