//! Checking a proof file offline (formats, section 5).

use super::{Lineage, Report};
use crate::codes;
use crate::entry::EntryKind;
use crate::proof::{self, ProofFile};
use crate::strict;
use base::limits::JSON_DEPTH_MAX;
use base::{FacilityId, Position, Problem};
use merkle::Hash;
use merkle::note::VerifierKey;
use merkle::proof::{ConsistencyProof, InclusionProof};
use serde::Deserialize;

/// Checks a proof file. When `expected` is given, only that key may have signed; otherwise the key in the file counts
/// for no more than a claim, and the caller should say so.
pub fn verify_proof(bytes: &[u8], expected: Option<&VerifierKey>) -> Result<Report, Problem> {
    check(bytes, expected).map_err(|what| Problem::new(&codes::WRONG).with("what", what))
}

/// The same where several keys sign the journal, one after the other: the one that signed is one of them, and signed no more
/// entries than it was to.
pub fn verify_proof_across(bytes: &[u8], keys: &Lineage) -> Result<Report, Problem> {
    let signer = serde_json::from_slice(bytes)
        .ok()
        .and_then(|file: ProofFile| Some(InclusionProof::parse(&file.proof)?.checkpoint))
        .ok_or_else(|| "it is not a proof file".to_owned())
        .and_then(|note| keys.find_signer(&note));
    verify_proof(bytes, Some(signer.map_err(|what| Problem::new(&codes::WRONG).with("what", what))?))
}

/// Checks a consistency proof (formats, section 6): that the newer checkpoint in it continues the `older` signed one.
pub fn verify_consistency(bytes: &[u8], older: &str, key: &VerifierKey) -> Result<Report, Problem> {
    verify_consistency_across(bytes, older, &Lineage::of(key.clone()))
}

/// The same where another key may have taken the place of the one that signed the older checkpoint.
pub fn verify_consistency_across(bytes: &[u8], older: &str, keys: &Lineage) -> Result<Report, Problem> {
    check_consistency(bytes, older, keys).map_err(|what| Problem::new(&codes::WRONG).with("what", what))
}

fn check_consistency(bytes: &[u8], older: &str, keys: &Lineage) -> Result<Report, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not a consistency proof".to_owned())?;
    let proof = ConsistencyProof::parse(text).ok_or("it is not a consistency proof")?;
    let older = keys.checkpoint(older).map_err(|what| format!("the older one: {what}"))?;
    let newer = keys.checkpoint(&proof.checkpoint)?;
    let key = keys.find_signer(&proof.checkpoint)?;
    if proof.old != older.size {
        return Err(format!("it starts at {} entries, the older checkpoint has {}", proof.old, older.size));
    }
    merkle::verify_consistency(older.size, &older.root, newer.size, &newer.root, &proof.hashes)
        .map_err(|wrong| format!("the newer checkpoint does not continue the older one: {wrong}"))?;
    Ok(Report { entries: newer.size, contents: 0, checkpoints: 2, key: key.clone(), position: None })
}

fn check(bytes: &[u8], expected: Option<&VerifierKey>) -> Result<Report, String> {
    let file: ProofFile = serde_json::from_slice(bytes).map_err(|_| "it is not a proof file".to_owned())?;
    if file.format != proof::FORMAT {
        return Err(format!("the format is not {}", proof::FORMAT));
    }
    let key = VerifierKey::parse(&file.key).ok_or("the key is malformed")?;
    if expected.is_some_and(|expected| *expected != key) {
        return Err("it is signed with another key than the one given".to_owned());
    }
    let proof = InclusionProof::parse(&file.proof).ok_or("the inclusion proof is malformed")?;
    let checkpoint = super::checkpoint(&proof.checkpoint, &key)?;
    let leaf = merkle::leaf_hash(file.entry.as_bytes());
    merkle::verify_inclusion(&leaf, proof.index, checkpoint.size, &proof.hashes, &checkpoint.root)
        .map_err(|wrong| format!("the entry is not in the checkpoint's tree: {wrong}"))?;
    check_content(&file, proof.index)?;
    if proof.index == 0 {
        return Err("a record stands where the journal is opened".to_owned());
    }
    if facility_of(&key) != Some(&file.facility) {
        return Err("the log is another facility's".to_owned());
    }
    Ok(Report {
        entries: checkpoint.size,
        contents: u64::from(file.content.is_some()),
        checkpoints: 1,
        key,
        position: Some(Position(proof.index)),
    })
}

/// The facility that an origin names (formats, section 3): `<host>/f/<facility>/<tag>`, and no other form.
pub(crate) fn facility_of(key: &VerifierKey) -> Option<&str> {
    let mut parts = key.name.as_str().split('/');
    let (host, f, facility, tag) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let well_formed = !host.is_empty() && f == "f" && !tag.is_empty() && parts.next().is_none();
    FacilityId::parse(facility).filter(|_| well_formed).map(|_| facility)
}

fn check_content(file: &ProofFile, position: u64) -> Result<(), String> {
    let entry = proof::entry_of(file, file.entry.as_bytes(), position)?;
    match (&entry.digest_bytes()?, &file.salt, &file.content) {
        (None, None, None) => Ok(()),
        (Some(digest), Some(salt), Some(content)) => {
            let salt = Hash::from_hex(salt).ok_or("the salt is malformed")?;
            if seal::content_digest(&salt.0, content.as_bytes()) != *digest {
                return Err("the content is not the one that was written: its digest differs".to_owned());
            }
            strict::check(content.as_bytes(), JSON_DEPTH_MAX)
                .map_err(|what| format!("the content: {what}"))?;
            if entry.kind == EntryKind::Access {
                return read_format(content.as_bytes());
            }
            // Whoever signed may have written anything: the content is read to its end, without the shortcut.
            read_stamp(content.as_bytes(), &entry)
        }
        _ => Err("digest, salt and content do not belong together".to_owned()),
    }
}

/// That the content carries the id, version and time of its entry.
pub(crate) fn check_stamp(content: &[u8], entry: &crate::Entry<'_>) -> Result<(), String> {
    // The form in which content is written; it spares reading the whole in nearly all cases.
    let crate::Subject { kind, id, version } = &entry.subject;
    let (number, time) = (version.unwrap_or(0), &entry.time);
    let usual = format!(
        r#"{{"resourceType":"{kind}","id":"{id}","meta":{{"versionId":"{number}","lastUpdated":"{time}""#
    );
    if content.starts_with(usual.as_bytes()) {
        return Ok(());
    }
    read_stamp(content, entry)
}

/// The same, by reading the whole content.
fn read_stamp(content: &[u8], entry: &crate::Entry<'_>) -> Result<(), String> {
    let stamp: Stamp<'_> = serde_json::from_slice(content)
        .map_err(|_| "the content is not a resource with id and meta".to_owned())?;
    let version = entry.subject.version.unwrap_or(0).to_string();
    let same = stamp.kind == entry.subject.kind
        && stamp.id == entry.subject.id
        && stamp.meta.version == version
        && stamp.meta.updated == entry.time;
    if same { Ok(()) } else { Err("the content's id, version or time is not that of its entry".to_owned()) }
}

/// That the content of an access entry has a format that is known. It carries no stamp: it is no resource.
fn read_format(content: &[u8]) -> Result<(), String> {
    let Format { v } =
        serde_json::from_slice(content).map_err(|_| "the v of the access is not 1".to_owned())?;
    if v == 1 { Ok(()) } else { Err("the v of the access is not 1".to_owned()) }
}

#[derive(Deserialize)]
struct Format {
    v: u64,
}

#[derive(Deserialize)]
struct Stamp<'a> {
    #[serde(rename = "resourceType", borrow)]
    kind: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    id: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    meta: Meta<'a>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(rename = "versionId", borrow)]
    version: std::borrow::Cow<'a, str>,
    #[serde(rename = "lastUpdated", borrow)]
    updated: std::borrow::Cow<'a, str>,
}
