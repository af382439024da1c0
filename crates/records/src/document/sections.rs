//! The sections of a whole record: its records by type in the order of a chart, those deleted by themselves, each with its
//! narrative. A long one is split: a narrative has a longest length.

use super::narrative::Narrative;
use crate::audit::element::{object, reference, text};
use crate::chart::{Chart, place, shown};
use crate::past::Charted;
use base::{Language, Problem};
use fhir::definitions;
use fhir::{Node, ResourceKind, readable};
use std::collections::BTreeMap;

/// Length of a narrative, in bytes, after which the next section of the same type begins.
const NARRATIVE_BYTES: usize = 256 * 1024;

/// Where a record stands: what is deleted after what is not, by type in the order of a chart.
type Place = (bool, usize, &'static str);

pub(super) fn sections(chart: &Chart) -> Result<Vec<Node>, Problem> {
    let mut by_kind: BTreeMap<Place, Vec<(ResourceKind, &Charted)>> = BTreeMap::new();
    for record in &chart.whole.records {
        let Some(kind) = definitions::resource_kind(&record.key.kind) else { continue };
        let gone = record.deleted() || record.left;
        by_kind.entry((gone, place(kind), kind.as_str())).or_default().push((kind, record));
    }
    let mut sections = Vec::new();
    for ((gone, _, _), records) in by_kind {
        sections.extend(of_kind(chart, gone, &records)?);
    }
    Ok(sections)
}

fn of_kind(chart: &Chart, gone: bool, records: &[(ResourceKind, &Charted)]) -> Result<Vec<Node>, Problem> {
    let Some((kind, _)) = records.first() else { return Ok(Vec::new()) };
    let (mut parts, mut part) = (Vec::new(), Part::new(chart.language));
    for (kind, record) in records {
        let Some(shown) = shown(chart, *kind, record)? else { continue };
        part.narrative.record(&shown);
        part.entries.extend(entry(record));
        if part.narrative.len() > NARRATIVE_BYTES {
            parts.push(std::mem::replace(&mut part, Part::new(chart.language)));
        }
    }
    if part.narrative.len() > 0 {
        parts.push(part);
    }
    let several = parts.len() > 1;
    let sections = parts.into_iter().enumerate().map(|(index, part)| {
        let number = several.then(|| index.saturating_add(1));
        part.section(&title(*kind, gone, number))
    });
    Ok(sections.collect())
}

/// A section under way.
struct Part {
    narrative: Narrative,
    entries: Vec<Node>,
}

impl Part {
    fn new(language: Language) -> Self {
        Self { narrative: Narrative::new(language), entries: Vec::new() }
    }

    fn section(self, title: &str) -> Node {
        let narrative = object([
            ("status", Some(text("generated"))),
            ("div", Some(Node::String(self.narrative.finish()))),
        ]);
        let entries = (!self.entries.is_empty()).then_some(Node::Array(self.entries));
        object([("title", Some(text(title))), ("text", Some(narrative)), ("entry", entries)])
    }
}

/// The version that stands, or stood last: by its number, since the document holds others too.
fn entry(record: &Charted) -> Option<Node> {
    let version = record.versions.iter().find(|version| version.content.is_some())?;
    Some(reference(&format!("{}/_history/{}", record.key, version.number)))
}

fn title(kind: ResourceKind, gone: bool, number: Option<usize>) -> String {
    let name = readable::kind_name(kind, Language::Japanese);
    let number = number.map(|number| format!(" ({number})")).unwrap_or_default();
    if gone {
        return format!("削除された記録：{name} / Deleted: {}{number}", kind.as_str());
    }
    format!("{name} / {}{number}", kind.as_str())
}
