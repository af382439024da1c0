//! The files of `../shared` beside the workspace: real records to be taken in.

use flate2::read::GzDecoder;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

/// A package of `../shared/fhir`; none, and a line that says so, where the workspace stands alone.
pub fn shared(file: &str) -> Option<PathBuf> {
    let folder = crate::workspace().join("../shared");
    if folder.is_dir() {
        return Some(folder.join("fhir").join(file));
    }
    say(&format!("SKIPPED: {file}: the folder `shared` beside the workspace is not there"));
    None
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must see what did not run")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// The JSON files of a package whose path contains `part`, sorted by path.
pub fn documents(package: &str, part: &str) -> Vec<(String, Vec<u8>)> {
    let Some(path) = shared(package) else { return Vec::new() };
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(path).unwrap()));
    let mut files = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        if path.contains(part) && entry.path().unwrap().extension().is_some_and(|ending| ending == "json") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}
