//! `cargo xtask fhir-definitions`: turns the published R4 definitions into `crates/fhir/src/definitions/r4.table`.
//!
//! Input is the npm package named below, given as a file or fetched by `npm pack`; either way its digest must be the
//! one recorded here. Output holds structural facts only, in a fixed order, so that running it again changes nothing.

mod package;
mod search;
mod types;

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
/// Where the table goes, from the workspace's root.
const TABLE: &str = "crates/fhir/src/definitions/r4.table";
/// First line of the table; the reader in `crates/fhir` knows this version and no other.
const HEADER: &str = "akashi-fhir-definitions 1";

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
    let table = table(&package::resources(&bytes)?)?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(TABLE);
    fs::write(&path, &table).map_err(|error| format!("cannot write {TABLE}: {error}"))?;
    writeln!(std::io::stdout(), "{TABLE}: {} lines, {} bytes", table.lines().count(), table.len())
        .map_err(|error| error.to_string())
}

/// The whole text of the table.
fn table(resources: &[serde_json::Value]) -> Result<String, String> {
    let mut text = format!("{HEADER}\nfhir 4.0.1\npackage {PACKAGE}\n");
    types::write(resources, &mut text)?;
    search::write(resources, &mut text)?;
    writeln!(text, "end").map_err(|error| error.to_string())?;
    Ok(text)
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
