//! `cargo xtask fhir-definitions`: turns the published R4 definitions into the tables of `crates/fhir/src/definitions/`.
//!
//! Input is the npm package named below, given as a file or fetched by `npm pack`; either way its digest must be the
//! one recorded here. Output holds facts only, no prose, in a fixed order, so that running it again changes nothing.

mod codes;
mod package;
mod rules;
mod search;
mod types;

use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Name and version of the package as npm knows it.
const PACKAGE: &str = "hl7.fhir.r4.examples@4.0.1";
/// SHA-512 of the package file in base64, as the registry publishes it.
const INTEGRITY: &str =
    "DXBdIZOeQaSKIgCU7w6HOC7sw/6BzylmipLkBW4f//pT+Bc94x+8LImwTdvaNThPJoOzpBzvxAzNqjeu3X/zLw==";
/// Name of the package in `target/packages/`, where the tests of `crates/fhir` look for it.
const KEPT: &str = "hl7.fhir.r4.examples-4.0.1.tgz";
/// Where the tables go, from the workspace's root.
const FOLDER: &str = "crates/fhir/src/definitions";

/// A file that is written: its name, its first line (the reader in `crates/fhir` knows this version and no other), and
/// what appends its lines.
struct Table {
    file: &'static str,
    header: &'static str,
    parts: &'static [Part],
}

/// Appends lines made from the definitions to a text.
type Part = fn(&[Value], &mut String) -> Result<(), String>;

/// All files that are written.
const TABLES: &[Table] = &[
    Table { file: "r4.table", header: "akashi-fhir-definitions 1", parts: &[types::write, search::write] },
    Table { file: "codes.table", header: "akashi-fhir-codes 1", parts: &[codes::write] },
    Table { file: "rules.table", header: "akashi-fhir-rules 1", parts: &[rules::write] },
];

/// Runs the command: `[--package FILE.tgz]`.
///
/// # Errors
/// A text for the terminal when the package cannot be had, is not the recorded one, or lacks what it should hold.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let bytes = match arguments {
        [] => fetch()?,
        [flag, file] if flag == "--package" => read(Path::new(file))?,
        _ => return Err("usage: cargo xtask fhir-definitions [--package FILE.tgz]".to_owned()),
    };
    package::verify(&bytes, INTEGRITY)?;
    keep(&bytes)?;
    let resources = package::resources(&bytes)?;
    for table in TABLES {
        let text = table.text(&resources)?;
        let name = format!("{FOLDER}/{}", table.file);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(&name);
        fs::write(&path, &text).map_err(|error| format!("cannot write {name}: {error}"))?;
        writeln!(std::io::stdout(), "{name}: {} lines, {} bytes", text.lines().count(), text.len())
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Leaves the package for the tests that read its examples.
fn keep(bytes: &[u8]) -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/packages");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join(KEPT), bytes))
        .map_err(|error| format!("cannot keep the package: {error}"))
}

impl Table {
    /// The whole text of the file.
    fn text(&self, resources: &[Value]) -> Result<String, String> {
        let mut text = format!("{}\nfhir 4.0.1\npackage {PACKAGE}\n", self.header);
        for part in self.parts {
            part(resources, &mut text)?;
        }
        writeln!(text, "end").map_err(|error| error.to_string())?;
        Ok(text)
    }
}

/// Lets npm bring the package into a folder of its own, which is removed afterwards.
fn fetch() -> Result<Vec<u8>, String> {
    let folder = std::env::temp_dir().join(format!("akashi-fhir-definitions-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make a temporary folder: {error}"))?;
    let bytes = pack(&folder);
    fs::remove_dir_all(&folder).map_err(|error| format!("cannot remove the temporary folder: {error}"))?;
    bytes
}

fn pack(folder: &Path) -> Result<Vec<u8>, String> {
    let output = Command::new("npm")
        .args(["pack", "--silent", PACKAGE])
        .current_dir(folder)
        .output()
        .map_err(|error| format!("cannot start npm (or give the file: --package FILE.tgz): {error}"))?;
    if !output.status.success() {
        return Err(format!("npm pack failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let name = String::from_utf8_lossy(&output.stdout);
    let file: PathBuf = folder.join(name.lines().last().unwrap_or_default().trim());
    read(&file)
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}
