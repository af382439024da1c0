//! Verifiable disclosure: a report with its facts and the proofs of the journal's entries, in one file (formats, section 19).

mod archive;
mod check;

pub(crate) use archive::{Member, is_one};
pub(crate) use check::{Found, check};

use base::{Problem, Time};
use std::path::Path;

/// The members that the entry of a bundle names by their digests, in their order.
const FILES: [&str; 6] =
    ["report.pdf", "report.xlsx", "report.html", "report.json", "facts.json", "README.md"];
/// The proof of the entry by which it was handed out.
const OWN_PROOF: &str = "proofs/report.akashi-proof.json";

/// The proof of the assessment of this number, from 1.
fn proof_name(number: usize) -> String {
    format!("proofs/assessment-{number}.akashi-proof.json")
}

/// A bundle of files as they were handed out, with the proofs: that of the handing out, then those of the assessments.
///
/// # Errors
/// It is longer than a bundle can be.
pub(crate) fn write(files: Vec<Member>, proofs: Vec<Vec<u8>>, as_of: Time) -> Result<Vec<u8>, Problem> {
    let mut members = files;
    for (number, bytes) in proofs.into_iter().enumerate() {
        let name = if number == 0 { OWN_PROOF.to_owned() } else { proof_name(number) };
        members.push(Member { name, bytes });
    }
    archive::write(&members, as_of).map_err(wrong)
}

/// A bundle from the disk, if the file is one.
///
/// # Errors
/// It cannot be read, or is longer than a bundle can be.
pub(crate) fn refuse_too_long(path: &Path) -> Result<(), Problem> {
    let length = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let named = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    let long = usize::try_from(length).map_or(true, |length| length > archive::BUNDLE_BYTES_MAX);
    if named && long {
        return Err(wrong(format!("it is longer than {} bytes", archive::BUNDLE_BYTES_MAX)));
    }
    Ok(())
}

fn wrong(what: String) -> Problem {
    Problem::new(&store::codes::WRONG).with("what", what)
}
