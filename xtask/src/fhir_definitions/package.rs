//! The npm package as bytes: its digest, and the definitions packed inside it.

use base64::Engine as _;
use serde_json::Value;
use sha2::{Digest as _, Sha512};
use std::io::Read as _;

/// Files that hold definitions and terminology; everything else in the package is examples.
const PREFIXES: [&str; 5] = [
    "package/StructureDefinition-",
    "package/SearchParameter-",
    "package/CompartmentDefinition-",
    "package/ValueSet-",
    "package/CodeSystem-",
];

/// Compares the SHA-512 of `bytes` with `integrity` (base64).
pub(super) fn verify(bytes: &[u8], integrity: &str) -> Result<(), String> {
    let found = base64::engine::general_purpose::STANDARD.encode(Sha512::digest(bytes));
    if found == integrity { Ok(()) } else { Err(format!("not the recorded package: its SHA-512 is {found}")) }
}

/// Every definition in the package, parsed.
pub(super) fn resources(bytes: &[u8]) -> Result<Vec<Value>, String> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut resources = Vec::new();
    for entry in archive.entries().map_err(|error| error.to_string())? {
        let mut entry = entry.map_err(|error| error.to_string())?;
        let path = entry.path().map_err(|error| error.to_string())?.to_string_lossy().into_owned();
        if PREFIXES.iter().any(|prefix| path.starts_with(prefix)) {
            let mut text = String::new();
            entry.read_to_string(&mut text).map_err(|error| format!("{path}: {error}"))?;
            resources.push(serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?);
        }
    }
    Ok(resources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_with_one_changed_byte_is_refused() {
        let integrity =
            "3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";
        assert!(verify(b"abc", integrity).is_ok());
        assert!(verify(b"abd", integrity).is_err());
    }
}
