//! The files of `../shared` beside the workspace and the packages below `target`: real records to be taken in.
//! Archives made on the spot.

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

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

/// A package that the workshop keeps below `target`; none, and a line that says so, where it has not been fetched.
pub fn fetched(file: &str) -> Option<PathBuf> {
    let path = crate::workspace().join("target/packages").join(file);
    if path.is_file() {
        return Some(path);
    }
    say(&format!("SKIPPED: {file}: not fetched yet; `cargo xtask fhir-definitions` brings it"));
    None
}

/// The JSON files of a package of `../shared/fhir` whose path contains `part`, sorted by path.
pub fn documents(package: &str, part: &str) -> Vec<(String, Vec<u8>)> {
    shared(package).map(|path| documents_of(&path, part)).unwrap_or_default()
}

/// The JSON files of a package whose path contains `part`, sorted by path.
pub fn documents_of(package: &Path, part: &str) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(package).unwrap()));
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

/// A `.tgz` with these files.
pub fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len()).unwrap());
        header.set_mode(0o644);
        archive.append_data(&mut header, path, *bytes).unwrap();
    }
    gzipped(&archive.into_inner().unwrap())
}

/// The bytes in gzip's form.
pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
