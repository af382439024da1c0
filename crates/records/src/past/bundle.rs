//! The record of a patient at a moment as a Bundle: each version that stood then, with what it was and what became of it since.

use super::{Charted, Fate, Version, Whole};
use crate::page::Page;
use crate::reply::quoted;
use fhir::ResourceKind;

/// The extension of an entry that tells of the version it shows.
const VERSION: &str = "urn:akashi:version";

/// Writes the Bundle, a set of search results in one page. What was deleted by then did not stand. `takes` says which types
/// are asked for.
pub(crate) fn bundle(
    whole: &Whole,
    base_url: &str,
    (address, query): (&str, &[(String, String)]),
    takes: impl Fn(ResourceKind) -> bool,
) -> Vec<u8> {
    let wanted = |record: &&Charted| {
        fhir::definitions::resource_kind(&record.key.kind).is_some_and(&takes) && !record.left
    };
    let standing = whole.records.iter().filter(wanted).filter_map(|record| {
        let version = record.newest()?;
        Some((record, version, version.content.as_deref()?))
    });
    let entries: Vec<Vec<u8>> =
        standing.map(|(record, version, content)| entry(base_url, record, version, content)).collect();
    let total = u64::try_from(entries.len()).ok();
    Page { kind: "searchset", address, query, next: None, total }.write(base_url, &entries)
}

fn entry(base_url: &str, record: &Charted, version: &Version, content: &[u8]) -> Vec<u8> {
    let full_url = quoted(&format!("{base_url}/{}", record.key));
    let mut out = format!(
        r#"{{"extension":[{{"url":"{VERSION}","extension":[{}]}}],"fullUrl":{full_url},"resource":"#,
        told(record, version)
    )
    .into_bytes();
    out.extend_from_slice(content);
    out.extend(br#","search":{"mode":"match"}}"#);
    out
}

/// What the extension says.
fn told(record: &Charted, version: &Version) -> String {
    let mut parts = vec![
        format!(r#"{{"url":"position","valueDecimal":{}}}"#, version.position),
        format!(r#"{{"url":"written","valueInstant":"{}"}}"#, version.time),
        format!(r#"{{"url":"author","valueString":{}}}"#, quoted(&version.actor)),
    ];
    if let Some(state) = &version.state {
        parts.push(format!(r#"{{"url":"state","valueCode":"{}"}}"#, state.is.word()));
        let account = |name: &str, id: &String| format!(r#"{{"url":"{name}","valueString":{}}}"#, quoted(id));
        parts.extend(state.responsible.as_ref().map(|id| account("responsible", id)));
        parts.extend(state.entered.as_ref().map(|id| account("entered", id)));
    }
    if let Some(since) = record.since {
        let fate = match since.fate {
            Fate::Deleted => "deleted",
            Fate::Withdrawn => "withdrawn",
            Fate::Changed(_) => "changed",
            Fate::Left => "left",
        };
        parts.push(format!(
            r#"{{"url":"since","extension":[{{"url":"fate","valueCode":"{fate}"}},{{"url":"time","valueInstant":"{}"}}]}}"#,
            since.time
        ));
    }
    parts.join(",")
}
