//! What must be true of every verdict on a proof file, said without the verifier's own code.

use super::genuine::{Log, journal};
use base::limits::ENTRY_BYTES_MAX;
use merkle::note::{SignedNote, VerifierKey};
use merkle::proof::InclusionProof;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use store::{ProofFile, Report, verify_proof};

/// Deepest nesting of an entry (formats, section 1), and of what a check of this kind can walk through.
const ENTRY_DEPTH_MAX: usize = 64;
const CONTENT_DEPTH_MAX: usize = 500;

/// Verifies `bytes` under the facility's key and under whatever key they name, and says whether the latter accepted
/// them. `signed_by` is who signed anew.
///
/// # Panics
/// When two runs differ, when something is accepted under the facility's key that it never signed, when a genuine file
/// is refused, or when something accepted does not say what formats, section 5, asks for.
pub(super) fn judge(bytes: &[u8], signed_by: Option<&Log>) -> bool {
    let journal = journal();
    let mine = twice(bytes, Some(&journal.log.verifier));
    let anyone = twice(bytes, None);
    let Ok(file) = serde_json::from_slice::<ProofFile>(bytes) else {
        assert!(mine.is_none() && anyone.is_none(), "what is no proof file is accepted");
        return false;
    };
    assert!(mine.is_none() || mine == anyone, "a key makes good what is not good in itself");
    if let Some(report) = &anyone {
        assert_eq!(says(&file, report), Some(()), "something is accepted that does not say what it must");
    }
    let facility_signed = signed_by.is_some_and(|log| log.verifier == journal.log.verifier);
    if !facility_signed {
        let known = |genuine: &ProofFile| statement(genuine) == statement(&file);
        assert!(
            mine.is_none() || journal.files.iter().any(known),
            "something is accepted that was never signed"
        );
        assert!(mine.is_some() || !journal.files.contains(&file), "a genuine proof is refused");
    }
    anyone.is_some()
}

fn twice(bytes: &[u8], expected: Option<&VerifierKey>) -> Option<Report> {
    let first = verify_proof(bytes, expected);
    assert!(verify_proof(bytes, expected) == first, "two runs give two verdicts");
    first.ok()
}

/// The file without the signature lines: lines of other keys may be added to a checkpoint.
fn statement(file: &ProofFile) -> ProofFile {
    let mut file = file.clone();
    if let Some(proof) = InclusionProof::parse(&file.proof)
        && let Some(note) = SignedNote::parse(&proof.checkpoint)
    {
        file.proof = InclusionProof { checkpoint: note.text, ..proof }.to_string();
    }
    file
}

/// Formats, sections 1, 2 and 5, but for tree and signature; `None` when the file breaks them.
fn says(file: &ProofFile, report: &Report) -> Option<()> {
    let mut lines = file.proof.lines().skip(1);
    let index: u64 = lines.next()?.strip_prefix("index ")?.parse().ok()?;
    let size: u64 = lines.skip_while(|line| !line.is_empty()).nth(2)?.parse().ok()?;
    held(file.format == "akashi-proof/1" && report.key.to_string() == file.key)?;
    held(report.position.map(|position| position.0) == Some(index) && report.entries == size)?;
    held(0 < index && index < size)?;
    let origin: Vec<&str> = file.key.split('+').next()?.split('/').collect();
    let [host, "f", facility, tag] = origin[..] else { return None };
    held(facility == file.facility && is_id(facility) && !host.is_empty() && !tag.is_empty())?;
    entry_says(file, index)
}

fn entry_says(file: &ProofFile, index: u64) -> Option<()> {
    held(file.entry.len() <= ENTRY_BYTES_MAX)?;
    strict(&file.entry, ENTRY_DEPTH_MAX)?;
    let entry = object(&file.entry)?;
    let actor = object(entry.get("actor")?.get())?;
    held(entry.get("v")?.get() == "1" && !text(&actor, "id")?.is_empty())?;
    let subject = object(entry.get("subject")?.get())?;
    let (kind, id) = (text(&subject, "type")?, text(&subject, "id")?);
    if text(&entry, "kind")? == "access" {
        return access_says(file, index, &entry, &subject);
    }
    held(is_id(&id) && file.record == format!("{kind}/{id}"))?;
    held(subject.get("version")?.get() == file.version.to_string() && file.version > 0)?;
    match text(&entry, "kind")?.as_str() {
        "record.create" | "record.update" => content_says(file, [kind, id, text(&entry, "time")?], &entry),
        "record.delete" => {
            held(!entry.contains_key("digest") && file.salt.is_none() && file.content.is_none())
        }
        _ => None,
    }
}

/// An access: proven as the `AuditEvent` of its position, of the facility of the origin.
fn access_says(
    file: &ProofFile,
    index: u64,
    entry: &BTreeMap<String, &RawValue>,
    subject: &BTreeMap<String, &RawValue>,
) -> Option<()> {
    held(text(subject, "type")? == "Facility" && text(subject, "id")? == file.facility)?;
    held(!subject.contains_key("version") && file.record == format!("AuditEvent/{index}"))?;
    held(file.version == 1 && digested(file, entry)?.get("v")?.get() == "1")
}

/// The members of the content, when the digest is that of salt and content.
fn digested<'f>(
    file: &'f ProofFile,
    entry: &BTreeMap<String, &RawValue>,
) -> Option<BTreeMap<String, &'f RawValue>> {
    let content = file.content.as_ref()?;
    let salt = merkle::Hash::from_hex(file.salt.as_ref()?)?;
    let digest = merkle::Hash(seal::content_digest(&salt.0, content.as_bytes()));
    held(text(entry, "digest")? == digest.to_hex())?;
    strict(content, CONTENT_DEPTH_MAX)?;
    object(content)
}

fn content_says(
    file: &ProofFile,
    [kind, id, time]: [String; 3],
    entry: &BTreeMap<String, &RawValue>,
) -> Option<()> {
    let content = digested(file, entry)?;
    let meta = object(content.get("meta")?.get())?;
    held(text(&content, "resourceType")? == kind && text(&content, "id")? == id)?;
    held(text(&meta, "versionId")? == file.version.to_string() && text(&meta, "lastUpdated")? == time)
}

fn held(rule: bool) -> Option<()> {
    rule.then_some(())
}

/// `[A-Za-z0-9.-]{1,64}`
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

fn object(text: &str) -> Option<BTreeMap<String, &RawValue>> {
    let members: Members<'_> = serde_json::from_str(text).ok()?;
    let count = members.0.len();
    let members: BTreeMap<_, _> = members.0.into_iter().collect();
    held(members.len() == count).map(|()| members)
}

fn text(object: &BTreeMap<String, &RawValue>, name: &str) -> Option<String> {
    serde_json::from_str(object.get(name)?.get()).ok()
}

/// That no member stands twice at any depth, no text holds half of a surrogate pair, and nothing is nested deeper than
/// `depth`.
fn strict(text: &str, depth: usize) -> Option<()> {
    match text.trim_start().as_bytes().first()? {
        b'{' => object(text)?.values().try_for_each(|value| strict(value.get(), depth.checked_sub(1)?)),
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            items.iter().try_for_each(|item| strict(item.get(), depth.checked_sub(1)?))
        }
        b'"' => serde_json::from_str::<String>(text).ok().map(drop),
        _ => Some(()),
    }
}

/// The members of a JSON object, one that stands twice included.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                std::iter::from_fn(|| map.next_entry().transpose()).collect()
            }
        }

        deserializer.deserialize_map(Each).map(Self)
    }
}
